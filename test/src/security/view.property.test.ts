import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MibView, type ViewFamily } from '../../../src/security/index.js';
import { hasPrefix, type Oid } from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';
import { nameOrder } from '../../support/oid-order.js';
import { sees } from '../../support/view-model.js';

/**
 * Invariant: a view decides as its longest matching family does, and skips no visible name.
 * Model: a scan over the families. Generator: few arcs, so that families nest and touch, with the
 * ends of a sub-identifier's range; half of the views have masks. Coverage: both verdicts, hits and
 * misses of nextVisible.
 */
const arc = fc.constantFrom(0, 1, 2, 4_294_967_294, 4_294_967_295);
/** A name begins with 0, 1 or 2 (X.660). */
const someName: fc.Arbitrary<Oid> = fc
  .tuple(fc.constantFrom(0, 1, 2), fc.array(arc, { maxLength: 3 }))
  .map(([first, rest]) => [first, ...rest]);
const oid: fc.Arbitrary<Oid> = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 12, arbitrary: someName },
);
const plainFamily: fc.Arbitrary<ViewFamily> = fc.record({
  subtree: oid,
  included: fc.boolean(),
});
/** The first four bits are those that count; the fifth bit and what follows are surplus. */
const maskedFamily: fc.Arbitrary<ViewFamily> = fc.record({
  subtree: oid,
  included: fc.boolean(),
  mask: fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ minLength: 1, maxLength: 2 })),
});
/** One family per subtree, as vacmViewTreeFamilyTable has them. */
const families: fc.Arbitrary<ViewFamily[]> = fc.oneof(plainFamily, maskedFamily).chain((one) =>
  fc.uniqueArray('mask' in one ? maskedFamily : plainFamily, {
    maxLength: 8,
    selector: ({ subtree }) => subtree.join('.'),
  }),
);

it('a view decides as a scan over its families does [ACM-024, ACM-025, ACM-026, ACM-027, ACM-028, ACM-029, ACM-030, ACM-031, ACM-032, ACM-033, ACM-036, PR-43, PR-45]', () => {
  const seen = { included: 0, excluded: 0, next: 0, noNext: 0, overlaps: 0, apart: 0, exact: 0 };
  fc.assert(
    fc.property(
      families,
      fc.array(someName, { minLength: 1, maxLength: 12 }),
      (families, names) => {
        const view = new MibView(families);
        for (const name of names) {
          expect(view.includes(name)).toBe(sees(families, name));
          seen[sees(families, name) ? 'included' : 'excluded'] += 1;
          if (view.includes(name)) continue;
          const next = view.nextVisible(name);
          seen[next === undefined ? 'noNext' : 'next'] += 1;
          if (next !== undefined) {
            expect(nameOrder(next, name)).toBeGreaterThan(0);
            if (sees(families, next)) seen.exact += 1;
          }
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
    runs(2500),
  );
  for (const [what, count] of Object.entries(seen)) {
    expect(count, `coverage of ${what}`).toBeGreaterThan(200);
  }
});
