import { describe, expect, expectTypeOf, it } from 'vitest';
import { noError, scalar, table, type SubtreeDefinition } from '../../../src/index.js';

describe('the types of a subtree definition', () => {
  it('come with scalar.functions and table.functions: no annotation is needed, wrong answers do not compile', () => {
    const definition: SubtreeDefinition = {
      subtree: 'a',
      level: scalar.functions<number>({
        get: () => 1,
        isSetOk: (value) => (value > 1 ? 'noError' : 'wrongValue'),
        set: () => 'noError',
      }),
      rowTable: table.functions({
        get: (rowIndex, columns) => columns.map(() => rowIndex.length),
        getNext: (_rowIndex, columns) => columns.map(() => 'endOfTable'),
        set: () => ({ error: 'commitFailed', column: 2 }),
      }),
    };
    // @ts-expect-error a vote is no place for commitFailed
    const wrong = scalar.functions({ get: () => 1, isSetOk: () => 'commitFailed' });
    // @ts-expect-error a table has a getNext
    const half = table.functions({ get: () => [] });
    expect(Object.keys(definition)).toContain('level');
    expect([wrong, half]).toHaveLength(2);
  });

  it('know noError from any other word, also where a function is async', async () => {
    const definition: SubtreeDefinition = {
      level: { get: () => 1, isSetOk: async () => noError, set: async () => noError },
      rowTable: table.stored({ isSetOk: async () => noError }),
    };
    const set = async () => noError;
    expectTypeOf<Awaited<ReturnType<typeof set>>>().toEqualTypeOf<'noError'>();
    expect(await set()).toBe('noError');
    expect(Object.keys(definition)).toHaveLength(2);
  });
});
