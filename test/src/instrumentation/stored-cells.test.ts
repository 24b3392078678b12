import { describe, expect, it } from 'vitest';
import type { Oid } from '../../../src/smi/index.js';
import { integer } from './definitions.js';
import { bound, plainTable } from './stored-table-definitions.js';

describe('the cells of a stored table', () => {
  const { object } = bound(plainTable('read-write'), {
    rows: [1, 3, 5].map((index) => ({ index, x: index, y: -index })),
  });
  const next = (column: number, rowIndex: Oid): unknown => {
    const cell = object.cells?.next(column, rowIndex);
    return cell === undefined ? undefined : [cell.column, ...cell.rowIndex];
  };

  const SUCCESSORS: readonly [number, Oid, readonly number[] | undefined][] = [
    [0, [], [2, 1]],
    [1, [99], [2, 1]],
    [2, [], [2, 1]],
    [2, [0], [2, 1]],
    [2, [1], [2, 3]],
    [2, [1, 7], [2, 3]],
    [2, [2], [2, 3]],
    [2, [3, 0], [2, 5]],
    [2, [5], [3, 1]],
    [2, [5, 5, 5], [3, 1]],
    [3, [4_294_967_295], undefined],
    [4, [], undefined],
  ];
  for (const [column, rowIndex, successor] of SUCCESSORS) {
    it(`after ${[column, ...rowIndex].join('.')} comes ${successor?.join('.') ?? 'nothing'}`, () => {
      expect(next(column, rowIndex)).toEqual(successor);
      // Once more from where the last one ended, which is what makes walks quick.
      expect(next(column, rowIndex)).toEqual(successor);
    });
  }

  it('are those of existing rows and readable columns', () => {
    expect(object.cells?.get(2, [3])).toEqual(integer(3));
    for (const [column, rowIndex] of [
      [2, [2]],
      [2, []],
      [2, [3, 1]],
      [1, [3]],
      [9, [3]],
    ] as const) {
      expect(object.cells?.get(column, rowIndex)).toEqual({ type: 'noSuchInstance' });
    }
  });

  it('are what readRow and readNext answer, too', () => {
    expect(object.interpretRow(object.readRow([3], [3, 2], undefined as never), [3, 2])).toEqual([
      integer(-3),
      integer(3),
    ]);
    const answers = object.readNext([5], [2, 3], undefined as never);
    expect(object.interpretNext(answers, [5], [2, 3])).toEqual([
      { type: 'cell', column: 3, rowIndex: [1], value: integer(-1) },
      { type: 'endOfTable' },
    ]);
  });
});
