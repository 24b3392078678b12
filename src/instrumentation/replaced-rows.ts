import { describeThrown, SnmpError } from '../base/index.js';
import { checkValue, expectation, formatOid, type Oid } from '../smi/index.js';
import type { AbandonedRows } from './abandoned-rows.js';
import { packCell, type Cell } from './cell.js';
import { FIRST_HIDDEN_COLUMN, type DurableChange, type KeptRow } from './durability.js';
import type { KeptRows } from './kept-rows.js';
import type { Content } from './replaced-content.js';
import type { StoredRow } from './row-layout.js';
import { ROW_STATUS } from './row-status.js';
import { keptIndex } from './stored-rows.js';
import type { RowCells } from './stored-cells.js';
import type { AppliedRow } from './unsure-rows.js';
import { withMovedLocks } from './moved-locks.js';
import { randomLock } from './stored-value.js';
import type { TableRules } from './table-rules.js';

/** By row, in any order. BOUNDED by the rows of the table. */
type Rows = Map<string, readonly [Oid, StoredRow]>;

/**
 * Rows that take the place of all kept rows of a table. Those that end with the process stay, and so
 * do the hidden values of a row that is given none: an export does not have them.
 *
 * A TestAndIncr does not become what it was: it goes one further, so that no manager's value of
 * before matches.
 */
export class ReplacedRows implements Content {
  readonly #rules: TableRules;
  readonly #cells: RowCells;
  readonly #abandoned: AbandonedRows;
  readonly #kept: KeptRows;
  readonly #rows: Rows;
  #before: Rows = new Map();
  #after: Rows = new Map();
  /** What `put` has changed. BOUNDED by the rows before and after. */
  #applied: readonly AppliedRow[] = [];

  /** @throws SnmpError SNMP_STATE_IMPORT, naming row and column: a row that the table cannot have. */
  constructor(
    rules: TableRules,
    cells: RowCells,
    abandoned: AbandonedRows,
    kept: KeptRows,
    rows: readonly KeptRow[],
  ) {
    this.#rules = rules;
    this.#cells = cells;
    this.#abandoned = abandoned;
    this.#kept = kept;
    this.#rows = new Map();
    for (const row of rows) {
      // The entry without an index only says that the table was kept before.
      if (row.rowIndex.length === 0) continue;
      const cells = this.#checked(row);
      this.#refuseFaulty(row.rowIndex, cells, rows.length);
      this.#rows.set(row.rowIndex.join('.'), [row.rowIndex, cells]);
    }
  }

