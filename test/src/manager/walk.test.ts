import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { community, RequestError, type Target } from '../../../src/manager/index.js';
import type { Oid, VarBind } from '../../../src/smi/index.js';
import { agentOf } from './fake-agent.js';
import { FakeNetwork, responseTo } from './fake-network.js';

const target: Target = {
  host: '192.0.2.10',
  auth: community('public'),
  timeoutMs: 100,
  retries: 1,
};
const v1: Target = { ...target, auth: community('public', { version: 'v1' }) };

function integer(name: Oid, value: number): VarBind {
  return { name, value: { type: 'Integer32', value } };
}

const SYSTEM: Oid = [1, 3, 6, 1, 2, 1, 1];
const ROWS = [
  integer([...SYSTEM, 1, 0], 1),
  integer([...SYSTEM, 2, 0], 2),
  integer([...SYSTEM, 3, 0], 3),
  integer([1, 3, 6, 1, 2, 1, 2, 1, 0], 4),
];

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function failure(items: AsyncIterable<unknown>): Promise<RequestError> {
  try {
    await all(items);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('the walk did not fail');
}

function values(varBinds: readonly VarBind[]): unknown[] {
  return varBinds.map(({ value }) => ('value' in value ? value.value : value.type));
}

test('a walk gives the subtree, and to the end of the MIB where that is asked [RFC 3416 4.2.2]', async () => {
  for (const one of [target, v1]) {
    const network = new FakeNetwork();
    network.agent = agentOf(ROWS);
    const manager = network.manager();
    expect(values(await all(manager.walk(one, SYSTEM)))).toEqual([1, 2, 3]);
    expect(network.sent).toHaveLength(4);
    expect(values(await all(manager.walk(one, SYSTEM, { subtree: false })))).toEqual([1, 2, 3, 4]);
    expect(values(await all(manager.walk(one, [1, 3, 7])))).toEqual([]);
  }
});

test('a walk by GETBULK gives the same by fewer requests', async () => {
  const network = new FakeNetwork();
  network.agent = agentOf(ROWS);
  const found = await all(network.manager().bulkWalk(target, SYSTEM, { maxRepetitions: 2 }));
  expect(values(found)).toEqual([1, 2, 3]);
  expect(network.sent).toHaveLength(2);
});

test('of an agent that finds the answers too big, fewer are asked for', async () => {
  const network = new FakeNetwork();
  const agent = agentOf(ROWS);
  network.agent = (asked) => {
    const { pdu } = asked.message;
    const isTooMuch = pdu.type === 'getBulk' && pdu.maxRepetitions > 2;
    if (isTooMuch) return responseTo(asked.message, { errorStatus: 1, varBinds: [] });
    return agent(asked);
  };
  expect(values(await all(network.manager().bulkWalk(target, SYSTEM)))).toEqual([1, 2, 3]);
});

test('maxRows counts rows, and ends the walk without asking for more', async () => {
  const network = new FakeNetwork();
  network.agent = agentOf(ROWS);
  const manager = network.manager();
  expect(values(await all(manager.bulkWalk(target, SYSTEM, { maxRows: 2 })))).toEqual([1, 2]);
  expect(values(await all(manager.walk(target, SYSTEM, { maxRows: 2 })))).toEqual([1, 2]);
  expect(network.sent).toHaveLength(3);
  expect(values(await all(manager.walk(target, SYSTEM, { maxRows: 0 })))).toEqual([]);
  expect(network.sent).toHaveLength(3);
});

test('an agent that does not go on ends the walk as oidNotIncreasing', async () => {
  for (const name of [SYSTEM, [...SYSTEM, 1, 0], [1, 3, 6, 1]] as Oid[]) {
    const network = new FakeNetwork();
    network.agent = ({ message }) =>
      responseTo(message, {
        varBinds: [integer(network.sent.length > 1 ? name : [...SYSTEM, 1, 0], 1)],
      });
    const error = await failure(network.manager().walk(target, SYSTEM));
    expect(error.code).toBe('SNMP_REQUEST_FAILED');
    expect(error.result.errorIndication).toBe('oidNotIncreasing');
    expect(network.sent).toHaveLength(2);
  }
});

test('names that do not increase are taken where that is allowed, up to the limit of requests', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) =>
    responseTo(message, { varBinds: [integer([...SYSTEM, 1, 0], 1)] });
  const walk = network.manager().walk(target, SYSTEM, { allowNonIncreasing: true, maxRequests: 7 });
  expect((await failure(walk)).result.errorIndication).toBe('tooManyRequests');
  expect(network.sent).toHaveLength(7);
});

