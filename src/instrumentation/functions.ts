import type { PlainValue } from '../smi/index.js';
import type {
  NextReadings,
  RowReading,
  RowSetAnswer,
  RowVote,
  ScalarReading,
  ScalarSetAnswer,
  ScalarVote,
  UndoAnswer,
} from './answers.js';
import type { CallContext } from './call-context.js';

type Eventually<Value> = Value | PromiseLike<Value>;

interface LifecycleFunctions {
  /** When the object is loaded, and again on every new incarnation. The result is discarded. */
  new?(context: CallContext): unknown;
  /** When it is unloaded or the agent stops in order; not after a crash. */
  delete?(context: CallContext): unknown;
}

/**
 * OTP's variable instrumentation. Every function may be async; what it throws, other than a
 * SetError out of isSetOk and set, crashes the subtree's actor.
 */
export interface ScalarFunctions<Value extends PlainValue = PlainValue> extends LifecycleFunctions {
  get(context: CallContext): Eventually<ScalarReading>;
  /** Phase one: vote on `value`, which fits the SYNTAX. After noError exactly one of set, undo. */
  isSetOk?(value: Value, context: CallContext): Eventually<ScalarVote>;
  /** Phase two: do it. Any answer but noError says that nothing was changed. */
  set?(value: Value, context: CallContext): Eventually<ScalarSetAnswer>;
  /** Phase one failed elsewhere: release what isSetOk took. */
  undo?(value: Value, context: CallContext): Eventually<UndoAnswer>;
  /**
   * Phase two failed elsewhere, or this set's outcome is unknown: put back what was before. Must
   * be idempotent, and right also where `set` never took effect.
   */
  rollback?(value: Value, context: CallContext): Eventually<UndoAnswer>;
  /** Instead of rollback: the runtime reads the value in phase one and sets it back. */
  restore?: boolean;
}

/** A column and its new value, as it stands in a SET. */
export interface ColumnValue {
  readonly column: number;
  /** The column's name in the module. */
  readonly name: string;
  readonly value: PlainValue;
}

/**
 * OTP's table instrumentation: one call per row with the columns ascending. A row index is what
 * follows the column in the OID.
 */
export interface TableFunctions extends LifecycleFunctions {
  get(
    rowIndex: readonly number[],
    columns: readonly number[],
    context: CallContext,
  ): Eventually<RowReading>;
  /**
   * For each column, the instance that follows `[column, ...rowIndex]` in lexicographic order; the
   * row need not exist, the index may be empty or partial.
   */
  getNext(
    rowIndex: readonly number[],
    columns: readonly number[],
    context: CallContext,
  ): Eventually<NextReadings>;
  isSetOk?(
    rowIndex: readonly number[],
    columns: readonly ColumnValue[],
    context: CallContext,
  ): Eventually<RowVote>;
  set?(
    rowIndex: readonly number[],
    columns: readonly ColumnValue[],
    context: CallContext,
  ): Eventually<RowSetAnswer>;
  undo?(
    rowIndex: readonly number[],
    columns: readonly ColumnValue[],
    context: CallContext,
  ): Eventually<UndoAnswer>;
  rollback?(
    rowIndex: readonly number[],
    columns: readonly ColumnValue[],
    context: CallContext,
  ): Eventually<UndoAnswer>;
  restore?: boolean;
}
