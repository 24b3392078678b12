import { fitInteger32, parseNumber } from './fit-syntax.js';
import { mapInSlices } from './in-slices.js';
import { SMALL_FILE_OCTETS, type HostSource } from './proc-source.js';

export type HrDiskStorageMedia =
  | 'other'
  | 'unknown'
  | 'hardDisk'
  | 'floppyDisk'
  | 'opticalDiskROM'
  | 'opticalDiskWORM'
  | 'opticalDiskRW'
  | 'ramDisk';

export interface Disk {
  readonly name: string;
  readonly description: string;
  readonly media: HrDiskStorageMedia;
  readonly isReadOnly: boolean;
  readonly isRemovable: boolean;
  readonly capacityKBytes: number;
}

/** A disk shelf holds a few hundred; each costs half a dozen files. */
export const MAX_DISKS = 1024;

/** /sys counts sectors of 512 octets, whatever the disk itself does. */
const SECTORS_PER_KBYTE = 2;

/**
 * The disk drives of the machine, by name. Only those with a device behind them: loop devices, RAM
 * disks, device mapper and RAID are storage upon storage. BOUNDED by MAX_DISKS.
 */
export async function readDisks(source: HostSource): Promise<readonly Disk[]> {
  const names = [...(await source.readDirectory('/sys/block'))].sort();
  const disks = await mapInSlices(names, 2, (name) => readDisk(source, name));
  return disks.filter((disk) => disk !== undefined).slice(0, MAX_DISKS);
}

async function readDisk(source: HostSource, name: string): Promise<Disk | undefined> {
  const directory = `/sys/block/${name}`;
  if (!(await source.readDirectory(directory)).includes('device')) return undefined;
  const read = async (file: string): Promise<string | undefined> =>
    (await source.readText(`${directory}/${file}`, SMALL_FILE_OCTETS))?.trim();
  const [size, removable, readOnly, vendor, model, revision] = await Promise.all([
    read('size'),
    read('removable'),
    read('ro'),
    read('device/vendor'),
    read('device/model'),
    read('device/rev'),
  ]);
  // A virtio disk gives the number of its PCI vendor: no name for people.
  const named = [vendor?.startsWith('0x') ? undefined : vendor, model, revision];
  return {
    name,
    description: [...named.filter((part) => part), `(/dev/${name})`].join(' '),
    media: mediaOf(name),
    isReadOnly: readOnly === '1',
    isRemovable: removable === '1',
    capacityKBytes: fitInteger32(parseNumber(size, 0) / SECTORS_PER_KBYTE),
  };
}

/** Linux names drives by their driver; a solid state disk counts as a hard disk. */
function mediaOf(name: string): HrDiskStorageMedia {
  if (/^sr\d/.test(name)) return 'opticalDiskROM';
  if (/^fd\d/.test(name)) return 'floppyDisk';
  return 'hardDisk';
}
