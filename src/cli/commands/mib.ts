import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { SnmpError } from '../../index.js';
import {
  compileMibs,
  findShippedModule,
  formatDiagnostic,
  type Compilation,
  type Diagnostic,
  type MibNode,
} from '../../mib/index.js';
import { formatOid } from '../../smi/index.js';

export function mibCommand(): Command {
  return new Command('mib')
    .description('check and show MIB modules')
    .addCommand(
      new Command('check')
        .description('say what is wrong in modules; exit status 1 where there are errors')
        .argument('<file...>')
        .action((files: string[]) => check(files)),
    )
    .addCommand(
      new Command('tree')
        .description('show the objects that modules define')
        .argument('<file...>')
        .action((files: string[]) => tree(files)),
    );
}

function check(files: readonly string[]): void {
  const { diagnostics, mib } = compile(files);
  for (const diagnostic of diagnostics) process.stdout.write(`${formatDiagnostic(diagnostic)}\n`);
  const count = (severity: Diagnostic['severity']): number =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const modules = [...mib.modules.values()].filter(({ source }) => files.includes(source));
  const counted = [
    plural(modules.length, 'module'),
    plural(count('error'), 'error'),
    plural(count('warning'), 'warning'),
  ];
  process.stdout.write(`${counted.join(', ')}\n`);
  if (count('error') > 0) process.exitCode = 1;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function tree(files: readonly string[]): void {
  const { mib } = compile(files);
  for (const module of mib.modules.values()) {
    if (!files.includes(module.source)) continue;
    process.stdout.write(`${module.name}\n`);
    for (const node of [...module.nodes.values()].sort(byOid)) {
      process.stdout.write(`  ${formatOid(node.oid)}  ${node.name}  ${facts(node)}\n`);
    }
  }
}

function byOid(left: MibNode, right: MibNode): number {
  for (const [i, arc] of left.oid.entries()) {
    const difference = arc - (right.oid[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return left.oid.length - right.oid.length;
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

function compile(files: readonly string[]): Compilation {
  const sources = files.map((path) => {
    try {
      return { path, text: readFileSync(path) };
    } catch (cause) {
      throw new SnmpError('SNMP_MIB_UNREADABLE', `cannot read ${path}`, { cause });
    }
  });
  const given = new Set(files);
  const compilation = compileMibs(sources, { resolveImport: findShippedModule });
  return {
    ...compilation,
    diagnostics: compilation.diagnostics.filter(({ file }) => given.has(file)),
  };
}
