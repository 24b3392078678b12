import { compareOids, type Oid } from '../smi/index.js';

/** A row index as it is kept: the number itself where it is a single one, else its arcs. */
type RowKey = number | Oid;

/** Halved when full: large enough that the outer list stays short, small enough to splice. */
const MAX_CHUNK_ROWS = 512;
const BULK_CHUNK_ROWS = 384;

interface Chunk<Row> {
  /** BOUNDED by MAX_CHUNK_ROWS; never empty. */
  readonly keys: RowKey[];
  readonly rows: Row[];
}

/**
 * Rows in the lexicographic order of their indexes: a sorted list of sorted chunks. Insert, delete
 * and seek take O(log n) comparisons; a seek to where the last one ended, or one further, takes
 * two. Positions survive any change in between: a remembered one is verified before it is used.
 *
 * UNBOUNDED because it holds what program and managers put in; stored tables limit the managers.
 */
export class StoredRows<Row> {
  #chunks: Chunk<Row>[] = [];
  #size = 0;
  /** Where the last seek ended: `#chunks[#at].keys[#offset]`. May point beyond the end. */
  #at = 0;
  #offset = 0;

  get size(): number {
    return this.#size;
  }

  get(arcs: Oid): Row | undefined {
    const chunk = this.#chunks[this.#chunkOf(arcs)];
    if (chunk === undefined) return undefined;
    const offset = lowerBound(chunk.keys, arcs);
    return isAt(chunk.keys, offset, arcs) ? chunk.rows[offset] : undefined;
  }

