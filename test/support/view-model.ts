import * as fc from 'fast-check';
import type { ViewFamily } from '../../src/security/index.js';
import type { Oid } from '../../src/smi/index.js';
import { nameOrder } from './oid-order.js';

/** RFC 3415 vacmViewTreeFamilyMask, word for word: bit 8i-7 is the most significant of octet i. */
function matches({ subtree, mask = new Uint8Array() }: ViewFamily, name: Oid): boolean {
  if (name.length < subtree.length) return false;
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return subtree.every((arc, i) => bits[i] === '0' || arc === name[i]);
}

/**
 * RFC 3415 vacmViewTreeFamilyTable: of the families that match the one with the most sub-identifiers
 * decides, of several such the lexicographically greatest; without any the name is not in the view.
 */
export function sees(families: readonly ViewFamily[], name: Oid): boolean {
  const matching = families.filter((family) => matches(family, name));
  matching.sort(
    (left, right) =>
      left.subtree.length - right.subtree.length || nameOrder(left.subtree, right.subtree),
  );
  return matching.at(-1)?.included === true;
}

/** The family with a mask that leaves out one of its last sub-identifiers. */
function withWildCard(family: ViewFamily, fromEnd: number): ViewFamily {
  const place = family.subtree.length - 1 - fromEnd;
  if (place < 0) return family;
  const mask = new Uint8Array(16).fill(0xff);
  mask[place >> 3] = 0xff & ~(0x80 >> (place & 7));
  return { ...family, mask };
}

/** Views of everything, of some subtrees, and of all but some; a part of the families has wild cards. */
export function familiesOf(subtree: fc.Arbitrary<Oid>): fc.Arbitrary<ViewFamily[]> {
  const family: fc.Arbitrary<ViewFamily> = fc
    .record({
      subtree,
      included: fc.boolean(),
      wild: fc.option(fc.nat(2), { nil: undefined, freq: 2 }),
    })
    .map(({ wild, ...one }) => (wild === undefined ? one : withWildCard(one, wild)));
  const some = fc.uniqueArray(family, { maxLength: 6, selector: (one) => one.subtree.join('.') });
  const root: Oid = [1, 3];
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<ViewFamily[]>([{ subtree: [], included: true }]) },
    {
      weight: 3,
      arbitrary: fc.tuple(some, fc.boolean()).map(([list, isAll]): ViewFamily[] => {
        if (!isAll) return list;
        const others = list.filter((one) => one.subtree.join('.') !== root.join('.'));
        return [{ subtree: root, included: true }, ...others];
      }),
    },
  );
}
