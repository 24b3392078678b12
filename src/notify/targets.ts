import { SocketAddress } from 'node:net';
import { requireInteger, SnmpError } from '../base/index.js';
import { SECURITY_LEVELS, type SecurityLevel, type Version } from '../message/index.js';
import { isAtLeast, UserKeys, type AccessRequest, type UserSecrets } from '../security/index.js';
import { parseUdpUrl, type Peer, type UdpAddress } from '../transport/index.js';

/** Who is to be told, and how. */
export interface NotifyTargetOptions {
  /**
   * What deliveries and events call it, and its rows in SNMP-TARGET-MIB and SNMP-NOTIFICATION-MIB
   * where that can be a name there. Default: its address; the rows by its place, `target1`.
   */
  readonly name?: string;
  /** `udp://192.0.2.1:162`, `udp://[::1]:162`. */
  readonly address: string;
  /** Of SNMPv1 and v2c. */
  readonly community?: string;
  /** Default v3 where there is a `user`, else v2c. */
  readonly version?: Version | 'v3';
  /**
   * Of SNMPv3: a user with passwords or keys as the receiver knows it; for traps also the name of
   * one of `access.users`, with the keys that it has at the time. Keys that are given are localized:
   * for traps to this agent's engine, for informs to the receiver's.
   */
  readonly user?: string | UserSecrets;
  /** Of SNMPv3. Default: the highest that the user's keys allow. */
  readonly level?: SecurityLevel;
  /** Of SNMPv3: the context that it tells of. Default ''. */
  readonly contextName?: string;
  /**
   * InformRequest instead of Trap: sent again until it is acknowledged. SNMPv1 has none and gets a
   * trap (RFC 3584 section 4.2.3). Default false.
   */
  readonly inform?: boolean;
  /** How long an acknowledgement is waited for, each time. 1..600000 ms, default 1500. */
  readonly timeoutMs?: number;
  /** How often an inform is sent again. 0..255, default 3 (RFC 3413 section 4). */
  readonly retries?: number;
}

const DEFAULT_TIMEOUT_MS = 1500;
const DEFAULT_RETRIES = 3;
const MAX_TIMEOUT_MS = 600_000;
const MAX_RETRIES = 255;

/** Who tells, in SNMPv1 and v2c. */
interface TargetCommunity {
  readonly version: Version;
  readonly community: Uint8Array;
}

/** Who tells, in SNMPv3. */
export interface TargetUser {
  readonly version: 'v3';
  /**
   * One who is known to the receiver; or by name one of usmUserTable: for traps of this engine, for
   * informs of the engine that receives them.
   */
  readonly user: string | UserKeys;
  readonly level: SecurityLevel | undefined;
  readonly contextName: Uint8Array;
}

/** On whose behalf a target is told. */
export type TargetSecurity = TargetCommunity | TargetUser;

/** What a target is made of: by the configuration, or by rows of the tables. */
export interface TargetFacts {
  readonly name: string;
  readonly address: UdpAddress;
  readonly kind: 'trapV1' | 'trap' | 'inform';
  readonly timeoutMs: number;
  readonly retries: number;
  readonly security: TargetSecurity;
  /** What it can take; Infinity where nobody knows. */
  readonly maxSizeOctets: number;
  /**
   * Whose notify view counts. Undefined for a target of the configuration, where it is that of the
   * community or the user, if the tables know them.
   */
  readonly tells: AccessRequest | undefined;
}

/** Somebody who is told, complete and checked. Community and keys show nowhere. */
export class NotifyTarget implements TargetFacts {
  readonly name: string;
  readonly address: UdpAddress;
  /** Where it is sent to, and what an acknowledgement has to come from. */
  readonly peer: Peer;
  readonly kind: TargetFacts['kind'];
  readonly timeoutMs: number;
  readonly retries: number;
  readonly maxSizeOctets: number;
  readonly tells: AccessRequest | undefined;
  readonly #security: TargetSecurity;

