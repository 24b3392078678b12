import { isPromiseLike, SnmpError, tamed } from '../base/index.js';
import type { Clock } from '../base/index.js';
import type { ColumnObject, TableObject } from '../mib/index.js';
import {
  formatOid,
  isException,
  NO_SUCH_INSTANCE,
  NO_SUCH_OBJECT,
  type Oid,
  type PlainValue,
} from '../smi/index.js';
import { genErr, noSuchInstance, type NoValue, type ReadError, type SetError } from './answers.js';
import type { CallContext } from './call-context.js';
import { checkWriters } from './check-writers.js';
import { FunctionTable } from './function-table.js';
import type {
  LifecycleFunctions,
  TableFunctions,
  TableShape,
  TableWritersOf,
} from './functions.js';
import type {
  ManagedTable,
  NextAnswer,
  ReadAnswer,
  ReadFault,
  SetAnswer,
  SetGroup,
  SetOperation,
} from './managed-object.js';
import type { BindingEnvironment, TypedTableSpec } from './object-spec.js';
import { interpretReading, readFault } from './read-interpretation.js';
import { encodeRowIndex } from './row-index.js';
import { keptIndex, StoredRows, type KeptIndex } from './stored-rows.js';
import { isWritable } from './table-columns.js';

type Eventually<Value> = Value | PromiseLike<Value>;

const DEFAULT_MAX_AGE_MS = 1000;
const END_OF_TABLE: NextAnswer = Object.freeze({ type: 'endOfTable' });

/** The rows of a computed table, and how long they are kept. */
export interface ComputedRows<Row extends object = object> {
  /**
   * All rows, in any order, as objects by descriptor, INDEX objects included; what is undefined
   * or not there reads noSuchInstance, what does not fit the SYNTAX genErr; what else they have is
   * passed over.
   *
   * `genErr`, or a SetError, returned or thrown: they could not be found out. The manager gets
   * genErr, and the next read asks again. Anything else that it throws, or a row that has no legal
   * index or another's, crashes the subtree's actor.
   *
   * @param context - of the read that needs them. Others that need them meanwhile share the result.
   */
  rows(context: CallContext): Eventually<Iterable<Row> | ReadError | SetError>;
  /**
   * How old rows may be that are read, counted from when they were there; default 1000. 0: rows are
   * read anew for every read that finds the last ones there already.
   */
  readonly maxAgeMs?: number;
}

/** A computed table's rows, and what SETs of it come to: those functions are the author's. */
export type ComputedTableOptions<
  Row extends object = object,
  Shape extends TableShape = TableShape,
> = ComputedRows<Row> & LifecycleFunctions & TableWritersOf<Shape>;

/** What `table.computed` returns. */
export type ComputedTable<
  Row extends object = object,
  Shape extends TableShape = TableShape,
> = TypedTableSpec<Row, Shape>;

type ComputedRow = Readonly<Record<string, unknown>>;
type Snapshot = StoredRows<ComputedRow>;
/** What `rows` came to: rows, or that they could not be found out. */
type Taken = Snapshot | ReadFault;

/** A computed table, as the agent sees it. Its SET functions, if any, are the author's. */
class ComputedTableObject implements ManagedTable {
  readonly kind = 'table';
  readonly isStored = false;
  readonly isWritable: boolean;
  readonly createsRows: boolean;
  readonly definition: TableObject;
  readonly oid: Oid;
  readonly columns: ReadonlyMap<number, ColumnObject>;
  readonly readable: readonly number[];
  readonly #options: ComputedTableOptions;
  readonly #clock: Clock;
  readonly #functions: FunctionTable;
  readonly #maxAgeMs: number;
  #snapshot: Snapshot | undefined;
  #takenMs = 0;
  #refreshing: Promise<Taken> | undefined;

  constructor(definition: TableObject, options: ComputedTableOptions, clock: Clock) {
    this.definition = definition;
    this.oid = definition.oid;
    this.#options = options;
    this.#clock = clock;
    this.#maxAgeMs = options.maxAgeMs ?? DEFAULT_MAX_AGE_MS;
    this.#functions = new FunctionTable(definition, this.#tableFunctions());
    this.columns = this.#functions.columns;
    this.readable = this.#functions.readable;
    this.isWritable = this.#functions.isWritable;
    this.createsRows = this.#functions.createsRows;
  }

  create(context: CallContext): unknown {
    // A refresh that never ended may be what the last incarnation went down by.
    this.#forget();
    return this.#functions.create(context);
  }

  destroy(context: CallContext): unknown {
    this.#forget();
    return this.#functions.destroy(context);
  }

