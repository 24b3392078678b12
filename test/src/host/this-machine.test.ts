import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/index.js';
import {
  DeviceReader,
  openHostSource,
  readInterfaces,
  readProcesses,
  readSystem,
  readSystemDefaults,
  StorageReader,
} from '../../../src/host/index.js';

const source = openHostSource();

describe('the machine these tests run on', () => {
  it('has a loopback, if it counts interfaces at all', async () => {
    const rows = await readInterfaces(source);
    const types = rows.map((row) => row.ifType);
    expect(types.includes('softwareLoopback')).toBe(
      existsSync('/proc/net/dev') || types.length > 0,
    );
    expectAscending(rows.map((row) => row.ifIndex));
  });

  it('runs this very process', async () => {
    const { rows, hrSWOSIndex } = await readProcesses(source);
    const own = rows.find((row) => row.hrSWRunIndex === process.pid);
    expect(own?.hrSWRunPerfMem).toBeGreaterThan(1024);
    expect(own?.hrSWRunType).toBe('application');
    expect(rows.some((row) => row.hrSWRunIndex === hrSWOSIndex)).toBe(true);
    expectAscending(rows.map((row) => row.hrSWRunIndex));
  });

  it('has memory and storage of which no more is used than there is', async () => {
    const { storage, hrMemorySize } = await new StorageReader(source, systemClock).read();
    expect(hrMemorySize).toBeGreaterThan(0);
    expect(storage.every((row) => row.hrStorageUsed <= row.hrStorageSize)).toBe(true);
    expect(storage.every((row) => row.hrStorageAllocationUnits > 0)).toBe(true);
    expectAscending(storage.map((row) => row.hrStorageIndex));
  });

  it('has a processor whose load is a percentage', async () => {
    const { devices, processors } = await new DeviceReader(source, systemClock).read([]);
    expect(processors.length).toBeGreaterThan(0);
    expect(processors.every((row) => row.hrProcessorLoad >= 0 && row.hrProcessorLoad <= 100)).toBe(
      true,
    );
    expectAscending(devices.map((row) => row.hrDeviceIndex));
  });

  it('has been up for a while and has a name', async () => {
    const system = await readSystem(source, systemClock);
    expect(system.hrSystemUptime).toBeGreaterThan(0);
    expect(system.hrSystemProcesses).toBeGreaterThan(0);
    expect(readSystemDefaults(source).sysName).not.toBe('');
  });
});

function expectAscending(indexes: readonly number[]): void {
  expect(indexes).toEqual([...new Set(indexes)].sort((left, right) => left - right));
}
