import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ConformanceReport, PropertyResult } from '../../src/conformance/index.js';
import { AgentProcess, run } from './agent-process.js';
import { freePort, SnmpdProcess } from './snmpd-process.js';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(REPOSITORY, 'dist/src/cli/main.js');
const TESTBED_MIB = 'examples/testbed/TRELLIS-TESTBED-MIB.mib';
const DEADLINE_MS = 100_000;

/** `trellis conform`, to its end. */
async function conform(
  address: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly output: string }> {
  const words = [CLI, 'conform', `udp://${address}`, '--community', 'private', ...args];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code: code ?? -1, output };
}

function resultOf(report: ConformanceReport, property: string): PropertyResult | undefined {
  return report.results.find((one) => one.property === property);
}

const walkOf = async (address: string, root: string): Promise<string> =>
  (await run('snmpwalk', ['-v2c', '-cprivate', '-On', '-t5', address, root])).output;

describe('trellis conform, over UDP', () => {
  it('finds nothing in the testbed, and leaves every value as it was', async () => {
    await using agent = await AgentProcess.start('examples/testbed');
    const before = await walkOf(agent.address, '1.3.6.1.4.1.32473.1.1');
    const writable = ['--writable', 'tbScalars', '--writable', 'tbRowTable'];
    for (const version of ['2c', '1']) {
      const args = [
        '-v',
        version,
        '--mib',
        TESTBED_MIB,
        ...writable,
        '--runs',
        '60',
        '--seed',
        '1',
      ];
      const { code, output } = await conform(agent.address, ...args, '--format', 'json');
      const report = JSON.parse(output) as ConformanceReport;
      expect(report.results.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
      expect(report.leftOver).toEqual([]);
      expect(report.survey.writable).toBeGreaterThan(10);
      expect(resultOf(report, 'row-status-life-cycle')?.verdict).toBe('passed');
      expect(code).toBe(0);
    }
    expect(await walkOf(agent.address, '1.3.6.1.4.1.32473.1.1')).toBe(before);
    expect(await walkOf(agent.address, '1.3.6.1.4.1.32473.1.4.1')).toMatch(/No Such|^$/);
  });

  it("prints commands that net-snmp's tools replay", async () => {
    await using agent = await AgentProcess.start('examples/testbed');
    // tbA2 has no rollback: written as a script that fails after the effect, it keeps what it got.
    const args = ['--mib', TESTBED_MIB, '--subtree', 'tbFaults', '--writable', 'tbFaults'];
    const only = ['--property', 'all-or-nothing', '--seed', '5', '--runs', '300'];
    const { code, output } = await conform(agent.address, ...args, ...only, '--format', 'json');
    expect(code).toBe(1);
    const report = JSON.parse(output) as ConformanceReport;
    const script = resultOf(report, 'all-or-nothing')?.counterexample?.script ?? [];
    const set = script.find((line) => line.startsWith('snmpset')) ?? '';
    const told = script[script.indexOf(set) + 1] ?? '';
    const status = /-> (\w+)/.exec(told)?.[1] ?? 'none';
    const replayed = await run('sh', ['-c', set]);
    expect(replayed.output).toContain(`Reason: ${status}`);
  });

  it('says with exit status 2 that the words are off, with 1 that nobody answers', async () => {
    expect((await conform('127.0.0.1:1', '--writable', 'noSuchObject')).code).toBe(2);
    expect((await conform('127.0.0.1:1', '--property', 'no-such')).code).toBe(2);
    expect((await conform('127.0.0.1:1', '--timeout', '50')).code).toBe(1);
  });
});

describe("trellis conform, against net-snmp's snmpd", () => {
  it('finds what docs/conformance.md lists, and leaves the system group as it was', async () => {
    await using snmpd = await SnmpdProcess.start();
    const before = await walkOf(snmpd.address, '1.3.6.1.2.1.1.4.0');
    const writable = ['sysContact', 'sysName', 'sysLocation', 'snmpEnableAuthenTraps'];
    const { code, output } = await conform(
      snmpd.address,
      ...writable.flatMap((name) => ['--writable', name]),
      '--subtree',
      '1.3.6.1.2.1',
      '--runs',
      '60',
      '--seed',
      '1',
      '--format',
      'json',
    );
    const report = JSON.parse(output) as ConformanceReport;
    const failed = report.results.filter(({ verdict }) => verdict === 'failed');
    expect(failed.map(({ property }) => property)).toEqual(['refuses-values-outside-the-syntax']);
    expect(failed[0]?.counterexample?.message).toMatch(/no NVT ASCII$/);
    expect(report.leftOver).toEqual([]);
    expect(code).toBe(1);
    expect(await walkOf(snmpd.address, '1.3.6.1.2.1.1.4.0')).toBe(before);
  });

  it('shows what docs/conformance.md lists by the very commands that stand there', async () => {
    const page = readFileSync(join(REPOSITORY, 'docs/conformance.md'), 'utf8');
    const [, found = ''] = /^## What it finds(.*?)^## /ms.exec(page) ?? [];
    const blocks = [...found.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines = '']) => lines);
    expect(blocks.length).toBe(7);
    const script = blocks.join('').replace('PORT=10161', `PORT=${await freePort()}`);
    const ended = `trap 'kill "$SNMPD"; rm -rf "$D"' EXIT TERM\n`;
    const { output } = await run('sh', ['-c', `exec 2>&1\n${ended}${script}`]);
    let rest = output;
    const due = [...script.matchAll(/^# -> (.*)$/gm)].map(([, line = '']) => line);
    expect(due.length).toBeGreaterThanOrEqual(12);
    for (const line of due) {
      expect(rest).toContain(line);
      rest = rest.slice(rest.indexOf(line) + line.length);
    }
  });
});
