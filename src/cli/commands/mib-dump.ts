import { Command } from 'commander';
import { compileMibs, type MibModule, type ModuleFinder } from '../../mib/index.js';
import { compareOids, type Oid } from '../../smi/index.js';
import { nodeRecord } from '../mib/node-record.js';
import {
  addSearchOptions,
  distinct,
  finderOf,
  loadModules,
  type SearchOptions,
} from '../mib/search-options.js';
import { ProgressBar } from '../progress-bar.js';
import { writeOut } from '../write-out.js';

interface Options extends SearchOptions {
  readonly all?: boolean;
}

const MIN_MODULES_FOR_BAR = 50;

export function mibDumpCommand(): Command {
  const command = new Command('dump')
    .description('print every node of modules for programs')
    .argument('[module...]', 'modules by name, file or directory')
    .option('--all', 'all modules of --path and $MIBDIRS, and those that come with trellis')
    .option('--json', 'as JSON, which is the only format there is')
    .addHelpText(
      'after',
      `
A JSON array with one object per node and line, by OID, then by module: oid, name, module, kind;
of objects syntax, base, ranges (pairs of lowest and highest; sizes of octets), enums (labels of
INTEGER and BITS), access, defval, units, hint; of tables and rows index and augments; status.
A name that a module defines twice is there twice.
What a node does not have is left out; numbers beyond 2^53 are strings.`,
    )
    .action(async (targets: string[], options: Options, command_: Command) => {
      if ((targets.length === 0) !== (options.all === true)) {
        command_.error('error: expected modules, or --all', { exitCode: 2 });
      }
      const finder = finderOf(options);
      const modules =
        options.all === true ? allModules(finder) : loadModules(targets, finder).modules;
      await writeOut(dump(modules));
    });
  return addSearchOptions(command);
}

function allModules(finder: ModuleFinder): readonly MibModule[] {
  const names = finder.names();
  const sources = distinct(names.map((name) => finder.source(name)));
  const bar = new ProgressBar(sources.length, MIN_MODULES_FOR_BAR);
  const { mib } = compileMibs(sources, {
    resolveImport: finder.find,
    onProgress: ({ phase, done, total }) => bar.show(done, total, phase),
  });
  bar.clear();
  const wanted = new Set(names);
  return [...mib.modules.values()].filter(({ name }) => wanted.has(name));
}

/** Piece by piece: that of all modules there are is longer than a string can be. */
function* dump(modules: readonly MibModule[]): Iterable<string> {
  const nodes = modules
    .flatMap((module) =>
      [...module.nodes.values(), ...(module.repeats ?? [])].map((node) => ({ module, node })),
    )
    .sort((a, b) => compare(a.node.oid, a.module.name, b.node.oid, b.module.name));
  yield '[';
  for (const [i, { module, node }] of nodes.entries()) {
    yield `${i === 0 ? '' : ','}\n${JSON.stringify(nodeRecord(module, node))}`;
  }
  yield '\n]\n';
}

/** Of one module at one OID, the order of the text stays: sorting is stable. */
function compare(leftOid: Oid, leftModule: string, rightOid: Oid, rightModule: string): number {
  const byOid = compareOids(leftOid, rightOid);
  if (byOid !== 0) return byOid;
  return leftModule < rightModule ? -1 : Number(leftModule > rightModule);
}
