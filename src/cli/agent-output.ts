import { styleText } from 'node:util';
import type { CommunityAccess, SupervisionNode, UserAccess } from '../index.js';

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

function line({ id, type, state, restarts, label }: SupervisionNode): string {
  const running = state === 'running';
  const shown = [
    styleText('bold', id),
    type,
    running ? '' : styleText('red', state),
    restarts > 0 ? styleText('yellow', `${restarts} restart${restarts === 1 ? '' : 's'}`) : '',
    label ?? '',
  ];
  return shown.filter((part) => part !== '').join('  ');
}

type Communities = Readonly<Record<string, CommunityAccess>>;

/** How many may ask and what; names of communities are secrets and not shown. */
export function describeAccess(communities: Communities, users: readonly UserAccess[]): string {
  const all = Object.values(communities);
  const writing = all.filter(
    (access) => access === 'write' || (typeof access === 'object' && access.write !== undefined),
  );
  if (all.length === 0 && users.length === 0) {
    return 'access: no community and no user: nothing is answered (see --community, --user)';
  }
  const writers = users.filter(({ write }) => write !== undefined);
  return `access: ${counted(all.length, 'community', 'communities')}, ${writing.length} with write access; ${counted(users.length, 'user', 'users')}, ${writers.length} with write access`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Communities that everybody knows can be shown in an example; others are secrets. */
const WELL_KNOWN = ['public', 'private'];

/** A command of net-snmp's to try, for the first address. */
export function exampleRequest(
  addresses: readonly string[],
  communities: Communities,
  users: readonly UserAccess[],
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
