import { describe, expect, it } from 'vitest';
import { SnmpError } from '../../../src/base/index.js';
import { compileMibs, findShippedModule } from '../../../src/mib/index.js';
import { buildNotification, type NotificationValues } from '../../../src/notify/index.js';
import { formatOid } from '../../../src/smi/index.js';

const sources = ['SNMPv2-MIB', 'IF-MIB'].map((name) => findShippedModule(name));
const { mib } = compileMibs(
  sources.filter((source) => source !== undefined),
  { resolveImport: findShippedModule },
);
const build = (name: string, values: NotificationValues) =>
  buildNotification({ node: (descriptor) => mib.find(descriptor) }, name, values);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SnmpError) return error.code;
  }
  return 'nothing thrown';
}

describe('a notification from its NOTIFICATION-TYPE', () => {
  const values = { 'ifOperStatus.7': 'down', sysName: 'me', 'IF-MIB::ifIndex.7': 7 };

  it('tells of its OBJECTS in their order, then of the rest (RFC 2578 8.1)', () => {
    const { name, oid, varBinds } = build('linkDown', { ...values, 'ifAdminStatus.7': 'up' });
    expect(name).toBe('linkDown');
    expect(formatOid(oid)).toBe('1.3.6.1.6.3.1.1.5.3');
    expect(varBinds.map((bound) => [formatOid(bound.name), bound.value])).toEqual([
      ['1.3.6.1.2.1.2.2.1.1.7', { type: 'Integer32', value: 7 }],
      ['1.3.6.1.2.1.2.2.1.7.7', { type: 'Integer32', value: 1 }],
      ['1.3.6.1.2.1.2.2.1.8.7', { type: 'Integer32', value: 2 }],
      ['1.3.6.1.2.1.1.5.0', { type: 'OctetString', value: Buffer.from('me') }],
    ]);
  });

  it.each([
    ['a name that no module defines', 'linkSideways', {}, 'SNMP_NOTIFY_UNKNOWN'],
    ['an object instead of a notification', 'sysName', {}, 'SNMP_NOTIFY_UNKNOWN'],
    ['an object of OBJECTS that is not given', 'linkDown', values, 'SNMP_NOTIFY_MISSING'],
    ['a value outside the SYNTAX', 'coldStart', { 'ifType.1': 'pigeon' }, 'SNMP_NOTIFY_VALUE'],
    ['a value of a wrong size', 'coldStart', { sysName: 'x'.repeat(256) }, 'SNMP_NOTIFY_VALUE'],
    ['a column without a row', 'coldStart', { ifIndex: 1 }, 'SNMP_NOTIFY_OBJECT'],
    ['a scalar with a row', 'coldStart', { 'sysName.1': 'me' }, 'SNMP_NOTIFY_OBJECT'],
    ['a table', 'coldStart', { 'ifTable.1': 1 }, 'SNMP_NOTIFY_OBJECT'],
    ['what is no name', 'coldStart', { 'ifIndex.': 1 }, 'SNMP_NOTIFY_OBJECT'],
    [
      'more than 128 sub-identifiers',
      'coldStart',
      { [`ifIndex${'.1'.repeat(120)}`]: 1 },
      'SNMP_NOTIFY_OBJECT',
    ],
  ])('refuses %s', (_what, name, given, code) => {
    expect(codeOf(() => build(name, given as NotificationValues))).toBe(code);
  });
});