  readRow(rowIndex: Oid, columns: readonly number[], context: CallContext): unknown {
    return this.#withRows(context, (rows) => {
      if (isFault(rows)) return columns.map(() => rows);
      const row = rows.get(rowIndex);
      return columns.map((column) =>
        row === undefined ? NO_SUCH_INSTANCE : this.#cell(column, rowIndex, row),
      );
    });
  }

  interpretRow(returned: unknown): readonly ReadAnswer[] {
    return returned as readonly ReadAnswer[];
  }

  readNext(rowIndex: Oid, columns: readonly number[], context: CallContext): unknown {
    return this.#withRows(context, (rows) =>
      columns.map((column) => (isFault(rows) ? rows : this.#successor(rows, column, rowIndex))),
    );
  }

  interpretNext(returned: unknown): readonly NextAnswer[] {
    return returned as readonly NextAnswer[];
  }

  provides(operation: SetOperation): boolean {
    return this.#functions.provides(operation);
  }

  operate(operation: SetOperation, group: SetGroup, context: CallContext): unknown {
    const returned = this.#functions.operate(operation, group, context);
    if (operation !== 'set' && operation !== 'rollback') return returned;
    // What was read before a change must not be read after it.
    const forget = (answer: unknown): unknown => {
      this.#forget();
      return answer;
    };
    return isPromiseLike(returned) ? tamed(returned).then(forget) : forget(returned);
  }

  interpret(operation: SetOperation, group: SetGroup, returned: unknown): SetAnswer {
    return this.#functions.interpret(operation, group, returned);
  }

  /** Calls `read` with rows that are young enough: at once where there are such. */
  #withRows<Answer>(
    context: CallContext,
    read: (rows: Taken) => Answer,
  ): Answer | PromiseLike<Answer> {
    const fresh = this.#fresh();
    if (fresh !== undefined) return read(fresh);
    if (this.#refreshing !== undefined) return this.#refreshing.then(read);
    const rows = this.#options.rows(context);
    if (!isPromiseLike(rows)) return read(this.#keep(this.#build(rows)));
    const refreshing = tamed(rows).then((taken) => this.#build(taken));
    this.#refreshing = refreshing;
    return refreshing.then(
      (taken) => {
        if (this.#endRefresh(refreshing)) this.#keep(taken);
        return read(taken);
      },
      (error: unknown) => {
        this.#endRefresh(refreshing);
        throw error;
      },
    );
  }

  /** Ends a refresh. @returns whether it still counts; what was forgotten meanwhile does not. */
  #endRefresh(refreshing: Promise<Taken>): boolean {
    if (this.#refreshing !== refreshing) return false;
    this.#refreshing = undefined;
    return true;
  }

  /** A failure is not kept: the next read tries again. */
  #keep(taken: Taken): Taken {
    if (isFault(taken)) return taken;
    this.#snapshot = taken;
    this.#takenMs = this.#clock.nowMs();
    return taken;
  }

  #forget(): void {
    this.#snapshot = undefined;
    this.#refreshing = undefined;
  }

  #fresh(): Snapshot | undefined {
    if (this.#snapshot === undefined) return undefined;
    return this.#clock.nowMs() - this.#takenMs < this.#maxAgeMs ? this.#snapshot : undefined;
  }

  #build(rows: Iterable<object> | ReadError | SetError): Taken {
    const { index, name } = this.definition;
    if (isFailure(rows)) return readFault(`${name}: rows answered ${rows.error}`);
    const keys: KeptIndex[] = [];
    const kept: ComputedRow[] = [];
    for (const row of rows as Iterable<ComputedRow>) {
      const values = index.map(({ object }) => row[object]);
      keys.push(keptIndex(encodeRowIndex(index, values)));
      kept.push(row);
    }
    const snapshot: Snapshot = new StoredRows();
    const duplicate = snapshot.load(keys, kept);
    if (duplicate !== undefined) {
      throw new SnmpError('SNMP_ROW_EXISTS', `${name} has two rows ${formatOid(duplicate)}`);
    }
    return snapshot;
  }

  #cell(column: number, rowIndex: Oid, row: ComputedRow): ReadAnswer {
    const definition = this.columns.get(column);
    if (definition === undefined) return NO_SUCH_OBJECT;
    const value = row[definition.name];
    if (value === undefined) return NO_SUCH_INSTANCE;
    return interpretReading(`${definition.name}.${formatOid(rowIndex)}`, definition.syntax, value);
  }

  /** Down the column, then on in the columns after it. What has no value is passed over. */
  #successor(rows: Snapshot, asked: number, rowIndex: Oid): NextAnswer {
    for (const column of this.readable) {
      if (column < asked) continue;
      let found = column === asked ? rows.after(rowIndex) : rows.first();
      for (; found; found = rows.advance()) {
        const at = rows.rowIndex;
        const value = this.#cell(column, at, rows.row);
        if (value.type === 'fault') return value;
        if (!isException(value)) return { type: 'cell', column, rowIndex: at, value };
      }
    }
    return END_OF_TABLE;
  }

  /** The author's functions, with the `get` that `restore` reads by. */
  #tableFunctions(): TableFunctions {
    return {
      ...this.#options,
      get: (rowIndex, columns, context) =>
        this.#withRows(context, (rows) => {
          if (isFault(rows)) return genErr;
          const row = rows.get(rowIndex);
          if (row === undefined) return noSuchInstance;
          return columns.map((column) => this.#plain(row, column));
        }),
      getNext: () => [],
    };
  }

  #plain(row: ComputedRow, column: number): PlainValue | NoValue {
    const value = row[this.columns.get(column)?.name ?? ''];
    return value === undefined ? noSuchInstance : (value as PlainValue);
  }
}

function isFault(taken: Taken): taken is ReadFault {
  return 'type' in taken;
}

/** By value: rows may be any object that can be iterated, and have an `error` besides. */
function isFailure(rows: Iterable<object> | ReadError | SetError): rows is ReadError | SetError {
  return !(Symbol.iterator in rows) && 'error' in rows;
}

/** See `table.computed`. */
export function computedTable<Row extends object = object, Shape extends TableShape = TableShape>(
  options: ComputedTableOptions<NoInfer<Row>, Shape>,
): ComputedTable<Row, Shape> {
  // Whatever they are typed as: what comes out of them is interpreted, totally.
  const untyped = options as ComputedTableOptions;
  return {
    kind: 'tableSpec',
    bind(definition: TableObject, { clock }: BindingEnvironment): ManagedTable {
      const isWritableTable = definition.columns.some(({ access }) => isWritable(access));
      checkWriters(definition.name, untyped, isWritableTable);
      return new ComputedTableObject(definition, untyped, clock);
    },
  };
}
