import type { HostSource } from './proc-source.js';

/** One mounted file system that holds files. */
export interface Mount {
  readonly mountPoint: string;
  /** What is mounted: '/dev/sda1', 'server:/export', 'tmpfs'. */
  readonly device: string;
  readonly fileSystem: string;
  readonly isReadOnly: boolean;
  /** Two mounts with the same key show the same storage. */
  readonly storageKey: string;
  /** Whether the mount shows the whole file system rather than a part of it (a bind mount). */
  readonly isWhole: boolean;
}

/**
 * Mounts looked at, at most: each costs a statfs on every refresh, and a host full of containers
 * has thousands, nearly all of them the same storage again.
 */
export const MAX_MOUNTS = 4096;

/**
 * The kernel's windows, not storage. `df` leaves most of them out because they have no blocks;
 * they are named here so that nobody even asks them. devtmpfs has blocks, but holds devices only.
 * BOUNDED by the types listed here.
 */
const PSEUDO_FILE_SYSTEMS: ReadonlySet<string> = new Set([
  'autofs',
  'binder',
  'binfmt_misc',
  'bpf',
  'cgroup',
  'cgroup2',
  'configfs',
  'cpuset',
  'debugfs',
  'devfs',
  'devpts',
  'devtmpfs',
  'efivarfs',
  'fuse.gvfsd-fuse',
  'fuse.lxcfs',
  'fuse.portal',
  'fusectl',
  'hugetlbfs',
  'mqueue',
  'none',
  'nsfs',
  'proc',
  'pstore',
  'ramfs',
  'resctrl',
  'rootfs',
  'rpc_pipefs',
  'securityfs',
  'selinuxfs',
  'smackfs',
  'spufs',
  'sysfs',
  'tracefs',
  'usbfs',
]);

/**
 * The file systems of the machine, each once, in the order in which they were mounted: pseudo file
 * systems, bind mounts of what is mounted elsewhere too, and mounts hidden under later ones are
 * left out, as in `df`. BOUNDED by MAX_MOUNTS.
 */
export async function readMounts(source: HostSource): Promise<readonly Mount[]> {
  const mountinfo = await source.readText('/proc/self/mountinfo');
  const parsed =
    mountinfo === undefined
      ? parseLines((await source.readText('/proc/mounts')) ?? '', parseMountsLine)
      : parseLines(mountinfo, parseMountinfoLine);
  return chooseMounts(parsed);
}

function parseLines(text: string, parse: (line: string) => Mount | undefined): Mount[] {
  return text
    .split('\n')
    .slice(0, MAX_MOUNTS)
    .map(parse)
    .filter((mount) => mount !== undefined);
}

/** `id parent major:minor root mountPoint options [tags] - type device superOptions` */
function parseMountinfoLine(line: string): Mount | undefined {
  const fields = line.split(' ');
  const separator = fields.indexOf('-', 6);
  const [, , deviceNumber, root, mountPoint, options] = fields;
  const [fileSystem, device, superOptions] = fields.slice(separator + 1);
  if (separator < 0 || deviceNumber === undefined || root === undefined) return undefined;
  if (mountPoint === undefined || fileSystem === undefined || device === undefined)
    return undefined;
  return {
    mountPoint: unescape(mountPoint),
    device: unescape(device),
    fileSystem,
    isReadOnly: hasOption(options, 'ro') || hasOption(superOptions, 'ro'),
    // Subvolumes share a device number here, though to df each is a device of its own.
    storageKey: fileSystem === 'btrfs' ? `${deviceNumber} ${root}` : deviceNumber,
    isWhole: root === '/',
  };
}

/** `device mountPoint type options dump pass` */
function parseMountsLine(line: string): Mount | undefined {
  const [device, mountPoint, fileSystem, options] = line.split(' ');
  if (device === undefined || mountPoint === undefined || fileSystem === undefined)
    return undefined;
  return {
    mountPoint: unescape(mountPoint),
    device: unescape(device),
    fileSystem,
    isReadOnly: hasOption(options, 'ro'),
    // Only the name of a real device tells that two mounts are the same storage.
    storageKey: device.startsWith('/dev/') ? device : mountPoint,
    isWhole: true,
  };
}

function hasOption(options: string | undefined, option: string): boolean {
  return options?.split(',').includes(option) ?? false;
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

function chooseMounts(mounts: readonly Mount[]): readonly Mount[] {
  // Later ones hide earlier ones at the same place.
  const visible = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  /** BOUNDED by mounts. Keyed by storage. */
  const chosen = new Map<string, Mount>();
  for (const mount of visible.values()) {
    if (PSEUDO_FILE_SYSTEMS.has(mount.fileSystem)) continue;
    const rival = chosen.get(mount.storageKey);
    if (rival === undefined || isNearerRoot(mount, rival)) chosen.set(mount.storageKey, mount);
  }
  return [...chosen.values()];
}

/** As `df` chooses: the mount of the whole, then the shorter path, then the first. */
function isNearerRoot(mount: Mount, rival: Mount): boolean {
  if (mount.isWhole !== rival.isWhole) return mount.isWhole;
  return mount.mountPoint.length < rival.mountPoint.length;
}
