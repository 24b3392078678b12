import { invariant, SnmpError } from '../base/index.js';
import { equalValues, type ErrorStatus } from '../smi/index.js';
import { packCell, type Cell } from './cell.js';
import { isSetError, type Refusal, type SetError } from './answers.js';
import type { CallContext } from './call-context.js';
import type { GroupChange, SetAnswer, SetGroup } from './managed-object.js';
import { decodeIndexValues } from './row-index.js';
import {
  isRefusal,
  nextRowState,
  ROW_STATUS,
  rowAction,
  type RowRefusal,
  type RowState,
} from './row-status.js';
import type { PlainRow, StoredRow } from './row-layout.js';
import type { RowCells } from './stored-cells.js';
import { interpretSetAnswer } from './set-interpretation.js';
import type { RowChange, StoredTableOptions } from './stored-table-options.js';
import { hasConvention, incremented } from './stored-value.js';
import { STORAGE_TYPE, type TableRules } from './table-rules.js';

/** A no of the runtime's own: what a stored table's functions answer by value. */
export class Refused {
  readonly answer: SetAnswer;
  /** The varbind that it is about. */
  readonly position: number;

  constructor(
    status: ErrorStatus,
    position: number,
    answer: SetAnswer = { kind: 'error', status, position },
  ) {
    this.position = position;
    this.answer = answer;
  }

  /** A no of the program's, or what it may not say. */
  static by(error: SetError, group: SetGroup): Refused {
    const column = error.column ?? group.changes[0]?.column;
    const answer = interpretSetAnswer('isSetOk', group, { error: error.error, column });
    return new Refused('genErr', group.firstPosition, answer);
  }
}

/** What a SET will do to one row: the ticket of its group, from the vote to the end. */
export interface RowPlan {
  /** `nothing`: destroy of what is not there. */
  readonly op: 'create' | 'update' | 'destroy' | 'nothing';
  readonly written: readonly string[];
  /** The row at the vote, and as it will be. */
  readonly before: StoredRow | undefined;
  readonly after: StoredRow | undefined;
  /** Slots whose cells the SET decides. */
  readonly slots: ReadonlySet<number>;
}

const STATE_OF: ReadonlyMap<Cell, RowState> = new Map([
  [ROW_STATUS.active, 'active'],
  [ROW_STATUS.notInService, 'notInService'],
  [ROW_STATUS.notReady, 'notReady'],
]);

/**
 * The runtime's own checks of one row's varbinds, all of them "as if simultaneously": their order
 * in the request decides nothing but which of several faults is named, the first.
 *
 * @param newRows - rows that earlier groups of this SET will make.
 */
export function planRow(
  rules: TableRules,
  cells: RowCells,
  group: SetGroup,
  context: CallContext,
  newRows: number,
): RowPlan | Refused {
  const before = cells.row(group.rowIndex);
  const after = mergedCells(rules, group, before);
  const isWhole = rules.missing(after) === undefined;
  const plan = plannedRow(rules, cells, group, newRows, before, after, isWhole);
  if (plan instanceof Refused || plan.after === undefined) return plan;
  const more = derived(rules, group, plan, context);
  if (more instanceof Refused || more.after === undefined || !isWhole) return more;
  // What the program waits for is there by now, or it is not: then the row is another one.
  return rules.isComplete(more.after)
    ? more
    : plannedRow(rules, cells, group, newRows, before, [...more.after], false, more.slots);
}

function plannedRow(
  rules: TableRules,
  cells: RowCells,
  group: SetGroup,
  newRows: number,
  before: StoredRow | undefined,
  after: Cell[],
  isComplete: boolean,
  derivedSlots: ReadonlySet<number> = new Set(),
): RowPlan | Refused {
  const { layout } = rules;
  const verdict = verdictOn(rules, group, before, isComplete);
  if (before === undefined && verdict === 'absent') {
    return { op: 'nothing', written: [], before, after: undefined, slots: new Set() };
  }
  const refused = firstRefusal(rules, group, before, verdict);
  if (refused !== undefined) return refused;
  invariant(!isRefusal(verdict), 'a refused row has a first refusal');
  if (before === undefined && cells.size + newRows >= rules.maxRows) {
    return new Refused('resourceUnavailable', statusPosition(rules, group));
  }
  const written = group.changes.map(({ name }) => name);
  if (verdict === 'absent') {
    return { op: 'destroy', written, before, after: undefined, slots: new Set() };
  }
  const slots = writtenSlots(rules, group, derivedSlots);
  if (layout.statusSlot !== undefined) {
    after[layout.statusSlot] = ROW_STATUS[verdict];
    slots.add(layout.statusSlot);
  }
  const op = before === undefined ? 'create' : 'update';
  return { op, written, before, after, slots };
}

