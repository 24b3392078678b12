import { NameTable } from './name-table.js';

/**
 * The words of texts, each kept once and known by a number from 1 on: a module says the same few
 * hundred words over and over, and a string for each time would be most of what the compiler
 * makes. Numbers are valid as long as the table is.
 */
export class Words {
  readonly #table = new NameTable();
  /** By number. UNBOUNDED because it is as large as the different words of the texts. */
  readonly #texts: string[] = [''];

  /** @param known - words that are compared with: these very strings are given back. */
  constructor(known: Iterable<string> = []) {
    for (const word of known)
      if (this.#table.findText(word) === this.#texts.length) this.#texts.push(word);
  }

  /** By number; 0 is the number of none. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  text(number: number): string {
    return this.#texts[number] as string;
  }

  /** The number of a word of ASCII. */
  add(word: string): number {
    return this.#kept(this.#table.findText(word));
  }

  /**
   * The number of the word that stands in a text.
   *
   * @param hash - `nextHash` over its codes, from 0 on.
   */
  find(codes: Uint8Array, from: number, to: number, hash: number): number {
    return this.#kept(this.#table.find(codes, from, to, hash));
  }

  /** Of a new word a string is made from its octets: a part of a text would keep the text. */
  #kept(number: number): number {
    if (number === this.#texts.length) this.#texts.push(this.#table.textOf(number));
    return number;
  }
}