  put(): void {
    this.#before = new Map([...this.#cells.entries()].map((row) => [row[0].join('.'), row]));
    this.#after = new Map();
    for (const [name, row] of this.#before) {
      if (!this.#kept.isKept(row[1]) || this.#kept.isLeftOut(row[0])) this.#after.set(name, row);
    }
    for (const [name, [rowIndex, row]] of this.#rows) {
      // Of a manager's row with the index of a configured one nothing shows.
      if (this.#kept.isLeftOut(rowIndex)) continue;
      this.#after.set(name, [rowIndex, this.#withLocks(row, this.#before.get(name)?.[1])]);
    }
    const after = [...this.#after.values()];
    this.#cells.load(
      after.map(([rowIndex]) => keptIndex(rowIndex)),
      after.map(([, row]) => row),
    );
    for (const [rowIndex, row] of after) this.#watch(rowIndex, row);
    this.#applied = [...this.#both()]
      .filter(([, before, now]) => before !== now)
      .map(([rowIndex, before, now]) => ({ rowIndex, before, after: now }));
    for (const applied of this.#applied) this.#cells.unsure.add(applied);
  }

  settle(): void {
    this.#cells.unsure.end(this.#applied);
  }

  takeBack(): void {
    this.#cells.unsure.end(this.#applied);
    for (const [rowIndex, before, after] of this.#both()) {
      if (this.#cells.row(rowIndex) !== after) continue;
      if (before === undefined) this.#cells.remove(rowIndex);
      else this.#cells.put(rowIndex, before);
      this.#watch(rowIndex, before);
    }
  }

  changes(): readonly DurableChange[] {
    const changes: DurableChange[] = [];
    for (const [rowIndex, before, after] of this.#both()) {
      if (before === after) continue;
      changes.push({
        before: this.#kept.toWrite(rowIndex, before),
        after: this.#kept.toWrite(rowIndex, after),
      });
    }
    return changes;
  }

  /** Every row that is there before or after. */
  *#both(): Generator<readonly [Oid, StoredRow | undefined, StoredRow | undefined]> {
    for (const [name, [rowIndex, row]] of this.#before) {
      yield [rowIndex, row, this.#after.get(name)?.[1]];
    }
    for (const [name, [rowIndex, row]] of this.#after) {
      if (!this.#before.has(name)) yield [rowIndex, undefined, row];
    }
  }

  /** One that is not active has its period now (RFC 2579, Interaction 4). */
  #watch(rowIndex: Oid, row: StoredRow | undefined): void {
    const { statusSlot } = this.#rules.layout;
    const isUnfinished =
      row !== undefined && statusSlot !== undefined && row[statusSlot] !== ROW_STATUS.active;
    if (isUnfinished) this.#abandoned.touch(rowIndex);
    else this.#abandoned.forget(rowIndex);
  }

  #withLocks(row: StoredRow, now: StoredRow | undefined): StoredRow {
    const { lockSlots } = this.#rules.layout;
    if (lockSlots.length === 0) return row;
    const cells: Cell[] = [...row];
    for (const { slot } of lockSlots) {
      if (row[slot] !== undefined) cells[slot] = now?.[slot] ?? packCell(randomLock());
    }
    return withMovedLocks(lockSlots, cells);
  }

  #checked({ rowIndex, values }: KeptRow): StoredRow {
    const { layout } = this.#rules;
    const name = `${layout.table.name} row ${formatOid(rowIndex)}`;
    if (!this.#kept.fits(rowIndex)) throw refusal(`${name}: no row can have this index`);
    const cells = layout.emptyCells();
    const isBare = values.every(({ column }) => column < FIRST_HIDDEN_COLUMN);
    if (isBare) this.#keepHidden(cells, rowIndex);
    for (const { column, value } of values) {
      const slot = layout.slotOfColumn(column);
      if (slot === undefined) throw refusal(`${name}: there is no column ${column} to keep`);
      const { syntax } = slot.object;
      if (checkValue(syntax, value) !== undefined) {
        throw refusal(`${name}: ${slot.object.name} expects ${expectation(syntax)}`);
      }
      cells[slot.slot] = packCell(value);
    }
    const isLeftBare = isBare && layout.hasHidden && this.#rules.missing(cells) === undefined;
    if (layout.statusSlot !== undefined && isLeftBare && !this.#rules.isComplete(cells)) {
      cells[layout.statusSlot] = ROW_STATUS.notReady;
    } else if (layout.statusSlot !== undefined) {
      try {
        cells[layout.statusSlot] = this.#rules.programStatus(cells);
      } catch (cause) {
        throw refusal(`${name}: ${(cause as Error).message}`, cause);
      }
    }
    return cells;
  }

  /** By the program's own rule, if it has one: foreign code. */
  #refuseFaulty(rowIndex: Oid, cells: StoredRow, count: number): void {
    const { layout, options } = this.#rules;
    if (options.importFault === undefined) return;
    const name = `${layout.table.name} row ${formatOid(rowIndex)}`;
    let fault: string | undefined;
    try {
      fault = options.importFault(layout.plainRow(rowIndex, cells), count);
    } catch (cause) {
      throw refusal(`${name}: ${describeThrown(cause)}`, cause);
    }
    if (fault !== undefined) throw refusal(`${name}: ${fault}`);
  }

  #keepHidden(cells: Cell[], rowIndex: Oid): void {
    const now = this.#cells.row(rowIndex);
    for (const { slot, object } of this.#rules.layout.slots) {
      if (object.column >= FIRST_HIDDEN_COLUMN) cells[slot] = now?.[slot];
    }
  }
}

function refusal(what: string, cause?: unknown): SnmpError {
  return new SnmpError('SNMP_STATE_IMPORT', what, { cause });
}
