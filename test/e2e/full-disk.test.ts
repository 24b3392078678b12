import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentProcess } from '../interop/agent-process.js';
import { DiskFiller } from '../support/disk-filler.js';

const DEADLINE_MS = 60_000;
/** Enough to begin with, and for some rows. */
const MAX_FILE_KIB = 176;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'trellis-full-disk-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

describe('a disk that is full', () => {
  it(
    'refuses SETs, loses nothing that was acknowledged and keeps nothing that was not [LIM-017]',
    async () => {
      await using filler = await DiskFiller.open();
      const options = ['examples/testbed', '--state', directory];
      {
        await using agent = await AgentProcess.startOnSmallDisk(MAX_FILE_KIB, ...options);
        await filler.make(agent, 3);
        await filler.fill(agent);
        expect(filler.rows).toBeGreaterThan(3);
        await agent.kill();
      }
      await using agent = await AgentProcess.start(...options);
      await filler.check(agent);
      await filler.make(agent, 1);
    },
    DEADLINE_MS,
  );
});
