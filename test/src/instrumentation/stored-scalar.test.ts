import { describe, expect, it } from 'vitest';
import { SetError } from '../../../src/instrumentation/answers.js';
import type { ManagedScalar } from '../../../src/instrumentation/managed-object.js';
import {
  scalar,
  StoredScalarObject,
  type StoredScalar,
  type StoredScalarOptions,
} from '../../../src/instrumentation/stored-scalar.js';
import type { ScalarObject } from '../../../src/mib/index.js';
import type { PlainValue, SnmpValue, Syntax } from '../../../src/smi/index.js';
import {
  ADDRESS,
  COUNTER64,
  context,
  DISPLAY_STRING,
  environment,
  groupsOf,
  INTEGER,
  integer,
  LETTERS,
  LOCK,
  OBJECT_ID,
  octets,
  operate,
  ranged,
  runSet,
  scalarObject,
  sized,
  UP_DOWN,
} from './definitions.js';

interface Bound {
  readonly location: StoredScalar;
  readonly object: ManagedScalar;
}

function bound(definition: ScalarObject, options: StoredScalarOptions = {}): Bound {
  const location = scalar.stored(options);
  return { location, object: location.bind(definition, environment()) };
}

function read(object: ManagedScalar): unknown {
  return object.interpretRead(object.read(context()));
}

describe('the value that a stored scalar starts with', () => {
  const DEFAULTS: readonly [string, Syntax, SnmpValue][] = [
    ['0', INTEGER, integer(0)],
    ['the lowest number in range', ranged(INTEGER, -5, -1), integer(-5)],
    ['the lowest enumeration', UP_DOWN, integer(1)],
    ['no octets', DISPLAY_STRING, octets('')],
    ['octets of the smallest size', sized(DISPLAY_STRING, 4, 8), octets('\0\0\0\0')],
    ['no bits', LETTERS, { type: 'OctetString', value: new Uint8Array() }],
    ['0.0', OBJECT_ID, { type: 'ObjectIdentifier', value: [0, 0] }],
    ['0.0.0.0', ADDRESS, { type: 'IpAddress', value: new Uint8Array(4) }],
    ['0 as a bigint', COUNTER64, { type: 'Counter64', value: 0n }],
  ];
  for (const [title, syntax, value] of DEFAULTS) {
    it(`is ${title} where nobody says [OTP-065]`, () => {
      expect(read(bound(scalarObject(syntax)).object)).toEqual(value);
    });
  }

  it('is the DEFVAL, and before that the one given', () => {
    const definition = scalarObject(UP_DOWN, { defaultValue: { kind: 'integer', value: 2 } });
    expect(bound(definition).location.value).toBe('down');
    expect(bound(definition, { value: 'up' }).location.value).toBe('up');
  });

  it('is a set of labels for BITS', () => {
    const definition = scalarObject(LETTERS, {
      defaultValue: { kind: 'bits', labels: ['a', 'k'] },
    });
    expect(bound(definition).location.value).toEqual(new Set(['a', 'k']));
  });

  it('is a DEFVAL only if that fits its own SYNTAX', () => {
    const definition = scalarObject(ranged(INTEGER, 3, 9), {
      defaultValue: { kind: 'integer', value: 99 },
    });
    expect(bound(definition).location.value).toBe(3);
  });

  const WRONG: readonly [Syntax, PlainValue, string][] = [
    [ranged(INTEGER, 0, 9), 10, 'tbScalar: expected Integer32 of 0..9, got 10'],
    [INTEGER, 'seven', 'tbScalar: expected an integer of -2147483648..2147483647'],
    [UP_DOWN, 'sideways', 'tbScalar: expected one of up, down'],
    [UP_DOWN, 3, 'tbScalar: expected one of up, down, got 3'],
    [sized(DISPLAY_STRING, 0, 3), 'abcd', 'tbScalar: expected DisplayString of 0..3 octets'],
    [DISPLAY_STRING, 'Zürich', 'tbScalar: expected DisplayString of 0..255 octets'],
    [LETTERS, new Set(['z']), 'tbScalar: expected a set of a, b, d, k'],
  ];
  for (const [syntax, value, message] of WRONG) {
    it(`is refused when the module is loaded: ${message}`, () => {
      expect(() => bound(scalarObject(syntax), { value })).toThrow(
        expect.objectContaining({
          code: 'SNMP_STORED_VALUE',
          message: expect.stringContaining(message) as string,
        }) as Error,
      );
    });
  }
});

