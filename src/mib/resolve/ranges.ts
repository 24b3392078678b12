import type { Bound, SubRange } from '../ast.js';
import type { BaseType, Range } from '../../smi/index.js';

/** Sizes that an OCTET STRING may have (RFC 2578 7.1.2). */
const ANY_SIZE: readonly Range[] = [{ low: 0, high: 65_535 }];
const UNSIGNED: readonly Range[] = [{ low: 0, high: 4_294_967_295 }];

/** The numbers that a base type itself allows; of the others, none. */
const BASE_RANGES: Readonly<Record<BaseType, readonly Range[]>> = {
  Integer32: [{ low: -2_147_483_648, high: 2_147_483_647 }],
  Counter32: UNSIGNED,
  Gauge32: UNSIGNED,
  Unsigned32: UNSIGNED,
  TimeTicks: UNSIGNED,
  Counter64: [{ low: 0, high: 18_446_744_073_709_551_615n }],
  OctetString: [],
  ObjectIdentifier: [],
  Bits: [],
  IpAddress: [],
  Opaque: [],
};

export function isNumeric(base: BaseType): boolean {
  return BASE_RANGES[base].length > 0;
}

export function isSized(base: BaseType): boolean {
  return base === 'OctetString' || base === 'Opaque';
}

/** What the base type allows before anything refines it. */
export function baseRanges(base: BaseType): readonly Range[] {
  return isSized(base) ? ANY_SIZE : BASE_RANGES[base];
}

/** What became of the sub-ranges of one constraint. */
export interface Refinement {
  /** Ascending and disjoint; empty where nothing is left. */
  readonly ranges: readonly Range[];
  /** Sub-ranges that reach outside what the parent allows. */
  readonly outside: readonly SubRange[];
  /** Sub-ranges whose ends are exchanged, which count for nothing. */
  readonly reversed: readonly SubRange[];
  /** The sub-ranges were not ascending and disjoint as written. */
  readonly isDisordered: boolean;
}

/**
 * Applies a constraint to what its parent type allows (RFC 2578 section 9): the result is what
 * both allow. MIN and MAX stand for the ends of the parent.
 *
 * @param parent - ascending and disjoint, not empty.
 */
export function refine(parent: readonly Range[], parts: readonly SubRange[]): Refinement {
  const lowest = parent[0]?.low ?? 0;
  const highest = parent.at(-1)?.high ?? 0;
  const bound = (value: Bound): number | bigint =>
    value === 'MIN' ? lowest : value === 'MAX' ? highest : value;
  const own: Range[] = [];
  const outside: SubRange[] = [];
  const reversed: SubRange[] = [];
  for (const part of parts) {
    const range = { low: bound(part.low), high: bound(part.high) };
    if (range.low > range.high) {
      reversed.push(part);
      continue;
    }
    own.push(range);
    if (!coversRange(parent, range)) outside.push(part);
  }
  const { ranges, isDisordered } = ordered(own);
  return { ranges: intersect(parent, ranges), outside, reversed, isDisordered };
}

/** Ascending, with those that overlap or touch made one. */
function ordered(ranges: readonly Range[]): { ranges: Range[]; isDisordered: boolean } {
  const merged: Range[] = [];
  const ascending = ranges.toSorted((a, b) => compare(a.low, b.low));
  let isDisordered = ascending.some((range, i) => range !== ranges[i]);
  for (const range of ascending) {
    const last = merged.at(-1);
    if (last === undefined || range.low > successor(last.high)) {
      merged.push(range);
      continue;
    }
    if (range.low <= last.high) isDisordered = true;
    if (range.high > last.high) merged[merged.length - 1] = { low: last.low, high: range.high };
  }
  return { ranges: merged, isDisordered };
}

function successor(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? value + 1n : value + 1;
}

/** Both ascending and disjoint; so is the result. */
function intersect(left: readonly Range[], right: readonly Range[]): Range[] {
  const both: Range[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [left[i], right[j]];
    if (a === undefined || b === undefined) return both;
    const low = a.low > b.low ? a.low : b.low;
    const high = a.high < b.high ? a.high : b.high;
    if (low <= high) both.push({ low, high });
    if (a.high < b.high) i += 1;
    else j += 1;
  }
}

/** number and bigint compare with each other as numbers. */
function compare(left: number | bigint, right: number | bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** @param ranges - ascending and disjoint. */
export function coversNumber(ranges: readonly Range[], value: number | bigint): boolean {
  return coversRange(ranges, { low: value, high: value });
}

function coversRange(ranges: readonly Range[], wanted: Range): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ranges[middle] as Range).low <= wanted.low) low = middle;
    else high = middle - 1;
  }
  const nearest = ranges[low];
  return nearest !== undefined && nearest.low <= wanted.low && wanted.high <= nearest.high;
}

/** For messages: the first few, since there may be any number. */
export function formatRanges(ranges: readonly Range[]): string {
  const shown = ranges
    .slice(0, 8)
    .map(({ low, high }) => (low === high ? `${low}` : `${low}..${high}`));
  return (shown.length < ranges.length ? [...shown, '...'] : shown).join(' | ');
}
