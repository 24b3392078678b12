import { describe, expect, it } from 'vitest';
import { scalar, SetError, table } from '../../../src/instrumentation/index.js';
import { NULL_VALUE, type SnmpValue } from '../../../src/smi/index.js';
import { confAgent, functions, storedScalars } from '../../support/conf-agent.js';
import { conf } from '../../support/mib-fixtures.js';
import {
  integer,
  octets,
  oidValue,
  SnmpClient,
  status,
  statusPdu,
  tellVarBind,
  type Name,
} from '../../support/snmp-client.js';

type Change = readonly [Name, SnmpValue];

const gauge = (value: number): SnmpValue => ({ type: 'Gauge32', value });

/** Rows that managers may make; rows that they may not; the functions behind which others stand. */
function tables() {
  return {
    confTable: table.stored({ rows: [{ confIndex: 1, confReq: 5 }] }),
    sparseTable: table.stored({ rows: [{ sparseIndex: 1, sparseA: 1, sparseB: 2 }] }),
    fnTable: functions.table({
      get: (_row, columns) => columns.map(() => 1),
      getNext: (_row, columns) => columns.map(() => 'endOfTable' as const),
      isSetOk: ([row]) => (row === 1 ? 'noError' : { error: 'noCreation', column: 'fnA' }),
      set: () => 'noError',
    }),
  };
}

/** The status of a SET, and whether any value of the scalars has changed by it. */
async function tryAll(cases: readonly (readonly [Change | readonly Change[], string])[]) {
  await using stage = await confAgent({
    ...storedScalars(),
    ...tables(),
    rwGauge: scalar.stored({ value: 1 }),
  });
  for (const [changes, expected] of cases) {
    const list = (typeof changes[0] === 'string' ? [changes] : changes) as readonly Change[];
    const before = (await stage.client.walk()).map(tellVarBind);
    const answer = await stage.client.set(...list);
    expect(`${list.map(([name]) => String(name)).join()} ${status(answer)}`).toBe(
      `${list.map(([name]) => String(name)).join()} ${expected}`,
    );
    if (expected === 'noError/0') continue;
    expect((await stage.client.walk()).map(tellVarBind)).toEqual(before);
  }
}