describe('a stored scalar', () => {
  it('is writable by managers as its MAX-ACCESS says, by the program always', () => {
    const { location, object } = bound(scalarObject(INTEGER, { access: 'read-only' }));
    expect(object.isWritable).toBe(false);
    location.set(7);
    expect(read(object)).toEqual(integer(7));
    expect(bound(scalarObject(INTEGER)).object.isWritable).toBe(true);
  });

  it('holds the program to the SYNTAX', () => {
    const { location } = bound(scalarObject(ranged(INTEGER, 0, 9)));
    expect(() => location.set(10)).toThrow(expect.objectContaining({ code: 'SNMP_STORED_VALUE' }));
    expect(location.value).toBe(0);
  });

  it('has no value before it is loaded', () => {
    const location = scalar.stored();
    const unbound = expect.objectContaining({ code: 'SNMP_STORED_UNBOUND' }) as Error;
    expect(() => location.value).toThrow(unbound);
    expect(() => location.set(1)).toThrow(unbound);
  });

  it('changes by a SET, and back by a rollback', async () => {
    const { location, object } = bound(scalarObject(INTEGER));
    expect(await runSet([{ object, value: integer(7) }])).toMatchObject({ errorStatus: 'noError' });
    expect(location.value).toBe(7);
    const { errorStatus } = await runSet([{ object, value: integer(8) }], 'rollback');
    expect([errorStatus, location.value]).toEqual(['commitFailed', 7]);
  });

  it('reads the old value between the vote and the set', async () => {
    const { location, object } = bound(scalarObject(INTEGER));
    const [group] = groupsOf([{ object, value: integer(7) }]);
    if (group === undefined) throw new Error('no group');
    await operate('isSetOk', group);
    expect(location.value).toBe(0);
    await operate('undo', group);
    expect(location.value).toBe(0);
  });

  it('tells the program of a change once it is committed, and only then', async () => {
    const { location, object } = bound(scalarObject(INTEGER));
    const heard: unknown[] = [];
    location.on('change', (value, previous) => heard.push([value, previous]));
    const committed = await runSet([{ object, value: integer(7) }]);
    expect(heard).toEqual([]);
    (object as StoredScalarObject).committed(committed.groups);
    expect(heard).toEqual([[7, 0]]);
    const rolledBack = await runSet([{ object, value: integer(8) }], 'rollback');
    (object as StoredScalarObject).committed(rolledBack.groups);
    expect(heard).toEqual([[7, 0]]);
  });

  const VOTES: readonly [string, StoredScalarOptions['isSetOk'], string][] = [
    ['nothing', () => undefined, 'noError'],
    ['noError', () => 'noError', 'noError'],
    ['a promise of nothing', async () => undefined, 'noError'],
    ['a status', () => 'inconsistentValue', 'inconsistentValue'],
    ['a SetError', () => new SetError('resourceUnavailable'), 'resourceUnavailable'],
    ['what is no vote', () => 'commitFailed' as never, 'genErr'],
    [
      'a SetError by throwing it',
      () => {
        throw new SetError('noAccess');
      },
      'noAccess',
    ],
  ];
  for (const [title, isSetOk, errorStatus] of VOTES) {
    it(`answers ${errorStatus} where isSetOk answers ${title}`, async () => {
      const { location, object } = bound(scalarObject(INTEGER), isSetOk && { isSetOk });
      expect(await runSet([{ object, value: integer(7) }])).toMatchObject({ errorStatus });
      expect(location.value).toBe(errorStatus === 'noError' ? 7 : 0);
    });
  }

  it('lets a crash of isSetOk through', async () => {
    const isSetOk = (): never => {
      throw new Error('bug');
    };
    const { object } = bound(scalarObject(INTEGER), { isSetOk });
    await expect(runSet([{ object, value: integer(7) }])).rejects.toThrow('bug');
  });
});

