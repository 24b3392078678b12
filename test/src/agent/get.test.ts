import { describe, expect, it } from 'vitest';
import {
  genErr,
  noSuchInstance,
  noSuchObject,
  SetError,
  table,
  type ScalarReading,
} from '../../../src/instrumentation/index.js';
import {
  confAgent,
  deferred,
  functions,
  sparseRows,
  storedScalars,
} from '../../support/conf-agent.js';
import { CONF_MIB, conf as oid } from '../../support/mib-fixtures.js';
import { SECOND_MIB, secondOid } from '../../support/second-mib.js';
import {
  integer,
  names,
  octets,
  status,
  tellVarBind,
  told,
  values,
} from '../../support/snmp-client.js';
import { stage } from '../../support/stage.js';

const objects = (): ReturnType<typeof storedScalars> => ({ ...storedScalars(), ...sparseRows() });

describe('GET', () => {
  it('answers existing instances with their declared types [GET-001, OTP-005]', async () => {
    await using conf = await confAgent(objects());
    const answer = await conf.client.get(
      'roInt.0',
      'rwStr.0',
      'rwOid.0',
      'rwIp.0',
      'c32.0',
      'g32.0',
      'tt.0',
      'c64.0',
      'rwOpaque.0',
      'rwEnum.0',
      'sparseA.1',
    );
    expect(status(answer)).toBe('noError/0');
    expect(values(answer)).toEqual([
      'Integer32:17',
      'OctetString:616263',
      'ObjectIdentifier:1.3.6',
      'IpAddress:c0000201',
      'Counter32:4294967295',
      'Gauge32:2147483648',
      'TimeTicks:12345',
      'Counter64:18446744073709551615',
      'Opaque:9f78',
      'Integer32:1',
      'Integer32:11',
    ]);
  });

  it('tells an object that does not exist from an instance that does not [GET-002, GET-003, GET-004, GET-005, GET-006, GET-007, GET-012]', async () => {
    await using conf = await confAgent(objects());
    const cases: readonly (readonly [string, string])[] = [
      ['1.3.6.1.4.1.32473.99', 'noSuchObject'],
      ['1.3', 'noSuchObject'],
      ['2.999', 'noSuchObject'],
      ['sparseA.9', 'noSuchInstance'],
      ['sparseA.1.1', 'noSuchInstance'],
      ['sparseA', 'noSuchInstance'],
      ['sparseA.2', 'noSuchInstance'],
      ['roInt', 'noSuchInstance'],
      ['roInt.1', 'noSuchInstance'],
      ['roInt.0.0', 'noSuchInstance'],
      ['sparseTable', 'noSuchObject'],
      ['sparseTable.1', 'noSuchObject'],
      ['sparseTable.1.9.1', 'noSuchObject'],
      ['sparseTable.2.2.1', 'noSuchObject'],
      ['sparseIndex.1', 'noSuchObject'],
      ['notifyOnly.0', 'noSuchObject'],
      ['1.3.6.1.6.3.1.1.4.1.0', 'noSuchObject'],
      ['roInt.0', 'Integer32:17'],
    ];
    const answer = await conf.client.get(...cases.map(([name]) => name));
    expect(status(answer)).toBe('noError/0');
    expect(values(answer)).toEqual(cases.map(([, expected]) => expected));
    expect(names(answer)).toEqual(cases.map(([name]) => oid(name).join('.')));
  });

  it('of an accessible-for-notify object that is served is never a value [GET-007, GET-026]', async () => {
    await using conf = await confAgent({ notifyOnly: { get: () => 5 }, lastInt: { get: () => 6 } });
    expect(values(await conf.client.get('notifyOnly.0'))).toEqual(['noSuchObject']);
    expect((await conf.client.walk()).map(tellVarBind)).toEqual([
      `${oid('lastInt.0').join('.')}=Integer32:6`,
    ]);
  });

  it('keeps request order over many subtrees, and answers one instance twice [GET-010, GET-011]', async () => {
    const scalars = ['roInt', 'rwInt', 'anyInt', 'lo', 'hi', 'lastInt'];
    await using conf = await confAgent(
      scalars.map((name, i) => ({
        name,
        [name]: functions.scalar({
          get: () => (i % 2 === 0 ? i : Promise.resolve(i)),
        }),
      })),
    );
    const order = Array.from({ length: 50 }, (_, i) => scalars[(i * 7 + 3) % 6] as string);
    const answer = await conf.client.get(...order.map((name) => `${name}.0`));
    expect(names(answer)).toEqual(order.map((name) => oid(`${name}.0`).join('.')));
    expect(values(answer)).toEqual(order.map((name) => `Integer32:${scalars.indexOf(name)}`));
  });

  const failing: Readonly<Record<string, () => ScalarReading | Promise<ScalarReading>>> = {
    'answers genErr': () => genErr,
    throws: () => {
      throw new Error('no');
    },
    rejects: () => Promise.reject(new Error('no')),
    'answers undefined': () => undefined as never,
    'answers null': () => null as never,
    'answers an object': () => ({}) as never,
    'answers the wrong type': () => 'text',
    'answers out of range': () => 1_000_000_000_000,
    'answers NaN': () => Number.NaN,
    'answers an unknown noValue': () => ({ noValue: 'unSpecified' }) as never,
    'answers a proxy that throws': () =>
      new Proxy(
        {},
        {
          has: () => {
            throw new Error('trap');
          },
        },
      ) as never,
  };
  for (const [what, get] of Object.entries(failing)) {
    it(`of a function that ${what} is genErr at its index, varbinds as received [GET-013, OTP-006, OTP-012, OTP-013]`, async () => {
      await using conf = await confAgent({
        roInt: { get: () => 1 },
        anyInt: functions.scalar({ get }),
      });
      const answer = await conf.client.send({
        type: 'get',
        requestId: 77,
        errorStatus: 0,
        errorIndex: 0,
        varBinds: [
          { name: oid('roInt.0'), value: integer(4711) },
          { name: oid('anyInt.0'), value: octets('as received') },
        ],
      });
      expect(status(answer)).toBe('genErr/2');
      expect(values(answer)).toEqual([
        'Integer32:4711',
        `OctetString:${Buffer.from('as received').toString('hex')}`,
      ]);
      expect(conf.counter('snmpOutGenErrs')).toBe(1);
      expect(conf.agent.metrics().readFailures).toBe(1);
      const next = await conf.client.getNext('1.3', 'roInt.0');
      expect(status(next)).toBe('genErr/2');
    });
  }

  it('that misses its deadline is genErr, in the deadline time [GET-013]', async () => {
    const never = deferred<number>();
    await using conf = await confAgent(
      { roInt: { get: () => 1 }, anyInt: { get: () => never.promise } },
      { deadlines: { getMs: 250 } },
    );
    const pending = conf.client.get('roInt.0', 'anyInt.0');
    await conf.clock.advanceAsync(249);
    expect(conf.agent.metrics().requestsInFlight).toBe(1);
    await conf.clock.advanceAsync(1);
    expect(status(await pending)).toBe('genErr/2');
    expect(conf.agent.metrics().requestsInFlight).toBe(0);
    never.resolve(5);
    await conf.clock.advanceAsync(0);
    expect(conf.agent.metrics().staleAnswers).toBe(1);
  });

  it('where several fail names the lowest [GET-014]', async () => {
    const slow = deferred<ScalarReading>();
    await using conf = await confAgent({
      roInt: functions.scalar({ get: () => slow.promise }),
      anyInt: functions.scalar({ get: () => genErr }),
    });
    const pending = conf.client.get('roInt.0', 'anyInt.0');
    await conf.clock.advanceAsync(1);
    slow.resolve(genErr);
    expect(status(await pending)).toBe('genErr/1');
  });

  it('passes on what a function says of a value that is not there [OTP-009, OTP-010, OTP-014]', async () => {
    await using conf = await confAgent({
      roInt: { get: () => noSuchInstance },
      anyInt: { get: () => noSuchObject },
      lastInt: { get: () => 3 },
    });
    expect(values(await conf.client.get('roInt.0', 'anyInt.0'))).toEqual([
      'noSuchInstance',
      'noSuchObject',
    ]);
    expect(told(await conf.client.getNext('1.3'))).toBe(
      `noError/0 ${oid('lastInt.0').join('.')}=Integer32:3`,
    );
  });

  it('takes enumerations by label and BITS by labels, list or integer [OTP-007, OTP-008]', async () => {
    const cases: readonly (readonly [string, ScalarReading, string])[] = [
      ['rwEnum', 'three', 'Integer32:3'],
      ['rwEnum', 1, 'Integer32:1'],
      ['rwEnum', 'two', 'genErr/1'],
      ['rwEnum', 2, 'genErr/1'],
      ['rwBits', new Set(['a', 'i']), 'OctetString:8080'],
      ['rwBits', ['b'] as never, 'OctetString:4000'],
      ['rwBits', 0b1_0000_0001, 'OctetString:8080'],
      ['rwBits', new Set(['c']), 'genErr/1'],
      ['rwBits', 0b100, 'genErr/1'],
      ['rwStr', 'ab', 'OctetString:6162'],
      ['rwStr', 'a', 'genErr/1'],
      ['rwRange', 7, 'genErr/1'],
      ['rwOid', '1.3.6.1', 'ObjectIdentifier:1.3.6.1'],
      ['rwOid', [3, 1], 'genErr/1'],
      ['rwIp', '10.0.0.256', 'genErr/1'],
      ['c64', 2n ** 64n, 'genErr/1'],
      ['c64', 2n ** 64n - 1n, 'Counter64:18446744073709551615'],
    ];
    for (const [name, reading, expected] of cases) {
      const { client } = stage([
        { module: CONF_MIB, objects: { [name]: functions.scalar({ get: () => reading }) } },
      ]);
      const answer = await client.get(`${name}.0`);
      expect(answer?.errorStatus === 'noError' ? values(answer)[0] : status(answer)).toBe(expected);
    }
  });
});