describe('a SET before any instrumentation is asked', () => {
  it('is notWritable where nothing can be written there [SET-005, SET-006, SET-007, SET-008]', () =>
    tryAll([
      [['1.3.6.1.4.1.32473.99.1.0', integer(1)], 'notWritable/1'],
      [['roInt.0', integer(1)], 'notWritable/1'],
      [['roInt.0', octets('x')], 'notWritable/1'],
      [['roInt.1', integer(1)], 'notWritable/1'],
      [['notifyOnly.0', integer(1)], 'notWritable/1'],
      [['confTable', integer(1)], 'notWritable/1'],
      [['confTable.1', integer(1)], 'notWritable/1'],
      [['confTable.1.99.1', integer(1)], 'notWritable/1'],
      [['confTable.2.2.1', integer(1)], 'notWritable/1'],
      [['confIndex.1', integer(1)], 'notWritable/1'],
      [['fnC.1', integer(1)], 'notWritable/1'],
      [
        [
          ['rwInt.0', integer(1)],
          ['roInt.0', integer(1)],
        ],
        'notWritable/2',
      ],
    ]));

  it('is wrongType for every other type [SET-009, SET-010, SET-011, SET-016]', () =>
    tryAll([
      [['rwInt.0', octets('x')], 'wrongType/1'],
      [['rwStr.0', integer(1)], 'wrongType/1'],
      [['rwIp.0', octets(Uint8Array.of(1, 2, 3, 4))], 'wrongType/1'],
      [['rwInt.0', gauge(1)], 'wrongType/1'],
      [['rwGauge.0', integer(1)], 'wrongType/1'],
      [['rwGauge.0', { type: 'TimeTicks', value: 1 }], 'wrongType/1'],
      [['rwOid.0', octets('1.3.6')], 'wrongType/1'],
      [['rwInt.0', NULL_VALUE], 'wrongType/1'],
      [['rwInt.0', { type: 'noSuchObject' }], 'wrongType/1'],
      [['rwInt.0', { type: 'noSuchInstance' }], 'wrongType/1'],
      [['rwInt.0', { type: 'endOfMibView' }], 'wrongType/1'],
    ]));

  it('is accepted with a type that is the same on the wire [SET-012]', () =>
    tryAll([
      [['rwInt.0', integer(0)], 'noError/0'],
      [['rwInt.0', integer(100)], 'noError/0'],
      [['rwEnum.0', integer(3)], 'noError/0'],
      [['rwOid.0', oidValue([1, 3])], 'noError/0'],
      [['rwBits.0', octets(Uint8Array.of(0x80))], 'noError/0'],
    ]));

  it('is wrongLength in every hole of the sizes [SET-013, SET-014, SET-015, SET-022]', () =>
    tryAll([
      [['rwStr.0', octets('x')], 'wrongLength/1'],
      [['rwStr.0', octets('123456789')], 'wrongLength/1'],
      [['rwStr.0', octets(Buffer.alloc(60_000))], 'wrongLength/1'],
      [['rwStr.0', octets('12')], 'noError/0'],
      [['rwStr.0', octets('12345678')], 'noError/0'],
      [['rwSizes.0', octets('abc')], 'wrongLength/1'],
      [['rwSizes.0', octets('')], 'noError/0'],
      [['rwSizes.0', octets(Buffer.alloc(16))], 'noError/0'],
      [['rwSizes.0', octets(Buffer.alloc(5))], 'wrongLength/1'],
      [['rwBits.0', octets(Uint8Array.of(0x80, 0x00, 0x00))], 'noError/0'],
    ]));

  it('is wrongValue for what the SYNTAX rules out [SET-018, SET-019, SET-020, SET-021]', () =>
    tryAll([
      [['rwInt.0', integer(101)], 'wrongValue/1'],
      [['rwInt.0', integer(-1)], 'wrongValue/1'],
      [['rwInt.0', integer(-2_147_483_648)], 'wrongValue/1'],
      [['rwEnum.0', integer(2)], 'wrongValue/1'],
      [['rwEnum.0', integer(0)], 'wrongValue/1'],
      [['rwRange.0', integer(7)], 'wrongValue/1'],
      [['rwRange.0', integer(5)], 'noError/0'],
      [['rwRange.0', integer(10)], 'noError/0'],
      [['rwBits.0', octets(Uint8Array.of(0x20))], 'wrongValue/1'],
      [['rwBits.0', octets(Uint8Array.of(0x80, 0x80, 0x80))], 'wrongValue/1'],
      [['confStatus.2', integer(3)], 'wrongValue/1'],
      [['confStatus.2', integer(7)], 'wrongValue/1'],
    ]));

  it('is noCreation where no such instance can ever be [SET-023, SET-024]', () =>
    tryAll([
      [['rwInt', integer(1)], 'noCreation/1'],
      [['rwInt.1', integer(1)], 'noCreation/1'],
      [['rwInt.0.0', integer(1)], 'noCreation/1'],
      [['confReq', integer(1)], 'noCreation/1'],
      [['confReq.1.1', integer(1)], 'noCreation/1'],
      [['confReq.4294967295', integer(1)], 'noCreation/1'],
    ]));

  it('looks at the value before the instance [SET-026]', () =>
    tryAll([
      [['rwInt.1', integer(101)], 'wrongValue/1'],
      [['rwInt.1', octets('x')], 'wrongType/1'],
      [['rwStr.7', octets('x')], 'wrongLength/1'],
    ]));

  it('is noCreation for a row that managers cannot make [SET-025]', () =>
    tryAll([
      [['fnA.1', integer(1)], 'noError/0'],
      [['fnA.2', integer(1)], 'noCreation/1'],
    ]));

  it('is inconsistentName for a row that is not there but could be [SET-027]', () =>
    tryAll([[['confReq.9', integer(1)], 'inconsistentName/1']]));

  it('names the first fault in request order [SET-033, SET-043, PR-11]', () =>
    tryAll([
      [
        [
          ['confReq.1', integer(1)],
          ['rwInt.0', integer(101)],
          ['rwStr.0', octets('ok')],
          ['rwEnum.0', octets('x')],
        ],
        'wrongValue/2',
      ],
      [
        [
          ['rwEnum.0', octets('x')],
          ['rwInt.0', integer(101)],
        ],
        'wrongType/1',
      ],
      [
        [
          ['rwInt.0', integer(1)],
          ['rwInt.0', integer(101)],
        ],
        'wrongValue/2',
      ],
    ]));

  it('takes the same instance twice for one where the values are equal [SET-041, SET-042, OTP-055]', async () => {
    const calls: string[] = [];
    const traced = functions.scalar({
      get: () => 1,
      isSetOk: (value) => (calls.push(`isSetOk ${value as number}`), 'noError'),
      set: (value) => (calls.push(`set ${value as number}`), 'noError'),
    });
    await using stage = await confAgent({
      anyInt: traced,
      rwBits: scalar.stored({ value: new Set(['a']) }),
    });
    const twice = await stage.client.set(['anyInt.0', integer(5)], ['anyInt.0', integer(5)]);
    expect([status(twice), calls.splice(0)]).toEqual(['noError/0', ['isSetOk 5', 'set 5']]);
    const differing = await stage.client.set(['anyInt.0', integer(5)], ['anyInt.0', integer(6)]);
    expect([status(differing), calls]).toEqual(['inconsistentName/2', []]);
    // Padding does not make BITS another value.
    const bits = await stage.client.set(
      ['rwBits.0', octets(Uint8Array.of(0x80))],
      ['rwBits.0', octets(Uint8Array.of(0x80, 0x00))],
    );
    expect(status(bits)).toBe('noError/0');
  });

  it('asks no isSetOk where any varbind fails [OTP-035, SET-034, D2]', async () => {
    let calls = 0;
    const asked = functions.scalar({
      get: () => 1,
      isSetOk: () => ((calls += 1), 'inconsistentValue'),
      set: () => 'noError',
    });
    await using stage = await confAgent({
      anyInt: asked,
      ...tables(),
      roInt: functions.scalar({ get: () => 1 }),
    });
    for (const bad of [
      ['roInt.0', integer(1)],
      ['confReq.4294967295', integer(1)],
      ['confStatus.1', integer(3)],
      ['1.3.6.1.9', integer(1)],
    ] as const) {
      const answer = await stage.client.set(['anyInt.0', integer(5)], bad);
      expect(answer?.errorIndex).toBe(2);
    }
    expect(calls).toBe(0);
    expect(status(await stage.client.set(['anyInt.0', integer(5)]))).toBe('inconsistentValue/1');
    expect(calls).toBe(1);
  });

  it('gives instrumentation values that fit, the same ones in every phase [OTP-031, OTP-054]', async () => {
    const seen: unknown[] = [];
    const note = (value: unknown): 'noError' => (seen.push(value), 'noError' as const);
    await using stage = await confAgent({
      rwEnum: functions.scalar({ get: () => 'one', isSetOk: note, set: note }),
      rwBits: functions.scalar({ get: () => new Set(['a']), isSetOk: note, set: note }),
    });
    await stage.client.set(
      ['rwEnum.0', integer(3)],
      ['rwBits.0', octets(Uint8Array.of(0x40, 0x80))],
    );
    expect(seen.slice(0, 2)).toEqual(['three', new Set(['b', 'i'])]);
    expect(seen.slice(2)).toEqual(seen.slice(0, 2));
  });
});

