import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { SnmpError } from '../../base/index.js';
import {
  compileMibs,
  findModuleHeaders,
  listModuleFiles,
  mibDirectories,
  ModuleFinder,
  type Mib,
  type MibModule,
  type MibSource,
} from '../../mib/index.js';

/** What every command that looks for modules is told. */
export interface SearchOptions {
  readonly path?: readonly string[];
  readonly cache: boolean;
}

export const ORDER_OF_SEARCH = `
Modules are looked for in this order:
  1. the files and directories given as arguments
  2. the directories of --path, in the order given, with their subdirectories
  3. the directories of $MIBDIRS, likewise
  4. the modules that come with trellis
  5. for imports of a file given: files named after the module in its own directory
A directory may hold files of any name; what they define is remembered in $TRELLIS_CACHE_DIR,
$XDG_CACHE_HOME/trellis or ~/.cache/trellis, and looked up anew when a file changes.`;

export function addSearchOptions(command: Command): Command {
  return command
    .option('--path <dir>', 'directory to look for modules in; may be repeated', collect)
    .option('--no-cache', 'neither read nor write what is remembered of directories')
    .addHelpText('after', ORDER_OF_SEARCH);
}

export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

export function finderOf(
  { path, cache }: SearchOptions,
  onRead?: (source: MibSource) => void,
): ModuleFinder {
  return new ModuleFinder({
    directories: mibDirectories(path),
    ...(cache ? {} : { cache: false }),
    ...(onRead === undefined ? {} : { onRead }),
  });
}

/** @throws SnmpError SNMP_MIB_UNREADABLE */
export function readSource(path: string): MibSource & { readonly text: Buffer } {
  try {
    return { path, text: readFileSync(path) };
  } catch (cause) {
    throw new SnmpError('SNMP_MIB_UNREADABLE', `cannot read ${path}`, { cause });
  }
}

export type PathKind = 'file' | 'directory' | 'none';

export function kindOfPath(path: string): PathKind {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'none';
  return stats.isDirectory() ? 'directory' : 'file';
}

/** Files stand for themselves, directories for the files below them that may hold modules. */
export function filesOf(paths: readonly string[]): readonly string[] {
  const files = paths.flatMap((path) =>
    kindOfPath(path) === 'directory' ? listModuleFiles(path) : [path],
  );
  return [...new Set(files)];
}

const SUFFIXES = ['', '.mib', '.txt', '.my', '.MIB'];

/** Where the imports of files are looked for: by the finder, and then beside the files. */
export function importsOf(
  finder: ModuleFinder,
  files: readonly string[],
): (name: string) => MibSource | undefined {
  const directories = new Set(files.map((file) => dirname(file)));
  return (name) => finder.find(name) ?? findBeside(directories, name);
}

function findBeside(directories: ReadonlySet<string>, name: string): MibSource | undefined {
  // The name comes out of a text: it must not lead anywhere else.
  if (basename(name) !== name) return undefined;
  for (const directory of directories) {
    for (const suffix of SUFFIXES) {
      const path = join(directory, name + suffix);
      if (kindOfPath(path) !== 'file') continue;
      const source = readSource(path);
      if (findModuleHeaders(source.text).some((header) => header.name === name)) return source;
    }
  }
  return undefined;
}

/** Modules that were asked for, with all that they import. */
export interface Loaded {
  readonly mib: Mib;
  /** Those asked for, in this order. */
  readonly modules: readonly MibModule[];
}

/**
 * Modules by name, by file or by directory.
 *
 * @throws SnmpError SNMP_MIB_UNKNOWN, SNMP_MIB_UNREADABLE, SNMP_MIB_DIRECTORY
 */
export function loadModules(targets: readonly string[], finder: ModuleFinder): Loaded {
  const files = filesOf(targets.filter(isPath));
  const names = targets.filter((target) => !isPath(target));
  const sources = [...files.map(readSource), ...names.map((name) => finder.source(name))];
  const { mib } = compileMibs(distinct(sources), { resolveImport: importsOf(finder, files) });
  for (const [i, name] of names.entries()) {
    if (mib.modules.has(name)) continue;
    const path = sources[files.length + i]?.path ?? '';
    throw new SnmpError(
      'SNMP_MIB_UNKNOWN',
      `${path} does not define ${name}; see trellis mib check`,
    );
  }
  const paths = new Set(files);
  const wanted = new Set(names);
  const modules = [...mib.modules.values()].filter(
    ({ name, source }) => wanted.has(name) || paths.has(source),
  );
  return { mib, modules };
}

/** What is meant as a path rather than as the name of a module. */
export function isPath(word: string): boolean {
  return isPathLike(word) || kindOfPath(word) === 'file';
}

/** What can only be a path, whether it is there or not. */
export function isPathLike(word: string): boolean {
  return word.includes('/') || kindOfPath(word) === 'directory' || /\.(mib|txt|my)$/i.test(word);
}

/** Two modules of one file need its text once. */
export function distinct(sources: readonly MibSource[]): readonly MibSource[] {
  return [...new Map(sources.map((source) => [source.path, source])).values()];
}
