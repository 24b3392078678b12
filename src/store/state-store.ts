import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { SnmpError, type Clock } from '../base/index.js';
import type { KeptRow } from '../instrumentation/index.js';
import { MAX_ENGINE_BOOTS } from '../security/index.js';
import type { Oid } from '../smi/index.js';
import { CommitThread, type StateWrite } from './commit-thread.js';
import { DataRoom } from './data-room.js';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js';
import {
  ALL_OBJECTS,
  ALL_PREPARED,
  ENGINE_KEY,
  META_KEY,
  objectKey,
  rangeOf,
  readObjectKey,
  rowFromJson,
  sealed,
  unsealed,
  type ObjectKey,
} from './record.js';
import { claimDirectory, confirmData, damaged, DATA_FILE } from './state-directory.js';

interface Meta {
  /** How often an agent began with this state (RFC 3414 snmpEngineBoots). */
  readonly engineBoots: number;
  /** The process that has it open; absent when it was closed in order. */
  readonly owner?: ProcessIdentity;
}

interface Waiting {
  readonly writes: readonly StateWrite[];
  readonly resolve: () => void;
  readonly reject: (error: SnmpError) => void;
}

export type StateMode = 'agent' | 'look';

/** Durable key-value state in a directory of its own: LMDB under keys and values of ours. */
export class StateStore {
  readonly directory: string;
  readonly engineBoots: number;
  readonly #database: RootDatabase<Buffer, Buffer>;
  /** Absent of one that only looks. */
  readonly #thread: CommitThread | undefined;
  /** Commits of one turn share one sync. BOUNDED by the SETs that run. */
  #waiting: Waiting[] = [];
  #isCommitting = false;
  #failure: SnmpError | undefined;

  private constructor(
    directory: string,
    database: RootDatabase<Buffer, Buffer>,
    boots: number,
    thread: CommitThread | undefined,
  ) {
    this.directory = directory;
    this.#database = database;
    this.engineBoots = boots;
    this.#thread = thread;
  }

  /**
   * @param mode - `agent`: for writing, one process at a time; `look`: for reading, beside it.
   * @throws SnmpError SNMP_STATE_FOREIGN, SNMP_STATE_VERSION, SNMP_STATE_DAMAGED,
   *   SNMP_STATE_IN_USE, SNMP_STATE_UNUSABLE, SNMP_STATE_WRITE, SNMP_STATE_NO_LMDB; the directory is then as it was.
   */
  static async open(directory: string, clock: Clock, mode: StateMode): Promise<StateStore> {
    const { open } = await loadLmdb();
    const hasData = claimDirectory(directory, mode === 'agent');
    if (!hasData && mode === 'look') throw damaged(directory, 'it has no data yet');
    let database: RootDatabase<Buffer, Buffer>;
    try {
      database = open<Buffer, Buffer>({
        path: directory,
        noSubdir: false,
        encoding: 'binary',
        keyEncoding: 'binary',
        overlappingSync: false,
        readOnly: mode === 'look',
      });
    } catch (cause) {
      throw new SnmpError('SNMP_STATE_UNUSABLE', `${directory} cannot be opened`, { cause });
    }
    try {
      const boots =
        mode === 'agent' ? takeOwnership(database, directory) : metaOf(database).engineBoots;
      if (!hasData) confirmData(directory);
      const thread = mode === 'agent' ? await CommitThread.start(directory, clock) : undefined;
      return new StateStore(directory, database, boots, thread);
    } catch (error) {
      await database.close();
      if (!(error instanceof SnmpError)) {
        const why = error instanceof Error ? error.message : String(error);
        throw new SnmpError('SNMP_STATE_UNUSABLE', `${directory} cannot be used: ${why}`, {
          cause: error,
        });
      }
      throw error.code === 'SNMP_STATE_DAMAGED' ? damaged(directory, error.message) : error;
    }
  }

