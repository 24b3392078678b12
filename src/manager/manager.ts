import {
  Emitter,
  requireInteger,
  requireKnownKeys,
  systemClock,
  type Clock,
} from '../base/index.js';
import {
  type ColumnOf,
  type Mib,
  type MibDefinition,
  type ReadableScalar,
  type TableName,
  type TableObject,
} from '../mib/index.js';
import type { Oid } from '../smi/index.js';
import { scalarOf, tableOf } from './compiled-module.js';
import { openUdpChannel, type LocalAddresses, type OpenChannel } from './channels.js';
import type { RequestPdu } from './exchange.js';
import { Exchanges, type ManagerMetrics } from './exchanges.js';
import { systemResolveHost, type ResolveHost } from './host-lookup.js';
import { KnownMibs, type MibChoice } from './known-mibs.js';
import type { ManagerEvents } from './manager-events.js';
import type { NotificationOptions, NotificationToSend } from './notification.js';
import { Notifier, type InformOptions } from './notifier.js';
import { readScalars, type ScalarValues } from './read-scalars.js';
import type { ReceivedVarBind } from './received-var-bind.js';
import { resolveReference, type Reference } from './references.js';
import { prepareNames, prepareValues, type Prepared, type VarBindToSet } from './requests.js';
import type { RequestResult } from './result.js';
import { walkTable, type RawRow } from './table-walk.js';
import {
  columnsToRead,
  plainRows,
  tableAt,
  typedRows,
  varBindRows,
  type TableReading,
  type TableRow,
  type TypedTableRow,
} from './table.js';
import { addresseeOf, type Addressee, type Target } from './target.js';
import type { OwnEngine } from './traps.js';
import type { Validation } from './values-to-set.js';
import { Walk, type WalkLimits } from './walk.js';

export interface ManagerOptions {
  /** What names and SYNTAXes are looked up in. */
  readonly mibs?: MibChoice;
  readonly localAddresses?: LocalAddresses;
  /** Requests under way at once, to all targets. Default 1024. */
  readonly maxInFlight?: number;
  /** Requests that wait for their turn; one more is queueFull. Default 100 000. */
  readonly maxWaiting?: number;
  /** Who traps of SNMPv3 are from. */
  readonly engine?: OwnEngine;
  readonly clock?: Clock;
  /** Other carriers than UDP sockets: simulators, tests. */
  readonly openChannel?: OpenChannel;
  /** Another resolver than the system's. */
  readonly resolveHost?: ResolveHost;
}

export interface RequestOptions {
  /** Gives the request up: it is sent no more, and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** From the call to the settlement, waiting for its turn and all attempts included. */
  readonly deadlineMs?: number;
  /** Instead of the target's. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  /**
   * Whether names and values of the response are looked up in the MIB. `auto`, the default: where
   * a name of the request was symbolic, or a value had no type said.
   */
  readonly lookupMib?: 'auto' | boolean;
}

export interface SetOptions extends RequestOptions {
  /**
   * Which values are held against the SYNTAX before anything is sent. Default `all`, where
   * `lookupMib` is not false: then `untyped`, which need it.
   */
  readonly validate?: Validation;
}

export interface BulkOptions extends RequestOptions {
  /** So many of the names are asked for once, as by GETNEXT. Default 0. */
  readonly nonRepeaters?: number;
  /** How often the other names are gone on from. Default 10. */
  readonly maxRepetitions?: number;
}

/** Patience, signal and the like are those of each request. */
export type WalkOptions = RequestOptions & WalkLimits;
export type BulkWalkOptions = WalkOptions & Pick<BulkOptions, 'maxRepetitions'>;

export interface TableOptions extends Omit<RequestOptions, 'lookupMib'> {
  /** The columns wanted, by descriptor. Default: all that can be read. */
  readonly columns?: readonly string[];
  /** So many rows are asked for at once, where they are not too big. Default 10. */
  readonly maxRepetitions?: number;
  /** One row after another, by GETNEXT: for agents whose GETBULK cannot be trusted. */
  readonly byGetNext?: boolean;
  /** See `WalkLimits`. */
  readonly maxRequests?: number;
}

