import type { PlainValue } from '../smi/index.js';
import type {
  NextReadings,
  NextValue,
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

export interface LifecycleFunctions {
  /** When the object is loaded, and again on every new incarnation. The result is discarded. */
  new?(context: CallContext): unknown;
  /** When it is unloaded or the agent stops in order; not after a crash. */
  delete?(context: CallContext): unknown;
}

/** How a scalar is read. */
export interface ScalarReaders<Value extends PlainValue = PlainValue> extends LifecycleFunctions {
  get(context: CallContext): Eventually<ScalarReading<Value>>;
}

/** What managers' SETs of a scalar come to. */
export interface ScalarWriters<Value extends PlainValue = PlainValue> {
  /** Phase one: vote on `value`, which fits the SYNTAX. After noError exactly one of set, undo. */
  isSetOk?(value: Value, context: CallContext): Eventually<ScalarVote>;
  /** Phase two: do it. Any answer but noError says that nothing was changed. */
  set(value: Value, context: CallContext): Eventually<ScalarSetAnswer>;
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

/** Said of what the module lets managers write, and this agent does not. */
export interface ReadOnlyOnPurpose {
  /** Excludes `set`. Every write is notWritable (RFC 2580: MIN-ACCESS). */
  readOnly?: boolean;
}

/**
 * OTP's variable instrumentation. Every function may be async; what it throws, other than a
 * SetError out of isSetOk and set, crashes the subtree's actor.
 */
export interface ScalarFunctions<Value extends PlainValue = PlainValue>
  extends ScalarReaders, Partial<ScalarWriters<Value>>, ReadOnlyOnPurpose {}

/** A column and its new value, as it stands in a SET. */
export interface ColumnValue {
  readonly column: number;
  /** The column's name in the module. */
  readonly name: string;
  readonly value: PlainValue;
}

/** What is known of a table where its functions are typed: by default nothing. */
export interface TableShape {
  readonly rowIndex: readonly number[];
  /** Numbers of the columns that can be read, and their values. */
  readonly column: number;
  readonly value: PlainValue;
  readonly next: NextValue;
  /** The columns that can be written. */
  readonly written: ColumnValue;
  /** How a column is named in an answer. */
  readonly named: number | string;
  readonly writers: WritersAllowed;
}

/** What writers a table may have: any, none, or a `set` unless it is read-only on purpose. */
export type WritersAllowed = 'any' | 'none' | 'due';

/** How a table is read. */
export interface TableReaders<Shape extends TableShape = TableShape> extends LifecycleFunctions {
  get(
    rowIndex: Shape['rowIndex'],
    columns: readonly Shape['column'][],
    context: CallContext,
  ): Eventually<RowReading<Shape['value']>>;
  /**
   * For each column, the instance that follows `[column, ...rowIndex]` in lexicographic order; the
   * row need not exist, the index may be empty or partial.
   */
  getNext(
    rowIndex: readonly number[],
    columns: readonly Shape['column'][],
    context: CallContext,
  ): Eventually<NextReadings<Shape['next']>>;
}

/** What managers' SETs of a row come to. As ScalarWriters. */
export interface TableWriters<Shape extends TableShape = TableShape> {
  isSetOk?(
    rowIndex: Shape['rowIndex'],
    columns: readonly Shape['written'][],
    context: CallContext,
  ): Eventually<RowVote<Shape['named']>>;
  set(
    rowIndex: Shape['rowIndex'],
    columns: readonly Shape['written'][],
    context: CallContext,
  ): Eventually<RowSetAnswer<Shape['named']>>;
  undo?(
    rowIndex: Shape['rowIndex'],
    columns: readonly Shape['written'][],
    context: CallContext,
  ): Eventually<UndoAnswer>;
  rollback?(
    rowIndex: Shape['rowIndex'],
    columns: readonly Shape['written'][],
    context: CallContext,
  ): Eventually<UndoAnswer>;
  restore?: boolean;
}

/** The writers of a table of this shape. */
export type TableWritersOf<Shape extends TableShape> = {
  readonly any: Partial<TableWriters<Shape>> & ReadOnlyOnPurpose;
  readonly none: None<keyof TableWriters>;
  readonly due: DueOrReadOnly<TableWriters<Shape>>;
}[Shape['writers']];

/** Its functions, where it is typed. */
export type TypedTableFunctions<Shape extends TableShape> = TableReaders<Shape> &
  TableWritersOf<Shape> & { readonly kind?: never };

/** A scalar's functions, where it is typed. */
export type TypedScalarFunctions<
  Value extends PlainValue,
  Written extends PlainValue,
  Writers extends WritersAllowed,
> = ScalarReaders<Value> &
  {
    readonly any: Partial<ScalarWriters<Written>> & ReadOnlyOnPurpose;
    readonly none: None<keyof ScalarWriters>;
    readonly due: DueOrReadOnly<ScalarWriters<Written>>;
  }[Writers] & { readonly kind?: never };

type None<Names extends string> = { readonly [Name in Names]?: never };

/** What managers may write has a setter, or it is said that this agent does not let them. */
type DueOrReadOnly<Writers> =
  | (Writers & { readonly readOnly?: false })
  | (None<keyof Writers & string> & { readonly readOnly: true });

/**
 * OTP's table instrumentation: one call per row with the columns ascending. A row index is what
 * follows the column in the OID.
 */
export interface TableFunctions extends TableReaders, Partial<TableWriters>, ReadOnlyOnPurpose {}
