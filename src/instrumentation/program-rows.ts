import { SnmpError } from '../base/index.js';
import { formatOid, type Oid } from '../smi/index.js';
import type { AbandonedRows } from './abandoned-rows.js';
import type { Cell } from './cell.js';
import type { KeptRows } from './kept-rows.js';
import { withMovedLocks } from './moved-locks.js';
import { ROW_STATUS } from './row-status.js';
import type { PlainRow, RowLayout, StoredRow } from './row-layout.js';
import { keptIndex, type KeptIndex } from './stored-rows.js';
import type { RowCells } from './stored-cells.js';
import type { RowKey } from './stored-table-options.js';
import { STORAGE_TYPE, type TableRules } from './table-rules.js';

/**
 * What the program itself does to the rows of its table. The values are held to the same rules as
 * a manager's; what managers may not do (write read-only columns, change a readOnly row) it may.
 */
export class ProgramRows {
  readonly #layout: RowLayout;
  readonly #rules: TableRules;
  readonly #cells: RowCells;
  readonly #abandoned: AbandonedRows;
  readonly #kept: KeptRows;
  #isNew = false;
  #hasOwn = false;
  /** What it begins with is not what is kept: each TestAndIncr is one further. */
  #hasMovedLocks = false;

  constructor(rules: TableRules, cells: RowCells, abandoned: AbandonedRows, kept: KeptRows) {
    this.#kept = kept;
    this.#layout = rules.layout;
    this.#rules = rules;
    this.#cells = cells;
    this.#abandoned = abandoned;
  }

  get size(): number {
    return this.#cells.size;
  }

