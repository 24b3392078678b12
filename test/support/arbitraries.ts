import * as fc from 'fast-check';
import {
  MAX_SUB_IDENTIFIERS,
  type Oid,
  type SnmpValue,
  type VarBind,
} from '../../src/smi/index.js';

const subIdentifier = fc.oneof(
  fc.nat(3),
  fc.constantFrom(127, 128, 255, 256, 16_383, 16_384, 2_097_151, 268_435_455, 2_147_483_647),
  fc.constantFrom(2_147_483_648, 4_294_967_295),
  fc.integer({ min: 0, max: 4_294_967_295 }),
);

/** Any OID that can be encoded; the first arc decides what the second may be. */
export const anyOid: fc.Arbitrary<Oid> = fc
  .tuple(
    fc.constantFrom(0, 1, 2),
    subIdentifier,
    fc.array(subIdentifier, { maxLength: MAX_SUB_IDENTIFIERS - 2, size: 'small' }),
  )
  .map(([first, second, rest]) => [first, first < 2 ? second % 40 : second, ...rest]);

const longOid: fc.Arbitrary<Oid> = fc
  .array(subIdentifier, { minLength: 126, maxLength: 126 })
  .map((rest) => [1, 3, ...rest]);

const unsigned32 = fc.oneof(
  fc.constantFrom(0, 127, 128, 255, 256, 2_147_483_647, 2_147_483_648, 4_294_967_295),
  fc.integer({ min: 0, max: 4_294_967_295 }),
);
const octetString = fc.uint8Array({ maxLength: 300, size: 'small' });

/** One generator per type, so that coverage can be counted. */
export const valueOf: Readonly<Record<SnmpValue['type'], fc.Arbitrary<SnmpValue>>> = {
  Integer32: fc
    .oneof(
      fc.constantFrom(-2_147_483_648, -129, -128, -1, 0, 127, 128, 32_767, 32_768, 2_147_483_647),
      fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    )
    .map((value) => ({ type: 'Integer32', value })),
  OctetString: octetString.map((value) => ({ type: 'OctetString', value })),
  Opaque: octetString.map((value) => ({ type: 'Opaque', value })),
  ObjectIdentifier: fc
    .oneof({ weight: 9, arbitrary: anyOid }, { weight: 1, arbitrary: longOid })
    .map((value) => ({ type: 'ObjectIdentifier', value })),
  IpAddress: fc
    .uint8Array({ minLength: 4, maxLength: 4 })
    .map((value) => ({ type: 'IpAddress', value })),
  Counter32: unsigned32.map((value) => ({ type: 'Counter32', value })),
  Gauge32: unsigned32.map((value) => ({ type: 'Gauge32', value })),
  TimeTicks: unsigned32.map((value) => ({ type: 'TimeTicks', value })),
  Counter64: fc
    .oneof(
      fc.constantFrom(
        0n,
        2n ** 53n - 1n,
        2n ** 53n + 1n,
        2n ** 63n - 1n,
        2n ** 63n,
        2n ** 64n - 1n,
      ),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    )
    .map((value) => ({ type: 'Counter64', value })),
  Null: fc.constant({ type: 'Null' }),
  noSuchObject: fc.constant({ type: 'noSuchObject' }),
  noSuchInstance: fc.constant({ type: 'noSuchInstance' }),
  endOfMibView: fc.constant({ type: 'endOfMibView' }),
};

export const anyValue: fc.Arbitrary<SnmpValue> = fc.oneof(...Object.values(valueOf));

/** What SNMPv1 can carry. */
const V2_ONLY: readonly string[] = ['Counter64', 'noSuchObject', 'noSuchInstance', 'endOfMibView'];
export const v1Value: fc.Arbitrary<SnmpValue> = fc.oneof(
  ...Object.entries(valueOf)
    .filter(([type]) => !V2_ONLY.includes(type))
    .map(([, value]) => value),
);

export function varBindsOf(value: fc.Arbitrary<SnmpValue>): fc.Arbitrary<VarBind[]> {
  return fc.array(fc.record({ name: anyOid, value }), { maxLength: 12 });
}

/** Fewer runs than this of a property prove too little. */
const FEWEST_RUNS = 200;

/** What a test run makes of the properties, so that two runs of one state come to the same. */
const USUAL_SEED = 1;

/**
 * How often a property runs, and from which seed, for `fc.assert`. TRELLIS_RUNS asks for more runs
 * than a test takes by itself, TRELLIS_SEED for other cases: `npm run soak` gives both, and a new
 * seed each time. fast-check prints the seed, with the path, where a property fails.
 */
export function runs(usual: number = FEWEST_RUNS): { numRuns: number; seed: number } {
  const wanted = Number(process.env['TRELLIS_RUNS'] ?? 0);
  return {
    numRuns: Math.max(usual, FEWEST_RUNS, wanted),
    seed: Number(process.env['TRELLIS_SEED'] ?? USUAL_SEED),
  };
}

/**
 * As `runs`, of a property whose runs are long, as they start agents and open files: a part of what
 * others have.
 *
 * @param part - one in so many.
 */
export function fewRuns(part: number): { numRuns: number; seed: number } {
  const { numRuns, seed } = runs();
  return { numRuns: Math.ceil(numRuns / part), seed };
}

/** Changes to octets: what a broken peer or an attacker makes of a message. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'set'; readonly at: number; readonly octet: number }
  | { readonly kind: 'insert'; readonly at: number; readonly octets: Uint8Array }
  | { readonly kind: 'delete'; readonly at: number; readonly count: number }
  | { readonly kind: 'copy'; readonly at: number; readonly from: number; readonly count: number };

/** A part of a length, 0 to just below 1. (fc.double would nearly always be next to 0.) */
export const place = fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1_000_000);

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant('set' as const),
    at: place,
    octet: fc.oneof(fc.constantFrom(0, 0x30, 0x7f, 0x80, 0x82, 0x84, 0xa0, 0xff), fc.nat(255)),
  }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: place,
    octets: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  }),
  fc.record({
    kind: fc.constant('delete' as const),
    at: place,
    count: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({
    kind: fc.constant('copy' as const),
    at: place,
    from: place,
    count: fc.integer({ min: 1, max: 24 }),
  }),
);

export function mutate(octets: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  let current = Buffer.from(octets);
  for (const one of mutations) {
    const at = Math.floor(one.at * current.length);
    const [before, after] = [current.subarray(0, at), current.subarray(at)];
    switch (one.kind) {
      case 'flip':
        if (at < current.length) current[at] = (current[at] as number) ^ (1 << one.bit);
        break;
      case 'set':
        if (at < current.length) current[at] = one.octet;
        break;
      case 'insert':
        current = Buffer.concat([before, one.octets, after]);
        break;
      case 'delete':
        current = Buffer.concat([before, after.subarray(one.count)]);
        break;
      case 'copy': {
        const from = Math.floor(one.from * current.length);
        current = Buffer.concat([before, current.subarray(from, from + one.count), after]);
      }
    }
  }
  return current;
}
