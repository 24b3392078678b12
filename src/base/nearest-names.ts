/** More would not help somebody who has mistyped one. */
const MAX_NEAREST = 3;

/**
 * Those of `known` that `wanted` may have been meant for: at most three, the nearest first. A name
 * is near where a third of its letters, but two at least, may be wrong; case is not looked at.
 */
export function nearestNames(wanted: string, known: readonly string[]): readonly string[] {
  const letters = wanted.toLowerCase();
  return known
    .map((name) => ({ name, distance: editDistance(letters, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, MAX_NEAREST)
    .map(({ name }) => name);
}

/** For the end of a message: `; did you mean a, b?`, or nothing. */
export function didYouMean(near: readonly string[]): string {
  return near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`;
}

/** Levenshtein's: insertions, deletions and replacements, row by row. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
