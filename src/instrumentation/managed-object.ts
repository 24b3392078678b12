import type { ColumnObject, ScalarObject, TableObject } from '../mib/index.js';
import type { ErrorStatus, Oid, PlainValue, SnmpValue } from '../smi/index.js';
import type { CallContext } from './call-context.js';
import type { DurableChange, KeptRow, KeptValue } from './durability.js';

/** The instrumentation did not find out, or answered what is no answer: genErr for the manager. */
export interface ReadFault {
  readonly type: 'fault';
  /** For log and observers, never for the wire. */
  readonly reason: string;
}

/** A value that fits the SYNTAX, noSuchObject, noSuchInstance, or a fault. */
export type ReadAnswer = SnmpValue | ReadFault;

/** A successor: what follows the table's entry (`[column, ...rowIndex]`) and the value there. */
export interface NextCell {
  readonly type: 'cell';
  readonly column: number;
  readonly rowIndex: Oid;
  readonly value: SnmpValue;
}

export type NextAnswer = NextCell | { readonly type: 'endOfTable' } | ReadFault;

/** Which of the four functions of a SET. */
export type SetOperation = 'isSetOk' | 'set' | 'undo' | 'rollback';

/** One varbind's part of a group. */
export interface GroupChange {
  /** Column number; 0 for a scalar. */
  readonly column: number;
  /** The object's descriptor. */
  readonly name: string;
  /** The new value, checked against the SYNTAX. */
  readonly wire: SnmpValue;
  readonly plain: PlainValue;
  /** 1-based position of the (first) varbind in the request: the error-index that is its. */
  readonly position: number;
}

/** What one call of a function is about: a scalar, or a row with its columns ascending. */
export interface SetGroup {
  readonly object: SetTarget;
  /** Empty for a scalar. */
  readonly rowIndex: Oid;
  readonly changes: readonly GroupChange[];
  /** Position of the group's first varbind in request order. */
  readonly firstPosition: number;
  /**
   * All groups of this SET that are about the same table, this one included, in the order in which
   * they are asked; for a scalar, itself alone.
   */
  readonly siblings: readonly SetGroup[];
  /** What the object wants to remember between the phases of this transaction: its ticket. */
  memo: unknown;
}

/** What came out of one function of a SET. */
export type SetAnswer =
  | { readonly kind: 'ok' }
  /** An answer by value. `position` is the varbind that it is about. */
  | { readonly kind: 'error'; readonly status: ErrorStatus; readonly position: number }
  /** No legal answer. */
  | { readonly kind: 'illegal'; readonly reason: string };

export const OK_ANSWER: SetAnswer = Object.freeze({ kind: 'ok' });

/** What a group of a SET is about, as the SET sees it. */
export interface SetTarget {
  /** Registered at this OID: the scalar's, or the table's. */
  readonly oid: Oid;
  readonly kind: 'scalar' | 'table';
  /**
   * True where reading runs no foreign code: the answer is there at once, and can be had without
   * the gate that foreign code is called through.
   */
  readonly isStored: boolean;
  /**
   * Whether a SET of it is voted on and set in the turn in which it is asked, with no effect outside
   * of the runtime.
   */
  readonly isSetAtOnce: boolean;
  /**
   * Runs one function of a SET: foreign code, called through the gate; its result goes to
   * `interpret`. A function that is absent answers at once.
   */
  operate(operation: SetOperation, group: SetGroup, context: CallContext): unknown;
  /** What a result of `operate` means. Total: takes whatever foreign code returned. */
  interpret(operation: SetOperation, group: SetGroup, returned: unknown): SetAnswer;
  /**
   * What `set` did to a group that is to outlive the process; To be asked
   * between the last `set` and `committed` or rollback.
   */
  durableChanges?(group: SetGroup): readonly DurableChange[];
  /** What functions would set back in a group, as far as it was read in phase one. */
  beforeImage?(group: SetGroup): readonly KeptValue[] | undefined;
  /** The SET that these groups belong to is committed: for objects that tell the program so. */
  committed?(groups: readonly SetGroup[]): void;
  /** Whether there is such a function. Undo and rollback of nothing differ (docs/set.md 3). */
  provides(operation: SetOperation): boolean;
}

