import { latin1Of, SnmpError } from '../../base/index.js';
import {
  SECURITY_LEVELS,
  type SecurityLevel,
  type UsmParameters,
  type V3Message,
} from '../../message/index.js';
import type { AuthKey } from './authentication.js';
import type { PrivKey } from './privacy.js';

/** A user with localized keys (RFC 3414 2.1): without `auth` there is no `priv`. */
export interface UsmUser {
  readonly name: string;
  readonly auth?: AuthKey;
  readonly priv?: PrivKey;
}

/** RFC 3414 3.2(5): whether this user has the keys for a level. */
export function supportsLevel({ auth, priv }: UsmUser, level: SecurityLevel): boolean {
  switch (level) {
    case 'noAuthNoPriv':
      return true;
    case 'authNoPriv':
      return auth !== undefined;
    case 'authPriv':
      return auth !== undefined && priv !== undefined;
  }
}

/**
 * RFC 3414 3.2(8): the scoped PDU of a message at level authPriv, with its padding. Undefined where
 * it is not encrypted, or cannot have been with the user's protocol.
 */
export function decryptData(
  { priv }: UsmUser,
  { datagram, data }: V3Message,
  parameters: UsmParameters,
): Uint8Array | undefined {
  if (!data.isEncrypted) return undefined;
  const ciphertext = datagram.subarray(data.start, data.end);
  return priv?.decrypt(ciphertext, parameters, parameters.privParameters);
}

/** What keys are good for. */
export function highestLevel(hasAuth: boolean, hasPriv: boolean): SecurityLevel {
  if (!hasAuth) return 'noAuthNoPriv';
  return hasPriv ? 'authPriv' : 'authNoPriv';
}

/** RFC 3411 SnmpSecurityLevel is ordered. */
export function isAtLeast(level: SecurityLevel, least: SecurityLevel): boolean {
  return SECURITY_LEVELS.indexOf(level) >= SECURITY_LEVELS.indexOf(least);
}

/** Users by their names, compared octet by octet. */
export class UserTable {
  /** Keyed by the octets as latin1. BOUNDED by the configuration, and by usmUserTable's rows. */
  readonly #users = new Map<string, UsmUser>();

  /** @throws SnmpError SNMP_ACCESS_DUPLICATE */
  add(user: UsmUser): void {
    const key = keyOf(user.name);
    if (this.#users.has(key)) {
      throw new SnmpError(
        'SNMP_ACCESS_DUPLICATE',
        `the user ${JSON.stringify(user.name)} is configured twice`,
      );
    }
    this.#users.set(key, user);
  }

  /** In place of whoever had the name. */
  put(user: UsmUser): void {
    this.#users.set(keyOf(user.name), user);
  }

  /** Nobody has the name any more. */
  remove(name: string): void {
    this.#users.delete(keyOf(name));
  }

  find(name: Uint8Array): UsmUser | undefined {
    return this.#users.get(latin1Of(name));
  }

  get users(): readonly UsmUser[] {
    return [...this.#users.values()];
  }
}

function keyOf(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}