  /** @returns the row that was there before. */
  set(arcs: Oid, row: Row): Row | undefined {
    const at = this.#chunkOf(arcs);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push({ keys: [toKey(arcs)], rows: [row] });
      this.#size = 1;
      return undefined;
    }
    const offset = lowerBound(chunk.keys, arcs);
    if (isAt(chunk.keys, offset, arcs)) {
      const before = chunk.rows[offset];
      chunk.rows[offset] = row;
      return before;
    }
    chunk.keys.splice(offset, 0, toKey(arcs));
    chunk.rows.splice(offset, 0, row);
    this.#size += 1;
    if (chunk.keys.length > MAX_CHUNK_ROWS) this.#split(at, chunk);
    return undefined;
  }

  /** @returns the row that was there. */
  delete(arcs: Oid): Row | undefined {
    const at = this.#chunkOf(arcs);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return undefined;
    const offset = lowerBound(chunk.keys, arcs);
    if (!isAt(chunk.keys, offset, arcs)) return undefined;
    const [before] = chunk.rows.splice(offset, 1);
    chunk.keys.splice(offset, 1);
    this.#size -= 1;
    if (chunk.keys.length === 0) this.#chunks.splice(at, 1);
    return before;
  }

  clear(): void {
    this.#chunks = [];
    this.#size = 0;
  }

  /**
   * Replaces everything, at once.
   *
   * @param entries - in any order.
   * @returns undefined, or an index that occurs twice: then nothing was changed.
   */
  load(indexes: readonly Oid[], rows: readonly Row[]): Oid | undefined {
    const order = sortedOrder(indexes);
    for (let i = 1; i < order.length; i++) {
      const index = indexes[order[i] as number] as Oid;
      if (compareOids(indexes[order[i - 1] as number] as Oid, index) === 0) return index;
    }
    const chunks: Chunk<Row>[] = [];
    for (let start = 0; start < order.length; start += BULK_CHUNK_ROWS) {
      const places = order.slice(start, start + BULK_CHUNK_ROWS);
      chunks.push({
        keys: Array.from(places, (place) => toKey(indexes[place] as Oid)),
        rows: Array.from(places, (place) => rows[place] as Row),
      });
    }
    this.#chunks = chunks;
    this.#size = order.length;
    return undefined;
  }

  /** Goes to the first row. @returns whether there is one. */
  first(): boolean {
    this.#at = 0;
    this.#offset = 0;
    return this.#size > 0;
  }

  /** Goes to the first row behind `arcs`, which need not be a row's. @returns whether there is one. */
  after(arcs: Oid): boolean {
    const keys = this.#chunks[this.#at]?.keys;
    if (keys !== undefined) {
      const here = keys[this.#offset];
      if (here !== undefined && compareKey(here, arcs) <= 0) {
        const next = keys[this.#offset + 1];
        if (next !== undefined && compareKey(next, arcs) > 0) {
          this.#offset += 1;
          return true;
        }
      } else if (here !== undefined) {
        // Several columns of one row are asked for in turn: the second finds us one too far.
        const previous = keys[this.#offset - 1];
        if (previous !== undefined && compareKey(previous, arcs) <= 0) return true;
      }
    }
    return this.#seek(arcs);
  }

  /** Goes one further. @returns whether there is one. */
  advance(): boolean {
    this.#offset += 1;
    const chunk = this.#chunks[this.#at];
    if (chunk !== undefined && this.#offset < chunk.keys.length) return true;
    this.#at += 1;
    this.#offset = 0;
    return this.#at < this.#chunks.length;
  }

  /** The row that first, after or advance found; not to be asked once they said no. */
  get row(): Row {
    return this.#chunks[this.#at]?.rows[this.#offset] as Row;
  }

  /** Its index. Never to be mutated: for longer indexes it is the kept one. */
  get rowIndex(): Oid {
    return toArcs(this.#chunks[this.#at]?.keys[this.#offset] as RowKey);
  }

  /** All rows in order. A change meanwhile shows where the iteration has not been yet. */
  *entries(): Generator<readonly [Oid, Row]> {
    let found = this.first();
    while (found) {
      const entry = [this.rowIndex, this.row] as const;
      yield entry;
      found = this.after(entry[0]);
    }
  }

  #seek(arcs: Oid): boolean {
    this.#at = this.#chunkOf(arcs);
    const keys = this.#chunks[this.#at]?.keys;
    if (keys === undefined) return false;
    this.#offset = lowerBound(keys, arcs);
    if (isAt(keys, this.#offset, arcs)) this.#offset += 1;
    if (this.#offset < keys.length) return true;
    this.#at += 1;
    this.#offset = 0;
    return this.#at < this.#chunks.length;
  }

  /** The last chunk that starts at or before `arcs`; the first where none does. */
  #chunkOf(arcs: Oid): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const firstKey = (this.#chunks[middle] as Chunk<Row>).keys[0] as RowKey;
      if (compareKey(firstKey, arcs) <= 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  #split(at: number, chunk: Chunk<Row>): void {
    const middle = chunk.keys.length >>> 1;
    this.#chunks.splice(at + 1, 0, {
      keys: chunk.keys.splice(middle),
      rows: chunk.rows.splice(middle),
    });
  }
}

function toKey(arcs: Oid): RowKey {
  return arcs.length === 1 ? (arcs[0] as number) : arcs;
}

function toArcs(key: RowKey): Oid {
  return typeof key === 'number' ? [key] : key;
}

function compareKey(key: RowKey, arcs: Oid): number {
  if (typeof key !== 'number') return compareOids(key, arcs);
  const first = arcs[0];
  if (first === undefined) return 1;
  return key - first || 1 - arcs.length;
}

/** The first place whose key is not before `arcs`. */
function lowerBound(keys: readonly RowKey[], arcs: Oid): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKey(keys[middle] as RowKey, arcs) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isAt(keys: readonly RowKey[], offset: number, arcs: Oid): boolean {
  return offset < keys.length && compareKey(keys[offset] as RowKey, arcs) === 0;
}

/** The places of `indexes` in ascending order. Programs mostly deliver in order: seen in one pass. */
function sortedOrder(indexes: readonly Oid[]): Uint32Array {
  const order = new Uint32Array(indexes.length);
  let isSorted = true;
  for (let i = 0; i < indexes.length; i++) {
    order[i] = i;
    if (i > 0 && compareOids(indexes[i - 1] as Oid, indexes[i] as Oid) > 0) isSorted = false;
  }
  if (isSorted) return order;
  return order.sort((left, right) => compareOids(indexes[left] as Oid, indexes[right] as Oid));
}
