import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { SnmpError } from '../base/index.js';

/** Raised when what is kept can no longer be read by the release before. */
export const FORMAT_VERSION = 1;
const FORMAT = 'trellis-state';
const MARKER_FILE = 'trellis-state.json';
export const DATA_FILE = 'data.mdb';
const LOCK_FILE = 'lock.mdb';
/** What a start that failed on a full disk may have left: nothing of value. */
const SCRATCH_FILES: ReadonlySet<string> = new Set([`${MARKER_FILE}.new`, 'room']);
/** LMDB maps its files before it has the room for them: without, the process dies of it. */
const ROOM_OCTETS = 128 * 1024;

/** State may hold keys and values that are nobody else's business. */
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

interface Marker {
  readonly format: string;
  readonly version: number;
  /** Whether there has been data already: from then on it must be there. */
  readonly hasData: boolean;
}

/**
 * Makes sure that a directory is one of ours, or makes it one. Whatever is refused is not touched.
 *
 * @returns whether it has data.
 * @throws SnmpError SNMP_STATE_FOREIGN, SNMP_STATE_VERSION, SNMP_STATE_DAMAGED, SNMP_STATE_UNUSABLE
 */
export function claimDirectory(directory: string, mayCreate: boolean): boolean {
  const marker = readMarker(directory);
  if (marker === undefined) {
    if (!isEmpty(directory)) {
      throw new SnmpError(
        'SNMP_STATE_FOREIGN',
        `${directory} is not empty, and not a state directory: give another one`,
      );
    }
    if (!mayCreate) {
      throw new SnmpError('SNMP_STATE_FOREIGN', `${directory} is not a state directory`);
    }
    create(directory);
    ensureRoom(directory);
    return false;
  }
  if (marker.hasData) checkData(directory);
  if (mayCreate && !(marker.hasData && existsSync(join(directory, LOCK_FILE)))) {
    ensureRoom(directory);
  }
  return marker.hasData;
}

/** @throws SnmpError SNMP_STATE_UNUSABLE where the disk has no room for what is to be made. */
function ensureRoom(directory: string): void {
  const path = join(directory, 'room');
  try {
    const file = openSync(path, 'w', FILE_MODE);
    try {
      const room = Buffer.alloc(ROOM_OCTETS);
      for (let at = 0; at < room.length;) at += writeSync(file, room, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
      unlinkSync(path);
    }
  } catch (cause) {
    throw unusable(directory, cause);
  }
}

/** From now on the directory has data. */
export function confirmData(directory: string): void {
  writeMarker(directory, { format: FORMAT, version: FORMAT_VERSION, hasData: true });
}

function readMarker(directory: string): Marker | undefined {
  let text: string;
  try {
    text = readFileSync(join(directory, MARKER_FILE), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw unusable(directory, cause);
  }
  let marker: Partial<Marker>;
  try {
    marker = JSON.parse(text) as Partial<Marker>;
  } catch (cause) {
    throw new SnmpError('SNMP_STATE_DAMAGED', `${join(directory, MARKER_FILE)} is no JSON`, {
      cause,
    });
  }
  if (marker.format !== FORMAT || typeof marker.version !== 'number') {
    throw new SnmpError('SNMP_STATE_FOREIGN', `${directory} belongs to something else`);
  }
  if (marker.version !== FORMAT_VERSION) {
    throw new SnmpError(
      'SNMP_STATE_VERSION',
      `${directory} is of format version ${marker.version}; this release reads version ${FORMAT_VERSION}`,
    );
  }
  return { format: FORMAT, version: marker.version, hasData: marker.hasData === true };
}

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).every((name) => SCRATCH_FILES.has(name));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw unusable(directory, cause);
  }
}

function create(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  } catch (cause) {
    throw unusable(directory, cause);
  }
  writeMarker(directory, { format: FORMAT, version: FORMAT_VERSION, hasData: false });
}

/** Written beside, synced, and renamed: after a power cut there is the old one or the new one. */
function writeMarker(directory: string, marker: Marker): void {
  const path = join(directory, MARKER_FILE);
  try {
    const file = openSync(`${path}.new`, 'w', FILE_MODE);
    writeSync(file, `${JSON.stringify(marker)}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(`${path}.new`, path);
    const folder = openSync(directory, 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (cause) {
    throw unusable(directory, cause);
  }
}

/** Where LMDB's two meta pages say how large the file is (lmdb 3.5, format 2). */
const META_MAGIC = 0xbeef_c0de;
const PAGE_HEADER_OCTETS = 24;
const PAGE_SIZE_AT = PAGE_HEADER_OCTETS + 24;
const LAST_PAGE_AT = PAGE_HEADER_OCTETS + 120;
const META_OCTETS = LAST_PAGE_AT + 16;

/**
 * A data file that is shorter than it says ends the process that maps it (SIGBUS): it is looked at
 * before it is opened.
 */
function checkData(directory: string): void {
  const path = join(directory, DATA_FILE);
  if (!existsSync(path)) throw damaged(directory, `${DATA_FILE} is missing`);
  const { size } = statSync(path);
  const file = openSync(path, 'r');
  try {
    const first = readMeta(file, 0);
    const pageSize = first?.pageSize ?? 4096;
    const metas = [first, readMeta(file, pageSize)].filter((meta) => meta !== undefined);
    if (metas.length === 0) throw damaged(directory, `${DATA_FILE} has no valid header`);
    const newest = metas.reduce((a, b) => (b.transaction > a.transaction ? b : a));
    if ((newest.lastPage + 1n) * BigInt(newest.pageSize) > BigInt(size)) {
      throw damaged(directory, `${DATA_FILE} is shorter than it was`);
    }
  } finally {
    closeSync(file);
  }
}

interface MetaPage {
  readonly pageSize: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

function readMeta(file: number, at: number): MetaPage | undefined {
  const page = Buffer.alloc(META_OCTETS);
  if (readSync(file, page, 0, META_OCTETS, at) < META_OCTETS) return undefined;
  if (page.readUInt32LE(PAGE_HEADER_OCTETS) !== META_MAGIC) return undefined;
  return {
    pageSize: page.readUInt32LE(PAGE_SIZE_AT),
    lastPage: page.readBigUInt64LE(LAST_PAGE_AT),
    transaction: page.readBigUInt64LE(LAST_PAGE_AT + 8),
  };
}

export function damaged(directory: string, how: string): SnmpError {
  return new SnmpError(
    'SNMP_STATE_DAMAGED',
    `${directory} is damaged: ${how}. It was left as it is; restore a backup with \`trellis state import\``,
  );
}

function unusable(directory: string, cause: unknown): SnmpError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SnmpError('SNMP_STATE_UNUSABLE', `${directory} cannot be used: ${why}`, { cause });
}
