import { counted } from '../../base/index.js';
import { equalOids, isException, type Oid, type SnmpValue } from '../../smi/index.js';
import { defineProperty } from '../property.js';
import { refusedAs } from '../report/report.js';
import { cellName, cellNames, type RowTable } from '../survey/row-table.js';
import type { Trial } from '../trial.js';
import { sameValue } from '../values/same-value.js';
import { showValue } from '../values/show-value.js';
import { undecided, violated } from '../violation.js';
import { asSeenBy } from './changes.js';
import { rowRule, statusOfRefusal, type RowOrder, type RowState } from './row-states.js';
import { rowCases, varBindsOf, type RowCase, type RowStep } from './row-steps.js';

export const rowStatusLifeCycle = defineProperty<RowCase>({
  name: 'row-status-life-cycle',
  promise: 'A row comes, changes its state and goes as the table of RowStatus says.',
  source: 'RFC 2579 RowStatus',
  needs: ({ rowTables }) =>
    rowTables.length === 0 ? 'no table with a RowStatus that may be written is known' : undefined,
  mustReach: ['made'],
  cases: (fc, { rowTables }) => rowCases(fc, rowTables),
  async check({ rowTable, row, steps }, trial) {
    const statusName = cellName(rowTable.status, row);
    let state = stateOf(await readOne(statusName, trial), trial.label(statusName));
    if (state !== 'absent') undecided('there is such a row already');
    trial.restorer.willMakeRow(statusName, cellNames(rowTable, row));
    for (const step of steps) {
      state = await takeStep(rowTable, row, step, state, trial);
    }
  },
});

async function takeStep(
  rowTable: RowTable,
  row: Oid,
  step: RowStep,
  state: RowState,
  trial: Trial,
): Promise<RowState> {
  const { order, cells } = step;
  const statusName = cellName(rowTable.status, row);
  const before = await readCells(rowTable, row, trial);
  const answer = await trial.set(varBindsOf(rowTable, row, step));
  const now = stateOf(await readOne(statusName, trial), trial.label(statusName));
  const { after, mayFail } = rowRule(state, order, cells.length > 0);
  const what = `${orderText(order, cells.length)} to a row that is ${state}`;
  if (answer.errorStatus !== 'noError') {
    trial.reach(refusedAs(answer.errorStatus));
    if (now !== state) violated(`${what} answers ${answer.errorStatus}, and yet it is ${now} now`);
    if (!mayFail) violated(`${what} answers ${answer.errorStatus}, not noError`);
    checkRefusal(answer.errorStatus, state, step, what, trial);
    await checkCellsAsBefore(rowTable, row, before, what, trial);
    return now;
  }
  if (after.length === 0) violated(`${what} answers noError`);
  if (!after.includes(now)) {
    violated(`${what} answers noError and leaves it ${now}, not ${after.join(' or ')}`);
  }
  trial.reach(state === 'absent' && now !== 'absent' ? 'made' : `${order ?? 'columns'}: ${now}`);
  if (now !== 'absent') await checkCells(row, step, trial);
  await checkWalked(statusName, now, trial);
  return now;
}

/** The status is prescribed only where nothing but the order can be at fault. */
function checkRefusal(
  status: string,
  state: RowState,
  { order, cells }: RowStep,
  what: string,
  trial: Trial,
): void {
  const prescribed = statusOfRefusal(state, order);
  if (prescribed === undefined || cells.length > 0) return;
  const seen = asSeenBy(trial.session.version, prescribed);
  if (status !== seen) violated(`${what} answers ${status}, not ${seen}`);
}

async function readCells(
  { readable }: RowTable,
  row: Oid,
  trial: Trial,
): Promise<readonly SnmpValue[]> {
  return trial.session.transcript.without(() =>
    trial.session.read(readable.map((column) => cellName(column, row))),
  );
}

/** After a refusal: what managers write is as it was. Counters and the like go their own way. */
async function checkCellsAsBefore(
  rowTable: RowTable,
  row: Oid,
  before: readonly SnmpValue[],
  what: string,
  trial: Trial,
): Promise<void> {
  const after = await readCells(rowTable, row, trial);
  for (const [i, column] of rowTable.readable.entries()) {
    const [was, is] = [before[i], after[i]];
    if (!rowTable.settable.includes(column) || was === undefined || is === undefined) continue;
    if (sameValue(column.syntax, was, is)) continue;
    await readOne(cellName(column, row), trial);
    violated(
      `${what} is refused, and yet ${trial.label(cellName(column, row))} went from ${showValue(was)} to ${showValue(is)}`,
    );
  }
}

/** What was written with noError is read back. */
async function checkCells(row: Oid, { cells }: RowStep, trial: Trial): Promise<void> {
  const names = cells.map(({ column }) => cellName(column, row));
  const values = await trial.session.read(names);
  for (const [i, { column, value }] of cells.entries()) {
    const now = values[i];
    if (now !== undefined && sameValue(column.syntax, value, now)) continue;
    violated(
      `${trial.label(cellName(column, row))} was set to ${showValue(value)} with noError and reads ${now === undefined ? 'nothing' : showValue(now)}`,
    );
  }
}

/** GETNEXT finds the status column of a row that is there, and of no other. */
async function checkWalked(name: Oid, state: RowState, trial: Trial): Promise<void> {
  const before = [...name.slice(0, -1), ...justBefore(name.at(-1) ?? 0)];
  const next = await trial.session.next(before);
  const isFound = equalOids(next.name, name) && !isException(next.value);
  if (isFound === (state !== 'absent')) return;
  violated(`the row is ${state}, but GETNEXT ${isFound ? 'finds' : 'passes over'} its status`);
}

function justBefore(arc: number): readonly number[] {
  return arc === 0 ? [] : [arc - 1, 0xffff_ffff];
}

async function readOne(name: Oid, trial: Trial): Promise<SnmpValue | undefined> {
  const [value] = await trial.session.read([name]);
  return value;
}

const STATES: ReadonlyMap<number, RowState> = new Map([
  [1, 'active'],
  [2, 'notInService'],
  [3, 'notReady'],
]);

function stateOf(value: SnmpValue | undefined, label: string): RowState {
  if (value === undefined || isException(value)) return 'absent';
  const state = value.type === 'Integer32' ? STATES.get(value.value) : undefined;
  return state ?? violated(`${label} reads ${showValue(value)}: no row is ever in such a state`);
}

function orderText(order: RowOrder | undefined, cells: number): string {
  const columns = counted(cells, 'other column');
  if (order === undefined) return `writing ${columns}`;
  return cells === 0 ? order : `${order} with ${columns}`;
}
