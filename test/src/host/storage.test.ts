import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { StorageReader, type FileSystemUsage, type HostSource } from '../../../src/host/index.js';
import { changeSource, fixtureSource, withTexts, withUsage } from './fixture-source.js';

const SMALL: FileSystemUsage = { blockOctets: 4096, blocks: 1000, freeBlocks: 400 };

const MOUNTED: Readonly<Record<string, FileSystemUsage>> = {
  '/': SMALL,
  '/dev/shm': SMALL,
  '/media/usb stick': SMALL,
  '/srv': SMALL,
  '/proc': SMALL,
  '/sys': SMALL,
  '/dev': SMALL,
  '/mnt/backup': SMALL,
  '/media/cd': SMALL,
  '/mnt/empty': { blockOctets: 4096, blocks: 0, freeBlocks: 0 },
  '/data': SMALL,
  '/home': SMALL,
};

const machine = withUsage(fixtureSource('machine'), MOUNTED);

function read(source: HostSource) {
  return new StorageReader(source, new SimulatedClock()).read();
}

const typeOf = (type: number) => [1, 3, 6, 1, 2, 1, 25, 2, 1, type];

describe('hrStorageTable', () => {
  it('starts with the areas of memory, at the indexes that net-snmp gives them', async () => {
    const { storage, hrMemorySize } = await read(machine);
    expect(hrMemorySize).toBe(24684096);
    const memory = storage.filter((row) => row.hrStorageIndex < 31);
    expect(
      memory.map((row) => [
        row.hrStorageIndex,
        row.hrStorageType.at(-1),
        row.hrStorageDescr,
        row.hrStorageSize,
        row.hrStorageUsed,
      ]),
    ).toEqual([
      [1, 2, 'Physical memory', 24684096, 684096],
      [3, 3, 'Virtual memory', 26684096, 1184096],
      [6, 1, 'Memory buffers', 24684096, 1000],
      [7, 1, 'Cached memory', 100000, 100000],
      [8, 1, 'Shared memory', 8788, 8788],
      [10, 3, 'Swap space', 2000000, 500000],
      [11, 1, 'Available memory', 24300000, 0],
    ]);
    expect(memory.every((row) => row.hrStorageAllocationUnits === 1024)).toBe(true);
  });

  it('lists file systems once, without pseudo, hidden, bind and unreadable ones', async () => {
    const { storage } = await read(machine);
    expect(storage.filter((row) => row.hrStorageIndex >= 31)).toMatchObject([
      { hrStorageIndex: 31, hrStorageDescr: '/dev/shm', hrStorageType: typeOf(8) },
      { hrStorageIndex: 32, hrStorageDescr: '/', hrStorageType: typeOf(4) },
      { hrStorageIndex: 33, hrStorageDescr: '/media/usb stick', hrStorageType: typeOf(5) },
      { hrStorageIndex: 34, hrStorageDescr: '/mnt/backup', hrStorageType: typeOf(10) },
      { hrStorageIndex: 35, hrStorageDescr: '/media/cd', hrStorageType: typeOf(7) },
      { hrStorageIndex: 36, hrStorageDescr: '/data' },
      { hrStorageIndex: 37, hrStorageDescr: '/home' },
    ]);
  });

  it('counts as used what is not free, in blocks of the file system', async () => {
    const { storage } = await read(machine);
    expect(storage.find((row) => row.hrStorageDescr === '/')).toMatchObject({
      hrStorageAllocationUnits: 4096,
      hrStorageSize: 1000,
      hrStorageUsed: 600,
      hrStorageAllocationFailures: 0,
    });
  });

  it('doubles the units until a large file system fits Integer32 [RFC 2790]', async () => {
    const blocks = 2 ** 33; // 32 TiB in blocks of 4 KiB
    const { storage } = await read(
      withUsage(machine, { '/': { blockOctets: 4096, blocks, freeBlocks: blocks / 4 } }),
    );
    expect(storage.at(-1)).toMatchObject({
      hrStorageAllocationUnits: 32768,
      hrStorageSize: 2 ** 30,
      hrStorageUsed: 3 * 2 ** 28,
    });
  });

  it('scales memory of more than two TiB as well, and latches hrMemorySize', async () => {
    const kBytes = 3 * 2 ** 30;
    const { storage, hrMemorySize } = await read(
      withTexts(machine, {
        '/proc/meminfo': `MemTotal: ${kBytes} kB\nMemFree: 0 kB\n`,
      }),
    );
    expect(hrMemorySize).toBe(2147483647);
    expect(storage[0]).toMatchObject({
      hrStorageAllocationUnits: 2048,
      hrStorageSize: kBytes / 2,
      hrStorageUsed: kBytes / 2,
    });
  });

  it('keeps the index of a mount point while others come and go', async () => {
    let mounted = MOUNTED;
    const source = changeSource(machine, { statFileSystem: async (path) => mounted[path] });
    const reader = new StorageReader(source, new SimulatedClock());
    await reader.read();
    mounted = { '/home': SMALL, '/': SMALL };
    const rows = (await reader.read()).storage.filter((row) => row.hrStorageIndex >= 31);
    expect(rows).toMatchObject([
      { hrStorageIndex: 32, hrStorageDescr: '/' },
      { hrStorageIndex: 37, hrStorageDescr: '/home' },
    ]);
  });

  it('reads /proc/mounts where there is no mountinfo, and knows a bind mount by its device', async () => {
    const source = withUsage(fixtureSource('no-sys'), {
      '/': SMALL,
      '/srv/bind': SMALL,
      '/tmp dir': SMALL,
      '/run': SMALL,
    });
    const { storage } = await read(source);
    const mounts = storage.filter((row) => row.hrStorageIndex >= 31);
    expect(mounts.map((row) => row.hrStorageDescr)).toEqual(['/', '/tmp dir', '/run']);
  });

  it('shows the later of two mounts at the same place', async () => {
    const mountinfo = [
      '1 1 8:1 / /mnt rw - ext4 /dev/sdx1 rw',
      '2 1 8:2 / /mnt rw - vfat /dev/sdy1 rw',
    ];
    const source = withTexts(machine, { '/proc/self/mountinfo': mountinfo.join('\n') });
    const { fileSystems } = await read(withUsage(source, { '/mnt': SMALL }));
    expect(fileSystems.map((row) => row.hrFSType.at(-1))).toEqual([22]);
  });

  it('asks the real file system through a name with a space', async () => {
    const usage = await fixtureSource('machine').statFileSystem('/media/usb stick');
    expect(usage?.blocks).toBeGreaterThan(0);
  });

  it('knows memory only where there is no /proc', async () => {
    const { storage, hrMemorySize } = await read(fixtureSource('nothing'));
    expect(hrMemorySize).toBe(8 * 1024 ** 2);
    expect(storage).toMatchObject([
      { hrStorageIndex: 1, hrStorageSize: 8 * 1024 ** 2, hrStorageUsed: 6 * 1024 ** 2 },
      { hrStorageIndex: 3 },
    ]);
  });
});