  constructor(facts: TargetFacts) {
    this.name = facts.name;
    this.address = facts.address;
    this.peer = { address: canonical(facts.address), port: facts.address.port };
    this.kind = facts.kind;
    this.timeoutMs = facts.timeoutMs;
    this.retries = facts.retries;
    this.maxSizeOctets = facts.maxSizeOctets;
    this.tells = facts.tells;
    this.#security = facts.security;
  }

  get security(): TargetSecurity {
    return this.#security;
  }

  get isLoopback(): boolean {
    const { address } = this.peer;
    return address === '::1' || address.startsWith('127.');
  }
}

/**
 * @param path - what messages call the list: `notify.targets`.
 * @throws SnmpError SNMP_OPTION_INVALID, SNMP_LISTEN_SYNTAX for an address
 */
export function completeTargets(
  targets: readonly NotifyTargetOptions[],
  path: string,
): readonly NotifyTarget[] {
  return targets.map((target, i) => readTarget(target, `${path}[${i}]`));
}

function readTarget(options: NotifyTargetOptions, path: string): NotifyTarget {
  const { inform = false, timeoutMs = DEFAULT_TIMEOUT_MS, retries = DEFAULT_RETRIES } = options;
  const version = options.version ?? (options.user === undefined ? 'v2c' : 'v3');
  if (version !== 'v1' && version !== 'v2c' && version !== 'v3') {
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}.version: expected v1, v2c or v3`);
  }
  const security =
    version === 'v3' ? readUser(options, path) : readCommunity(version, options, path);
  const address = parseUdpUrl(options.address);
  if (address.port === 0) {
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}.address: expected a port`);
  }
  requireInteger(`${path}.timeoutMs`, timeoutMs, 1, MAX_TIMEOUT_MS);
  requireInteger(`${path}.retries`, retries, 0, MAX_RETRIES);
  return new NotifyTarget({
    name: options.name ?? options.address,
    address,
    kind: version === 'v1' ? 'trapV1' : inform ? 'inform' : 'trap',
    timeoutMs,
    retries,
    security,
    maxSizeOctets: Infinity,
    tells: undefined,
  });
}

function readCommunity(
  version: Version,
  { community, user, level, contextName }: NotifyTargetOptions,
  path: string,
): TargetCommunity {
  if (typeof community !== 'string' || community === '') {
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}.community: expected a community`);
  }
  if ((user ?? level ?? contextName) !== undefined) {
    const what = 'user, level and contextName are of v3';
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}: ${what}, and this is ${version}`);
  }
  return { version, community: Buffer.from(community, 'utf8') };
}

function readUser(
  { user, community, inform = false, level, contextName = '' }: NotifyTargetOptions,
  path: string,
): TargetUser {
  if (community !== undefined) {
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}.community: there is none in v3`);
  }
  if (level !== undefined && !SECURITY_LEVELS.includes(level)) {
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      `${path}.level: expected ${SECURITY_LEVELS.join(', ')}`,
    );
  }
  const context = Buffer.from(contextName, 'utf8');
  if (typeof user === 'string' && !inform && user !== '') {
    return { version: 'v3', user, level, contextName: context };
  }
  if (typeof user !== 'object' || user === null) {
    const expected = inform ? 'a user with passwords or keys of the receiver' : 'a user';
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}.user: expected ${expected}`);
  }
  const keys = new UserKeys(user, `${path}.user`);
  if (level !== undefined && !isAtLeast(keys.highestLevel, level)) {
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}.level: the user has no keys for ${level}`);
  }
  return { version: 'v3', user: keys, level, contextName: context };
}

/** As the system writes it where a datagram comes from: `0:0::1` is `::1`. */
function canonical({ host, family }: UdpAddress): string {
  return new SocketAddress({ address: host, family: family === 4 ? 'ipv4' : 'ipv6' }).address;
}
