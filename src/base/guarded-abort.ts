import { isPromiseLike } from './foreign.js';

type Listener = (this: AbortSignal, event: Event) => unknown;
type Listening = Listener | { handleEvent(event: Event): unknown };

/**
 * An AbortController whose signal is given to foreign code. With a bare one a listener that throws
 * or rejects surfaces in a turn of its own as an uncaught exception, and ends the process; here
 * `failed` is told. It is a true AbortSignal, for all that takes such signals.
 *
 * What a program composes of it (`AbortSignal.any`) is the program's own, and so are the listeners
 * of that.
 */
export function guardedAbort(failed: (error: unknown) => void): AbortController {
  const controller = new AbortController();
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal) as SignalMethod;
  const remove = signal.removeEventListener.bind(signal) as SignalMethod;
  /** One wrapper per listener, so that adding it twice and taking it off mean what they should. */
  const guarded = new WeakMap<object, Listener>();
  const guard = (listener: unknown): unknown => {
    if (!isListening(listener)) return listener;
    const known = guarded.get(listener);
    if (known !== undefined) return known;
    const call = (event: Event): void => {
      try {
        const returned =
          typeof listener === 'function'
            ? listener.call(signal, event)
            : listener.handleEvent(event);
        if (isPromiseLike(returned)) Promise.resolve(returned).then(undefined, failed);
      } catch (error) {
        failed(error);
      }
    };
    guarded.set(listener, call);
    return call;
  };
  let onAbort: unknown = null;
  Object.defineProperties(signal, {
    addEventListener: {
      value: (type: string, listener: unknown, options?: unknown) =>
        add(type, guard(listener), options),
    },
    removeEventListener: {
      value: (type: string, listener: unknown, options?: unknown) =>
        remove(type, guard(listener), options),
    },
    onabort: {
      get: () => onAbort,
      set: (handler: unknown) => {
        remove('abort', handleOnAbort);
        onAbort = typeof handler === 'function' ? handler : null;
        if (onAbort !== null) add('abort', handleOnAbort);
      },
    },
  });
  // A function of its own: the same one may be a listener besides.
  const handleOnAbort = guard((event: Event) => (onAbort as Listener).call(signal, event));
  return controller;
}

type SignalMethod = (type: string, listener: unknown, options?: unknown) => void;

function isListening(listener: unknown): listener is Listening {
  return typeof listener === 'function' || (typeof listener === 'object' && listener !== null);
}