describe('who may write', () => {
  const open = () =>
    confAgent([{ name: 'conf', ...storedScalars() }], {
      access: {
        communities: {
          private: { read: 'all', write: 'all' },
          narrow: {
            read: 'all',
            write: { include: ['1.3.6.1.4.1.32473.20.1'], exclude: ['1.3.6.1.4.1.32473.20.1.5'] },
          },
          reader: { read: 'all' },
          emptyHanded: { read: 'all', write: { include: [] } },
        },
      },
    });

  it('is checked for every name before anything else is looked at [SET-002, SET-003, SET-004]', async () => {
    await using stage = await open();
    const narrow = stage.client.as({ community: 'narrow' });
    const tries: readonly (readonly [readonly Change[], string])[] = [
      [[['rwStr.0', octets('abcd')]], 'noAccess/1'],
      [
        [
          ['rwInt.0', integer(1)],
          ['rwStr.0', octets('abcd')],
        ],
        'noAccess/2',
      ],
      // A fault of an earlier one is looked for only when every name is in the view.
      [
        [
          ['rwInt.0', octets('x')],
          ['rwStr.0', octets('abcd')],
        ],
        'noAccess/2',
      ],
      [[['1.3.6.1.4.1.32473.20.1.5.7', integer(1)]], 'noAccess/1'],
      [[['1.3.6.1.4.1.99.1.0', integer(1)]], 'noAccess/1'],
      [[['roInt.0', integer(1)]], 'notWritable/1'],
      [[['rwInt.0', integer(1)]], 'noError/0'],
    ];
    for (const [changes, expected] of tries) {
      expect(status(await narrow.set(...changes))).toBe(expected);
    }
  });

  it('is nobody without a write view: authorizationError/0, noSuchName in SNMPv1 [SET-057, D6]', async () => {
    await using stage = await open();
    for (const community of ['reader', 'emptyHanded']) {
      const client = stage.client.as({ community });
      expect(status(await client.set(['rwInt.0', octets('bad')]))).toBe('authorizationError/0');
      const v1 = client.as({ version: 'v1' });
      expect(status(await v1.set(['rwInt.0', octets('bad')]))).toBe('noSuchName/0');
    }
  });
});

