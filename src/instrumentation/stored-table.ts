import { Emitter, requireKnownKeys, SnmpError } from '../base/index.js';
import type { TableObject } from '../mib/index.js';
import { AbandonedRows } from './abandoned-rows.js';
import type { ManagedTable } from './managed-object.js';
import { KeptGate } from './kept-gate.js';
import { KeptRows } from './kept-rows.js';
import { AugmentingTable } from './augmenting-table.js';
import type { BindingEnvironment, TableSpec, TypedTableSpec } from './object-spec.js';
import { ProgramRows } from './program-rows.js';
import { RowLayout, type PlainRow } from './row-layout.js';
import { RowCells } from './stored-cells.js';
import { StoredTableObject } from './stored-table-object.js';
import {
  ROW_STATUS_KEYS,
  STORED_TABLE_KEYS,
  type RowKey,
  type StoredTableEvents,
  type StoredTableOptions,
} from './stored-table-options.js';
import { TableRules } from './table-rules.js';

/** RFC 2579 RowStatus: "approximately 5 minutes" where the module does not say. */
const DEFAULT_ABANDONED_ROW_MS = 300_000;

/**
 * A table whose rows the runtime keeps: what `table.stored` returns. To be given to `agent.load`;
 * once that has bound it, the program may read and change the rows too. All of it throws SnmpError
 * SNMP_STORED_UNBOUND before that, SNMP_STORED_VALUE for a value that does not fit and
 * SNMP_ROW_INDEX for an index that no row can have; whatever throws changes nothing. Loaded a second
 * time it begins again with the rows of its options, and this speaks of those. Reloaded it goes on
 * with the rows that are there, as far as INDEX and SYNTAX are the same (see `agent.reload`).
 *
 * The program's own changes ask no isSetOk and emit no event. RowStatus: a row without one is
 * active; notInService and notReady are told apart by whether a required column is missing.
 *
 * (NoInfer stands where functions of a table have the same name: where either is expected, as in a
 * subtree, Row must not be told from what the others' functions answer.)
 */
export interface StoredTable<in out Row extends object = PlainRow>
  extends Pick<TypedTableSpec<Row>, 'kind' | 'bind' | 'rowType'>, Iterable<Row> {
  /** How many rows there are. */
  readonly size: number;
  /** @throws SnmpError SNMP_ROW_EXISTS */
  insert(row: Row): void;
  /**
   * Changes some columns; undefined takes a value away.
   *
   * @throws SnmpError SNMP_ROW_MISSING
   */
  update(key: RowKey<Row>, changes: Partial<Row>): void;
  /** @returns whether there was such a row. */
  delete(key: RowKey<NoInfer<Row>>): boolean;
  /** A copy of the row: INDEX objects and every column that has a value. */
  get(key: RowKey<NoInfer<Row>>): NoInfer<Row> | undefined;
  has(key: RowKey<Row>): boolean;
  clear(): void;
  /**
   * Replaces all rows at once, in any order: readers see the old ones or the new ones.
   *
   * @throws SnmpError SNMP_ROW_EXISTS where two rows have one index.
   */
  load(rows: Iterable<Row>): void;
  /**
   * Replaces the rows that are readOnly by these, which become so: what belongs to the program's
   * configuration, and is made anew at each start. None of it outlives the process. Of a manager's
   * row with the same index nothing shows meanwhile; its other rows stay.
   *
   * @throws SnmpError SNMP_ROW_EXISTS where two of them have one index, SNMP_STORED_VALUE where the
   *   table has no StorageType.
   */
  configure(rows: Iterable<Row>): void;
  /**
   * Copies of the rows, as iterating gives them, without what a SET that is under way has set: it may
   * still be rolled back. For what must not be decided by rows that nobody was told of.
   */
  settled(): Iterable<Row>;
  /** What is to be given for a table of `augmentedBy`. To be loaded with this one, or after it. */
  augmentation(): TableSpec;
  /** @returns what takes the listener off again. */
  on<Name extends keyof StoredTableEvents<Row>>(
    event: Name,
    listener: (...args: StoredTableEvents<Row>[Name]) => unknown,
  ): () => void;
}

/** What it speaks of: the one that is served. */
interface Bound {
  readonly rows: ProgramRows;
  readonly object: StoredTableObject;
}

class StoredTableSpec implements StoredTable {
  readonly kind = 'tableSpec';
  readonly #options: StoredTableOptions;
  readonly #events = new Emitter<StoredTableEvents<PlainRow>>();
  #bound: Bound | undefined;

  constructor(options: StoredTableOptions) {
    this.#options = options;
  }

