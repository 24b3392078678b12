import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SnmpError, systemClock } from '../../../src/base/index.js';
import {
  scalar,
  startAgent,
  table,
  type Agent,
  type StateExport,
  type StoredTable,
} from '../../../src/index.js';
import { exportState, StateStore } from '../../../src/store/index.js';
import { integer, SnmpClient, status, values } from '../../support/snmp-client.js';
import { mibText } from '../../support/mib-fixtures.js';

const LOCK_AT_FIRST = 7;
const NAMES = ['rwInt.0', 'confReq.1', 'confReq.2', 'confReq.3', 'confReq.9', 'lock.0'];

let folder: string;
let agent: Agent;
let client: SnmpClient;
let rows: StoredTable;
const told = vi.fn<(what: string) => void>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-transfer-'));
  told.mockClear();
  await start();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await agent.stop();
  rmSync(folder, { recursive: true });
});

/** An agent with a device that follows rwInt, a lock, and a table that is asked. */
async function start(): Promise<void> {
  agent = await startAgent({
    state: join(folder, 'state'),
    access: { communities: { private: 'write' } },
  });
  client = new SnmpClient((octets) => agent.inject(octets), { community: 'private' });
  rows = table.stored({ isSetOk: () => told('isSetOk') });
  const level = scalar.stored<number>({ value: 50, onSet: () => told('onSet') });
  rows.on('change', () => told('change'));
  level.on('change', () => told('change'));
  await agent.loadText(mibText('CONF-MIB'), [
    { name: 'one', rwInt: level, confTable: rows },
    { name: 'two', lock: scalar.stored({ value: LOCK_AT_FIRST }) },
  ]);
}

const get = async (): Promise<string> => values(await client.get(...NAMES)).join(' ');
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof SnmpError ? error.code : error),
  );

/** Two rows and a level; what comes of it is told by `get`. */
async function fill(): Promise<StateExport> {
  rows.insert({ confIndex: 1, confReq: 10 });
  rows.insert({ confIndex: 2, confReq: 20 });
  expect(
    status(await client.set(['rwInt.0', integer(60)], ['lock.0', integer(LOCK_AT_FIRST)])),
  ).toBe('noError/0');
  return JSON.parse(JSON.stringify(await agent.exportState())) as StateExport;
}

/** Away from what `fill` left. */
async function change(): Promise<string> {
  rows.update([1], { confReq: 11 });
  rows.delete([2]);
  rows.insert({ confIndex: 3, confReq: 30 });
  rows.insert({ confIndex: 9, confReq: 90, confStorage: 'volatile' });
  expect(
    status(await client.set(['rwInt.0', integer(70)], ['lock.0', integer(LOCK_AT_FIRST + 1)])),
  ).toBe('noError/0');
  told.mockClear();
  return get();
}

describe('an export of a running agent', () => {
  it('has every SET that was answered, and is that of the directory', async () => {
    await fill();
    const sets = Array.from({ length: 5 }, async (_, i) => {
      await client.set(['rwInt.0', integer(i + 1)]);
      return agent.exportState();
    });
    const last = (await Promise.all(sets)).at(-1);
    await agent.stop();
    const store = await StateStore.open(join(folder, 'state'), systemClock, 'look');
    expect(last).toEqual(exportState(store));
    await store.close();
    await start();
  });
});

