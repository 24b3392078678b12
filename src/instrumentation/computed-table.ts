import { isPromiseLike, requireKnownKeys, SnmpError, tamed } from '../base/index.js';
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
  ReadOnlyOnPurpose,
  TableFunctions,
  TableShape,
  TableWriters,
  TableWritersOf,
} from './functions.js';
import type {
  ManagedTable,
  NextAnswer,
  ReadAnswer,
  SetAnswer,
  SetGroup,
  SetOperation,
} from './managed-object.js';
import type { BindingEnvironment, TypedTableSpec } from './object-spec.js';
import { interpretReading, readFault } from './read-interpretation.js';
import { isFault, RefreshedRows, type RefreshTerms, type Taken } from './refreshed-rows.js';
import { encodeRowIndex } from './row-index.js';
import { keptIndex, StoredRows, type KeptIndex } from './stored-rows.js';
import { isWritable } from './table-columns.js';

type Eventually<Value> = Value | PromiseLike<Value>;

const DEFAULT_MAX_AGE_MS = 1000;
/** Less than a get may take by default (1000 ms): who waits still gets the rows that are kept. */
const DEFAULT_REFRESH_DEADLINE_MS = 800;
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
   * One call at a time (in each context), but for one that has been given up or that a SET has overtaken.
   *
   * @param context - of the read that needs them; others that need them meanwhile share the result.
   *   Where older rows serve meanwhile (`maxStaleMs`) or instead (`keep`), a context of its own: it
   *   has no requester, and its signal aborts after `refreshDeadlineMs`.
   */
  rows(context: CallContext): Eventually<Iterable<Row> | ReadError | SetError>;
  /**
   * How old rows may be that are read, counted from when they were there; default 1000. 0: rows are
   * read anew for every read that finds the last ones there already.
   */
  readonly maxAgeMs?: number;
  /**
   * Rows that are older than `maxAgeMs` by at most this, in milliseconds, are read at once while
   * new ones are fetched in the background; default 0: whoever needs rows waits for new ones. A
   * background refresh that fails is logged, and by `onFailure` ends that: the next read waits.
   */
  readonly maxStaleMs?: number;
  /**
   * Where rows cannot be read anew, by value or thrown. `genErr`, the default: as `rows` says.
   * `keep`: the last rows serve on, however old they get; each failure is logged, and rows are
   * tried again not before `maxAgeMs` has passed. Without last rows it is as with `genErr`.
   */
  readonly onFailure?: 'genErr' | 'keep';
  /**
   * How long rows may take, in milliseconds, where older ones serve meanwhile or instead; default
   * 800. What takes longer is given up and has failed. With `keep` it is to be less than the
   * subtree's `deadlines.getMs`: a read that waits longer than that crashes its actor.
   */
  readonly refreshDeadlineMs?: number;
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

/** A computed table, as the agent sees it. Its SET functions, if any, are the author's. */
class ComputedTableObject implements ManagedTable {
  readonly kind = 'table';
  readonly isStored = false;
  readonly isSetAtOnce = false;
  readonly isWritable: boolean;
  readonly createsRows: boolean;
  readonly definition: TableObject;
  readonly oid: Oid;
  readonly columns: ReadonlyMap<number, ColumnObject>;
  readonly readable: readonly number[];
  readonly #options: ComputedTableOptions;
  readonly #functions: FunctionTable;
  readonly #newRows: () => RefreshedRows<ComputedRow>;
  /** By contextName: what is read in one is not shown in another. BOUNDED by the agent's contexts. */
  readonly #rows = new Map<string, RefreshedRows<ComputedRow>>();

  constructor(
    definition: TableObject,
    options: ComputedTableOptions,
    { clock, logger }: BindingEnvironment,
  ) {
    this.definition = definition;
    this.oid = definition.oid;
    this.#options = options;
    const terms = refreshTerms(definition.name, options);
    this.#newRows = () => new RefreshedRows(terms, (context) => this.#take(context), clock, logger);
    this.#functions = new FunctionTable(definition, this.#tableFunctions());
    this.columns = this.#functions.columns;
    this.readable = this.#functions.readable;
    this.isWritable = this.#functions.isWritable;
    this.createsRows = this.#functions.createsRows;
  }

  create(context: CallContext): unknown {
    // A refresh that never ended may be what the last incarnation went down by.
    this.rest();
    return this.#functions.create(context);
  }

  destroy(context: CallContext): unknown {
    this.rest();
    return this.#functions.destroy(context);
  }

