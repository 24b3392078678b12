import { expect, test } from 'vitest';
import {
  community,
  VarBindError,
  type Reference,
  type Target,
} from '../../../src/manager/index.js';
import type { Oid, SnmpValue } from '../../../src/smi/index.js';
import { FakeNetwork, responseTo } from './fake-network.js';

const target: Target = { host: '192.0.2.10', auth: community('public') };
const SYS_NAME_0: Oid = [1, 3, 6, 1, 2, 1, 1, 5, 0];
const IF_DESCR_2: Oid = [1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 2];

function echoing(answer?: SnmpValue): FakeNetwork {
  const network = new FakeNetwork();
  network.agent = ({ message }) => {
    const { varBinds } = message.pdu;
    return responseTo(message, {
      varBinds: varBinds.map(({ name, value }) => ({ name, value: answer ?? value })),
    });
  };
  return network;
}

test('an object is named by numbers, dotted, by name, or by module, descriptor and index', async () => {
  const forms: [Reference, Oid][] = [
    ['1.3.6.1.2.1.1.5.0', SYS_NAME_0],
    ['.1.3.6.1.2.1.1.5.0', SYS_NAME_0],
    [SYS_NAME_0, SYS_NAME_0],
    ['SNMPv2-MIB::sysName.0', SYS_NAME_0],
    ['sysName.0', SYS_NAME_0],
    ['.iso.org.dod.internet.mgmt.mib-2.system.sysName.0', SYS_NAME_0],
    [['SNMPv2-MIB', 'sysName', 0], SYS_NAME_0],
    [['', 'sysName', '0'], SYS_NAME_0],
    ['IF-MIB::ifDescr.2', IF_DESCR_2],
    ['ifDescr[2]', IF_DESCR_2],
    [['IF-MIB', 'ifDescr', 2], IF_DESCR_2],
  ];
  const network = echoing();
  const manager = network.manager();
  await manager.get(
    target,
    forms.map(([reference]) => reference),
  );
  expect(network.asked[0]!.message.pdu.varBinds.map(({ name }) => name)).toEqual(
    forms.map(([, oid]) => oid),
  );
});

test('results are resolved where a name was symbolic or a value untyped, or as it is asked [rule 6]', async () => {
  const network = echoing({ type: 'OctetString', value: Buffer.from('edge-1') });
  const manager = network.manager();
  const label = async (
    reference: Reference,
    lookupMib?: 'auto' | boolean,
  ): Promise<string | undefined> => {
    const options = lookupMib === undefined ? {} : { lookupMib };
    return (await manager.get(target, [reference], options)).varBinds[0]?.label;
  };
  expect(await label(SYS_NAME_0)).toBe('.1.3.6.1.2.1.1.5.0');
  expect(await label('sysName.0')).toBe('SNMPv2-MIB::sysName.0');
  expect(await label('sysName.0', false)).toBe('.1.3.6.1.2.1.1.5.0');
  expect(await label(SYS_NAME_0, true)).toBe('SNMPv2-MIB::sysName.0');
  const typed = { type: 'OctetString', value: 'edge-1' } as const;
  expect((await manager.set(target, [[SYS_NAME_0, typed]])).varBinds[0]?.label).toBe(
    '.1.3.6.1.2.1.1.5.0',
  );
  expect(String((await manager.set(target, [[SYS_NAME_0, 'edge-1']])).varBinds[0])).toBe(
    'SNMPv2-MIB::sysName.0 = STRING: edge-1',
  );
});

test('values are as a program has them, and printed as net-snmp prints them', async () => {
  const cases: [Reference, SnmpValue, unknown, string][] = [
    ['ifOperStatus.1', { type: 'Integer32', value: 1 }, 'up', 'INTEGER: up(1)'],
    ['sysUpTime.0', { type: 'TimeTicks', value: 100 }, 100, 'Timeticks: (100) 0:00:01.00'],
    ['ifHCInOctets.1', { type: 'Counter64', value: 5n }, 5n, 'Counter64: 5'],
    [
      'ifPhysAddress.1',
      { type: 'OctetString', value: Uint8Array.of(0, 1, 0xab) },
      Buffer.of(0, 1, 0xab),
      'STRING: 0:1:ab',
    ],
    [
      'sysObjectID.0',
      { type: 'ObjectIdentifier', value: [1, 3, 6, 1, 2, 1, 2] },
      [1, 3, 6, 1, 2, 1, 2],
      'OID: IF-MIB::interfaces',
    ],
    [
      'sysName.0',
      { type: 'noSuchInstance' },
      undefined,
      'No Such Instance currently exists at this OID',
    ],
  ];
  for (const [reference, answer, plain, text] of cases) {
    const result = await echoing(answer).manager().get(target, [reference]);
    expect(result.varBinds[0]?.plain).toEqual(plain);
    expect(result.varBinds[0]?.text).toBe(text);
    expect(result.varBinds[0]?.resolutionError).toBeUndefined();
  }
});

