import type { Oid } from '../../src/smi/index.js';

/** Every sub-identifier as wide as the widest: text then sorts as names do. */
const sortable = (oid: Oid): string => oid.map((arc) => String(arc).padStart(10, '0')).join('.');

/** The order of names as RFC 3416 section 2 has it, not asked of the code under test. */
export function nameOrder(left: Oid, right: Oid): number {
  const [one, other] = [sortable(left), sortable(right)];
  return one < other ? -1 : one > other ? 1 : 0;
}
