import type { Arbitrary } from 'fast-check';
import type { ColumnObject } from '../../mib/index.js';
import type { Oid, SnmpValue, VarBind } from '../../smi/index.js';
import type { FastCheck } from '../fast-check.js';
import { cellName, type RowTable } from '../survey/row-table.js';
import { legalValues } from '../values/legal-values.js';
import { rowIndexes } from '../values/row-indexes.js';
import { ROW_ORDERS, type RowOrder } from './row-states.js';

export interface Cell {
  readonly column: ColumnObject;
  readonly value: SnmpValue;
}

/** One SET to a row: an order, values of columns, or both. */
export interface RowStep {
  readonly order?: RowOrder;
  readonly cells: readonly Cell[];
}

export interface RowCase {
  readonly rowTable: RowTable;
  readonly row: Oid;
  readonly steps: readonly RowStep[];
}

const MAX_ROW_STEPS = 6;

/** Steps for one row of one of the tables, at an index of legal values. */
export function rowCases(fc: FastCheck, tables: readonly RowTable[]): Arbitrary<RowCase> {
  return fc.oneof(
    ...tables.map((rowTable) =>
      fc.record({
        rowTable: fc.constant(rowTable),
        row: rowIndexes(fc, rowTable.table.index),
        steps: fc.array(rowStep(fc, rowTable), { minLength: 1, maxLength: MAX_ROW_STEPS }),
      }),
    ),
  );
}

/** A value of every column, with which a row should be complete. */
export function allCells(fc: FastCheck, { settable }: RowTable): Arbitrary<Cell[]> {
  return fc.tuple(...settable.map((column) => cell(fc, column)));
}

function rowStep(fc: FastCheck, rowTable: RowTable): Arbitrary<RowStep> {
  const orders = fc.constantFrom(...(Object.keys(ROW_ORDERS) as RowOrder[]));
  const all = allCells(fc, rowTable);
  const some = all.chain((cells) => fc.subarray(cells));
  const storage = rowTable.storage;
  const withStorage =
    storage === undefined
      ? fc.constant<Cell[]>([])
      : fc.oneof({ arbitrary: fc.constant<Cell[]>([]), weight: 4 }, storageCell(fc, storage));
  const cells = fc
    .tuple(fc.oneof(fc.constant<Cell[]>([]), some, all), withStorage)
    .map(([values, kept]) => [...values, ...kept]);
  return fc
    .record({ order: fc.option(orders, { nil: undefined, freq: 6 }), cells })
    .filter(({ order, cells: written }) => order !== undefined || written.length > 0)
    .map(({ order, cells: written }) =>
      order === undefined ? { cells: written } : { order, cells: written },
    );
}

function cell(fc: FastCheck, column: ColumnObject): Arbitrary<Cell> {
  return legalValues(fc, column.syntax).map((value) => ({ column, value }));
}

/** volatile(2) or nonVolatile(3): a row that is permanent could not be destroyed again. */
function storageCell(fc: FastCheck, column: ColumnObject): Arbitrary<Cell[]> {
  return fc.constantFrom(2, 3).map((value) => [{ column, value: { type: 'Integer32', value } }]);
}

/** The variables of a step: the status first, as managers do. */
export function varBindsOf({ status }: RowTable, row: Oid, { order, cells }: RowStep): VarBind[] {
  const written = cells.map(({ column, value }) => ({ name: cellName(column, row), value }));
  if (order === undefined) return written;
  const value: SnmpValue = { type: 'Integer32', value: ROW_ORDERS[order] };
  return [{ name: cellName(status, row), value }, ...written];
}
