import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scalar, startAgent, table, type Agent, type StoredTable } from '../../../src/index.js';
import type { SubtreeDefinition } from '../../../src/index.js';
import { SnmpClient, values } from '../../support/snmp-client.js';
import { mibText } from '../../support/mib-fixtures.js';

let folder: string;
let agent: Agent;
let client: SnmpClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-given-up-'));
});
afterEach(async () => {
  await agent.stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  agent = await startAgent({
    state: join(folder, 'state'),
    access: { communities: { private: 'write' } },
  });
  client = new SnmpClient((octets) => agent.inject(octets), { community: 'private' });
}

const load = (definition: SubtreeDefinition): Promise<void> =>
  agent.loadText(mibText('CONF-MIB'), definition);
const get = async (...names: readonly string[]): Promise<string> =>
  values(await client.get(...names)).join(' ');

/** Stored objects beside a function that crashes their subtree for good. */
function fragile(rows: StoredTable, level = scalar.stored<number>({ value: 1 })) {
  const roInt = scalar.functions<number>({
    get: () => {
      throw new Error('broken');
    },
  });
  return {
    name: 'fragile',
    supervise: { intensity: 0 },
    roInt,
    rwInt: level,
    confTable: rows,
  } as const;
}

async function giveUp(): Promise<void> {
  const givenUp = new Promise((resolve) => agent.on('subtree:quarantined', resolve));
  await client.get('roInt.0');
  await givenUp;
  expect(await get('rwInt.0')).toBe('noSuchObject');
}

describe('what the program does to a subtree that was given up', () => {
  it('is kept with the first moment in which it is served again [docs/set.md 5, 6]', async () => {
    const rows = table.stored();
    const level = scalar.stored<number>({ value: 1 });
    await start();
    await load(fragile(rows, level));
    rows.insert({ confIndex: 1, confReq: 10 });
    await giveUp();
    level.set(7);
    rows.insert({ confIndex: 2, confReq: 20 });
    rows.delete([1]);
    await agent.restart('fragile');
    const served = await get('rwInt.0', 'confReq.1', 'confReq.2');
    expect(served).toBe('Integer32:7 noSuchInstance Integer32:20');
    await agent.stop();
    await start();
    await load(fragile(table.stored()));
    expect(await get('rwInt.0', 'confReq.1', 'confReq.2')).toBe(served);
  });

  it.each(['restart', 'reload'] as const)(
    'is nothing to who is served in its place; after a %s what is served is what is kept [docs/set.md 5, 6]',
    async (back) => {
      const rows = table.stored();
      const others = table.stored();
      await start();
      await load(fragile(rows));
      rows.insert({ confIndex: 1, confReq: 10 });
      await giveUp();
      await load({ name: 'other', confTable: others });
      // It has found what was kept.
      expect(await get('confReq.1')).toBe('Integer32:10');
      rows.insert({ confIndex: 2, confReq: 20 });
      rows.delete([1]);
      others.insert({ confIndex: 3, confReq: 30 });
      await agent.stop();
      await start();
      const found = table.stored();
      await load({ name: 'other', confTable: found });
      expect([...found].map(({ confIndex }) => confIndex)).toEqual([1, 3]);
      await agent.unload('other');
      const again = table.stored();
      await load(fragile(again));
      await giveUp();
      await load({ name: 'other', confTable: others });
      again.delete([3]);
      others.insert({ confIndex: 4, confReq: 40 });
      await agent.unload('other');
      if (back === 'restart') await agent.restart('fragile');
      else await agent.reload('fragile');
      expect([...again].map(({ confIndex }) => confIndex)).toEqual([1]);
      await agent.stop();
      await start();
      const last = table.stored();
      await load(fragile(last));
      expect([...last].map(({ confIndex }) => confIndex)).toEqual([1]);
    },
  );
});