describe('the response to a SET', () => {
  it('echoes the request, also what padding it had [SET-036, PR-23]', async () => {
    await using stage = await confAgent();
    const answer = await stage.client.set(
      ['rwBits.0', octets(Uint8Array.of(0x80, 0x7f))],
      ['rwInt.0', integer(7)],
    );
    expect(answer?.varBinds.map(tellVarBind)).toEqual([
      '1.3.6.1.4.1.32473.20.1.7.0=OctetString:807f',
      '1.3.6.1.4.1.32473.20.1.2.0=Integer32:7',
    ]);
    const failed = await stage.client.set(['rwInt.0', integer(101)]);
    expect(failed?.varBinds.map(tellVarBind)).toEqual(['1.3.6.1.4.1.32473.20.1.2.0=Integer32:101']);
  });

  it('is there for no varbinds at all', async () => {
    await using stage = await confAgent();
    expect(status(await stage.client.set())).toBe('noError/0');
  });

  it('is tooBig, before anything is evaluated, where no echo would fit [SET-001]', async () => {
    let calls = 0;
    const counted = functions.scalar({
      get: () => 0,
      isSetOk: () => ((calls += 1), 'noError'),
      set: () => 'noError',
    });
    // An error-index of 130 takes one more octet than the 0 of the request.
    const many = Array.from({ length: 130 }, () => ['anyInt.0', integer(1)] as const);
    const varBinds = many.map(([name, value]) => ({ name: conf(name), value }));
    const sizes = new SnmpClient(() => undefined).encode(statusPdu('set', varBinds)).length;
    for (const [spare, expected] of [
      [0, 'tooBig/0'],
      [1, 'noError/0'],
    ] as const) {
      calls = 0;
      await using stage = await confAgent(
        { anyInt: counted },
        { limits: { maxMessageSizeOctets: sizes + spare } },
      );
      const answer = await stage.client.set(...many);
      expect([status(answer), calls]).toEqual([expected, spare]);
      expect(answer?.varBinds.length).toBe(spare * 130);
      expect(stage.counter('snmpOutTooBigs')).toBe(1 - spare);
    }
  });
});

