import { RecentMap, SnmpError } from '../../base/index.js';
import type { SecurityLevel } from '../../message/index.js';
import { AUTH_FACTS, AuthKey, type AuthProtocol } from './authentication.js';
import { localizeKey, MIN_PASSWORD_OCTETS, passwordToKey, privacyKey } from './keys.js';
import { PRIV_FACTS, PrivKey, type PrivProtocol } from './privacy.js';
import { highestLevel, type UsmUser } from './users.js';

/**
 * A user as somebody writes it down: with `auth` comes `authPassword` or `authKey`, with `priv`
 * (which needs `auth`) `privPassword` or `privKey`. Keys are in hexadecimal.
 */
export interface UserSecrets {
  readonly name: string;
  readonly auth?: AuthProtocol;
  readonly authPassword?: string;
  readonly authKey?: string;
  readonly priv?: PrivProtocol;
  readonly privPassword?: string;
  readonly privKey?: string;
}

/**
 * What keys that are given are: `localized`, Kul, for one engine alone; `master`, Ku, what a
 * password comes to (RFC 3414 2.6).
 */
export type KeyType = 'localized' | 'master';

type Secret =
  | { readonly kind: 'password'; readonly octets: Uint8Array }
  | { readonly kind: KeyType; readonly octets: Uint8Array };

interface Protected<Protocol> {
  readonly protocol: Protocol;
  readonly secret: Secret;
}

const MAX_NAME_OCTETS = 32;
const MAX_PASSWORDS = 1000;

/** Ku by protocol and password: to make one takes milliseconds. */
export class PasswordKeys {
  readonly #keys = new RecentMap<string, Uint8Array>(MAX_PASSWORDS);

  keyOf(hash: AuthProtocol, password: Uint8Array): Uint8Array {
    const known = `${hash} ${Buffer.from(password).toString('latin1')}`;
    const key = this.#keys.get(known) ?? passwordToKey(hash, password);
    this.#keys.set(known, key);
    return key;
  }
}

/** A user of no engine yet. */
export interface UnlocalizedUser {
  readonly name: string;
  /** The user as that engine knows it (RFC 3414 2.6). */
  localize(engineId: Uint8Array, passwords: PasswordKeys): UsmUser;
}

/** A user whose secrets are known and of no engine yet. They cannot be looked at. */
export class UserKeys implements UnlocalizedUser {
  readonly name: string;
  /** The highest that the keys allow. */
  readonly highestLevel: SecurityLevel;
  readonly #auth: Protected<AuthProtocol> | undefined;
  readonly #priv: Protected<PrivProtocol> | undefined;

  /**
   * @param path - names the user in errors, which never hold a secret.
   * @throws SnmpError SNMP_OPTION_INVALID, SNMP_PASSWORD_WEAK
   */
  constructor(secrets: UserSecrets, path: string, keyType: KeyType = 'localized') {
    const { name } = secrets;
    const nameOctets = typeof name === 'string' ? Buffer.byteLength(name) : 0;
    if (nameOctets < 1 || nameOctets > MAX_NAME_OCTETS) {
      throw invalid(`${path}.name`, `expected 1 to ${MAX_NAME_OCTETS} octets`);
    }
    this.name = name;
    this.#auth = readAuth(secrets, path, keyType);
    this.#priv = readPriv(secrets, this.#auth?.protocol, path, keyType);
    this.highestLevel = highestLevel(this.#auth !== undefined, this.#priv !== undefined);
  }

  localize(engineId: Uint8Array, passwords: PasswordKeys): UsmUser {
    const { name } = this;
    const auth = this.#auth;
    if (auth === undefined) return { name };
    const hash = auth.protocol;
    const local = ({ kind, octets }: Secret): Uint8Array => {
      if (kind === 'localized') return octets;
      const key = kind === 'master' ? octets : passwords.keyOf(hash, octets);
      return localizeKey(hash, key, engineId);
    };
    const user = { name, auth: new AuthKey(hash, local(auth.secret)) };
    const priv = this.#priv;
    if (priv === undefined) return user;
    const { protocol, secret } = priv;
    const localized = local(secret);
    const key =
      secret.kind === 'localized' ? localized : privacyKey(protocol, hash, localized, engineId);
    return { ...user, priv: new PrivKey(protocol, key) };
  }
}

function readAuth(
  { auth, authPassword, authKey }: UserSecrets,
  path: string,
  keyType: KeyType,
): Protected<AuthProtocol> | undefined {
  if (auth === undefined) {
    refuseWithout('auth', authPassword ?? authKey, path);
    return undefined;
  }
  if (!Object.hasOwn(AUTH_FACTS, auth)) {
    throw invalid(`${path}.auth`, `expected one of ${Object.keys(AUTH_FACTS).join(', ')}`);
  }
  const { keyOctets } = AUTH_FACTS[auth];
  const secret = readSecret(authPassword, authKey, `${path}.auth`, keyOctets, keyType);
  return { protocol: auth, secret };
}

function readPriv(
  { priv, privPassword, privKey }: UserSecrets,
  auth: AuthProtocol | undefined,
  path: string,
  keyType: KeyType,
): Protected<PrivProtocol> | undefined {
  if (priv === undefined) {
    refuseWithout('priv', privPassword ?? privKey, path);
    return undefined;
  }
  if (!Object.hasOwn(PRIV_FACTS, priv)) {
    throw invalid(`${path}.priv`, `expected one of ${Object.keys(PRIV_FACTS).join(', ')}`);
  }
  if (auth === undefined) throw invalid(`${path}.priv`, 'there is no priv without auth');
  // Ku is of the hash's size, whatever it is for.
  const { keyOctets } = keyType === 'master' ? AUTH_FACTS[auth] : PRIV_FACTS[priv];
  const secret = readSecret(privPassword, privKey, `${path}.priv`, keyOctets, keyType);
  return { protocol: priv, secret };
}

/** A secret for a protocol that is not named: a slip, and one that would leave the door open. */
function refuseWithout(what: 'auth' | 'priv', secret: unknown, path: string): void {
  if (secret !== undefined) throw invalid(path, `a password or key, but no \`${what}\``);
}

function readSecret(
  password: unknown,
  key: unknown,
  path: string,
  keyOctets: number,
  keyType: KeyType,
): Secret {
  if (typeof password === 'string' && key === undefined) {
    const octets = Buffer.from(password, 'utf8');
    if (octets.length < MIN_PASSWORD_OCTETS) {
      throw new SnmpError(
        'SNMP_PASSWORD_WEAK',
        `${path}Password: a password has ${MIN_PASSWORD_OCTETS} octets at least (RFC 3414 11.2)`,
      );
    }
    return { kind: 'password', octets };
  }
  if (typeof key === 'string' && password === undefined) {
    return { kind: keyType, octets: readKey(key, keyOctets, `${path}Key`) };
  }
  throw invalid(path, `expected either a password or a key, as text`);
}

function readKey(text: string, octets: number, path: string): Uint8Array {
  const digits = text.replace(/^0x/i, '');
  if (!/^[\da-f]*$/i.test(digits) || digits.length !== octets * 2) {
    throw invalid(path, `expected ${octets} octets in hexadecimal`);
  }
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

function invalid(path: string, reason: string): SnmpError {
  return new SnmpError('SNMP_OPTION_INVALID', `${path}: ${reason}`);
}
