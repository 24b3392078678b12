import { compareOids, hasPrefix, type Oid } from '../smi/index.js';
import { hasWildCard, type ViewFamily } from './vacm/family.js';
import { FamilyTree } from './vacm/family-tree.js';

/** From `start` up to, not including, `end`; without an end, all that follows. */
interface Interval {
  readonly start: Oid;
  readonly end: Oid | undefined;
}

/** So few intervals are looked through one by one: most views have two or three. */
const MAX_SCANNED = 4;

/**
 * What somebody may see or write: families of subtrees included and excluded, the longest that
 * matches deciding (RFC 3415 vacmViewTreeFamilyTable). Without wild cards kept as disjoint ascending
 * intervals, so that a name is looked up, and the next visible one found, in O(log n); with them as
 * a tree.
 */
export class MibView {
  /** BOUNDED by twice the families of the view. */
  readonly #intervals: readonly Interval[];
  readonly #tree: FamilyTree | undefined;
  readonly #isAll: boolean;

  constructor(families: readonly ViewFamily[]) {
    this.#tree = families.some(hasWildCard) ? new FamilyTree(families) : undefined;
    this.#intervals = this.#tree === undefined ? toIntervals(families) : [];
    this.#isAll = this.#intervals.length === 1 && isEverything(this.#intervals[0] as Interval);
  }

  /** Whether there is nothing in it. */
  get isEmpty(): boolean {
    return this.#tree === undefined ? this.#intervals.length === 0 : this.#tree.isEmpty;
  }

  get isAll(): boolean {
    return this.#isAll;
  }

  includes(name: Oid): boolean {
    if (this.#isAll) return true;
    if (this.#tree !== undefined) return this.#tree.includes(name);
    const intervals = this.#intervals;
    if (intervals.length > MAX_SCANNED) {
      const interval = intervals[this.#lastStartingAtOrBefore(name)];
      return interval !== undefined && isBefore(name, interval.end);
    }
    for (let i = 0; i < intervals.length; i++) {
      const { start, end } = intervals[i] as Interval;
      if (isBefore(name, end)) return compareOids(start, name) <= 0;
    }
    return false;
  }

  /**
   * The first name after `name` that may be visible, for a name that is not: where a search goes
   * on. Undefined where nothing visible follows.
   */
  nextVisible(name: Oid): Oid | undefined {
    if (this.#tree !== undefined) return this.#tree.nextVisible(name);
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

/** There are no names but below 0, 1 and 2 (X.660). */
function isEverything({ start, end }: Interval): boolean {
  return compareOids(start, [0]) <= 0 && (end === undefined || compareOids(end, [3]) >= 0);
}

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
  /** Of two families of one subtree the later one counts. BOUNDED by the families. */
  const bySubtree = new Map(families.map((family) => [family.subtree.join('.'), family]));
  const bounds = families.flatMap(({ subtree }) => {
    const end = endOf(subtree);
    return end === undefined ? [subtree] : [subtree, end];
  });
  bounds.sort(compareOids);
  const intervals: { start: Oid; end: Oid | undefined }[] = [];
  for (const [i, start] of bounds.entries()) {
    if (!decide(bySubtree, start)) continue;
    const end = bounds[i + 1];
    const last = intervals.at(-1);
    if (last?.end !== undefined && compareOids(last.end, start) === 0) last.end = end;
    else if (last === undefined || last.end !== undefined) intervals.push({ start, end });
  }
  return intervals.filter(({ start, end }) => end === undefined || compareOids(start, end) < 0);
}

/** The longest matching family decides; without one the name is not in the view. */
function decide(bySubtree: ReadonlyMap<string, ViewFamily>, name: Oid): boolean {
  for (let length = name.length; length >= 0; length--) {
    const family = bySubtree.get(name.slice(0, length).join('.'));
    if (family !== undefined) return family.included;
  }
  return false;
}
