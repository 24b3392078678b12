import { SnmpError } from './base/index.js';
import {
  membersOf,
  type AccessRow,
  type CommunityRow,
  type FamilyRow,
  type GroupRow,
  type TargetAddressRow,
} from './agent/index.js';
import { SECURITY_LEVELS } from './message/index.js';
import { SECURITY_MODEL, type SecurityModel } from './security/index.js';
import type {
  AccessOptions,
  CommunityRights,
  GroupAccess,
  UserAccess,
  ViewChoice,
} from './agent-options.js';
import { sourceRows } from './access-sources.js';
import { ConfiguredViews, type ViewNames } from './configured-views.js';
import type { MibLibrary } from './mib-library.js';
import type { ConfiguredUser } from './user-access.js';

/** The rows that a configuration comes to. They are readOnly, and made anew at each start. */
export interface ConfiguredRows {
  readonly groups: readonly GroupRow[];
  readonly access: readonly AccessRow[];
  readonly families: readonly FamilyRow[];
  /** In the order of their index. */
  readonly communities: readonly CommunityRow[];
  readonly addresses: readonly TargetAddressRow[];
}

/** What else an agent's configuration says that bears on access. */
export interface AccessSurroundings {
  readonly engineId: Uint8Array;
  /** All contexts there are. */
  readonly contexts: readonly string[];
}

/** A user's rights as configured, and what its keys allow. */
export type UserRights = Pick<ConfiguredUser, 'leastLevel'> & { readonly access: UserAccess };

const MAX_NAME_OCTETS = 32;
const COMMUNITY_MODELS: readonly SecurityModel[] = ['v1', 'v2c'];
const MODELS = ['any', 'v1', 'v2c', 'usm'] as const;

/**
 * Turns what is configured into rows of the administrative tables: who belongs to which group, what
 * groups may do, what views are made of. What needs no group of its own name gets one by its place.
 */
export class AccessRows {
  readonly #surroundings: AccessSurroundings;
  readonly #views: ConfiguredViews;
  /** BOUNDED by the configuration, as all that follow. */
  readonly #members: GroupRow[] = [];
  readonly #access: AccessRow[] = [];
  readonly #communities: CommunityRow[] = [];
  readonly #addresses: TargetAddressRow[] = [];
  readonly #groups = new Set<string>();
  /** By group, its first entry that lets users in without saying at which level. */
  readonly #levelless = new Map<string, string>();
  /** What the principals of communities may do, as it was first said of them. */
  readonly #rights = new Map<string, string>();

