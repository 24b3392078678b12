import { assertNever } from '../base/index.js';
import type { ColumnObject, TableObject } from '../mib/index.js';
import { equalOids, type Oid } from '../smi/index.js';
import type { AbandonedRows } from './abandoned-rows.js';
import { SetError } from './answers.js';
import type { CallContext } from './call-context.js';
import {
  OK_ANSWER,
  type GroupChange,
  type ManagedObject,
  type ManagedTable,
  type NextAnswer,
  type ReadAnswer,
  type SetAnswer,
  type SetGroup,
  type SetOperation,
  type SetTarget,
} from './managed-object.js';
import type { DurableChange, KeptRow } from './durability.js';
import type { KeptRows } from './kept-rows.js';
import { ReplacedContent } from './replaced-content.js';
import { ReplacedRows } from './replaced-rows.js';
import { ROW_STATUS } from './row-status.js';
import { describeChange, planRow, Refused, withCells, type RowPlan } from './row-plan.js';
import type { StoredRow } from './row-layout.js';
import { inheritRows } from './inherit-rows.js';
import { interpretSetAnswer } from './set-interpretation.js';
import type { RowCells } from './stored-cells.js';
import type { RowChange } from './stored-table-options.js';
import type { AppliedRow } from './unsure-rows.js';
import { columnsByNumber, isWritable, readableColumns } from './table-columns.js';
import { STORAGE_TYPE, type TableRules } from './table-rules.js';

const END_OF_TABLE: NextAnswer = Object.freeze({ type: 'endOfTable' });

/** A group's ticket. */
interface Ticket {
  readonly plan: RowPlan;
  /** What `set` did; absent before it. */
  applied?: AppliedRow;
}

/** What the table tells the program's side of it. */
interface ProgramSide {
  attach(): () => void;
  served(): void;
  /** The rows are those of one that was not served: what is kept may be something else. */
  tookOver(): void;
  rest(): void;
  release(): void;
  changed(changes: readonly RowChange[]): void;
  rolledBack(rowIndex: Oid): void;
  replaced(): void;
}

/** A table whose rows the runtime keeps, as the agent sees it. */
export class StoredTableObject implements ManagedTable {
  readonly kind = 'table';
  readonly isStored = true;
  readonly isSetAtOnce: boolean;
  readonly isWritable: boolean;
  readonly createsRows: boolean;
  readonly definition: TableObject;
  readonly oid: Oid;
  readonly columns: ReadonlyMap<number, ColumnObject>;
  readonly readable: readonly number[];
  readonly cells: RowCells;
  readonly #rules: TableRules;
  readonly #abandoned: AbandonedRows;
  readonly #kept: KeptRows;
  readonly #program: ProgramSide;

  constructor(
    rules: TableRules,
    cells: RowCells,
    abandoned: AbandonedRows,
    kept: KeptRows,
    program: ProgramSide,
  ) {
    const definition = rules.layout.table;
    this.definition = definition;
    this.oid = definition.oid;
    this.columns = columnsByNumber(definition);
    this.readable = readableColumns(definition);
    this.isWritable = definition.columns.some(({ access }) => isWritable(access));
    this.createsRows = rules.managersCreate;
    this.isSetAtOnce = rules.options.isSetOk === undefined;
    this.cells = cells;
    this.#rules = rules;
    this.#abandoned = abandoned;
    this.#kept = kept;
    this.#program = program;
  }

  attach(): () => void {
    return this.#program.attach();
  }

  served(): void {
    this.#program.served();
  }

  release(): void {
    this.#program.release();
  }

