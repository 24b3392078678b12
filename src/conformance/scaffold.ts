import { isException, type Oid, type SnmpValue, type VarBind } from '../smi/index.js';
import type { FastCheck } from './fast-check.js';
import { allCells, varBindsOf, type RowStep } from './properties/row-steps.js';
import type { Restorer } from './restorer.js';
import type { Session } from './session.js';
import { cellName, cellNames, type RowTable } from './survey/row-table.js';
import { rowIndexes } from './values/row-indexes.js';
import { tolerant } from './violation.js';

const MAX_TRIES = 5;
const ACTIVE = 1;

/**
 * A table without rows has no instance to write to: so a row is made in it, which stays until the
 * end of the run. Where that does not go, the table has its life-cycle property all the same.
 *
 * @returns the cells of the rows made, and the tables where none could be made.
 */
export async function makeRows(
  fc: FastCheck,
  session: Session,
  restorer: Restorer,
  tables: readonly RowTable[],
  seed: number,
): Promise<{ readonly cells: readonly VarBind[]; readonly failed: readonly RowTable[] }> {
  const cells: VarBind[] = [];
  const failed: RowTable[] = [];
  for (const rowTable of tables) {
    const made = await makeRow(fc, session, restorer, rowTable, seed);
    if (made.length === 0) failed.push(rowTable);
    cells.push(...made);
  }
  return { cells, failed };
}

async function makeRow(
  fc: FastCheck,
  session: Session,
  restorer: Restorer,
  rowTable: RowTable,
  seed: number,
): Promise<readonly VarBind[]> {
  const tries = fc.sample(fc.tuple(rowIndexes(fc, rowTable.table.index), allCells(fc, rowTable)), {
    seed,
    numRuns: MAX_TRIES,
  });
  for (const [row, values] of tries) {
    const status = cellName(rowTable.status, row);
    if ((await readState(session, status)) !== undefined) continue;
    restorer.willMakeRow(status, cellNames(rowTable, row));
    const ways: readonly (readonly RowStep[])[] = [
      [{ order: 'createAndGo', cells: values }],
      [{ order: 'createAndWait', cells: [] }, { cells: values }, { order: 'active', cells: [] }],
    ];
    for (const way of ways) {
      for (const step of way) await tolerant(() => session.set(varBindsOf(rowTable, row, step)));
      if ((await readState(session, status)) !== ACTIVE) continue;
      restorer.keepRow(status);
      return readCells(session, rowTable, row);
    }
  }
  return [];
}

async function readState(session: Session, status: Oid): Promise<number | undefined> {
  const [value] = (await tolerant(() => session.read([status]))) ?? [];
  return value?.type === 'Integer32' ? value.value : undefined;
}

async function readCells(
  session: Session,
  { readable }: RowTable,
  row: Oid,
): Promise<readonly VarBind[]> {
  const names = readable.map((column) => cellName(column, row));
  const values = (await tolerant(() => session.read(names))) ?? [];
  return names
    .map((name, i) => ({ name, value: values[i] }))
    .filter((cell): cell is { name: Oid; value: SnmpValue } => {
      return cell.value !== undefined && !isException(cell.value);
    });
}
