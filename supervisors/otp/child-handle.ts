import { Emitter, type Logger } from '../../src/base/index.js';
import type { ExitReason } from './exit-reason.js';
import type { SupervisionNode } from './supervision-tree.js';

export type ExitListener = (reason: ExitReason) => void;

/**
 * What the kernel holds of a child. Whoever implements it promises:
 *
 * - every listener of `onExit` hears the exit exactly once, also a listener that comes after it
 *   (it is called at once);
 * - after `kill` returned, nothing of the child acts any more. A child that does not report its
 *   exit inside `kill` is taken for `killed`.
 */
export interface ChildHandle {
  readonly label?: string;
  /**
   * Asks the child to end in order. The answer is its exit; a returned promise only carries
   * failure: if it rejects (or `stop` throws) the child is killed at once.
   */
  stop(reason: ExitReason): void | PromiseLike<void>;
  kill(): void;
  /** Returns what takes the listener off again. */
  onExit(listener: ExitListener): () => void;
  /** The part of the tree below this child, if there is one. */
  children?(): readonly SupervisionNode[];
}

/** The `onExit` half of a handle: keeps the first reason and tells it to every listener once. */
export class ExitSignal {
  readonly #emitter: Emitter<{ exit: [reason: ExitReason] }>;
  #reason: ExitReason | undefined;

  constructor(logger?: Logger) {
    this.#emitter = new Emitter(logger);
  }

  get reason(): ExitReason | undefined {
    return this.#reason;
  }

  /** Returns false, and tells nobody, when it has fired before. */
  fire(reason: ExitReason): boolean {
    if (this.#reason !== undefined) return false;
    this.#reason = reason;
    this.#emitter.emit('exit', reason);
    this.#emitter.removeAllListeners();
    return true;
  }

  onExit(listener: ExitListener): () => void {
    const off = this.#emitter.on('exit', listener);
    if (this.#reason === undefined) return off;
    // All earlier listeners are gone, so that this reaches the late one only.
    this.#emitter.emit('exit', this.#reason);
    off();
    return off;
  }
}
