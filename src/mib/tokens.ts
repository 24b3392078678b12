import type { Token, TokenKind } from './token.js';
import type { Words } from './words.js';

const KINDS: readonly TokenKind[] = [
  'end',
  'upper',
  'lower',
  'number',
  'string',
  'hex',
  'binary',
  'symbol',
];
/** Numbers of the kinds, as the columns hold them. */
export const [END, UPPER, LOWER, NUMBER, STRING, HEX, BINARY, SYMBOL] = [
  0, 1, 2, 3, 4, 5, 6, 7,
] as const;
export type KindNumber =
  | typeof END
  | typeof UPPER
  | typeof LOWER
  | typeof NUMBER
  | typeof STRING
  | typeof HEX
  | typeof BINARY
  | typeof SYMBOL;

const FIRST_TOKENS = 1 << 13;
const MAX_KEPT_LENGTH = 40;
const ASCII = /^[\0-\x7f]*$/;

/**
 * The tokens of one text by columns of numbers, which are used again for the next text: a million
 * small objects, each alive until its text is parsed, would cost more than to read the text.
 */
export class Tokens {
  readonly words: Words;
  #text = '';
  #count = 0;
  /** All BOUNDED by the tokens of the longest text. */
  #kinds = new Uint8Array(FIRST_TOKENS);
  #starts = new Int32Array(FIRST_TOKENS);
  /** The numbers of the words; of strings 0. */
  #wordNumbers = new Int32Array(FIRST_TOKENS);
  /** Of strings: where the text between the quotes is; negative where its quotes are doubled. */
  #contents = new Int32Array(FIRST_TOKENS);
  #contentEnds = new Int32Array(FIRST_TOKENS);

  constructor(words: Words) {
    this.words = words;
  }

  get length(): number {
    return this.#count;
  }

  /** Forgets the tokens there are; those to come are of this text. */
  begin(text: string): void {
    this.#text = text;
    this.#count = 0;
  }

  /** @param word - its number among `words`. */
  add(kind: KindNumber, word: number, at: number): void {
    const index = this.#count++;
    if (index >= this.#kinds.length) this.#double();
    this.#kinds[index] = kind;
    this.#starts[index] = at;
    this.#wordNumbers[index] = word;
  }

  /** @param hasDoubled - its quotes are to be made single. */
  addString(at: number, from: number, to: number, hasDoubled: boolean): void {
    this.add(STRING, 0, at);
    this.#contents[this.#count - 1] = hasDoubled ? -from : from;
    this.#contentEnds[this.#count - 1] = to;
  }

  /** The columns themselves, for those who ask a dozen times about each token. */
  get kinds(): Uint8Array {
    return this.#kinds;
  }

  get starts(): Int32Array {
    return this.#starts;
  }

  get wordNumbers(): Int32Array {
    return this.#wordNumbers;
  }

  kind(index: number): TokenKind {
    return KINDS[this.#kinds[index] as number] as TokenKind;
  }

  at(index: number): number {
    return this.#starts[index] as number;
  }

  text(index: number): string {
    if (this.#kinds[index] !== STRING) return this.words.text(this.#wordNumbers[index] as number);
    const from = this.#contents[index] as number;
    const content = this.#text.slice(Math.abs(from), this.#contentEnds[index]);
    if (from < 0) return content.replaceAll('""', '"');
    // Units and hints are the same few; and a part of the text would keep all of it in memory.
    if (content.length > MAX_KEPT_LENGTH || !ASCII.test(content)) return content;
    return this.words.text(this.words.add(content));
  }

  token(index: number): Token {
    return new Place(this, index);
  }

  #double(): void {
    const { length } = this.#kinds;
    const kinds = this.#kinds;
    this.#kinds = new Uint8Array(length * 2);
    this.#kinds.set(kinds);
    this.#starts = doubled(this.#starts);
    this.#contents = doubled(this.#contents);
    this.#contentEnds = doubled(this.#contentEnds);
    this.#wordNumbers = doubled(this.#wordNumbers);
  }
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** A token whose text is cut out when it is asked for. Valid until the next text begins. */
class Place implements Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly #tokens: Tokens;
  readonly #index: number;

  constructor(tokens: Tokens, index: number) {
    this.kind = tokens.kind(index);
    this.at = tokens.at(index);
    this.#tokens = tokens;
    this.#index = index;
  }

  get text(): string {
    return this.#tokens.text(this.#index);
  }
}
