import { SnmpError } from '../base/index.js';
import { packCell, type Cell } from './cell.js';
import { ROW_STATUS, type RowStatusRules } from './row-status.js';
import type { PlainRow, RowLayout, Slot, StoredRow } from './row-layout.js';
import type { StoredTableOptions } from './stored-table-options.js';
import { defaultValueOf, hasConvention, randomLock, typeDefault } from './stored-value.js';
import { canCreateRows } from './table-columns.js';

/** RFC 2579 StorageType, by number. */
export const STORAGE_TYPE = { nonVolatile: 3, permanent: 4, readOnly: 5 } as const;

const DEFAULT_MAX_ROWS = 1_000_000;

/** What holds for the rows of one table, from its definition and its options. */
export class TableRules {
  readonly layout: RowLayout;
  readonly options: StoredTableOptions;
  /** Whether the module lets managers make rows at all. */
  readonly managersCreate: boolean;
  readonly status: RowStatusRules;
  readonly maxRows: number;
  readonly permanentRefusal: 'wrongValue' | 'inconsistentValue';
  /** BOUNDED by the table's columns, as are the other lists. */
  readonly frozenSlots: ReadonlySet<number>;
  readonly #required: readonly Slot[];
  readonly #defaults: readonly Cell[];
  readonly #locks: readonly number[];

  /** @throws SnmpError SNMP_STORED_VALUE for an unknown column or a default that does not fit. */
  constructor(layout: RowLayout, options: StoredTableOptions) {
    this.layout = layout;
    this.options = options;
    this.managersCreate = canCreateRows(layout.table);
    const rowStatus = options.rowStatus ?? {};
    const createAndWait = rowStatus.createAndWait ?? true;
    this.status = {
      createAndWait,
      notInService: rowStatus.notInService ?? createAndWait,
      implicitCreate: (rowStatus.implicitCreate ?? false) && this.managersCreate,
    };
    this.maxRows = options.maxRows ?? DEFAULT_MAX_ROWS;
    this.permanentRefusal = options.permanentRefusal ?? 'wrongValue';
    this.frozenSlots = this.#slotsNamed(rowStatus.frozenWhileActive);
    this.#defaults = this.#defaultCells(options.defaults ?? {});
    this.#locks = layout.slots
      .filter(({ slot, object }) => this.#isUnsetLock(slot, object.syntax))
      .map(({ slot }) => slot);
    const optional = this.#slotsNamed(options.optional);
    this.#required = layout.slots.filter(
      ({ slot, object }) =>
        object.access === 'read-create' &&
        slot !== layout.statusSlot &&
        this.#defaults[slot] === undefined &&
        !this.#locks.includes(slot) &&
        !optional.has(slot),
    );
  }

  /** Gives a new row's cells their defaults. */
  fillDefaults(cells: Cell[]): void {
    for (let slot = 0; slot < cells.length; slot++) cells[slot] ??= this.#defaults[slot];
    for (const slot of this.#locks) cells[slot] ??= packCell(randomLock());
  }

  /** A required column that has no value, or undefined: then the row could be active. */
  missing(row: StoredRow): Slot | undefined {
    if (this.layout.statusSlot === undefined) return undefined;
    return this.#required.find(({ slot }) => row[slot] === undefined);
  }

  /** Whether the row could be active: no column is missing, and the program says so too. */
  isComplete(row: StoredRow): boolean {
    if (this.missing(row) !== undefined) return false;
    const { rowStatus } = this.options;
    if (rowStatus?.isComplete === undefined) return true;
    return rowStatus.isComplete(this.layout.plainRow([], row));
  }

  /**
   * The status that a program's row gets: what was asked for, as far as the row is complete.
   *
   * @throws SnmpError SNMP_STORED_VALUE for an action instead of a state, and for an active row
   *   that is not complete.
   */
  programStatus(row: StoredRow): Cell {
    const { statusSlot, table } = this.layout;
    if (statusSlot === undefined) return undefined;
    const asked = row[statusSlot] ?? ROW_STATUS.active;
    const isComplete = this.isComplete(row);
    if (asked === ROW_STATUS.active) {
      if (isComplete) return asked;
      const missing = this.missing(row)?.object.name;
      throw new SnmpError(
        'SNMP_STORED_VALUE',
        `${table.name}: an active row needs ${missing === undefined ? 'to be complete' : `a value of ${missing}`}`,
      );
    }
    if (asked === ROW_STATUS.notInService || asked === ROW_STATUS.notReady) {
      return isComplete ? ROW_STATUS.notInService : ROW_STATUS.notReady;
    }
    throw new SnmpError(
      'SNMP_STORED_VALUE',
      `${table.name}: a row is active, notInService or notReady; the others are for managers`,
    );
  }

  isBusy(row: PlainRow): boolean {
    return this.options.rowStatus?.isBusy?.(row) ?? false;
  }

  #defaultCells(defaults: PlainRow): readonly Cell[] {
    const { layout } = this;
    const cells = layout.emptyCells();
    layout.putPlain(cells, defaults);
    for (const { slot, object } of layout.slots) {
      if (slot === layout.statusSlot || cells[slot] !== undefined) continue;
      const value = defaultValueOf(object);
      if (value !== undefined) {
        cells[slot] = packCell(value);
      } else if (slot === layout.storageSlot) {
        cells[slot] = STORAGE_TYPE.nonVolatile;
      } else if (this.managersCreate && object.access === 'read-only') {
        cells[slot] = packCell(typeDefault(object.syntax));
      }
    }
    return cells;
  }

  /** Such a column's default differs from row to row (RFC 2579 TestAndIncr). */
  #isUnsetLock(slot: number, syntax: Slot['object']['syntax']): boolean {
    return this.#defaults[slot] === undefined && hasConvention(syntax, 'TestAndIncr');
  }

  #slotsNamed(names: readonly string[] | undefined): ReadonlySet<number> {
    return new Set(names?.map((name) => this.layout.slotOfName(name).slot));
  }
}
