import { compareOids, type Oid } from '../smi/index.js';

/** A row index as it is kept: the number itself where it is a single one, else its arcs. */
export type KeptIndex = number | Oid;

/** Halved when full: large enough that the outer list stays short, small enough to splice. */
const MAX_CHUNK_ROWS = 512;
const BULK_CHUNK_ROWS = 384;

interface Chunk<Row> {
  /** BOUNDED by MAX_CHUNK_ROWS; never empty. */
  readonly keys: KeptIndex[];
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
      this.#chunks.push({ keys: [keptIndex(arcs)], rows: [row] });
      this.#size = 1;
      return undefined;
    }
    const offset = lowerBound(chunk.keys, arcs);
    if (isAt(chunk.keys, offset, arcs)) {
      const before = chunk.rows[offset];
      chunk.rows[offset] = row;
      return before;
    }
    chunk.keys.splice(offset, 0, keptIndex(arcs));
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
   * @param keys - in any order; see `keptIndex`.
   * @param rows - as many, in the same order.
   * @returns undefined, or an index that occurs twice: then nothing was changed.
   */
  load(keys: readonly KeptIndex[], rows: readonly Row[]): Oid | undefined {
    const order = sortedOrder(keys);
    const inOrder = order?.map((place) => keys[place] as KeptIndex) ?? keys;
    const rowsInOrder = order?.map((place) => rows[place] as Row) ?? rows;
    for (let i = 1; i < inOrder.length; i++) {
      const key = inOrder[i] as KeptIndex;
      if (compareKeys(inOrder[i - 1] as KeptIndex, key) === 0) return toArcs(key);
    }
    const chunks: Chunk<Row>[] = [];
    for (let start = 0; start < inOrder.length; start += BULK_CHUNK_ROWS) {
      const end = start + BULK_CHUNK_ROWS;
      chunks.push({ keys: inOrder.slice(start, end), rows: rowsInOrder.slice(start, end) });
    }
    this.#chunks = chunks;
    this.#size = inOrder.length;
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
    return toArcs(this.#chunks[this.#at]?.keys[this.#offset] as KeptIndex);
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
      const firstKey = (this.#chunks[middle] as Chunk<Row>).keys[0] as KeptIndex;
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

export function keptIndex(arcs: Oid): KeptIndex {
  return arcs.length === 1 ? (arcs[0] as number) : arcs;
}

function toArcs(key: KeptIndex): Oid {
  return typeof key === 'number' ? listOf(key) : key;
}

/** As `[arc]`, but always young: V8 may make literals in old space, never rest parameters. */
function listOf(...arc: readonly [number]): Oid {
  return arc;
}

function compareKey(key: KeptIndex, arcs: Oid): number {
  if (typeof key !== 'number') return compareOids(key, arcs);
  const first = arcs[0];
  if (first === undefined) return 1;
  return key - first || 1 - arcs.length;
}

/** The first place whose key is not before `arcs`. */
function lowerBound(keys: readonly KeptIndex[], arcs: Oid): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKey(keys[middle] as KeptIndex, arcs) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isAt(keys: readonly KeptIndex[], offset: number, arcs: Oid): boolean {
  return offset < keys.length && compareKey(keys[offset] as KeptIndex, arcs) === 0;
}

function compareKeys(left: KeptIndex, right: KeptIndex): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return compareKey(left, toArcs(right));
}

/** The places of `keys` in ascending order; undefined where they are in order already. */
function sortedOrder(keys: readonly KeptIndex[]): number[] | undefined {
  // Programs mostly deliver in order.
  const isSorted = keys.every(
    (key, i) => i === 0 || compareKeys(keys[i - 1] as KeptIndex, key) <= 0,
  );
  if (isSorted) return undefined;
  return keys
    .map((_, place) => place)
    .sort((left, right) => compareKeys(keys[left] as KeptIndex, keys[right] as KeptIndex));
}
