import { describe, expect, it } from 'vitest';
import { hostAgent } from '../../../src/host-agent/index.js';
import { compareOids } from '../../../src/smi/index.js';
import { fixtureSource } from '../host/fixture-source.js';
import { HostUnderTest, text } from './host-under-test.js';

const NOT_WRITABLE = 17;

describe('hostAgent', () => {
  it('supervises each group as a subtree of its own', async () => {
    await using host = await HostUnderTest.start();
    const subtrees = host.agent.tree().children?.find(({ id }) => id === 'subtrees');
    expect(subtrees?.children?.map(({ id, state }) => [id, state])).toEqual(
      [
        'system',
        'snmp',
        'engine',
        'mpd',
        'usm',
        'vacm',
        'target',
        'community',
        'notification',
        'interfaces',
        'hrSystem',
        'hrStorage',
        'hrDevice',
        'hrSWRun',
        'hrSWRunPerf',
      ].map((name) => [name, 'running']),
    );
  });

  it('opens no door: no address and no community', () => {
    const definition = new Set(Object.keys(hostAgent({ source: fixtureSource('machine') })));
    expect(definition.has('listen')).toBe(false);
    expect(definition.has('access')).toBe(false);
  });

  it('is walked from end to end, strictly increasing, without an error [RFC 3416 4.2.2]', async () => {
    await using host = await HostUnderTest.start();
    const found = await host.walk('.1');
    expect(found.length).toBeGreaterThan(400);
    for (const [i, { name }] of found.entries()) {
      const before = found[i - 1];
      if (before !== undefined) expect(compareOids(before.name, name)).toBeLessThan(0);
    }
  });

  it('answers a GET of everything that a walk finds', async () => {
    await using host = await HostUnderTest.start();
    for (const { name, value } of await host.walk('.1')) {
      expect((await host.get(`.${name.join('.')}`))?.type).toBe(value.type);
    }
  });

  it('describes itself, and lets managers write contact, name and location [RFC 3418]', async () => {
    await using host = await HostUnderTest.start();
    expect(await host.read('sysDescr.0')).toBe('Linux still 6.1.0 #1 SMP x86_64');
    expect(await host.read('sysName.0')).toBe('still');
    expect(await host.read('sysServices.0')).toBe(72);
    for (const name of ['sysContact.0', 'sysName.0', 'sysLocation.0']) {
      expect(await host.set(name, text('lab'))).toBe(0);
      expect(await host.read(name)).toBe('lab');
    }
  });

  it.each([
    ['ifAdminStatus.4', { type: 'Integer32', value: 2 }],
    ['ifAlias.4', text('uplink')],
    ['hrSWRunStatus.1', { type: 'Integer32', value: 4 }],
    ['hrStorageSize.1', { type: 'Integer32', value: 1 }],
    ['hrSystemDate.0', { type: 'OctetString', value: new Uint8Array(8) }],
  ] as const)('lets nobody change the machine: %s', async (instance, value) => {
    await using host = await HostUnderTest.start();
    expect(await host.set(instance, value)).toBe(NOT_WRITABLE);
  });

  it('falls back to what node knows where there is no /proc and no /sys', async () => {
    await using host = await HostUnderTest.start(fixtureSource('nothing-there'));
    expect(await host.read('ifNumber.0')).toBe(2);
    expect(await host.read('hrSystemUptime.0')).toBe(1250);
    expect(await host.read('hrMemorySize.0')).toBe(8 * 1024 * 1024);
    expect(await host.read('hrSWRunName.4242')).toBe('node');
    expect((await host.walk('.1')).length).toBeGreaterThan(100);
  });
});
