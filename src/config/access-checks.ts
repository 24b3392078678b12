import { BlockList, isIP } from 'node:net';
import { didYouMean, nearestNames, parseSecretSource } from '../base/index.js';
import { ipOctets } from '../security/index.js';
import { parseUdpUrl } from '../transport/index.js';
import type { ConfigPath } from './json-text.js';
import { entriesOf, fieldOf, listOf, textOf, textsOf } from './loose.js';
import type { Findings } from './problem.js';
import type { SecretReader } from './secret-reader.js';
import { checkUsers } from './user-checks.js';

/** Everybody tries these first. */
const WELL_KNOWN = new Set(['public', 'private']);

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether those whom a configuration names can be told apart, and what it speaks of is there. */
export function checkAccess(config: unknown, findings: Findings, secrets: SecretReader): void {
  const access = fieldOf(config, 'access');
  checkUsers(fieldOf(access, 'users'), findings, secrets);
  checkCommunities(config, findings, secrets);
  checkReferences(config, findings);
}

function checkCommunities(config: unknown, findings: Findings, secrets: SecretReader): void {
  const listen = fieldOf(config, 'listen');
  const isLocal = listen === undefined || isLoopbackOnly(textsOf(listen));
  /** BOUNDED by the configuration. */
  const known = new Set<string>();
  for (const { path, communityPath, community, terms } of communitiesOf(config)) {
    const secret = communityOf(community, communityPath, findings, secrets);
    if (secret !== undefined && known.has(secret)) {
      findings.add('SNMP_CONFIG_DUPLICATE', communityPath, 'this community is there twice');
    }
    if (secret !== undefined) known.add(secret);
    checkSources(terms, path, findings);
    const isOpen = !isLocal && !isLoopbackOnly(textsOf(fieldOf(terms, 'from')).map(asUrl));
    if (secret !== undefined && WELL_KNOWN.has(secret) && isOpen && mayWrite(terms)) {
      const reason =
        'everybody knows this community, and it may write from other machines; take another one, or `from` addresses of this machine';
      findings.add('SNMP_COMMUNITY_WEAK', communityPath, reason);
    }
  }
}

interface ListedCommunity {
  readonly path: ConfigPath;
  /** Where the community itself stands. */
  readonly communityPath: ConfigPath;
  readonly community: string | undefined;
  readonly terms: unknown;
}

/** From both forms: by community, and as a list. */
function communitiesOf(config: unknown): readonly ListedCommunity[] {
  const given = fieldOf(fieldOf(config, 'access'), 'communities');
  const at = ['access', 'communities'];
  const listed = listOf(given).map((terms, i) => ({
    path: [...at, i],
    communityPath: [...at, i, 'community'],
    community: textOf(fieldOf(terms, 'community')),
    terms,
  }));
  const named = entriesOf(given).map(([community, terms]) => {
    const path = [...at, community];
    return { path, communityPath: path, community, terms };
  });
  return [...listed, ...named];
}

function communityOf(
  given: string | undefined,
  path: ConfigPath,
  findings: Findings,
  secrets: SecretReader,
): string | undefined {
  if (given === undefined || WELL_KNOWN.has(given)) return given;
  const isKey = path.length === 3;
  if (isKey && parseSecretSource(given) !== undefined) {
    const reason =
      'a key is the community itself; for one that is kept elsewhere take the list: [{ "community": "env:VARIABLE", ... }]';
    findings.add('SNMP_CONFIG_VALUE', path, reason);
    return undefined;
  }
  if (isKey) {
    secrets.refuseExposed(path);
    return given;
  }
  const community = secrets.read(path, given);
  if (community === '') findings.add('SNMP_CONFIG_VALUE', path, 'this community is empty');
  return community;
}

function mayWrite(terms: unknown): boolean {
  // What a group may do is looked up by level and context; one that is named here may well write.
  return (
    terms === 'write' ||
    fieldOf(terms, 'write') !== undefined ||
    fieldOf(terms, 'group') !== undefined
  );
}

function checkSources(terms: unknown, path: ConfigPath, findings: Findings): void {
  const from = fieldOf(terms, 'from');
  if (Array.isArray(from) && from.length === 0) {
    const reason = 'expected one at least: without `from` it is taken from anywhere';
    findings.add('SNMP_CONFIG_VALUE', [...path, 'from'], reason);
  }
  for (const [i, one] of listOf(from).entries()) {
    const fault = typeof one === 'string' ? prefixFault(one) : undefined;
    if (fault !== undefined) findings.add('SNMP_CONFIG_VALUE', [...path, 'from', i], fault);
  }
}

