import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { SnmpError, systemClock } from '../../base/index.js';
import { FileOctets } from './file-octets.js';
import { findModuleHeaders } from './headers.js';
import {
  EMPTY_INDEX,
  HASH_LENGTH,
  hashOf,
  readIndex,
  STAMP_NUMBERS,
  writeIndex,
  type FileIndex,
  type RememberedIndex,
} from './index-cache.js';

/** More files than all vendors together publish; a directory of more is none of MIB modules. */
const MAX_FILES = 200_000;
const MAX_DEPTH = 16;
/** The largest module known has less than 6 MB. */
const MAX_FILE_OCTETS = 64 * 1024 * 1024;
/** What never holds a module, but lies beside modules; and names that an index cannot hold. */
const OTHER_FILES =
  /\n|^(?:\.|(?:README|LICEN[CS]E|COPYING|CHANGELOG|CHANGES|MAKEFILE)(?:\.|$))|\.(?:md|html?|pdf|docx?|xlsx?|csv|zip|gz|tgz|bz2|xz|7z|tar|rar|json|ya?ml|xml|toml|ini|js|mjs|cjs|ts|py|pyc|rb|pl|pm|sh|bat|exe|dll|so|o|c|h|go|rs|java|class|jar|png|jpe?g|gif|svg|ico|bak|orig|swp|log|index|lock)$|~$/i;

/**
 * Shows the files below a directory that may hold modules, by name: those of the directory itself
 * first, then those of its subdirectories. Names that begin with a dot, and those of documents,
 * archives and programs, are passed over. Links to files are followed, links to directories not.
 *
 * @param show - gets the path below the directory, with `/` between, and what `stat` says. (Not a
 *   list: ten thousand of these at once cost more than to look at them.)
 * @param enter - gets the path of each directory, the one asked for being empty, before it is read.
 * @throws SnmpError SNMP_MIB_DIRECTORY where it cannot be read or is too large.
 */
function visitModuleFiles(
  directory: string,
  show: (path: string, stats: Stats) => void,
  enter: (path: string) => void = () => undefined,
): void {
  let count = 0;
  const visit = (below: string, depth: number): void => {
    enter(below);
    /** BOUNDED by the entries of one directory. */
    const directories: string[] = [];
    for (const name of namesIn(directory, below)) {
      const path = below === '' ? name : `${below}/${name}`;
      const stats = OTHER_FILES.test(name) ? undefined : tryStat(`${directory}/${path}`);
      if (stats?.isFile() === true) {
        count += 1;
        // What is too large is no module.
        if (stats.size <= MAX_FILE_OCTETS) show(path, stats);
      } else if (stats?.isDirectory() === true && name !== 'node_modules' && depth < MAX_DEPTH) {
        directories.push(path);
      }
    }
    if (count > MAX_FILES) {
      throw new SnmpError(
        'SNMP_MIB_DIRECTORY',
        `${directory} holds more than ${MAX_FILES} files; expected a directory of MIB modules`,
      );
    }
    for (const path of directories) {
      // A link could lead back to where it stands; what has gone meanwhile leads nowhere.
      const entry = lstatSync(`${directory}/${path}`, { throwIfNoEntry: false });
      if (entry?.isSymbolicLink() === false) visit(path, depth + 1);
    }
  };
  visit('', 0);
}

/**
 * The files below a directory that may hold modules, in the order in which a finder takes them.
 *
 * @throws SnmpError SNMP_MIB_DIRECTORY where it cannot be read or is too large.
 */
export function listModuleFiles(directory: string): readonly string[] {
  /** BOUNDED by MAX_FILES. */
  const paths: string[] = [];
  visitModuleFiles(directory, (path) => paths.push(join(directory, path)));
  return paths;
}

function namesIn(directory: string, below: string): string[] {
  try {
    return readdirSync(join(directory, below)).sort();
  } catch (cause) {
    // A subdirectory that nobody may read is passed over; the directory that was asked for is not.
    if (below !== '') return [];
    throw new SnmpError('SNMP_MIB_DIRECTORY', `cannot read the directory ${directory}`, { cause });
  }
}

