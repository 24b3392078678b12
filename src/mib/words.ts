/** Sizes to begin with; both double as they fill up. */
const FIRST_OCTETS = 1 << 16;
const FIRST_SLOTS = 1 << 12;

/**
 * The words of texts, each kept once and known by a number from 1 on: a module says the same few
 * hundred words over and over, and a string for each time would be most of what the compiler
 * makes. Numbers are valid as long as the table is.
 */
export class Words {
  /** By number. UNBOUNDED because it is as large as the different words of the texts. */
  readonly #texts: string[] = [''];
  /** The ASCII of all words, one behind the other. BOUNDED by the words, as all of these. */
  #octets = new Uint8Array(FIRST_OCTETS);
  /** By number: where its octets end, which is where those of the next one begin. */
  #ends = new Int32Array(FIRST_SLOTS);
  #hashes = new Int32Array(FIRST_SLOTS);
  /** Numbers by hash, with open addressing; 0 is free. At most half full. */
  #slots = new Int32Array(FIRST_SLOTS);

  /** @param known - words that are compared with: these very strings are given back. */
  constructor(known: Iterable<string> = []) {
    for (const word of known) this.#add(word, word);
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
    return this.#add(word, undefined);
  }

  #add(word: string, kept: string | undefined): number {
    const codes = Buffer.from(word, 'latin1');
    let hash = 0;
    for (const code of codes) hash = nextHash(hash, code);
    return this.find(codes, 0, codes.length, hash, kept);
  }

  /**
   * The number of the word that stands in a text.
   *
   * @param hash - `nextHash` over its codes, from 0 on.
   * @param kept - the string to keep where the word is new; default: one that is made of its codes,
   *   since a part of a text would keep the whole text in memory.
   */
  find(codes: Uint8Array, from: number, to: number, hash: number, kept?: string): number {
    const mask = this.#slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] as number;
      if (number === 0) return this.#keep(codes, from, to, hash, slot, kept);
      if (this.#hashes[number] === hash && this.#isSame(number, codes, from, to)) return number;
    }
  }

  #isSame(number: number, codes: Uint8Array, from: number, to: number): boolean {
    let at = this.#ends[number - 1] as number;
    if ((this.#ends[number] as number) - at !== to - from) return false;
    for (let i = from; i < to; i++, at++) if (this.#octets[at] !== codes[i]) return false;
    return true;
  }

  #keep(
    codes: Uint8Array,
    from: number,
    to: number,
    hash: number,
    slot: number,
    kept: string | undefined,
  ): number {
    const number = this.#texts.length;
    const start = this.#ends[number - 1] as number;
    const end = start + to - from;
    if (end > this.#octets.length) this.#octets = grown(this.#octets, end);
    for (let i = from, at = start; i < to; i++, at++) this.#octets[at] = codes[i] as number;
    this.#texts.push(kept ?? Buffer.from(this.#octets.buffer).toString('latin1', start, end));
    if (number * 2 >= this.#slots.length) this.#double();
    this.#ends[number] = end;
    this.#hashes[number] = hash;
    if (this.#slots[slot] === 0) this.#slots[slot] = number;
    this.#place(number, hash);
    return number;
  }

  #double(): void {
    const { length } = this.#slots;
    this.#ends = grown(this.#ends, length * 2);
    this.#hashes = grown(this.#hashes, length * 2);
    this.#slots = new Int32Array(length * 2);
    for (let number = 1; number < this.#texts.length - 1; number++) {
      this.#place(number, this.#hashes[number] as number);
    }
  }

  #place(number: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    while (this.#slots[slot] !== 0) {
      if (this.#slots[slot] === number) return;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = number;
  }
}

export function nextHash(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** The low bits of the sum are those of the last letters alone. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15) ^ (hash >>> 7);
}

function grown<Numbers extends Uint8Array | Int32Array>(
  numbers: Numbers,
  atLeast: number,
): Numbers {
  let { length } = numbers;
  while (length < atLeast) length *= 2;
  const larger = new (numbers.constructor as new (length: number) => Numbers)(length);
  larger.set(numbers);
  return larger;
}
