import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptIndex, StoredRows } from '../../../src/instrumentation/stored-rows.js';
import type { Oid } from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';
import { nameOrder } from '../../support/oid-order.js';

/** The simplest thing that is right: a list that is sorted after every change. */
class Model {
  entries: { arcs: Oid; row: number }[] = [];

  get(arcs: Oid): number | undefined {
    return this.entries.find((entry) => nameOrder(entry.arcs, arcs) === 0)?.row;
  }

  set(arcs: Oid, row: number): void {
    this.delete(arcs);
    this.entries.push({ arcs, row });
    this.entries.sort((left, right) => nameOrder(left.arcs, right.arcs));
  }

  delete(arcs: Oid): void {
    this.entries = this.entries.filter((entry) => nameOrder(entry.arcs, arcs) !== 0);
  }

  after(arcs: Oid): { arcs: Oid; row: number } | undefined {
    return this.entries.find((entry) => nameOrder(entry.arcs, arcs) > 0);
  }
}

type Step =
  | { readonly do: 'set' | 'delete' | 'get' | 'after'; readonly arcs: Oid }
  | { readonly do: 'walk'; readonly steps: number }
  | { readonly do: 'load'; readonly all: readonly Oid[] }
  | { readonly do: 'clear' };

const SHAPES = {
  'single numbers': fc.tuple(fc.nat({ max: 40 })).map((arcs): Oid => arcs),
  'lists of numbers': fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }),
};

function steps(arcs: fc.Arbitrary<Oid>): fc.Arbitrary<Step[]> {
  const partial = fc.array(fc.nat({ max: 40 }), { maxLength: 3 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), arcs }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), arcs }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('get' as const), arcs }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('after' as const), arcs: fc.oneof(arcs, partial) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('walk' as const), steps: fc.nat({ max: 10 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('load' as const),
        all: fc.uniqueArray(arcs, { selector: String, maxLength: 20 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  );
  return fc.array(step, { maxLength: 60 });
}

function found(rows: StoredRows<number>, isFound: boolean): unknown {
  return isFound ? { arcs: rows.rowIndex, row: rows.row } : undefined;
}

describe('the rows of a table are a sorted list [model]', () => {
  for (const [shape, arcs] of Object.entries(SHAPES)) {
    it(`for every sequence of changes, seeks and walks over ${shape}`, () => {
      fc.assert(
        fc.property(steps(arcs), (sequence) => {
          const rows = new StoredRows<number>();
          const model = new Model();
          let row = 0;
          let at: Oid = [];
          for (const step of sequence) {
            row += 1;
            switch (step.do) {
              case 'set':
                expect(rows.set(step.arcs, row)).toBe(model.get(step.arcs));
                model.set(step.arcs, row);
                break;
              case 'delete':
                expect(rows.delete(step.arcs)).toBe(model.get(step.arcs));
                model.delete(step.arcs);
                break;
              case 'get':
                expect(rows.get(step.arcs)).toBe(model.get(step.arcs));
                break;
              case 'after':
                expect(found(rows, rows.after(step.arcs))).toEqual(model.after(step.arcs));
                break;
              case 'walk':
                // Goes on where the last walk stopped, whatever has changed since.
                for (let i = 0; i < step.steps; i++) {
                  const next = model.after(at);
                  expect(found(rows, rows.after(at))).toEqual(next);
                  at = next?.arcs ?? [];
                }
                break;
              case 'load':
                rows.load(
                  step.all.map(keptIndex),
                  step.all.map((_, i) => row + i),
                );
                model.entries = [];
                step.all.forEach((index, i) => model.set(index, row + i));
                row += step.all.length;
                break;
              case 'clear':
                rows.clear();
                model.entries = [];
                break;
            }
            expect(rows.size).toBe(model.entries.length);
          }
          expect([...rows.entries()]).toEqual(model.entries.map((one) => [one.arcs, one.row]));
        }),
        runs(300),
      );
    });
  }

  it('also where there are many chunks, in any order of insertion and removal', () => {
    const rows = new StoredRows<number>();
    const model = new Set<number>();
    let seed = 1;
    for (let i = 0; i < 20_000; i++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const index = seed % 5000;
      if (seed % 3 === 0) {
        expect(rows.delete([index]) !== undefined).toBe(model.delete(index));
      } else {
        rows.set([index], index);
        model.add(index);
      }
    }
    const sorted = [...model].sort((left, right) => left - right);
    expect([...rows.entries()].map(([[index]]) => index)).toEqual(sorted);
    for (let index = -1; index < 5000; index += 7) {
      const next = sorted.find((one) => one > index);
      expect(rows.after(index < 0 ? [] : [index]) ? rows.row : undefined).toBe(next);
    }
    for (const index of sorted) rows.delete([index]);
    expect([rows.size, rows.first(), rows.after([1])]).toEqual([0, false, false]);
  });

  it('a load with one index twice changes nothing and says which', () => {
    const rows = new StoredRows<string>();
    rows.set([1], 'old');
    expect(rows.load([3, 2, 3], ['a', 'b', 'c'])).toEqual([3]);
    expect([...rows.entries()]).toEqual([[[1], 'old']]);
  });

  it('an iteration sees what comes ahead of it and not what went', () => {
    const rows = new StoredRows<string>();
    for (const index of [1, 3, 5]) rows.set([index], `row ${index}`);
    const seen: unknown[] = [];
    for (const [[index]] of rows.entries()) {
      seen.push(index);
      if (index === 1) {
        rows.delete([3]);
        rows.set([4], 'new');
        rows.set([0], 'behind');
      }
    }
    expect(seen).toEqual([1, 4, 5]);
  });
});