  inherit(predecessor: ManagedObject): void {
    if (!(predecessor instanceof StoredTableObject)) return;
    const { unfinished, isSame } = inheritRows(this.#rules, this.cells, predecessor.cells);
    this.#abandoned.inherit(predecessor.#abandoned, unfinished);
    if (predecessor.#kept.isPaused) this.#program.tookOver();
    if (isSame && equalOids(this.oid, predecessor.oid)) return;
    for (const [rowIndex, row] of this.cells.entries()) this.#kept.note(rowIndex, row);
  }

  /** The rows are there already: they outlive every actor. */
  create(): void {
    this.#abandoned.start();
  }

  destroy(): void {
    this.#abandoned.stop();
  }

  rest(): void {
    this.#program.rest();
  }

  readRow(rowIndex: Oid, columns: readonly number[]): readonly ReadAnswer[] {
    return columns.map((column) => this.cells.get(column, rowIndex));
  }

  interpretRow(returned: unknown): readonly ReadAnswer[] {
    return returned as readonly ReadAnswer[];
  }

  readNext(rowIndex: Oid, columns: readonly number[]): readonly NextAnswer[] {
    return columns.map((column) => this.cells.next(column, rowIndex) ?? END_OF_TABLE);
  }

  interpretNext(returned: unknown): readonly NextAnswer[] {
    return returned as readonly NextAnswer[];
  }

  provides(): boolean {
    return true;
  }

  operate(operation: SetOperation, group: SetGroup, context: CallContext): unknown {
    switch (operation) {
      case 'isSetOk':
        return this.#vote(group, context);
      case 'set':
        return this.#apply(group);
      case 'undo':
        return 'noError';
      case 'rollback':
        return this.#rollBack(group);
      default:
        return assertNever(operation);
    }
  }

  interpret(operation: SetOperation, group: SetGroup, returned: unknown): SetAnswer {
    if (returned === 'noError') return OK_ANSWER;
    if (returned instanceof Refused) return returned.answer;
    return operation === 'isSetOk'
      ? interpretVote(group, returned)
      : interpretSetAnswer(operation, group, returned);
  }

  replacement(rows: readonly KeptRow[]): SetTarget | undefined {
    if (!this.#kept.isOn) return undefined;
    const content = new ReplacedRows(this.#rules, this.cells, this.#abandoned, this.#kept, rows);
    return new ReplacedContent(this.oid, 'table', content, () => this.#program.replaced());
  }

  durableChanges(group: SetGroup): readonly DurableChange[] {
    const applied = this.#kept.isOn ? ticketOf(group)?.applied : undefined;
    if (applied === undefined) return [];
    const before = this.#kept.toWrite(group.rowIndex, applied.before);
    const after = this.#kept.toWrite(group.rowIndex, applied.after);
    return before.values === undefined && after.values === undefined ? [] : [{ before, after }];
  }

  /**
   * To be called when a SET is sure, after the last `set`, with its groups of this table: tells
   * the program what changed. Not a phase: it cannot fail.
   */
  committed(groups: readonly SetGroup[]): void {
    const changes: RowChange[] = [];
    for (const group of groups) {
      const ticket = ticketOf(group);
      group.memo = undefined;
      if (ticket?.applied === undefined) continue;
      this.cells.unsure.settle(ticket.applied);
      const { before, after } = ticket.applied;
      const plan = { ...ticket.plan, before, after };
      const change = describeChange(this.#rules, group, plan);
      if (change !== undefined) changes.push(change);
    }
    if (changes.length > 0) this.#program.changed(changes);
  }

  /** The runtime's checks of this row; after the last row's, the program's of them all. */
  #vote(group: SetGroup, context: CallContext): unknown {
    const earlier = group.siblings.slice(0, group.siblings.indexOf(group));
    const newRows = earlier.filter((sibling) => ticketOf(sibling)?.plan.op === 'create').length;
    group.memo = undefined;
    const plan = planRow(this.#rules, this.cells, group, context, newRows);
    if (plan instanceof Refused) return plan;
    group.memo = { plan } satisfies Ticket;
    // A row that a manager is at is not abandoned: it must not go between the vote and the set.
    if (this.#abandoned.has(group.rowIndex)) this.#abandoned.touch(group.rowIndex);
    const { options } = this.#rules;
    if (options.isSetOk === undefined || group !== group.siblings.at(-1)) return 'noError';
    const changes: RowChange[] = [];
    for (const sibling of group.siblings) {
      const ticket = ticketOf(sibling);
      if (ticket === undefined) return 'noError'; // Refused already: the program need not look.
      const change = describeChange(this.#rules, sibling, ticket.plan);
      if (change !== undefined) changes.push(change);
    }
    return changes.length === 0 ? 'noError' : options.isSetOk(changes, context);
  }

  /**
   * Does what was planned. The program may have changed the row since the vote: then only the
   * cells that the SET is about change, and a row that came or went meanwhile is commitFailed.
   */
  #apply(group: SetGroup): unknown {
    const ticket = ticketOf(group);
    if (ticket === undefined) return new Refused('commitFailed', group.firstPosition);
    const { plan } = ticket;
    const before = this.cells.row(group.rowIndex);
    if ((before === undefined) !== (plan.before === undefined)) {
      return new Refused('commitFailed', group.firstPosition);
    }
    const after =
      before === plan.before || before === undefined || plan.after === undefined
        ? plan.after
        : withCells(before, plan.after, plan.slots);
    this.#put(group.rowIndex, after);
    ticket.applied = { rowIndex: group.rowIndex, before, after };
    this.cells.unsure.add(ticket.applied);
    return 'noError';
  }

  /** Puts back what `set` found; of a row that the program changed since, the SET's cells only. */
  #rollBack(group: SetGroup): unknown {
    const ticket = ticketOf(group);
    const applied = ticket?.applied;
    group.memo = undefined;
    if (ticket === undefined || applied === undefined) return 'noError';
    this.cells.unsure.takeBack(applied);
    const now = this.cells.row(group.rowIndex);
    if (now === applied.after) this.#put(group.rowIndex, applied.before);
    else if (now !== undefined && applied.before !== undefined && applied.after !== undefined) {
      this.#put(group.rowIndex, withCells(now, applied.before, ticket.plan.slots));
    }
    this.#program.rolledBack(group.rowIndex);
    return 'noError';
  }

  #put(rowIndex: Oid, row: StoredRow | undefined): void {
    if (row === undefined) this.cells.remove(rowIndex);
    else this.cells.put(rowIndex, row);
    if (row !== undefined && this.#canBeAbandoned(row)) this.#abandoned.touch(rowIndex);
    else this.#abandoned.forget(rowIndex);
  }

  #canBeAbandoned(row: StoredRow): boolean {
    const { statusSlot, storageSlot } = this.#rules.layout;
    if (statusSlot === undefined || row[statusSlot] === ROW_STATUS.active) return false;
    const storage = storageSlot === undefined ? undefined : row[storageSlot];
    return storage !== STORAGE_TYPE.permanent && storage !== STORAGE_TYPE.readOnly;
  }
}

function ticketOf(group: SetGroup): Ticket | undefined {
  return group.memo as Ticket | undefined;
}

/**
 * What the program's isSetOk answered about all rows. It names a column, not a row: the varbind is
 * that of the first row that has the column in this SET, else the first of the table's.
 */
function interpretVote(group: SetGroup, returned: unknown): SetAnswer {
  if (returned === undefined) return OK_ANSWER;
  const isError = returned instanceof SetError;
  if (!isError && (typeof returned !== 'object' || returned === null || !('error' in returned))) {
    return interpretSetAnswer('isSetOk', group, returned);
  }
  const named = 'column' in returned ? returned.column : undefined;
  let owner: SetGroup | undefined;
  let first: GroupChange | undefined;
  for (const sibling of group.siblings) {
    for (const change of sibling.changes) {
      const isNamed = change.column === named || change.name === named;
      if (isNamed) {
        return interpretSetAnswer('isSetOk', sibling, { error: returned.error, column: named });
      }
      if (first === undefined || change.position < first.position) {
        first = change;
        owner = sibling;
      }
    }
  }
  return interpretSetAnswer('isSetOk', owner ?? group, {
    error: returned.error,
    column: first?.column,
  });
}