  insert(row: PlainRow): void {
    const rowIndex = this.#layout.rowIndexOf(row);
    if (this.#cells.row(rowIndex) !== undefined) throw this.#exists(rowIndex);
    this.#put(rowIndex, this.#newRow(row));
  }

  update(key: RowKey, changes: PlainRow): void {
    const rowIndex = this.#rowIndex(key);
    const before = this.#cells.row(rowIndex);
    if (before === undefined) {
      throw new SnmpError(
        'SNMP_ROW_MISSING',
        `${this.#layout.table.name} has no row ${formatOid(rowIndex)}`,
      );
    }
    const after = [...before];
    this.#layout.putPlain(after, changes);
    this.#settleStatus(after);
    this.#put(rowIndex, after);
    const { statusSlot } = this.#layout;
    if (statusSlot !== undefined && after[statusSlot] === ROW_STATUS.active) {
      this.#abandoned.forget(rowIndex);
    }
  }

  /** @returns whether there was such a row. */
  delete(key: RowKey): boolean {
    const rowIndex = this.#rowIndex(key);
    this.#abandoned.forget(rowIndex);
    const before = this.#cells.remove(rowIndex);
    if (before !== undefined && !this.#isNew) this.#kept.note(rowIndex, undefined);
    return before !== undefined;
  }

  get(key: RowKey): PlainRow | undefined {
    const rowIndex = this.#rowIndex(key);
    const row = this.#cells.row(rowIndex);
    return row === undefined ? undefined : this.#layout.plainRow(rowIndex, row);
  }

  has(key: RowKey): boolean {
    return this.#cells.row(this.#rowIndex(key)) !== undefined;
  }

  load(rows: Iterable<PlainRow>): void {
    const keys: KeptIndex[] = [];
    const kept: StoredRow[] = [];
    for (const row of rows) {
      keys.push(keptIndex(this.#layout.rowIndexOf(row)));
      kept.push(this.#newRow(row));
    }
    const gone = this.#kept.isOn ? [...this.#cells.entries()] : [];
    const duplicate = this.#cells.load(keys, kept);
    if (duplicate !== undefined) throw this.#exists(duplicate);
    this.#abandoned.clear();
    if (this.#kept.isOn && !this.#isNew) this.#noteAll(gone);
  }

  /**
   * What the table begins with: what was kept of it goes before what the program gives, of which
   * only rows that are not kept are taken then. Nothing of it is kept before `settle`.
   */
  begin(own: Iterable<PlainRow> | undefined): void {
    const rows = own ?? [];
    this.#hasOwn = own !== undefined;
    const kept = this.#kept.rows();
    const { lockSlots } = this.#layout;
    if (kept === undefined) {
      this.#isNew = true;
      this.load(rows);
      return;
    }
    /** BOUNDED by the rows of the table. */
    const indexes: KeptIndex[] = [];
    const found: StoredRow[] = [];
    const names = new Set<string>();
    for (const [rowIndex, row] of kept) {
      names.add(rowIndex.join('.'));
      indexes.push(keptIndex(rowIndex));
      found.push(withMovedLocks(lockSlots, row));
    }
    this.#hasMovedLocks = lockSlots.length > 0;
    for (const row of rows) {
      const rowIndex = this.#layout.rowIndexOf(row);
      const cells = this.#newRow(row);
      if (this.#kept.isKept(cells) || names.has(rowIndex.join('.'))) continue;
      indexes.push(keptIndex(rowIndex));
      found.push(cells);
    }
    const duplicate = this.#cells.load(indexes, found);
    if (duplicate !== undefined) throw this.#exists(duplicate);
    this.#watchUnfinished();
  }

  /** See `StoredTable.configure`. */
  configure(rows: Iterable<PlainRow>): void {
    const { storageSlot, table } = this.#layout;
    if (storageSlot === undefined) {
      throw new SnmpError(
        'SNMP_STORED_VALUE',
        `${table.name} has no StorageType: nothing is readOnly`,
      );
    }
    /** By row. BOUNDED by the configuration. */
    const configured = new Map<string, readonly [Oid, StoredRow]>();
    for (const row of rows) {
      const rowIndex = this.#layout.rowIndexOf(row);
      const cells = [...this.#newRow(row)];
      cells[storageSlot] = STORAGE_TYPE.readOnly;
      const name = rowIndex.join('.');
      if (configured.has(name)) throw this.#exists(rowIndex);
      configured.set(name, [rowIndex, cells]);
    }
    for (const [rowIndex, row] of this.#cells.entries()) {
      const isOurs = row[storageSlot] === STORAGE_TYPE.readOnly;
      if (isOurs && !configured.has(rowIndex.join('.'))) this.#cells.remove(rowIndex);
    }
    this.#kept.leaveOut(configured.keys());
    for (const [rowIndex, cells] of configured.values()) {
      this.#abandoned.forget(rowIndex);
      this.#cells.put(rowIndex, cells);
    }
  }

  /** The table is served: what it begins with is kept. One whose load was refused leaves no trace. */
  settle(): void {
    if (this.#hasMovedLocks) this.#noteAll([]);
    this.#hasMovedLocks = false;
    if (!this.#isNew) return;
    this.#isNew = false;
    if (!this.#kept.isOn) return;
    this.#noteAll([]);
    // Where there is nothing to begin with, nothing can be begun with twice.
    if (this.#hasOwn) this.#kept.begin();
  }

  /** What is kept becomes what the table has: another was served in its place. */
  keepAll(): void {
    for (const rowIndex of this.#kept.indexes()) {
      if (this.#cells.row(rowIndex) === undefined) this.#kept.note(rowIndex, undefined);
    }
    this.#noteAll([]);
  }

  /** See `StoredTable.settled`. */
  *settled(): Generator<PlainRow> {
    for (const [rowIndex, row] of this.#cells.settledEntries()) {
      yield this.#layout.plainRow(rowIndex, row);
    }
  }

  *[Symbol.iterator](): Generator<PlainRow> {
    for (const [rowIndex, row] of this.#cells.entries()) {
      yield this.#layout.plainRow(rowIndex, row);
    }
  }

  #put(rowIndex: Oid, row: StoredRow): void {
    this.#cells.put(rowIndex, row);
    if (!this.#isNew) this.#kept.note(rowIndex, row);
  }

  #noteAll(gone: readonly (readonly [Oid, StoredRow])[]): void {
    for (const [rowIndex] of gone) {
      if (this.#cells.row(rowIndex) === undefined) this.#kept.note(rowIndex, undefined);
    }
    for (const [rowIndex, row] of this.#cells.entries()) {
      if (!this.#kept.isLeftOut(rowIndex)) this.#kept.note(rowIndex, row);
    }
  }

  /** A row that a manager left unfinished before the process ended has its period once more. */
  #watchUnfinished(): void {
    const { statusSlot } = this.#layout;
    if (statusSlot === undefined) return;
    for (const [rowIndex, row] of this.#cells.entries()) {
      if (row[statusSlot] !== ROW_STATUS.active) this.#abandoned.touch(rowIndex);
    }
  }

  #newRow(row: PlainRow): StoredRow {
    const cells = this.#layout.emptyCells();
    this.#layout.putPlain(cells, row);
    this.#rules.fillDefaults(cells);
    this.#settleStatus(cells);
    return cells;
  }

  #settleStatus(cells: Cell[]): void {
    const { statusSlot } = this.#layout;
    if (statusSlot !== undefined) cells[statusSlot] = this.#rules.programStatus(cells);
  }

  #rowIndex(key: RowKey): Oid {
    return isRowIndex(key) ? key : this.#layout.rowIndexOf(key);
  }

  #exists(rowIndex: Oid): SnmpError {
    return new SnmpError(
      'SNMP_ROW_EXISTS',
      `${this.#layout.table.name} has two rows ${formatOid(rowIndex)}`,
    );
  }
}

function isRowIndex(key: RowKey): key is Oid {
  return Array.isArray(key);
}
