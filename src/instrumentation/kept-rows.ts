import { checkValue, formatOid, MAX_SUB_IDENTIFIERS, type Oid } from '../smi/index.js';
import type { Logger } from '../base/index.js';
import { packCell, unpackCell, type Cell } from './cell.js';
import type { DurableWrite, KeptRow, KeptValue } from './durability.js';
import type { KeptGate } from './kept-gate.js';
import { decodeIndexValues } from './row-index.js';
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
  readonly #objects: KeptGate | undefined;
  readonly #logger: Logger;
  readonly #oid: Oid;
  /** By row. BOUNDED by the program's configuration. */
  #leftOut: ReadonlySet<string> = new Set();

  /**
   * @param objects - undefined where nothing is kept.
   * @param oid - that the rows are kept under.
   */
  constructor(
    layout: RowLayout,
    objects: KeptGate | undefined,
    logger: Logger,
    oid: Oid = layout.table.oid,
  ) {
    this.#oid = oid;
    this.#layout = layout;
    this.#objects = objects;
    this.#logger = logger;
  }

  /** These rows are the configuration's: made anew at each start, whatever their StorageType says. */
  leaveOut(names: Iterable<string>): void {
    this.#leftOut = new Set(names);
  }

  isLeftOut(rowIndex: Oid): boolean {
    return this.#leftOut.has(rowIndex.join('.'));
  }

  get isOn(): boolean {
    return this.#objects !== undefined;
  }

  /** Whether a row of these cells outlives the process. */
  isKept(row: StoredRow): boolean {
    const { storageSlot } = this.#layout;
    return storageSlot === undefined || KEPT_TYPES.has(row[storageSlot]);
  }

  *#rows(kept: Iterable<KeptRow>): Generator<readonly [Oid, StoredRow]> {
    const { table } = this.#layout;
    let leftOut = 0;
    let example: Oid = NO_INDEX;
    for (const { rowIndex, values } of kept) {
      if (rowIndex.length === 0) continue;
      if (this.fits(rowIndex)) {
        yield [rowIndex, this.#cells(values)];
      } else {
        leftOut += 1;
        example = rowIndex;
      }
    }
    if (leftOut === 0) return;
    this.#logger.warn(
      { table: table.name, rows: leftOut, example: formatOid(example) },
      'kept rows do not fit the INDEX of this module: they are left out',
    );
  }

  /** Whether the INDEX has a place for a row: a later text of the module may have another one. */
  fits(rowIndex: Oid): boolean {
    const { table, items } = this.#layout;
    return (
      table.oid.length + 2 + rowIndex.length <= MAX_SUB_IDENTIFIERS &&
      decodeIndexValues(items, rowIndex) !== undefined
    );
  }

  /**
   * What was kept, in index order; undefined at the first time. A row that the INDEX has no place
   * for is left out, and left in the state.
   */
  rows(): Iterable<readonly [Oid, StoredRow]> | undefined {
    const kept = this.#objects?.kept(this.#oid);
    return kept === undefined ? undefined : this.#rows(kept);
  }

  /** Whether what the program does waits, because the table is not served. */
  get isPaused(): boolean {
    return this.#objects?.isPaused === true;
  }

  /** Of the kept rows that the INDEX has a place for. */
  *indexes(): Generator<Oid> {
    for (const { rowIndex } of this.#objects?.kept(this.#oid) ?? []) {
      if (rowIndex.length > 0 && this.fits(rowIndex)) yield rowIndex;
    }
  }

  /** From now on the table counts as kept before: its program's rows are not begun with again. */
  begin(): void {
    this.#objects?.write([{ oid: this.#oid, rowIndex: NO_INDEX, values: [] }]);
  }

  /** The program changed a row, or took it away. */
  note(rowIndex: Oid, row: StoredRow | undefined): void {
    this.#objects?.write([this.toWrite(rowIndex, row)]);
  }

  toWrite(rowIndex: Oid, row: StoredRow | undefined): DurableWrite {
    const values = row === undefined || !this.isKept(row) ? undefined : this.#values(row);
    return { oid: this.#oid, rowIndex, values };
  }

  #values(row: StoredRow): KeptValue[] {
    const values: KeptValue[] = [];
    for (const { slot, column, type } of this.#layout.slots) {
      const cell = row[slot];
      if (cell !== undefined) values.push({ column, value: unpackCell(type, cell) });
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
