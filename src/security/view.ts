import { compareOids, hasPrefix, type Oid } from '../smi/index.js';

/** A subtree that a view includes or excludes. */
export interface ViewFamily {
  readonly subtree: Oid;
  readonly included: boolean;
}

/** From `start` up to, not including, `end`; without an end, all that follows. */
interface Interval {
  readonly start: Oid;
  readonly end: Oid | undefined;
}

/**
 * What somebody may see or write: subtrees included and excluded, the longest that matches
 * deciding (RFC 3415 vacmViewTreeFamilyTable, without masks). Kept as disjoint ascending
 * intervals, so that a name is looked up, and the next visible one found, in O(log n).
 */
export class MibView {
  /** BOUNDED by twice the families of the configuration. */
  readonly #intervals: readonly Interval[];
  readonly #isAll: boolean;

  constructor(families: readonly ViewFamily[]) {
    this.#intervals = toIntervals(families);
    const [first] = this.#intervals;
    this.#isAll =
      this.#intervals.length === 1 && first?.end === undefined && first?.start.length === 0;
  }

  /** Whether there is anything in it. */
  get isEmpty(): boolean {
    return this.#intervals.length === 0;
  }

  get isAll(): boolean {
    return this.#isAll;
  }

  includes(name: Oid): boolean {
    if (this.#isAll) return true;
    const interval = this.#intervals[this.#lastStartingAtOrBefore(name)];
    return interval !== undefined && isBefore(name, interval.end);
  }

  /**
   * The first name after `name` that may be visible, for a name that is not: where a search goes
   * on. Undefined where nothing visible follows.
   */
  nextVisible(name: Oid): Oid | undefined {
    return this.#intervals[this.#lastStartingAtOrBefore(name) + 1]?.start;
  }

  /** Whether any instance below `root` may be visible. */
  overlaps(root: Oid): boolean {
    if (this.includes(root)) return true;
    const next = this.nextVisible(root);
    return next !== undefined && hasPrefix(next, root);
  }

  #lastStartingAtOrBefore(name: Oid): number {
    let low = 0;
    let high = this.#intervals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareOids((this.#intervals[middle] as Interval).start, name) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Everything there is. */
export const ALL_VIEW = new MibView([{ subtree: [], included: true }]);

function isBefore(name: Oid, end: Oid | undefined): boolean {
  return end === undefined || compareOids(name, end) < 0;
}

/** The first OID after the whole subtree, or undefined where the subtree is all there is. */
function endOf(subtree: Oid): Oid | undefined {
  if (subtree.length === 0) return undefined;
  const end = [...subtree];
  // An OID may not hold 2^32, but as a bound it compares as it should.
  end[end.length - 1] = (end.at(-1) as number) + 1;
  return end;
}

function toIntervals(families: readonly ViewFamily[]): Interval[] {
  const sorted = families.toSorted((left, right) => compareOids(left.subtree, right.subtree));
  const bounds = sorted.flatMap(({ subtree }) => {
    const end = endOf(subtree);
    return end === undefined ? [subtree] : [subtree, end];
  });
  bounds.sort(compareOids);
  const intervals: { start: Oid; end: Oid | undefined }[] = [];
  for (const [i, start] of bounds.entries()) {
    if (!decide(sorted, start)) continue;
    const end = bounds[i + 1];
    const last = intervals.at(-1);
    if (last?.end !== undefined && compareOids(last.end, start) === 0) last.end = end;
    else if (last === undefined || last.end !== undefined) intervals.push({ start, end });
  }
  return intervals.filter(({ start, end }) => end === undefined || compareOids(start, end) < 0);
}

/** The longest matching family decides; without one the name is not in the view. */
function decide(families: readonly ViewFamily[], name: Oid): boolean {
  let longest: ViewFamily | undefined;
  for (const family of families) {
    if (!hasPrefix(name, family.subtree)) continue;
    if (longest === undefined || family.subtree.length >= longest.subtree.length) longest = family;
  }
  return longest?.included === true;
}