describe('a read that spans turns', () => {
  it('of a restarting subtree waits for it, up to its own deadline [GET-033]', async () => {
    let starting = deferred<void>();
    let first = true;
    await using conf = await confAgent(
      [
        {
          name: 'frail',
          anyInt: functions.scalar({
            new: () => (first ? undefined : starting.promise),
            get: () => {
              if (!first) return 5;
              first = false;
              throw new Error('crash');
            },
          }),
        },
        { name: 'solid', lastInt: { get: () => 9 } },
      ],
      { deadlines: { getMs: 300 } },
    );
    expect(status(await conf.client.get('anyInt.0'))).toBe('genErr/1');
    const waiting = conf.client.getNext('anyInt', 'anyInt.0');
    await conf.clock.advanceAsync(200);
    starting.resolve();
    await conf.clock.advanceAsync(0);
    expect(values(await waiting)).toEqual(['Integer32:5', 'Integer32:9']);
    // Its subtree is never passed over silently.
    first = true;
    starting = deferred();
    expect(status(await conf.client.get('anyInt.0'))).toBe('genErr/1');
    const late = conf.client.getNext('anyInt');
    await conf.clock.advanceAsync(301);
    expect(status(await late)).toBe('genErr/1');
    starting.resolve();
    await conf.clock.advanceAsync(0);
  });

  it('is begun again when a SET came between, so that nobody reads half of it [GET-037, PR-20]', async () => {
    const state = { lo: 1, hi: 1 };
    const reads: string[] = [];
    let hold: ReturnType<typeof deferred<void>> | undefined;
    const object = (name: 'lo' | 'hi'): ReturnType<typeof functions.scalar> =>
      functions.scalar({
        get: async () => {
          const value = state[name];
          reads.push(`${name}=${value}`);
          if (name === 'hi') await hold?.promise;
          return name === 'hi' ? state[name] : value;
        },
        set: (value) => {
          state[name] = value as number;
          return 'noError';
        },
        rollback: () => 'noError',
      });
    await using conf = await confAgent({ lo: object('lo'), hi: object('hi') });
    hold = deferred();
    const pending = conf.client.get('lo.0', 'hi.0');
    await conf.clock.advanceAsync(1);
    const set = await conf.client.set(['lo.0', integer(2)], ['hi.0', integer(2)]);
    expect(status(set)).toBe('noError/0');
    hold.resolve();
    expect(values(await pending)).toEqual(['Integer32:2', 'Integer32:2']);
    expect(reads).toEqual(['lo=1', 'hi=1', 'lo=2', 'hi=2']);
  });

  it('that never comes to rest between SETs is genErr in the end, not a loop [GET-037]', async () => {
    let value = 0;
    let reads = 0;
    let moving = true;
    await using conf = await confAgent({
      lo: functions.scalar({
        get: async () => {
          reads += 1;
          await Promise.resolve();
          if (moving) await conf.client.set(['hi.0', integer((value += 1))]);
          return 1;
        },
      }),
      hi: functions.scalar({
        get: () => value,
        set: () => 'noError',
        rollback: () => 'noError',
      }),
    });
    expect(status(await conf.client.get('lo.0'))).toBe('genErr/1');
    expect(reads).toBe(8);
    moving = false;
    expect(status(await conf.client.get('lo.0'))).toBe('noError/0');
  });

  it('waits while its subtree is in the second phase of a SET [docs/set.md 4]', async () => {
    const apply = deferred<'noError'>();
    await using conf = await confAgent({
      lo: functions.scalar({ get: () => 1, set: () => apply.promise, rollback: () => 'noError' }),
      hi: functions.scalar({ get: () => 2 }),
    });
    const set = conf.client.set(['lo.0', integer(3)]);
    await conf.clock.advanceAsync(1);
    let answered = false;
    const read = conf.client.get('hi.0').then((answer) => {
      answered = true;
      return answer;
    });
    await conf.clock.advanceAsync(10);
    expect(answered).toBe(false);
    apply.resolve('noError');
    expect(status(await set)).toBe('noError/0');
    expect(values(await read)).toEqual(['Integer32:2']);
  });
});

