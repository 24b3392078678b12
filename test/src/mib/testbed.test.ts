import { describe, expect, test } from 'vitest';
import type { Syntax } from '../../../src/smi/index.js';
import {
  compileMibs,
  DIAGNOSTIC_CODES,
  type DefaultValue,
  type MibModule,
  type MibSource,
  type Severities,
} from '../../../src/mib/index.js';
import { fixture } from './module-text.js';

const ROOT = [1, 3, 6, 1, 4, 1, 32473, 1];
const { mib, diagnostics } = compileMibs([fixture('TRELLIS-TESTBED-MIB')]);

function leaf(name: string): {
  syntax: Syntax;
  defaultValue?: DefaultValue | undefined;
  oid: readonly number[];
} {
  const node = mib.find(name);
  if (node?.kind !== 'scalar' && node?.kind !== 'column') throw new Error(`${name} has no syntax`);
  return node;
}

describe('the testbed module', () => {
  test('compiles without a finding', () => {
    expect(diagnostics).toEqual([]);
  });

  test('has all its OIDs below 1.3.6.1.4.1.32473.1', () => {
    const nodes = [...(mib.modules.get('TRELLIS-TESTBED-MIB')?.nodes.values() ?? [])];
    expect(nodes.map(({ oid }) => oid.slice(0, ROOT.length))).toEqual(nodes.map(() => ROOT));
    expect(mib.find('tbAStarts')?.oid).toEqual([...ROOT, 3, 1, 3]);
    expect(mib.find('tbRowStatus')?.oid).toEqual([...ROOT, 4, 1, 1, 7]);
    expect(mib.find('tbAlarm')?.oid).toEqual([...ROOT, 6, 0, 1]);
    expect(mib.find('tbCompliance')?.oid).toEqual([...ROOT, 7, 2, 1]);
  });

  test('has ranges and sizes with holes [RFC 2578 9]', () => {
    expect(leaf('tbRanges').syntax.ranges).toEqual([
      { low: -5, high: -1 },
      { low: 1, high: 10 },
      { low: 20, high: 29 },
    ]);
    expect(leaf('tbString').syntax.sizes).toEqual([
      { low: 0, high: 0 },
      { low: 4, high: 8 },
    ]);
    expect(leaf('tbWhen').syntax.sizes).toEqual([
      { low: 8, high: 8 },
      { low: 11, high: 11 },
    ]);
  });

  test('has labels of enumerations and BITS', () => {
    expect([...(leaf('tbEnum').syntax.enums ?? [])]).toEqual([
      ['up', 1],
      ['down', 2],
      ['testing', 4],
    ]);
    expect([...(leaf('tbBits').syntax.bits ?? [])]).toEqual([
      ['a', 0],
      ['b', 1],
      ['d', 3],
      ['k', 10],
    ]);
  });

  test('has conventions with their chains and hints [RFC 2579]', () => {
    expect(leaf('tbHinted').syntax).toMatchObject({
      base: 'Integer32',
      conventions: ['TbHint'],
      displayHint: 'd-2',
    });
    expect(leaf('tbRowName').syntax).toMatchObject({
      conventions: ['TbLabel'],
      displayHint: '32t',
    });
    expect(leaf('tbRowText').syntax).toMatchObject({
      conventions: ['DisplayString'],
      displayHint: '255a',
      sizes: [{ low: 0, high: 16 }],
    });
    expect(leaf('tbBigMac').syntax).toMatchObject({
      sizes: [{ low: 6, high: 6 }],
      displayHint: '1x:',
    });
    expect([...(leaf('tbRowStatus').syntax.enums ?? [])].at(-1)).toEqual(['destroy', 6]);
    expect(leaf('tbLock').syntax).toMatchObject({
      conventions: ['TestAndIncr'],
      ranges: [{ low: 0, high: 2_147_483_647 }],
    });
  });

  test.each<[string, DefaultValue | undefined]>([
    ['tbInteger', { kind: 'integer', value: 7 }],
    ['tbString', { kind: 'octets', value: new Uint8Array() }],
    ['tbEnum', { kind: 'integer', value: 2 }],
    ['tbBits', { kind: 'bits', labels: ['a', 'd'] }],
    ['tbOid', { kind: 'oid', value: ROOT }],
    ['tbAddress', { kind: 'octets', value: Uint8Array.of(127, 0, 0, 1) }],
    ['tbGauge', { kind: 'integer', value: 4_294_967_295 }],
    ['tbOpaque', undefined],
    ['tbWhen', { kind: 'octets', value: Uint8Array.of(7, 0xea, 11, 20, 0, 0, 0, 0) }],
    ['tbRowText', { kind: 'octets', value: new TextEncoder().encode('none') }],
    ['tbRowStorage', { kind: 'integer', value: 3 }],
  ])('%s has its default value [RFC 2578 7.9]', (name, value) => {
    expect(leaf(name).defaultValue).toEqual(value);
  });

  test('has tables with index and columns', () => {
    const table = mib.find('tbRowTable');
    if (table?.kind !== 'table') throw new Error('no table');
    expect(table.index).toMatchObject([
      {
        object: 'tbRowNumber',
        implied: false,
        syntax: { base: 'Unsigned32', ranges: [{ low: 1, high: 1000 }] },
      },
      {
        object: 'tbRowName',
        implied: true,
        syntax: { base: 'OctetString', sizes: [{ low: 1, high: 32 }] },
      },
    ]);
    expect(table.columns.map(({ name, column, access }) => [column, name, access])).toEqual([
      [1, 'tbRowNumber', 'not-accessible'],
      [2, 'tbRowName', 'not-accessible'],
      [3, 'tbRowValue', 'read-create'],
      [4, 'tbRowText', 'read-create'],
      [5, 'tbRowHits', 'read-only'],
      [6, 'tbRowStorage', 'read-create'],
      [7, 'tbRowStatus', 'read-create'],
    ]);
  });

  test('has a notification and groups', () => {
    expect(mib.find('tbAlarm')).toMatchObject({
      kind: 'notification',
      members: ['tbInteger', 'tbString', 'tbSecret'],
    });
    expect(mib.find('tbSecret')).toMatchObject({ access: 'accessible-for-notify' });
    expect(mib.find('tbNotificationGroup')).toMatchObject({ members: ['tbAlarm'] });
  });

  test('is the same without its prose, and told from texts that come one by one', () => {
    function* sources(): Iterable<MibSource> {
      yield fixture('TRELLIS-TESTBED-MIB');
    }
    const bare = compileMibs(sources(), { prose: false, severities: ALL_OFF });
    const withoutProse = (module: MibModule | undefined): string =>
      JSON.stringify([...(module?.nodes ?? [])], (key, value: unknown) =>
        key === 'description' || key === 'reference' ? undefined : plain(value),
      );
    const name = 'TRELLIS-TESTBED-MIB';
    expect(withoutProse(bare.mib.modules.get(name))).toBe(withoutProse(mib.modules.get(name)));
    expect(mib.find('tbAlarm')).toHaveProperty('description');
    expect(bare.mib.find('tbAlarm')).not.toHaveProperty('description');
    expect(bare.diagnostics).toEqual([]);
  });
});

const ALL_OFF: Severities = Object.fromEntries(
  Object.keys(DIAGNOSTIC_CODES).map((code) => [code, 'off']),
);

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? [...(value as Map<unknown, unknown>)] : value;
}
