import { createHash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { crc32 } from 'node:zlib';

/**
 * What is known of the files of a directory, and of which state of them: by columns, one entry per
 * file in each, because ten thousand files are read back at every start.
 */
export interface FileIndex {
  /** Paths below the directory that was scanned, with `/` between, in the order of the scan. */
  readonly paths: readonly string[];
  /** STAMP_NUMBERS for each file: what `stampOf` gives. */
  readonly stamps: ArrayLike<number>;
  /** HASH_LENGTH characters for each file, of its content. */
  readonly hashes: string;
  /** Names of the modules in each file, in the order of the text, with a blank between. */
  readonly modules: readonly string[];
  /** Paths of the directories that were read, the one scanned (empty) first. */
  readonly folders: readonly string[];
  /** STAMP_NUMBERS for each directory, from before it was read. */
  readonly folderStamps: ArrayLike<number>;
}

/** As it was stored. */
export interface RememberedIndex extends FileIndex {
  /** `modules`, a line each. */
  readonly moduleLines: string;
}

export const STAMP_NUMBERS = 5;
export const HASH_LENGTH = 24;

export const EMPTY_INDEX: RememberedIndex = {
  paths: [],
  stamps: [],
  hashes: '',
  modules: [],
  folders: [],
  folderStamps: [],
  moduleLines: '',
};

const FORMAT = 'trellis-mib-index';
/** Goes up with every change of what is stored or of how headers are found. */
const VERSION = 2;
const SUFFIX = '.index';
/** One file per directory that was searched. The oldest go; they cost one scan to make again. */
const MAX_CACHE_FILES = 64;
const STALE_TEMPORARY_MS = 3_600_000;

/**
 * Where indexes of directories are kept: $TRELLIS_CACHE_DIR, else $XDG_CACHE_HOME/trellis, else
 * ~/.cache/trellis. Relative paths in these variables count for nothing (XDG base directories).
 */
export function defaultCacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['TRELLIS_CACHE_DIR'];
  if (own !== undefined && own !== '') return own;
  const shared = environment['XDG_CACHE_HOME'];
  if (shared !== undefined && isAbsolute(shared)) return join(shared, 'trellis');
  return join(homedir(), '.cache', 'trellis');
}

/**
 * The index of one directory as it was stored. What is missing, damaged or of another version
 * is as if there were none.
 */
export function readIndex(cacheDirectory: string, directory: string): RememberedIndex {
  try {
    const octets = readFileSync(cacheFile(cacheDirectory, directory));
    const bodyAt = octets.indexOf('\n') + 1;
    const body = octets.subarray(bodyAt);
    if (octets.toString('latin1', 0, bodyAt) !== headLine(body)) return EMPTY_INDEX;
    const stored = new StoredIndex(body);
    // Names of cache files are hashes; one that is another directory's after all says so.
    return stored.directory === directory ? stored : EMPTY_INDEX;
  } catch {
    // Whatever is wrong with it, a scan puts it right.
    return EMPTY_INDEX;
  }
}

const NUMBER_OCTETS = Float64Array.BYTES_PER_ELEMENT;

/**
 * An index as it lies in its file: the lengths of its columns, then the columns. Lists are made of
 * them when they are asked for: who looks for one module needs few of them.
 */
class StoredIndex implements RememberedIndex {
  readonly #columns: readonly Buffer[];
  #paths: readonly string[] | undefined;
  #modules: readonly string[] | undefined;
  #moduleLines: string | undefined;
  #stamps: Float64Array | undefined;