interface Managed extends SetTarget {
  /** Whether any SET can succeed: without, every write is notWritable. */
  readonly isWritable: boolean;
  /** OTP's new and delete; may throw and reject: called through the gate. */
  create(context: CallContext): unknown;
  destroy(context: CallContext): unknown;
  /** After a crash of the process: makes `before` the ticket of a group that is to be rolled back. */
  recall?(group: SetGroup, before: readonly KeptValue[] | undefined): void;
  /**
   * It is about to be served: what the program holds of it (`scalar.stored`, `table.stored`) speaks
   * of it from now on.
   *
   * @returns undoes that, for one that is not served after all.
   */
  attach?(): () => void;
  /** It is served, for the first time or again after `rest`: what it has may outlive the process. */
  served?(): void;
  /** Takes over what is kept by the object that it replaces, as far as name and SYNTAX agree. */
  inherit?(predecessor: ManagedObject): void;
  /**
   * All of it, as a SET replaces it by these rows: an import. undefined where nothing of it is kept.
   *
   * @throws SnmpError SNMP_STATE_IMPORT for what it cannot have.
   */
  replacement?(rows: readonly KeptRow[]): SetTarget | undefined;
  /** Unloaded or replaced: what the program still does to it by its handle is not kept. */
  release?(): void;
  /**
   * Unregistered: no timer is to be left behind, also where its actor went without `delete`; and
   * what is kept may be another's from now on.
   */
  rest?(): void;
}

export interface ManagedScalar extends Managed {
  readonly kind: 'scalar';
  readonly definition: ScalarObject;
  /** May run foreign code (unless isStored); the result goes to `interpretRead`. */
  read(context: CallContext): unknown;
  interpretRead(returned: unknown): ReadAnswer;
}

export interface ManagedTable extends Managed {
  readonly kind: 'table';
  readonly definition: TableObject;
  /** By column number, all columns of the module. BOUNDED by the table's definition. */
  readonly columns: ReadonlyMap<number, ColumnObject>;
  /** Numbers of the columns that can be read, ascending. */
  readonly readable: readonly number[];
  /** Whether a manager may make rows: a read-create column with which to do so. */
  readonly createsRows: boolean;
  /**
   * Of a table that AUGMENTS one whose rows the runtime keeps (RFC 2578 7.8): the table whose rows
   * these are. A SET of its columns is a SET of that table's rows.
   */
  readonly augments?: AugmentedTable;
  readRow(rowIndex: Oid, columns: readonly number[], context: CallContext): unknown;
  /** @returns one answer per column asked for, in that order. */
  interpretRow(returned: unknown, columns: readonly number[]): readonly ReadAnswer[];
  readNext(rowIndex: Oid, columns: readonly number[], context: CallContext): unknown;
  interpretNext(
    returned: unknown,
    rowIndex: Oid,
    columns: readonly number[],
  ): readonly NextAnswer[];
  /** The rest where isStored: straight to the cells. */
  readonly cells?: StoredCells;
}

/** Where the columns of an augmenting table are. */
export interface AugmentedTable {
  /** The table that has the rows, as it is served now. */
  table(): ManagedTable;
  /** The number that a column has in groups of that table. */
  columnIn(column: number): number;
}

/** Reads of a stored table: no foreign code, no promise, no copy of the row. */
export interface StoredCells {
  /** A readable column's value in a row; noSuchInstance where row or cell are missing. */
  get(column: number, rowIndex: Oid): SnmpValue;
  /**
   * The first cell after (column, rowIndex) in lexicographic order over the readable columns:
   * further down the column, then in the next columns. `column` need not exist, `rowIndex` may be
   * empty or partial. A cell whose value is noSuchInstance is a place to go on from.
   */
  next(column: number, rowIndex: Oid): NextCell | undefined;
}

export type ManagedObject = ManagedScalar | ManagedTable;
