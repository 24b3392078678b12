import { Command, Option } from 'commander';
import {
  compileMibs,
  DIAGNOSTIC_CODES,
  type MibModule,
  type MibNode,
  type MibSource,
  type ModuleFinder,
  OidOutline,
  type Severities,
} from '../../mib/index.js';
import { compareOids, formatOid } from '../../smi/index.js';
import { nodeRecord } from '../mib/node-record.js';
import {
  addSearchOptions,
  finderOf,
  loadModules,
  type SearchOptions,
} from '../mib/search-options.js';
import { ProgressBar } from '../progress-bar.js';
import { writeOctets, writeOut } from '../write-out.js';

interface Options extends SearchOptions {
  readonly all?: boolean;
  readonly format: DumpFormat;
  readonly json?: boolean;
}

type DumpFormat = 'json' | 'oids';

const MIN_MODULES_FOR_BAR = 50;

export function mibDumpCommand(): Command {
  const command = new Command('dump')
    .description('print every node of modules for programs')
    .argument('[module...]', 'modules by name, file or directory')
    .option('--all', 'all modules of --path and $MIBDIRS, and those that come with trellis')
    .addOption(
      new Option('--format <format>', 'all that is known of a node, or its name and OID')
        .choices(['json', 'oids'])
        .default('json'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      `
oids: the name of each node, a tab and its OID, by OID.
json: an array of one object per node and line, by OID, then by module: oid, name, module, kind;
of objects syntax, base, ranges (pairs of lowest and highest; sizes of octets), enums (labels of
INTEGER and BITS), access, defval, units, hint; of tables and rows index and augments; status.
A name that a module defines twice is there twice.
What a node does not have is left out; numbers beyond 2^53 are strings.`,
    )
    .action(async (targets: string[], options: Options, command_: Command) => {
      if ((targets.length === 0) !== (options.all === true)) {
        command_.error('error: expected modules, or --all', { exitCode: 2 });
      }
      const format = options.json === true ? 'json' : options.format;
      if (options.all === true && format === 'oids') {
        await writeOctets(allOids(options));
        return;
      }
      const finder = finderOf(options);
      const modules =
        options.all === true ? allModules(finder) : loadModules(targets, finder).modules;
      await writeOut(dump(modules, format));
    });
  return addSearchOptions(command);
}

function* allOids(options: Options): Iterable<Uint8Array> {
  const outline = new OidOutline();
  // Where nothing is remembered of the directories, every file is read only once.
  const finder = finderOf(options, outline.readAhead);
  const names = finder.names();
  const bar = new ProgressBar(names.length, MIN_MODULES_FOR_BAR);
  const pieces = outline.lines(finder.sources(names), {
    resolveImport: finder.find,
    modules: new Set(names),
    onProgress: ({ phase, done }) => bar.show(done, names.length, phase),
  });
  let isFirst = true;
  for (const piece of pieces) {
    if (isFirst) bar.clear();
    isFirst = false;
    yield piece;
  }
}

function allModules(finder: ModuleFinder): readonly MibModule[] {
  const names = finder.names();
  const files = new Set(names.map((name) => pathOf(finder, name)));
  const bar = new ProgressBar(files.size, MIN_MODULES_FOR_BAR);
  const { mib } = compileMibs(sourcesOf(finder, names), {
    resolveImport: finder.find,
    severities: NO_FINDINGS,
    prose: false,
    onProgress: ({ phase, done, total }) =>
      bar.show(done, phase === 'reading' ? files.size : total, phase),
  });
  bar.clear();
  const wanted = new Set(names);
  return [...mib.modules.values()].filter(({ name }) => wanted.has(name));
}

/** What is wrong with modules, `mib check` says. */
const NO_FINDINGS: Severities = Object.fromEntries(
  Object.keys(DIAGNOSTIC_CODES).map((code) => [code, 'off']),
);

/** Each file once, read when its turn comes. */
function* sourcesOf(finder: ModuleFinder, names: readonly string[]): Iterable<MibSource> {
  const seen = new Set<string>();
  for (const name of names) {
    const path = pathOf(finder, name);
    if (seen.has(path)) continue;
    seen.add(path);
    yield finder.source(name);
  }
}

/** The file that counts; of a module that comes with trellis, its name. */
function pathOf(finder: ModuleFinder, name: string): string {
  return finder.locations(name)[0]?.path ?? name;
}

/** Piece by piece: that of all modules there are is longer than a string can be. */
function* dump(modules: readonly MibModule[], format: DumpFormat): Iterable<string> {
  const byName = new Map(modules.map((module) => [module.name, module]));
  /** BOUNDED by the nodes of the modules. */
  const nodes: MibNode[] = [];
  for (const { nodes: own, repeats } of modules) {
    for (const node of own.values()) nodes.push(node);
    for (const node of repeats ?? []) nodes.push(node);
  }
  nodes.sort(compare);
  if (format === 'oids') {
    for (const { name, oid } of nodes) yield `${name}\t${formatOid(oid)}\n`;
    return;
  }
  yield '[';
  let separator = '\n';
  for (const node of nodes) {
    const module = byName.get(node.module);
    if (module === undefined) continue;
    yield `${separator}${JSON.stringify(nodeRecord(module, node))}`;
    separator = ',\n';
  }
  yield '\n]\n';
}

/** Of one module at one OID, the order of the text stays: sorting is stable. */
function compare(left: MibNode, right: MibNode): number {
  const byOid = compareOids(left.oid, right.oid);
  if (byOid !== 0) return byOid;
  return left.module < right.module ? -1 : Number(left.module > right.module);
}
