import { compareOids, type Oid } from '../smi/index.js';
import type { StoredRow } from './row-layout.js';

/** What a SET has done to a row: absent before or after where there is none. */
export interface AppliedRow {
  readonly rowIndex: Oid;
  readonly before: StoredRow | undefined;
  readonly after: StoredRow | undefined;
}

type Entry = readonly [Oid, StoredRow];

/**
 * What SETs have set in a table and may still take back: until the last subtree has set its part, and
 * the disk has it.
 */
export class UnsureRows {
  /** In the order in which they were set. BOUNDED by the rows of the SETs that are under way. */
  #applied: AppliedRow[] = [];

  add(applied: AppliedRow): void {
    this.#applied.push(applied);
  }

  /** It is sure: SETs upon one another get there in the order in which they were set. */
  settle(applied: AppliedRow): void {
    this.#remove(this.#applied.indexOf(applied));
  }

  /** It was taken back: the last one is first. */
  takeBack(applied: AppliedRow): void {
    this.#remove(this.#applied.lastIndexOf(applied));
  }

  /** All of these are over, sure or taken back. At one stroke: an import has a million of them. */
  end(applied: readonly AppliedRow[]): void {
    const ended = new Set(applied);
    this.#applied = this.#applied.filter((other) => !ended.has(other));
  }

  /**
   * Rows without what is unsure, in the order of their indexes; of a row that the program has changed
   * since, the program's.
   */
  without(rows: Iterable<Entry>): Iterable<Entry> {
    return this.#applied.length === 0 ? rows : this.#without(rows);
  }

  #without(rows: Iterable<Entry>): readonly Entry[] {
    /** By row, what the first SET found and what the last one left. BOUNDED by `#applied`. */
    const unsure = new Map<string, AppliedRow>();
    for (const applied of this.#applied) {
      const name = applied.rowIndex.join('.');
      const { before } = unsure.get(name) ?? applied;
      unsure.set(name, { ...applied, before });
    }
    const settled: Entry[] = [];
    for (const entry of rows) {
      const [rowIndex, row] = entry;
      const name = rowIndex.join('.');
      const applied = unsure.get(name);
      unsure.delete(name);
      if (applied === undefined || applied.after !== row) settled.push(entry);
      else if (applied.before !== undefined) settled.push([rowIndex, applied.before]);
    }
    for (const { rowIndex, before, after } of unsure.values()) {
      if (before !== undefined && after === undefined) settled.push([rowIndex, before]);
    }
    return settled.sort(([left], [right]) => compareOids(left, right));
  }

  #remove(place: number): void {
    if (place >= 0) this.#applied.splice(place, 1);
  }
}
