import { SnmpError } from './base/index.js';
import type { UserAccess } from './agent-options.js';
import type { SecurityLevel } from './message/index.js';
import {
  AUTH_FACTS,
  AuthKey,
  localizeKey,
  MIN_PASSWORD_OCTETS,
  passwordToKey,
  PRIV_FACTS,
  PrivKey,
  privacyKey,
  supportsLevel,
  type AuthProtocol,
  type UsmUser,
} from './security/index.js';

export interface ConfiguredUser {
  readonly user: UsmUser;
  readonly leastLevel: SecurityLevel;
}

const MAX_NAME_OCTETS = 32;

/** Turns what is configured into users with keys; passwords are forgotten with it. */
export class UserReader {
  readonly #engineId: Uint8Array;
  /** Ku by protocol and password: making one takes milliseconds. BOUNDED by the configuration. */
  readonly #keys = new Map<string, Uint8Array>();

  constructor(engineId: Uint8Array) {
    this.#engineId = engineId;
  }

  /**
   * @param path - names the user in errors, which never hold a secret.
   * @throws SnmpError SNMP_OPTION_INVALID, SNMP_PASSWORD_WEAK
   */
  read(access: UserAccess, path: string): ConfiguredUser {
    const { name } = access;
    const nameOctets = typeof name === 'string' ? Buffer.byteLength(name) : 0;
    if (nameOctets < 1 || nameOctets > MAX_NAME_OCTETS) {
      throw invalid(`${path}.name`, `expected 1 to ${MAX_NAME_OCTETS} octets`);
    }
    const localized = this.#authKey(access, path);
    const priv = this.#privKey(access, localized, path);
    const user: UsmUser = {
      name,
      ...(localized === undefined ? {} : { auth: new AuthKey(localized.protocol, localized.key) }),
      ...(priv === undefined ? {} : { priv }),
    };
    const leastLevel = access.level ?? highestLevel(user);
    if (!['noAuthNoPriv', 'authNoPriv', 'authPriv'].includes(leastLevel)) {
      throw invalid(`${path}.level`, "expected 'noAuthNoPriv', 'authNoPriv' or 'authPriv'");
    }
    if (!supportsLevel(user, leastLevel)) {
      throw invalid(`${path}.level`, `${leastLevel} needs keys that this user does not have`);
    }
    return { user, leastLevel };
  }

  #authKey(
    { auth, authPassword, authKey }: UserAccess,
    path: string,
  ): { readonly protocol: AuthProtocol; readonly key: Uint8Array } | undefined {
    if (auth === undefined) {
      refuseWithout('auth', authPassword ?? authKey, path);
      return undefined;
    }
    if (!Object.hasOwn(AUTH_FACTS, auth)) {
      throw invalid(`${path}.auth`, `expected one of ${Object.keys(AUTH_FACTS).join(', ')}`);
    }
    const given = oneOf(authPassword, authKey, `${path}.auth`);
    const { keyOctets } = AUTH_FACTS[auth];
    const key =
      'key' in given
        ? readKey(given.key, keyOctets, `${path}.authKey`)
        : this.#localize(auth, given.password, `${path}.authPassword`);
    return { protocol: auth, key };
  }

  #privKey(
    { priv, privPassword, privKey }: UserAccess,
    auth: { readonly protocol: AuthProtocol } | undefined,
    path: string,
  ): PrivKey | undefined {
    if (priv === undefined) {
      refuseWithout('priv', privPassword ?? privKey, path);
      return undefined;
    }
    if (!Object.hasOwn(PRIV_FACTS, priv)) {
      throw invalid(`${path}.priv`, `expected one of ${Object.keys(PRIV_FACTS).join(', ')}`);
    }
    if (auth === undefined) throw invalid(`${path}.priv`, 'there is no priv without auth');
    const given = oneOf(privPassword, privKey, `${path}.priv`);
    if ('key' in given) {
      const { keyOctets } = PRIV_FACTS[priv];
      return new PrivKey(priv, readKey(given.key, keyOctets, `${path}.privKey`));
    }
    const localized = this.#localize(auth.protocol, given.password, `${path}.privPassword`);
    return new PrivKey(priv, privacyKey(priv, auth.protocol, localized, this.#engineId));
  }

  #localize(hash: AuthProtocol, password: string, path: string): Uint8Array {
    const octets = Buffer.from(password, 'utf8');
    if (octets.length < MIN_PASSWORD_OCTETS) {
      throw new SnmpError(
        'SNMP_PASSWORD_WEAK',
        `${path}: a password has ${MIN_PASSWORD_OCTETS} octets at least (RFC 3414 11.2)`,
      );
    }
    const known = `${hash} ${octets.toString('hex')}`;
    const key = this.#keys.get(known) ?? passwordToKey(hash, octets);
    this.#keys.set(known, key);
    return localizeKey(hash, key, this.#engineId);
  }
}

function highestLevel(user: UsmUser): SecurityLevel {
  if (supportsLevel(user, 'authPriv')) return 'authPriv';
  return supportsLevel(user, 'authNoPriv') ? 'authNoPriv' : 'noAuthNoPriv';
}

function invalid(path: string, reason: string): SnmpError {
  return new SnmpError('SNMP_OPTION_INVALID', `${path}: ${reason}`);
}

/** A secret for a protocol that is not named: a slip, and one that would leave the door open. */
function refuseWithout(what: 'auth' | 'priv', secret: unknown, path: string): void {
  if (secret !== undefined) throw invalid(path, `a password or key, but no \`${what}\``);
}

function oneOf(
  password: unknown,
  key: unknown,
  path: string,
): { readonly password: string } | { readonly key: string } {
  if (typeof password === 'string' && key === undefined) return { password };
  if (typeof key === 'string' && password === undefined) return { key };
  throw invalid(path, `expected either a password or a key, as text`);
}

function readKey(text: string, octets: number, path: string): Uint8Array {
  const digits = text.replace(/^0x/i, '');
  if (!/^[\da-f]*$/i.test(digits) || digits.length !== octets * 2) {
    throw invalid(path, `expected ${octets} octets in hexadecimal`);
  }
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}
