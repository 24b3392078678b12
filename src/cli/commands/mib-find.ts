import { Command } from 'commander';
import { type DecodedInstance, type MibNode } from '../../mib/index.js';
import { formatOid, type Range, type Syntax } from '../../smi/index.js';
import { findDefinitions, type Found } from '../mib/find-definitions.js';
import { baseName, nodeRecord, syntaxName } from '../mib/node-record.js';
import { addSearchOptions, collect, finderOf, type SearchOptions } from '../mib/search-options.js';
import { ProgressBar } from '../progress-bar.js';
import { writeOut } from '../write-out.js';

interface Options extends SearchOptions {
  readonly module?: readonly string[];
  readonly json?: boolean;
}

const MIN_MODULES_FOR_BAR = 50;

export function mibFindCommand(): Command {
  const command = new Command('find')
    .description('say what a name or an OID stands for')
    .argument('<name|oid>', 'a name, Module::name, an instance, a pattern with * or ?, or an OID')
    .option('--module <name>', 'look in this module only; may be repeated', collect)
    .option('--json', 'as JSON: an array with one object per definition')
    .addHelpText(
      'after',
      `
Examples:
  trellis mib find ifDescr
  trellis mib find 'IF-MIB::ifDescr.2'
  trellis mib find '*AdminStatus'
  trellis mib find 1.3.6.1.2.1.2.2.1.2.7
An OID is that of the definition with the longest part of it, and its index is taken apart. A name
that several modules define is shown for each of them.`,
    )
    .action(async (sought: string, options: Options) => {
      const bar = new ProgressBar(Infinity, MIN_MODULES_FOR_BAR);
      const all = findDefinitions(
        sought,
        finderOf(options),
        options.module ?? [],
        (done, total, what) => {
          if (total >= MIN_MODULES_FOR_BAR) bar.show(done, total, what);
        },
      );
      bar.clear();
      await writeOut(options.json === true ? json(all) : all.flatMap(describe));
    });
  return addSearchOptions(command);
}

function* json(all: readonly Found[]): Iterable<string> {
  yield '[';
  for (const [i, one] of all.entries()) {
    const { module, node, oid, name, instance } = one;
    const { description } = node;
    const record = {
      ...nodeRecord(module, node),
      ...(description === undefined ? {} : { description }),
      ...(instance.suffix.length === 0
        ? {}
        : {
            instance: {
              oid: formatOid(oid),
              name,
              index: instance.index.map(({ item, text }) => ({ object: item.object, text })),
              rest: formatOid(instance.rest),
            },
          }),
    };
    yield `${i === 0 ? '' : ','}\n${JSON.stringify(record)}`;
  }
  yield '\n]\n';
}

const LABEL_WIDTH = 10;

function describe({ node, oid, name, instance }: Found, i: number): readonly string[] {
  const facts: [string, string][] = [
    ['oid', `.${formatOid(oid)}`],
    ['kind', kindOf(node)],
  ];
  if (node.kind === 'scalar' || node.kind === 'column') {
    facts.push(['syntax', syntaxText(node.syntax)]);
    const labels = node.syntax.enums ?? node.syntax.bits;
    if (labels !== undefined) {
      facts.push(['values', [...labels].map(([label, number]) => `${label}(${number})`).join(' ')]);
    }
    if (node.syntax.displayHint !== undefined) facts.push(['hint', node.syntax.displayHint]);
    if (node.units !== undefined) facts.push(['units', node.units]);
    facts.push(['access', node.access]);
  }
  if (node.kind === 'table') {
    facts.push(['index', node.index.map(({ object }) => object).join(', ')]);
  }
  facts.push(...instanceFacts(instance));
  if (node.status !== undefined) facts.push(['status', node.status]);
  return [
    i === 0 ? '' : '\n',
    `${name}\n`,
    ...facts.map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)}${text}\n`),
    ...(node.description === undefined
      ? []
      : [
          '\n',
          ...node.description.split('\n').map((line) => (line === '' ? '\n' : `  ${line}\n`)),
        ]),
  ];
}

function kindOf(node: MibNode): string {
  return node.kind === 'column' ? `column of ${node.table}` : node.kind;
}

function syntaxText(syntax: Syntax): string {
  const name = syntaxName(syntax);
  const base = baseName(syntax);
  const shown = name === base ? name : `${name}, ${base}`;
  const { ranges, sizes } = syntax;
  if (sizes !== undefined) return `${shown} (SIZE (${spans(sizes)}))`;
  return ranges === undefined ? shown : `${shown} (${spans(ranges)})`;
}

function spans(ranges: readonly Range[]): string {
  return ranges.map(({ low, high }) => (low === high ? `${low}` : `${low}..${high}`)).join(' | ');
}

function instanceFacts({ index, rest, suffix, node }: DecodedInstance): [string, string][] {
  const facts = index.map(({ item, text }): [string, string] => [
    'index',
    `${item.object} = ${text}`,
  ]);
  const isInstanceOfScalar = node?.kind === 'scalar' && suffix.length === 1 && suffix[0] === 0;
  if (rest.length > 0 && !isInstanceOfScalar) facts.push(['rest', `.${formatOid(rest)}`]);
  return facts;
}
