import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRowIndex, encodeRowIndex } from '../../../src/instrumentation/row-index.js';
import type { IndexItem } from '../../../src/mib/index.js';
import type { Syntax } from '../../../src/smi/index.js';
import {
  ADDRESS,
  INTEGER,
  LETTERS,
  MAC_ADDRESS,
  OBJECT_ID,
  OCTETS,
  UNSIGNED,
  UP_DOWN,
} from './definitions.js';
import { runs } from '../../support/arbitraries.js';

function item(syntax: Syntax, implied = false): IndexItem {
  return { object: 'part', syntax, implied };
}

const LABEL: Syntax = {
  base: 'OctetString',
  sizes: [{ low: 1, high: 32 }],
  conventions: ['TbLabel'],
  displayHint: '32t',
};

const PARTS: readonly [Syntax, fc.Arbitrary<unknown>][] = [
  [UNSIGNED, fc.nat({ max: 0xffff_ffff })],
  [INTEGER, fc.nat({ max: 2_147_483_647 })],
  [UP_DOWN, fc.constantFrom('up', 'down')],
  [OCTETS, fc.uint8Array({ maxLength: 12 })],
  [MAC_ADDRESS, fc.uint8Array({ minLength: 6, maxLength: 6 })],
  [LABEL, fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 })],
  [ADDRESS, fc.ipV4()],
  [
    OBJECT_ID,
    fc.array(fc.nat({ max: 0xffff_ffff }), { maxLength: 8 }).map((arcs) => [1, 3, ...arcs]),
  ],
  [LETTERS, fc.subarray(['a', 'b', 'd', 'k']).map((labels) => new Set(labels))],
];

/** Up to four parts, the last perhaps IMPLIED, with a value for each. */
const INDEXES = fc
  .array(fc.nat({ max: PARTS.length - 1 }), { minLength: 1, maxLength: 4 })
  .chain((kinds) => {
    const parts = kinds.map((kind) => PARTS[kind] as (typeof PARTS)[number]);
    return fc.record({
      implied: fc.boolean(),
      syntaxes: fc.constant(parts.map(([syntax]) => syntax)),
      values: fc.tuple(...parts.map(([, values]) => values)),
    });
  })
  .map(({ implied, syntaxes, values }) => ({
    items: syntaxes.map((syntax, i) => item(syntax, implied && i === syntaxes.length - 1)),
    values,
  }))
  .filter(({ items, values }) => {
    const last = values.at(-1);
    return !(items.at(-1)?.implied === true && last instanceof Uint8Array && last.length === 0);
  });

describe('every row index', () => {
  it('names the values that it was made from [TC-047, RFC 2578 7.7]', () => {
    fc.assert(
      fc.property(INDEXES, ({ items, values }) => {
        expect(decodeRowIndex(items, encodeRowIndex(items, values))).toEqual(values);
      }),
      runs(),
    );
  });

  it('that can be read is the index of what was read', () => {
    let readable = 0;
    fc.assert(
      fc.property(
        INDEXES,
        fc.nat(),
        fc.oneof(fc.nat({ max: 4 }), fc.nat({ max: 300 }), fc.nat()),
        ({ items, values: some }, at, arc) => {
          // One sub-identifier off from a legal one: about half of these are legal too.
          const arcs = [...encodeRowIndex(items, some)];
          arcs.splice(at % (arcs.length + 1), at % 2, arc);
          const values = decodeRowIndex(items, arcs);
          if (values === undefined) return;
          readable += 1;
          // BITS alone may come with more octets than they need: those go.
          if (!items.some(({ syntax }) => syntax.base === 'Bits')) {
            expect(encodeRowIndex(items, values)).toEqual(arcs);
          }
        },
      ),
      runs(1000),
    );
    expect(readable).toBeGreaterThan(100);
  });
});
