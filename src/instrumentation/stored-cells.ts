import { NO_SUCH_INSTANCE, type Oid, type SnmpValue } from '../smi/index.js';
import { unpackCell, cellValue } from './cell.js';
import type { NextCell, StoredCells } from './managed-object.js';
import { decodeIndexValues } from './row-index.js';
import type { ReadableColumn, RowLayout, StoredRow } from './row-layout.js';
import { StoredRows, type KeptIndex } from './stored-rows.js';
import { UnsureRows } from './unsure-rows.js';

/**
 * After so many missing cells on end `next` answers with a place that has no value: whoever asked
 * goes on from there, and can let others have a turn in between.
 */
const MAX_MISSES = 256;

/**
 * The rows of one table and how they are read: its own columns, or those that a table has which
 * augments it. Knows no rule about rows: those are the plan's.
 *
 * Rows are replaced, never changed, so whoever holds one holds a before-image.
 */
export class RowCells implements StoredCells {
  readonly layout: RowLayout;
  /** Whoever sets rows in a SET says so there. */
  readonly unsure = new UnsureRows();
  readonly #rows = new StoredRows<StoredRow>();
  /** How many rows have a value in a slot: a column without any is passed over at once. */
  readonly #filled: number[];

  constructor(layout: RowLayout) {
    this.layout = layout;
    this.#filled = layout.slots.map(() => 0);
  }

  get size(): number {
    return this.#rows.size;
  }

  row(rowIndex: Oid): StoredRow | undefined {
    return this.#rows.get(rowIndex);
  }

  put(rowIndex: Oid, row: StoredRow): StoredRow | undefined {
    const before = this.#rows.set(rowIndex, row);
    if (before !== undefined) this.#count(before, -1);
    this.#count(row, 1);
    return before;
  }

  remove(rowIndex: Oid): StoredRow | undefined {
    const before = this.#rows.delete(rowIndex);
    if (before !== undefined) this.#count(before, -1);
    return before;
  }

  /** @returns an index that occurs twice (then nothing was changed), or undefined. */
  load(keys: readonly KeptIndex[], rows: readonly StoredRow[]): Oid | undefined {
    const duplicate = this.#rows.load(keys, rows);
    if (duplicate !== undefined) return duplicate;
    this.#filled.fill(0);
    for (const row of rows) this.#count(row, 1);
    return undefined;
  }

  entries(): Generator<readonly [Oid, StoredRow]> {
    return this.#rows.entries();
  }

  /** As `entries`, without what a SET that is not sure yet has set. */
  settledEntries(): Iterable<readonly [Oid, StoredRow]> {
    return this.unsure.without(this.#rows.entries());
  }

  get(column: number, rowIndex: Oid, columns = this.layout.readable): SnmpValue {
    for (const readable of columns) {
      if (readable.column !== column) continue;
      const row = this.#rows.get(rowIndex);
      if (row === undefined) return NO_SUCH_INSTANCE;
      return this.#value(readable, rowIndex, row) ?? NO_SUCH_INSTANCE;
    }
    return NO_SUCH_INSTANCE;
  }

  next(column: number, rowIndex: Oid, columns = this.layout.readable): NextCell | undefined {
    const rows = this.#rows;
    for (const readable of columns) {
      if (readable.column < column) continue;
      if (readable.slot >= 0 && this.#filled[readable.slot] === 0) continue;
      let found = readable.column === column ? rows.after(rowIndex) : rows.first();
      for (let misses = 0; found; misses++) {
        const at = rows.rowIndex;
        const value = this.#value(readable, at, rows.row);
        if (value !== undefined || misses === MAX_MISSES) {
          return {
            type: 'cell',
            column: readable.column,
            rowIndex: at,
            value: value ?? NO_SUCH_INSTANCE,
          };
        }
        found = rows.advance();
      }
    }
    return undefined;
  }

  #value(readable: ReadableColumn, rowIndex: Oid, row: StoredRow): SnmpValue | undefined {
    if (readable.slot < 0) return this.#indexValue(readable, rowIndex);
    const cell = row[readable.slot];
    return cell === undefined ? undefined : unpackCell(readable.type, cell);
  }

  #indexValue(readable: ReadableColumn, rowIndex: Oid): SnmpValue | undefined {
    // The commonest INDEX of all: one number. It was checked when the row was made.
    if (this.layout.hasNumberIndex) {
      return cellValue(readable.type, rowIndex[0]);
    }
    return decodeIndexValues(this.layout.items, rowIndex)?.[readable.indexPart];
  }

  #count(row: StoredRow, by: 1 | -1): void {
    for (let slot = 0; slot < row.length; slot++) {
      if (row[slot] !== undefined) this.#filled[slot] = (this.#filled[slot] as number) + by;
    }
  }
}
