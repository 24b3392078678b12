import type { HostSource } from './proc-source.js';

/** Device mapper upon RAID upon partition: three in practice; more would be a loop. */
const MAX_LAYERS = 8;

/**
 * The disk that a mounted device lies on: '/dev/sda2' -> 'sda', '/dev/mapper/vg-root' -> the first
 * disk below it.
 *
 * @returns undefined for what is no block device, or not known to /sys.
 */
export async function findDisk(source: HostSource, device: string): Promise<string | undefined> {
  if (!device.startsWith('/dev/')) return undefined;
  const link = await source.readLink(device);
  return findDiskBelow(source, baseName(link ?? device), MAX_LAYERS);
}

async function findDiskBelow(
  source: HostSource,
  name: string,
  layers: number,
): Promise<string | undefined> {
  // ../../devices/.../block/sda/sda2: what follows `block` is the disk, whatever comes then.
  const link = await source.readLink(`/sys/class/block/${name}`);
  const disk = /\/block\/([^/]+)/.exec(link ?? '')?.[1];
  if (disk === undefined) return undefined;
  const lower = [...(await source.readDirectory(`/sys/block/${disk}/slaves`))].sort()[0];
  if (lower === undefined || layers === 0) return disk;
  return findDiskBelow(source, lower, layers - 1);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
