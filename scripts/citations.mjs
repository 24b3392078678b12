/**
 * What a text cites: `PR-01`, `SET-044`; a range, `ENC-001..ENC-046` or `PR-01..11`, cites all that
 * lies in between.
 */
export function* citations(text) {
  const reference = /\b([A-Z][A-Z0-9]{1,2})-(\d{2,3})(?:\.\.(?:\1-)?(\d{2,3}))?/g;
  for (const [, group, from, to] of text.matchAll(reference)) {
    for (let number = Number(from); number <= Number(to ?? from); number++) {
      yield `${group}-${String(number).padStart(from.length, '0')}`;
    }
  }
}
