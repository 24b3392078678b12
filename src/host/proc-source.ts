import { open, readdir, readlink, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeOsFacts, type OsFacts } from './os-facts.js';

/** How full a file system is, in blocks, as statfs(2) tells it. */
export interface FileSystemUsage {
  readonly blockOctets: number;
  readonly blocks: number;
  readonly freeBlocks: number;
}

/**
 * The port through which every reader of this room sees the machine. Nothing here rejects: what is
 * missing, vanished or forbidden is `undefined` (or an empty list), because between a listing and
 * a read a process or an interface may always go away.
 */
export interface HostSource {
  /**
   * The file's text, invalid UTF-8 replaced, at most `maxOctets` of it (MAX_TEXT_OCTETS unless
   * told; up to SMALL_FILE_OCTETS one read must suffice). Paths are absolute, as the machine spells
   * them.
   */
  readText(path: string, maxOctets?: number): Promise<string | undefined>;
  readBytes(path: string, maxOctets?: number): Promise<Uint8Array | undefined>;
  /** Names in the directory, in no order. BOUNDED by what the kernel lists; readers cut it. */
  readDirectory(path: string): Promise<readonly string[]>;
  readLink(path: string): Promise<string | undefined>;
  /** May take long, or never answer: a network file system whose server is gone. */
  statFileSystem(path: string): Promise<FileSystemUsage | undefined>;
  readonly os: OsFacts;
}

/** A thousand mounts or a hundred processors fit; a file that never ends does not stop us. */
export const MAX_TEXT_OCTETS = 1024 * 1024;

/** What the kernel gives out in one piece: files of /sys, and those of /proc without records. */
export const SMALL_FILE_OCTETS = 4096;

const READ_OCTETS = 16 * 1024;

/** Reads the machine whose root directory is `root`: '/', or a tree of fixtures. */
export function openHostSource(root = '/', facts: OsFacts = nodeOsFacts): HostSource {
  return new RootedSource(root, facts);
}

class RootedSource implements HostSource {
  readonly os: OsFacts;
  readonly #root: string;

  constructor(root: string, facts: OsFacts) {
    this.#root = root;
    this.os = facts;
  }

  async readText(path: string, maxOctets?: number): Promise<string | undefined> {
    return (await this.readBytes(path, maxOctets))?.toString('utf8');
  }

  async readBytes(path: string, maxOctets = MAX_TEXT_OCTETS): Promise<Buffer | undefined> {
    try {
      return await readUpTo(join(this.#root, path), maxOctets);
    } catch {
      return undefined;
    }
  }

  async readDirectory(path: string): Promise<readonly string[]> {
    try {
      return await readdir(join(this.#root, path));
    } catch {
      return [];
    }
  }

  async readLink(path: string): Promise<string | undefined> {
    try {
      return await readlink(join(this.#root, path));
    } catch {
      return undefined;
    }
  }

  async statFileSystem(path: string): Promise<FileSystemUsage | undefined> {
    try {
      const { bsize, blocks, bfree } = await statfs(join(this.#root, path));
      return { blockOctets: bsize, blocks, freeBlocks: bfree };
    } catch {
      return undefined;
    }
  }
}

/**
 * Files of /proc say they are empty, and long ones give out whole records at a time: read until
 * nothing comes. The small ones, of which there are two for each process, come in one piece.
 */
async function readUpTo(path: string, maxOctets: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    if (maxOctets <= SMALL_FILE_OCTETS) {
      const { buffer, bytesRead } = await file.read(
        Buffer.allocUnsafe(maxOctets),
        0,
        maxOctets,
        null,
      );
      return buffer.subarray(0, bytesRead);
    }
    /** BOUNDED by maxOctets. */
    const chunks: Buffer[] = [];
    let total = 0;
    while (total < maxOctets) {
      const chunk = Buffer.allocUnsafe(Math.min(READ_OCTETS, maxOctets - total));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      chunks.push(chunk.subarray(0, bytesRead));
      total += bytesRead;
    }
    return Buffer.concat(chunks, total);
  } finally {
    await file.close();
  }
}