/** The change as the program sees it; undefined where nothing changes. */
export function describeChange(
  rules: TableRules,
  group: SetGroup,
  plan: RowPlan,
): RowChange | undefined {
  const { layout } = rules;
  const { op, written } = plan;
  const index = layout.plainIndex(group.rowIndex);
  const plain = (row: StoredRow | undefined): PlainRow =>
    layout.plainRow(group.rowIndex, row ?? []);
  switch (op) {
    case 'create':
      return { op, index, written, after: plain(plan.after) };
    case 'update':
      return { op, index, written, before: plain(plan.before), after: plain(plan.after) };
    case 'destroy':
      return { op, index, written, before: plain(plan.before) };
    case 'nothing':
      return undefined;
  }
}

/** `row` with the cells of `slots` taken from `source`. */
export function withCells(
  row: StoredRow,
  source: StoredRow,
  slots: ReadonlySet<number>,
): StoredRow {
  return row.map((cell, slot) => (slots.has(slot) ? source[slot] : cell));
}

/** RFC 2579's answer: the row's next state, or why not. */
function verdictOn(
  rules: TableRules,
  group: SetGroup,
  before: StoredRow | undefined,
  isComplete: boolean,
): RowState | RowRefusal {
  const change = statusChange(rules, group);
  const situation = {
    action: change === undefined ? undefined : rowAction(numberIn(change)),
    isComplete,
    isBusy: () =>
      before !== undefined && rules.isBusy(rules.layout.plainRow(group.rowIndex, before)),
  };
  return nextRowState(stateOf(rules, before), situation, rules.status);
}

/** The first varbind in request order that is refused, and why. */
function firstRefusal(
  rules: TableRules,
  group: SetGroup,
  before: StoredRow | undefined,
  verdict: RowState | RowRefusal,
): Refused | undefined {
  const isRefused = isRefusal(verdict);
  // Nothing is known about the columns of a row that is not and will not be there.
  const judgesColumns = before !== undefined || !isRefused;
  const staysActive = stateOf(rules, before) === 'active' && verdict === 'active';
  let first: Refused | undefined = isRefused ? refusedRow(rules, group, verdict) : undefined;
  for (const change of judgesColumns ? group.changes : []) {
    const fault =
      columnFault(rules, group, change, before) ??
      (staysActive && isFrozen(rules, change) ? 'inconsistentValue' : undefined);
    // At one position the column's fault goes before the row's: RFC 3416 4.2.5 (6), (9), (10).
    const isFirst = first === undefined || change.position <= first.position;
    if (fault !== undefined && isFirst) first = new Refused(fault, change.position);
  }
  return first;
}

function refusedRow(rules: TableRules, group: SetGroup, verdict: RowRefusal): Refused {
  // RFC 3416 4.2.5 (7), (8): without read-create columns the row could not even exist later.
  const isHopeless = verdict === 'inconsistentName' && !rules.managersCreate;
  return new Refused(isHopeless ? 'noCreation' : verdict, statusPosition(rules, group));
}

function isFrozen(rules: TableRules, { column }: GroupChange): boolean {
  const slot = rules.layout.slotOfColumn(column)?.slot;
  return slot !== undefined && rules.frozenSlots.has(slot);
}

function statusChange(rules: TableRules, group: SetGroup): GroupChange | undefined {
  const { statusSlot } = rules.layout;
  if (statusSlot === undefined) return undefined;
  return group.changes.find(({ column }) => rules.layout.slotOfColumn(column)?.slot === statusSlot);
}

/** Where a refusal of the row is told: its status varbind; without one, the first of the row. */
function statusPosition(rules: TableRules, group: SetGroup): number {
  return statusChange(rules, group)?.position ?? group.firstPosition;
}

function stateOf(rules: TableRules, before: StoredRow | undefined): RowState {
  if (before === undefined) return 'absent';
  const { statusSlot } = rules.layout;
  // A row of a table without RowStatus is simply there.
  return statusSlot === undefined ? 'active' : (STATE_OF.get(before[statusSlot]) ?? 'notReady');
}

