import { readFileSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { SnmpError } from '../../base/index.js';
import { compileMibs, type Compilation, type CompileOptions } from '../compile-mibs.js';
import { suggestion } from '../nearest.js';
import { findShippedModule, shippedModuleNames } from '../shipped-modules.js';
import type { MibSource } from '../source.js';
import { indexDirectory, isAsIndexed, rememberedIndex } from './directory-index.js';
import { FileOctets } from './file-octets.js';
import { defaultCacheDirectory, type FileIndex, type RememberedIndex } from './index-cache.js';

export interface ModuleFinderOptions {
  /**
   * Where to look, in this order, each with its subdirectories; after them, the modules that come
   * with the package. Default: none. See `mibDirectories`.
   */
  readonly directories?: readonly string[];
  /**
   * Where the indexes of directories are kept from one run to the next; `false`: nowhere. Default:
   * $TRELLIS_CACHE_DIR, else $XDG_CACHE_HOME/trellis, else ~/.cache/trellis. One that cannot be
   * written to is no error.
   */
  readonly cache?: string | false;
  /** Whether the modules that come with the package are found. Default true. */
  readonly shipped?: boolean;
  /**
   * Shown each file that is read to find out what it defines: all of them, where nothing is
   * remembered. The octets are valid during the call.
   */
  readonly onRead?: (source: MibSource) => void;
}

/** A file that defines a module. */
export interface ModuleLocation {
  readonly name: string;
  /** The file: the directory as it was given, and the path below it. */
  readonly path: string;
}

/**
 * The directories to look for modules in: those given, then those of $MIBDIRS (with `:` between,
 * `;` on Windows; net-snmp's leading `+` or `-` is passed over; what is not there is left out).
 */
export function mibDirectories(
  given: readonly string[] = [],
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const fromEnvironment = (environment['MIBDIRS'] ?? '')
    .replace(/^[+-]/, '')
    .split(delimiter)
    .filter((path) => path !== '' && isDirectory(path));
  return [...new Set([...given, ...fromEnvironment])];
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

/**
 * Finds modules by name in directories, whatever their files are called, and reads them when they
 * are asked for.
 *
 * Which file defines what is found out once per finder, at the first question, by a look at the
 * heads of the files; and remembered from one run to the next for files that did not change. A
 * module that is remembered is found without a look at all files again (see `find`).
 * Where several files of one directory define a module, the file of that name (`IF-MIB`,
 * `IF-MIB.txt`) comes first, then by path.
 */
export class ModuleFinder {
  readonly #directories: readonly string[];
  readonly #cacheDirectory: string | undefined;
  readonly #hasShipped: boolean;
  readonly #onRead: ((source: MibSource) => void) | undefined;
  /** All files of all directories, looked at. */
  #files: Files | undefined;
  /** What was remembered of each directory when the first module was asked for. */
  #indexes: readonly (RememberedIndex | undefined)[] | undefined;

  constructor(options: ModuleFinderOptions = {}) {
    this.#directories = options.directories ?? [];
    const { cache } = options;
    this.#cacheDirectory = cache === false ? undefined : (cache ?? defaultCacheDirectory());
    this.#hasShipped = options.shipped ?? true;
    this.#onRead = options.onRead;
  }

  /**
   * The text of a module, or undefined. Fit to be the `resolveImport` of `compileMibs`.
   *
   * Where no file came, went or was renamed since the directories were indexed, and the file that
   * defined the module then is as it was, it is that file (or the one of the package, if there was
   * none): one of many is found without a look at them all. What is written in place into another file meanwhile, and would come before it, is
   * seen by `locations` and `names`, and by `find` after one of these.
   *
   * @throws SnmpError SNMP_MIB_DIRECTORY for a directory that is not there or cannot be read.
   */
  readonly find = (name: string): MibSource | undefined => {
    const remembered = this.#files === undefined ? this.#remembered(name) : undefined;
    if (remembered !== undefined) return remembered;
    for (const { path } of this.locations(name)) {
      try {
        return { path, text: readFileSync(path) };
      } catch {
        // It went away since the directory was read: the next one that has the module counts.
      }
    }
    return this.#hasShipped ? findShippedModule(name) : undefined;
  };

  /**
   * The files that define a module, the one that counts first; not those of the package.
   *
   * @throws SnmpError SNMP_MIB_DIRECTORY
   */
  locations(name: string): readonly ModuleLocation[] {
    return this.#index()
      .paths(name)
      .map((path) => ({ name, path }));
  }

  /**
   * Names of all modules that can be found, ascending.
   *
   * @throws SnmpError SNMP_MIB_DIRECTORY
   */
  names(): readonly string[] {
    const shipped = this.#hasShipped ? shippedModuleNames() : [];
    return [...new Set([...this.#index().names(), ...shipped])].sort();
  }

  /**
   * Modules and what they import, compiled together.
   *
   * @param options - as of `compileMibs`; its `resolveImport` is this finder.
   * @throws SnmpError SNMP_MIB_UNKNOWN for a name that no file defines, with those most like it;
   *   SNMP_MIB_DIRECTORY; SNMP_OPTION_INVALID.
   */
  load(names: readonly string[], options: Omit<CompileOptions, 'resolveImport'> = {}): Compilation {
    const sources = names.map((name) => this.source(name));
    return compileMibs(
      // Two modules of one file need its text once.
      [...new Map(sources.map((source) => [source.path, source])).values()],
      { ...options, resolveImport: this.find },
    );
  }

  /**
   * As `find`, for a module that there has to be.
   *
   * @throws SnmpError SNMP_MIB_UNKNOWN, SNMP_MIB_DIRECTORY
   */
  source(name: string): MibSource {
    const found = this.find(name);
    if (found !== undefined) return found;
    const places = [...this.#directories, ...(this.#hasShipped ? ['those of the package'] : [])];
    throw new SnmpError(
      'SNMP_MIB_UNKNOWN',
      `no MIB module ${name} in ${places.join(', ')}${suggestion(name, this.names())}`,
    );
  }

  /**
   * The text of a module by what is remembered of the directories, without a look at all their
   * files: where no name in them changed, and the file is as it was when it was indexed. A module
   * that is not found so, nor comes with the package, may have been written into another file:
   * then they are all looked at.
   */
  #remembered(name: string): MibSource | undefined {
    const indexes = (this.#indexes ??= this.#directories.map((directory) =>
      rememberedIndex(directory, this.#cacheDirectory),
    ));
    if (indexes.includes(undefined)) return undefined;
    for (const [i, index] of indexes.entries()) {
      const directory = this.#directories[i] as string;
      const position = index === undefined ? -1 : positionOf(index, name);
      if (index === undefined || position === -1) continue;
      if (!isAsIndexed(directory, index, position)) return undefined;
      const path = join(directory, index.paths[position] as string);
      try {
        return { path, text: readFileSync(path) };
      } catch {
        return undefined;
      }
    }
    return this.#hasShipped ? findShippedModule(name) : undefined;
  }

  /**
   * The texts of modules, each file once, in the order of the names.
   *
   * @returns sources that are read when somebody asks for their text, all into the same memory: the
   *   octets are valid until the next one's are asked for.
   * @throws SnmpError SNMP_MIB_UNKNOWN, SNMP_MIB_DIRECTORY
   */
  *sources(names: Iterable<string>): Generator<MibSource> {
    const files = new FileOctets();
    /** BOUNDED by the names. */
    const seen = new Set<string>();
    for (const name of names) {
      const path = this.locations(name)[0]?.path;
      if (path === undefined) {
        yield this.source(name);
      } else if (!seen.has(path)) {
        seen.add(path);
        yield new FileSource(path, files, () => this.source(name).text);
      }
    }
  }

  #index(): Files {
    if (this.#files !== undefined) return this.#files;
    const files = new Files();
    for (const directory of this.#directories) {
      const index = indexDirectory(directory, this.#cacheDirectory, (path, text) =>
        this.#onRead?.({ path: join(directory, path), text }),
      );
      files.add(directory, index);
    }
    this.#files = files;
    return files;
  }
}

class FileSource implements MibSource {
  readonly path: string;
  readonly #files: FileOctets;
  readonly #instead: () => string | Uint8Array;

  constructor(path: string, files: FileOctets, instead: () => string | Uint8Array) {
    this.path = path;
    this.#files = files;
    this.#instead = instead;
  }

  get text(): string | Uint8Array {
    try {
      return this.#files.read(this.path);
    } catch {
      // It went away since the directory was read: the next one that has the module counts.
      return this.#instead();
    }
  }
}

/** The file of one directory that counts for a module; -1 where none defines it. */
function positionOf({ moduleLines, paths }: RememberedIndex, name: string): number {
  let first = -1;
  for (
    let at = moduleLines.indexOf(name);
    at !== -1;
    at = moduleLines.indexOf(name, at + name.length)
  ) {
    if (!isBlankOrNone(moduleLines[at - 1]) || !isBlankOrNone(moduleLines[at + name.length])) {
      continue;
    }
    const position = moduleLines.slice(0, at).split('\n').length - 1;
    if (isNamedAfter(paths[position] as string, name)) return position;
    if (first === -1) first = position;
  }
  return first;
}

function isBlankOrNone(letter: string | undefined): boolean {
  return letter === undefined || letter === ' ' || letter === '\n';
}

function isNamedAfter(path: string, module: string): boolean {
  return basename(path).replace(/\.[^.]*$/, '') === module;
}

interface IndexedDirectory {
  readonly directory: string;
  readonly index: FileIndex;
}

/** The files of all directories by the modules in them. */
class Files {
  /** BOUNDED by the directories given, as all of these. */
  readonly #directories: IndexedDirectory[] = [];
  /** By module: the file that counts, and the others where there are more. */
  readonly #first = new Map<string, Place>();
  readonly #others = new Map<string, Place[]>();

  add(directory: string, index: FileIndex): void {
    const number = this.#directories.push({ directory, index }) - 1;
    for (const [i, names] of index.modules.entries()) {
      if (names === '') continue;
      const place = number * PLACES_PER_DIRECTORY + i;
      // Most files have one module, and there are ten thousand of them.
      if (!names.includes(' ')) this.#addModule(names, place);
      else for (const name of new Set(names.split(' '))) this.#addModule(name, place);
    }
  }

  names(): Iterable<string> {
    return this.#first.keys();
  }

  /** In the order in which they count. */
  paths(name: string): readonly string[] {
    const first = this.#first.get(name);
    if (first === undefined) return [];
    if (!this.#others.has(name)) return [this.#pathOf(first)];
    const places = [first, ...(this.#others.get(name) ?? [])].sort(
      (a, b) =>
        directoryOf(a) - directoryOf(b) ||
        Number(isNamedAfter(this.#path(b), name)) - Number(isNamedAfter(this.#path(a), name)) ||
        a - b,
    );
    return places.map((place) => this.#pathOf(place));
  }

  #pathOf(place: Place): string {
    return join(this.#directory(place).directory, this.#path(place));
  }

  #addModule(name: string, place: Place): void {
    if (!this.#first.has(name)) {
      this.#first.set(name, place);
      return;
    }
    const others = this.#others.get(name);
    if (others === undefined) this.#others.set(name, [place]);
    else others.push(place);
  }

  #path(place: Place): string {
    return this.#directory(place).index.paths[place % PLACES_PER_DIRECTORY] as string;
  }

  #directory(place: Place): IndexedDirectory {
    return this.#directories[directoryOf(place)] as IndexedDirectory;
  }
}

/** Number of the directory times this, plus the number of the file in its index. */
type Place = number;
const PLACES_PER_DIRECTORY = 1_000_000;

function directoryOf(place: Place): number {
  return Math.floor(place / PLACES_PER_DIRECTORY);
}
