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
}

export const STAMP_NUMBERS = 5;
export const HASH_LENGTH = 24;

export const EMPTY_INDEX: FileIndex = { paths: [], stamps: [], hashes: '', modules: [] };

const FORMAT = 'trellis-mib-index';
/** Goes up with every change of what is stored or of how headers are found. */
const VERSION = 1;
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
export function readIndex(cacheDirectory: string, directory: string): FileIndex {
  try {
    const octets = readFileSync(cacheFile(cacheDirectory, directory));
    const bodyAt = octets.indexOf('\n') + 1;
    const body = octets.subarray(bodyAt);
    if (octets.toString('latin1', 0, bodyAt) !== headLine(body)) return EMPTY_INDEX;
    const stored = JSON.parse(body.toString('utf8')) as StoredIndex;
    // Names of cache files are hashes; one that is another directory's after all says so.
    return stored.directory === directory ? fromStored(stored) : EMPTY_INDEX;
  } catch {
    // Whatever is wrong with it, a scan puts it right.
    return EMPTY_INDEX;
  }
}

/** Columns as strings: those of ten thousand entries are parsed ten times as fast as arrays. */
interface StoredIndex {
  readonly directory: string;
  readonly paths: string;
  /** Doubles, in base64. */
  readonly stamps: string;
  readonly hashes: string;
  readonly modules: string;
}

function toStored(directory: string, { paths, stamps, hashes, modules }: FileIndex): StoredIndex {
  const numbers = Float64Array.from(stamps);
  return {
    directory,
    paths: paths.join('\n'),
    stamps: Buffer.from(numbers.buffer).toString('base64'),
    hashes,
    modules: modules.join('\n'),
  };
}

function fromStored(stored: StoredIndex): FileIndex {
  const octets = Buffer.from(stored.stamps, 'base64');
  const stamps = new Float64Array(octets.length / Float64Array.BYTES_PER_ELEMENT);
  octets.copy(Buffer.from(stamps.buffer));
  const count = stamps.length / STAMP_NUMBERS;
  return {
    paths: count === 0 ? [] : stored.paths.split('\n'),
    stamps,
    hashes: stored.hashes,
    modules: count === 0 ? [] : stored.modules.split('\n'),
  };
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
    const body = Buffer.from(JSON.stringify(toStored(directory, index)));
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