  /**
   * Resolves when all of it is on the disk, whole.
   *
   * @throws SnmpError SNMP_STATE_WRITE, rejecting: none of it is there, unless the disk did not
   *   answer in time.
   */
  commit(writes: readonly StateWrite[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ writes, resolve, reject });
      if (!this.#isCommitting) void this.#commitWaiting();
    });
  }

  /** Rows of an object in index order; undefined where there never was one. */
  rows(oid: Oid): readonly KeptRow[] | undefined {
    // What was read earlier in this turn may be older than what the writing thread did since.
    this.#database.resetReadTxn();
    const found: KeptRow[] = [];
    for (const { key, value } of this.#database.getRange(rangeOf(objectKey(oid, [])))) {
      const read = readObjectKey(key);
      if (read !== undefined)
        found.push({ rowIndex: read.rowIndex, values: rowFromJson(unsealed(value)) });
    }
    return found.length === 0 ? undefined : found;
  }

  /** Everything of every object, in the order of OIDs. */
  *objects(): Generator<ObjectKey & KeptRow> {
    this.#database.resetReadTxn();
    for (const { key, value } of this.#database.getRange(ALL_OBJECTS)) {
      const read = readObjectKey(key);
      if (read !== undefined) yield { ...read, values: rowFromJson(unsealed(value)) };
    }
  }

  /** Forgets rows, of a scalar the one with the empty index. @throws SnmpError SNMP_STATE_WRITE */
  drop(rows: readonly ObjectKey[]): Promise<void> {
    return this.commit(
      rows.map(({ oid, rowIndex }) => ({ key: objectKey(oid, rowIndex), value: undefined })),
    );
  }

  /** SETs that were begun and not ended, oldest first. */
  *prepared(): Generator<{ readonly key: Buffer; readonly content: unknown }> {
    for (const { key, value } of this.#database.getRange(ALL_PREPARED)) {
      yield { key: Buffer.from(key), content: unsealed(value) };
    }
  }

  /** The snmpEngineID that an agent made up when it began with this state. */
  get engineId(): Uint8Array | undefined {
    const octets = this.#database.get(ENGINE_KEY);
    if (octets === undefined) return undefined;
    const { id } = unsealed(octets) as { readonly id: string };
    return Uint8Array.from(Buffer.from(id, 'hex'));
  }

  /** @throws SnmpError SNMP_STATE_WRITE, rejecting */
  keepEngineId(id: Uint8Array): Promise<void> {
    const value = sealed({ id: Buffer.from(id).toString('hex') });
    return this.commit([{ key: ENGINE_KEY, value }]);
  }

  /** Never back: what was answered with a higher number must not come again (RFC 3414 2.2). */
  async raiseEngineBoots(boots: number): Promise<void> {
    const engineBoots = Math.min(Math.max(boots, this.engineBoots), MAX_ENGINE_BOOTS);
    await this.commit([{ key: META_KEY, value: sealed({ engineBoots, owner: ownIdentity() }) }]);
  }

  /** Ends the ownership, after what waits is on the disk. */
  async close(): Promise<void> {
    if (this.#thread !== undefined && this.#failure === undefined) {
      const { engineBoots } = metaOf(this.#database);
      await this.commit([{ key: META_KEY, value: sealed({ engineBoots }) }]).catch(() => undefined);
    }
    this.#failure ??= new SnmpError('SNMP_STATE_WRITE', `${this.directory} is closed`);
    await this.#thread?.stop();
    await this.#database.close();
  }

  async #commitWaiting(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const error = await this.#commitBatch(batch);
      for (const { resolve, reject } of batch) {
        if (error === undefined) resolve();
        else reject(error);
      }
    }
    this.#isCommitting = false;
  }

  async #commitBatch(batch: readonly Waiting[]): Promise<SnmpError | undefined> {
    try {
      await this.#thread?.commit(batch.flatMap(({ writes }) => writes));
      return undefined;
    } catch (error) {
      return error as SnmpError;
    }
  }
}

function takeOwnership(database: RootDatabase<Buffer, Buffer>, directory: string): number {
  let boots = 0;
  let owner: ProcessIdentity | undefined;
  database.transactionSync(() => {
    const meta = metaOf(database);
    if (meta.owner !== undefined && isAlive(meta.owner)) {
      ({ owner } = meta);
      return;
    }
    boots = Math.min(meta.engineBoots + 1, MAX_ENGINE_BOOTS);
    const value = sealed({ engineBoots: boots, owner: ownIdentity() });
    // Here nobody else writes to the file any more.
    const room = new DataRoom(join(directory, DATA_FILE), database);
    try {
      room.reserve(1, META_KEY.length + value.length);
    } finally {
      room.close();
    }
    database.putSync(META_KEY, value);
  });
  if (owner !== undefined) {
    throw new SnmpError(
      'SNMP_STATE_IN_USE',
      `${directory} is in use by process ${owner.pid}: one agent per state directory. Stop it first, or take another directory`,
    );
  }
  return boots;
}

function metaOf(database: RootDatabase<Buffer, Buffer>): Meta {
  const octets = database.get(META_KEY);
  return octets === undefined ? { engineBoots: 0 } : (unsealed(octets) as Meta);
}

async function loadLmdb(): Promise<typeof import('lmdb')> {
  try {
    return await import('lmdb');
  } catch (cause) {
    throw new SnmpError(
      'SNMP_STATE_NO_LMDB',
      'a state directory needs the package lmdb beside this one: npm install lmdb',
      { cause },
    );
  }
}