  rest(): void {
    for (const rows of this.#rows.values()) rows.forget();
  }

  readRow(rowIndex: Oid, columns: readonly number[], context: CallContext): unknown {
    return this.#rowsFor(context).with(context, (rows) => {
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
    return this.#rowsFor(context).with(context, (rows) =>
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
      for (const rows of this.#rows.values()) rows.invalidate();
      return answer;
    };
    return isPromiseLike(returned) ? tamed(returned).then(forget) : forget(returned);
  }

  interpret(operation: SetOperation, group: SetGroup, returned: unknown): SetAnswer {
    return this.#functions.interpret(operation, group, returned);
  }

  #rowsFor({ contextName }: CallContext): RefreshedRows<ComputedRow> {
    const known = this.#rows.get(contextName);
    if (known !== undefined) return known;
    const rows = this.#newRows();
    this.#rows.set(contextName, rows);
    return rows;
  }

  #take(context: CallContext): Eventually<Taken<ComputedRow>> {
    const rows = this.#options.rows(context);
    return isPromiseLike(rows)
      ? tamed(rows).then((taken) => this.#build(taken))
      : this.#build(rows);
  }

  #build(rows: Iterable<object> | ReadError | SetError): Taken<ComputedRow> {
    const { index, name } = this.definition;
    if (isFailure(rows)) return readFault(`${name}: rows answered ${rows.error}`);
    const keys: KeptIndex[] = [];
    const kept: ComputedRow[] = [];
    for (const row of rows as Iterable<ComputedRow>) {
      const values = index.map(({ object }) => row[object]);
      keys.push(keptIndex(encodeRowIndex(index, values)));
      kept.push(row);
    }
    const snapshot = new StoredRows<ComputedRow>();
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
  #successor(rows: StoredRows<ComputedRow>, asked: number, rowIndex: Oid): NextAnswer {
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
        this.#rowsFor(context).with(context, (rows) => {
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

/** @throws SnmpError SNMP_OPTION_INVALID */
function refreshTerms(name: string, options: ComputedTableOptions): RefreshTerms {
  const {
    maxAgeMs = DEFAULT_MAX_AGE_MS,
    maxStaleMs = 0,
    onFailure = 'genErr',
    refreshDeadlineMs = DEFAULT_REFRESH_DEADLINE_MS,
  } = options;
  const terms = { maxAgeMs, maxStaleMs, refreshDeadlineMs };
  for (const [option, milliseconds] of Object.entries(terms)) {
    if (milliseconds >= 0) continue;
    const got = String(milliseconds);
    throw new SnmpError('SNMP_OPTION_INVALID', `${name}: ${option} must not be ${got}`);
  }
  return { name, onFailure, ...terms };
}

/** By value: rows may be any object that can be iterated, and have an `error` besides. */
function isFailure(rows: Iterable<object> | ReadError | SetError): rows is ReadError | SetError {
  return !(Symbol.iterator in rows) && 'error' in rows;
}

/** All keys, each once: one that is missing here, or one too many, does not compile. */
const OPTIONS: Readonly<
  Record<keyof (ComputedRows & LifecycleFunctions & TableWriters & ReadOnlyOnPurpose), true>
> = {
  rows: true,
  maxAgeMs: true,
  maxStaleMs: true,
  onFailure: true,
  refreshDeadlineMs: true,
  isSetOk: true,
  set: true,
  undo: true,
  rollback: true,
  restore: true,
  readOnly: true,
  new: true,
  delete: true,
};

/** Held to that are options as they are written down: an object of a class may have more. */
function requireKnownOptions(options: object): void {
  const prototype: unknown = Object.getPrototypeOf(options);
  if (prototype !== Object.prototype && prototype !== null) return;
  requireKnownKeys('table.computed', options, Object.keys(OPTIONS));
}

/**
 * See `table.computed`.
 *
 * @throws SnmpError SNMP_OPTION_INVALID
 */
export function computedTable<Row extends object = object, Shape extends TableShape = TableShape>(
  options: ComputedTableOptions<NoInfer<Row>, Shape>,
): ComputedTable<Row, Shape> {
  requireKnownOptions(options);
  // Whatever they are typed as: what comes out of them is interpreted, totally.
  const untyped = options as ComputedTableOptions;
  return {
    kind: 'tableSpec',
    bind(definition: TableObject, environment: BindingEnvironment): ManagedTable {
      const isWritableTable = definition.columns.some(({ access }) => isWritable(access));
      checkWriters(definition.name, untyped, isWritableTable);
      return new ComputedTableObject(definition, untyped, environment);
    },
  };
}