describe('onSet of a stored scalar', () => {
  function device(
    onSet: (value: PlainValue) => ReturnType<NonNullable<StoredScalarOptions['onSet']>>,
  ): Bound & { calls: PlainValue[] } {
    const calls: PlainValue[] = [];
    const record = (value: PlainValue): ReturnType<typeof onSet> => {
      calls.push(value);
      return onSet(value);
    };
    return { ...bound(scalarObject(INTEGER), { onSet: record }), calls };
  }

  it('is told the new value, and the old one again by a rollback', async () => {
    const { location, object, calls } = device(() => undefined);
    await runSet([{ object, value: integer(7) }], 'rollback');
    expect(calls).toEqual([7, 0]);
    expect(location.value).toBe(0);
  });

  it('that fails by value leaves the old value', async () => {
    const failures = [
      () => 'commitFailed' as const,
      async () => 'commitFailed' as const,
      () => new SetError('commitFailed' as const),
      () => {
        throw new SetError('commitFailed');
      },
      async () => {
        throw new SetError('commitFailed');
      },
    ];
    for (const onSet of failures) {
      const { location, object, calls } = device(onSet);
      expect(await runSet([{ object, value: integer(7) }])).toMatchObject({
        errorStatus: 'commitFailed',
      });
      expect([location.value, calls]).toEqual([0, [7]]);
    }
  });

  it('that crashes is told the old value by the rollback that follows [docs/set.md 3]', async () => {
    for (const isAsync of [false, true]) {
      const crash = (): never => {
        throw new Error('bug');
      };
      const { location, object, calls } = device((value) => {
        if (value !== 7) return undefined;
        return isAsync ? Promise.resolve().then(crash) : crash();
      });
      const [group] = groupsOf([{ object, value: integer(7) }]);
      if (group === undefined) throw new Error('no group');
      await operate('isSetOk', group);
      await expect(operate('set', group)).rejects.toThrow('bug');
      expect(await operate('rollback', group)).toEqual({ kind: 'ok' });
      expect([location.value, calls]).toEqual([0, [7, 0]]);
    }
  });
});

describe('TestAndIncr [RFC 2579]', () => {
  const lock = (value: number): Bound => bound(scalarObject(LOCK), { value });

  it('a SET of the current value counts up [TC-001]', async () => {
    const { location, object } = lock(41);
    expect(await runSet([{ object, value: integer(41) }])).toMatchObject({
      errorStatus: 'noError',
    });
    expect(location.value).toBe(42);
  });

  it('a SET of another value is inconsistentValue and changes nothing [TC-002, TC-005]', async () => {
    const { location, object } = lock(41);
    expect(await runSet([{ object, value: integer(41) }])).toMatchObject({ errorIndex: 0 });
    expect(await runSet([{ object, value: integer(41) }])).toMatchObject({
      errorStatus: 'inconsistentValue',
      errorIndex: 1,
    });
    expect(location.value).toBe(42);
  });

  it('2147483647 wraps to 0 [TC-003]', async () => {
    const { location, object } = lock(2_147_483_647);
    await runSet([{ object, value: integer(2_147_483_647) }]);
    expect(location.value).toBe(0);
  });

  it('-1 is wrongValue [TC-004]', async () => {
    const { object } = lock(41);
    expect(await runSet([{ object, value: integer(-1) }])).toMatchObject({
      errorStatus: 'wrongValue',
    });
  });

  it('is not counted where something else of the SET fails [TC-006]', async () => {
    const { location, object } = lock(41);
    const other = bound(scalarObject(INTEGER), { isSetOk: () => 'inconsistentValue' }).object;
    const request = [
      { object, value: integer(41) },
      { object: other, value: integer(7) },
    ];
    expect(await runSet(request)).toMatchObject({ errorIndex: 2 });
    expect(location.value).toBe(41);
    await runSet([{ object, value: integer(41) }], 'rollback');
    expect(location.value).toBe(41);
  });

  it('does not start at a constant [TC-007]', () => {
    const starts = new Set(
      Array.from({ length: 20 }, () => bound(scalarObject(LOCK)).location.value),
    );
    expect(starts.size).toBeGreaterThan(15);
  });

  it('that the program moved between vote and set is commitFailed', async () => {
    const { location, object } = lock(41);
    const [group] = groupsOf([{ object, value: integer(41) }]);
    if (group === undefined) throw new Error('no group');
    await operate('isSetOk', group);
    location.set(100);
    expect(await operate('set', group)).toMatchObject({ status: 'commitFailed' });
    expect(location.value).toBe(100);
  });
});
