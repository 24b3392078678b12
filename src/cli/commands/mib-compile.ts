import { mkdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { InvalidArgumentError, Option, Command } from 'commander';
import { SnmpError } from '../../base/index.js';
import {
  compileMibs,
  definitionOf,
  formatDiagnostic,
  printDefinitions,
  type Compilation,
  type Mib,
  type MibModule,
  type Strictness,
} from '../../mib/index.js';
import {
  GENERATED_MARK,
  replaceFile,
  stateOf,
  type FileState,
  type GeneratedFile,
} from '../mib/generated-file.js';
import {
  addSearchOptions,
  distinct,
  filesOf,
  finderOf,
  importsOf,
  isPath,
  readSource,
  type SearchOptions,
} from '../mib/search-options.js';
import { print, tell } from '../print.js';

interface Options extends SearchOptions {
  readonly out?: string;
  readonly outDir?: string;
  readonly check?: boolean;
  readonly force?: boolean;
  readonly strictness: Strictness;
}

/** Findings that are shown before the rest is only counted. */
const MAX_SHOWN_ERRORS = 20;

export function mibCompileCommand(): Command {
  const command = new Command('compile')
    .description(
      'write modules as constants of TypeScript, for agent.load and the types of objects',
    )
    .argument('<path...>', 'files, directories with their subdirectories, or names of modules')
    .option(
      '--out <file>',
      'where to write all modules of one file: .ts, .mts, .js or .mjs',
      scriptName,
    )
    .option('--out-dir <dir>', 'where to write each module to a file of its own, such as if-mib.ts')
    .option('--check', 'write nothing; exit status 1 where a file is not as it would be written')
    .option('--force', 'overwrite files that were not generated')
    .addOption(
      new Option(
        '--strictness <preset>',
        'what is an error: strict, or relaxed for modules of others',
      )
        .choices(['strict', 'default', 'relaxed'])
        .default('default'),
    )
    .addHelpText(
      'after',
      `
Exit status: 0 done, 1 there are errors in the modules (then nothing is written), 2 the words of the
call are off.`,
    )
    .action((paths: string[], options: Options) => {
      if ((options.out === undefined) === (options.outDir === undefined)) {
        command.error('error: expected either --out or --out-dir', { exitCode: 2 });
      }
      compile(paths, options);
    });
  return addSearchOptions(command);
}

function scriptName(path: string): string {
  if (['.ts', '.mts', '.js', '.mjs'].includes(extname(path))) return path;
  throw new InvalidArgumentError('expected a name that ends in .ts, .mts, .js or .mjs');
}

function compile(paths: readonly string[], options: Options): void {
  const finder = finderOf(options);
  const files = filesOf(paths.filter(isPath));
  const names = paths.filter((path) => !isPath(path));
  const named = new Map(names.map((name) => [finder.source(name), name] as const));
  const sources = distinct([...files.map(readSource), ...named.keys()]);
  if (options.out !== undefined && sources.length !== 1) {
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      `--out is for one file, and there are ${sources.length}: give --out-dir`,
    );
  }
  const given = new Set(sources.map(({ path }) => path));
  const compilation = compileMibs(sources, {
    resolveImport: importsOf(finder, files),
    strictness: options.strictness,
  });
  refuseErrors(compilation, given);
  const { mib } = compilation;
  const modules = [...mib.modules.values()].filter(({ source }) => given.has(source));
  if (modules.length === 0) {
    throw new SnmpError('SNMP_MIB_NONE', `no module in ${paths.join(', ')}`);
  }
  const words = new Map([...named].map(([{ path }, name]) => [path, name] as const));
  const generated = generatedFiles(mib, modules, words, options);
  const states = generated.map((file) => [file, stateOf(file)] as const);
  if (options.check === true) check(states);
  else {
    refuseForeign(states, options.force === true);
    if (options.outDir !== undefined) makeDirectory(options.outDir);
    write(states);
  }
}

/** @throws SnmpError SNMP_MIB_UNWRITABLE where it is not there and cannot be made in its parent. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new SnmpError('SNMP_MIB_UNWRITABLE', `cannot make the directory ${path}`, { cause });
  }
}

/** Errors of what is imported are told, since something of the modules may be missing by them. */
function refuseErrors({ diagnostics }: Compilation, given: ReadonlySet<string>): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const own = errors.filter(({ file }) => given.has(file));
  for (const file of new Set(errors.map((error) => error.file))) {
    if (given.has(file)) continue;
    tell(`trellis: ${file} has errors: what needs it may be missing\n`);
  }
  if (own.length === 0) return;
  const shown = own.slice(0, MAX_SHOWN_ERRORS).map(formatDiagnostic).join('\n');
  const more =
    own.length > MAX_SHOWN_ERRORS ? `\n... and ${own.length - MAX_SHOWN_ERRORS} more` : '';
  throw new SnmpError('SNMP_MIB_ERRORS', `${shown}${more}`);
}

function generatedFiles(
  mib: Mib,
  modules: readonly MibModule[],
  names: ReadonlyMap<string, string>,
  { out, outDir }: Options,
): readonly GeneratedFile[] {
  if (out !== undefined) {
    const text = textOf(mib, modules, names, `--out ${basename(out)}`, extname(out));
    return [{ path: out, text }];
  }
  /** By path: names of modules that differ in case only would be one file. */
  const files = new Map<string, GeneratedFile>();
  for (const module of modules) {
    const path = join(outDir ?? '.', `${module.name.toLowerCase().replaceAll(/[^\w-]/g, '-')}.ts`);
    if (files.has(path)) {
      throw new SnmpError(
        'SNMP_OPTION_INVALID',
        `two modules would be ${path}: give --out for each`,
      );
    }
    files.set(path, { path, text: textOf(mib, [module], names, '--out-dir .', '.ts') });
  }
  return [...files.values()];
}

/**
 * Base names only: where the files lie is another matter on every machine.
 *
 * @param names - of modules that were not given by path, by the path of their text.
 */
function textOf(
  mib: Mib,
  modules: readonly MibModule[],
  names: ReadonlyMap<string, string>,
  out: string,
  extension: string,
): string {
  const definitions = modules.map((module) => definitionOf(mib, module));
  const source = definitions[0]?.source ?? '';
  const word = names.get(modules[0]?.source ?? '') ?? source;
  return printDefinitions(
    definitions,
    [
      `${GENERATED_MARK.slice(3)} from ${source}: what is changed here is lost.`,
      `Module ${modules.map(({ name }) => name).join(', ')}. Again: trellis mib compile ${word} ${out}`,
    ],
    extension.endsWith('js') ? 'JavaScript' : 'TypeScript',
  );
}

type States = readonly (readonly [GeneratedFile, FileState])[];

function check(states: States): void {
  for (const [{ path }, state] of states) {
    if (state === 'current') continue;
    print(`${path}: ${state === 'missing' ? 'is missing' : 'is not up to date'}\n`);
    process.exitCode = 1;
  }
}

/** All or nothing, as far as that can be known before. */
function refuseForeign(states: States, isForced: boolean): void {
  const foreign = states.filter(([, state]) => state === 'foreign' && !isForced);
  if (foreign.length > 0) {
    const names = foreign.map(([{ path }]) => path).join(', ');
    throw new SnmpError(
      'SNMP_MIB_NOT_GENERATED',
      `${names}: was not generated; --force overwrites it all the same`,
    );
  }
}

function write(states: States): void {
  for (const [file, state] of states) {
    if (state !== 'current') replaceFile(file);
    print(`${file.path}: ${state === 'current' ? 'unchanged' : 'written'}\n`);
  }
}
