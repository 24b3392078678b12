import { requireInteger, SnmpError, type Clock, type Logger } from './base/index.js';
import { DEFAULT_MAX_WAITING_SETS, type SubtreeObjects, type SystemFacts } from './agent/index.js';
import type { MibDefinition, MibModule } from './mib/index.js';
import { MAX_UDP_PAYLOAD_OCTETS, type SecurityLevel } from './message/index.js';
import type { NotifyTargetOptions } from './notify/index.js';
import type { UserSecrets } from './security/index.js';
import type { Deadlines } from './subtree/index.js';
import type { SubtreePolicy } from '../supervisors/trees/index.js';
import type { EngineOptions } from './engine-options.js';

/**
 * Part of the OID tree: by dotted OID, descriptor or `MODULE::descriptor`. The longest that a name
 * lies in counts. With wild cards (RFC 3415 vacmViewTreeFamilyMask) behind a slash, a bit per
 * sub-identifier in hexadecimal: `1.3.6.1.2.1.2.2.1.0.5/ffa0` is row 5 of ifTable, in all columns.
 */
export interface ViewSpec {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * What may be read, written or told: `all`; the name of one of `access.views`; or what stands here.
 *
 * `all` has no secrets to read, and no say in who may do what: reading leaves out snmpCommunityTable,
 * writing leaves out the tables of users, access, communities and targets (SNMP-USER-BASED-SM-MIB but
 * for one's own keys, SNMP-VIEW-BASED-ACM-MIB, SNMP-COMMUNITY-MIB, SNMP-TARGET-MIB,
 * SNMP-NOTIFICATION-MIB), unless `administer` is true. A view is what it says.
 */
export type ViewChoice = 'all' | (string & {}) | ViewSpec;

/** What one community may do: all that `read` or `write` (which includes reading) comes to, or: */
export type CommunityAccess = 'read' | 'write' | CommunityRights;

export interface CommunityRights {
  readonly read?: ViewChoice;
  readonly write?: ViewChoice;
  /** Whether `all` includes the tables by which the agent is administered. Default false. */
  readonly administer?: boolean;
  /** The name that instrumentation and observers are shown instead of the community. */
  readonly securityName?: string;
  /** One of `access.groups`, whose rights it has; then it has no others of its own. */
  readonly group?: string;
  /** The context that requests with it are for, one of `contexts`. Default: the default context. */
  readonly context?: string;
  /**
   * Addresses or prefixes (`192.0.2.0/24`, `2001:db8::/32`, `::1`) that it is taken from; from
   * elsewhere it is an unknown community. Default: from anywhere.
   */
  readonly from?: readonly string[];
}

/** What a group may do where a request fits: RFC 3415 vacmAccessEntry. */
export interface GroupAccess {
  /** By what the request was let in: a community of that version, or a user. Default any. */
  readonly model?: 'any' | 'v1' | 'v2c' | 'usm';
  /** The least level; default noAuthNoPriv, but to be said where users of the group have keys. */
  readonly level?: SecurityLevel;
  /** The context, or by `contextMatch` what it begins with. Default: the default context. */
  readonly context?: string;
  readonly contextMatch?: 'exact' | 'prefix';
  readonly read?: ViewChoice;
  readonly write?: ViewChoice;
  readonly notify?: ViewChoice;
  /** Whether `all` includes the tables by which the agent is administered. Default false. */
  readonly administer?: boolean;
}

/**
 * One SNMPv3 user. Passwords have 8 octets at least; keys are localized ones for this agent's engine
 * ID. The name, of 1..32 octets, is also the securityName that instrumentation and observers are shown.
 */
export interface UserAccess extends UserSecrets {
  /** In any context. */
  readonly read?: ViewChoice;
  readonly write?: ViewChoice;
  /** Whether `all` includes the tables by which the agent is administered. Default false. */
  readonly administer?: boolean;
  /** Requests at a lower level are refused. Default: the highest that the keys allow. */
  readonly level?: SecurityLevel;
  /** One of `access.groups`, whose rights the user has; then there are no others of its own. */
  readonly group?: string;
}

export interface AccessOptions {
  /** By community. None by default: then no request of SNMPv1 or v2c is answered. */
  readonly communities?: Readonly<Record<string, CommunityAccess>>;
  /** SNMPv3's users (RFC 3414). None by default: then nothing but discovery is answered. */
  readonly users?: readonly UserAccess[];
  /**
   * What groups of communities and users may do (RFC 3415), by name, 1..32 octets. Of the entries
   * that fit a request one counts: of its own model before any, then of the longest context, then of
   * the highest level.
   */
  readonly groups?: Readonly<Record<string, readonly GroupAccess[]>>;
  /** By name, 1..32 octets. */
  readonly views?: Readonly<Record<string, ViewSpec>>;
}

/** Text of MIB modules: a path to read it from, or the text with the name to report it under. */
export type MibText = string | URL | { readonly path: string; readonly text: string };

export interface LimitOptions {
  /** snmpEngineMaxMessageSize: requests and responses. 484..65507, default 65507. */
  readonly maxMessageSizeOctets?: number;
  /** Requests under way; one more is dropped and counted. Default 1024. */
  readonly maxInFlight?: number;
  /** SETs that wait for an earlier one; one more gets resourceUnavailable. Default 256. */
  readonly maxWaitingSets?: number;
}

/**
 * Who is told what happens: traps and informs (RFC 3413 section 3.3). Besides these, whoever is
 * selected by rows that managers make in SNMP-NOTIFICATION-MIB and SNMP-TARGET-MIB.
 */
export interface NotifyOptions {
  /** None by default. */
  readonly targets?: readonly NotifyTargetOptions[];
  /** Informs that wait for their acknowledgement; the oldest makes room. Default 10 000. */
  readonly maxPendingInforms?: number;
  /**
   * snmpEnableAuthenTraps at the first start: whether targets are told of requests that fail to
   * authenticate. Default false.
   */
  readonly authenticationFailure?: boolean;
}

export interface AgentOptions {
  /** `udp://127.0.0.1:1161`, `udp://[::1]:1161`; several; none: only `inject`. Default none. */
  readonly listen?: string | readonly string[];
  readonly access?: AccessOptions;
  /** Names of contexts (RFC 3411 3.3.1) besides the default context `''`; 1..32 octets each. */
  readonly contexts?: readonly string[];
  readonly engine?: EngineOptions;
  /** What the agent says of itself in the system group; `false` leaves that group out. */
  readonly system?: SystemFacts | false;
  /** Modules that `load` finds by name, besides those that come with the package. */
  readonly mibs?: readonly MibText[];
  /**
   * Directories of modules that `load` and names such as `IF-MIB::ifDescr` find when they ask for
   * them, and from which imports are taken; with their subdirectories, before the package's own.
   * What is sound of such a module counts. SNMP_MIB_DIRECTORY at the start for one that is not there.
   */
  readonly mibPaths?: readonly string[];
  /**
   * Directory of what outlives the process: stored scalars, rows that are nonVolatile, permanent
   * or readOnly, and the number of starts. Made where it is not there. Needs the package lmdb.
   * Default: none, everything is volatile.
   */
  readonly state?: string;
  /** Defaults for all subtrees: get 1000, set 1000, lifecycle 5000 milliseconds. */
  readonly deadlines?: Partial<Deadlines>;
  /** `wait`: nobody reads half a SET. `through`: reads never wait for a SET. */
  readonly reads?: 'wait' | 'through';
  readonly limits?: LimitOptions;
  readonly notify?: NotifyOptions;
  /** pino-shaped. Default: silent. */
  readonly logger?: Logger;
  readonly clock?: Clock;
}

export interface SubtreeTerms<NodeName extends string = string> {
  /** Name in the supervision tree and in events. Default: `subtree`, else the module's name. */
  readonly name?: string;
  /** Descriptor of a node that all objects given lie below. */
  readonly subtree?: NodeName;
  readonly supervise?: SubtreePolicy;
  readonly deadlines?: Partial<Deadlines>;
  /**
   * The contexts that it is served in, of those that the agent has; its functions are told which one
   * a request is for. What is stored is the same in all of them. Default: the default context `''`.
   */
  readonly contexts?: readonly string[];
}

/** Names that are terms, and hence cannot be descriptors of objects here. */
const TERMS = ['name', 'subtree', 'supervise', 'deadlines', 'contexts'] as const;

/**
 * One subtree to load: its terms, and functions by the descriptors of the module's scalars and
 * tables.
 */
export type SubtreeDefinition = SubtreeTerms & {
  readonly [descriptor: string]: SubtreeObjects[string] | SubtreeTerms[keyof SubtreeTerms];
};

/**
 * What subtrees are loaded of: what `trellis mib compile` wrote, a compiled text, or the name of a
 * module that the agent knows.
 */
export type LoadableModule = MibDefinition | MibModule | string;

/** How a module is loaded. */
export interface LoadOptions {
  /**
   * Whether every scalar and table of the module must be given, but obsolete ones and those that
   * nobody may read or write. Default false: what is not given is not served.
   */
  readonly complete?: boolean;
}

/** One of several modules that are loaded together: known, or as a text with it. */
export type ModuleToLoad = (
  | { readonly module: LoadableModule }
  /** The (last) module in it; what the texts of one list import from each other is found. */
  | { readonly text: MibText }
) &
  LoadOptions & { readonly instrumentation: SubtreeDefinition | readonly SubtreeDefinition[] };

/** What `reload` puts in place of the module, if anything. */
export type ReloadOptions = { readonly module?: LoadableModule } | { readonly text: MibText };

export interface SplitDefinition {
  readonly terms: SubtreeTerms;
  readonly objects: SubtreeObjects;
}

/** Terms and objects apart. */
export function splitDefinition(definition: SubtreeDefinition): SplitDefinition {
  const { name, subtree, supervise, deadlines, contexts } = definition;
  const terms: SubtreeTerms = {
    ...(name === undefined ? {} : { name }),
    ...(subtree === undefined ? {} : { subtree }),
    ...(supervise === undefined ? {} : { supervise }),
    ...(deadlines === undefined ? {} : { deadlines }),
    ...(contexts === undefined ? {} : { contexts }),
  };
  const objects: Record<string, SubtreeObjects[string]> = {};
  for (const [key, value] of Object.entries(definition)) {
    if ((TERMS as readonly string[]).includes(key) || value === undefined) continue;
    if (typeof value !== 'object') {
      throw new SnmpError('SNMP_LOAD_BAD_FUNCTIONS', `${key}: expected an object of functions`);
    }
    objects[key] = value as SubtreeObjects[string];
  }
  return { terms, objects };
}

/** RFC 3412: an engine that cannot take 484 octets is none. */
const MIN_MESSAGE_SIZE_OCTETS = 484;

export interface CompleteLimits {
  readonly maxMessageSizeOctets: number;
  readonly maxInFlight: number;
  readonly maxWaitingSets: number;
}

/** @throws SnmpError SNMP_OPTION_INVALID */
export function completeLimits(limits: LimitOptions = {}): CompleteLimits {
  const size = limits.maxMessageSizeOctets ?? MAX_UDP_PAYLOAD_OCTETS;
  const { maxInFlight = 1024, maxWaitingSets = DEFAULT_MAX_WAITING_SETS } = limits;
  requireInteger(
    'limits.maxMessageSizeOctets',
    size,
    MIN_MESSAGE_SIZE_OCTETS,
    MAX_UDP_PAYLOAD_OCTETS,
  );
  requireInteger('limits.maxInFlight', maxInFlight, 1, 1_000_000);
  requireInteger('limits.maxWaitingSets', maxWaitingSets, 0, 1_000_000);
  return { maxMessageSizeOctets: size, maxInFlight, maxWaitingSets };
}

export const DEFAULT_DEADLINES: Deadlines = { getMs: 1000, setMs: 1000, lifecycleMs: 5000 };

/** @throws SnmpError SNMP_OPTION_INVALID */
export function completeDeadlines(
  ...given: readonly (Partial<Deadlines> | undefined)[]
): Deadlines {
  const deadlines = Object.assign({}, DEFAULT_DEADLINES, ...given) as Deadlines;
  for (const [name, value] of Object.entries(deadlines)) {
    requireInteger(`deadlines.${name}`, value as number, 1, 3_600_000);
  }
  return deadlines;
}
