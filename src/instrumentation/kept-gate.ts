import type { DurableWrite, KeptObjects, KeptRow } from './durability.js';
import type { Oid } from '../smi/index.js';

/**
 * What is kept, as one bound object may change it: from the moment that it is served, until another
 * one is in its place or nothing is. What its program does before waits; what it does afterwards,
 * with a handle that it still has, is its own affair.
 */
export class KeptGate implements KeptObjects {
  readonly #objects: KeptObjects;
  /** By row, the newest. BOUNDED by the rows of the object. Absent: nothing waits any more. */
  #waiting: Map<string, DurableWrite> | undefined = new Map();
  #isClosed = false;

  constructor(objects: KeptObjects) {
    this.#objects = objects;
  }

  kept(oid: Oid): Iterable<KeptRow> | undefined {
    return this.#objects.kept(oid);
  }

  write(writes: readonly DurableWrite[]): void {
    if (this.#isClosed) return;
    if (this.#waiting === undefined) this.#objects.write(writes);
    else for (const write of writes) this.#waiting.set(write.rowIndex.join('.'), write);
  }

  /** It is served: what waits is kept. */
  open(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined && waiting.size > 0) this.write([...waiting.values()]);
  }

  /** It is served no more, and never will be. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = undefined;
  }
}