function tryStat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Which file of a directory defines which modules. Every file is looked at (`stat`), at each call,
 * but only read where it is not as it was when it was last indexed.
 *
 * @param cacheDirectory - where the index is kept between calls; undefined: nowhere.
 * @param onRead - shown the files that are read, by their path below the directory. Their octets
 *   are valid during the call.
 * @throws SnmpError SNMP_MIB_DIRECTORY
 */
export function indexDirectory(
  directory: string,
  cacheDirectory: string | undefined,
  onRead: ShowOctets = () => undefined,
): FileIndex {
  const root = realDirectory(directory);
  const stored = cacheDirectory === undefined ? EMPTY_INDEX : readIndex(cacheDirectory, root);
  const isKept = cacheDirectory !== undefined;
  let same = 0;
  let changed: IndexDraft | undefined;
  const folders: string[] = [];
  const folderStamps: number[] = [];
  visitModuleFiles(
    root,
    (path, stats) => {
      // As long as nothing changed, nothing is copied.
      const isSame = changed === undefined && stored.paths[same] === path;
      if (isSame && isUnchanged(stored.stamps, same, stats)) {
        same += 1;
      } else {
        changed ??= new IndexDraft(root, stored, same, isKept, onRead);
        changed.add(path, stats);
      }
    },
    (path) => {
      const stats = tryStat(`${root}/${path}`);
      folders.push(path);
      folderStamps.push(...(stats === undefined ? NO_STAMP : stampOf(stats)));
    },
  );
  const isWhole = changed === undefined && same === stored.paths.length;
  if (isWhole && hasFolders(stored, folders, folderStamps)) return stored;
  const index: FileIndex = isWhole
    ? { ...columnsOf(stored), folders, folderStamps }
    : {
        ...(changed ?? new IndexDraft(root, stored, same, isKept, onRead)).columns,
        folders,
        folderStamps,
      };
  if (cacheDirectory !== undefined) {
    writeIndex(cacheDirectory, root, index, systemClock.wallTimeMs());
  }
  return index;
}

type Columns = Pick<FileIndex, 'paths' | 'stamps' | 'hashes' | 'modules'>;

function columnsOf({ paths, stamps, hashes, modules }: FileIndex): Columns {
  return { paths, stamps, hashes, modules };
}

/** Of a directory that went away: not at rest. */
const NO_STAMP: readonly number[] = Array.from({ length: STAMP_NUMBERS }, () => 0);

function hasFolders(
  stored: FileIndex,
  folders: readonly string[],
  folderStamps: readonly number[],
): boolean {
  const { folders: known, folderStamps: knownStamps } = stored;
  return (
    known.length === folders.length &&
    folders.every((path, i) => path === known[i]) &&
    folderStamps.every((number, i) => number === knownStamps[i])
  );
}

/**
 * What is remembered of a directory, where the names in it and below it are still the same: any file
 * that comes, goes or is renamed gives its directory another stamp. A file that is written in place
 * does not: what the index says of a file is to be trusted after a look at that file only
 * (`isAsIndexed`), and that no other file defines a module is not to be trusted at all.
 *
 * @returns undefined where there is no index, or a directory is not as it was when it was read.
 * @throws SnmpError SNMP_MIB_DIRECTORY
 */
export function rememberedIndex(
  directory: string,
  cacheDirectory: string | undefined,
): RememberedIndex | undefined {
  if (cacheDirectory === undefined) return undefined;
  const root = realDirectory(directory);
  const stored = readIndex(cacheDirectory, root);
  const { folders, folderStamps } = stored;
  const isSame = folders.every((path, i) => {
    const stats = tryStat(`${root}/${path}`);
    return stats !== undefined && isUnchanged(folderStamps, i, stats);
  });
  return isSame && folders.length > 0 ? stored : undefined;
}

/** Whether a file is as it was when it was indexed. */
export function isAsIndexed(directory: string, index: FileIndex, position: number): boolean {
  const stats = tryStat(join(directory, index.paths[position] as string));
  return stats !== undefined && isUnchanged(index.stamps, position, stats);
}

export type ShowOctets = (path: string, octets: Uint8Array) => void;

