import { describe, expectTypeOf, it } from 'vitest';
import { SetError } from '../../../src/instrumentation/answers.js';
import { scalar, type StoredScalar } from '../../../src/instrumentation/stored-scalar.js';
import type { StoredTable } from '../../../src/instrumentation/stored-table.js';
import { table } from '../../../src/instrumentation/table.js';

describe('the types of stored objects [API.md]', () => {
  it('of a table come from its rows, and reach isSetOk and the handle', () => {
    const friends = table.stored({
      rows: [{ friendIndex: 1, friendName: 'alice', friendKind: 'human', friendSeen: 0n }],
      rowStatus: { frozenWhileActive: ['friendKind'] },
      isSetOk(changes) {
        for (const change of changes) {
          if (change.op === 'destroy') expectTypeOf(change).not.toHaveProperty('after');
          else expectTypeOf(change.after.friendSeen).toBeBigInt();
          if (change.op !== 'destroy' && change.after.friendName === '') {
            throw new SetError('inconsistentValue', 'friendName');
          }
        }
      },
    });
    expectTypeOf<ReturnType<(typeof friends)['get']>>().toEqualTypeOf<
      | { friendIndex: number; friendName: string; friendKind: string; friendSeen: bigint }
      | undefined
    >();
    // @ts-expect-error there is no such column
    table.stored({ rows: [{ x: 1 }], rowStatus: { frozenWhileActive: ['y'] } });
    // @ts-expect-error a vote cannot be commitFailed
    table.stored({ isSetOk: () => new SetError('commitFailed' as const, 'x') });
  });

  it('of a table without rows are those of any row', () => {
    expectTypeOf(table.stored()).toEqualTypeOf<StoredTable>();
  });

  it('of a scalar are given, not guessed from where it starts', () => {
    const state = scalar.stored<'up' | 'down'>({ value: 'up' });
    expectTypeOf(state).toEqualTypeOf<StoredScalar<'up' | 'down'>>();
    // @ts-expect-error no such value
    scalar.stored<'up' | 'down'>({ value: 'sideways' });
    // @ts-expect-error a vote cannot be commitFailed
    scalar.stored({ isSetOk: () => 'commitFailed' as const });
  });
});
