import { SnmpError } from '../base/index.js';
import { formatOid, type Oid } from '../smi/index.js';
import type { AbandonedRows } from './abandoned-rows.js';
import type { Cell } from './cell.js';
import { ROW_STATUS } from './row-status.js';
import type { PlainRow, RowLayout, StoredRow } from './row-layout.js';
import { keptIndex, type KeptIndex } from './stored-rows.js';
import type { RowCells } from './stored-cells.js';
import type { RowKey } from './stored-table-options.js';
import type { TableRules } from './table-rules.js';

/**
 * What the program itself does to the rows of its table. The values are held to the same rules as
 * a manager's; what managers may not do (write read-only columns, change a readOnly row) it may.
 */
export class ProgramRows {
  readonly #layout: RowLayout;
  readonly #rules: TableRules;
  readonly #cells: RowCells;
  readonly #abandoned: AbandonedRows;

  constructor(rules: TableRules, cells: RowCells, abandoned: AbandonedRows) {
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
    this.#cells.put(rowIndex, this.#newRow(row));
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
    this.#cells.put(rowIndex, after);
    const { statusSlot } = this.#layout;
    if (statusSlot !== undefined && after[statusSlot] === ROW_STATUS.active) {
      this.#abandoned.forget(rowIndex);
    }
  }

  /** @returns whether there was such a row. */
  delete(key: RowKey): boolean {
    const rowIndex = this.#rowIndex(key);
    this.#abandoned.forget(rowIndex);
    return this.#cells.remove(rowIndex) !== undefined;
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
    const duplicate = this.#cells.load(keys, kept);
    if (duplicate !== undefined) throw this.#exists(duplicate);
    this.#abandoned.clear();
  }

  *[Symbol.iterator](): Generator<PlainRow> {
    for (const [rowIndex, row] of this.#cells.entries()) {
      yield this.#layout.plainRow(rowIndex, row);
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
