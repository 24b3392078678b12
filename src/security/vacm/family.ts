import type { Oid } from '../../smi/index.js';

/** A family of subtrees that a view includes or excludes (RFC 3415 vacmViewTreeFamilyEntry). */
export interface ViewFamily {
  readonly subtree: Oid;
  readonly included: boolean;
  /**
   * One bit per sub-identifier, the most significant first: 0 is a wild card. What it is too short
   * for is 1; absent: all ones.
   */
  readonly mask?: Uint8Array;
}

/** Whether any sub-identifier matches at this place. */
export function isWild({ mask }: ViewFamily, place: number): boolean {
  const octet = mask?.[place >> 3];
  return octet !== undefined && (octet & (0x80 >> (place & 7))) === 0;
}

export function hasWildCard(family: ViewFamily): boolean {
  return family.subtree.some((_, place) => isWild(family, place));
}