describe('a computed table', () => {
  it.each<[string, () => never, number]>([
    ['throw a SetError: an answer', () => throwing(new SetError('genErr')), 0],
    ['throw anything else: a crash', () => throwing(new Error('no')), 1],
  ])('is genErr where its rows %s [docs/set.md 6]', async (_, rows, crashes) => {
    await using conf = await confAgent({ sparseTable: table.computed({ rows }) });
    expect(status(await conf.client.get('sparseA.1'))).toBe('genErr/1');
    expect(conf.agent.metrics().subtreeCrashes).toBe(crashes);
  });
});

describe('two modules', () => {
  it('that call a table by the same name are not confused with each other', async () => {
    const rows = (value: number): ReturnType<typeof table.computed> =>
      table.computed({ rows: () => [{ sparseIndex: 1, sparseA: value, sparseB: value }] });
    const { client } = stage([
      { module: CONF_MIB, objects: { sparseTable: rows(1) } },
      { module: SECOND_MIB, objects: { sparseTable: rows(2) } },
    ]);
    const both = ['sparseA.1', secondOid('sparseA', 1)];
    expect(values(await client.get(...both))).toEqual(['Integer32:1', 'Integer32:2']);
    expect(values(await client.getNext('sparseA', secondOid('sparseA')))).toEqual([
      'Integer32:1',
      'Integer32:2',
    ]);
  });
});

function throwing(error: unknown): never {
  throw error;
}
