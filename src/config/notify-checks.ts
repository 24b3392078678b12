import { entriesOf, fieldOf, listOf } from './loose.js';
import type { Findings } from './problem.js';
import type { SecretReader } from './secret-reader.js';
import { checkUser } from './user-checks.js';

/** Whether receivers can be told: each with a community, or with a user of SNMPv3. */
export function checkTargets(config: unknown, findings: Findings, secrets: SecretReader): void {
  const users = listOf(fieldOf(fieldOf(config, 'access'), 'users'));
  const names = new Set(users.map((user) => fieldOf(user, 'name')));
  for (const [i, target] of listOf(fieldOf(fieldOf(config, 'notify'), 'targets')).entries()) {
    if (entriesOf(target).length === 0) continue;
    const path = ['notify', 'targets', i];
    const user = fieldOf(target, 'user');
    const version = fieldOf(target, 'version') ?? (user === undefined ? 'v2c' : 'v3');
    const [needed, strange] =
      version === 'v3' ? ['user', ['community']] : ['community', ['user', 'level', 'contextName']];
    if (fieldOf(target, needed as string) === undefined) {
      const reason = `is missing: SNMP${String(version)} needs it`;
      findings.add('SNMP_CONFIG_MISSING_KEY', [...path, needed as string], reason);
    }
    for (const key of strange as string[]) {
      if (fieldOf(target, key) === undefined) continue;
      const reason = `there is none in SNMP${String(version)}`;
      findings.add('SNMP_CONFIG_VALUE', [...path, key], reason);
    }
    if (typeof user === 'string' && !names.has(user)) {
      const reason = `access.users has no ${JSON.stringify(user)}`;
      findings.add('SNMP_CONFIG_REFERENCE', [...path, 'user'], reason);
    } else if (typeof user === 'string' && fieldOf(target, 'inform') === true) {
      const reason = 'an inform needs a user as the receiver knows it: { name, auth, ... }';
      findings.add('SNMP_CONFIG_VALUE', [...path, 'user'], reason);
    } else if (entriesOf(user).length > 0) {
      checkUser(user, [...path, 'user'], findings, secrets);
    }
    const community = fieldOf(target, 'community');
    if (typeof community === 'string') secrets.ofOthers([...path, 'community'], community);
  }
}
