import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MibView, type ViewFamily } from '../../../src/security/index.js';
import { hasPrefix, type Oid } from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';
import { nameOrder } from '../../support/oid-order.js';

/**
 * Invariant: a view decides as its longest matching family does, and skips no visible name.
 * Model: a scan over the families. Generator: few arcs, so that families nest and touch, with the
 * ends of a sub-identifier's range. Coverage: both verdicts, hits and misses of nextVisible.
 */
const arc = fc.constantFrom(0, 1, 2, 4_294_967_294, 4_294_967_295);
const oid: fc.Arbitrary<Oid> = fc.array(arc, { maxLength: 4 });
const family: fc.Arbitrary<ViewFamily> = fc.record({ subtree: oid, included: fc.boolean() });

function sees(families: readonly ViewFamily[], name: Oid): boolean {
  let decisive: ViewFamily | undefined;
  for (const one of families) {
    const matches = hasPrefix(name, one.subtree);
    if (matches && one.subtree.length >= (decisive?.subtree.length ?? 0)) decisive = one;
  }
  return decisive?.included === true;
}

it('a view decides as a scan over its families does [PR-43, PR-45]', () => {
  const seen = { included: 0, excluded: 0, next: 0, noNext: 0, overlaps: 0, apart: 0 };
  fc.assert(
    fc.property(
      fc.array(family, { maxLength: 8 }),
      fc.array(oid, { minLength: 1, maxLength: 12 }),
      (families, names) => {
        const view = new MibView(families);
        for (const name of names) {
          expect(view.includes(name)).toBe(sees(families, name));
          seen[sees(families, name) ? 'included' : 'excluded'] += 1;
          if (view.includes(name)) continue;
          const next = view.nextVisible(name);
          seen[next === undefined ? 'noNext' : 'next'] += 1;
          if (next !== undefined) expect(nameOrder(next, name)).toBeGreaterThan(0);
          // Whatever lies between is not visible: tried with all the names at hand.
          for (const other of names) {
            const between =
              nameOrder(other, name) > 0 && (next === undefined || nameOrder(other, next) < 0);
            if (between) expect(sees(families, other)).toBe(false);
          }
        }
        for (const root of names) {
          const below = names.some((name) => hasPrefix(name, root) && sees(families, name));
          if (below) expect(view.overlaps(root)).toBe(true);
          seen[view.overlaps(root) ? 'overlaps' : 'apart'] += 1;
          if (!view.overlaps(root)) expect(sees(families, root)).toBe(false);
        }
        if (names.some((name) => sees(families, name))) expect(view.isEmpty).toBe(false);
      },
    ),
    runs(3000),
  );
  for (const [what, count] of Object.entries(seen)) {
    expect(count, `coverage of ${what}`).toBeGreaterThan(200);
  }
});