describe('hrFSTable', () => {
  it('refers to the storage, and names the server of a remote file system', async () => {
    const { fileSystems } = await read(machine);
    expect(fileSystems.find((row) => row.hrFSMountPoint === '/mnt/backup')).toMatchObject({
      hrFSIndex: 4,
      hrFSStorageIndex: 34,
      hrFSRemoteMountPoint: 'nas:/export/backup',
      hrFSType: [1, 3, 6, 1, 2, 1, 25, 3, 9, 14],
      hrFSAccess: 'readWrite',
      hrFSBootable: 'false',
      hrFSLastFullBackupDate: Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 0),
    });
    expect(fileSystems.find((row) => row.hrFSMountPoint === '/')).toMatchObject({
      hrFSRemoteMountPoint: '',
      hrFSBootable: 'true',
    });
    expect(fileSystems.find((row) => row.hrFSMountPoint === '/media/cd')).toMatchObject({
      hrFSAccess: 'readOnly',
    });
  });
});

describe('a mount that does not answer', () => {
  it('is waited for one second, keeps its last values, and is not asked again', async () => {
    const asked: string[] = [];
    let isGone = false;
    const source = changeSource(machine, {
      statFileSystem: (path) => {
        asked.push(path);
        if (isGone && path === '/mnt/backup') return new Promise(() => undefined);
        return Promise.resolve(MOUNTED[path]);
      },
    });
    const clock = new SimulatedClock();
    const reader = new StorageReader(source, clock);
    const before = await reader.read();
    isGone = true;
    const reading = reader.read();
    while (clock.pendingTimers === 0 || !isWaitingFor(asked, '/mnt/backup', 2)) {
      await clock.advanceAsync(0);
    }
    await clock.advanceAsync(1000);
    expect((await reading).storage).toEqual(before.storage);

    asked.length = 0;
    expect((await reader.read()).storage).toEqual(before.storage);
    expect(asked).not.toContain('/mnt/backup');
  });
});

function isWaitingFor(asked: readonly string[], path: string, times: number): boolean {
  return asked.filter((each) => each === path).length === times;
}
