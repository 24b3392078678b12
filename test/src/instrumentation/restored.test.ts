import { describe, expect, it } from 'vitest';
import {
  ForeignCallContext,
  FunctionScalar,
  type SetGroup,
} from '../../../src/instrumentation/index.js';
import type { ScalarFunctions } from '../../../src/instrumentation/index.js';
import type { ScalarObject } from '../../../src/mib/index.js';

const DEFINITION: ScalarObject = {
  kind: 'scalar',
  name: 'level',
  module: 'T-MIB',
  oid: [1, 3, 6, 1, 4, 1, 32473, 1],
  access: 'read-write',
  syntax: { base: 'Integer32', conventions: [], ranges: [{ low: 0, high: 100 }] },
};

const CONTEXT = new ForeignCallContext(1, undefined);

function restored(functions: Partial<ScalarFunctions>): {
  readonly object: FunctionScalar;
  readonly group: SetGroup;
} {
  const object = new FunctionScalar(DEFINITION, {
    get: () => 1,
    set: () => 'noError',
    restore: true,
    ...functions,
  });
  const group = {
    object,
    rowIndex: [],
    changes: [
      { column: 0, name: 'level', wire: { type: 'Integer32', value: 5 }, plain: 5, position: 1 },
    ],
    firstPosition: 1,
    memo: undefined,
  } as unknown as SetGroup;
  return { object, group };
}

function vote(functions: Partial<ScalarFunctions>): unknown {
  const { object, group } = restored(functions);
  return object.interpret('isSetOk', group, object.operate('isSetOk', group, CONTEXT));
}

describe('a scalar that the runtime restores [docs/set.md 3]', () => {
  it('votes as its isSetOk says; without one it votes yes', () => {
    expect(vote({})).toEqual({ kind: 'ok' });
    expect(vote({ isSetOk: () => 'wrongValue' })).toMatchObject({ status: 'wrongValue' });
  });

  it('takes an isSetOk that answers nothing for an illegal answer [OTP-034]', () => {
    expect(vote({ isSetOk: (() => undefined) as never })).toMatchObject({ kind: 'illegal' });
  });

  it('votes once where what it reads is a promise that settles twice', async () => {
    let votes = 0;
    const twice = {
      // oxlint-disable-next-line unicorn/no-thenable -- as a program may answer
      then: (resolve: (value: unknown) => void) => {
        resolve(1);
        resolve(2);
      },
    };
    const { object, group } = restored({
      get: () => twice as never,
      isSetOk: () => {
        votes += 1;
        return 'noError';
      },
    });
    await expect(object.operate('isSetOk', group, CONTEXT)).resolves.toBe('noError');
    expect(votes).toBe(1);
  });

  it.each([-1, 101, 'five', { noValue: 'noSuchInstance' }])(
    'does not set back %s, which does not fit its SYNTAX',
    (old) => {
      const calls: unknown[] = [];
      const { object, group } = restored({
        get: () => old as never,
        set: (value) => {
          calls.push(value);
          return 'noError';
        },
      });
      object.operate('isSetOk', group, CONTEXT);
      expect(object.operate('rollback', group, CONTEXT)).toBe('undoFailed');
      expect(calls).toEqual([]);
    },
  );

  it('refuses where what is to be set back cannot be read', () => {
    expect(vote({ get: () => ({ error: 'genErr' }) })).toMatchObject({
      kind: 'error',
      status: 'genErr',
      position: 1,
    });
  });
});
