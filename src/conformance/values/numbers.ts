import type { Arbitrary } from 'fast-check';
import { wireType, type BaseType, type Range, type Syntax } from '../../smi/index.js';
import type { FastCheck } from '../fast-check.js';

/** Both ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const MAX_UNSIGNED_32 = 0xffff_ffff;

/** All numbers that the wire type of a base type can carry; Counter64 as far as numbers go. */
export function wireInterval(base: BaseType): Interval {
  return wireType(base) === 'Integer32'
    ? { low: -0x8000_0000, high: 0x7fff_ffff }
    : { low: 0, high: MAX_UNSIGNED_32 };
}

/** The numbers of an enumeration or of the ranges, ascending and disjoint. */
export function legalIntervals(syntax: Syntax): readonly Interval[] {
  if (syntax.enums !== undefined) {
    return [...new Set(syntax.enums.values())]
      .sort((left, right) => left - right)
      .map((number) => ({ low: number, high: number }));
  }
  return intervalsOf(syntax.ranges, wireInterval(syntax.base));
}

/** Ranges within an interval. */
export function intervalsOf(
  ranges: readonly Range[] | undefined,
  within: Interval,
): readonly Interval[] {
  return (ranges ?? [within])
    .map(({ low, high }) => ({
      low: Math.max(Number(low), within.low),
      high: Math.min(Number(high), within.high),
    }))
    .filter(({ low, high }) => low <= high);
}

/** What is between intervals, and around them. */
export function gapsBetween(intervals: readonly Interval[], within: Interval): readonly Interval[] {
  const gaps: Interval[] = [];
  let from = within.low;
  for (const { low, high } of intervals) {
    if (low > from) gaps.push({ low: from, high: low - 1 });
    from = Math.max(from, high + 1);
  }
  if (from <= within.high) gaps.push({ low: from, high: within.high });
  return gaps;
}

/** Numbers of the intervals, their ends more often than others. Shrinks towards the first one. */
export function numbersIn(fc: FastCheck, intervals: readonly Interval[]): Arbitrary<number> {
  const ends = [...new Set(intervals.flatMap(({ low, high }) => [low, high]))];
  return fc.oneof(
    { withCrossShrink: true },
    ...intervals.map(({ low, high }) => fc.integer({ min: low, max: high })),
    fc.constantFrom(...ends),
  );
}
