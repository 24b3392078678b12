import type { Logger } from './base/index.js';
import {
  accessTables,
  communityEntries,
  CommunityRows,
  targetAddresses,
  TargetTables,
  VacmTables,
  withExtTable,
  type Contexts,
  type SubtreeObjects,
} from './agent/index.js';
import type { SnmpCounters } from './dispatch/index.js';
import type { MibModule, TableObject } from './mib/index.js';
import type { SecurityLevel } from './message/index.js';
import {
  AccessDecisions,
  CommunityTable,
  highestLevel,
  UserTable,
  type AccessRequest,
  type CommunityIdentity,
  type Principal,
  type SelectedEntry,
  type UsmUser,
} from './security/index.js';
import type { NotifyTarget, Receiver, TargetSecurity, TargetUser } from './notify/index.js';
import type { Oid } from './smi/index.js';
import type { Peer } from './transport/index.js';
import { AccessRows, type ConfiguredRows } from './access-rows.js';
import type { AccessOptions } from './agent-options.js';
import type { MibLibrary } from './mib-library.js';
import { NotifyReceivers } from './notify-receivers.js';
import { UserReader } from './user-access.js';

/** So many principals at most are remembered. Known users and communities, by level and context. */
const MAX_PRINCIPALS = 4096;

/** One subtree of the agent's own: its name, the module, and what stands behind the objects. */
export interface AdministrativeSubtree {
  readonly name: string;
  readonly module: MibModule;
  readonly objects: SubtreeObjects;
}

/** What is decided by, over one state of the tables. */
interface Decided {
  readonly decisions: AccessDecisions;
  readonly communities: CommunityTable;
  /** Found out when something is to be told. */
  receivers: readonly Receiver[] | undefined;
}

interface LastPrincipal {
  readonly level: SecurityLevel;
  readonly contextName: string;
  readonly principal: Principal;
}

/** On whose behalf a target is told. */
interface Told extends Omit<AccessRequest, 'contextName'> {
  /** Undefined: there is no such context. */
  readonly contextName: string | undefined;
  /** Whether the tables of communities and users have it. */
  readonly isKnown: boolean;
}

/**
 * Who may do what, and who is told (RFC 3415, RFC 3584, RFC 3413 5): what is configured, and what
 * managers have made of it, as rows of the administrative tables. What was decided is forgotten when
 * one of them changes: a change takes effect on the next request.
 *
 * Views name parts of MIBs that may be loaded later: they are resolved again at every load.
 */
export class AccessControl {
  readonly users = new UserTable();
  /** Those of the configuration, with the keys that it gives them. */
  readonly configuredUsers: readonly UsmUser[];
  readonly configuredTargets: readonly NotifyTarget[];
  readonly #engineId: Uint8Array;
  readonly #rows: AccessRows;
  readonly #contexts: Contexts;
  readonly #logger: Logger;
  readonly #vacm = new VacmTables();
  readonly #communities: CommunityRows;
  readonly #notify: NotifyReceivers;
  #targets: TargetTables | undefined;
  #configured: ConfiguredRows | undefined;
  #decided: Decided | undefined;
  /** By model, name, level and context. BOUNDED by MAX_PRINCIPALS. */
  readonly #principals = new Map<string, Principal>();
  /** Who asked last by these keys, found without a key for the map made of words. */
  #lastOf = new WeakMap<UsmUser, LastPrincipal>();

  /**
   * @param engineId - what the users' keys are localized to.
   * @throws SnmpError SNMP_OPTION_INVALID, SNMP_PASSWORD_WEAK, SNMP_ACCESS_DUPLICATE
   */
  constructor(
    options: AccessOptions,
    engineId: Uint8Array,
    contexts: Contexts,
    logger: Logger,
    targets: readonly NotifyTarget[] = [],
  ) {
    this.#engineId = engineId;
    const reader = new UserReader(engineId);
    const users = (options.users ?? []).map((access, i) => {
      const { user, leastLevel } = reader.read(access, `access.users[${i}]`);
      this.users.add(user);
      return { access, leastLevel };
    });
    this.configuredUsers = this.users.users;
    this.#rows = new AccessRows(options, users, { engineId, contexts: contexts.names });
    this.#contexts = contexts;
    this.#communities = new CommunityRows(engineId);
    this.#logger = logger;
    this.configuredTargets = targets;
    this.#notify = new NotifyReceivers(targets, this.#rows.addressNames, logger);
  }

