import { styleText } from 'node:util';
import type { CommunityAccess, SupervisionNode } from '../index.js';

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

/** How many communities there are and what they may do; names are secrets and not shown. */
export function describeAccess(communities: Communities): string {
  const all = Object.values(communities);
  const writing = all.filter(
    (access) => access === 'write' || (typeof access === 'object' && access.write !== undefined),
  );
  if (all.length === 0) return 'access: no community: nothing is answered (see --community)';
  return `access: ${all.length} communit${all.length === 1 ? 'y' : 'ies'}, ${writing.length} with write access`;
}

/** Communities that everybody knows can be shown in an example; others are secrets. */
const WELL_KNOWN = ['public', 'private'];

/** A command of net-snmp's to try, for the first address. */
export function exampleRequest(
  addresses: readonly string[],
  communities: Communities,
): string | undefined {
  const [address] = addresses;
  if (address === undefined) return undefined;
  const name = WELL_KNOWN.find((known) => Object.hasOwn(communities, known)) ?? 'COMMUNITY';
  const target = address.replace(/^udp:\/\//, '');
  const host = target.startsWith('[') ? `udp6:${target}` : target;
  return `snmpwalk -v2c -c ${name} ${host} .1`;
}
