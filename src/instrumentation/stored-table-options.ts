import type { TableObject } from '../mib/index.js';
import type { Oid } from '../smi/index.js';
import type { ColumnError, Refusal, SetError } from './answers.js';
import type { CallContext } from './call-context.js';
import type { PlainRow } from './row-layout.js';

type Eventually<Value> = Value | PromiseLike<Value>;

/** A column or an INDEX object, by descriptor. */
export type ColumnName<Row extends object> = keyof Row & string;

/** Which row: its INDEX objects (other properties are passed over), or what follows the column. */
export type RowKey<Row extends object = PlainRow> = Partial<Row> | Oid;

interface RowChangeFacts<Row extends object> {
  /** The INDEX objects. */
  readonly index: Partial<Row>;
  /** Names of the columns in the SET, ascending by column; the same value again counts too. */
  readonly written: readonly ColumnName<Row>[];
}

/**
 * What a SET does to one row. `before` and `after` have the INDEX objects and every column that
 * has a value; RowStatus reads active, notInService or notReady there.
 */
export type RowChange<Row extends object = PlainRow> =
  | (RowChangeFacts<Row> & { readonly op: 'create'; readonly after: Row })
  | (RowChangeFacts<Row> & { readonly op: 'update'; readonly before: Row; readonly after: Row })
  | (RowChangeFacts<Row> & { readonly op: 'destroy'; readonly before: Row });

/** What RFC 2579 leaves to the agent about RowStatus. */
export interface RowStatusOptions<Row extends object = PlainRow> {
  /** Whether rows can be made in steps; default true. Without: wrongValue. */
  readonly createAndWait?: boolean;
  /** Whether an active row can be taken out of service; default as createAndWait. Without: wrongValue. */
  readonly notInService?: boolean;
  /** Whether writing a column makes the row that is not there; default false: inconsistentName. */
  readonly implicitCreate?: boolean;
  /**
   * Whether a row whose required columns have values has all else that it needs; default yes.
   * Without, it is notReady. Looks at what `derive` has made of the row; the INDEX objects are not
   * in it. A row that is active stays so.
   */
  isComplete?(row: Row): boolean;
  /** Columns that may not be written while the row is active before and after the SET. */
  readonly frozenWhileActive?: readonly ColumnName<Row>[];
  /** Whether an active row is in use: then it can neither be destroyed nor taken out of service. */
  isBusy?(row: Row): boolean;
  /**
   * How long a row that a manager made or took out of service may stay so, untouched, before it is
   * removed; default 300 000, as RFC 2579 suggests; Infinity: for ever. Rows of the program, and
   * permanent and readOnly ones, stay.
   */
  readonly abandonedRowMs?: number;
}

/** Row is told from `rows`, if not given; then it has the properties that those have. */
export interface StoredTableOptions<Row extends object = PlainRow> {
  /**
   * What it starts with. As `insert`: each has its INDEX objects and its columns, by descriptor.
   * Read each time the table is loaded. With a state directory: rows that outlive the process are
   * begun with the first time only; after that, what was kept of the table goes before.
   */
  readonly rows?: Iterable<Row>;
  /**
   * What new rows get where nobody says; before the DEFVAL. Read-only columns of a table whose rows
   * managers make get a default of their type where neither says (RFC 2579, Interaction 2a).
   */
  readonly defaults?: Partial<NoInfer<Row>>;
  /** read-create columns without default that a row may lack and still be active. */
  readonly optional?: readonly ColumnName<NoInfer<Row>>[];
  readonly rowStatus?: RowStatusOptions<NoInfer<Row>>;
  /**
   * What a manager gets who would make a row permanent or readOnly, or create it so; default
   * wrongValue, as RFC 2579 StorageType says of the first.
   */
  readonly permanentRefusal?: 'wrongValue' | 'inconsistentValue';
  /**
   * Whether rows that are nonVolatile, permanent or readOnly (all rows, where the table has no
   * StorageType) outlive the process. Default: where the agent has a state directory.
   */
  readonly durable?: boolean;
  /**
   * Names of values that belong to a row and that no manager can ask for: octets that are no
   * columns. They are set by `derive` and by the program, kept, rolled back and restored with the
   * row, and left out of an export of the state. Default none.
   */
  readonly hidden?: readonly string[];
  /**
   * Tables that AUGMENT this one (RFC 2578 7.8), as a compiled module has them: their columns are of
   * the same rows, for all of these options too. What is given for such a table is
   * `augmentation()` of this one.
   */
  readonly augmentedBy?: readonly TableObject[];
  /** With so many rows managers can make no more: resourceUnavailable. Default 1 000 000. */
  readonly maxRows?: number;
  /**
   * Columns that follow from what a manager writes, such as a count of writes: what it returns
   * is stored with the SET, and rolled back with it. Called in phase one; not for destroyed rows.
   * `after` has the status that the row gets if it is complete. A SetError, returned or thrown,
   * refuses the SET at that column of this row.
   */
  derive?(
    change: Exclude<RowChange<NoInfer<Row>>, { op: 'destroy' }>,
    context: CallContext,
  ): Partial<NoInfer<Row>> | SetError<Refusal> | undefined;
  /**
   * Phase one: vote on all that a SET does to this table, at once, after the runtime's own checks.
   * Nothing, or noError, is yes. The error-index is the varbind of the named column, in the first
   * row that has it; without one, the first of this table. What it throws, other than a SetError,
   * crashes the subtree's actor.
   */
  isSetOk?(
    changes: readonly RowChange<NoInfer<Row>>[],
    context: CallContext,
  ): Eventually<'noError' | ColumnError<Refusal> | SetError<Refusal> | void>;
  /**
   * Whether `agent.importState` may bring this row: what it returns says why not, and all of the
   * import is refused. Asked besides the runtime's own checks; isSetOk is not asked there. Default:
   * any row.
   *
   * @param count - how many rows the import has for the table.
   */
  importFault?(row: NoInfer<Row>, count: number): string | undefined;
}

export interface StoredTableEvents<Row extends object> {
  /** A manager's SET was committed; never empty. */
  change: [changes: readonly RowChange<Row>[]];
  /** A SET had changed the row with this INDEX and was rolled back; `change` is not told of it. */
  rolledBack: [index: Partial<Row>];
  /**
   * All kept rows were replaced by an import of the state, or put back where that failed; `change` is
   * not told of them.
   */
  replaced: [];
  /** A row was removed because a manager left it notReady or notInService for too long. */
  abandoned: [row: Row];
}

/** All keys, each once: one that is missing here, or one too many, does not compile. */
function keysOf<Options>(keys: Readonly<Record<keyof Options, true>>): readonly string[] {
  return Object.keys(keys);
}

/** What `table.stored` reads. */
export const STORED_TABLE_KEYS = keysOf<StoredTableOptions>({
  rows: true,
  defaults: true,
  optional: true,
  rowStatus: true,
  permanentRefusal: true,
  durable: true,
  hidden: true,
  augmentedBy: true,
  maxRows: true,
  derive: true,
  isSetOk: true,
  importFault: true,
});

export const ROW_STATUS_KEYS = keysOf<RowStatusOptions>({
  createAndWait: true,
  notInService: true,
  implicitCreate: true,
  isComplete: true,
  frozenWhileActive: true,
  isBusy: true,
  abandonedRowMs: true,
});
