import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger, SnmpError } from '../../../src/base/index.js';
import { nextTurn } from '../../../src/base/turn.js';
import { scalar, startAgent, table, type Agent, type StoredTable } from '../../../src/index.js';
import { StateStore } from '../../../src/store/index.js';
import { META_KEY, sealed } from '../../../src/store/record.js';
import type { SubtreeDefinition } from '../../../src/index.js';
import type { SnmpValue } from '../../../src/smi/index.js';
import { integer, SnmpClient, status, values } from '../../support/snmp-client.js';
import { mibText } from '../../support/mib-fixtures.js';

const originalCommit: unknown = Reflect.get(StateStore.prototype, 'commit');

let folder: string;
let directory: string;
let agent: Agent;
let client: SnmpClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-durable-'));
  directory = join(folder, 'state');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await agent.stop();
  rmSync(folder, { recursive: true });
});

async function start(...definitions: readonly SubtreeDefinition[]): Promise<void> {
  agent = await startAgent({
    state: directory,
    access: { communities: { private: 'write' } },
  });
  client = new SnmpClient((octets) => agent.inject(octets), { community: 'private' });
  await agent.loadText(mibText('CONF-MIB'), definitions);
}

/** The directory as a kill at this very moment would leave it. */
async function asAfterKill(): Promise<string> {
  const copy = join(folder, `copy-${Math.trunc(performance.now() * 1000)}`);
  cpSync(directory, copy, { recursive: true });
  const database = open<Buffer, Buffer>({ path: copy, encoding: 'binary', keyEncoding: 'binary' });
  database.putSync(META_KEY, sealed({ engineBoots: 1, owner: { pid: 2 ** 22 + 1 } }));
  await database.close();
  return copy;
}

const get = async (...names: readonly string[]): Promise<string> =>
  values(await client.get(...names)).join(' ');
const set = async (...changes: readonly (readonly [string, SnmpValue])[]): Promise<string> =>
  status(await client.set(...changes));

/** Of the state's writes from now on, the one with this number (from 1) fails. */
function failCommit(failing: number): void {
  let count = 0;
  const spy = vi.spyOn(StateStore.prototype, 'commit');
  spy.mockImplementation(function (this: StateStore, writes) {
    count += 1;
    if (count !== failing)
      return Reflect.apply(originalCommit as () => void, this, [writes]) as Promise<void>;
    return Promise.reject(new SnmpError('SNMP_STATE_WRITE', 'no space left'));
  });
}

describe('stored scalars', () => {
  it('are as they were, also those that the program changed [OTP-068, MIB-003]', async () => {
    const first = scalar.stored({ value: 1 });
    await start({ name: 'one', rwInt: scalar.stored({ value: 50 }), anyInt: first });
    expect(await set(['rwInt.0', integer(77)])).toBe('noError/0');
    first.set(9);
    await agent.stop();
    const second = scalar.stored({ value: 2 });
    await start({ name: 'one', rwInt: scalar.stored({ value: 51 }), anyInt: second });
    expect(await get('rwInt.0', 'anyInt.0')).toBe('Integer32:77 Integer32:9');
  });

  it('that are TestAndIncr go one further with every start, used or not [TC-007]', async () => {
    const define = (): SubtreeDefinition => ({ name: 'one', lock: scalar.stored({ value: 41 }) });
    await start(define());
    expect(await set(['lock.0', integer(41)])).toBe('noError/0');
    for (const found of [43, 44]) {
      await agent.stop();
      await start(define());
      expect(await get('lock.0')).toBe(`Integer32:${found}`);
    }
    // And with nothing but a start: no load, no reload moves it.
    await agent.reload('one');
    expect(await get('lock.0')).toBe('Integer32:44');
    expect(await set(['lock.0', integer(43)])).toBe('inconsistentValue/1');
    expect(await set(['lock.0', integer(44)])).toBe('noError/0');
  });

  it('begin anew where they are not durable', async () => {
    await start({ name: 'one', rwInt: scalar.stored({ value: 50, durable: false }) });
    expect(await set(['rwInt.0', integer(77)])).toBe('noError/0');
    await agent.stop();
    await start({ name: 'one', rwInt: scalar.stored({ value: 51, durable: false }) });
    expect(await get('rwInt.0')).toBe('Integer32:51');
  });

  it('are noError only when they are on the disk [docs/set.md 5]', async () => {
    await start({ name: 'one', rwInt: scalar.stored({ value: 50 }) });
    const image = { path: '' };
    const answer = client.set(['rwInt.0', integer(77)]);
    expect(status(await answer)).toBe('noError/0');
    image.path = await asAfterKill();
    await agent.stop();
    directory = image.path;
    await start({ name: 'one', rwInt: scalar.stored({ value: 51 }) });
    expect(await get('rwInt.0')).toBe('Integer32:77');
  });
});

