import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent.js';
import type { SubtreeDefinition } from '../../../src/agent-options.js';
import { SimulatedClock } from '../../../src/base/index.js';
import { noSuchInstance, scalar, table } from '../../../src/instrumentation/index.js';
import type { MibDefinition } from '../../../src/mib/index.js';
import { startAgent } from '../../../src/start-agent.js';
import { defineSubtree } from '../../../src/typed-subtree.js';
import { integer, SnmpClient, status, values } from '../../support/snmp-client.js';
import { TYPED_MIB } from '../../fixtures/typed/typed-mib.js';

const ROOT = [1, 3, 6, 1, 4, 1, 32473, 88];
const COUNT = [...ROOT, 1, 7, 0];

function start(view: readonly string[] = ['1.3.6.1']): Promise<Agent> {
  const all = { include: view };
  return startAgent({
    clock: new SimulatedClock(),
    access: { communities: { private: { read: all, write: all } } },
  });
}

const clientOf = (agent: Agent): SnmpClient => new SnmpClient((octets) => agent.inject(octets));

describe('loading a definition', () => {
  it('makes its module and its names known', async () => {
    await using agent = await start(['TYPED-MIB::tyCount']);
    expect(agent.oidOf('tyCount')).toBeUndefined();
    await agent.load(TYPED_MIB, { name: 'a', tyCount: { get: () => 1 } });
    expect(agent.oidOf('tyCount')).toEqual([...ROOT, 1, 7]);
    expect(agent.oidOf('TYPED-MIB::friendLeft')).toEqual([...ROOT, 0, 1]);
    // A view that names an object of it shows it from now on.
    expect(values(await clientOf(agent).get(COUNT))).toEqual(['Counter32:1']);
    await agent.load('TYPED-MIB', { name: 'b', tyTicks: { get: () => 2 } });
    expect(agent.oidOf('tyTicks')).toEqual([...ROOT, 1, 12]);
  });

  it('announces the module in sysORTable', async () => {
    await using agent = await start();
    await agent.load(TYPED_MIB, { tyCount: { get: () => 1 } });
    expect(agent.capabilities.rows.map(({ sysORID }) => sysORID)).toContainEqual(ROOT);
  });

  it('refuses what overlaps with what was loaded of the text, and the other way round', async () => {
    const path = 'test/fixtures/mib-text/TYPED-MIB.mib';
    await using agent = await start();
    await agent.loadText(path, { name: 'text', tyCount: { get: () => 1 } });
    await expect(
      agent.load(TYPED_MIB, { name: 'definition', tyCount: { get: () => 2 } }),
    ).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
    await agent.load(TYPED_MIB, { name: 'definition', tyTicks: { get: () => 2 } });
    await expect(
      agent.load('TYPED-MIB', { name: 'again', tyTicks: { get: () => 3 } }),
    ).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
    expect(values(await clientOf(agent).get(COUNT, [...ROOT, 1, 12, 0]))).toEqual([
      'Counter32:1',
      'TimeTicks:2',
    ]);
  });

  it('of several subtrees, of several modules and by reload is the same, typed by defineSubtree', async () => {
    await using agent = await start();
    await agent.load(TYPED_MIB, [
      { name: 'one', tyCount: { get: () => 1 } },
      { name: 'two', tyTicks: { get: () => 2 } },
    ]);
    await agent.unload('two');
    await agent.load([
      {
        module: TYPED_MIB,
        instrumentation: defineSubtree(TYPED_MIB, { name: 'two', tyTicks: { get: () => 3 } }),
      },
    ]);
    await agent.reload('one', defineSubtree(TYPED_MIB, { tyCount: { get: () => 4 } }), {
      module: TYPED_MIB,
    });
    expect(values(await clientOf(agent).get(COUNT, [...ROOT, 1, 12, 0]))).toEqual([
      'Counter32:4',
      'TimeTicks:3',
    ]);
  });

  it('refuses one that was damaged, and changes nothing', async () => {
    await using agent = await start();
    const broken = { ...TYPED_MIB, format: 2 } as unknown as MibDefinition;
    await expect(agent.load(broken, { tyCount: { get: () => 1 } })).rejects.toMatchObject({
      code: 'SNMP_MIB_DEFINITION',
    });
    expect(agent.oidOf('tyCount')).toBeUndefined();
  });
});