test('an answer without variables ends the walk as emptyResponse', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message, { varBinds: [] });
  const error = await failure(network.manager().bulkWalk(target, SYSTEM));
  expect(error.result.errorIndication).toBe('emptyResponse');
});

test('an error of the agent, and its silence, are thrown once and end the walk', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message, { errorStatus: 5, errorIndex: 1 });
  const refused = await failure(network.manager().walk(target, SYSTEM));
  expect(refused.code).toBe('SNMP_REQUEST_REFUSED');
  expect(refused.result.errorStatus).toBe('genErr');
  network.agent = undefined;
  const silent = failure(network.manager().bulkWalk(target, SYSTEM));
  await network.clock.advanceAsync(1000);
  expect((await silent).result.errorIndication).toBe('requestTimedOut');
  expect(network.sent).toHaveLength(3);
});

test('noSuchName ends a walk in SNMPv1 only', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message, { errorStatus: 2, errorIndex: 1 });
  expect(await all(network.manager().walk(v1, SYSTEM))).toEqual([]);
  const error = await failure(network.manager().walk(target, SYSTEM));
  expect(error.result.errorStatus).toBe('noSuchName');
});

test('a walk that is left asks no more', async () => {
  const network = new FakeNetwork();
  network.agent = agentOf(ROWS);
  for await (const varBind of network.manager().walk(target, SYSTEM)) {
    expect(varBind.plain).toBe(1);
    break;
  }
  expect(network.sent).toHaveLength(1);
});

const IF_ENTRY: Oid = [1, 3, 6, 1, 2, 1, 2, 2, 1];

function ifTable(): VarBind[] {
  const text = (value: string) => ({ type: 'OctetString', value: Buffer.from(value) }) as const;
  return [
    integer([...IF_ENTRY, 1, 1], 1),
    integer([...IF_ENTRY, 1, 3], 3),
    { name: [...IF_ENTRY, 2, 1], value: text('lo') },
    { name: [...IF_ENTRY, 2, 2], value: text('gone') },
    { name: [...IF_ENTRY, 2, 3], value: text('eth0') },
    integer([...IF_ENTRY, 8, 1], 1),
    integer([...IF_ENTRY, 8, 3], 2),
  ];
}

test('a table comes row by row, by the names of its columns, with holes where the agent has them', async () => {
  const network = new FakeNetwork();
  network.agent = agentOf(ifTable());
  const manager = network.manager();
  expect(await all(manager.table(target, 'IF-MIB::ifTable'))).toEqual([
    { ifIndex: 1, ifDescr: 'lo', ifOperStatus: 'up' },
    { ifIndex: 2, ifDescr: 'gone' },
    { ifIndex: 3, ifDescr: 'eth0', ifOperStatus: 'down' },
  ]);
  const some = manager.table(target, ['IF-MIB', 'ifEntry'], { columns: ['ifDescr'] });
  expect(await all(some)).toEqual([
    { ifIndex: 1, ifDescr: 'lo' },
    { ifIndex: 2, ifDescr: 'gone' },
    { ifIndex: 3, ifDescr: 'eth0' },
  ]);
  await manager.close();
});

test('what is no table, or no column of it, is said before anything is sent', () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  expect(() => manager.table(target, 'IF-MIB::ifDescr')).toThrow('is no table');
  expect(() => manager.table(target, 'IF-MIB::ifTable', { columns: ['ifName'] })).toThrow(
    'ifTable has no column ifName to read',
  );
  expect(network.sent).toEqual([]);
});

test('a table that fails in one column fails, and is left by all', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message, { errorStatus: 5, errorIndex: 1 });
  const manager = network.manager();
  const error = await failure(manager.table(target, 'IF-MIB::ifTable'));
  expect(error.result.errorStatus).toBe('genErr');
  expect(manager.metrics.inFlight).toBe(0);
  await manager.close();
});

test('a module that a name begins with is looked for when it is met', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'trellis-manager-'));
  vi.stubEnv('TRELLIS_CACHE_DIR', cache);
  try {
    const network = new FakeNetwork();
    network.agent = agentOf([]);
    const manager = network.manager({ mibs: { directories: ['examples/testbed'] } });
    const name = 'TRELLIS-TESTBED-MIB::tbRowTable';
    expect(await all(manager.table(target, name))).toEqual([]);
    expect(manager.mib.modules.has('TRELLIS-TESTBED-MIB')).toBe(true);
    expect(() => manager.table(target, 'ABSENT-MIB::tbRowTable')).toThrow(
      'no MIB module ABSENT-MIB',
    );
    expect(await all(manager.table(target, name))).toEqual([]);
    await manager.close();
  } finally {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  }
});