/** The index as it is now, where it differs from the one stored. */
class IndexDraft {
  readonly #root: string;
  readonly #onRead: ShowOctets;
  readonly #files = new FileOctets();
  readonly #stored: FileIndex;
  /** Whether the index is to be written, and so to be compared with later. */
  readonly #isKept: boolean;
  /** Where files stand in the index stored. BOUNDED by the files in it. */
  readonly #positions: ReadonlyMap<string, number>;
  /** All BOUNDED by MAX_FILES. */
  readonly #paths: string[];
  readonly #stamps: number[];
  readonly #hashes: string[];
  readonly #modules: string[];

  /** @param same - how many of the files stored are still the first ones, and unchanged. */
  constructor(root: string, stored: FileIndex, same: number, isKept: boolean, onRead: ShowOctets) {
    this.#root = root;
    this.#onRead = onRead;
    this.#stored = stored;
    this.#isKept = isKept;
    this.#positions = new Map(stored.paths.map((path, i) => [path, i]));
    this.#paths = stored.paths.slice(0, same);
    this.#stamps = Array.from(stored.stamps).slice(0, same * STAMP_NUMBERS);
    this.#hashes = [stored.hashes.slice(0, same * HASH_LENGTH)];
    this.#modules = stored.modules.slice(0, same);
  }

  add(path: string, stats: Stats): void {
    const at = this.#positions.get(path);
    if (at !== undefined && isUnchanged(this.#stored.stamps, at, stats)) {
      this.#push(path, stampOf(stats), this.#hashAt(at), this.#stored.modules[at] as string);
      return;
    }
    // Before the reading: what is written meanwhile then has another stamp than the one kept.
    const stamp = stampOf(stats);
    let octets: Uint8Array;
    try {
      octets = this.#files.read(`${this.#root}/${path}`);
    } catch {
      return;
    }
    this.#onRead(path, octets);
    const hash = this.#isKept ? hashOf(octets) : '';
    // A file that was only touched has the content it had.
    const isSame = at !== undefined && this.#hashAt(at) === hash;
    const modules = isSame ? (this.#stored.modules[at] as string) : modulesIn(octets);
    this.#push(path, stamp, hash, modules);
  }

  get columns(): Columns {
    return {
      paths: this.#paths,
      stamps: this.#stamps,
      hashes: this.#hashes.join(''),
      modules: this.#modules,
    };
  }

  #push(path: string, stamp: readonly number[], hash: string, modules: string): void {
    this.#paths.push(path);
    this.#stamps.push(...stamp);
    this.#hashes.push(hash);
    this.#modules.push(modules);
  }

  #hashAt(position: number): string {
    return this.#stored.hashes.slice(position * HASH_LENGTH, (position + 1) * HASH_LENGTH);
  }
}

function modulesIn(octets: Uint8Array): string {
  return findModuleHeaders(octets)
    .map(({ name }) => name)
    .join(' ');
}

function realDirectory(directory: string): string {
  try {
    return realpathSync(directory);
  } catch (cause) {
    throw new SnmpError('SNMP_MIB_DIRECTORY', `no directory ${directory}`, { cause });
  }
}

function isUnchanged(stamps: ArrayLike<number>, position: number, stats: Stats): boolean {
  const at = position * STAMP_NUMBERS;
  return (
    stamps[at] === stats.size &&
    stamps[at + 1] === stats.mtimeMs &&
    stamps[at + 2] === stats.ctimeMs &&
    stamps[at + 3] === stats.ino &&
    stamps[at + 4] === 1
  );
}

/**
 * Size and time of modification can be made to look as before; the time of change cannot, since no
 * program can set it. What stays is a file that is written twice within one tick of the file
 * system's clock: one that was not at rest when it was read is read again.
 */
function stampOf(stats: Stats): number[] {
  const isAtRest = hasSettled(stats, systemClock.wallTimeMs()) ? 1 : 0;
  return [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino, isAtRest];
}

/** Ticks of file systems that keep fractions of seconds (4 to 16 ms), and of those that do not. */
const FINE_TICK_MS = 100;
const COARSE_TICK_MS = 2500;

/** Times in the future (another machine's clock) never settle: such a file is read each time. */
function hasSettled({ mtimeMs, ctimeMs }: Stats, nowMs: number): boolean {
  const hasFractions = mtimeMs % 1000 !== 0 || ctimeMs % 1000 !== 0;
  const newest = Math.max(mtimeMs, ctimeMs);
  return newest + (hasFractions ? FINE_TICK_MS : COARSE_TICK_MS) < nowMs;
}