  /** @throws SnmpError SNMP_STORED_VALUE, SNMP_ROW_INDEX, SNMP_ROW_EXISTS for what `options` have. */
  bind(definition: TableObject, environment: BindingEnvironment): ManagedTable {
    const rules = new TableRules(new RowLayout(definition, this.#options), this.#options);
    const cells = new RowCells(rules.layout);
    const { kept: objects, logger } = environment;
    const isDurable = objects !== undefined && this.#options.durable !== false;
    const keptOid = environment.keptAs?.(definition.oid) ?? definition.oid;
    const gate = isDurable ? new KeptGate(objects, keptOid) : undefined;
    const kept = new KeptRows(rules.layout, gate, logger, keptOid);
    const periodMs = this.#options.rowStatus?.abandonedRowMs ?? DEFAULT_ABANDONED_ROW_MS;
    const abandoned = new AbandonedRows(environment.clock, periodMs, (rowIndex) => {
      const row = cells.remove(rowIndex);
      if (row === undefined) return;
      kept.note(rowIndex, undefined);
      this.#events.emit('abandoned', rules.layout.plainRow(rowIndex, row));
    });
    const rows = new ProgramRows(rules, cells, abandoned, kept);
    rows.begin(this.#options.rows);
    let isToBeKeptAnew = false;
    const object = new StoredTableObject(rules, cells, abandoned, kept, {
      attach: () => this.#attach({ rows, object }),
      served: () => {
        const isAnothers = gate?.open() === true;
        rows.settle();
        if (isAnothers || isToBeKeptAnew) rows.keepAll();
        isToBeKeptAnew = false;
      },
      tookOver: () => {
        isToBeKeptAnew = true;
      },
      rest: () => {
        abandoned.stop();
        gate?.pause();
      },
      release: () => gate?.close(),
      changed: (changes) => this.#events.emit('change', changes),
      rolledBack: (rowIndex) => this.#events.emit('rolledBack', rules.layout.plainIndex(rowIndex)),
      replaced: () => this.#events.emit('replaced'),
    });
    // Bound again it speaks of the one that is served, until the new one is sure to be.
    this.#bound ??= { rows, object };
    return object;
  }

  #attach(bound: Bound): () => void {
    const before = this.#bound?.rows === bound.rows ? undefined : this.#bound;
    this.#bound = bound;
    return () => {
      if (this.#bound === bound) this.#bound = before;
    };
  }

  get size(): number {
    return this.#rows.size;
  }

  insert(row: PlainRow): void {
    this.#rows.insert(row);
  }

  update(key: RowKey, changes: PlainRow): void {
    this.#rows.update(key, changes);
  }

  delete(key: RowKey): boolean {
    return this.#rows.delete(key);
  }

  get(key: RowKey): PlainRow | undefined {
    return this.#rows.get(key);
  }

  has(key: RowKey): boolean {
    return this.#rows.has(key);
  }

  clear(): void {
    this.#rows.load([]);
  }

  load(rows: Iterable<PlainRow>): void {
    this.#rows.load(rows);
  }

  configure(rows: Iterable<PlainRow>): void {
    this.#rows.configure(rows);
  }

  settled(): Iterable<PlainRow> {
    return this.#rows.settled();
  }

  augmentation(): TableSpec {
    return {
      kind: 'tableSpec',
      bind: (definition) => new AugmentingTable(definition, () => this.#served.object),
    };
  }

  on<Name extends keyof StoredTableEvents<PlainRow>>(
    event: Name,
    listener: (...args: StoredTableEvents<PlainRow>[Name]) => unknown,
  ): () => void {
    // The same type, but the emitter spells it as a conditional that stays open until Name is known.
    return this.#events.on(event, listener as never);
  }

  [Symbol.iterator](): Iterator<PlainRow> {
    return this.#rows[Symbol.iterator]();
  }

  get #rows(): ProgramRows {
    return this.#served.rows;
  }

  get #served(): Bound {
    if (this.#bound === undefined) {
      throw new SnmpError('SNMP_STORED_UNBOUND', 'a stored table has no rows before it is loaded');
    }
    return this.#bound;
  }
}

/** See `table.stored`. Row is that of the definition it is loaded with, where it stands there. */
export function storedTable<Row extends object = never>(options: Expected<Row>): StoredTable<Row>;
/** Elsewhere Row is told from `rows`, if not given. */
export function storedTable<Row extends object = PlainRow>(
  options?: StoredTableOptions<Row>,
): StoredTable<Row>;
export function storedTable(options: StoredTableOptions = {}): StoredTable {
  requireKnownKeys('table.stored', options, STORED_TABLE_KEYS);
  if (options.rowStatus !== undefined) {
    requireKnownKeys('table.stored: rowStatus', options.rowStatus, ROW_STATUS_KEYS);
  }
  // Row is what the program says its rows are; every value is checked against the SYNTAX anyway.
  return new StoredTableSpec(options);
}

/** Nothing fits where nothing is expected. */
type Expected<Row extends object> = [Row] extends [never]
  ? never
  : StoredTableOptions<NoInfer<Row>>;
