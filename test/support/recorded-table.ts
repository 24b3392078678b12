import type { NextReading, TableFunctions } from '../../src/instrumentation/index.js';
import { compareOids, type Oid, type PlainValue } from '../../src/smi/index.js';

/** One cell: column, row index, value. */
export type CellAt = readonly [column: number, rowIndex: Oid, value: PlainValue];

export interface RecordedTable {
  readonly functions: TableFunctions;
  /** `get 1.2 [2,3]`: operation, row index, columns; in order of the calls. */
  readonly calls: string[];
}

/** A table of exactly these cells, that writes down how it is asked. */
export function recordedTable(cells: readonly CellAt[]): RecordedTable {
  const calls: string[] = [];
  const sorted = [...cells].sort((left, right) =>
    compareOids([left[0], ...left[1]], [right[0], ...right[1]]),
  );
  const note = (operation: string, rowIndex: Oid, columns: readonly number[]): void => {
    calls.push(`${operation} ${rowIndex.join('.')} [${columns.join(',')}]`);
  };
  return {
    calls,
    functions: {
      get: (rowIndex, columns) => {
        note('get', rowIndex, columns);
        return columns.map((column) => {
          const found = sorted.find(
            ([at, index]) => at === column && compareOids(index, rowIndex) === 0,
          );
          return found === undefined ? { noValue: 'noSuchInstance' as const } : found[2];
        });
      },
      getNext: (rowIndex, columns) => {
        note('getNext', rowIndex, columns);
        return columns.map((column): NextReading => {
          const found = sorted.find(
            ([at, index]) => compareOids([at, ...index], [column, ...rowIndex]) > 0,
          );
          return found === undefined
            ? 'endOfTable'
            : { column: found[0], rowIndex: found[1], value: found[2] };
        });
      },
    },
  };
}

/** Rows of CONF-MIB's fnTable: columns fnA, fnB, fnC. */
export function fnCells(...rows: readonly number[]): CellAt[] {
  return rows.flatMap((row): CellAt[] => [
    [2, [row], row],
    [3, [row], `row${row}`],
    [4, [row], 'up'],
  ]);
}
