import { EventEmitter } from 'eventemitter3';
import { describeThrown } from './errors.js';
import { GuardedLogger, silentLogger, type Logger } from './logger.js';

/** Event names to the tuple of arguments their listeners get. */
export type EventTuples<Events> = { [Name in keyof Events]: readonly unknown[] };

type Listener<Arguments> = Arguments extends readonly unknown[]
  ? (...args: Arguments) => unknown
  : never;

/**
 * Events for foreign listeners. With a bare emitter a listener that throws stops the listeners
 * after it and surfaces inside whoever emitted; here each one is called on its own, its failure
 * (thrown, or rejected if it is async) is counted and logged, and the emitter never notices.
 */
export class Emitter<Events extends EventTuples<Events>> {
  /** UNBOUNDED because listeners belong to the host, who adds and removes them. */
  readonly #listeners = new EventEmitter();
  readonly #logger: Logger;
  #failures = 0;

  constructor(logger: Logger = silentLogger) {
    this.#logger = GuardedLogger.of(logger);
  }

  /** Calls `listener` at every `event`. Returns what takes it off again. */
  on<Name extends keyof Events & string>(
    event: Name,
    listener: Listener<Events[Name]>,
  ): () => void {
    this.#listeners.on(event, listener);
    return () => void this.#listeners.off(event, listener);
  }

  once<Name extends keyof Events & string>(
    event: Name,
    listener: Listener<Events[Name]>,
  ): () => void {
    const off = this.on(event, ((...args: unknown[]) => {
      off();
      return (listener as (...all: unknown[]) => unknown)(...args);
    }) as Listener<Events[Name]>);
    return off;
  }

  emit<Name extends keyof Events & string>(event: Name, ...args: Events[Name]): void {
    if (this.#listeners.listenerCount(event) === 0) return;
    for (const listener of this.#listeners.listeners(event)) {
      try {
        const returned: unknown = (listener as (...all: unknown[]) => unknown)(...args);
        if (returned instanceof Promise)
          returned.catch((error: unknown) => this.#fail(event, error));
      } catch (error) {
        this.#fail(event, error);
      }
    }
  }

  listenerCount(event: keyof Events & string): number {
    return this.#listeners.listenerCount(event);
  }

  removeAllListeners(): void {
    this.#listeners.removeAllListeners();
  }

  /** How many calls of listeners threw or rejected. */
  get failures(): number {
    return this.#failures;
  }

  #fail(event: string, error: unknown): void {
    this.#failures += 1;
    this.#logger.error({ event, error: describeThrown(error) }, 'an event listener failed');
  }
}
