import { describe, expect, it } from 'vitest';
import { DiskFiller } from '../support/disk-filler.js';
import { AgentProcess } from './agent-process.js';
import { SmallDisk } from './small-disk.js';

const DEADLINE_MS = 120_000;
const DISK_KIB = 1024;

describe('a small disk (tmpfs)', () => {
  it(
    'that gets full refuses SETs and loses none; with more room it takes them again [LIM-017]',
    async () => {
      await using disk = await SmallDisk.mount(DISK_KIB);
      await using filler = await DiskFiller.open();
      const options = ['examples/testbed', '--state', `${disk.path}/state`];
      {
        await using agent = await AgentProcess.startWithin(disk.within, ...options);
        for (const freeKiB of [16, 0]) {
          await filler.make(agent, 3);
          const rowsBefore = filler.rows;
          await disk.leave(freeKiB);
          await filler.fill(agent);
          expect(filler.rows).toBeGreaterThan(rowsBefore);
          await disk.free();
        }
        await disk.leave(0);
        await agent.kill();
      }
      // Not one page is free: it starts with what is there, or says that it cannot.
      const full = AgentProcess.startWithin(disk.within, ...options);
      const ended = await full.then(async (agent) => {
        await filler.check(agent);
        await agent.kill();
        return 'it could read';
      }, String);
      expect(ended).toMatch(/it could read|it ended with 1/);
      await disk.free();
      await using agent = await AgentProcess.startWithin(disk.within, ...options);
      await filler.check(agent);
      await filler.make(agent, 1);
    },
    DEADLINE_MS,
  );

  it(
    'that is too small for a state refuses the start, and is as good as new with more room',
    async () => {
      for (const freeKiB of [0, 12]) {
        await using disk = await SmallDisk.mount(DISK_KIB);
        await disk.leave(freeKiB);
        const options = ['examples/testbed', '--state', `${disk.path}/state`];
        await expect(AgentProcess.startWithin(disk.within, ...options)).rejects.toThrow(
          'it ended with 1',
        );
        await disk.free();
        await using agent = await AgentProcess.startWithin(disk.within, ...options);
        await using filler = await DiskFiller.open();
        await filler.make(agent, 1);
      }
    },
    DEADLINE_MS,
  );
});
