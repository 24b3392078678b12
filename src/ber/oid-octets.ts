import { BerError } from './ber-error.js';

const MAX_SUB_IDENTIFIERS = 128;

/**
 * Content octets of an OBJECT IDENTIFIER to sub-identifiers (X.690 8.19).
 *
 * The first octet group holds two: X = 40 * first + second, first at most 2 (ENC-025). No octets
 * at all read as 0.0, as other agents do (ENC-031, lenient).
 *
 * @throws BerError on padding (ENC-028), a cut sub-identifier (ENC-029), one above 2^32-1
 *   (ENC-027), more than 128 of them (ENC-030).
 */
export function decodeOid(bytes: Uint8Array, start: number, end: number): number[] {
  if (start === end) return [0, 0];
  const arcs: number[] = [];
  let at = start;
  let first = 0;
  while (at < end) {
    let octet = bytes[at++] as number;
    let arc = octet;
    if (octet >= 0x80) {
      if (octet === 0x80) throw new BerError('oid-sub-identifier-padded', at - 1);
      const from = at - 1;
      arc = octet & 0x7f;
      do {
        if (at === end) throw new BerError('oid-truncated', from);
        octet = bytes[at++] as number;
        arc = arc * 128 + (octet & 0x7f);
        // The first group is 80 + second where the OID starts with 2: allow those 80 more here.
        if (arc > 0xffff_ffff + (arcs.length === 0 ? 80 : 0)) {
          throw new BerError('oid-sub-identifier-too-large', from);
        }
      } while (octet >= 0x80);
    }
    if (arcs.length === 0) {
      first = arc < 40 ? 0 : arc < 80 ? 1 : 2;
      arcs.push(first, arc - first * 40);
    } else {
      if (arcs.length === MAX_SUB_IDENTIFIERS) throw new BerError('oid-too-long', at - 1);
      arcs.push(arc);
    }
  }
  return arcs;
}

export function subIdentifierSize(arc: number): number {
  return arc < 0x80 ? 1 : arc < 0x4000 ? 2 : arc < 0x20_0000 ? 3 : arc < 0x1000_0000 ? 4 : 5;
}

/** Content octets that an OID takes. An OID of fewer than two sub-identifiers is sent as 0.0-like. */
export function oidSize(arcs: readonly number[]): number {
  let size = subIdentifierSize((arcs[0] ?? 0) * 40 + (arcs[1] ?? 0));
  for (let i = 2; i < arcs.length; i++) size += subIdentifierSize(arcs[i] as number);
  return size;
}
