/** Commands of which -C has letters with a word that may stand apart: `-Cf ,`, `-CE sysName`. */
const LETTERS_WITH_WORD: Readonly<Record<string, string>> = { table: 'fwcr', walk: 'E' };

/** The words of a call with such letters and their word as one, as the parser of options needs it. */
export function withJoinedWords(argv: readonly string[]): string[] {
  const letters = LETTERS_WITH_WORD[argv[2] ?? ''] ?? '';
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    const next = argv[i + 1];
    const [, first] = /^-C(?:[A-Za-z]*?)([A-Za-z])$/.exec(word) ?? [];
    if (first !== undefined && letters.includes(first) && next !== undefined) {
      joined.push(word + next);
      i += 1;
    } else joined.push(word);
  }
  return joined;
}
