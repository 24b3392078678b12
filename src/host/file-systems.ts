import type { Mount } from './mounts.js';

/** One row of hrFSTable (HOST-RESOURCES-MIB, RFC 2790). */
export interface FileSystemRow {
  readonly hrFSIndex: number;
  readonly hrFSMountPoint: string;
  readonly hrFSRemoteMountPoint: string;
  readonly hrFSType: readonly number[];
  readonly hrFSAccess: 'readWrite' | 'readOnly';
  readonly hrFSBootable: 'true' | 'false';
  readonly hrFSStorageIndex: number;
  readonly hrFSLastFullBackupDate: Uint8Array;
  readonly hrFSLastPartialBackupDate: Uint8Array;
}

/** RFC 2790: the date of a backup that is not known, January 1, year 0. */
export const NEVER: Uint8Array = Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 0);

/** hrFSOther, for what HOST-RESOURCES-TYPES has no name for: xfs, btrfs, zfs, tmpfs and others. */
const OTHER = 1;

/**
 * HOST-RESOURCES-TYPES: the last sub-identifier under hrFSTypes, by Linux' name.
 * BOUNDED by the types listed here.
 */
const FILE_SYSTEM_TYPE: ReadonlyMap<string, number> = new Map([
  ['ufs', 3],
  ['sysv', 4],
  ['msdos', 5],
  ['hpfs', 6],
  ['hfs', 7],
  ['hfsplus', 7],
  ['ntfs', 9],
  ['ntfs3', 9],
  ['jfs', 11],
  ['iso9660', 12],
  ['nfs', 14],
  ['nfs4', 14],
  ['ncpfs', 15],
  ['afs', 16],
  ['bfs', 21],
  ['vfat', 22],
  ['ext2', 23],
  ['ext3', 23],
  ['ext4', 23],
]);

/** BOUNDED by the types listed here. */
const REMOTE_FILE_SYSTEMS: ReadonlySet<string> = new Set([
  '9p',
  'afs',
  'ceph',
  'cifs',
  'fuse.glusterfs',
  'fuse.sshfs',
  'glusterfs',
  'lustre',
  'ncpfs',
  'nfs',
  'nfs4',
  'smb3',
  'smbfs',
]);

export function fileSystemType(name: string): readonly number[] {
  return [1, 3, 6, 1, 2, 1, 25, 3, 9, FILE_SYSTEM_TYPE.get(name) ?? OTHER];
}

export function isRemote(mount: Mount): boolean {
  return REMOTE_FILE_SYSTEMS.has(mount.fileSystem);
}
