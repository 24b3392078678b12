import { styleText } from 'node:util';
import { counted, escapeControls, silentLogger, type Logger } from '../base/index.js';
import type { AccessOptions, CommunityAccess, SupervisionNode, UserAccess } from '../index.js';

/** The supervision tree as text: one line per box. */
export function drawTree(node: SupervisionNode): string {
  return [line(node), ...drawChildren(node, '')].join('\n');
}

function drawChildren(node: SupervisionNode, indent: string): string[] {
  const children = node.children ?? [];
  return children.flatMap((child, i) => {
    const isLast = i === children.length - 1;
    return [
      `${indent}${isLast ? '└── ' : '├── '}${line(child)}`,
      ...drawChildren(child, `${indent}${isLast ? '    ' : '│   '}`),
    ];
  });
}

function line(node: SupervisionNode): string {
  const { type, state, restarts } = node;
  const id = escapeControls(node.id);
  const label = escapeControls(node.label ?? '');
  const running = state === 'running';
  const shown = [
    styleText('bold', id),
    type,
    running ? '' : styleText('red', state),
    restarts > 0 ? styleText('yellow', counted(restarts, 'restart')) : '',
    label,
  ];
  return shown.filter((part) => part !== '').join('  ');
}

/** How many may ask and what, and from where; names of communities are secrets and not shown. */
export function describeAccess(access: AccessOptions = {}, addresses: readonly string[]): string {
  const communities = Object.values(access.communities ?? {});
  const users = access.users ?? [];
  if (communities.length === 0 && users.length === 0) {
    return 'access: no community and no user: nothing is answered (see --config, --community, --user)';
  }
  const writing = [communities, users].map(
    (all) => all.filter((one) => mayWrite(one, access.groups)).length,
  );
  const [writingCommunities = 0, writingUsers = 0] = writing;
  return [
    `access: ${counted(communities.length, 'community', 'communities')}, ${writingCommunities} with write access`,
    `${counted(users.length, 'user', 'users')}, ${writingUsers} with write access`,
    ...(writingCommunities + writingUsers === 0 ? ['nobody may write'] : []),
    ...(addresses.every(isLoopback) ? ['on loopback only'] : []),
  ].join('; ');
}

/** Whether anything, in whatever context and at whatever level. */
function mayWrite(
  terms: CommunityAccess | UserAccess,
  groups: NonNullable<AccessOptions['groups']> = {},
): boolean {
  if (typeof terms !== 'object') return terms === 'write';
  const { write, group } = terms;
  const entries = group === undefined ? [] : (groups[group] ?? []);
  return write !== undefined || entries.some((entry) => entry.write !== undefined);
}

function isLoopback(address: string): boolean {
  return /^udp:\/\/(?:127\.|\[::1\])/.test(address);
}

/** Communities that everybody knows can be shown in an example; others are secrets. */
const WELL_KNOWN = ['public', 'private'];

/** A command of net-snmp's to try, for the first address. */
export function exampleRequest(
  addresses: readonly string[],
  { communities = {}, users = [] }: AccessOptions = {},
): string | undefined {
  const [address] = addresses;
  if (address === undefined) return undefined;
  const target = address.replace(/^udp:\/\//, '');
  const host = target.startsWith('[') ? `udp6:${target}` : target;
  const [user] = users;
  if (user !== undefined && Object.keys(communities).length === 0) {
    return `snmpwalk -v3 -u ${user.name}${keyOptions(user)} ${host} .1`;
  }
  const name = WELL_KNOWN.find((known) => Object.hasOwn(communities, known)) ?? 'COMMUNITY';
  return `snmpwalk -v2c -c ${name} ${host} .1`;
}

/** net-snmp's options for a user's keys, with places for the passwords. */
function keyOptions({ auth, priv }: UserAccess): string {
  if (auth === undefined) return ' -l noAuthNoPriv';
  const hash = auth
    .replace(/^sha1$/, 'sha')
    .replace(/^sha(\d)/, 'sha-$1')
    .toUpperCase();
  const signed = ` -a ${hash} -A PASSWORD`;
  if (priv === undefined) return ` -l authNoPriv${signed}`;
  const cipher = priv
    .replace(/^aes128$/, 'aes')
    .replace(/^aes(\d+)/, 'aes-$1')
    .toUpperCase();
  return ` -l authPriv${signed} -x ${cipher} -X PASSWORD`;
}

/**
 * For an agent whose definition has no logger: what is an error and has a code of its own. What
 * happens to subtrees is printed as it happens.
 */
export function loggerOfErrors(tell: (line: string) => void): Logger {
  return {
    ...silentLogger,
    error: (fields, message) => {
      if ('code' in fields) tell(`trellis: ${message} [${String(fields.code)}]\n`);
    },
  };
}