  /** @param body - of a sound file: its checksum is right. */
  constructor(body: Buffer) {
    let at = COLUMNS * NUMBER_OCTETS;
    this.#columns = Array.from({ length: COLUMNS }, (_, i) => {
      const from = at;
      at += body.readDoubleLE(i * NUMBER_OCTETS);
      return body.subarray(from, at);
    });
  }

  get directory(): string {
    return this.#text(0);
  }

  get paths(): readonly string[] {
    return (this.#paths ??= this.#list(1));
  }

  get modules(): readonly string[] {
    return (this.#modules ??= this.#list(2));
  }

  get moduleLines(): string {
    return (this.#moduleLines ??= this.#text(2));
  }

  get hashes(): string {
    return this.#text(3);
  }

  get stamps(): ArrayLike<number> {
    return (this.#stamps ??= this.#numbers(4));
  }

  get folders(): readonly string[] {
    return this.#list(5);
  }

  get folderStamps(): ArrayLike<number> {
    return this.#numbers(6);
  }

  #text(column: number): string {
    return (this.#columns[column] as Buffer).toString('utf8');
  }

  /** One line each, and a line more than there are entries, so that none and one empty one differ. */
  #list(column: number): readonly string[] {
    const lines = this.#text(column).split('\n');
    lines.pop();
    return lines;
  }

  #numbers(column: number): Float64Array {
    const octets = this.#columns[column] as Buffer;
    const numbers = new Float64Array(octets.length / NUMBER_OCTETS);
    octets.copy(Buffer.from(numbers.buffer));
    return numbers;
  }
}

const COLUMNS = 7;

function toStored(directory: string, index: FileIndex): Buffer {
  const list = (lines: readonly string[]): Buffer =>
    Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const numbers = (values: ArrayLike<number>): Buffer =>
    Buffer.from(Float64Array.from(values).buffer);
  const columns = [
    Buffer.from(directory),
    list(index.paths),
    list(index.modules),
    Buffer.from(index.hashes),
    numbers(index.stamps),
    list(index.folders),
    numbers(index.folderStamps),
  ];
  const lengths = Buffer.alloc(COLUMNS * NUMBER_OCTETS);
  for (const [i, { length }] of columns.entries()) lengths.writeDoubleLE(length, i * NUMBER_OCTETS);
  return Buffer.concat([lengths, ...columns]);
}

/**
 * Stores the index of one directory. Readers see the old or the new one, never a part: it is
 * written aside and renamed, and of two writers the later one wins.
 *
 * @returns whether it could be stored. Where it cannot, every start scans anew.
 */
export function writeIndex(
  cacheDirectory: string,
  directory: string,
  index: FileIndex,
  nowMs: number,
): boolean {
  const target = cacheFile(cacheDirectory, directory);
  const temporary = `${target}.${randomUUID()}`;
  try {
    mkdirSync(cacheDirectory, { recursive: true, mode: 0o700 });
    const body = toStored(directory, index);
    writeFileSync(temporary, Buffer.concat([Buffer.from(headLine(body)), body]), { mode: 0o600 });
    renameSync(temporary, target);
    sweep(cacheDirectory, nowMs);
    return true;
  } catch {
    remove(temporary);
    return false;
  }
}

/** Takes away what crashed writers left, and the oldest indexes where there are too many. */
function sweep(cacheDirectory: string, nowMs: number): void {
  /** BOUNDED by MAX_CACHE_FILES and what is written between two sweeps. */
  const indexes: { readonly path: string; readonly modifiedMs: number }[] = [];
  for (const name of readdirSync(cacheDirectory)) {
    if (!name.includes(SUFFIX)) continue;
    const path = join(cacheDirectory, name);
    const modifiedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (modifiedMs === undefined) continue;
    if (name.endsWith(SUFFIX)) indexes.push({ path, modifiedMs });
    else if (nowMs - modifiedMs > STALE_TEMPORARY_MS) remove(path);
  }
  indexes.sort((a, b) => b.modifiedMs - a.modifiedMs);
  for (const { path } of indexes.slice(MAX_CACHE_FILES)) remove(path);
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays, and is tried again at the next sweep.
  }
}

function cacheFile(cacheDirectory: string, directory: string): string {
  return join(cacheDirectory, `${hashOf(Buffer.from(directory))}${SUFFIX}`);
}

/** Format, version and a checksum: one octet that is off makes the whole file count for nothing. */
function headLine(body: Uint8Array): string {
  return `${FORMAT} ${VERSION} ${body.length} ${crc32(body).toString(16)}\n`;
}

export function hashOf(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('base64url').slice(0, HASH_LENGTH);
}
