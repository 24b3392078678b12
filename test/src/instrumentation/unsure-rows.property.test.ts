import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UnsureRows, type AppliedRow } from '../../../src/instrumentation/unsure-rows.js';
import type { StoredRow } from '../../../src/instrumentation/row-layout.js';

/** SETs upon one another: each sets some rows to a value, or destroys them. */
const SETS = fc.array(
  fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.option(fc.integer({ min: 0, max: 9 }))), {
    minLength: 1,
    maxLength: 3,
  }),
  { maxLength: 5 },
);

type Rows = Map<number, StoredRow>;

const shown = (rows: Iterable<readonly [readonly number[], StoredRow]>): unknown[] =>
  [...rows].map(([rowIndex, [value]]) => [rowIndex[0], value]);
const asEntries = (rows: Rows): (readonly [readonly number[], StoredRow])[] =>
  [...rows]
    .map(([index, row]) => [[index], row] as const)
    .sort(([a], [b]) => (a[0] ?? 0) - (b[0] ?? 0));

/**
 * Invariant: the rows are those after the SETs that are sure, whatever is set upon them. Model: the
 * rows after each SET, kept aside. Generator: SETs upon one another over four rows; as many of them
 * as drawn become sure, the first one first; then the others are taken back, the last one first.
 */
it('rows without what is unsure are those of the last SET that is sure', () => {
  let ups = 0;
  fc.assert(
    fc.property(SETS, fc.nat(5), fc.boolean(), (sets, sureCount, isAtOnce) => {
      const rows: Rows = new Map([
        [1, [0]],
        [3, [0]],
      ]);
      const unsure = new UnsureRows();
      const snapshots = [new Map(rows)];
      const applied: AppliedRow[][] = sets.map((set) => {
        const mine = set.map(([index, value]) => {
          const before = rows.get(index);
          const after: StoredRow | undefined = value === null ? undefined : [value];
          if (after === undefined) rows.delete(index);
          else rows.set(index, after);
          const one = { rowIndex: [index], before, after };
          unsure.add(one);
          return one;
        });
        snapshots.push(new Map(rows));
        return mine;
      });
      const expected = (sure: number): unknown[] => shown(asEntries(snapshots[sure] ?? new Map()));
      const settled = (): unknown[] => shown(unsure.without(asEntries(rows)));
      expect(settled()).toEqual(expected(0));
      const sure = Math.min(sureCount, sets.length);
      for (let i = 0; i < sure; i++) {
        if (isAtOnce) unsure.end(applied[i] ?? []);
        else for (const one of applied[i] ?? []) unsure.settle(one);
        expect(settled()).toEqual(expected(i + 1));
      }
      for (let i = sets.length - 1; i >= sure; i--) {
        for (const one of (applied[i] ?? []).toReversed()) {
          if (one.before === undefined) rows.delete(one.rowIndex[0] ?? 0);
          else rows.set(one.rowIndex[0] ?? 0, one.before);
          if (!isAtOnce) unsure.takeBack(one);
        }
        if (isAtOnce) unsure.end(applied[i] ?? []);
        expect(settled()).toEqual(expected(sure));
        ups += 1;
      }
      expect(shown(asEntries(rows))).toEqual(expected(sure));
    }),
  );
  expect(ups).toBeGreaterThan(20);
});

it("what the program has changed since is the program's", () => {
  const unsure = new UnsureRows();
  unsure.add({ rowIndex: [1], before: [1], after: [2] });
  unsure.add({ rowIndex: [2], before: [1], after: [2] });
  unsure.add({ rowIndex: [3], before: undefined, after: [2] });
  const program: StoredRow = [7];
  expect(shown(unsure.without([[[1], program]]))).toEqual([[1, 7]]);
});