describe('a SET that cannot be written', () => {
  it('is commitFailed, rolled back, and leaves no trace; the next one is kept [LIM-017]', async () => {
    const rolledBack = vi.fn<() => 'noError'>(() => 'noError');
    await start(
      { name: 'one', rwInt: scalar.stored({ value: 50 }) },
      {
        name: 'two',
        anyInt: scalar.functions<number>({
          get: () => 1,
          set: () => 'noError',
          rollback: rolledBack,
        }),
      },
    );
    // The first write is what functions need for their rollback, the second the SET itself.
    for (const [failing, answer] of [
      [1, 'resourceUnavailable/1'],
      [2, 'commitFailed/1'],
    ] as const) {
      failCommit(failing);
      expect(await set(['rwInt.0', integer(77)], ['anyInt.0', integer(3)])).toBe(answer);
      vi.restoreAllMocks();
      expect(await get('rwInt.0')).toBe('Integer32:50');
    }
    expect(rolledBack).toHaveBeenCalledTimes(1);
    expect(await set(['rwInt.0', integer(78)], ['anyInt.0', integer(3)])).toBe('noError/0');
    await agent.stop();
    await start({ name: 'one', rwInt: scalar.stored({ value: 51 }) });
    expect(await get('rwInt.0')).toBe('Integer32:78');
  });

  it('of the program is tried again, and told', async () => {
    const stored = scalar.stored({ value: 50 });
    await start({ name: 'one', rwInt: stored });
    failCommit(1);
    const failed = new Promise((resolve) => agent.on('state:failed', resolve));
    stored.set(60);
    expect(await failed).toMatchObject({ error: { code: 'SNMP_STATE_WRITE' } });
    expect(agent.metrics().stateWritesPending).toBe(1);
    // A SET takes along what waits.
    expect(await set(['1.3.6.1.2.1.1.6.0', { type: 'OctetString', value: Buffer.from('x') }])).toBe(
      'noError/0',
    );
    expect(agent.metrics().stateWritesPending).toBe(0);
    await agent.stop();
    await start({ name: 'one', rwInt: scalar.stored({ value: 51 }) });
    expect(await get('rwInt.0')).toBe('Integer32:60');
  });
});

describe('a write of the program that fails', () => {
  it('is not tried again over what a SET has written since', async () => {
    const stored = scalar.stored<number>({ value: 50 });
    await start({ name: 'one', rwInt: stored });
    let fail: () => void = () => undefined;
    const failure = new Promise<void>((_resolve, reject) => {
      fail = () => reject(new SnmpError('SNMP_STATE_WRITE', 'no space left'));
    });
    let count = 0;
    vi.spyOn(StateStore.prototype, 'commit').mockImplementation(async function (
      this: StateStore,
      writes,
    ) {
      count += 1;
      if (count === 1) return failure;
      // As on the disk, one after the other.
      await failure.catch(() => undefined);
      return Reflect.apply(originalCommit as () => void, this, [writes]) as Promise<void>;
    });
    stored.set(60);
    await Promise.resolve();
    const answer = client.set(['rwInt.0', integer(77)]);
    while (count < 2) await nextTurn();
    fail();
    expect(status(await answer)).toBe('noError/0');
    vi.restoreAllMocks();
    await agent.stop();
    await start({ name: 'one', rwInt: scalar.stored({ value: 51 }) });
    expect(await get('rwInt.0')).toBe('Integer32:77');
  });
});

