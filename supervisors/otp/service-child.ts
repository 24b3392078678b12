import { isPromiseLike } from '../../src/base/index.js';
import { ExitSignal, type ChildHandle, type ExitListener } from './child-handle.js';
import { KILLED, type ExitReason } from './exit-reason.js';

export interface ServiceOptions {
  /** Closes in order; sync or async. If it fails, the exit reason is `error`. */
  readonly close: () => void | PromiseLike<void>;
  /** Lets go at once, for a kill. Default: nothing beyond no longer waiting for `close`. */
  readonly destroy?: () => void;
  readonly label?: string;
}

/**
 * Something that is opened and closed (a socket, a store, a registry) as a child: whoever opened
 * it tells by `fail` that it broke.
 */
export class ServiceChild implements ChildHandle {
  readonly label?: string;
  readonly #options: ServiceOptions;
  readonly #exit = new ExitSignal();
  #isClosing = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
    if (options.label !== undefined) this.label = options.label;
  }

  /** Ends with `error`; whoever calls it has let go of the resource. */
  fail(error: unknown): void {
    this.#exit.fire({ kind: 'error', error });
  }

  stop(reason: ExitReason): void {
    if (this.#isClosing || this.#exit.reason !== undefined) return;
    this.#isClosing = true;
    try {
      const closed = this.#options.close();
      if (isPromiseLike(closed)) {
        Promise.resolve(closed).then(
          () => void this.#exit.fire(reason),
          (error: unknown) => this.fail(error),
        );
        return;
      }
      this.#exit.fire(reason);
    } catch (error) {
      this.fail(error);
    }
  }

  kill(): void {
    if (!this.#exit.fire(KILLED)) return;
    this.#options.destroy?.();
  }

  onExit(listener: ExitListener): () => void {
    return this.#exit.onExit(listener);
  }
}