  /** What a user may do at a level in a context that is there. */
  principalOf(user: UsmUser, level: SecurityLevel, contextName: string): Principal {
    const last = this.#lastOf.get(user);
    if (last?.level === level && last.contextName === contextName) return last.principal;
    const principal = this.#principal(this.#current(), {
      model: 'usm',
      securityName: user.name,
      level,
      contextName,
    });
    this.#lastOf.set(user, { level, contextName, principal });
    return principal;
  }

  /** Who a community stands for when it comes from there; undefined for nobody. */
  identify(
    community: Uint8Array,
    version: 'v1' | 'v2c',
    peer: Peer,
  ): CommunityIdentity | undefined {
    const decided = this.#decided ?? this.#current();
    return decided.communities.identify(community, version, peer);
  }

  /** Who is told of what happens now: the targets of the configuration first. */
  receivers(): readonly Receiver[] {
    const decided = this.#current();
    decided.receivers ??= this.#notify.select(this.#targets, decided.communities);
    return decided.receivers;
  }

  /**
   * Whether somebody may be told all of these names (RFC 3413 3.3, RFC 3584 5.2.3). A community or a
   * user that the tables know nothing of is told by the program's own leave: everything. Whom they
   * know is told what they say, hence nothing without a group, or in a context that is not there.
   *
   * @param tells - who tells by rows: whom the tables know, and as they know them.
   */
  mayTell(security: TargetSecurity, names: readonly Oid[], tells?: AccessRequest): boolean {
    const { decisions, communities } = this.#current();
    const told = tells === undefined ? this.#toldAs(security, communities) : known(tells);
    if (told === undefined) return true;
    const { contextName, isKnown } = told;
    if (contextName === undefined) return !isKnown;
    const request = { ...told, contextName };
    if (!isKnown && decisions.select(request) === 'noGroupName') return true;
    return names.every(
      (name) => decisions.isAccessAllowed(request, 'notify', name) === 'accessAllowed',
    );
  }

  #toldAs(security: TargetSecurity, communities: CommunityTable): Told | undefined {
    if (security.version !== 'v3') {
      const entry = communities.entryOf(security.community);
      if (entry === undefined) return undefined;
      const { securityName } = entry;
      const contextName = this.#contexts.has(entry.contextName) ? entry.contextName : undefined;
      const model = security.version;
      return { model, securityName, level: 'noAuthNoPriv', contextName, isKnown: true };
    }
    const level = security.level ?? this.#highestLevelOf(security.user);
    if (level === undefined) return undefined;
    const securityName = typeof security.user === 'string' ? security.user : security.user.name;
    const contextName = this.#contexts.find(security.contextName);
    const isKnown = this.users.find(Buffer.from(securityName, 'utf8')) !== undefined;
    return { model: 'usm', securityName, level, contextName, isKnown };
  }

  #highestLevelOf(user: TargetUser['user']): SecurityLevel | undefined {
    if (typeof user !== 'string') return user.highestLevel;
    const own = this.users.find(Buffer.from(user, 'utf8'));
    return own === undefined
      ? undefined
      : highestLevel(own.auth !== undefined, own.priv !== undefined);
  }

  /** The tables as managed objects; from now on their rows are what counts. */
  subtrees(
    modules: Readonly<Record<'vacm' | 'targets' | 'communities' | 'notification', MibModule>>,
    counters: SnmpCounters,
  ): readonly AdministrativeSubtree[] {
    const { vacm, communities, notification } = modules;
    const { notifies, profiles, filters } = this.#notify.tables;
    const extTable = communities.nodes.get('snmpTargetAddrExtTable') as TableObject;
    const targets = withExtTable(modules.targets, extTable);
    this.#targets = new TargetTables(extTable);
    for (const table of [
      this.#vacm.groups,
      this.#vacm.access,
      this.#vacm.families,
      this.#communities.communities,
      this.#targets.addresses,
      this.#targets.params,
      notifies,
      profiles,
      filters,
    ]) {
      table.on('change', () => this.#forget());
      table.on('abandoned', () => this.#forget());
      // What was decided while the SET was under way may be by what it had set.
      table.on('rolledBack', () => this.#forget());
      table.on('replaced', () => this.#forget());
    }
    return [
      { name: 'vacm', module: vacm, objects: this.#vacm.objects(this.#contexts.names) },
      { name: 'target', module: targets, objects: this.#targets.objects(targets, counters) },
      { name: 'community', module: communities, objects: this.#communities.objects() },
      { name: 'notification', module: notification, objects: this.#notify.tables.objects() },
    ];
  }

  /** To be called when the subtrees are bound, and whenever modules have come. */
  resolve(library: Pick<MibLibrary, 'oidOf'>): void {
    const configured = this.#rows.resolve(library, (name, included) =>
      this.#logger.warn({ name, included }, 'a view names what no known module defines'),
    );
    this.#configured = configured;
    this.#forget();
    if (this.#targets === undefined) return;
    this.#vacm.groups.configure(configured.groups);
    this.#vacm.access.configure(configured.access);
    this.#vacm.families.configure(configured.families);
    this.#communities.communities.configure(configured.communities);
    const { communities } = this.#current();
    const told = this.#notify.rows(({ security }) => this.#toldAs(security, communities));
    this.#targets.addresses.configure([...configured.addresses, ...told.addresses]);
    this.#targets.params.configure(told.params);
    this.#notify.tables.notifies.configure(told.notifies);
    this.#forget();
  }

  #forget(): void {
    this.#decided = undefined;
    this.#principals.clear();
    this.#lastOf = new WeakMap();
  }

  #current(): Decided {
    this.#decided ??= this.#decide();
    return this.#decided;
  }

  #decide(): Decided {
    const targets = this.#targets;
    const { groups, access, families, communities, addresses } =
      targets === undefined
        ? (this.#configured ?? NOTHING_CONFIGURED)
        : {
            // Not what a SET has set that waits for the disk: nobody was told that it is so.
            groups: this.#vacm.groups.settled(),
            access: this.#vacm.access.settled(),
            families: this.#vacm.families.settled(),
            communities: this.#communities.communities.settled(),
            addresses: targets.addresses.settled(),
          };
    const decisions = new AccessDecisions(accessTables({ groups, access, families }));
    const decided: Decided = {
      decisions,
      receivers: undefined,
      communities: new CommunityTable(
        {
          communities: communityEntries(communities, this.#engineId),
          addresses: targetAddresses(addresses),
        },
        ({ securityName, contextName }, version) => ({
          principal: this.#principal(decided, {
            model: version,
            securityName,
            level: 'noAuthNoPriv',
            contextName,
          }),
          contextName: this.#contexts.has(contextName) ? contextName : undefined,
        }),
      ),
    };
    return decided;
  }

  /** RFC 3415 3.2 but for its last step, which each name has for itself. */
  #principal({ decisions }: Decided, request: AccessRequest): Principal {
    const { model, level, contextName, securityName } = request;
    const key = `${model} ${level} ${contextName.length} ${contextName} ${securityName}`;
    const known = this.#principals.get(key);
    if (known !== undefined) return known;
    const entry = decisions.select(request);
    const principal = { securityName, ...viewsOf(decisions, entry) };
    if (this.#principals.size >= MAX_PRINCIPALS) this.#principals.clear();
    this.#principals.set(key, principal);
    return principal;
  }
}

/** Rows tell on behalf of whom the tables know. */
function known(tells: AccessRequest): Told {
  return { ...tells, isKnown: true };
}

const NOTHING_CONFIGURED: ConfiguredRows = {
  groups: [],
  access: [],
  families: [],
  communities: [],
  addresses: [],
};

function viewsOf(
  decisions: AccessDecisions,
  entry: SelectedEntry,
): Omit<Principal, 'securityName'> {
  if (typeof entry === 'string') return {};
  const [readView, writeView, notifyView] = [entry.read, entry.write, entry.notify].map((name) =>
    decisions.view(name),
  );
  return {
    ...(readView === undefined ? {} : { readView }),
    ...(writeView === undefined ? {} : { writeView }),
    ...(notifyView === undefined ? {} : { notifyView }),
  };
}
