import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SnmpError, systemClock } from '../../../src/base/index.js';
import { compareOids, parseOid, type Oid, type SnmpValue } from '../../../src/smi/index.js';
import { exportState, importState, StateStore } from '../../../src/store/index.js';
import {
  META_KEY,
  objectKey,
  readObjectKey,
  rowToJson,
  sealed,
  unsealed,
} from '../../../src/store/record.js';
import { valueFromJson, valueToJson } from '../../../src/store/value-json.js';
import { runs } from '../../support/arbitraries.js';

const SCALAR = parseOid('1.3.6.1.4.1.32473.1');
const TABLE = parseOid('1.3.6.1.4.1.32473.2');

let folder: string;
let directory: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-state-'));
  directory = join(folder, 'state');
});
afterEach(() => rmSync(folder, { recursive: true }));

const opened = (): Promise<StateStore> => StateStore.open(directory, systemClock, 'agent');

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof SnmpError ? error.code : String(error)),
  );
}

const row = (oid: Oid, rowIndex: Oid, ...values: readonly (readonly [number, SnmpValue])[]) => ({
  key: objectKey(oid, rowIndex),
  value: sealed(rowToJson(values.map(([column, value]) => ({ column, value })))),
});
const int = (value: number): SnmpValue => ({ type: 'Integer32', value });

/** Names and contents of everything in a directory. */
function contents(path: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'latin1')]),
  );
}

const value = fc.oneof<fc.Arbitrary<SnmpValue>[]>(
  fc.record({ type: fc.constant('Integer32' as const), value: fc.integer() }),
  fc.record({ type: fc.constant('Gauge32' as const), value: fc.nat(0xffff_ffff) }),
  fc.record({
    type: fc.constant('Counter64' as const),
    value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  }),
  fc.record({
    type: fc.constant('OctetString' as const),
    value: fc.uint8Array({ maxLength: 80 }).map((octets) => Buffer.from(octets)),
  }),
  fc.record({
    type: fc.constant('ObjectIdentifier' as const),
    value: fc.array(fc.nat(0xffff_ffff), { minLength: 2, maxLength: 20 }),
  }),
);
const oid = fc.array(fc.nat(0xffff_ffff), { minLength: 1, maxLength: 30 });

describe('what is written', () => {
  it('is there after the next start, in the order of rows', async () => {
    const first = await opened();
    expect(first.engineBoots).toBe(1);
    await first.commit([row(TABLE, [2], [1, int(2)]), row(TABLE, [10], [1, int(10)])]);
    await first.commit([row(TABLE, [1, 5], [1, int(1)]), row(SCALAR, [], [0, int(9)])]);
    await first.commit([{ key: objectKey(TABLE, [2]), value: undefined }]);
    await first.close();
    const second = await opened();
    expect(second.engineBoots).toBe(2);
    expect(second.rows(TABLE)?.map(({ rowIndex }) => rowIndex)).toEqual([[1, 5], [10]]);
    expect(second.rows(SCALAR)).toEqual([{ rowIndex: [], values: [{ column: 0, value: int(9) }] }]);
    expect(second.rows([1, 3, 6])).toBeUndefined();
    await second.close();
  });

  it('keeps any value and any name as it is, and names in their order', () => {
    fc.assert(
      fc.property(value, oid, oid, oid, (kept, object, left, right) => {
        expect(valueFromJson(JSON.parse(JSON.stringify(valueToJson(kept))))).toEqual(kept);
        expect(readObjectKey(objectKey(object, left))).toEqual({ oid: object, rowIndex: left });
        const order = Buffer.compare(objectKey(object, left), objectKey(object, right));
        expect(Math.sign(order)).toBe(Math.sign(compareOids(left, right)));
      }),
      runs(300),
    );
  });

  it.each([
    [{ Integer32: 1.5 }],
    [{ Gauge32: -1 }],
    [{ Counter64: '18446744073709551616' }],
    [{ OctetString: 'abc' }],
    [{ Nothing: 1 }],
    [{ Integer32: 1, Gauge32: 1 }],
    [null],
    ['text'],
  ])('is no value: %j', (json) => {
    expect(() => valueFromJson(json)).toThrow('not a kept value');
  });

  it('is begun where an earlier start found no room on the disk', async () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'trellis-state.json.new'), '');
    const store = await opened();
    await store.commit([row(TABLE, [1], [1, int(5)])]);
    expect(store.rows(TABLE)).toHaveLength(1);
    await store.close();
  });

  it('shares one commit where it waits for one, and ends at the deadline', async () => {
    const store = await opened();
    const commits = Array.from({ length: 50 }, (_, i) =>
      store.commit([row(TABLE, [i], [1, int(i)])]),
    );
    await Promise.all(commits);
    expect(store.rows(TABLE)).toHaveLength(50);
    await store.close();
    expect(await codeOf(store.commit([]))).toBe('SNMP_STATE_WRITE');
  });
});

