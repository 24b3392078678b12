import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Child, PROJECT_ROOT } from '../support/child.js';
import { asked, decodeAnswer, SnmpClient, statusPdu, values } from '../support/snmp-client.js';
import { targetOf, UdpClient } from '../support/udp-client.js';

const CLI = 'dist/src/cli/main.js';
const started: Child[] = [];
const trellis = (...args: readonly string[]): Child => {
  const child = new Child([CLI, ...args]);
  started.push(child);
  return child;
};
afterEach(() => {
  for (const child of started.splice(0)) child.signal('SIGKILL');
});

describe('trellis agent', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`prints its tree and ready, answers, and stops on ${signal} with status 0`, async () => {
      const child = trellis('agent', 'examples/testbed', '--listen', 'udp://127.0.0.1:0');
      const [, url = ''] = await child.printed(/ready {2}(udp:\/\/127\.0\.0\.1:\d+)/);
      expect(child.output).toMatch(/agent {2}supervisor/);
      expect(child.output).toContain('tbScalars');
      expect(child.output).toContain(
        'access: 3 communities, 2 with write access; 5 users, 3 with write access',
      );
      const manager = new SnmpClient(() => undefined, { community: 'public' });
      await using client = await UdpClient.open();
      const request = manager.encode(statusPdu('get', asked(['1.3.6.1.4.1.32473.1.1.1.0'])));
      const { octets } = await client.exchange(request, targetOf(url));
      expect(values(decodeAnswer(octets))).toEqual(['Integer32:7']);
      child.signal(signal);
      expect(await child.exit()).toBe(0);
      expect(child.output).toContain(`${signal}: stopping`);
      expect(child.output.trimEnd().endsWith('stopped')).toBe(true);
      expect(child.output).not.toMatch(/warn|Error|stopped actor/i);
    });
  }

  it('says why it cannot start, and exits with 1, or with 2 where the words are off', async () => {
    const missing = trellis('agent', 'no/such/module');
    expect(await missing.exit()).toBe(1);
    expect(missing.output).toContain('SNMP_CLI_NO_MODULE');
    const nonsense = trellis('agent', 'examples/testbed', '--listen', 'nonsense');
    expect(await nonsense.exit()).toBe(1);
    expect(nonsense.output).toContain('SNMP_LISTEN_SYNTAX');
    const words = trellis('agent', 'examples/testbed', '--community', 'public');
    expect(await words.exit()).toBe(2);
    expect(words.output).toContain('NAME=read');
    expect(await trellis('--version').exit()).toBe(0);
  });

  it('says in its help what there is, by what it is for, and each default and status once', async () => {
    const all = trellis('--help');
    expect(await all.exit()).toBe(0);
    const groups = all.output.split('\n\n').filter((part) => /^(Agents|Asking|MIB)/.test(part));
    expect(
      groups.map((part) => [...part.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)),
    ).toEqual([
      ['agent', 'config', 'user', 'state', 'conform'],
      ['get', 'getnext', 'bulkget', 'walk', 'bulkwalk', 'table', 'set', 'trap', 'ping'],
      ['mib'],
    ]);
    const ping = trellis('ping', '--help');
    expect(await ping.exit()).toBe(0);
    expect(ping.output.match(/Exit status:/g)).toHaveLength(1);
    expect(ping.output).toMatch(/-r <retries> .*\(default: 0\)/);
  });

  it('serves on when nobody reads any more what it prints', async () => {
    const child = spawn(
      process.execPath,
      [CLI, 'agent', 'examples/first/my-agent.mjs', '--listen', 'udp://127.0.0.1:0'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const errors = text(child.stderr);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    // What it says about stopping has no reader: that is no reason to end otherwise.
    child.kill('SIGTERM');
    const [status] = (await once(child, 'exit')) as [number | null];
    expect([status, await errors]).toEqual([0, '']);
  });

  it('says no password that stands where others can read it', async () => {
    const child = trellis('agent', 'examples/crash', '--user', 'ann=write,sha256:hunter2hunter2');
    expect(await child.exit()).toBe(1);
    expect(child.output).toContain('env:VARIABLE');
    expect(child.output).not.toContain('hunter2');
  });
});

describe('trellis mib, in an empty directory', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'trellis-mib-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function run(...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
    return spawn(process.execPath, [join(PROJECT_ROOT, CLI), 'mib', ...args], {
      cwd: root,
      timeout: 50_000,
      env: { ...process.env, MIBDIRS: '', TRELLIS_CACHE_DIR: join(root, '.cache') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  it('check names file, line and column of an error and exits with 1', async () => {
    mkdirSync(join(root, 'mibs'));
    copyFileSync(
      join(PROJECT_ROOT, 'test/fixtures/mib/BROKEN-MIB.mib'),
      join(root, 'mibs/broken.mib'),
    );
    const child = run('check', 'mibs');
    const [out, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(status).toBe(1);
    expect(out).toMatch(/^mibs\/broken\.mib:\d+:\d+/m);
    expect(out).toMatch(/\d+ errors?, \d+ warnings?/);
  });

  it('find: two at once remember what they find in one cache', async () => {
    mkdirSync(join(root, 'mibs'));
    const module = join(PROJECT_ROOT, 'test/fixtures/mib-text/NAMING-MIB.mib');
    copyFileSync(module, join(root, 'mibs/some.file'));
    const both = [1, 2].map(() => run('find', 'nmVolts', '--path', 'mibs'));
    const ran = both.map((child) => Promise.all([text(child.stdout), once(child, 'exit')]));
    for (const [out, [status]] of await Promise.all(ran)) {
      expect(status).toBe(0);
      expect(out).toContain('NAMING-MIB::nmVolts');
    }
    expect(readdirSync(join(root, '.cache'))).toHaveLength(1);
  });

  it('dump: a reader that has had enough is no error', async () => {
    const child = run('dump', '--all');
    child.stdout.once('data', () => child.stdout.destroy());
    const [err, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect([status, err]).toEqual([0, '']);
  });
});
