import { describe, expect, it } from 'vitest';
import { readProcesses, type ProcessRow } from '../../../src/host/index.js';
import { changeSource, fixtureSource } from './fixture-source.js';

const table = await readProcesses(fixtureSource('machine'));

function processRow(id: number): ProcessRow {
  const row = table.rows.find((each) => each.hrSWRunIndex === id);
  if (row === undefined) throw new Error(`no process ${id}`);
  return row;
}

describe('readProcesses', () => {
  it('lists processes by their ids, ascending, and passes over one that just ended', () => {
    expect(table.rows.map((row) => row.hrSWRunIndex)).toEqual([1, 2, 9, 30, 31, 32, 33, 101]);
  });

  it('reads name, path, parameters, time in centiseconds and memory in KBytes', () => {
    expect(processRow(1)).toEqual({
      hrSWRunIndex: 1,
      hrSWRunName: 'init',
      hrSWRunID: [0, 0],
      hrSWRunPath: '/sbin/init',
      hrSWRunParameters: 'splash',
      hrSWRunType: 'application',
      hrSWRunStatus: 'runnable',
      hrSWRunPerfCPU: 211,
      hrSWRunPerfMem: 14192,
    });
  });

  it('survives a name with spaces and parentheses, and takes the path from the kernel then', () => {
    expect(processRow(30)).toMatchObject({
      hrSWRunName: 'a) R (b c',
      hrSWRunPath: '/usr/bin/relative',
      hrSWRunParameters: '--x=1 two words',
    });
  });

  it('replaces what is not UTF-8 in a command line', () => {
    expect(processRow(31)).toMatchObject({
      hrSWRunPath: '/bin/caf\u{fffd}',
      hrSWRunParameters: '\u{fffd}\u{fffd}',
    });
  });

  it('keeps a title that a process gave itself, where the executable may not be seen', () => {
    expect(processRow(33)).toMatchObject({
      hrSWRunPath: 'postgres: writer   ',
      hrSWRunParameters: '',
    });
  });

  it.each([
    [1, 'runnable'],
    [9, 'runnable'],
    [30, 'runnable'],
    [31, 'notRunnable'],
    [32, 'invalid'],
    [33, 'running'],
    [101, 'notRunnable'],
  ])('maps the state of process %i to %s', (id, status) => {
    expect(processRow(id).hrSWRunStatus).toBe(status);
  });

  it('tells kernel threads from applications, and names the first as the operating system', () => {
    expect(processRow(9)).toMatchObject({ hrSWRunType: 'operatingSystem', hrSWRunPath: '' });
    expect(processRow(32).hrSWRunType).toBe('application');
    expect(table.hrSWOSIndex).toBe(2);
  });

  it('cuts texts and latches numbers at what the MIB allows', () => {
    expect(processRow(101)).toMatchObject({
      hrSWRunParameters: 'x'.repeat(128),
      hrSWRunPerfCPU: 2147483647,
      hrSWRunPerfMem: 2147483647,
    });
  });

  it('converts by the page size and clock that the kernel tells', async () => {
    const vector = new BigUint64Array([6n, 65536n, 17n, 1000n, 0n, 0n]);
    const source = changeSource(fixtureSource('machine'), {
      readBytes: async () => new Uint8Array(vector.buffer),
    });
    const { rows } = await readProcesses(source);
    expect(rows[0]).toMatchObject({ hrSWRunPerfCPU: 21, hrSWRunPerfMem: 3548 * 64 });
  });

  it('knows its own process where there is no /proc', async () => {
    expect(await readProcesses(fixtureSource('nothing'))).toEqual({
      hrSWOSIndex: 4242,
      rows: [
        {
          hrSWRunIndex: 4242,
          hrSWRunName: 'node',
          hrSWRunID: [0, 0],
          hrSWRunPath: '/opt/node/bin/node',
          hrSWRunParameters: 'agent.js host',
          hrSWRunType: 'application',
          hrSWRunStatus: 'running',
          hrSWRunPerfCPU: 123,
          hrSWRunPerfMem: 51200,
        },
      ],
    });
  });

  it('reads a limited number of processes, a few at a time', async () => {
    let [open, most] = [0, 0];
    const source = changeSource(fixtureSource('nothing'), {
      readDirectory: async () => Array.from({ length: 9000 }, (_, i) => String(i + 1)),
      readText: async (path) => {
        open += 1;
        most = Math.max(most, open);
        await Promise.resolve();
        open -= 1;
        return path.endsWith('/stat') ? '1 (x) S 0' : '';
      },
    });
    expect((await readProcesses(source)).rows).toHaveLength(8192);
    expect(most).toBeLessThanOrEqual(16);
  });
});
