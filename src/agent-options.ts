import { requireInteger, SnmpError, type Clock, type Logger } from './base/index.js';
import { DEFAULT_MAX_WAITING_SETS, type SubtreeObjects, type SystemFacts } from './agent/index.js';
import type { MibDefinition, MibModule } from './mib/index.js';
import { MAX_UDP_PAYLOAD_OCTETS, type SecurityLevel } from './message/index.js';
import type { NotifyTargetOptions } from './notify/index.js';
import type { AuthProtocol, PrivProtocol } from './security/index.js';
import type { Deadlines } from './subtree/index.js';
import type { SubtreePolicy } from '../supervisors/trees/index.js';
import type { EngineOptions } from './engine-options.js';

/** Part of the OID tree: by dotted OID, descriptor or `MODULE::descriptor`. */
export interface ViewSpec {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
}

/** What one community may do. `write` includes reading. */
export type CommunityAccess =
  | 'read'
  | 'write'
  | {
      readonly read?: 'all' | ViewSpec;
      readonly write?: 'all' | ViewSpec;
      /** The name that instrumentation and observers are shown instead of the community. */
      readonly securityName?: string;
    };

/**
 * One SNMPv3 user. With `auth` comes `authPassword` or `authKey`, with `priv` (which needs `auth`)
 * `privPassword` or `privKey`. Passwords have 8 octets at least; keys are localized ones for this
 * agent's engine ID, in hexadecimal.
 */
export interface UserAccess {
  /** 1..32 octets; also the securityName that instrumentation and observers are shown. */
  readonly name: string;
  readonly auth?: AuthProtocol;
  readonly authPassword?: string;
  readonly authKey?: string;
  readonly priv?: PrivProtocol;
  readonly privPassword?: string;
  readonly privKey?: string;
  readonly read?: 'all' | ViewSpec;
  readonly write?: 'all' | ViewSpec;
  /** Requests at a lower level are refused. Default: the highest that the keys allow. */
  readonly level?: SecurityLevel;
}

export interface AccessOptions {
  /** By community. None by default: then no request of SNMPv1 or v2c is answered. */
  readonly communities?: Readonly<Record<string, CommunityAccess>>;
  /** SNMPv3's users (RFC 3414). None by default: then nothing but discovery is answered. */
  readonly users?: readonly UserAccess[];
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

/** Who is told what happens: traps and informs (RFC 3413 section 3.3). */
export interface NotifyOptions {
  /** None by default: then nothing is sent. */
  readonly targets?: readonly NotifyTargetOptions[];
  /** Informs that wait for their acknowledgement; the oldest makes room. Default 10 000. */
  readonly maxPendingInforms?: number;
}

export interface AgentOptions {
  /** `udp://127.0.0.1:1161`, `udp://[::1]:1161`; several; none: only `inject`. Default none. */
  readonly listen?: string | readonly string[];
  readonly access?: AccessOptions;
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
  /** `wait`: nobody reads half a SET (SET.md section 4). `through`: reads never wait for a SET. */
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
}

/** Names that are terms, and hence cannot be descriptors of objects here. */
const TERMS = ['name', 'subtree', 'supervise', 'deadlines'] as const;

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
  const { name, subtree, supervise, deadlines } = definition;
  const terms: SubtreeTerms = {
    ...(name === undefined ? {} : { name }),
    ...(subtree === undefined ? {} : { subtree }),
    ...(supervise === undefined ? {} : { supervise }),
    ...(deadlines === undefined ? {} : { deadlines }),
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
