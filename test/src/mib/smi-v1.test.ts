import { describe, expect, test } from 'vitest';
import { compileMibs } from '../../../src/mib/index.js';
import { faults, fixture } from './module-text.js';

describe('modules of SMIv1', () => {
  const compilation = compileMibs([fixture('ATTIC-MIB')]);
  const { mib } = compilation;
  const root = [1, 3, 6, 1, 4, 1, 32473, 8];

  test('compile without a finding, with the macros they bring skipped [RFC 1212]', () => {
    expect(faults(compilation)).toEqual([]);
    expect(mib.modules.get('ATTIC-MIB')).toMatchObject({ language: 'SMIv1' });
  });

  test('have the types of RFC 1155 as bases, not as conventions [RFC 1155 3.2.3]', () => {
    expect(mib.find('boxCount')).toMatchObject({
      syntax: { base: 'Gauge32', conventions: [] },
      status: 'mandatory',
    });
    expect(mib.find('boxMoved')).toMatchObject({ syntax: { base: 'Counter32', conventions: [] } });
    expect(mib.find('boxOwner')).toMatchObject({
      syntax: { base: 'IpAddress', conventions: ['NetworkAddress'] },
    });
  });

  test('write-only becomes read-write [RFC 2576 2.1.2]', () => {
    expect(mib.find('boxSecret')).toMatchObject({ access: 'read-write', status: 'optional' });
  });

  test('tables and rows are as in SMIv2 [RFC 1212 4.1.6]', () => {
    const table = mib.find('boxTable');
    expect(
      table?.kind === 'table' && table.index.map(({ object, syntax }) => [object, syntax.base]),
    ).toEqual([
      ['boxLabel', 'OctetString'],
      ['boxOwner', 'IpAddress'],
    ]);
  });

  test('TRAP-TYPE is a notification at enterprise.0.number [RFC 3584 3.1]', () => {
    expect(mib.find('boxFell')).toMatchObject({
      kind: 'notification',
      oid: [...root, 0, 5],
      members: ['boxLabel', 'boxOwner'],
      description: 'A box fell.',
    });
    expect(mib.find('atticLit')?.oid).toEqual([...root, 0, 0]);
  });

  test('a TRAP-TYPE of the enterprise snmp has the OID of the standard notification [RFC 3584 3.1]', () => {
    expect(mib.find('coldAttic')?.oid).toEqual([1, 3, 6, 1, 6, 3, 1, 1, 5, 1]);
  });

  test('RFC1213-MIB gives its types and branches even without a text of it', () => {
    expect(mib.modules.get('RFC1213-MIB')?.nodes.get('snmp')?.oid).toEqual([1, 3, 6, 1, 2, 1, 11]);
  });
});
