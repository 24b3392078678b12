import { closeSync, fchmodSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { SnmpError } from '../../index.js';
import { counted, systemClock } from '../../base/index.js';
import { ModuleFinder, shippedModuleNames, type MibModule } from '../../mib/index.js';
import { formatOid, parseOid } from '../../smi/index.js';
import {
  exportState,
  findMisfits,
  importState,
  StateStore,
  type Misfit,
} from '../../store/index.js';
import {
  addSearchOptions,
  collect,
  finderOf,
  loadModules,
  type SearchOptions,
} from '../mib/search-options.js';
import { printLine, tell } from '../print.js';

/** Of a reading that nothing writes meanwhile: an agent may go on beside it. */
async function looking<Result>(
  directory: string,
  look: (store: StateStore) => Result,
): Promise<Result> {
  const store = await StateStore.open(directory, systemClock, 'look');
  try {
    return look(store);
  } finally {
    await store.close();
  }
}

/** As the only one, and to the end: an agent that has the directory is not disturbed. */
async function writing<Result>(
  directory: string,
  change: (store: StateStore) => Promise<Result>,
): Promise<Result> {
  const store = await StateStore.open(directory, systemClock, 'agent');
  try {
    return await change(store);
  } finally {
    await store.close();
  }
}

export function stateCommand(): Command {
  return new Command('state')
    .description('look into state directories, back them up, restore them')
    .addCommand(
      new Command('show')
        .description('say how much of which objects is kept')
        .argument('<dir>')
        .action(async (directory: string) => printLine(await looking(directory, describe))),
    )
    .addCommand(checkCommand())
    .addCommand(
      new Command('export')
        .description('print what is kept as JSON, in a stable order; an agent may go on meanwhile')
        .argument('<dir>')
        .option('--out <file>', 'write it there instead, for its owner alone')
        .option('--secrets', "with what no manager can ask for: the users' keys")
        .action(async (directory: string, options: ExportOptions) => {
          const state = await looking(directory, (store) => exportState(store, options));
          const text = JSON.stringify(state, undefined, 1);
          if (options.out === undefined) printLine(text);
          else writeForOwner(options.out, `${text}\n`);
          if (state.secretsLeftOut === undefined) return;
          tell(`${counted(state.secretsLeftOut, 'secret')} left out; --secrets for all\n`);
        }),
    )
    .addCommand(
      new Command('import')
        .description('put an export into a new state directory')
        .argument('<dir>')
        .argument('<file>', 'what `export` printed')
        .addHelpText(
          'after',
          `
A running agent has its directory to itself. Import into a new one, stop the agent, and start it
with that; or let its program do it while it runs: agent.importState(JSON.parse(text)).`,
        )
        .action(async (directory: string, file: string) => {
          const content = readExport(file);
          const count = await writing(directory, (store) => importState(store, content));
          printLine(`${counted(count, 'row or scalar', 'rows and scalars')} imported`);
        }),
    )
    .addCommand(pruneCommand());
}

/**
 * Those that are given and, as every agent serves objects of them, those of the package. None where
 * none is given: then nothing is held to them.
 */
function modulesOfAgent(targets: readonly string[], options: SearchOptions): readonly MibModule[] {
  if (targets.length === 0) return [];
  const given = loadModules(targets, finderOf(options)).modules;
  const names = new Set(given.map(({ name }) => name));
  const others = shippedModuleNames().filter((name) => !names.has(name));
  return [...given, ...loadModules(others, new ModuleFinder()).modules];
}

function checkCommand(): Command {
  const command = new Command('check')
    .description('read everything; with modules, say what does not fit them')
    .argument('<dir>')
    .argument(
      '[module...]',
      'by name, file or directory: those that the agent loads besides its own',
    )
    .addHelpText(
      'after',
      `
Exit status: 0 all is well, 1 something is damaged or does not fit. What does not fit stays in the
state, and an agent that loads these modules goes without it; trellis state prune drops it.`,
    )
    .action(async (directory: string, targets: string[], options: SearchOptions) => {
      const modules = modulesOfAgent(targets, options);
      const [report, misfits] = await looking(directory, (store) => [
        checked(store),
        modules.length === 0 ? [] : [...findMisfits(store, modules)],
      ]);
      printLine([report, ...misfits.map(({ text }) => text)].join('\n'));
      if (misfits.length > 0) process.exitCode = 1;
    });
  return addSearchOptions(command);
}

interface PruneOptions extends SearchOptions {
  readonly object?: readonly string[];
  readonly dryRun?: boolean;
}

function pruneCommand(): Command {
  const command = new Command('prune')
    .description('drop rows that an agent leaves out: the INDEX of their table has changed')
    .argument('<dir>', 'of an agent that has stopped')
    .argument(
      '[module...]',
      'by name, file or directory: those that the agent loads besides its own',
    )
    .option('--object <oid>', 'all of this scalar or table, too; may be repeated', collect)
    .option('--dry-run', 'only say what would be dropped')
    .addHelpText(
      'after',
      `
Says what it drops, a line each. Objects that no module given has stay, unless --object names them.
What is dropped is gone: take an export first.`,
    )
    .action(async (directory: string, targets: string[], options: PruneOptions) => {
      const modules = modulesOfAgent(targets, options);
      const objects = new Set((options.object ?? []).map((oid) => formatOid(parseOid(oid))));
      const find = (store: StateStore): readonly Doomed[] => doomed(store, modules, objects);
      // Looked at first: a directory in which nothing is to be done is not touched.
      let found = await looking(directory, find);
      if (options.dryRun !== true && found.length > 0) {
        found = await writing(directory, async (store) => {
          const rows = find(store);
          await store.drop(rows);
          return rows;
        });
      }
      const verb = options.dryRun === true ? 'to be dropped' : 'dropped';
      printLine(
        [
          ...found.map(({ text }) => text),
          `${counted(found.length, 'row or scalar', 'rows and scalars')} ${verb}`,
        ].join('\n'),
      );
    });
  return addSearchOptions(command);
}

type Doomed = Pick<Misfit, 'oid' | 'rowIndex' | 'text'>;

function doomed(
  store: StateStore,
  modules: readonly MibModule[],
  objects: ReadonlySet<string>,
): readonly Doomed[] {
  const misfits = modules.length === 0 ? [] : findMisfits(store, modules);
  const rows: Doomed[] = [...misfits].filter(
    ({ what, oid }) => what === 'row' && !objects.has(formatOid(oid)),
  );
  for (const { oid, rowIndex } of store.objects()) {
    if (!objects.has(formatOid(oid))) continue;
    rows.push({ oid, rowIndex, text: `${formatOid(oid)} ${formatOid(rowIndex)}`.trimEnd() });
  }
  return rows;
}

interface ExportOptions {
  readonly out?: string;
  readonly secrets?: boolean;
}

/** Nobody else can read it, not even where the file was there before and everybody could. */
function writeForOwner(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    fchmodSync(file, 0o600);
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

function describe(store: StateStore): string {
  const { engineBoots, objects } = exportState(store);
  const unfinished = [...store.prepared()].length;
  const lines = objects.map(({ oid, rows }) => {
    const names = Object.keys(rows);
    if (names.length === 1 && names[0] === '' && rows['']?.['0'] !== undefined) {
      return `${oid}.0  scalar`;
    }
    // The entry with the empty index only says that the table was kept before.
    return `${oid}  table, ${counted(names.filter((name) => name !== '').length, 'row')}`;
  });
  return [
    `begun ${counted(engineBoots, 'time')}; ${counted(unfinished, 'SET')} to be rolled back at the next start`,
    ...lines,
  ].join('\n');
}

function checked(store: StateStore): string {
  let entries = 0;
  for (const _ of store.objects()) entries += 1;
  for (const _ of store.prepared()) entries += 1;
  return `${counted(entries, 'entry', 'entries')} read, nothing is damaged`;
}

function readExport(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SnmpError('SNMP_STATE_IMPORT', `cannot read an export from ${file}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse says shows some of the text, and keys may stand there.
    throw new SnmpError('SNMP_STATE_IMPORT', `cannot read an export from ${file}: it is no JSON`);
  }
}
