const MAX_SUGGESTIONS = 3;
const MAX_WORD_LENGTH = 64;

/**
 * The names most like a word that is none of them: those that differ by few letters, and those
 * that differ by case only. For messages: `did you mean ...?`.
 */
export function nearestNames(word: string, names: Iterable<string>): readonly string[] {
  if (word.length > MAX_WORD_LENGTH) return [];
  const sought = word.toLowerCase();
  const limit = Math.max(1, Math.min(3, Math.floor(sought.length / 3)));
  /** BOUNDED by the names that are like the word. */
  const near: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(names)) {
    if (Math.abs(name.length - sought.length) > limit) continue;
    const distance = editDistance(sought, name.toLowerCase(), limit);
    if (distance <= limit) near.push({ name, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return near.slice(0, MAX_SUGGESTIONS).map(({ name }) => name);
}

/** `; did you mean a, b?`, or nothing. */
export function suggestion(word: string, names: Iterable<string>): string {
  const near = nearestNames(word, names);
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
}

/** Letters to insert, delete, replace or swap with their neighbour; gives up beyond the limit. */
function editDistance(left: string, right: string, limit: number): number {
  let twoBack: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      const isSame = left[i - 1] === right[j - 1];
      let cost = Math.min(
        (previous[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (previous[j - 1] as number) + (isSame ? 0 : 1),
      );
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, (twoBack[j - 2] as number) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    twoBack = previous;
    previous = row;
  }
  return previous[right.length] as number;
}
