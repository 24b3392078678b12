import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { DeviceReader, readInterfaces, type HostSource } from '../../../src/host/index.js';
import { changeSource, fixtureSource, withTexts } from './fixture-source.js';

const machine = fixtureSource('machine');
const interfaces = await readInterfaces(machine);
const tables = await new DeviceReader(machine, new SimulatedClock()).read(interfaces);

function statOf(busy: number, idle: number): HostSource {
  return withTexts(machine, { '/proc/stat': `cpu0 ${busy} 0 0 ${idle} 0 0 0 0 0 0\n` });
}

describe('hrDeviceTable', () => {
  it('lists processors, interfaces and disks, ascending by index', () => {
    expect(tables.devices.map((row) => [row.hrDeviceIndex, row.hrDeviceType.at(-1)])).toEqual([
      [196608, 3],
      [196610, 3],
      ...interfaces.map((row) => [262144 + row.ifIndex, 4]),
      [393216, 6],
      [393217, 6],
      [393218, 6],
      [393219, 6],
    ]);
  });

  it('describes each device and its state', () => {
    const described = tables.devices.map((row) => [row.hrDeviceDescr, row.hrDeviceStatus]);
    expect(described).toEqual([
      ['AuthenticAMD: AMD EPYC', 'running'],
      ['Something', 'running'],
      ['network interface lo', 'running'],
      ['network interface eth1', 'down'],
      ['network interface eth0', 'running'],
      ['network interface br0', 'down'],
      ['network interface bond0', 'warning'],
      ['network interface eth0.100', 'running'],
      ['network interface tun0', 'down'],
      ['ATA KINGSTON SA400S37 (/dev/sda)', 'running'],
      ['Generic Flash Disk (/dev/sdb)', 'running'],
      ['QEMU QEMU DVD-ROM (/dev/sr0)', 'unknown'],
      ['(/dev/vda)', 'running'],
    ]);
  });

  it('counts the errors of an interface in both directions', () => {
    expect(tables.devices.find((row) => row.hrDeviceIndex === 262148)?.hrDeviceErrors).toBe(5);
  });

  it('keeps the indexes of an interface beyond 65535 clear of the disks', async () => {
    const many = interfaces.slice(0, 1).map((row) => ({ ...row, ifIndex: 131072 }));
    const { networks } = await new DeviceReader(machine, new SimulatedClock()).read(many);
    expect(networks).toEqual([{ hrDeviceIndex: 2 ** 30 + 131072, hrNetworkIfIndex: 131072 }]);
  });

  it('gives a disk that comes later a later index, whatever its name', async () => {
    let names = ['sdb'];
    const source = changeSource(machine, {
      readDirectory: async (path) => (path === '/sys/block' ? names : machine.readDirectory(path)),
    });
    const reader = new DeviceReader(source, new SimulatedClock());
    await reader.read([]);
    names = ['sda', 'sdb'];
    const { disks } = await reader.read([]);
    expect(disks).toMatchObject([
      { hrDeviceIndex: 393216, hrDiskStorageCapacity: 15630336 },
      { hrDeviceIndex: 393217, hrDiskStorageCapacity: 268435456 },
    ]);
  });

  it('finds the disk below the root file system through the device mapper', () => {
    expect(tables.hrSystemInitialLoadDevice).toBe(393216);
  });

  it('names no initial load device where the root is on no disk', async () => {
    const source = withTexts(machine, {
      '/proc/self/mountinfo': '1 1 0:9 / / rw - overlay overlay rw',
    });
    const read = await new DeviceReader(source, new SimulatedClock()).read([]);
    expect(read.hrSystemInitialLoadDevice).toBeUndefined();
  });
});

describe('hrDiskStorageTable', () => {
  it('lists drives, not what is built upon them', () => {
    expect(tables.disks).toEqual([
      {
        hrDeviceIndex: 393216,
        hrDiskStorageAccess: 'readWrite',
        hrDiskStorageMedia: 'hardDisk',
        hrDiskStorageRemoveble: 'false',
        hrDiskStorageCapacity: 268435456,
      },
      {
        hrDeviceIndex: 393217,
        hrDiskStorageAccess: 'readOnly',
        hrDiskStorageMedia: 'hardDisk',
        hrDiskStorageRemoveble: 'true',
        hrDiskStorageCapacity: 15630336,
      },
      {
        hrDeviceIndex: 393218,
        hrDiskStorageAccess: 'readWrite',
        hrDiskStorageMedia: 'opticalDiskROM',
        hrDiskStorageRemoveble: 'true',
        hrDiskStorageCapacity: 0,
      },
      {
        hrDeviceIndex: 393219,
        hrDiskStorageAccess: 'readWrite',
        hrDiskStorageMedia: 'hardDisk',
        hrDiskStorageRemoveble: 'false',
        hrDiskStorageCapacity: 2147483647,
      },
    ]);
  });
});

describe('hrProcessorLoad', () => {
  it('is the average since the start of the machine at first; waiting for a disk is idle', () => {
    expect(tables.processors).toEqual([
      { hrDeviceIndex: 196608, hrProcessorFrwID: [0, 0], hrProcessorLoad: 40 },
      { hrDeviceIndex: 196610, hrProcessorFrwID: [0, 0], hrProcessorLoad: 17 },
    ]);
  });

  it('is the average of about a minute afterwards [RFC 2790 hrProcessorLoad]', async () => {
    const clock = new SimulatedClock();
    let now = statOf(0, 1000);
    const source = changeSource(machine, { readText: (path, max) => now.readText(path, max) });
    const reader = new DeviceReader(source, clock);
    const loadAfter = async (elapsedMs: number, busy: number, idle: number) => {
      clock.advance(elapsedMs);
      now = statOf(busy, idle);
      return (await reader.read([])).processors[0]?.hrProcessorLoad;
    };
    expect(await loadAfter(0, 0, 1000)).toBe(0);
    expect(await loadAfter(30_000, 30, 1070)).toBe(30);
    expect(await loadAfter(30_000, 130, 1070)).toBe(65);
    // Now the first reading is too old, and the second is the youngest of at least a minute.
    expect(await loadAfter(30_000, 230, 1070)).toBe(100);
  });

  it('is what node measures where there is no /proc', async () => {
    const reader = new DeviceReader(fixtureSource('nothing'), new SimulatedClock());
    const read = await reader.read([]);
    expect(read.devices).toMatchObject([{ hrDeviceIndex: 196608, hrDeviceDescr: 'Apple M1' }]);
    expect(read.processors).toMatchObject([{ hrProcessorLoad: 25 }]);
  });
});
