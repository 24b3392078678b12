import { describe, expect, test } from 'vitest';
import {
  compileMibs,
  findShippedModule,
  shippedModuleNames,
  type MibSource,
} from '../../../src/mib/index.js';

const NAMES = [
  'HOST-RESOURCES-MIB',
  'HOST-RESOURCES-TYPES',
  'IANAifType-MIB',
  'IF-MIB',
  'INET-ADDRESS-MIB',
  'SNMP-COMMUNITY-MIB',
  'SNMP-FRAMEWORK-MIB',
  'SNMP-MPD-MIB',
  'SNMP-NOTIFICATION-MIB',
  'SNMP-TARGET-MIB',
  'SNMP-USER-BASED-SM-MIB',
  'SNMP-VIEW-BASED-ACM-MIB',
  'SNMPv2-MIB',
];

/** For other tools, which have no such modules built in. */
const BASE_NAMES = ['SNMPv2-CONF', 'SNMPv2-SMI', 'SNMPv2-TC'];

describe('the modules that come with the package', () => {
  const sources = NAMES.map((name) => findShippedModule(name) as MibSource);
  const { mib } = compileMibs(sources);

  test('are listed by name', () => {
    expect(shippedModuleNames()).toEqual([...NAMES, ...BASE_NAMES].toSorted());
  });

  test.each(NAMES)('%s compiles without a finding, on its own and with its imports', (name) => {
    const source = findShippedModule(name) as MibSource;
    const { diagnostics } = compileMibs([source], { resolveImport: findShippedModule });
    expect(diagnostics).toEqual([]);
  });

  test('describe every node that has a macro', () => {
    for (const name of NAMES) {
      for (const node of mib.modules.get(name)?.nodes.values() ?? []) {
        if (node.kind === 'node') continue;
        expect(node.description, node.name).toMatch(/^\S.{5,}[.]$/s);
      }
    }
  });

  test('SNMPv2-MIB has the system group, the counters and the notifications [RFC 3418]', () => {
    expect(mib.find('sysDescr')).toMatchObject({
      oid: [1, 3, 6, 1, 2, 1, 1, 1],
      syntax: { conventions: ['DisplayString'], sizes: [{ low: 0, high: 255 }] },
    });
    expect(mib.find('sysServices')).toMatchObject({ syntax: { ranges: [{ low: 0, high: 127 }] } });
    expect(mib.find('sysORTable')).toMatchObject({ index: [{ object: 'sysORIndex' }] });
    expect(mib.find('snmpSetSerialNo')).toMatchObject({ syntax: { conventions: ['TestAndIncr'] } });
    expect(mib.find('coldStart')?.oid).toEqual([1, 3, 6, 1, 6, 3, 1, 1, 5, 1]);
  });

  test('IF-MIB augments its table across 64 bits, with the types of IANA [RFC 2863]', () => {
    expect(mib.find('ifXTable')).toMatchObject({
      augments: 'ifEntry',
      index: [{ object: 'ifIndex' }],
    });
    expect(mib.find('ifHCInOctets')).toMatchObject({ syntax: { base: 'Counter64' } });
    const type = mib.find('ifType');
    expect(type?.kind === 'column' && type.syntax.enums?.get('ethernetCsmacd')).toBe(6);
    expect(mib.find('linkDown')?.oid).toEqual([1, 3, 6, 1, 6, 3, 1, 1, 5, 3]);
  });

  test('HOST-RESOURCES-MIB borrows the index of its processes [RFC 2790]', () => {
    expect(mib.find('hrSWRunPerfTable')).toMatchObject({
      augments: 'hrSWRunEntry',
      index: [{ object: 'hrSWRunIndex' }],
    });
    expect(mib.find('hrStorageRam')?.oid.join('.')).toBe('1.3.6.1.2.1.25.2.1.2');
  });

  test('a name that is not among them, or a path, is not found', () => {
    expect(findShippedModule('NO-MIB')).toBeUndefined();
    expect(findShippedModule('../index')).toBeUndefined();
  });
});
