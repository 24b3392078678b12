import { SECURITY_LEVELS } from '../message/index.js';
import { AUTH_FACTS, PRIV_FACTS } from '../security/index.js';
import type { ConfigPath } from './json-text.js';
import { entriesOf, fieldOf, listOf, textOf } from './loose.js';
import type { Findings } from './problem.js';
import type { SecretReader } from './secret-reader.js';

/** Whether users are whole: names that differ, protocols with their secrets, levels with both. */
export function checkUsers(users: unknown, findings: Findings, secrets: SecretReader): void {
  /** BOUNDED by the configuration. */
  const names = new Set<string>();
  for (const [i, user] of listOf(users).entries()) {
    const path = ['access', 'users', i];
    const name = textOf(fieldOf(user, 'name'));
    if (name !== undefined && names.has(name)) {
      findings.add('SNMP_CONFIG_DUPLICATE', [...path, 'name'], `there are two users "${name}"`);
    }
    if (name !== undefined) names.add(name);
    if (entriesOf(user).length > 0) checkUser(user, path, findings, secrets);
  }
}

/** Whether a user has what its protocols and its level need. */
export function checkUser(
  user: unknown,
  path: ConfigPath,
  findings: Findings,
  secrets: SecretReader,
): void {
  const auth = octetsOf(AUTH_FACTS, fieldOf(user, 'auth'));
  const priv = octetsOf(PRIV_FACTS, fieldOf(user, 'priv'));
  checkSecrets(user, path, { protocol: 'auth', octets: auth }, findings, secrets);
  checkSecrets(user, path, { protocol: 'priv', octets: priv }, findings, secrets);
  const hasAuth = fieldOf(user, 'auth') !== undefined;
  const hasPriv = fieldOf(user, 'priv') !== undefined;
  if (hasPriv && !hasAuth) {
    const reason = 'is missing: what is encrypted is signed too (RFC 3414 section 1.4)';
    findings.add('SNMP_CONFIG_MISSING_KEY', [...path, 'auth'], reason);
  }
  const level = fieldOf(user, 'level');
  const highest = hasPriv ? 2 : hasAuth ? 1 : 0;
  if (SECURITY_LEVELS.findIndex((one) => one === String(level)) > highest) {
    const reason = `${String(level)} needs keys that this user does not have`;
    findings.add('SNMP_CONFIG_VALUE', [...path, 'level'], reason);
  }
}

interface Protocol {
  readonly protocol: 'auth' | 'priv';
  /** Of its keys; undefined where there is none, or none that is known. */
  readonly octets: number | undefined;
}

/** One of password and key where there is a protocol, neither where there is none. */
function checkSecrets(
  user: unknown,
  path: ConfigPath,
  { protocol, octets }: Protocol,
  findings: Findings,
  secrets: SecretReader,
): void {
  const passwordPath = [...path, `${protocol}Password`];
  const keyPath = [...path, `${protocol}Key`];
  const password = fieldOf(user, `${protocol}Password`);
  const key = fieldOf(user, `${protocol}Key`);
  if (fieldOf(user, protocol) === undefined) {
    if (password === undefined && key === undefined) return;
    const held = password === undefined ? `${protocol}Key` : `${protocol}Password`;
    const reason = `is missing: there is an ${held}, and nothing says which protocol it is for`;
    findings.add('SNMP_CONFIG_MISSING_KEY', [...path, protocol], reason);
  } else if (password === undefined && key === undefined) {
    const reason = `is missing, and so is ${protocol}Key: ${protocol} needs one of them`;
    findings.add('SNMP_CONFIG_MISSING_KEY', passwordPath, reason);
  } else if (password !== undefined && key !== undefined) {
    const reason = `there is an ${protocol}Password too: one of them is enough`;
    findings.add('SNMP_CONFIG_VALUE', keyPath, reason);
  }
  if (typeof password === 'string') {
    secrets.password(passwordPath, password, fieldOf(user, 'name'));
  }
  if (typeof key === 'string') secrets.key(keyPath, key, octets);
}

function octetsOf(
  facts: Readonly<Record<string, { readonly keyOctets: number }>>,
  protocol: unknown,
): number | undefined {
  return typeof protocol === 'string' && Object.hasOwn(facts, protocol)
    ? facts[protocol]?.keyOctets
    : undefined;
}
