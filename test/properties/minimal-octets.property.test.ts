import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageEncoder } from '../../src/message/index.js';
import type { SnmpValue } from '../../src/smi/index.js';
import { anyValue, runs, varBindsOf } from '../support/arbitraries.js';

const encoder = new MessageEncoder();

const int32 = fc.oneof(
  fc.constantFrom(...[7, 15, 23, 31].flatMap((bit) => [-(2 ** bit), 2 ** bit - 1])),
  fc
    .constantFrom(7, 15, 23)
    .chain((bit) => fc.constantFrom(2 ** bit, 2 ** bit + 1, -(2 ** bit) - 1, 1 - 2 ** bit)),
  fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
);

/** At the edges of every size. */
const counter64: fc.Arbitrary<SnmpValue> = fc
  .tuple(fc.bigInt({ min: 0n, max: 64n }), fc.bigInt({ min: 0n, max: 1n }))
  .map(([bits, less]) => ({ type: 'Counter64', value: 2n ** bits - (bits === 64n ? 1n : less) }));

const NUMBERS = new Set([0x02, 0x41, 0x42, 0x43, 0x46]);
const OBJECT_IDENTIFIER = 0x06;

/**
 * What is longer than it need be, in all elements of `octets`; reads them on its own.
 *
 * @param sizes - gets the sizes of the numbers that were met.
 */
function excess(octets: Uint8Array, sizes: Set<number>, offset = 0): string[] {
  const found: string[] = [];
  for (let at = 0; at < octets.length;) {
    const start = offset + at;
    const tag = octets[at] ?? 0;
    const first = octets[at + 1] ?? 0;
    at += 2;
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      length = octets.subarray(at, at + count).reduce((sum, octet) => sum * 256 + octet, 0);
      if (length < 0x80 || octets[at] === 0) found.push(`length at ${start}`);
      at += count;
    }
    const content = octets.subarray(at, at + length);
    if (content.length !== length) found.push(`cut at ${start}`);
    if (NUMBERS.has(tag)) sizes.add(content.length);
    if (NUMBERS.has(tag) && isPadded(content)) found.push(`number at ${start}`);
    if (tag === OBJECT_IDENTIFIER && hasPaddedArc(content)) found.push(`OID at ${start}`);
    if ((tag & 0x20) !== 0) found.push(...excess(content, sizes, offset + at));
    at += length;
  }
  return found;
}

/** X.690 8.3.2: the first nine bits are not all the same. */
function isPadded([first = 0, second]: Uint8Array): boolean {
  if (second === undefined) return false;
  return (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
}

/** X.690 8.19.2: no sub-identifier begins with the octet 80. */
function hasPaddedArc(content: Uint8Array): boolean {
  return content.some((octet, i) => octet === 0x80 && (i === 0 || (content[i - 1] ?? 0) < 0x80));
}

/**
 * Invariant: every length, number and sub-identifier that is sent is as short as it can be. Model:
 * a reader of its own, by X.690. Generator: numbers at every size's edge. Coverage: numbers of
 * every size, and lengths of every form.
 */
it('what is sent is as short as it can be [ENC-050, PR-47]', () => {
  const sizes = new Set<number>();
  let longest = 0;
  fc.assert(
    fc.property(
      int32,
      int32,
      int32,
      varBindsOf(fc.oneof(anyValue, counter64)),
      (requestId, status, index, varBinds) => {
        const octets = encoder.encode(
          {
            version: 'v2c',
            community: Buffer.from('public'),
            pdu: { type: 'response', requestId, errorStatus: status, errorIndex: index, varBinds },
          },
          65_507,
        );
        expect(octets).toBeDefined();
        if (octets === undefined) return;
        expect(excess(octets, sizes)).toEqual([]);
        longest = Math.max(longest, octets.length);
      },
    ),
    runs(500),
  );
  expect([...sizes].toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(longest).toBeGreaterThan(0xff);
});