describe('an import into a running agent', () => {
  it('makes all of it as it was: rows come, go and change, what is volatile stays', async () => {
    const backup = await fill();
    await change();
    const result = await agent.importState(backup, { notServed: 'leave' });
    expect(result).toMatchObject({ rows: expect.any(Number), notServed: [] });
    const restored = await get();
    // The lock goes one further: what managers knew of it before does not match.
    expect(restored).toBe(
      'Integer32:60 Integer32:10 Integer32:20 noSuchInstance Integer32:90 Integer32:10',
    );
    expect(told).not.toHaveBeenCalled();
    await agent.stop();
    await start();
    // And at the start one more.
    expect(await get()).toBe(
      restored.replace('Integer32:90', 'noSuchInstance').replace(/Integer32:10$/, 'Integer32:11'),
    );
  });

  it('is all or nothing where the module does not allow a part of it', async () => {
    const backup = await fill();
    const before = await change();
    const spoiled = (spoil: (rows: Record<string, Record<string, unknown>>) => void): unknown => {
      const copy = structuredClone(backup);
      const object = copy.objects.find(({ rows: found }) => '1' in found);
      spoil(object?.rows as Record<string, Record<string, unknown>>);
      return copy;
    };
    for (const [content, why] of [
      [spoiled((found) => (found['2'] = { ...found['2'], 2: { OctetString: '00' } })), 'confReq'],
      [spoiled((found) => (found['2'] = { 7: { Integer32: 1 } })), 'confTable row 2'],
      [spoiled((found) => (found['1.1'] = found['1'] as object as never)), 'row 1.1'],
      [spoiled((found) => (found['2'] = { 99: { Integer32: 1 } })), 'no column 99'],
      [{ ...backup, objects: [...backup.objects, { oid: '1.3.6.1.9', rows: {} }] }, '1.3.6.1.9'],
      [{ ...backup, objects: [...backup.objects, backup.objects[0]] }, 'twice'],
    ] as const) {
      await expect(agent.importState(content)).rejects.toMatchObject({
        code: 'SNMP_STATE_IMPORT',
        message: expect.stringContaining(why),
      });
    }
    expect(await get()).toBe(before);
  });

  it('leaves what nobody serves where it is told to, and says so', async () => {
    const backup = await fill();
    const foreign = { oid: '1.3.6.1.9', rows: { '': { 0: { Integer32: 1 } } } };
    const content = { ...backup, objects: [...backup.objects, foreign] };
    await change();
    const { notServed } = await agent.importState(content, { notServed: 'leave' });
    expect(notServed).toEqual(['1.3.6.1.9']);
    expect(await get()).toMatch(/^Integer32:60 Integer32:10 Integer32:20/);
  });

  it('is taken back where it cannot be written; then and after a restart all is as before', async () => {
    const backup = await fill();
    const before = await change();
    vi.spyOn(StateStore.prototype, 'commit').mockRejectedValueOnce(
      new SnmpError('SNMP_STATE_WRITE', 'no space left'),
    );
    expect(await codeOf(agent.importState(backup))).toBe('SNMP_STATE_IMPORT');
    expect(await get()).toBe(before);
    vi.restoreAllMocks();
    await agent.stop();
    await start();
    expect(await get()).toBe(
      before.replace('Integer32:90', 'noSuchInstance').replace(/Integer32:9$/, 'Integer32:10'),
    );
  });

  it('is in the order of SETs: no read sees half of it, no SET comes in between [docs/set.md 4]', async () => {
    const backup = await fill();
    const before = await change();
    const first = client.set(['rwInt.0', integer(80)]);
    const done = agent.importState(backup);
    const read = get();
    const last = client.set(['rwInt.0', integer(90)]);
    expect([status(await first), status(await last)]).toEqual(['noError/0', 'noError/0']);
    await done;
    const restored = 'Integer32:60 Integer32:10 Integer32:20 noSuchInstance Integer32:90';
    expect([
      before.replace('Integer32:70', 'Integer32:80'),
      `${restored} Integer32:10`,
      `${restored.replace('60', '90')} Integer32:10`,
    ]).toContain(await read);
    expect(await get()).toBe(`${restored.replace('Integer32:60', 'Integer32:90')} Integer32:10`);
  });

  it('is nothing for an agent that keeps nothing, or has stopped', async () => {
    const backup = await fill();
    await using other = await startAgent();
    expect(await codeOf(other.importState(backup))).toBe('SNMP_STATE_NONE');
    expect(await codeOf(other.exportState())).toBe('SNMP_STATE_NONE');
    await agent.stop();
    expect(await codeOf(agent.importState(backup))).not.toBe('done');
  });
});