describe('functions with rollback', () => {
  it('are handed what was there, where the process died in the SET [docs/set.md 5]', async () => {
    const device = { level: 4 };
    let image = '';
    const functions: SubtreeDefinition = {
      name: 'device',
      rwInt: scalar.functions<number>({
        get: () => device.level,
        set: async (value) => {
          device.level = value;
          image = await asAfterKill();
          return 'noError' as const;
        },
        rollback: () => 'noError',
      }),
    };
    await start(functions);
    expect(await set(['rwInt.0', integer(70)])).toBe('noError/0');
    await agent.stop();
    const told: unknown[] = [];
    const again: SubtreeDefinition = {
      name: 'device',
      rwInt: scalar.functions<number>({
        get: () => device.level,
        set: () => 'noError',
        new: () => told.push('new'),
        rollback: (value, { before, requester }) => {
          told.push([value, before, requester]);
          device.level = before as number;
          return 'noError';
        },
      }),
    };
    // That process died in `set`: nobody was told noError.
    directory = image;
    await start(again);
    expect(told).toEqual(['new', [70, 4, undefined]]);
    expect(await get('rwInt.0')).toBe('Integer32:4');
    await agent.stop();
    // And once is enough.
    told.length = 0;
    await start(again);
    expect(told).toEqual(['new']);
  });

  it('hear nothing of a SET that was committed, nor of one that was rolled back [docs/set.md 5]', async () => {
    const rollback = vi.fn<() => 'noError'>(() => 'noError');
    const device = (answer: 'noError' | 'genErr'): SubtreeDefinition => ({
      name: 'device',
      rwInt: scalar.functions<number>({ get: () => 4, set: () => 'noError', rollback }),
      anyInt: scalar.functions<number>({ get: () => 5, set: () => answer }),
    });
    await start(device('noError'));
    expect(await set(['rwInt.0', integer(70)], ['anyInt.0', integer(1)])).toBe('noError/0');
    await agent.stop();
    await start(device('genErr'));
    expect(rollback).not.toHaveBeenCalled();
    expect(await set(['rwInt.0', integer(70)], ['anyInt.0', integer(1)])).toBe('genErr/2');
    expect(rollback).toHaveBeenCalledTimes(1);
    await agent.stop();
    await start(device('noError'));
    expect(rollback).toHaveBeenCalledTimes(1);
  });

  it('that fail to roll back are told, and have the next start', async () => {
    let image = '';
    await start({
      name: 'device',
      rwInt: scalar.functions<number>({
        get: () => 4,
        restore: true,
        set: async () => {
          image = await asAfterKill();
          return 'noError' as const;
        },
      }),
    });
    expect(await set(['rwInt.0', integer(70)])).toBe('noError/0');
    await agent.stop();
    directory = image;
    const setBack: unknown[] = [];
    const failing = (answer: 'genErr' | 'noError'): SubtreeDefinition => ({
      name: 'device',
      rwInt: scalar.functions<number>({
        get: () => 4,
        restore: true,
        set: (value) => {
          setBack.push(value);
          return answer;
        },
      }),
    });
    await start(failing('genErr'));
    expect(agent.metrics().undoFailures).toBe(1);
    expect(await get('rwInt.0')).toBe('Integer32:4');
    await agent.stop();
    await start(failing('noError'));
    expect(agent.metrics().undoFailures).toBe(0);
    expect(setBack).toEqual([4, 4]);
  });
});

