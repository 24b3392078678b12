import * as fc from 'fast-check';
import { place } from '../../support/arbitraries.js';

/** A change of a module text; places are parts of its length. */
export type Mutation =
  | { readonly kind: 'octet'; readonly at: number; readonly octet: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'copy'; readonly at: number; readonly from: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly word: string };

const word = fc.constantFrom(
  '"',
  "'",
  '--',
  '{',
  '}',
  '(',
  '::=',
  'END',
  'OBJECT-TYPE',
  ',',
  'SYNTAX',
  '::= {',
  ' 9'.repeat(40),
  '\r',
  '\0',
);
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('octet' as const), at: place, octet: fc.nat(255) }),
  fc.record({ kind: fc.constant('cut' as const), at: place, length: fc.nat(400) }),
  fc.record({ kind: fc.constant('copy' as const), at: place, from: place, length: fc.nat(400) }),
  fc.record({ kind: fc.constant('insert' as const), at: place, word }),
);

export function mutate(octets: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  let current = octets;
  for (const one of mutations) {
    const at = Math.floor(one.at * current.length);
    const [before, after] = [current.subarray(0, at), current.subarray(at)];
    switch (one.kind) {
      case 'octet':
        current = joined(before, Uint8Array.of(one.octet), after.subarray(1));
        break;
      case 'cut':
        current = joined(before, after.subarray(one.length));
        break;
      case 'copy': {
        const from = Math.floor(one.from * current.length);
        current = joined(before, current.subarray(from, from + one.length), after);
        break;
      }
      case 'insert':
        current = joined(before, new TextEncoder().encode(one.word), after);
    }
  }
  return current;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