/** As `TableOptions`, with the columns of one table. */
export interface TypedTableOptions<Column extends string> extends TableOptions {
  readonly columns?: readonly Column[];
}

export type ScalarsOptions = Omit<RequestOptions, 'lookupMib'>;

const DEFAULT_MAX_IN_FLIGHT = 1024;
const DEFAULT_MAX_WAITING = 100_000;
const DEFAULT_MAX_REPETITIONS = 10;
const MAX_INTEGER = 2_147_483_647;

const MANAGER_KEYS = [
  'mibs',
  'localAddresses',
  'maxInFlight',
  'maxWaiting',
  'engine',
  'clock',
  'openChannel',
  'resolveHost',
];
const REQUEST_KEYS = ['signal', 'deadlineMs', 'timeoutMs', 'retries', 'lookupMib'];
const SET_KEYS = [...REQUEST_KEYS, 'validate'];
const BULK_KEYS = [...REQUEST_KEYS, 'nonRepeaters', 'maxRepetitions'];
const WALK_KEYS = [...REQUEST_KEYS, 'subtree', 'maxRows', 'maxRequests', 'allowNonIncreasing'];
const BULK_WALK_KEYS = [...WALK_KEYS, 'maxRepetitions'];
const SCALARS_KEYS = ['signal', 'deadlineMs', 'timeoutMs', 'retries'];
const TABLE_KEYS = [...SCALARS_KEYS, 'columns', 'byGetNext', 'maxRepetitions', 'maxRequests'];

/**
 * Asks agents: one for the life of a program, for any number of targets over one socket per family.
 *
 * Every request resolves to its result, whatever the network and the agent do. It rejects for what
 * the caller did wrong, before anything is sent (SnmpError), and with the signal's reason.
 */
export class Manager implements AsyncDisposable {
  readonly #exchanges: Exchanges;
  readonly #notifier: Notifier;
  readonly #mibs: KnownMibs;
  readonly #events = new Emitter<ManagerEvents>();

