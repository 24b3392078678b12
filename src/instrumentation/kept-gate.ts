import type { DurableWrite, KeptObjects, KeptRow } from './durability.js';
import type { Oid } from '../smi/index.js';

/**
 * What is kept, as one bound object may change it: while it is served. What its program does before,
 * or while its subtree is given up, waits until it is served; what it does after another has taken
 * its place for good, with a handle that it still has, is its own affair.
 */
export class KeptGate {
  readonly #objects: KeptObjects;
  readonly #oid: Oid;
  /** By row, the newest. BOUNDED by the rows of the object. Absent: nothing waits. */
  #waiting: Map<string, DurableWrite> | undefined = new Map();
  #wasOpen = false;
  #isClosed = false;

  constructor(objects: KeptObjects, oid: Oid) {
    this.#objects = objects;
    this.#oid = oid;
  }

  get isPaused(): boolean {
    return this.#waiting !== undefined;
  }

  kept(oid: Oid): Iterable<KeptRow> | undefined {
    return this.#objects.kept(oid);
  }

  write(writes: readonly DurableWrite[]): void {
    if (this.#isClosed) return;
    if (this.#waiting === undefined) this.#objects.write(writes);
    else for (const write of writes) this.#waiting.set(write.rowIndex.join('.'), write);
  }

  /**
   * It is served: what waits is kept.
   *
   * @returns whether what is kept is another's, who was served here while this was given up: then
   *   all that the object has is to be written.
   */
  open(): boolean {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const isAnothers = this.#objects.hold(this.#oid, this) && this.#wasOpen;
    this.#wasOpen = true;
    if (waiting !== undefined && waiting.size > 0) this.write([...waiting.values()]);
    return isAnothers;
  }

  /** It is given up until it is opened again: another may have its place, and what is kept there. */
  pause(): void {
    this.#waiting ??= new Map();
  }

  /** It is served no more, and never will be. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = undefined;
  }
}