/** What does not compile where it is typed is refused at load where it is not. */
describe('what the types refuse', () => {
  const reads = { get: () => [], getNext: () => [] };
  const set = (): 'noError' => 'noError';
  it.each<[string, SubtreeDefinition, string]>([
    ['an object that is not accessible', { tyHidden: { get: () => 1 } }, 'SNMP_LOAD_BAD_FUNCTIONS'],
    ['one that is stored', { tyHidden: scalar.stored() }, 'SNMP_LOAD_BAD_FUNCTIONS'],
    ['a set of a read-only scalar', { tyCount: { get: () => 1, set } }, 'SNMP_LOAD_BAD_FUNCTIONS'],
    [
      'a set of a table without writable columns',
      { portTable: { ...reads, set } },
      'SNMP_LOAD_BAD_FUNCTIONS',
    ],
    [
      'a set of such a computed table',
      { portTable: table.computed({ rows: () => [], set }) },
      'SNMP_LOAD_BAD_FUNCTIONS',
    ],
    [
      'isSetOk without set of a computed table',
      { friendTable: table.computed({ rows: () => [], isSetOk: set }) },
      'SNMP_LOAD_BAD_FUNCTIONS',
    ],
    [
      'both set and readOnly',
      { tyMood: { get: () => 'sad', set, readOnly: true } },
      'SNMP_LOAD_BAD_FUNCTIONS',
    ],
    [
      'rows with a column that nobody can see',
      {
        visitTable: table.stored({
          rows: [{ visitFrom: '192.0.2.1', visitWhat: 'a', visitSecret: 1 }],
        }),
      },
      'SNMP_STORED_VALUE',
    ],
    [
      'rows with a column that is none',
      { friendTable: table.stored({ rows: [{ friendIndex: 1, x: 1 }] }) },
      'SNMP_STORED_VALUE',
    ],
    [
      'rows with a label that is none',
      { friendTable: table.stored({ rows: [{ friendIndex: 1, friendKind: 'cat' }] }) },
      'SNMP_STORED_VALUE',
    ],
    [
      'rows that are to be created',
      { friendTable: table.stored({ rows: [{ friendIndex: 1, friendStatus: 'createAndGo' }] }) },
      'SNMP_STORED_VALUE',
    ],
    [
      'rows without an INDEX object',
      { friendTable: table.stored({ rows: [{ friendName: 'a' }] }) },
      'SNMP_ROW_INDEX',
    ],
    ['an object that is none', { tyNothing: { get: () => 1 } }, 'SNMP_LOAD_UNKNOWN_OBJECT'],
    [
      'a node that is none',
      { subtree: 'none', tyCount: { get: () => 1 } },
      'SNMP_LOAD_UNKNOWN_OBJECT',
    ],
  ])('is refused at load: %s', async (_, definition, code) => {
    await using agent = await start();
    await expect(agent.load(TYPED_MIB as MibDefinition, definition)).rejects.toMatchObject({
      code,
    });
  });
});

describe('an object that is read-only on purpose', () => {
  it('is notWritable', async () => {
    await using agent = await start();
    await agent.load(TYPED_MIB, {
      tyLevel: { get: () => 3, readOnly: true },
      friendTable: table.computed({ rows: () => [{ friendIndex: 1 }], readOnly: true }),
    });
    const client = clientOf(agent);
    expect(status(await client.set([[...ROOT, 1, 8, 0], integer(4)]))).toBe('notWritable/1');
    expect(status(await client.set([[...ROOT, 2, 1, 3, 1], integer(1)]))).toBe('notWritable/1');
  });
});

describe('the functions of a table', () => {
  it('are asked for row indexes of the right length only: others name no row', async () => {
    const asked: (readonly number[])[] = [];
    await using agent = await start();
    const ask = (rowIndex: readonly number[], columns: readonly number[]) => {
      asked.push(rowIndex);
      return columns.map(() => noSuchInstance);
    };
    await agent.load(TYPED_MIB, {
      portTable: { get: ask, getNext: () => [] },
      visitTable: { get: ask, getNext: () => [], readOnly: true },
    });
    const client = clientOf(agent);
    const get = (...name: number[]) => client.get([...ROOT, ...name]);
    await get(4, 1, 2, 1);
    await get(4, 1, 2, 1, 2);
    await get(4, 1, 2, 1, 2, 3);
    await get(3, 1, 3, 192, 0, 2, 1);
    await get(3, 1, 3, 192, 0, 2, 1, 97);
    const last = await get(3, 1, 3, 192, 0, 2, 1, 97, 98);
    expect(asked).toEqual([
      [1, 2],
      [192, 0, 2, 1, 97],
      [192, 0, 2, 1, 97, 98],
    ]);
    expect(values(last)).toEqual(['noSuchInstance']);
  });
});
