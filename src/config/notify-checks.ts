import type { ConfigPath } from './json-text.js';
import { entriesOf, fieldOf, listOf, textOf } from './loose.js';
import type { Findings } from './problem.js';
import type { SecretReader } from './secret-reader.js';
import { checkUser } from './user-checks.js';

/** Whether receivers can be told: each with a community, or with a user of SNMPv3. */
export function checkTargets(config: unknown, findings: Findings, secrets: SecretReader): void {
  const users = listOf(fieldOf(fieldOf(config, 'access'), 'users'));
  /** BOUNDED by the configuration. */
  const names = new Set(users.map((user) => fieldOf(user, 'name')));
  for (const [i, target] of listOf(fieldOf(fieldOf(config, 'notify'), 'targets')).entries()) {
    if (entriesOf(target).length === 0) continue;
    const path = ['notify', 'targets', i];
    checkVersion(target, path, findings);
    checkTargetUser(target, [...path, 'user'], names, findings);
    const user = fieldOf(target, 'user');
    if (entriesOf(user).length > 0) checkUser(user, [...path, 'user'], findings, secrets);
    const community = textOf(fieldOf(target, 'community'));
    if (community !== undefined) secrets.ofOthers([...path, 'community'], community);
  }
}

/** SNMPv3 has users, the others have communities. */
function checkVersion(target: unknown, path: ConfigPath, findings: Findings): void {
  const hasUser = fieldOf(target, 'user') !== undefined;
  const version = textOf(fieldOf(target, 'version')) ?? (hasUser ? 'v3' : 'v2c');
  const needed = version === 'v3' ? 'user' : 'community';
  const strange = version === 'v3' ? ['community'] : ['user', 'level', 'contextName'];
  if (fieldOf(target, needed) === undefined) {
    const reason = `is missing: SNMP${version} needs it`;
    findings.add('SNMP_CONFIG_MISSING_KEY', [...path, needed], reason);
  }
  for (const key of strange) {
    if (fieldOf(target, key) === undefined) continue;
    findings.add('SNMP_CONFIG_VALUE', [...path, key], `there is none in SNMP${version}`);
  }
}

/** A name is one of the agent's own users, whose keys are of its own engine. */
function checkTargetUser(
  target: unknown,
  path: ConfigPath,
  names: ReadonlySet<unknown>,
  findings: Findings,
): void {
  const user = textOf(fieldOf(target, 'user'));
  if (user === undefined) return;
  if (fieldOf(target, 'inform') === true) {
    const reason = 'an inform needs a user as the receiver knows it: { name, auth, ... }';
    findings.add('SNMP_CONFIG_VALUE', path, reason);
  } else if (!names.has(user)) {
    const reason = `access.users has no ${JSON.stringify(user)}`;
    findings.add('SNMP_CONFIG_REFERENCE', path, reason);
  }
}
