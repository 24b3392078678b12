import { closeSync, fchmodSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { SnmpError } from '../../index.js';
import { exportState, importState, StateStore } from '../../store/index.js';
import { systemClock } from '../../base/index.js';

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

export function stateCommand(): Command {
  return new Command('state')
    .description('look into state directories, back them up, restore them')
    .addCommand(
      new Command('show')
        .description('say how much of which objects is kept')
        .argument('<dir>')
        .action(async (directory: string) => print(await looking(directory, describe))),
    )
    .addCommand(
      new Command('check')
        .description('read everything; exit status 1 where something is damaged')
        .argument('<dir>')
        .action(async (directory: string) => print(await looking(directory, checked))),
    )
    .addCommand(
      new Command('export')
        .description('print what is kept as JSON, in a stable order; an agent may go on meanwhile')
        .argument('<dir>')
        .option('--out <file>', 'write it there instead, for its owner alone')
        .option('--secrets', "with what no manager can ask for: the users' keys")
        .action(async (directory: string, options: ExportOptions) => {
          const state = await looking(directory, (store) => exportState(store, options));
          const text = JSON.stringify(state, undefined, 1);
          if (options.out === undefined) print(text);
          else writeForOwner(options.out, `${text}\n`);
          if (state.secretsLeftOut === undefined) return;
          process.stderr.write(`${state.secretsLeftOut} secrets left out; --secrets for all\n`);
        }),
    )
    .addCommand(
      new Command('import')
        .description('put an export into a new state directory')
        .argument('<dir>')
        .argument('<file>', 'what `export` printed')
        .action(async (directory: string, file: string) => {
          const content = readExport(file);
          const store = await StateStore.open(directory, systemClock, 'agent');
          try {
            print(`${await importState(store, content)} rows and scalars imported`);
          } finally {
            await store.close();
          }
        }),
    );
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
    return `${oid}  table, ${names.filter((name) => name !== '').length} rows`;
  });
  return [
    `begun ${engineBoots} times; ${unfinished} SETs to be rolled back at the next start`,
    ...lines,
  ].join('\n');
}

function checked(store: StateStore): string {
  let entries = 0;
  for (const _ of store.objects()) entries += 1;
  for (const _ of store.prepared()) entries += 1;
  return `${entries} entries read, nothing is damaged`;
}

function readExport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SnmpError('SNMP_STATE_IMPORT', `cannot read an export from ${file}`, { cause });
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
