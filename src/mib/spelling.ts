/**
 * Words that are nearly a keyword: in other letters' case, with an underscore for a hyphen, with a
 * letter too many, too few, exchanged or wrong.
 */

/** Shorter words have too many neighbours. */
const MIN_LENGTH = 5;

/** @returns the keyword that `word` was meant to be; undefined if it is none of them, or far. */
export function nearestKeyword(word: string, keywords: readonly string[]): string | undefined {
  const plain = word.toUpperCase().replaceAll('_', '-');
  if (keywords.includes(plain)) return plain;
  if (plain.length < MIN_LENGTH) return undefined;
  return keywords.find((keyword) => keyword.length >= MIN_LENGTH && isOneEditAway(plain, keyword));
}

/** The same for words such as `read-only`, which are written with and without what parts them. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const plain = squeeze(word);
  return (
    words.find((one) => squeeze(one) === plain) ??
    (plain.length < MIN_LENGTH
      ? undefined
      : words.find((one) => isOneEditAway(squeeze(one), plain)))
  );
}

function squeeze(word: string): string {
  return word.toLowerCase().replace(/[^a-z]/g, '');
}

/** One letter inserted, left out or replaced, or two neighbours exchanged. */
function isOneEditAway(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (long.length - short.length > 1) return false;
  let i = 0;
  while (i < short.length && short[i] === long[i]) i += 1;
  if (long.length > short.length) return short.slice(i) === long.slice(i + 1);
  const isExchanged = short[i] === long[i + 1] && short[i + 1] === long[i];
  return short.slice(i + (isExchanged ? 2 : 1)) === long.slice(i + (isExchanged ? 2 : 1));
}
