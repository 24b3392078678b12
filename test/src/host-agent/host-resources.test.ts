import { describe, expect, it } from 'vitest';
import type { VarBind } from '../../../src/smi/index.js';
import { changeSource } from '../host/fixture-source.js';
import { HostUnderTest, machine } from './host-under-test.js';

const GEN_ERR = 5;
const integerOf = ({ value }: VarBind): number | undefined =>
  value.type === 'Integer32' ? value.value : undefined;

const NEVER = new Promise<never>(() => undefined);

describe('HOST-RESOURCES-MIB', () => {
  it('hrSystem: uptime, processes and the disk it came from', async () => {
    await using host = await HostUnderTest.start();
    expect(await host.get('hrSystemUptime.0')).toEqual({ type: 'TimeTicks', value: 92760 });
    expect(await host.read('hrSystemProcesses.0')).toBe(9);
    expect(await host.read('hrSystemInitialLoadDevice.0')).toBe(
      (await host.walk('hrDiskStorageCapacity'))[0]?.name.at(-1),
    );
    expect((await host.walk('hrSystemDate'))[0]?.value).toMatchObject({ type: 'OctetString' });
  });

  it('hrStorage: memory and file systems, in allocation units', async () => {
    await using host = await HostUnderTest.start();
    expect(await host.read('hrMemorySize.0')).toBe(24684096);
    expect(await host.read('hrStorageDescr.1')).toBe('Physical memory');
    expect(await host.read('hrStorageUsed.1')).toBe(684096);
    expect(await host.read('hrStorageDescr.32')).toBe('/');
    expect(await host.read('hrStorageAllocationUnits.32')).toBe(4096);
    expect(await host.read('hrStorageSize.32')).toBe(1000);
    expect(await host.read('hrStorageUsed.32')).toBe(600);
  });

  it('hrDevice: every file system stands in hrStorageTable, every network in ifTable', async () => {
    await using host = await HostUnderTest.start();
    const fileSystems = await host.walk('hrFSStorageIndex');
    const networks = await host.walk('hrNetworkIfIndex');
    expect(fileSystems.length).toBeGreaterThan(4);
    expect(networks).toHaveLength(7);
    for (const index of fileSystems.map(integerOf)) {
      expect(await host.read(`hrStorageDescr.${index}`)).toBeTypeOf('string');
    }
    for (const index of networks.map(integerOf)) {
      expect(await host.read(`ifDescr.${index}`)).toBeTypeOf('string');
    }
  });

  it('hrDevice: processors, and disks with what they hold', async () => {
    await using host = await HostUnderTest.start();
    const devices = (await host.walk('hrDeviceIndex')).map(({ name }) => name.at(-1));
    expect(devices).toContain(196608);
    for (const table of ['hrProcessorLoad', 'hrDiskStorageCapacity', 'hrNetworkIfIndex']) {
      for (const { name } of await host.walk(table)) expect(devices).toContain(name.at(-1));
    }
  });

  it('hrSWRun and hrSWRunPerf: one row for each process, with the same index', async () => {
    await using host = await HostUnderTest.start();
    expect(await host.read('hrSWRunName.1')).toBe('init');
    expect(await host.read('hrSWRunPath.1')).toBe('/sbin/init');
    expect(await host.read('hrSWRunPerfMem.1')).toBe(14192);
    expect(await host.read('hrSWRunPerfCPU.1')).toBe(211);
    expect(await host.read('hrSWOSIndex.0')).toBe(2);
    const indexes = async (column: string) =>
      (await host.walk(column)).map(({ name }) => name.at(-1));
    expect(await indexes('hrSWRunName')).toEqual([1, 2, 9, 30, 31, 32, 33, 101]);
    expect(await indexes('hrSWRunPerfCPU')).toEqual([1, 2, 9, 30, 31, 32, 33, 101]);
  });
});

describe('a machine that hangs while its processes are read', () => {
  it('is shown as it was last, for a minute; then that group alone costs genErr', async () => {
    let hangs = false;
    const source = changeSource(machine, {
      readText: (path, maxOctets) =>
        hangs && path === '/proc/9/stat' ? NEVER : machine.readText(path, maxOctets),
    });
    await using host = await HostUnderTest.start(source);
    expect(await host.read('hrSWRunName.1')).toBe('init');
    hangs = true;
    await host.clock.advanceAsync(20_000);
    const stale = host.read('hrSWRunName.1');
    await host.clock.advanceAsync(500);
    expect(await stale).toBe('init');
    await host.clock.advanceAsync(60_000);
    const status = host.getStatus('hrSWRunName.1');
    await host.clock.advanceAsync(4000);
    expect(await status).toBe(GEN_ERR);
    expect(await host.read('hrSystemUptime.0')).toBe(92760);
    expect(await host.read('ifNumber.0')).toBe(7);
  });
});