test('a value of another type than its object has is delivered as it came, and said to be so [rule 8]', async () => {
  const network = echoing({ type: 'OctetString', value: Buffer.from('up') });
  const result = await network.manager().get(target, ['ifOperStatus.1', 'sysUpTime.0.1.2']);
  const [status, surplus] = result.varBinds;
  expect(status?.resolutionError).toBe('wrongType');
  expect(status?.plain).toEqual(Buffer.from('up'));
  expect(String(status)).toBe('IF-MIB::ifOperStatus.1 = STRING: "up"');
  expect(surplus?.label).toContain('.0.1.2');
});

test('a value is given as the program has it, and goes out with the type of its object', async () => {
  const network = echoing();
  const manager = network.manager();
  const result = await manager.set(target, [
    ['SNMPv2-MIB::sysName.0', 'edge-1'],
    [['IF-MIB', 'ifAdminStatus', 2], 'down'],
    { name: 'IF-MIB::ifAdminStatus.3', value: 1 },
    ['1.3.6.1.4.1.99999.1.0', { type: 'Counter64', value: 7n }],
    ['1.3.6.1.4.1.99999.2.0', { type: 'IpAddress', value: '192.0.2.1' }],
    ['1.3.6.1.4.1.99999.3.0', { type: 'Null' }],
  ]);
  expect(result.request.map(({ value }) => value)).toEqual([
    { type: 'OctetString', value: Buffer.from('edge-1') },
    { type: 'Integer32', value: 2 },
    { type: 'Integer32', value: 1 },
    { type: 'Counter64', value: 7n },
    { type: 'IpAddress', value: Uint8Array.of(192, 0, 2, 1) },
    { type: 'Null' },
  ]);
});

test('a value that cannot be sent rejects with its place, and nothing is sent [rule 7]', async () => {
  const network = echoing();
  const manager = network.manager();
  const cases: [Reference, unknown, string][] = [
    ['sysName.0', 'x'.repeat(256), 'SNMP_VALUE_RANGE'],
    ['ifAdminStatus.1', 'maybe', 'SNMP_VALUE_SYNTAX'],
    ['ifAdminStatus.1', 7, 'SNMP_VALUE_RANGE'],
    ['ifAdminStatus.1', { type: 'Integer32', value: 7 }, 'SNMP_VALUE_RANGE'],
    ['sysName.0', { type: 'Integer32', value: 7 }, 'SNMP_VALUE_SYNTAX'],
    [SYS_NAME_0, { type: 'OctetString', value: 'x'.repeat(256) }, 'SNMP_VALUE_RANGE'],
    ['1.3.6.1.4.1.99999.1.0', 7, 'SNMP_VALUE_UNTYPED'],
    ['1.3.6.1.4.1.99999.1.0', { type: 'Integer32', value: 2 ** 31 }, 'SNMP_VALUE_SYNTAX'],
    ['1.3.6.1.4.1.99999.1.0', { type: 'Nonsense', value: 1 }, 'SNMP_VALUE_SYNTAX'],
    ['1.3.6.1.4.1.99999.1.0', { type: 'noSuchObject' }, 'SNMP_VALUE_SYNTAX'],
    ['sysNam.0', 'x', 'SNMP_NAME_UNKNOWN'],
    ['NO-SUCH-MIB::sysName.0', 'x', 'SNMP_MIB_UNKNOWN'],
    [['IF-MIB', 'ifDescr', 1, 2], 'x', 'SNMP_NAME_INDEX'],
    [['IF-MIB', 'ifDescr', 'one'], 'x', 'SNMP_VALUE_SYNTAX'],
  ];
  for (const [reference, value, code] of cases) {
    const asking = manager.set(target, [
      ['sysContact.0', 'me'],
      [reference, value as never],
    ]);
    await expect(asking).rejects.toBeInstanceOf(VarBindError);
    await expect(asking).rejects.toMatchObject({ code, varBindIndex: 2 });
  }
  expect(network.sent).toEqual([]);
});

test('a value with its type is not held against the SYNTAX where that is asked', async () => {
  const network = echoing();
  const seven = { type: 'Integer32', value: 7 } as const;
  const manager = network.manager();
  await manager.set(target, [['ifAdminStatus.1', seven]], { validate: 'untyped' });
  await manager.set(target, [['ifAdminStatus.1', seven]], { lookupMib: false });
  expect(network.sent).toHaveLength(2);
});

test('SNMPv1 takes no Counter64, which is said before anything is sent [ENC-038] [rule 7]', async () => {
  const network = echoing();
  const v1 = { ...target, auth: community('public', { version: 'v1' }) };
  const counter = { type: 'Counter64', value: 1n } as const;
  await expect(
    network.manager().set(v1, [['1.3.6.1.4.1.99999.1.0', counter]]),
  ).rejects.toMatchObject({ code: 'SNMP_VALUE_SYNTAX', varBindIndex: 1 });
  expect(network.sent).toEqual([]);
});
