import { describe, expect, test } from 'vitest';
import {
  cellsOf,
  community,
  RequestError,
  scalarsOf,
  VarBindError,
  type ManagerEvents,
  type Target,
} from '../../../src/manager/index.js';
import { formatOid, type Oid, type SnmpValue, type VarBind } from '../../../src/smi/index.js';
import { TYPED_MIB } from '../../fixtures/typed/typed-mib.js';
import { agentOf } from './fake-agent.js';
import { FakeNetwork, responseTo } from './fake-network.js';

const target: Target = { host: '192.0.2.10', auth: community('public'), timeoutMs: 100 };
const v1: Target = { ...target, auth: community('public', { version: 'v1' }) };

const ROOT: Oid = [1, 3, 6, 1, 4, 1, 32473, 88];
const integer = (value: number): SnmpValue => ({ type: 'Integer32', value });
const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
const scalar = (number: number, value: SnmpValue): VarBind => ({
  name: [...ROOT, 1, number, 0],
  value,
});
/** A cell of friendTable (2), visitTable (3), portTable (4), moreTable (5). */
const cell = (table: number, column: number, index: Oid, value: SnmpValue): VarBind => ({
  name: [...ROOT, table, 1, column, ...index],
  value,
});

function managerOf(variables: readonly VarBind[], most?: number) {
  const network = new FakeNetwork();
  network.agent = agentOf(variables, most);
  const manager = network.manager({ mibs: [TYPED_MIB] });
  const unfit: ManagerEvents['value:unfit'][0][] = [];
  manager.on('value:unfit', (event) => unfit.push(event));
  return { network, manager, unfit };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const FRIENDS = [
  cell(2, 2, [1], text('alice')),
  cell(2, 2, [2], text('bob')),
  cell(2, 2, [3], text('carol')),
  cell(2, 3, [1], integer(1)),
  cell(2, 3, [3], integer(2)),
  cell(2, 4, [1], { type: 'Counter64', value: 2n ** 60n }),
  cell(2, 4, [2], { type: 'Counter64', value: 5n }),
  cell(2, 6, [2], integer(1)),
];
const ROWS = [
  { friendIndex: 1, friendName: 'alice', friendKind: 'human', friendSeen: 2n ** 60n },
  { friendIndex: 2, friendName: 'bob', friendSeen: 5n, friendStatus: 'active' },
  { friendIndex: 3, friendName: 'carol', friendKind: 'robot' },
];

describe('rows of a compiled table', () => {
  test('come by INDEX, with what each of them has, and of one request where it is large enough', async () => {
    const { manager, network } = managerOf(FRIENDS);
    expect(await all(manager.table(target, TYPED_MIB, 'friendTable'))).toEqual(ROWS);
    expect(network.sent).toHaveLength(1);
  });

  test('are the same in SNMPv1, which has no Counter64 and ends in noSuchName [RFC 1157 4.1.3]', async () => {
    const variables = FRIENDS.filter(({ value }) => value.type !== 'Counter64');
    const { manager, network } = managerOf(variables);
    const rows = ROWS.map((row) => ({ ...row, friendSeen: undefined }));
    expect(await all(manager.table(v1, TYPED_MIB, 'friendTable'))).toEqual(rows);
    const agent = agentOf(variables);
    // An agent that does not say which: each column is asked for alone.
    network.agent = (asked) => {
      const { message } = asked;
      if (message.pdu.varBinds.length === 1) return agent(asked);
      return responseTo(message, { errorStatus: 2, errorIndex: 0 });
    };
    expect(await all(manager.table(v1, TYPED_MIB, 'friendTable'))).toEqual(rows);
  });

  test('are the same of an agent that cuts its responses short, and of one row at a time', async () => {
    for (const most of [1, 2, 3, 7]) {
      const { manager } = managerOf(FRIENDS, most);
      expect(await all(manager.table(target, TYPED_MIB, 'friendTable'))).toEqual(ROWS);
    }
    const { manager } = managerOf(FRIENDS);
    const rows = manager.table(target, TYPED_MIB, 'friendTable', { maxRepetitions: 1 });
    expect(await all(rows)).toEqual(ROWS);
  });

  test('have the columns that were asked for, and their index', async () => {
    const { manager, network } = managerOf(FRIENDS);
    const rows = manager.table(target, TYPED_MIB, 'friendTable', { columns: ['friendKind'] });
    expect(await all(rows)).toEqual([
      { friendIndex: 1, friendKind: 'human' },
      { friendIndex: 3, friendKind: 'robot' },
    ]);
    expect(network.asked[0]?.message.pdu.varBinds.map(({ name }) => formatOid(name))).toEqual([
      `${formatOid(ROOT)}.2.1.3`,
    ]);
  });

  test('of an agent that finds them too big, fewer rows are asked for, then fewer columns', async () => {
    const { manager, network } = managerOf(FRIENDS);
    const agent = agentOf(FRIENDS);
    const asked: [rows: number, columns: number][] = [];
    network.agent = (one) => {
      const { pdu } = one.message;
      if (pdu.type !== 'getBulk') throw new Error('GETBULK was expected');
      asked.push([pdu.maxRepetitions, pdu.varBinds.length]);
      const isTooBig = pdu.maxRepetitions * pdu.varBinds.length > 2;
      if (isTooBig) return responseTo(one.message, { errorStatus: 1, varBinds: [] });
      return agent(one);
    };
    expect(await all(manager.table(target, TYPED_MIB, 'friendTable'))).toEqual(ROWS);
    expect(asked.slice(0, 6)).toEqual([
      [10, 5],
      [5, 5],
      [2, 5],
      [1, 5],
      [1, 2],
      [1, 2],
    ]);
    network.agent = ({ message }) => responseTo(message, { errorStatus: 1, varBinds: [] });
    const rows = all(manager.table(target, TYPED_MIB, 'friendTable'));
    await expect(rows).rejects.toThrow('the agent answered tooBig');
  });

  test('a request that is larger than may be sent asks for fewer columns', async () => {
    const { manager, network } = managerOf([cell(2, 2, Array(100).fill(1) as Oid, text('far'))]);
    const small = { ...target, maxMessageSizeOctets: 484 };
    await all(manager.table(small, TYPED_MIB, 'friendTable'));
    const columns = network.asked.map(({ message }) => message.pdu.varBinds.length);
    expect(columns[0]).toBe(5);
    expect(network.sent.every(({ octets }) => octets.length <= 484)).toBe(true);
  });

  test('have index objects of every kind: IpAddress, IMPLIED text, those of another table', async () => {
    const visit = [192, 0, 2, 1, 97, 98];
    const { manager } = managerOf([
      cell(3, 3, visit, integer(3)),
      cell(4, 1, [7, 80], integer(80)),
      cell(4, 2, [7, 80], integer(2)),
      cell(5, 1, [7], text('a note')),
    ]);
    expect(await all(manager.table(target, TYPED_MIB, 'visitTable'))).toEqual([
      { visitFrom: '192.0.2.1', visitWhat: 'ab', visitMood: 'so-so' },
    ]);
    expect(await all(manager.table(target, TYPED_MIB, 'portTable'))).toEqual([
      { ifIndex: 7, portNumber: 80, portIsOpen: 'false' },
    ]);
    expect(await all(manager.table(target, TYPED_MIB, 'moreTable'))).toEqual([
      { ifIndex: 7, moreNote: 'a note' },
    ]);
  });

  test('are what their types say: what is of another type is left out, and told', async () => {
    const { manager, unfit } = managerOf([
      cell(2, 2, [1], text('x'.repeat(256))),
      cell(2, 2, [2], integer(5)),
      cell(2, 2, [3, 9], text('nobody')),
      cell(2, 3, [1], integer(77)),
      cell(2, 4, [1], { type: 'Counter32', value: 5 }),
      cell(2, 6, [1], integer(4)),
    ]);
    expect(await all(manager.table(target, TYPED_MIB, 'friendTable'))).toEqual([
      { friendIndex: 1, friendName: 'x'.repeat(256) },
      { friendIndex: 2 },
    ]);
    expect(
      unfit.map(({ object, varBind, fault, isLeftOut }) => [
        object,
        varBind.name.slice(ROOT.length + 3).join('.'),
        fault,
        isLeftOut,
      ]),
    ).toEqual([
      ['friendName', '1', 'wrongLength', false],
      ['friendKind', '1', 'wrongValue', true],
      ['friendSeen', '1', 'wrongType', true],
      ['friendStatus', '1', 'wrongValue', true],
      ['friendName', '2', 'wrongType', true],
      ['friendTable', '3.9', 'wrongIndex', true],
    ]);
  });

  test('that come and go while they are read are there once at most, in order, as they were read', async () => {
    const variables = [...FRIENDS];
    const { manager, network } = managerOf(variables);
    const agent = agentOf(variables);
    network.agent = (asked) => {
      const response = agent(asked);
      // After the first answer: alice is gone, bob has lost his name, and a row 0 came before all.
      if (network.sent.length === 1) {
        variables.splice(0, 2, cell(2, 2, [0], text('zero')));
        variables.splice(2, 1);
      }
      return response;
    };
    const rows = await all(manager.table(target, TYPED_MIB, 'friendTable', { maxRepetitions: 1 }));
    expect(rows).toEqual([
      ROWS[0],
      { friendIndex: 2, friendSeen: 5n, friendStatus: 'active' },
      ROWS[2],
    ]);
  });

  test('fail as walks do, at the latest after maxRequests', async () => {
    const failure = async (answer: readonly VarBind[], maxRequests?: number) => {
      const { manager, network } = managerOf([]);
      network.agent = ({ message }) => responseTo(message, { varBinds: answer });
      const limits = maxRequests === undefined ? {} : { maxRequests };
      const rows = manager.table(target, TYPED_MIB, 'friendTable', limits);
      const error = await all(rows).then(String, (reason: unknown) => reason);
      return error instanceof RequestError ? error.result.errorIndication : error;
    };
    expect(await failure([])).toBe('emptyResponse');
    expect(await failure([cell(2, 2, [], text('itself'))])).toBe('oidNotIncreasing');
    expect(await failure([cell(2, 2, [1], text('alone'))], 1)).toBe('tooManyRequests');
  });
});

describe('scalars of a compiled module', () => {
  const VARIABLES = [scalar(1, integer(2)), scalar(3, text('edge')), scalar(7, integer(5))];

  test('are read by descriptor, as far as the agent has them, in both versions', async () => {
    for (const one of [target, v1]) {
      const { manager, network } = managerOf(VARIABLES);
      const values = await manager.scalars(one, TYPED_MIB, [
        'tyMood',
        'tyName',
        'tyTotal',
        'tyKey',
      ]);
      expect(values).toEqual({ tyMood: 'sad', tyName: 'edge' });
      expect(network.sent).toHaveLength(one === v1 ? 3 : 1);
    }
  });

  test('that are not what the module says are told', async () => {
    const { manager, unfit } = managerOf([scalar(1, integer(9)), scalar(7, integer(5))]);
    // A number is a number, by whatever name.
    expect(await manager.scalars(target, TYPED_MIB, ['tyMood', 'tyCount'])).toEqual({ tyCount: 5 });
    expect(unfit.map(({ object, fault }) => [object, fault])).toEqual([
      ['tyMood', 'wrongValue'],
      ['tyCount', 'wrongType'],
    ]);
  });

  test('are no reason to go on where the agent refuses', async () => {
    const { manager, network } = managerOf([]);
    network.agent = ({ message }) => responseTo(message, { errorStatus: 2, errorIndex: 9 });
    for (const one of [target, v1]) {
      await expect(manager.scalars(one, TYPED_MIB, ['tyMood'])).rejects.toThrow('noSuchName');
    }
    expect(network.sent).toHaveLength(2);
  });

  test('are set by descriptor, with rows, in one SET; the response is read by the module', async () => {
    const { manager, network } = managerOf([]);
    network.agent = ({ message }) => responseTo(message);
    const result = await manager.set(target, [
      ...scalarsOf(TYPED_MIB, {
        tyMood: 'merry',
        tyAbilities: new Set(['fly']),
        tyName: undefined,
      }),
      ...cellsOf(
        TYPED_MIB,
        'visitTable',
        { visitFrom: '192.0.2.1', visitWhat: 'ab' },
        {
          visitMood: 'sad',
        },
      ),
      ...cellsOf(TYPED_MIB, 'friendTable', { friendIndex: 4 }, { friendStatus: 'createAndGo' }),
      [['TYPED-MIB', 'tyAddress', 0], '192.0.2.7'],
    ]);
    expect(result.varBinds.map(String)).toEqual([
      'TYPED-MIB::tyMood.0 = INTEGER: merry(1)',
      'TYPED-MIB::tyAbilities.0 = BITS: 00 40 fly(9)',
      `TYPED-MIB::visitMood.192.0.2.1.'ab' = INTEGER: sad(2)`,
      'TYPED-MIB::friendStatus.4 = INTEGER: createAndGo(4)',
      'TYPED-MIB::tyAddress.0 = IpAddress: 192.0.2.7',
    ]);
  });

  test('a value that the SYNTAX does not allow, or a row that cannot be, is said at once', () => {
    expect(() => scalarsOf(TYPED_MIB, { tyLevel: 0 })).toThrow('tyLevel: expected');
    expect(() =>
      cellsOf(TYPED_MIB, 'visitTable', { visitFrom: '192.0.2.1', visitWhat: '' }, {}),
    ).toThrow('visitWhat: expected');
    const untyped = { tyNone: 1 } as object;
    expect(() => scalarsOf(TYPED_MIB, untyped)).toThrow('TYPED-MIB has no scalar tyNone');
    expect(() => cellsOf(TYPED_MIB, 'friendTable', { friendIndex: 1 }, untyped)).toThrow(
      'friendTable has no column tyNone',
    );
    const none = {} as { friendIndex: number };
    expect(() => cellsOf(TYPED_MIB, 'friendTable', none, {})).toThrow('without friendIndex');
    const { manager } = managerOf([]);
    const absent = 'absentTable' as 'friendTable';
    expect(() => manager.table(target, TYPED_MIB, absent)).toThrow('has no table absentTable');
    const told = 'friendIndex' as 'friendName';
    expect(() => manager.table(target, TYPED_MIB, 'friendTable', { columns: [told] })).toThrow(
      'friendTable has no column friendIndex to read',
    );
  });

  test('SNMPv1 has no Counter64, compiled or not [RFC 3584 4.2.2]', async () => {
    const { manager, network } = managerOf([]);
    const [mood] = scalarsOf(TYPED_MIB, { tyMood: 'sad' });
    const long = { name: mood?.name ?? [], value: { type: 'Counter64', value: 1n } } as const;
    await expect(manager.set(v1, [long], { validate: 'untyped' })).rejects.toThrow(VarBindError);
    expect(network.sent).toEqual([]);
  });

  test('a definition that requests were made with makes its names known beside those of texts', async () => {
    const network = new FakeNetwork();
    network.agent = ({ message }) => responseTo(message);
    const manager = network.manager();
    const [set] = (await manager.set(target, scalarsOf(TYPED_MIB, { tyMood: 'sad' }))).varBinds;
    expect(String(set)).toBe('TYPED-MIB::tyMood.0 = INTEGER: sad(2)');
    const [other] = (await manager.set(target, [['TYPED-MIB::tyMood.0', 'merry']])).varBinds;
    expect(other?.plain).toBe('merry');
    expect(manager.mib.modules.has('SNMPv2-MIB')).toBe(true);
  });
});
