import { Command } from 'commander';
import { SnmpError } from '../../base/index.js';
import { resolveName, type ModuleFinder, type MibNode } from '../../mib/index.js';
import { compareOids, formatOid, hasPrefix, type Oid } from '../../smi/index.js';
import {
  addSearchOptions,
  finderOf,
  isPathLike,
  kindOfPath,
  loadModules,
  type SearchOptions,
} from '../mib/search-options.js';
import { writeOut } from '../write-out.js';

export function mibTreeCommand(): Command {
  const command = new Command('tree')
    .description('show the nodes that modules define, by OID')
    .usage('[options] <module|file...> [oid|name]')
    .argument('<words...>', 'modules by name or file; last, where to start: an OID or a name')
    .addHelpText(
      'after',
      `
Examples:
  trellis mib tree IF-MIB
  trellis mib tree IF-MIB ifTable
  trellis mib tree ./ACME-MIB.txt 1.3.6.1.4.1.32473.1`,
    )
    .action((words: string[], options: SearchOptions) => tree(words, finderOf(options)));
  return addSearchOptions(command);
}

async function tree(words: readonly string[], finder: ModuleFinder): Promise<void> {
  const { targets, start } = split(words, finder);
  const { mib, modules } = loadModules(targets, finder);
  const root = start === undefined ? [] : resolveName(mib, start).oid;
  const shown = modules.map(({ name, nodes }) => ({
    name,
    nodes: [...nodes.values()]
      .filter(({ oid }) => hasPrefix(oid, root))
      .sort((a, b) => compareOids(a.oid, b.oid)),
  }));
  if (start !== undefined && shown.every(({ nodes }) => nodes.length === 0)) {
    const names = modules.map(({ name }) => name).join(', ');
    throw new SnmpError('SNMP_NAME_UNKNOWN', `${names}: nothing is defined below ${start}`);
  }
  await writeOut(
    shown.flatMap(({ name, nodes }) =>
      nodes.length === 0 && start !== undefined ? [] : [`${name}\n`, ...lines(nodes)],
    ),
  );
}

/** The last word is where to start, if it can be nothing else. */
function split(
  words: readonly string[],
  finder: ModuleFinder,
): { readonly targets: readonly string[]; readonly start?: string } {
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return { targets: words };
  const isModule =
    isPathLike(last) || kindOfPath(last) === 'file' || finder.find(last) !== undefined;
  return isModule ? { targets: words } : { targets: words.slice(0, -1), start: last };
}

function* lines(nodes: readonly MibNode[]): Iterable<string> {
  /** The nodes above the one that is shown. BOUNDED by the depth of the tree. */
  const above: Oid[] = [];
  for (const node of nodes) {
    while (above.length > 0 && !hasPrefix(node.oid, above.at(-1) as Oid)) above.pop();
    const indent = '  '.repeat(above.length + 1);
    above.push(node.oid);
    yield `${indent}${formatOid(node.oid)}  ${node.name}  ${facts(node)}\n`;
  }
}

function facts(node: MibNode): string {
  switch (node.kind) {
    case 'scalar':
    case 'column':
      return `${node.kind} ${node.syntax.conventions[0] ?? node.syntax.base} ${node.access}`;
    case 'table':
      return `table, index ${node.index.map(({ object, implied }) => `${implied ? 'IMPLIED ' : ''}${object}`).join(', ')}`;
    default:
      return node.kind;
  }
}