describe('SNMPv1', () => {
  it('hears the RFC 3584 word for every refusal, at the same index [OTP-057, PR-40, docs/set.md 7]', async () => {
    const words = {
      noAccess: 'noSuchName',
      noCreation: 'noSuchName',
      inconsistentValue: 'badValue',
      resourceUnavailable: 'genErr',
      inconsistentName: 'noSuchName',
      wrongValue: 'badValue',
      genErr: 'genErr',
      badValue: 'badValue',
      noSuchName: 'noSuchName',
    } as const;
    let vote: keyof typeof words = 'genErr';
    await using stage = await confAgent({
      rwInt: functions.scalar({ get: () => 1, set: () => 'noError' }),
      anyInt: functions.scalar({
        get: () => 1,
        isSetOk: () => {
          throw new SetError(vote);
        },
        set: () => 'noError',
      }),
    });
    const changes = [
      ['rwInt.0', integer(1)],
      ['anyInt.0', integer(1)],
    ] as const;
    for (const [answered, word] of Object.entries(words)) {
      vote = answered as keyof typeof words;
      const told = { badValue: 'wrongValue', noSuchName: 'noCreation' }[answered] ?? answered;
      expect(status(await stage.client.set(...changes))).toBe(`${told}/2`);
      expect(status(await stage.v1.set(...changes))).toBe(`${word}/2`);
    }
  });

  it('hears it for static faults too [COX, docs/set.md 7]', async () => {
    await using stage = await confAgent();
    const tries: readonly (readonly [Change, string])[] = [
      [['roInt.0', integer(1)], 'noSuchName/1'],
      [['rwInt.0', octets('x')], 'badValue/1'],
      [['rwStr.0', octets('x')], 'badValue/1'],
      [['rwInt.0', integer(101)], 'badValue/1'],
      [['rwInt.3', integer(1)], 'noSuchName/1'],
      [['rwInt.0', integer(1)], 'noError/0'],
    ];
    for (const [change, expected] of tries)
      expect(status(await stage.v1.set(change))).toBe(expected);
  });
});

describe('a SET as if simultaneous', () => {
  it('is judged as a whole, in either order of its varbinds [SET-038, PR-13]', async () => {
    const isOrdered = (low: number, high: number): boolean => low <= high;
    for (const turned of [false, true]) {
      let [lo, hi] = [1, 5];
      const asked = new Map<string, number>();
      const vote = (name: string, value: number): 'noError' => {
        asked.set(name, value);
        return 'noError';
      };
      await using stage = await confAgent({
        lo: functions.scalar({
          get: () => lo,
          isSetOk: (value) => vote('lo', value as number),
          set: (value) => ((lo = value as number), 'noError'),
        }),
        hi: functions.scalar({
          get: () => hi,
          isSetOk: (value) => vote('hi', value as number),
          set: (value) => {
            hi = value as number;
            return isOrdered(asked.get('lo') ?? lo, asked.get('hi') ?? hi) ? 'noError' : 'genErr';
          },
        }),
      });
      const changes = [
        ['lo.0', integer(8)],
        ['hi.0', integer(9)],
      ] as const;
      const answer = await stage.client.set(...(turned ? changes.toReversed() : changes));
      expect([status(answer), lo, hi]).toEqual(['noError/0', 8, 9]);
    }
  });

  it('makes a row of its columns in any order of varbinds [SET-039]', async () => {
    const changes = [
      ['confStatus.7', integer(4)],
      ['confReq.7', integer(1)],
      ['confDef.7', integer(2)],
    ] as const;
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [1, 2, 0],
    ];
    for (const order of orders) {
      await using stage = await confAgent(tables());
      const answer = await stage.client.set(...order.map((i) => changes[i] as Change));
      expect(status(answer)).toBe('noError/0');
      const read = await stage.client.get('confReq.7', 'confDef.7', 'confStatus.7');
      expect(read?.varBinds.map(tellVarBind).map((text) => text.split('=')[1])).toEqual([
        'Integer32:1',
        'Integer32:2',
        'Integer32:1',
      ]);
    }
  });

  it('fails as a whole where a TestAndIncr is stale, and a repeated one is [SET-058, SET-059]', async () => {
    await using stage = await confAgent({
      lock: scalar.stored({ value: 5 }),
      anyInt: scalar.stored({ value: 0 }),
    });
    const changes = (lock: number): readonly Change[] => [
      ['anyInt.0', integer(lock)],
      ['lock.0', integer(lock)],
    ];
    expect(status(await stage.client.set(...changes(4)))).toBe('inconsistentValue/2');
    expect(status(await stage.client.set(...changes(5)))).toBe('noError/0');
    expect(status(await stage.client.set(...changes(5)))).toBe('inconsistentValue/2');
    const read = await stage.client.get('anyInt.0', 'lock.0');
    expect(read?.varBinds.map(({ value }) => value)).toEqual([integer(5), integer(6)]);
  });

  it('takes one of several that carry the same TestAndIncr value [PR-37]', async () => {
    await using stage = await confAgent({ lock: scalar.stored({ value: 5 }) });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => stage.client.set(['lock.0', integer(5)])),
    );
    expect(answers.map(status).toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => 'inconsistentValue/1'),
      'noError/0',
    ]);
  });
});
