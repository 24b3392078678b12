import type { Arbitrary } from 'fast-check';
import { assertNever } from '../../base/index.js';
import { isText, wireType, type Oid, type SnmpValue, type Syntax } from '../../smi/index.js';
import type { FastCheck } from '../fast-check.js';
import { intervalsOf, legalIntervals, numbersIn, type Interval } from './numbers.js';

/** Longer strings are made only where the SYNTAX has no shorter ones. */
const MAX_OCTETS = 64;
const ALL_SIZES: Interval = { low: 0, high: 65_535 };

/**
 * Values that the SYNTAX allows, as they go on the wire: made from its ranges, sizes, members and
 * bits, their edges more often than the rest. What textual conventions say about the octets
 * (DisplayString, DateAndTime, UTF-8) is obeyed.
 */
export function legalValues(fc: FastCheck, syntax: Syntax): Arbitrary<SnmpValue> {
  const type = wireType(syntax.base);
  switch (type) {
    case 'Integer32':
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return numbersIn(fc, legalIntervals(syntax)).map((value) => ({ type, value }));
    case 'Counter64':
      return fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }).map((value) => ({ type, value }));
    case 'OctetString':
      return octetStrings(fc, syntax).map((value) => ({ type, value }));
    case 'Opaque':
      return fc
        .uint8Array({ maxLength: 20 })
        .map((content) => ({ type, value: Uint8Array.of(0x04, content.length, ...content) }));
    case 'IpAddress':
      return fc
        .oneof(
          fc.uint8Array({ minLength: 4, maxLength: 4 }),
          fc.constantFrom(Uint8Array.of(127, 0, 0, 1), Uint8Array.of(255, 255, 255, 255)),
        )
        .map((value) => ({ type, value }));
    case 'ObjectIdentifier':
      return oids(fc).map((value) => ({ type, value }));
    case 'Null':
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      throw new TypeError(`no SYNTAX comes down to ${type}`);
    default:
      return assertNever(type);
  }
}

/** The sizes that strings are made of. */
export function madeSizes(syntax: Syntax, maxOctets = MAX_OCTETS): readonly Interval[] {
  const sizes = intervalsOf(syntax.sizes, ALL_SIZES);
  const short = intervalsOf(sizes, { low: 0, high: maxOctets });
  const [smallest] = sizes;
  if (short.length > 0 || smallest === undefined) return short;
  return [{ low: smallest.low, high: smallest.low }];
}

function octetStrings(fc: FastCheck, syntax: Syntax): Arbitrary<Uint8Array> {
  if (syntax.bits !== undefined) return bitStrings(fc, [...syntax.bits.values()]);
  const sizes = madeSizes(syntax);
  if (syntax.conventions.includes('DateAndTime')) return dates(fc, sizes);
  return isText(syntax) ? texts(fc, sizes, allowsUtf8(syntax)) : anyOctets(fc, sizes);
}

function allowsUtf8(syntax: Syntax): boolean {
  return syntax.conventions.includes('SnmpAdminString') || /^\d+t$/.test(syntax.displayHint ?? '');
}

function anyOctets(fc: FastCheck, sizes: readonly Interval[]): Arbitrary<Uint8Array> {
  return perSize(fc, sizes, (minLength, maxLength) =>
    fc.uint8Array({ minLength, maxLength, size: 'max' }),
  );
}

/** Of every interval any size, and the largest more often. */
function perSize(
  fc: FastCheck,
  sizes: readonly Interval[],
  make: (minLength: number, maxLength: number) => Arbitrary<Uint8Array>,
): Arbitrary<Uint8Array> {
  return fc.oneof(
    { withCrossShrink: true },
    ...sizes.map(({ low, high }) => ({ arbitrary: make(low, high), weight: 3 })),
    ...sizes.map(({ high }) => ({ arbitrary: make(high, high), weight: 1 })),
  );
}

const PRINTABLE_FROM = 0x20;
const PRINTABLE_COUNT = 0x5f;
const LETTER_A = 0x61;

function texts(
  fc: FastCheck,
  sizes: readonly Interval[],
  withUtf8: boolean,
): Arbitrary<Uint8Array> {
  // 0 stands for `a`, so that a string shrinks to letters.
  const printable = fc
    .nat({ max: PRINTABLE_COUNT - 1 })
    .map((n) => ((n + LETTER_A - PRINTABLE_FROM) % PRINTABLE_COUNT) + PRINTABLE_FROM);
  const ascii = perSize(fc, sizes, (minLength, maxLength) =>
    fc
      .array(printable, { minLength, maxLength, size: 'max' })
      .map((octets) => Uint8Array.from(octets)),
  );
  const pairs = sizes.find(({ low, high }) => high >= 2 && Math.max(2, low + (low % 2)) <= high);
  if (!withUtf8 || pairs === undefined) return ascii;
  const length = Math.max(2, pairs.low + (pairs.low % 2));
  const accented = fc.constant(new Uint8Array(Buffer.from('é'.repeat(length / 2))));
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: ascii, weight: 7 },
    { arbitrary: accented, weight: 1 },
  );
}

/** Bits that are defined, in as many octets as the last defined one needs. */
function bitStrings(fc: FastCheck, positions: readonly number[]): Arbitrary<Uint8Array> {
  const lengthOctets = Math.floor(Math.max(0, ...positions) / 8) + 1;
  return fc.subarray([...positions]).map((raised) => withBits(lengthOctets, raised));
}

export function withBits(lengthOctets: number, positions: readonly number[]): Uint8Array {
  const octets = new Uint8Array(lengthOctets);
  for (const position of positions) {
    octets[position >> 3] = (octets[position >> 3] ?? 0) | (0x80 >> (position & 7));
  }
  return octets;
}

const DATE_OCTETS = 8;
const DATE_WITH_ZONE_OCTETS = 11;
const PLUS = 0x2b;
const MINUS = 0x2d;

function dates(fc: FastCheck, sizes: readonly Interval[]): Arbitrary<Uint8Array> {
  const parts = fc.tuple(
    fc.integer({ min: 1990, max: 2100 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.nat({ max: 23 }),
    fc.nat({ max: 59 }),
    fc.nat({ max: 59 }),
    fc.nat({ max: 9 }),
    fc.constantFrom(PLUS, MINUS),
    fc.nat({ max: 13 }),
    fc.nat({ max: 59 }),
  );
  const lengths = [DATE_OCTETS, DATE_WITH_ZONE_OCTETS].filter((length) =>
    sizes.some(({ low, high }) => length >= low && length <= high),
  );
  return fc
    .tuple(fc.constantFrom(...lengths), parts)
    .map(([length, [year, ...rest]]) =>
      Uint8Array.of(year >> 8, year & 0xff, ...rest).subarray(0, length),
    );
}

const MAX_MADE_ARCS = 12;

function oids(fc: FastCheck): Arbitrary<Oid> {
  const arc = fc.oneof(
    fc.nat({ max: 200 }),
    fc.constantFrom(127, 128, 16_383, 16_384, 0xffff_ffff),
  );
  return fc
    .tuple(fc.nat({ max: 2 }), fc.nat({ max: 39 }), fc.array(arc, { maxLength: MAX_MADE_ARCS }))
    .map(([first, second, rest]) => [first, second, ...rest]);
}
