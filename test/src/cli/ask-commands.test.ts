import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent, type Agent } from '../../../src/index.js';
import { PROJECT_ROOT } from '../../support/child.js';
import { trellis } from '../../support/trellis.js';

let agent: Agent;
let address: string;

beforeAll(async () => {
  agent = await startAgent({
    listen: ['udp://127.0.0.1:0', 'udp://[::1]:0'],
    access: { communities: { public: 'read', private: 'write' } },
    system: { description: 'an agent', name: 'edge', location: '', contact: '' },
  });
  address = (agent.addresses[0] as string).replace('udp://', '');
});
afterAll(() => agent.stop());

describe('the commands that ask an agent', () => {
  it('get: as net-snmp prints it, in each of its styles', async () => {
    const name = 'SNMPv2-MIB::sysDescr.0';
    const lines = async (...options: string[]): Promise<string> =>
      (await trellis('get', ...options, address, name, 'sysServices.0')).out;
    expect(await lines()).toBe(
      'SNMPv2-MIB::sysDescr.0 = STRING: an agent\nSNMPv2-MIB::sysServices.0 = INTEGER: 72\n',
    );
    expect(await lines('-v1')).toBe(await lines('-v2c'));
    expect(await lines('-Oq')).toBe(
      'SNMPv2-MIB::sysDescr.0 an agent\nSNMPv2-MIB::sysServices.0 72\n',
    );
    expect(await lines('-On')).toMatch(/^\.1\.3\.6\.1\.2\.1\.1\.1\.0 = STRING: an agent\n/);
    expect(await lines('-OsQ')).toBe('sysDescr.0 = an agent\nsysServices.0 = 72\n');
    expect(await lines('-Ov')).toBe('STRING: an agent\nINTEGER: 72\n');
    expect(await lines('-Of')).toMatch(
      /^\.iso\.org\.dod\.internet\.mgmt\.mib-2\.system\.sysDescr\.0 = /,
    );
  });

  it('getnext and bulkget: what comes after', async () => {
    const next = await trellis('getnext', '-Oqn', address, 'sysDescr');
    expect(next.out).toBe('.1.3.6.1.2.1.1.1.0 an agent\n');
    const bulk = await trellis('bulkget', '-Cn1r2', '-Ons', address, 'sysDescr', 'sysContact');
    expect(bulk.out.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'sysDescr.0',
      'sysContact.0',
      'sysName.0',
      '',
    ]);
  });

  it('walk and bulkwalk: the same lines, for a subtree, an instance, and nothing', async () => {
    const walk = await trellis('walk', '-Oqn', address, 'system');
    expect(walk.out.split('\n').length).toBeGreaterThan(8);
    const bulk = await trellis('bulkwalk', '-Oqn', '-Cr3', address, 'system');
    const steady = (text: string): string => text.replaceAll(/^\S+\.1\.3\.0 .*\n/gm, '');
    expect(steady(bulk.out)).toBe(steady(walk.out));
    expect((await trellis('walk', address, 'sysDescr.0')).out).toBe(
      'SNMPv2-MIB::sysDescr.0 = STRING: an agent\n',
    );
    expect(await trellis('walk', address, '1.3.6.1.2.1.99')).toMatchObject({ status: 0 });
  });

  it('set: by letter and by module, and as JSON', async () => {
    const set = await trellis('set', '-c', 'private', address, 'sysName.0', 's', 'edge-1');
    expect(set).toMatchObject({ status: 0, out: 'SNMPv2-MIB::sysName.0 = STRING: edge-1\n' });
    const words = ['sysName.0', '=', 'edge-2', 'sysContact.0', 'x', '6d 65'];
    const json = await trellis('set', '--json', '-cprivate', address, ...words);
    expect(JSON.parse(json.out)).toEqual([
      {
        oid: '1.3.6.1.2.1.1.5.0',
        name: 'SNMPv2-MIB::sysName.0',
        type: 'OctetString',
        value: 'edge-2',
        text: 'STRING: edge-2',
      },
      {
        oid: '1.3.6.1.2.1.1.4.0',
        name: 'SNMPv2-MIB::sysContact.0',
        type: 'OctetString',
        value: 'me',
        text: 'STRING: me',
      },
    ]);
  });

  it('set: a module that only a name says is looked for in -M', async () => {
    const directory = join(PROJECT_ROOT, 'examples/typed');
    const words = [address, 'FRIEND-MIB::friendMood.0', '=', 'merry'];
    expect(await trellis('set', '-M', directory, '-cprivate', ...words)).toEqual({
      status: 1,
      out: '',
      err: expect.stringContaining('Failed object: FRIEND-MIB::friendMood.0') as string,
    });
  });

  it('tells what went wrong, and by the exit status who: the agent, or the words', async () => {
    expect(await trellis('set', '-cprivate', address, 'sysDescr.0', 's', 'x')).toEqual({
      status: 1,
      out: '',
      err: 'Error in packet\nReason: notWritable\nFailed object: SNMPv2-MIB::sysDescr.0\n',
    });
    expect(await trellis('get', '-t0.05', '-r0', '-cnobody', address, 'sysDescr.0')).toEqual({
      status: 1,
      out: '',
      err: `Timeout: No Response from ${address}\n`,
    });
    const long = 'x'.repeat(256);
    const checked = await trellis('set', '-cprivate', address, 'sysName.0', 's', long);
    expect(checked.err).toContain('variable 1: sysName: expected');
    const unchecked = await trellis('set', '-Ir', '-cprivate', address, 'sysName.0', 's', long);
    expect(unchecked.err).toContain('Reason: wrongLength');
    for (const words of [
      ['get', '-Oz', address, 'sysName.0'],
      ['get', '-v3', address, 'sysName.0'],
      ['get', 'a:b:c', 'sysName.0'],
      ['set', address, 'sysName.0', 's'],
      ['set', address, 'sysName.0', 'y', 'x'],
      ['bulkget', '-Cz1', address, 'sysName'],
    ]) {
      const { status, err } = await trellis(...words);
      expect([words, status]).toEqual([words, 2]);
      expect(err).toContain('error: ');
    }
  });

  it('asks over IPv6, and takes addresses as net-snmp and as trellis write them', async () => {
    const six = agent.addresses[1] as string;
    const forms = [
      six,
      six.replace('udp://', 'udp6:'),
      six.replace('udp://', ''),
      `udp:${address}`,
    ];
    for (const form of forms) {
      expect((await trellis('get', '-Oqv', form, 'sysDescr.0')).out).toBe('an agent\n');
    }
  });
});