describe('a directory', () => {
  it.each([
    ['with files of somebody else', () => writeFileSync(join(directory, 'notes.txt'), 'mine')],
    ['with an LMDB of somebody else', () => writeFileSync(join(directory, 'data.mdb'), 'x')],
    [
      'that something else marked',
      () => writeFileSync(join(directory, 'trellis-state.json'), '{"format":"other","version":1}'),
    ],
  ])('%s is refused and left as it is', async (_what, prepare) => {
    mkdirSync(directory);
    prepare();
    const before = contents(directory);
    expect(await codeOf(opened())).toBe('SNMP_STATE_FOREIGN');
    expect(contents(directory)).toEqual(before);
  });

  it('of another format version is refused and left as it is', async () => {
    mkdirSync(directory);
    writeFileSync(
      join(directory, 'trellis-state.json'),
      '{"format":"trellis-state","version":2,"hasData":true}',
    );
    const before = contents(directory);
    expect(await codeOf(opened())).toBe('SNMP_STATE_VERSION');
    expect(contents(directory)).toEqual(before);
  });

  it.each([
    ['is cut short', (path: string) => truncateSync(path, 8192)],
    ['is empty', (path: string) => truncateSync(path, 0)],
    ['is gone', (path: string) => rmSync(path)],
    ['has no header', (path: string) => writeFileSync(path, Buffer.alloc(65_536, 7))],
  ])('whose data %s is refused and left as it is', async (_what, damage) => {
    const store = await opened();
    await store.commit(Array.from({ length: 500 }, (_, i) => row(TABLE, [i], [1, int(i)])));
    await store.close();
    damage(join(directory, 'data.mdb'));
    const before = contents(directory);
    expect(await codeOf(opened())).toBe('SNMP_STATE_DAMAGED');
    expect(await codeOf(StateStore.open(directory, systemClock, 'look'))).toBe(
      'SNMP_STATE_DAMAGED',
    );
    expect(contents(directory)).toEqual(before);
  });

  it('with a flipped bit in a value says so when that is read', async () => {
    const store = await opened();
    const damaged = sealed({ 1: { Integer32: 5 } });
    damaged[6] = (damaged[6] ?? 0) ^ 1;
    await store.commit([{ key: objectKey(TABLE, [1]), value: damaged }]);
    expect(() => store.rows(TABLE)).toThrow('checksum');
    await store.close();
  });

  it('that cannot be made is refused', async () => {
    writeFileSync(directory, 'a file');
    expect(await codeOf(opened())).toBe('SNMP_STATE_UNUSABLE');
  });

  it('that an agent has open is refused to a second one, not to somebody who looks', async () => {
    const store = await opened();
    await store.commit([row(SCALAR, [], [0, int(1)])]);
    expect(await codeOf(opened())).toBe('SNMP_STATE_IN_USE');
    const look = await StateStore.open(directory, systemClock, 'look');
    expect([...look.objects()]).toHaveLength(1);
    await look.close();
    await store.close();
    expect(await codeOf(opened().then((again) => again.close()))).toBe('done');
  });

  it('of a process that died is taken over', async () => {
    await (await opened()).close();
    const database = open<Buffer, Buffer>({
      path: directory,
      encoding: 'binary',
      keyEncoding: 'binary',
    });
    const owner = { pid: process.pid, startTicks: 'before this one' };
    database.putSync(META_KEY, sealed({ engineBoots: 2_147_483_647, owner }));
    await database.close();
    const store = await opened();
    expect(store.engineBoots).toBe(2_147_483_647);
    await store.close();
  });
});

describe('an export', () => {
  it('is the same for the same state, and restores it', async () => {
    const store = await opened();
    await store.commit([
      row(TABLE, [3, 4], [1, int(-5)], [2, { type: 'OctetString', value: Buffer.from('é') }]),
      row(TABLE, [], [1, int(0)]),
      row(SCALAR, [], [0, { type: 'Counter64', value: 2n ** 64n - 1n }]),
    ]);
    const exported = exportState(store);
    await store.close();
    directory = join(folder, 'restored');
    const restored = await opened();
    expect(await importState(restored, JSON.parse(JSON.stringify(exported)))).toBe(3);
    expect(exportState(restored).objects).toEqual(exported.objects);
    expect(await codeOf(importState(restored, exported))).toBe('SNMP_STATE_IMPORT');
    await restored.close();
  });

  it.each([[null], [{}], [{ format: 'trellis-state', version: 99, objects: [] }], ['text']])(
    'is not what is none: %j',
    async (content) => {
      const store = await opened();
      expect(await codeOf(importState(store, content))).toBe('SNMP_STATE_IMPORT');
      expect([...store.objects()]).toEqual([]);
      await store.close();
    },
  );
});

describe('a checksum', () => {
  it('finds any flipped bit', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.nat(7), (kept, at, bit) => {
        const octets = sealed(valueToJson(kept));
        const place = at % octets.length;
        octets[place] = (octets[place] ?? 0) ^ (1 << bit);
        expect(() => unsealed(octets)).toThrow('damaged');
      }),
      runs(300),
    );
  });
});
