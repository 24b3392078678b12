import { checkValue, type Oid } from '../smi/index.js';
import { packCell, unpackCell, type Cell } from './cell.js';
import type { DurableWrite, KeptObjects, KeptRow, KeptValue } from './durability.js';
import type { RowLayout, StoredRow } from './row-layout.js';
import { STORAGE_TYPE } from './table-rules.js';

/** Index of the entry that says that a table was kept before, with or without rows. */
const NO_INDEX: Oid = Object.freeze([]);

/** RFC 2579 StorageType: what is other or volatile ends with the process. */
const KEPT_TYPES: ReadonlySet<Cell> = new Set([
  STORAGE_TYPE.nonVolatile,
  STORAGE_TYPE.permanent,
  STORAGE_TYPE.readOnly,
]);

/** The rows of one table as they outlive the process: which of them do, and in which form. */
export class KeptRows {
  readonly #layout: RowLayout;
  readonly #objects: KeptObjects | undefined;

  /** @param objects - undefined where nothing is kept. */
  constructor(layout: RowLayout, objects: KeptObjects | undefined) {
    this.#layout = layout;
    this.#objects = objects;
  }

  get isOn(): boolean {
    return this.#objects !== undefined;
  }

  /** Whether a row of these cells outlives the process. */
  isKept(row: StoredRow): boolean {
    const { storageSlot } = this.#layout;
    return storageSlot === undefined || KEPT_TYPES.has(row[storageSlot]);
  }

  /** What was kept, in index order; undefined at the first time. */
  *#rows(kept: Iterable<KeptRow>): Generator<readonly [Oid, StoredRow]> {
    for (const { rowIndex, values } of kept) {
      if (rowIndex.length > 0) yield [rowIndex, this.#cells(values)];
    }
  }

  rows(): Iterable<readonly [Oid, StoredRow]> | undefined {
    const kept = this.#objects?.kept(this.#layout.table.oid);
    return kept === undefined ? undefined : this.#rows(kept);
  }

  /** From now on the table counts as kept before: its program's rows are not begun with again. */
  begin(): void {
    this.#objects?.write([{ oid: this.#layout.table.oid, rowIndex: NO_INDEX, values: [] }]);
  }

  /** The program changed a row, or took it away. */
  note(rowIndex: Oid, row: StoredRow | undefined): void {
    this.#objects?.write([this.toWrite(rowIndex, row)]);
  }

  toWrite(rowIndex: Oid, row: StoredRow | undefined): DurableWrite {
    const { table } = this.#layout;
    const values = row === undefined || !this.isKept(row) ? undefined : this.#values(row);
    return { oid: table.oid, rowIndex, values };
  }

  #values(row: StoredRow): KeptValue[] {
    const values: KeptValue[] = [];
    for (const { slot, object, type } of this.#layout.slots) {
      const cell = row[slot];
      if (cell !== undefined) values.push({ column: object.column, value: unpackCell(type, cell) });
    }
    return values;
  }

  /** A column that the module no longer has, or whose SYNTAX no longer allows the value, is left. */
  #cells(values: readonly KeptValue[]): StoredRow {
    const cells = this.#layout.emptyCells();
    for (const { column, value } of values) {
      const slot = this.#layout.slotOfColumn(column);
      if (slot === undefined || checkValue(slot.object.syntax, value) !== undefined) continue;
      cells[slot.slot] = packCell(value);
    }
    return cells;
  }
}