function prefixFault(text: string): string | undefined {
  const [, address = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const octets = ipOctets(address) ?? [];
  const most = octets.length * 8;
  const bits = Number(length ?? most);
  if (most === 0 || bits > most) {
    return `expected an address or a prefix, 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32, not ${JSON.stringify(text)}`;
  }
  const isSet = (bit: number): boolean =>
    (((octets[bit >> 3] as number) >> (7 - (bit & 7))) & 1) === 1;
  for (let bit = bits; bit < most; bit++) {
    if (isSet(bit)) return `${JSON.stringify(text)} has bits set behind the first ${bits}`;
  }
  return undefined;
}

function asUrl(prefix: string): string {
  const [address = ''] = prefix.split('/');
  return isIP(address) === 6 ? `udp://[${address}]:0` : `udp://${address}:0`;
}

function isLoopbackOnly(urls: readonly string[]): boolean {
  return (
    urls.length > 0 &&
    urls.every((url) => {
      try {
        const { host, family } = parseUdpUrl(url);
        return LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
      } catch {
        return false;
      }
    })
  );
}

/** Groups, views and contexts that are spoken of. */
function checkReferences(config: unknown, findings: Findings): void {
  const access = fieldOf(config, 'access');
  const groups = entriesOf(fieldOf(access, 'groups'));
  const known: Names = {
    groups: groups.map(([name]) => name),
    views: entriesOf(fieldOf(access, 'views')).map(([name]) => name),
    contexts: textsOf(fieldOf(config, 'contexts')),
  };
  checkViewNames(known.views, findings);
  for (const { path, terms } of communitiesOf(config)) {
    checkNames(terms, path, known, findings);
    checkContext(terms, path, known, findings);
  }
  for (const [i, user] of listOf(fieldOf(access, 'users')).entries()) {
    checkNames(user, ['access', 'users', i], known, findings);
    checkLevels(user, ['access', 'users', i, 'group'], groups, findings);
  }
  for (const [group, lines] of groups) {
    for (const [i, line] of listOf(lines).entries()) {
      const path = ['access', 'groups', group, i];
      checkNames(line, path, known, findings);
      checkAgain(line, listOf(lines).slice(0, i), path, findings);
      if (fieldOf(line, 'contextMatch') !== 'prefix') checkContext(line, path, known, findings);
    }
  }
}

/** Who has keys is not to be let in without them because nobody said a level. */
function checkLevels(
  user: unknown,
  path: ConfigPath,
  groups: ReturnType<typeof entriesOf>,
  findings: Findings,
): void {
  const [name, lines] = groups.find(([group]) => group === fieldOf(user, 'group')) ?? [];
  if (name === undefined || fieldOf(user, 'auth') === undefined) return;
  const open = listOf(lines).findIndex((line) => {
    const model = fieldOf(line, 'model') ?? 'any';
    return fieldOf(line, 'level') === undefined && (model === 'any' || model === 'usm');
  });
  if (open < 0) return;
  const reason = `line ${open + 1} of this group has no \`level\`: it would let this user in without keys; say the least level there`;
  findings.add('SNMP_CONFIG_VALUE', path, reason);
}

/** Two lines for the same requests: which of them counts? */
function checkAgain(
  line: unknown,
  before: readonly unknown[],
  path: ConfigPath,
  findings: Findings,
): void {
  const keyOf = (one: unknown): string =>
    JSON.stringify([
      fieldOf(one, 'model') ?? 'any',
      fieldOf(one, 'level') ?? 'noAuthNoPriv',
      fieldOf(one, 'context') ?? '',
    ]);
  if (!before.some((one) => keyOf(one) === keyOf(line))) return;
  const reason = 'there is a line for this model, level and context already';
  findings.add('SNMP_CONFIG_DUPLICATE', path, reason);
}

/** They mean everything, with and without the tables of the administration. */
const RESERVED_VIEWS = new Set(['all', 'all-but-administration', 'all-and-administration']);

function checkViewNames(names: readonly string[], findings: Findings): void {
  for (const name of names) {
    if (!RESERVED_VIEWS.has(name)) continue;
    const reason = 'this name stands for everything already; take another one';
    findings.add('SNMP_CONFIG_DUPLICATE', ['access', 'views', name], reason);
  }
}

interface Names {
  readonly groups: readonly string[];
  readonly views: readonly string[];
  readonly contexts: readonly string[];
}

function checkNames(terms: unknown, path: ConfigPath, known: Names, findings: Findings): void {
  for (const key of ['read', 'write', 'notify']) {
    const view = fieldOf(terms, key);
    if (view === 'all') continue;
    requireKnown(view, [...path, key], 'access.views', known.views, findings);
  }
  const group = fieldOf(terms, 'group');
  requireKnown(group, [...path, 'group'], 'access.groups', known.groups, findings);
  if (group === undefined) return;
  for (const key of ['read', 'write', 'administer', 'level']) {
    if (fieldOf(terms, key) === undefined) continue;
    const reason = 'there is a `group` too: what its members may do is said there';
    findings.add('SNMP_CONFIG_VALUE', [...path, key], reason);
  }
}

function checkContext(terms: unknown, path: ConfigPath, known: Names, findings: Findings): void {
  const context = fieldOf(terms, 'context');
  if (context === '') return;
  requireKnown(context, [...path, 'context'], 'contexts', known.contexts, findings);
}

function requireKnown(
  name: unknown,
  path: ConfigPath,
  where: string,
  known: readonly string[],
  findings: Findings,
): void {
  if (typeof name !== 'string' || known.includes(name)) return;
  const reason = `${where} has no ${JSON.stringify(name)}${didYouMean(nearestNames(name, known))}`;
  findings.add('SNMP_CONFIG_REFERENCE', path, reason);
}
