import { describe, expect, it } from 'vitest';
import { readInterfaces, type InterfaceRow } from '../../../src/host/index.js';
import { changeSource, fixtureSource, withTexts } from './fixture-source.js';

async function interfaceNamed(name: string, fixture = 'machine'): Promise<InterfaceRow> {
  const row = (await readInterfaces(fixtureSource(fixture))).find((each) => each.ifName === name);
  if (row === undefined) throw new Error(`no interface ${name}`);
  return row;
}

describe('readInterfaces', () => {
  it('lists interfaces by the index of the kernel, ascending', async () => {
    const rows = await readInterfaces(fixtureSource('machine'));
    expect(rows.map((row) => [row.ifIndex, row.ifName])).toEqual([
      [1, 'lo'],
      [3, 'eth1'],
      [4, 'eth0'],
      [5, 'br0'],
      [6, 'bond0'],
      [7, 'eth0.100'],
      [9, 'tun0'],
    ]);
  });

  it('leaves out an interface that went away after it was counted', async () => {
    const rows = await readInterfaces(fixtureSource('machine'));
    expect(rows.map((row) => row.ifName)).not.toContain('ghost');
  });

  it('wraps 32-bit counters and keeps all 64 bits of the others [RFC 2578 7.1.6]', async () => {
    const row = await interfaceNamed('eth0');
    expect(row.ifHCInOctets).toBe(4294967301n);
    expect(row.ifInOctets).toBe(5);
    expect(row.ifHCOutOctets).toBe(18446744073709551615n);
    expect(row.ifOutOctets).toBe(4294967295);
  });

  it('takes multicast out of the received packets to get unicast', async () => {
    const row = await interfaceNamed('eth0');
    expect(row).toMatchObject({
      ifInUcastPkts: 5600,
      ifHCInUcastPkts: 5600n,
      ifInMulticastPkts: 38,
      ifHCInMulticastPkts: 38n,
      ifInNUcastPkts: 38,
      ifOutUcastPkts: 3473,
      ifOutNUcastPkts: 0,
    });
  });

  it('never counts fewer than no unicast packets', async () => {
    const row = await interfaceNamed('br0');
    expect(row).toMatchObject({ ifInUcastPkts: 0, ifInMulticastPkts: 12 });
  });

  it('tells errors from discards', async () => {
    const row = await interfaceNamed('eth0');
    expect(row).toMatchObject({
      ifInErrors: 3,
      ifInDiscards: 7,
      ifOutErrors: 2,
      ifOutDiscards: 1,
      ifInUnknownProtos: 0,
    });
  });

  it('latches the 32-bit speed of a fast interface [RFC 2863 ifSpeed]', async () => {
    const row = await interfaceNamed('eth0');
    expect(row).toMatchObject({ ifSpeed: 4294967295, ifHighSpeed: 10000 });
  });

  it('reports no speed for an interface that knows none', async () => {
    expect(await interfaceNamed('br0')).toMatchObject({ ifSpeed: 0, ifHighSpeed: 0 });
    expect(await interfaceNamed('lo')).toMatchObject({ ifSpeed: 0, ifHighSpeed: 0 });
  });

  it('shows a loopback as up, without address and without connector', async () => {
    expect(await interfaceNamed('lo')).toMatchObject({
      ifType: 'softwareLoopback',
      ifPhysAddress: new Uint8Array(),
      ifAdminStatus: 'up',
      ifOperStatus: 'up',
      ifConnectorPresent: 'false',
      ifMtu: 65536,
    });
  });

  it('shows an interface that was taken down as down', async () => {
    expect(await interfaceNamed('eth1')).toMatchObject({
      ifAdminStatus: 'down',
      ifOperStatus: 'down',
      ifConnectorPresent: 'true',
      ifPhysAddress: Uint8Array.of(2, 0xfc, 0, 0, 0, 2),
    });
  });

  it.each([
    ['lowerLayerDown', 'br0'],
    ['dormant', 'bond0'],
    ['down', 'tun0'],
  ])('shows the state %s [RFC 2863 ifOperStatus]', async (state, name) => {
    expect(await interfaceNamed(name)).toMatchObject({ ifAdminStatus: 'up', ifOperStatus: state });
  });

  it.each([
    ['l2vlan', 'eth0.100'],
    ['bridge', 'br0'],
    ['ieee8023adLag', 'bond0'],
    ['tunnel', 'tun0'],
    ['ethernetCsmacd', 'eth0'],
  ])('recognises the type %s', async (type, name) => {
    expect((await interfaceNamed(name)).ifType).toBe(type);
  });

  it('enables traps except for what runs on top of another interface [RFC 2863]', async () => {
    expect((await interfaceNamed('eth0')).ifLinkUpDownTrapEnable).toBe('enabled');
    expect((await interfaceNamed('eth0.100')).ifLinkUpDownTrapEnable).toBe('disabled');
  });

  it('sees promiscuous mode', async () => {
    expect((await interfaceNamed('eth0')).ifPromiscuousMode).toBe('true');
    expect((await interfaceNamed('eth1')).ifPromiscuousMode).toBe('false');
  });

  it('cuts the alias to 64 octets of NVT ASCII [RFC 2863 ifAlias]', async () => {
    const { ifAlias } = await interfaceNamed('eth0');
    expect(ifAlias).toBe('uplink to r?uter 1, a name that goes on past the sixty-four octe');
  });

  it('fills the columns that have nothing to say', async () => {
    expect(await interfaceNamed('eth0')).toMatchObject({
      ifSpecific: [0, 0],
      ifOutQLen: 0,
      ifLastChange: 0,
      ifCounterDiscontinuityTime: 0,
      ifAlias: expect.any(String),
    });
  });

  it('still counts without /sys, and says that states are unknown', async () => {
    const rows = await readInterfaces(fixtureSource('no-sys'));
    expect(rows.slice(0, 2)).toMatchObject([
      { ifIndex: 1, ifName: 'lo', ifType: 'softwareLoopback', ifInOctets: 5 },
      { ifIndex: 2, ifName: 'ens3', ifOperStatus: 'unknown', ifInOctets: 9, ifOutOctets: 8 },
    ]);
  });

  it('gives an interface without a known index one that depends on its name only', async () => {
    const index = (await interfaceNamed('odd0', 'no-sys')).ifIndex;
    expect(index).toBeGreaterThanOrEqual(0x1000000);
    const fewer = withTexts(fixtureSource('no-sys'), {
      '/proc/net/dev': 'odd0: 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n',
    });
    expect(await readInterfaces(fewer)).toMatchObject([{ ifIndex: index }]);
  });

  it('falls back to what node knows where there is no /proc', async () => {
    const rows = await readInterfaces(fixtureSource('nothing'));
    expect(rows).toMatchObject([
      { ifName: 'lo0', ifIndex: 1, ifType: 'softwareLoopback', ifPhysAddress: new Uint8Array() },
      { ifName: 'en0', ifPhysAddress: Uint8Array.of(10, 0, 0, 0, 0, 1), ifInOctets: 0 },
    ]);
  });

  it('reads no more interfaces than the limit', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `v${i}: ${'1 '.repeat(15)}1`);
    const source = changeSource(fixtureSource('nothing'), {
      readText: async (path) => (path === '/proc/net/dev' ? lines.join('\n') : undefined),
    });
    expect(await readInterfaces(source)).toHaveLength(2048);
  });
});
