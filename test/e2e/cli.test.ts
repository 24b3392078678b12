import { afterEach, describe, expect, it } from 'vitest';
import { Child } from '../support/child.js';
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

  it('takes the passwords of users from where others cannot read them, and says none', async () => {
    process.env['TRELLIS_TEST_WEAK'] = 'sesame';
    const refused: readonly (readonly [string, string])[] = [
      ['ann', 'NAME=read|write'],
      ['ann=write,sha256:hunter2hunter2', 'env:VARIABLE'],
      ['ann=write,sha256:env:TRELLIS_TEST_ABSENT', 'TRELLIS_TEST_ABSENT'],
      ['ann=write,sha256:file:/no/such/file', 'ENOENT'],
      ['ann=write,sha256:env:TRELLIS_TEST_WEAK', 'SNMP_PASSWORD_WEAK'],
      ['ann=write,rot13:env:TRELLIS_TEST_WEAK', 'access.users[0].auth'],
    ];
    for (const [user, told] of refused) {
      const child = trellis('agent', 'examples/crash', '--user', user);
      expect(await child.exit(), user).toBe(1);
      expect(child.output).toContain(told);
      expect(child.output).not.toMatch(/sesame|hunter2/);
    }
  });
});

describe('trellis mib', () => {
  it('check names file, line and column of an error and exits with 1', async () => {
    const child = trellis('mib', 'check', 'test/fixtures/mib/BROKEN-MIB.mib');
    expect(await child.exit()).toBe(1);
    expect(child.output).toMatch(/^test\/fixtures\/mib\/BROKEN-MIB\.mib:\d+:\d+/m);
    expect(child.output).toMatch(/\d+ errors?, \d+ warnings?/);
  });

  it('check of a sound module exits with 0', async () => {
    const child = trellis('mib', 'check', 'test/fixtures/mib-text/CONF-MIB.mib');
    expect(await child.exit()).toBe(0);
    expect(child.output).toContain('1 module, 0 errors, 0 warnings');
  });

  it('tree shows the objects', async () => {
    const child = trellis('mib', 'tree', 'test/fixtures/mib-text/CONF-MIB.mib');
    expect(await child.exit()).toBe(0);
    expect(child.output).toContain('1.3.6.1.4.1.32473.20.1.2  rwInt  scalar Integer32 read-write');
  });
});
