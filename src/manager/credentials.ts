import { inspect } from 'node:util';
import { equalOctets, requireKnownKeys, SnmpError } from '../base/index.js';
import type { Asker } from '../dispatch/index.js';
import {
  SECURITY_LEVELS,
  type CommunityMessage,
  type OutgoingMessage,
  type OutgoingPdu,
  type SecurityLevel,
  type Version,
} from '../message/index.js';
import {
  isAtLeast,
  parseEngineId,
  UserKeys,
  type KeyType,
  type UserSecrets,
} from '../security/index.js';

/** Why a message that came is not the reply that was asked for. */
export type CredentialFault = 'wrongVersion' | 'wrongCommunity';

/** Who asks. Never shows what it keeps secret. */
export type Credentials = CommunityCredentials | UserCredentials;

export interface CommunityOptions {
  /** Default v2c. */
  readonly version?: Version;
}

/**
 * Credentials of SNMPv1 or SNMPv2c (RFC 1157, RFC 1901): a community, sent in clear.
 *
 * @param name - text, sent as UTF-8, or the octets themselves.
 * @throws SnmpError SNMP_OPTION_INVALID
 */
export function community(name: string | Uint8Array, options: CommunityOptions = {}): Credentials {
  const { version = 'v2c' } = options;
  if (version !== 'v1' && version !== 'v2c') {
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      `community: version: expected v1 or v2c, got ${String(version)}`,
    );
  }
  if (typeof name !== 'string' && !(name instanceof Uint8Array)) {
    throw new SnmpError('SNMP_OPTION_INVALID', 'community: expected a string or octets');
  }
  return new CommunityCredentials(Uint8Array.from(Buffer.from(name)), version);
}

/** What makes a message of a PDU, and says whether a message was made for whom asked. */
export class CommunityCredentials {
  readonly version: Version;
  readonly #community: Uint8Array;

  constructor(octets: Uint8Array, version: Version) {
    this.#community = octets;
    this.version = version;
  }

  /** The message to send. */
  seal(pdu: OutgoingPdu): OutgoingMessage {
    return { version: this.version, community: this.#community, pdu };
  }

  /** What is wrong with a reply, or undefined. */
  faultOf(reply: CommunityMessage): CredentialFault | undefined {
    if (reply.version !== this.version) return 'wrongVersion';
    return equalOctets(reply.community, this.#community) ? undefined : 'wrongCommunity';
  }

  toString(): string {
    return `community of ${this.version}`;
  }

  [inspect.custom](): string {
    return `<${this.toString()}>`;
  }
}

/**
 * A user of SNMPv3 (RFC 3414). With `auth` comes `authPassword` or `authKey`, with `priv`, which
 * needs `auth`, `privPassword` or `privKey`. Passwords have 8 octets at least; keys are in
 * hexadecimal.
 */
export interface UserOptions extends UserSecrets {
  /** Default: the highest that the keys allow. */
  readonly level?: SecurityLevel;
  /** What `authKey` and `privKey` are. Default: localized, for the one engine that is asked. */
  readonly keyType?: KeyType;
  /** The context that is asked in. Default: the one that has no name. */
  readonly contextName?: string;
  /** snmpEngineID, in hexadecimal, of where that context is. Default: of who answers. */
  readonly contextEngineId?: string;
  /** snmpEngineID, in hexadecimal, of who answers. Default: whoever it is says so. */
  readonly engineId?: string;
}

const USER_KEYS = [
  'name',
  'auth',
  'authPassword',
  'authKey',
  'priv',
  'privPassword',
  'privKey',
  'level',
  'keyType',
  'contextName',
  'contextEngineId',
  'engineId',
];
const KEY_TYPES = ['localized', 'master'];
const MAX_CONTEXT_NAME_OCTETS = 32;

/**
 * Credentials of SNMPv3: a user, whose keys are made for each engine that is asked.
 *
 * @throws SnmpError SNMP_OPTION_INVALID, SNMP_PASSWORD_WEAK, SNMP_ENGINE_ID_INVALID
 */
export function user(options: UserOptions): Credentials {
  requireKnownKeys('user', options, USER_KEYS);
  const { level, keyType = 'localized', contextName = '', contextEngineId, engineId } = options;
  if (!KEY_TYPES.includes(keyType)) {
    throw new SnmpError('SNMP_OPTION_INVALID', `user.keyType: expected ${KEY_TYPES.join(' or ')}`);
  }
  const keys = new UserKeys(options, 'user', keyType);
  const asked = level ?? keys.highestLevel;
  if (!SECURITY_LEVELS.includes(asked)) {
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      `user.level: expected one of ${SECURITY_LEVELS.join(', ')}`,
    );
  }
  if (!isAtLeast(keys.highestLevel, asked)) {
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      `user.level: ${asked} needs keys that this user does not have`,
    );
  }
  if (typeof contextName !== 'string' || Buffer.byteLength(contextName) > MAX_CONTEXT_NAME_OCTETS) {
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      `user.contextName: expected text of ${MAX_CONTEXT_NAME_OCTETS} octets at most`,
    );
  }
  return new UserCredentials({
    keys,
    level: asked,
    engineId: engineId === undefined ? undefined : parseEngineId(engineId),
    contextEngineId: contextEngineId === undefined ? undefined : parseEngineId(contextEngineId),
    contextName: Buffer.from(contextName, 'utf8'),
  });
}

export class UserCredentials {
  readonly version = 'v3';
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** What requests are made with. */
  asker(): Asker {
    return this.#asker;
  }

  toString(): string {
    const { keys, level } = this.#asker;
    return `user ${keys.name} at ${level}`;
  }

  [inspect.custom](): string {
    return `<${this.toString()}>`;
  }
}