/** The row as it is, or a new one with its defaults, and on it what the varbinds say. */
function mergedCells(rules: TableRules, group: SetGroup, before: StoredRow | undefined): Cell[] {
  const { layout } = rules;
  const merged = before === undefined ? layout.emptyCells() : [...before];
  for (const { column, wire } of group.changes) {
    const slot = layout.slotOfColumn(column);
    if (slot === undefined || slot.slot === layout.statusSlot) continue;
    const old = before?.[slot.slot];
    // RFC 2579 TestAndIncr: a new instance takes any value; an old one counts on.
    merged[slot.slot] =
      typeof old === 'number' && hasConvention(slot.object.syntax, 'TestAndIncr')
        ? incremented(old)
        : packCell(wire);
  }
  if (before === undefined) rules.fillDefaults(merged);
  return merged;
}

/** What is wrong with writing this column of this row, whatever the rest of the SET says. */
function columnFault(
  rules: TableRules,
  group: SetGroup,
  { column, wire }: GroupChange,
  before: StoredRow | undefined,
): ErrorStatus | undefined {
  const { layout } = rules;
  const slot = layout.slotOfColumn(column);
  const storage = layout.storageSlot === undefined ? undefined : before?.[layout.storageSlot];
  const isPermanent = storage === STORAGE_TYPE.permanent || storage === STORAGE_TYPE.readOnly;
  if (slot !== undefined && slot.slot === layout.storageSlot) {
    if (isPermanent) return 'wrongValue';
    const asked = packCell(wire);
    const isUpward = asked === STORAGE_TYPE.permanent || asked === STORAGE_TYPE.readOnly;
    return isUpward ? rules.permanentRefusal : undefined;
  }
  if (storage === STORAGE_TYPE.readOnly) return 'notWritable';
  if (slot === undefined) {
    // A writable INDEX object, as SMIv1 modules have: a row cannot be given another name.
    const part = layout.indexPartOfColumn(column);
    if (part === undefined) return 'noCreation';
    const own = decodeIndexValues(layout.items, group.rowIndex)?.[part];
    return own !== undefined && equalValues(own, wire) ? undefined : 'inconsistentValue';
  }
  if (slot.slot === layout.statusSlot) {
    return isPermanent && packCell(wire) === ROW_STATUS.destroy ? 'wrongValue' : undefined;
  }
  const old = before?.[slot.slot];
  const isStale = old !== undefined && old !== packCell(wire);
  return isStale && hasConvention(slot.object.syntax, 'TestAndIncr')
    ? 'inconsistentValue'
    : undefined;
}

function writtenSlots(
  rules: TableRules,
  group: SetGroup,
  derivedSlots: ReadonlySet<number>,
): Set<number> {
  const slots = new Set(derivedSlots);
  for (const { column } of group.changes) {
    const slot = rules.layout.slotOfColumn(column);
    if (slot !== undefined) slots.add(slot.slot);
  }
  return slots;
}

/** The plan with what the program's `derive` adds to it. */
function derived(
  rules: TableRules,
  group: SetGroup,
  plan: RowPlan,
  context: CallContext,
): RowPlan | Refused {
  if (rules.options.derive === undefined || plan.after === undefined) return plan;
  const change = describeChange(rules, group, plan);
  if (change === undefined || change.op === 'destroy') return plan;
  const more = derivedValues(rules.options, change, context);
  if (isSetError(more)) return Refused.by(more, group);
  if (more === undefined) return plan;
  const { layout } = rules;
  const after = [...plan.after];
  layout.putPlain(after, more);
  const slots = new Set(plan.slots);
  for (const name of Object.keys(more)) {
    const { slot } = layout.slotOfName(name);
    if (slot === layout.statusSlot) {
      throw new SnmpError('SNMP_STORED_VALUE', `${name}: the status of a row is not derived`);
    }
    slots.add(slot);
  }
  return { ...plan, after, slots };
}

/** A SetError counts as answered, however it comes. */
function derivedValues(
  options: StoredTableOptions,
  change: Exclude<RowChange, { op: 'destroy' }>,
  context: CallContext,
): ReturnType<NonNullable<StoredTableOptions['derive']>> {
  try {
    return options.derive?.(change, context);
  } catch (thrown) {
    if (isSetError(thrown)) return thrown as SetError<Refusal>;
    throw thrown;
  }
}

function numberIn({ wire }: GroupChange): number {
  return wire.type === 'Integer32' ? wire.value : Number.NaN;
}
