import { grown } from '../grown.js';
import { NameTable } from '../name-table.js';
import { macroLike, MIN_MACRO_LENGTH } from '../parser/cursor.js';

import type { PlainTokens } from './plain-tokens.js';

const FIRST_WORDS = 1 << 10;
const [UNLIKE, LIKE] = [1, 2];
const [HYPHEN, UNDERSCORE, SMALL_A] = [0x2d, 0x5f, 0x61];

/** Which words the compiler takes for a macro, misspelled as it may be. Asks it once about each. */
export class MacroLikeness {
  /** BOUNDED by the words of the texts, as the next one. */
  readonly #words = new NameTable();
  /** By word; 0: not asked yet. */
  #answers = new Uint8Array(FIRST_WORDS);

  /** @param tokens - the token is a word in capitals that is none of those known. */
  isLike({ codes, from, to }: PlainTokens): boolean {
    if (to - from < MIN_MACRO_LENGTH || isOneWord(codes, from, to)) return false;
    const word = this.#words.findAt(codes, from, to);
    if (word >= this.#answers.length) this.#answers = grown(this.#answers, word + 1);
    if (this.#answers[word] === 0) {
      this.#answers[word] = macroLike(this.#words.textOf(word)) === undefined ? UNLIKE : LIKE;
    }
    return this.#answers[word] === LIKE;
  }
}

/** `DisplayString`: in small letters from the second one on, and without what parts words. */
function isOneWord(codes: Uint8Array, from: number, to: number): boolean {
  if ((codes[from + 1] as number) < SMALL_A) return false;
  for (let i = from + 2; i < to; i++) {
    const code = codes[i] as number;
    if (code === HYPHEN || code === UNDERSCORE) return false;
  }
  return true;
}