describe('stored tables', () => {
  const seeds = [
    { confIndex: 1, confReq: 11 },
    { confIndex: 2, confReq: 12 },
  ];
  let rows: StoredTable;

  async function startTable(extra: readonly object[] = []): Promise<void> {
    rows = table.stored({ rows: [...seeds, ...extra] as never });
    await start({ name: 'rows', confTable: rows });
  }

  it('have their rows again, and begin with those of the program the first time only [TC-011]', async () => {
    await startTable();
    rows.delete([1]);
    rows.insert({ confIndex: 7, confReq: 70 });
    rows.update([2], { confReq: 13 });
    await agent.stop();
    await startTable([{ confIndex: 3, confReq: 30 }]);
    expect([...rows].map(({ confIndex, confReq }) => [confIndex, confReq])).toEqual([
      [2, 13],
      [7, 70],
    ]);
    rows.load([{ confIndex: 9, confReq: 90 }]);
    await agent.stop();
    await startTable();
    expect([...rows].map(({ confIndex }) => confIndex)).toEqual([9]);
    rows.clear();
    await agent.stop();
    await startTable();
    expect(rows.size).toBe(0);
  });

  it('are gone where their StorageType says so, and not begun with twice [TC-010]', async () => {
    const extra = [{ confIndex: 5, confReq: 50, confStorage: 'volatile' }];
    await startTable(extra);
    const storage = (index: number): string => `confStorage.${index}`;
    expect(await set([storage(1), integer(2)])).toBe('noError/0');
    expect(
      await set(['confReq.8', integer(80)], ['confStatus.8', integer(4)], [storage(8), integer(2)]),
    ).toBe('noError/0');
    expect(await set(['confReq.9', integer(90)], ['confStatus.9', integer(4)])).toBe('noError/0');
    await agent.stop();
    await startTable(extra);
    expect([...rows].map(({ confIndex }) => confIndex)).toEqual([2, 5, 9]);
  });

  it('leave no trace where their load is refused [SUP-029]', async () => {
    await start({ name: 'other', roInt: { get: () => 1 } });
    const refused = table.stored({ rows: [{ confIndex: 1, confReq: 1 }] as never });
    const failing = { get: () => 1, new: () => Promise.reject(new Error('no')) };
    for (const broken of [failing, {}]) {
      const definition = { name: 'rows', confTable: refused, anyInt: broken };
      await expect(agent.load('CONF-MIB', definition as never)).rejects.toThrow('anyInt');
    }
    await agent.stop();
    await startTable([{ confIndex: 3, confReq: 30 }]);
    expect([...rows].map(({ confIndex }) => confIndex)).toEqual([1, 2, 3]);
  });

  it('are over a reload what they were, and so in the next process', async () => {
    const level = scalar.stored<number>({ value: 1 });
    rows = table.stored({ rows: seeds as never });
    await start({ name: 'rows', confTable: rows, rwInt: level });
    expect(await set(['confReq.1', integer(11)], ['rwInt.0', integer(50)])).toBe('noError/0');
    rows.insert({ confIndex: 7, confReq: 70 });
    await agent.reload('rows');
    rows.delete([2]);
    level.set(51);
    const now = [...rows].map(({ confIndex, confReq }) => [confIndex, confReq]);
    expect([now, level.value]).toEqual([
      [
        [1, 11],
        [7, 70],
      ],
      51,
    ]);
    await agent.stop();
    rows = table.stored({ rows: seeds as never });
    await start({ name: 'rows', confTable: rows, rwInt: scalar.stored<number>({ value: 1 }) });
    expect([...rows].map(({ confIndex, confReq }) => [confIndex, confReq])).toEqual(now);
    expect(await get('rwInt.0')).toBe('Integer32:51');
  });

  it('are written by what is served alone: no handle of before reaches the state', async () => {
    const level = scalar.stored<number>({ value: 1 });
    await startTable();
    await agent.load('CONF-MIB', { name: 'level', rwInt: level });
    const next: StoredTable = table.stored();
    await agent.reload('rows', { confTable: next });
    rows.insert({ confIndex: 8, confReq: 80 });
    rows.delete([1]);
    next.insert({ confIndex: 9, confReq: 90 });
    await agent.unload('level');
    level.set(2);
    await agent.unload('rows');
    next.delete([9]);
    await agent.stop();
    await startTable();
    expect([...rows].map(({ confIndex }) => confIndex)).toEqual([1, 2, 9]);
    await agent.load('CONF-MIB', { name: 'level', rwInt: level });
    expect(level.value).toBe(1);
  });

  it('keep what the program changes while they are begun with, once they are served', async () => {
    await startTable();
    await agent.stop();
    rows = table.stored({ rows: seeds as never });
    const make = (): unknown => rows.insert({ confIndex: 6, confReq: 60 });
    await start({ name: 'rows', confTable: rows, anyInt: { get: () => 1, new: make } });
    await agent.stop();
    await startTable();
    expect([...rows].map(({ confIndex }) => confIndex)).toEqual([1, 2, 6]);
  });

  it('are as the program left them where they are loaded again at once', async () => {
    await startTable();
    for (const isInFlight of [false, true]) {
      rows.update([1], { confReq: isInFlight ? 21 : 20 });
      rows.insert({ confIndex: isInFlight ? 10 : 7, confReq: 70 });
      rows.delete([isInFlight ? 7 : 2]);
      // One turn later the writes are on their way.
      if (isInFlight) await Promise.resolve();
      await agent.unload('rows');
      rows = table.stored();
      await agent.load('CONF-MIB', { name: 'rows', confTable: rows });
      expect([...rows].map(({ confIndex, confReq }) => [confIndex, confReq])).toEqual(
        isInFlight
          ? [
              [1, 21],
              [10, 70],
            ]
          : [
              [1, 20],
              [7, 70],
            ],
      );
    }
  });

  it('leave out rows that a changed INDEX has no place for, and say so', async () => {
    await startTable();
    await agent.stop();
    const warnings: object[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => void warnings.push(fields) };
    const { path, text } = mibText('CONF-MIB');
    const wide = /(?<=confIndex OBJECT-TYPE\s+SYNTAX\s+Integer32 \()0/;
    expect(text).toMatch(wide);
    agent = await startAgent({ state: directory, logger });
    rows = table.stored();
    await agent.loadText(
      { path, text: text.replace(wide, '2') },
      { name: 'rows', confTable: rows },
    );
    expect([...rows].map(({ confIndex }) => confIndex)).toEqual([2]);
    expect(warnings).toEqual([{ table: 'confTable', rows: 1, example: '1' }]);
    await agent.stop();
    // They wait in the state for an INDEX that has a place for them.
    await startTable();
    expect(rows.size).toBe(2);
  });

  it('have no row in part: what is destroyed is gone, what is unfinished is as it was', async () => {
    await startTable();
    expect(await set(['confStatus.1', integer(6)])).toBe('noError/0');
    expect(await set(['confStatus.4', integer(5)])).toBe('noError/0');
    await agent.stop();
    await startTable();
    expect(await get('confStatus.1', 'confStatus.2', 'confStatus.4')).toBe(
      'noSuchInstance Integer32:1 Integer32:3',
    );
    expect(await set(['confReq.4', integer(40)], ['confStatus.4', integer(1)])).toBe('noError/0');
  });
});