  /** @throws SnmpError SNMP_OPTION_INVALID, SNMP_ACCESS_DUPLICATE */
  constructor(
    { communities = {}, groups = {}, views = {} }: AccessOptions,
    users: readonly UserRights[],
    surroundings: AccessSurroundings,
  ) {
    this.#surroundings = surroundings;
    this.#views = new ConfiguredViews(views);
    for (const [i, [name, entries]] of Object.entries(groups).entries()) {
      this.#addGroup(name, entries, `group${i + 1}`);
    }
    for (const [i, [community, access]] of Object.entries(communities).entries()) {
      if (community === '') throw invalid('access.communities: an empty community');
      this.#addCommunity(community, access, i + 1);
    }
    for (const [i, user] of users.entries()) this.#addUser(user, i);
    this.#communities.sort((left, right) =>
      Buffer.compare(Buffer.from(left.snmpCommunityIndex), Buffer.from(right.snmpCommunityIndex)),
    );
  }

  /**
   * What rows of snmpTargetAddrTable are called, and their tags, that communities are taken from: an
   * address with such a tag would be one more of them.
   */
  get addressNames(): readonly string[] {
    return this.#addresses.flatMap((row) => [row.snmpTargetAddrName, row.snmpTargetAddrTagList]);
  }

  /** @param unknownName - told of names in views that no module defines (yet). */
  resolve(
    library: Pick<MibLibrary, 'oidOf'>,
    unknownName: (name: string, included: boolean) => void,
  ): ConfiguredRows {
    return {
      groups: this.#members,
      access: this.#access,
      families: this.#views.resolve(library, unknownName),
      communities: this.#communities,
      addresses: this.#addresses,
    };
  }

  #addGroup(name: string, entries: readonly GroupAccess[], place: string): void {
    const path = `access.groups.${name}`;
    requireName(path, name);
    if (!Array.isArray(entries)) throw invalid(`${path}: expected a list of what it may do`);
    this.#groups.add(name);
    const seen = new Set<string>();
    for (const [i, entry] of entries.entries()) {
      const { model = 'any', level = 'noAuthNoPriv', context = '', contextMatch = 'exact' } = entry;
      const here = `${path}[${i}]`;
      requireOneOf(`${here}.model`, model, MODELS);
      requireOneOf(`${here}.level`, level, SECURITY_LEVELS);
      requireOneOf(`${here}.contextMatch`, contextMatch, ['exact', 'prefix']);
      if (contextMatch === 'exact') this.#requireContext(`${here}.context`, context);
      const key = JSON.stringify([context, model, level]);
      if (seen.has(key)) {
        throw new SnmpError(
          'SNMP_ACCESS_DUPLICATE',
          `${here}: the group has an entry for this context, model and level already`,
        );
      }
      seen.add(key);
      const isForUsers = model === 'any' || model === 'usm';
      if (entry.level === undefined && isForUsers && !this.#levelless.has(name)) {
        this.#levelless.set(name, here);
      }
      const named = this.#views.names(entry, here, `${place}-${i + 1}`);
      this.#grant(name, named, { model, level, context, contextMatch });
    }
  }

  #addCommunity(
    community: string,
    access: NonNullable<AccessOptions['communities']>[string],
    position: number,
  ): void {
    // A community is a secret: what is shown instead of it is its place in the configuration.
    const place = `community${position}`;
    const path = `access.communities, entry ${position}`;
    const rights = communityRights(access, path);
    const { securityName = place, context = '', from } = rights;
    requireName(`${path}.securityName`, securityName);
    this.#requireContext(`${path}.context`, context);
    const said = JSON.stringify([rights.group, rights.read, rights.write, rights.administer]);
    if ((this.#rights.get(securityName) ?? said) !== said) {
      throw new SnmpError(
        'SNMP_ACCESS_DUPLICATE',
        `${path}: another community has the securityName ${JSON.stringify(securityName)}, and other rights`,
      );
    }
    if (!this.#rights.has(securityName)) {
      this.#rights.set(securityName, said);
      const group = this.#groupOf(rights, path, place, (named) =>
        // The context is the row's of the community: whoever has the name may do the same in each.
        this.#grant(place, named, { level: 'noAuthNoPriv', contextMatch: 'prefix' }),
      );
      this.#members.push(...membersOf(securityName, COMMUNITY_MODELS, group));
    }
    const octets = Buffer.from(community, 'utf8');
    if (this.#communities.some((row) => octets.equals(row.snmpCommunityName))) {
      throw new SnmpError('SNMP_ACCESS_DUPLICATE', `${path}: a community is configured twice`);
    }
    if (from !== undefined) this.#addresses.push(...sourceRows(from, place, `${path}.from`));
    this.#communities.push({
      snmpCommunityIndex: place,
      snmpCommunityName: octets,
      snmpCommunitySecurityName: securityName,
      snmpCommunityContextEngineID: this.#surroundings.engineId,
      snmpCommunityContextName: context,
      snmpCommunityTransportTag: from === undefined ? '' : place,
    });
  }

  #addUser({ access, leastLevel }: UserRights, i: number): void {
    const path = `access.users[${i}]`;
    const place = `user${i + 1}`;
    if (access.group !== undefined && access.level !== undefined) {
      throw invalid(`${path}.level: it is the group's to say`);
    }
    const levelless = this.#levelless.get(access.group ?? '');
    if (levelless !== undefined && leastLevel !== 'noAuthNoPriv') {
      throw invalid(
        `${levelless}.level: say the least level: ${path} is of this group, has keys, and would be let in without`,
      );
    }
    const group = this.#groupOf(access, path, place, (named) =>
      this.#grant(place, named, { model: 'usm', level: leastLevel, contextMatch: 'prefix' }),
    );
    this.#members.push(...membersOf(access.name, ['usm'], group));
  }

  /** The group that is named, or one for this principal alone. */
  #groupOf(
    rights: Pick<CommunityRights, 'group' | 'read' | 'write' | 'administer'>,
    path: string,
    place: string,
    grant: (named: ViewNames) => void,
  ): string {
    const { group, read, write, administer } = rights;
    if (group === undefined) {
      if (this.#groups.has(place)) {
        throw new SnmpError('SNMP_ACCESS_DUPLICATE', `${path}: a group is called ${place} already`);
      }
      const told: { read?: ViewChoice; write?: ViewChoice; notify?: ViewChoice } = {};
      const shown = read ?? write;
      if (shown !== undefined) told.read = told.notify = shown;
      if (write !== undefined) told.write = write;
      grant(this.#views.names({ ...told, administer: administer === true }, path, place));
      return place;
    }
    if (read !== undefined || write !== undefined || administer !== undefined) {
      throw invalid(
        `${path}: it has the rights of its group, and no \`read\`, \`write\` or \`administer\``,
      );
    }
    if (!this.#groups.has(group)) {
      throw invalid(`${path}.group: there is no group ${JSON.stringify(group)}`);
    }
    return group;
  }

  #grant(
    group: string,
    views: ViewNames,
    { model = 'any', level = 'noAuthNoPriv', context = '', contextMatch = 'exact' }: GroupAccess,
  ): void {
    this.#access.push({
      vacmGroupName: group,
      vacmAccessContextPrefix: context,
      vacmAccessSecurityModel: SECURITY_MODEL[model],
      vacmAccessSecurityLevel: level,
      vacmAccessContextMatch: contextMatch,
      vacmAccessReadViewName: views.read,
      vacmAccessWriteViewName: views.write,
      vacmAccessNotifyViewName: views.notify,
    });
  }

  #requireContext(path: string, context: string): void {
    if (this.#surroundings.contexts.includes(context)) return;
    throw invalid(`${path}: the agent has no context ${JSON.stringify(context)}`);
  }
}

function communityRights(
  access: NonNullable<AccessOptions['communities']>[string],
  path: string,
): CommunityRights {
  if (access === 'read') return { read: 'all' };
  if (access === 'write') return { read: 'all', write: 'all' };
  if (typeof access === 'object' && access !== null) return access;
  throw invalid(`${path}: expected 'read', 'write' or { read, write }`);
}

function requireName(path: string, name: unknown): void {
  const octets = typeof name === 'string' ? Buffer.byteLength(name, 'utf8') : 0;
  if (octets >= 1 && octets <= MAX_NAME_OCTETS) return;
  throw invalid(`${path}: expected a name of 1 to ${MAX_NAME_OCTETS} octets`);
}

function requireOneOf(path: string, value: string, legal: readonly string[]): void {
  if (!legal.includes(value)) throw invalid(`${path}: expected ${legal.join(', ')}`);
}

function invalid(reason: string): SnmpError {
  return new SnmpError('SNMP_OPTION_INVALID', reason);
}
