import type { Arbitrary } from 'fast-check';
import { isText, wireType, type SnmpValue, type Syntax, type ValueType } from '../../smi/index.js';
import type { FastCheck } from '../fast-check.js';
import { withBits } from './legal-values.js';
import { gapsBetween, intervalsOf, legalIntervals, numbersIn, wireInterval } from './numbers.js';

/** A value that an object can never have. */
export interface IllegalValue {
  readonly value: SnmpValue;
  /** What RFC 3416 4.2.5 (3) to (6) calls it; several where the RFC leaves it open. */
  readonly faults: readonly ('wrongType' | 'wrongLength' | 'wrongEncoding' | 'wrongValue')[];
  /** For people: `outside 0..1000`. */
  readonly why: string;
}

/** Of the types that net-snmp's snmpset can send. */
const OF_OTHER_TYPES: readonly SnmpValue[] = [
  { type: 'Integer32', value: 1 },
  { type: 'OctetString', value: new Uint8Array(Buffer.from('a')) },
  { type: 'ObjectIdentifier', value: [1, 3] },
  { type: 'IpAddress', value: Uint8Array.of(127, 0, 0, 1) },
  { type: 'Gauge32', value: 1 },
  { type: 'TimeTicks', value: 1 },
];

const MAX_ILLEGAL_OCTETS = 300;

/** Values that the SYNTAX rules out, near its edges more often than far from them. */
export function illegalValues(fc: FastCheck, syntax: Syntax): Arbitrary<IllegalValue> {
  const type = wireType(syntax.base);
  const wrongType = fc
    .constantFrom(...OF_OTHER_TYPES.filter((other) => other.type !== type))
    .map((value): IllegalValue => ({ value, faults: ['wrongType'], why: `no ${type}` }));
  const others = [
    ...numbersOutside(fc, syntax, type),
    ...sizesOutside(fc, syntax, type),
    ...contentsOutside(fc, syntax),
  ];
  return fc.oneof(...others.map((arbitrary) => ({ arbitrary, weight: 2 })), wrongType);
}

function numbersOutside(
  fc: FastCheck,
  syntax: Syntax,
  type: ValueType,
): readonly Arbitrary<IllegalValue>[] {
  if (type !== 'Integer32' && type !== 'Gauge32' && type !== 'TimeTicks') return [];
  const legal = legalIntervals(syntax);
  const gaps = gapsBetween(legal, wireInterval(syntax.base));
  if (gaps.length === 0) return [];
  const named = legal.map(({ low, high }) => (low === high ? `${low}` : `${low}..${high}`));
  return [
    numbersIn(fc, gaps).map((value) => ({
      value: { type, value },
      faults: ['wrongValue'],
      why: `none of ${named.join(' | ')}`,
    })),
  ];
}

function sizesOutside(
  fc: FastCheck,
  syntax: Syntax,
  type: ValueType,
): readonly Arbitrary<IllegalValue>[] {
  if ((type !== 'OctetString' && type !== 'Opaque') || syntax.sizes === undefined) return [];
  const gaps = gapsBetween(intervalsOf(syntax.sizes, { low: 0, high: 65_535 }), {
    low: 0,
    high: MAX_ILLEGAL_OCTETS,
  });
  if (gaps.length === 0) return [];
  return [
    numbersIn(fc, gaps).map((length) => ({
      value: { type, value: new Uint8Array(length).fill(0x61) },
      faults: ['wrongLength'],
      why: `a size of ${length} octets`,
    })),
  ];
}

function contentsOutside(fc: FastCheck, syntax: Syntax): readonly Arbitrary<IllegalValue>[] {
  if (syntax.bits !== undefined) return undefinedBits(fc, [...syntax.bits.values()]);
  if (!isText(syntax) || !syntax.conventions.includes('DisplayString')) return [];
  const size = intervalsOf(syntax.sizes, { low: 0, high: 64 }).find(({ high }) => high >= 1);
  if (size === undefined) return [];
  const octets = new Uint8Array(Math.max(1, size.low)).fill(0xe9);
  return [
    fc.constant({
      value: { type: 'OctetString', value: octets },
      faults: ['wrongValue', 'wrongEncoding'],
      why: 'no NVT ASCII',
    }),
  ];
}

function undefinedBits(
  fc: FastCheck,
  positions: readonly number[],
): readonly Arbitrary<IllegalValue>[] {
  const defined = new Set(positions);
  const last = Math.max(0, ...positions);
  const neededOctets = Math.floor(last / 8) + 1;
  // Those behind the last one within its octet are padding, not bits.
  const holes = Array.from({ length: last }, (_, position) => position).filter(
    (position) => !defined.has(position),
  );
  const beyond = Array.from({ length: 8 }, (_, i) => neededOctets * 8 + i);
  return [
    fc.constantFrom(...holes, ...beyond).map((position) => ({
      value: {
        type: 'OctetString',
        value: withBits(Math.max(neededOctets, Math.floor(position / 8) + 1), [position]),
      },
      faults: ['wrongValue', 'wrongLength'],
      why: `bit ${position} is not defined`,
    })),
  ];
}
