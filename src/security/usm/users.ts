import { equalOctets, latin1Of, SnmpError } from '../../base/index.js';
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

/** So many users at most are looked through one by one. */
const MAX_SCANNED = 8;

/** Users by their names, compared octet by octet. */
export class UserTable {
  /** Keyed by the octets as latin1. BOUNDED by the configuration, and by usmUserTable's rows. */
  readonly #users = new Map<string, UsmUser>();
  /** The same users where they are few: a key for the map would cost more. */
  #few: readonly { readonly name: Uint8Array; readonly user: UsmUser }[] = [];

  /** @throws SnmpError SNMP_ACCESS_DUPLICATE */
  add(user: UsmUser): void {
    const key = keyOf(user.name);
    if (this.#users.has(key)) {
      throw new SnmpError(
        'SNMP_ACCESS_DUPLICATE',
        `the user ${JSON.stringify(user.name)} is configured twice`,
      );
    }
    this.put(user);
  }

  /** In place of whoever had the name. */
  put(user: UsmUser): void {
    this.#users.set(keyOf(user.name), user);
    this.#changed();
  }

  /** Nobody has the name any more. */
  remove(name: string): void {
    this.#users.delete(keyOf(name));
    this.#changed();
  }

  #changed(): void {
    const isFew = this.#users.size <= MAX_SCANNED;
    this.#few = isFew
      ? this.users.map((user) => ({ name: Buffer.from(user.name, 'utf8'), user }))
      : [];
  }

  find(name: Uint8Array): UsmUser | undefined {
    if (this.#users.size > MAX_SCANNED) return this.#users.get(latin1Of(name));
    const few = this.#few;
    for (let i = 0; i < few.length; i++) {
      const known = few[i];
      if (known !== undefined && equalOctets(known.name, name)) return known.user;
    }
    return undefined;
  }

  get users(): readonly UsmUser[] {
    return [...this.#users.values()];
  }
}

function keyOf(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}
