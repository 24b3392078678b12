import { describe, expect, it } from 'vitest';
import type { StoredTable } from '../../../src/instrumentation/stored-table.js';
import { table } from '../../../src/instrumentation/table.js';
import {
  ADDRESS,
  COUNTER,
  COUNTER64,
  DISPLAY_STRING,
  INTEGER,
  integer,
  LETTERS,
  MAC_ADDRESS,
  OBJECT_ID,
  ranged,
  runSet,
  sized,
  tableObject,
  UNSIGNED,
  UP_DOWN,
  walk,
} from './definitions.js';
import { bound, ROW_7A, ROW_TABLE, writesOf } from './stored-table-definitions.js';

describe('the rows in the hands of the program', () => {
  const ALL = tableObject(
    {
      index: { syntax: ranged(UNSIGNED, 1, 1000), access: 'read-only' },
      text: { syntax: DISPLAY_STRING, access: 'read-only' },
      mac: { syntax: MAC_ADDRESS, access: 'read-only' },
      state: { syntax: UP_DOWN, access: 'read-only' },
      bits: { syntax: LETTERS, access: 'read-only' },
      oid: { syntax: OBJECT_ID, access: 'read-only' },
      address: { syntax: ADDRESS, access: 'read-only' },
      big: { syntax: COUNTER64, access: 'read-only' },
      count: { syntax: COUNTER, access: 'read-only' },
      label: {
        syntax: { base: 'OctetString', conventions: ['TbLabel'], displayHint: '32t' },
        access: 'read-only',
      },
    },
    ['index'],
  );
  const ROW = {
    index: 17,
    text: 'port17, which has a longer name than the others have',
    mac: Uint8Array.from([2, 0, 0, 0, 0, 255]),
    state: 'down',
    bits: new Set(['b', 'k']),
    oid: [1, 3, 6, 4_294_967_295],
    address: '10.0.0.255',
    big: 18_446_744_073_709_551_615n,
    count: 4_294_967_295,
    label: 'Zürich',
  };

  it('come back as they went in, of every type', () => {
    const { rows, object } = bound(ALL, { rows: [ROW] });
    expect(rows.get({ index: 17 })).toEqual(ROW);
    expect([...walk(object).values()]).toEqual([
      { type: 'Gauge32', value: 17 },
      { type: 'OctetString', value: Buffer.from(ROW.text) },
      { type: 'OctetString', value: ROW.mac },
      integer(2),
      { type: 'OctetString', value: Uint8Array.from([0x40, 0x20]) },
      { type: 'ObjectIdentifier', value: ROW.oid },
      { type: 'IpAddress', value: Uint8Array.from([10, 0, 0, 255]) },
      { type: 'Counter64', value: ROW.big },
      { type: 'Counter32', value: ROW.count },
      { type: 'OctetString', value: Uint8Array.from(Buffer.from('Zürich')) },
    ]);
  });

  it('are what they were, whatever becomes of what was given or got', () => {
    const mac = Uint8Array.from([2, 0, 0, 0, 0, 1]);
    const { rows, object } = bound(ALL, { rows: [{ index: 1, mac }] });
    mac[5] = 99;
    const read = object.cells?.get(3, [1]);
    if (read?.type === 'OctetString') read.value[0] = 99;
    expect(rows.get([1])).toEqual({ index: 1, mac: Uint8Array.from([2, 0, 0, 0, 0, 1]) });
  });

  it('are inserted, updated, deleted, replaced and told in order', () => {
    const { rows } = bound(ALL, { rows: [{ index: 30 }, { index: 4 }] });
    rows.insert({ index: 7, text: 'seven', count: 1 });
    expect([...rows].map(({ index }) => index)).toEqual([4, 7, 30]);
    rows.update([7], { text: undefined, count: 2 });
    expect(rows.get({ index: 7, text: 'passed over' })).toEqual({ index: 7, count: 2 });
    expect([rows.delete([4]), rows.delete([4]), rows.has([4]), rows.size]).toEqual([
      true,
      false,
      false,
      2,
    ]);
    rows.load([{ index: 2 }, { index: 1 }]);
    expect([...rows]).toEqual([{ index: 1 }, { index: 2 }]);
    rows.clear();
    expect([rows.size, rows.get([1])]).toEqual([0, undefined]);
  });

  const WRONG: readonly [string, string, (rows: StoredTable) => void][] = [
    [
      'a value that does not fit',
      'SNMP_STORED_VALUE',
      (rows) => rows.insert({ index: 1, count: -1 }),
    ],
    [
      'text that is too long',
      'SNMP_STORED_VALUE',
      (rows) => rows.insert({ index: 1, text: 'x'.repeat(256) }),
    ],
    [
      'a column that is not there',
      'SNMP_STORED_VALUE',
      (rows) => rows.insert({ index: 1, nix: 1 }),
    ],
    ['an index out of range', 'SNMP_ROW_INDEX', (rows) => rows.insert({ index: 1001 })],
    ['no index', 'SNMP_ROW_INDEX', (rows) => rows.insert({ count: 1 })],
    ['a row that is there', 'SNMP_ROW_EXISTS', (rows) => rows.insert({ index: 17 })],
    ['a row that is not', 'SNMP_ROW_MISSING', (rows) => rows.update([18], {})],
    ['two rows of one name', 'SNMP_ROW_EXISTS', (rows) => rows.load([{ index: 1 }, { index: 1 }])],
    [
      'one bad row of many',
      'SNMP_STORED_VALUE',
      (rows) => rows.load([{ index: 1 }, { index: 2, count: 'x' }]),
    ],
  ];
  for (const [title, code, act] of WRONG) {
    it(`do not change by ${title}`, () => {
      const { rows } = bound(ALL, { rows: [ROW] });
      expect(() => act(rows)).toThrow(expect.objectContaining({ code }));
      expect([...rows]).toEqual([ROW]);
    });
  }

  it('are refused at the load of the module where one does not fit, with its name', () => {
    expect(() => bound(ALL, { rows: [{ index: 1, state: 'sideways' }] })).toThrow(
      'state: expected one of up, down, got a string of 8 characters',
    );
  });

  it('are not there before the module is', () => {
    const rows = table.stored();
    const unbound = expect.objectContaining({ code: 'SNMP_STORED_UNBOUND' }) as Error;
    expect(() => rows.size).toThrow(unbound);
    expect(() => [...rows]).toThrow(unbound);
  });

  it('have a status: active, unless something is missing or they say otherwise', () => {
    const { rows } = bound(ROW_TABLE);
    rows.insert({ number: 1, name: 'a', value: 1 });
    rows.insert({ number: 2, name: 'a', value: 1, status: 'notInService' });
    rows.insert({ number: 3, name: 'a', status: 'notInService' });
    expect([...rows].map(({ status }) => status)).toEqual(['active', 'notInService', 'notReady']);
    rows.update([3, 97], { value: 1 });
    expect(rows.get([3, 97])).toMatchObject({ status: 'notInService' });
    rows.update([3, 97], { status: 'active' });
    expect(rows.get([3, 97])).toMatchObject({ status: 'active' });
    const incomplete = expect.objectContaining({ code: 'SNMP_STORED_VALUE' }) as Error;
    expect(() => rows.insert({ number: 4, name: 'a' })).toThrow(incomplete);
    expect(() => rows.update([1, 97], { value: undefined })).toThrow(incomplete);
    expect(() => rows.insert({ number: 4, name: 'a', status: 'createAndGo' })).toThrow(incomplete);
  });

  it('may lack a column that the table calls optional, and take defaults of the table', async () => {
    const { rows, object } = bound(ROW_TABLE, {
      optional: ['value'],
      defaults: { text: 'default', hits: 7n },
    });
    await runSet(writesOf(object, { status: integer(4) }));
    expect(rows.get(ROW_7A)).toMatchObject({ status: 'active', text: 'default', hits: 7n });
    expect(rows.get(ROW_7A)).not.toHaveProperty('value');
  });

  it('cannot have an index that makes their names longer than 128 sub-identifiers', () => {
    const definition = tableObject(
      {
        index: { syntax: sized(DISPLAY_STRING, 1, 255), access: 'not-accessible' },
        x: { syntax: INTEGER },
      },
      [{ implied: 'index' }],
    );
    const { rows } = bound(definition);
    rows.insert({ index: 'x'.repeat(118), x: 1 });
    expect(() => rows.insert({ index: 'x'.repeat(119), x: 1 })).toThrow(
      expect.objectContaining({ code: 'SNMP_ROW_INDEX' }),
    );
  });
});
