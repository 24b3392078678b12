import type { SnmpCounters } from '../../dispatch/index.js';
import { scalar, table, type StoredTable } from '../../instrumentation/index.js';
import type { MibModule } from '../../mib/index.js';
import type { UserTable, UsmUser } from '../../security/index.js';
import { ZERO_DOT_ZERO, type Oid } from '../../smi/index.js';
import type { SubtreeObjects } from '../bind-objects.js';
import { counterObjects } from './snmp.js';
import {
  derivedUser,
  faultOfUser,
  HIDDEN,
  isCompleteUser,
  rowOfUser,
  userOfRow,
  type UserRow,
} from './user-rows.js';

/** Managers make no more users than this; the configuration may. */
const MAX_USERS = 1000;
/** RFC 3414 usmUserName. */
const MAX_NAME_OCTETS = 32;

interface Parts {
  readonly module: MibModule;
  readonly counters: SnmpCounters;
  readonly engineId: Uint8Array;
  /** Who may ask: what is committed in the table, from the next message on. */
  readonly users: UserTable;
}

/**
 * SNMP-USER-BASED-SM-MIB (RFC 3414 section 5): the users as managed objects, and usmStats.
 *
 * The table decides who may ask. What it cannot make a user of is nobody: a row without keys, with
 * keys of another engine, or of protocols that are not known here. When the subtree is given up, the
 * users stay those of the last SET that was committed; none who was removed comes back.
 */
export class UsmObjects {
  readonly objects: SubtreeObjects;
  readonly #engineId: Uint8Array;
  readonly #users: UserTable;
  readonly #rows: StoredTable<UserRow>;
  /** BOUNDED by the configuration. */
  #configured: readonly UsmUser[] = [];

  constructor({ module, counters, engineId, users }: Parts) {
    this.#engineId = engineId;
    this.#users = users;
    const entry: Oid = module.nodes.get('usmUserEntry')?.oid ?? [];
    const rowAt = (rowIndex: Oid): UserRow | undefined => this.#rows.get(rowIndex);
    this.#rows = table.stored<UserRow>({
      defaults: { usmUserCloneFrom: ZERO_DOT_ZERO },
      hidden: HIDDEN,
      permanentRefusal: 'inconsistentValue',
      maxRows: MAX_USERS,
      rowStatus: { isComplete: isCompleteUser },
      importFault: faultOfUser,
      derive: (change, context) => derivedUser(change, context, { entry, rowAt }),
    });
    this.#rows.on('change', (changes) => {
      for (const { index } of changes) this.#follow(index);
    });
    this.#rows.on('replaced', () => this.configure(this.#configured));
    this.objects = {
      ...counterObjects(module, counters),
      usmUserSpinLock: scalar.stored(),
      usmUserTable: this.#rows,
    };
  }

  /**
   * Makes rows of the configured users: once the table is served, before anybody asks. Keys that a
   * manager has given to such a user stay, until what is configured becomes another. Who is
   * configured no more is gone.
   */
  configure(configured: readonly UsmUser[]): void {
    this.#configured = configured;
    // Should anything below fail, nobody is let in.
    for (const { name } of this.#users.users) this.#users.remove(name);
    /** By row. BOUNDED by the configuration. */
    const wanted = new Map(
      configured.map((user) => [user.name, rowOfUser(user, this.#engineId)] as const),
    );
    for (const row of this.#rows) {
      const { usmUserName = '', usmUserEngineID, usmUserStorageType, origin } = row;
      const isOurs = this.#isOurs(usmUserEngineID);
      const mine = isOurs ? wanted.get(usmUserName) : undefined;
      if (mine !== undefined && isSame(mine.origin, origin)) wanted.delete(usmUserName);
      else if (mine !== undefined || usmUserStorageType === 'permanent') this.#rows.delete(row);
    }
    for (const row of wanted.values()) this.#rows.insert(row);
    for (const row of this.#rows) this.#follow(row);
  }

  /** Who has this name at an engine, with keys for it: of this engine, or of one that is told. */
  userAt(engineId: Uint8Array, name: string): UsmUser | undefined {
    const octets = Buffer.byteLength(name, 'utf8');
    if (octets < 1 || octets > MAX_NAME_OCTETS) return undefined;
    const row = this.#rows.get({ usmUserEngineID: engineId, usmUserName: name });
    return row === undefined ? undefined : userOfRow(row);
  }

  /** Whoever had the name has it no more; then, perhaps, somebody has it. */
  #follow(index: Partial<UserRow>): void {
    const { usmUserEngineID, usmUserName } = index;
    if (usmUserName === undefined || !this.#isOurs(usmUserEngineID)) return;
    this.#users.remove(usmUserName);
    const row = this.#rows.get(index);
    const user = row === undefined ? undefined : userOfRow(row);
    if (user !== undefined) this.#users.put(user);
  }

  #isOurs(engineId: Uint8Array | undefined): boolean {
    return isSame(engineId, this.#engineId);
  }
}

function isSame(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  return left !== undefined && right !== undefined && Buffer.compare(left, right) === 0;
}
