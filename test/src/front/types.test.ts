import { describe, expect, it } from 'vitest';
import { scalar, table, type SubtreeDefinition } from '../../../src/index.js';

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
});
