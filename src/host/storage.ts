import type { Clock } from '../base/index.js';
import { findDisk } from './block-devices.js';
import { fileSystemType, isRemote, NEVER, type FileSystemRow } from './file-systems.js';
import { fitDisplayString, fitInteger32, fitUtf8 } from './fit-syntax.js';
import { readMemoryAreas, readMemorySizeKBytes, type MemoryArea } from './memory.js';
import { MountUsage } from './mount-usage.js';
import { MAX_MOUNTS, readMounts, type Mount } from './mounts.js';
import type { FileSystemUsage, HostSource } from './proc-source.js';
import { StableIndexes } from './stable-indexes.js';

/** One row of hrStorageTable (HOST-RESOURCES-MIB, RFC 2790). */
export interface StorageRow {
  readonly hrStorageIndex: number;
  readonly hrStorageType: readonly number[];
  readonly hrStorageDescr: string;
  readonly hrStorageAllocationUnits: number;
  readonly hrStorageSize: number;
  readonly hrStorageUsed: number;
  readonly hrStorageAllocationFailures: number;
}

export interface StorageTables {
  readonly hrMemorySize: number;
  /** Ascending by hrStorageIndex. BOUNDED by MAX_MOUNTS and seven areas of memory. */
  readonly storage: readonly StorageRow[];
  /** Ascending by hrFSIndex. BOUNDED by MAX_MOUNTS. */
  readonly fileSystems: readonly FileSystemRow[];
}

type StorageKind =
  | MemoryArea['kind']
  | 'fixedDisk'
  | 'removableDisk'
  | 'compactDisc'
  | 'ramDisk'
  | 'networkDisk';

/** HOST-RESOURCES-TYPES: the last sub-identifier under hrStorageTypes. */
const STORAGE_TYPE: Record<StorageKind, number> = {
  other: 1,
  ram: 2,
  virtualMemory: 3,
  fixedDisk: 4,
  removableDisk: 5,
  compactDisc: 7,
  ramDisk: 8,
  networkDisk: 10,
};

/** As with net-snmp: file systems stand behind the areas of memory. */
const FIRST_FILE_SYSTEM_INDEX = 31;

const MAX_INTEGER32 = 2_147_483_647;

/**
 * Reads hrStorage and hrFSTable. One reader for the life of the agent: it remembers which index it
 * gave to which mount point, and which mounts do not answer.
 *
 * Sizes agree with `df`: what is used is what is not free, reserved blocks included.
 */
export class StorageReader {
  readonly #source: HostSource;
  readonly #usage: MountUsage;
  readonly #indexes = new StableIndexes(FIRST_FILE_SYSTEM_INDEX, MAX_MOUNTS * 2);

  constructor(source: HostSource, clock: Clock) {
    this.#source = source;
    this.#usage = new MountUsage(source, clock);
  }

  async read(): Promise<StorageTables> {
    const [hrMemorySize, areas, mounts] = await Promise.all([
      readMemorySizeKBytes(this.#source),
      readMemoryAreas(this.#source),
      readMounts(this.#source),
    ]);
    const storage = areas.map((area) =>
      storageRow(area.index, area.kind, area.description, {
        blockOctets: 1024,
        blocks: area.sizeKBytes,
        freeBlocks: area.sizeKBytes - area.usedKBytes,
      }),
    );
    const fileSystems: FileSystemRow[] = [];
    // One after the other: only a mount that hangs makes the others wait, and that ends.
    for (const mount of mounts) {
      const usage = await this.#usage.ask(mount.mountPoint);
      // No blocks, no storage: a pseudo file system of a type we have not heard of.
      if (usage === undefined || usage.blocks === 0) continue;
      const index = this.#indexes.indexOf(mount.mountPoint);
      const kind = await this.#kindOf(mount);
      storage.push(storageRow(index, kind, mount.mountPoint, usage));
      fileSystems.push(fileSystemRow(index, mount));
    }
    this.#usage.keepOnly(new Set(mounts.map((mount) => mount.mountPoint)));
    return {
      hrMemorySize,
      storage: storage.sort((left, right) => left.hrStorageIndex - right.hrStorageIndex),
      fileSystems: fileSystems.sort((left, right) => left.hrFSIndex - right.hrFSIndex),
    };
  }

  async #kindOf(mount: Mount): Promise<StorageKind> {
    if (isRemote(mount)) return 'networkDisk';
    if (mount.fileSystem === 'tmpfs') return 'ramDisk';
    if (mount.fileSystem === 'iso9660' || mount.fileSystem === 'udf') return 'compactDisc';
    const disk = await findDisk(this.#source, mount.device);
    if (disk === undefined) return 'fixedDisk';
    const removable = await this.#source.readText(`/sys/block/${disk}/removable`, 16);
    return removable?.trim() === '1' ? 'removableDisk' : 'fixedDisk';
  }
}

/**
 * Scales until the size fits Integer32: allocation units double while the counts halve, as every
 * agent for large disks does (RFC 2790 has no 64-bit sizes).
 */
function storageRow(
  index: number,
  kind: StorageKind,
  description: string,
  usage: FileSystemUsage,
): StorageRow {
  let units = usage.blockOctets;
  let scale = 1;
  while (usage.blocks / scale > MAX_INTEGER32 && units * 2 <= MAX_INTEGER32) {
    units *= 2;
    scale *= 2;
  }
  return {
    hrStorageIndex: index,
    hrStorageType: [1, 3, 6, 1, 2, 1, 25, 2, 1, STORAGE_TYPE[kind]],
    hrStorageDescr: fitDisplayString(description),
    hrStorageAllocationUnits: fitInteger32(units),
    hrStorageSize: fitInteger32(usage.blocks / scale),
    hrStorageUsed: fitInteger32((usage.blocks - usage.freeBlocks) / scale),
    // Linux does not count requests that it refused for want of space.
    hrStorageAllocationFailures: 0,
  };
}

function fileSystemRow(storageIndex: number, mount: Mount): FileSystemRow {
  return {
    hrFSIndex: storageIndex - FIRST_FILE_SYSTEM_INDEX + 1,
    hrFSMountPoint: fitUtf8(mount.mountPoint, 128),
    hrFSRemoteMountPoint: isRemote(mount) ? fitUtf8(mount.device, 128) : '',
    hrFSType: fileSystemType(mount.fileSystem),
    hrFSAccess: mount.isReadOnly ? 'readOnly' : 'readWrite',
    // What the machine was started from is not known to Linux; the root is the best guess.
    hrFSBootable: mount.mountPoint === '/' ? 'true' : 'false',
    hrFSStorageIndex: storageIndex,
    hrFSLastFullBackupDate: NEVER,
    hrFSLastPartialBackupDate: NEVER,
  };
}