  /** @throws SnmpError SNMP_OPTION_INVALID, SNMP_ENGINE_ID_INVALID */
  constructor(options: ManagerOptions = {}) {
    requireKnownKeys('options', options, MANAGER_KEYS);
    const {
      maxInFlight = DEFAULT_MAX_IN_FLIGHT,
      maxWaiting = DEFAULT_MAX_WAITING,
      clock = systemClock,
      resolveHost = systemResolveHost,
    } = options;
    requireInteger('maxInFlight', maxInFlight, 1, 1_000_000);
    requireInteger('maxWaiting', maxWaiting, 1, MAX_INTEGER);
    this.#mibs = new KnownMibs(options.mibs ?? {});
    const openChannel = options.openChannel ?? openUdpChannel(options.localAddresses ?? {});
    this.#exchanges = new Exchanges({
      clock,
      openChannel,
      resolveHost,
      maxInFlight,
      maxWaiting,
      discarded: (reason, { address, port }) =>
        this.#events.emit('datagram:discarded', { reason, address, port }),
    });
    const { engine } = options;
    const sending = { clock, openChannel, resolveHost, maxWaiting, engine };
    this.#notifier = new Notifier(sending, this.#exchanges, this.#mibs);
  }

  /** The modules known so far: for `formatName` and its like. */
  get mib(): Mib {
    return this.#mibs.mib;
  }

  get metrics(): ManagerMetrics {
    return this.#exchanges.metrics;
  }

  /** Calls `listener` at every `event`. Returns what takes it off again. */
  on<Name extends keyof ManagerEvents>(
    event: Name,
    listener: (...args: ManagerEvents[Name]) => unknown,
  ): () => void {
    return this.#events.on(event, listener as never);
  }

  /** RFC 3416 4.2.1. */
  get(
    target: Target,
    names: readonly Reference[],
    options: RequestOptions = {},
  ): Promise<RequestResult> {
    return this.#askNames('get', target, names, options);
  }

  /** RFC 3416 4.2.2. */
  getNext(
    target: Target,
    names: readonly Reference[],
    options: RequestOptions = {},
  ): Promise<RequestResult> {
    return this.#askNames('getNext', target, names, options);
  }

  /** Not async, which costs a promise and a turn more: what pollers call most of all. */
  #askNames(
    type: 'get' | 'getNext',
    target: Target,
    names: readonly Reference[],
    options: RequestOptions,
  ): Promise<RequestResult> {
    try {
      requireKnownKeys('options', options, REQUEST_KEYS);
      const addressee = addresseeOf(target, options);
      return this.#ask(addressee, type, prepareNames(names, this.#mibs), options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** RFC 3416 4.2.3. To an agent of SNMPv1 a GETNEXT is sent instead (RFC 3584 4.2.1). */
  async getBulk(
    target: Target,
    names: readonly Reference[],
    options: BulkOptions = {},
  ): Promise<RequestResult> {
    requireKnownKeys('options', options, BULK_KEYS);
    const addressee = addresseeOf(target, options);
    const { nonRepeaters = 0, maxRepetitions = DEFAULT_MAX_REPETITIONS } = options;
    requireInteger('nonRepeaters', nonRepeaters, 0, MAX_INTEGER);
    requireInteger('maxRepetitions', maxRepetitions, 0, MAX_INTEGER);
    const prepared = prepareNames(names, this.#mibs);
    return this.#askBulk(addressee, prepared, nonRepeaters, maxRepetitions, options);
  }

  /**
   * RFC 3416 4.2.5. Values are checked against the SYNTAX of their objects before anything is sent.
   *
   * Rejects with VarBindError for a name or a value that cannot be sent.
   */
  async set(
    target: Target,
    varBinds: readonly VarBindToSet[],
    options: SetOptions = {},
  ): Promise<RequestResult> {
    requireKnownKeys('options', options, SET_KEYS);
    const addressee = addresseeOf(target, options);
    const { validate = options.lookupMib === false ? 'untyped' : 'all' } = options;
    const prepared = prepareValues(varBinds, this.#mibs, addressee.auth.version, validate);
    return this.#ask(addressee, 'set', prepared, options);
  }

  /** By GETNEXT, variable by variable. See `Walk` for how it ends; throws RequestError. */
  walk(
    target: Target,
    root: Reference,
    options: WalkOptions = {},
  ): AsyncGenerator<ReceivedVarBind, void, undefined> {
    requireKnownKeys('options', options, WALK_KEYS);
    const { addressee, name, mib } = this.#walkFrom(target, root, options);
    const isV1 = addressee.auth.version === 'v1';
    const ask = (after: Oid): Promise<RequestResult> =>
      this.#ask(addressee, 'getNext', { varBinds: [unset(after)], usesMib: mib }, options);
    return new Walk(ask, name, isV1, options);
  }

  /** As `walk`, by GETBULK; of an agent that finds the answers too big, fewer are asked for. */
  bulkWalk(
    target: Target,
    root: Reference,
    options: BulkWalkOptions = {},
  ): AsyncGenerator<ReceivedVarBind, void, undefined> {
    requireKnownKeys('options', options, BULK_WALK_KEYS);
    const { addressee, name, mib } = this.#walkFrom(target, root, options);
    let { maxRepetitions = DEFAULT_MAX_REPETITIONS } = options;
    requireInteger('maxRepetitions', maxRepetitions, 1, MAX_INTEGER);
    const ask = async (after: Oid): Promise<RequestResult> => {
      const prepared = { varBinds: [unset(after)], usesMib: mib };
      for (;;) {
        const result = await this.#askBulk(addressee, prepared, 0, maxRepetitions, options);
        if (result.errorStatus !== 'tooBig' || maxRepetitions === 1) return result;
        maxRepetitions = Math.max(1, Math.floor(maxRepetitions / 2));
      }
    };
    return new Walk(ask, name, addressee.auth.version === 'v1', options);
  }

  /**
   * The rows of a table, ascending by INDEX: `for await (const row of manager.table(target,
   * 'IF-MIB::ifTable')) row['ifDescr']`. All columns are asked for at once.
   *
   * @throws SnmpError SNMP_NAME_NO_TABLE, SNMP_NAME_UNKNOWN for a column; as `resolveReference`;
   *   RequestError while it is read.
   */
  table(
    target: Target,
    table: Reference,
    options?: TableOptions,
  ): AsyncGenerator<TableRow, void, undefined>;
  /**
   * The rows of a compiled module's table, typed: `manager.table(target, IF_MIB, 'ifTable')`. Index
   * objects are there; a column is, where the row has one of its type (else `value:unfit` is told).
   *
   * @throws SnmpError SNMP_NAME_NO_TABLE, SNMP_NAME_UNKNOWN, SNMP_MIB_DEFINITION; RequestError while
   *   it is read.
   */
  table<
    const Definition extends MibDefinition,
    Name extends TableName<Definition>,
    Column extends ColumnOf<Definition, Name> = ColumnOf<Definition, Name>,
  >(
    target: Target,
    definition: Definition,
    table: Name,
    options?: TypedTableOptions<Column>,
  ): AsyncGenerator<TypedTableRow<Definition, Name, Column>, void, undefined>;
  table(
    target: Target,
    first: Reference | MibDefinition,
    second?: string | TableOptions,
    third?: TableOptions,
  ): AsyncGenerator<object, void, undefined> {
    if (typeof second !== 'string') {
      const table = this.#tableNamed(first as Reference);
      return plainRows(table, this.#rawRows(target, table, second ?? {}));
    }
    const table = tableOf(first as MibDefinition, second);
    const rows = this.#rawRows(target, table, third ?? {});
    return typedRows(table, rows, (unfit) => this.#events.emit('value:unfit', unfit));
  }

  /**
   * A table by name with its rows as variables, which have what the MIB says of them: for whoever
   * prints them.
   *
   * @throws SnmpError as `table`
   */
  tableVarBinds(target: Target, table: Reference, options: TableOptions = {}): TableReading {
    const object = this.#tableNamed(table);
    return {
      table: object,
      columns: columnsToRead(object, options.columns),
      walk: varBindRows(this.#mibs.mib, this.#rawRows(target, object, options)),
    };
  }

  /**
   * Scalars of a compiled module, typed: `const { sysName } = await manager.scalars(target,
   * SNMPV2_MIB, ['sysName', 'sysUpTime'])`. What the agent does not have is not there, nor what is
   * not of its type (`value:unfit` is told).
   *
   * Rejects with RequestError; SnmpError SNMP_NAME_UNKNOWN, SNMP_MIB_DEFINITION.
   */
  async scalars<const Definition extends MibDefinition, Name extends ReadableScalar<Definition>>(
    target: Target,
    definition: Definition,
    names: readonly Name[],
    options: ScalarsOptions = {},
  ): Promise<ScalarValues<Definition, Name>> {
    requireKnownKeys('options', options, SCALARS_KEYS);
    const addressee = addresseeOf(target, options);
    const values = await readScalars(
      (instances) =>
        this.#ask(addressee, 'get', { varBinds: instances.map(unset), usesMib: false }, options),
      names.map((name) => scalarOf(definition, name)),
      addressee.auth.version === 'v1',
      (unfit) => this.#events.emit('value:unfit', unfit),
    );
    // Of what the definition says, which the compiler cannot see through.
    return values as ScalarValues<Definition, Name>;
  }

  /**
   * A trap (RFC 3416 4.2.6, RFC 1157 4.1.6): resolves when it was sent; whether it arrived nobody
   * says. In SNMPv3 it is from `ManagerOptions.engine`.
   *
   * Rejects with VarBindError for a name or a value that cannot be sent.
   */
  trap(
    target: Target,
    notification: NotificationToSend,
    varBinds: readonly VarBindToSet[] = [],
    options: NotificationOptions = {},
  ): Promise<RequestResult> {
    return this.#notifier.trap(target, notification, varBinds, options);
  }

  /** As `trap`, sent again until it is acknowledged (RFC 3416 4.2.7). SNMPv1 has no informs. */
  inform(
    target: Target,
    notification: NotificationToSend,
    varBinds: readonly VarBindToSet[] = [],
    options: InformOptions = {},
  ): Promise<RequestResult> {
    return this.#notifier.inform(target, notification, varBinds, options);
  }

  /** What is under way or waits is settled as managerClosed; requests from now on too. */
  async close(): Promise<void> {
    await Promise.all([this.#exchanges.close(), this.#notifier.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #tableNamed(reference: Reference): TableObject {
    // First: it may be what makes the module known.
    const { name } = resolveReference(reference, this.#mibs);
    return tableAt(this.#mibs.mib, name);
  }

  #rawRows(
    target: Target,
    table: TableObject,
    options: TableOptions,
  ): AsyncGenerator<RawRow, void, undefined> {
    requireKnownKeys('options', options, TABLE_KEYS);
    const addressee = addresseeOf(target, options);
    const { maxRepetitions = DEFAULT_MAX_REPETITIONS, maxRequests } = options;
    requireInteger('maxRepetitions', maxRepetitions, 1, MAX_INTEGER);
    if (maxRequests !== undefined) requireInteger('maxRequests', maxRequests, 1, MAX_INTEGER);
    return walkTable(
      (after, repetitions) => {
        const prepared = { varBinds: after.map(unset), usesMib: false };
        if (options.byGetNext === true) return this.#ask(addressee, 'getNext', prepared, options);
        return this.#askBulk(addressee, prepared, 0, repetitions, options);
      },
      columnsToRead(table, options.columns),
      addressee.auth.version === 'v1',
      { repetitions: maxRepetitions, maxRequests },
    );
  }

  #walkFrom(
    target: Target,
    root: Reference,
    options: WalkOptions,
  ): { readonly addressee: Addressee; readonly name: Oid; readonly mib: boolean } {
    const addressee = addresseeOf(target, options);
    const { maxRows = MAX_INTEGER, maxRequests = MAX_INTEGER } = options;
    requireInteger('maxRows', maxRows, 0, MAX_INTEGER);
    requireInteger('maxRequests', maxRequests, 1, MAX_INTEGER);
    const { name, isSymbolic } = resolveReference(root, this.#mibs);
    return { addressee, name, mib: isSymbolic };
  }

  #askBulk(
    addressee: Addressee,
    prepared: Prepared,
    nonRepeaters: number,
    maxRepetitions: number,
    options: RequestOptions,
  ): Promise<RequestResult> {
    const { varBinds } = prepared;
    const pdu = { type: 'getBulk', nonRepeaters, maxRepetitions, varBinds } as const;
    return this.#send(addressee, pdu, prepared, options);
  }

  #ask(
    addressee: Addressee,
    type: 'get' | 'getNext' | 'set',
    prepared: Prepared,
    options: RequestOptions,
  ): Promise<RequestResult> {
    return this.#send(addressee, { type, varBinds: prepared.varBinds }, prepared, options);
  }

  #send(
    addressee: Addressee,
    pdu: RequestPdu,
    prepared: Prepared,
    options: RequestOptions,
  ): Promise<RequestResult> {
    const { signal, deadlineMs, lookupMib = 'auto' } = options;
    if (deadlineMs !== undefined) requireInteger('deadlineMs', deadlineMs, 0, MAX_INTEGER);
    // Read before anything is sent: a module that is nowhere is the caller's to know.
    const mib = lookupMib === true || (lookupMib === 'auto' && prepared.usesMib);
    const known = mib ? this.#mibs.mib : undefined;
    return this.#exchanges.ask({ addressee, pdu, deadlineMs, signal, mib: known });
  }
}

function unset(name: Oid): Prepared['varBinds'][number] {
  return { name, value: { type: 'Null' } };
}
