import type { Clock } from '../base/index.js';
import { findDisk } from './block-devices.js';
import { MAX_DISKS, readDisks, type Disk, type HrDiskStorageMedia } from './disks.js';
import { fitCounter32, fitDisplayString } from './fit-syntax.js';
import type { InterfaceRow } from './interface-row.js';
import { readMounts } from './mounts.js';
import { ProcessorLoads, readProcessors } from './processors.js';
import type { HostSource } from './proc-source.js';
import { StableIndexes } from './stable-indexes.js';

export type HrDeviceStatus = 'unknown' | 'running' | 'warning' | 'testing' | 'down';

/** One row of hrDeviceTable (HOST-RESOURCES-MIB, RFC 2790). */
export interface DeviceRow {
  readonly hrDeviceIndex: number;
  readonly hrDeviceType: readonly number[];
  readonly hrDeviceDescr: string;
  readonly hrDeviceID: readonly number[];
  readonly hrDeviceStatus: HrDeviceStatus;
  readonly hrDeviceErrors: number;
}

/** One row of hrProcessorTable. */
export interface ProcessorRow {
  readonly hrDeviceIndex: number;
  readonly hrProcessorFrwID: readonly number[];
  readonly hrProcessorLoad: number;
}

/** One row of hrNetworkTable. */
export interface NetworkRow {
  readonly hrDeviceIndex: number;
  readonly hrNetworkIfIndex: number;
}

/** One row of hrDiskStorageTable; the MIB's spelling is hrDiskStorageRemoveble. */
export interface DiskStorageRow {
  readonly hrDeviceIndex: number;
  readonly hrDiskStorageAccess: 'readWrite' | 'readOnly';
  readonly hrDiskStorageMedia: HrDiskStorageMedia;
  readonly hrDiskStorageRemoveble: 'true' | 'false';
  readonly hrDiskStorageCapacity: number;
}

/** All ascending by hrDeviceIndex. BOUNDED by processors, MAX_INTERFACES and MAX_DISKS. */
export interface DeviceTables {
  readonly devices: readonly DeviceRow[];
  readonly processors: readonly ProcessorRow[];
  readonly networks: readonly NetworkRow[];
  readonly disks: readonly DiskStorageRow[];
  /** The disk below the root file system; undefined where it is on no disk of ours. */
  readonly hrSystemInitialLoadDevice: number | undefined;
}

/** HOST-RESOURCES-TYPES: the last sub-identifier under hrDeviceTypes. */
const DEVICE_TYPE = { processor: 3, network: 4, disk: 6 } as const;

/** As with net-snmp: the type stands in the upper half of the index. */
const FIRST_INDEX = {
  processor: DEVICE_TYPE.processor << 16,
  network: DEVICE_TYPE.network << 16,
  disk: DEVICE_TYPE.disk << 16,
} as const;

/** Half of what hrDeviceIndex can be. */
const LARGE_IF_INDEX_BASE = 1 << 30;

const ZERO_DOT_ZERO: readonly number[] = [0, 0];

/**
 * Reads the device tables. One reader for the life of the agent: it remembers the indexes of the
 * disks and what the processors did before. Read at least every few tens of seconds for loads that
 * mean "the last minute".
 */
export class DeviceReader {
  readonly #source: HostSource;
  readonly #clock: Clock;
  readonly #loads = new ProcessorLoads();
  readonly #diskIndexes = new StableIndexes(FIRST_INDEX.disk, MAX_DISKS * 2);

  constructor(source: HostSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** @param interfaces - as `readInterfaces` gave them: state and errors are theirs. */
  async read(interfaces: readonly InterfaceRow[]): Promise<DeviceTables> {
    const [processors, disks, rootDisk] = await Promise.all([
      readProcessors(this.#source),
      readDisks(this.#source),
      this.#findRootDisk(),
    ]);
    const loads = this.#loads.observe(processors, this.#clock.nowMs());
    const indexed = disks
      .map((disk) => ({ disk, index: this.#diskIndexes.indexOf(disk.name) }))
      .sort((left, right) => left.index - right.index);
    return {
      devices: [
        ...processors.map(({ number, description }) =>
          deviceRow('processor', FIRST_INDEX.processor + number, description, 'running'),
        ),
        ...interfaces.map(networkDeviceRow),
        ...indexed.map(({ disk, index }) =>
          deviceRow('disk', index, disk.description, isEmpty(disk) ? 'unknown' : 'running'),
        ),
      ].sort((left, right) => left.hrDeviceIndex - right.hrDeviceIndex),
      processors: processors.map(({ number }) => ({
        hrDeviceIndex: FIRST_INDEX.processor + number,
        hrProcessorFrwID: ZERO_DOT_ZERO,
        hrProcessorLoad: loads.get(number) ?? 0,
      })),
      networks: interfaces.map(({ ifIndex }) => ({
        hrDeviceIndex: networkDeviceIndex(ifIndex),
        hrNetworkIfIndex: ifIndex,
      })),
      disks: indexed.map(({ disk, index }) => diskStorageRow(index, disk)),
      hrSystemInitialLoadDevice: indexed.find(({ disk }) => disk.name === rootDisk)?.index,
    };
  }

  async #findRootDisk(): Promise<string | undefined> {
    const root = (await readMounts(this.#source)).find((mount) => mount.mountPoint === '/');
    return root && findDisk(this.#source, root.device);
  }
}

function deviceRow(
  type: keyof typeof DEVICE_TYPE,
  index: number,
  description: string,
  status: HrDeviceStatus,
): DeviceRow {
  return {
    hrDeviceIndex: index,
    hrDeviceType: [1, 3, 6, 1, 2, 1, 25, 3, 1, DEVICE_TYPE[type]],
    hrDeviceDescr: fitDisplayString(description, 64),
    hrDeviceID: ZERO_DOT_ZERO,
    hrDeviceStatus: status,
    hrDeviceErrors: 0,
  };
}

function networkDeviceRow(row: InterfaceRow): DeviceRow {
  const index = networkDeviceIndex(row.ifIndex);
  return {
    ...deviceRow(
      'network',
      index,
      `network interface ${row.ifName}`,
      NETWORK_STATUS[row.ifOperStatus],
    ),
    hrDeviceErrors: fitCounter32(BigInt(row.ifInErrors) + BigInt(row.ifOutErrors)),
  };
}

/**
 * Container hosts count ifIndex past 65535, which net-snmp's numbering does not foresee: from there
 * on, interfaces stand where no other device does.
 */
function networkDeviceIndex(ifIndex: number): number {
  if (ifIndex < 1 << 16) return FIRST_INDEX.network + ifIndex;
  return LARGE_IF_INDEX_BASE + (ifIndex % LARGE_IF_INDEX_BASE);
}

const NETWORK_STATUS: Record<InterfaceRow['ifOperStatus'], HrDeviceStatus> = {
  up: 'running',
  down: 'down',
  testing: 'testing',
  unknown: 'unknown',
  dormant: 'warning',
  notPresent: 'down',
  lowerLayerDown: 'down',
};

function diskStorageRow(index: number, disk: Disk): DiskStorageRow {
  return {
    hrDeviceIndex: index,
    hrDiskStorageAccess: disk.isReadOnly ? 'readOnly' : 'readWrite',
    hrDiskStorageMedia: disk.media,
    hrDiskStorageRemoveble: disk.isRemovable ? 'true' : 'false',
    hrDiskStorageCapacity: disk.capacityKBytes,
  };
}

function isEmpty(disk: Disk): boolean {
  return disk.capacityKBytes === 0;
}
