import { grown } from './grown.js';

/** How many words there is room for to begin with; it doubles as it fills up. */
const FIRST_WORDS = 1 << 11;
const OCTETS_OF_WORD = 24;

/**
 * Words of ASCII, each kept once and known by a number from 1 on. No string is made of a word
 * until somebody asks for it. Numbers are valid as long as the table is.
 */
export class NameTable {
  #count = 1;
  /** The ASCII of all words, one behind the other. BOUNDED by the words, as all of these. */
  #octets: Buffer;
  /** By number: where its octets end, which is where those of the next one begin. */
  #ends: Int32Array;
  #hashes: Int32Array;
  /** Numbers by hash, with open addressing; 0 is free. At most half full. */
  #slots: Int32Array;

  /** @param words - how many there will be, more or less: a power of two. */
  constructor(words = FIRST_WORDS) {
    this.#octets = Buffer.alloc(words * OCTETS_OF_WORD);
    this.#ends = new Int32Array(words * 2);
    this.#hashes = new Int32Array(words * 2);
    this.#slots = new Int32Array(words * 2);
  }

  /** One more than the highest number; 0 is the number of none. */
  get count(): number {
    return this.#count;
  }

  /** The number of a word that stands in a text. @param hash - `nextHash` over its codes. */
  find(codes: Uint8Array, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] as number;
      if (number === 0) return this.#keep(codes, from, to, hash, slot);
      if (this.#hashes[number] === hash && this.#isSame(number, codes, from, to)) return number;
    }
  }

  /** As `find`, where the codes have not been looked at yet. */
  findAt(codes: Uint8Array, from: number, to: number): number {
    let hash = 0;
    for (let i = from; i < to; i++) hash = nextHash(hash, codes[i] as number);
    return this.find(codes, from, to, hash);
  }

  /** The number of a word that is not among the octets of a text. */
  findText(word: string): number {
    const codes = Buffer.from(word, 'latin1');
    return this.find(codes, 0, codes.length, hashOf(codes));
  }

  /** The same, where no word is to be added: 0 for one that is not there. */
  lookUpText(word: string): number {
    let hash = 0;
    for (let i = 0; i < word.length; i++) hash = nextHash(hash, word.charCodeAt(i));
    const mask = this.#slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] as number;
      if (number === 0) return 0;
      if (this.#hashes[number] === hash && this.#isText(number, word)) return number;
    }
  }

  textOf(number: number): string {
    const start = this.#ends[number - 1] as number;
    return this.#octets.toString('latin1', start, this.#ends[number]);
  }

  /** Copies the octets of a word. @returns the offset behind them. */
  copy(number: number, target: Uint8Array, at: number): number {
    const end = this.#ends[number] as number;
    let next = at;
    for (let i = this.#ends[number - 1] as number; i < end; i++) {
      target[next++] = this.#octets[i] as number;
    }
    return next;
  }

  lengthOf(number: number): number {
    return (this.#ends[number] as number) - (this.#ends[number - 1] as number);
  }

  #isSame(number: number, codes: Uint8Array, from: number, to: number): boolean {
    let at = this.#ends[number - 1] as number;
    if ((this.#ends[number] as number) - at !== to - from) return false;
    for (let i = from; i < to; i++, at++) if (this.#octets[at] !== codes[i]) return false;
    return true;
  }

  #isText(number: number, word: string): boolean {
    let at = this.#ends[number - 1] as number;
    if ((this.#ends[number] as number) - at !== word.length) return false;
    for (let i = 0; i < word.length; i++, at++) {
      if (this.#octets[at] !== word.charCodeAt(i)) return false;
    }
    return true;
  }

  #keep(codes: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const number = this.#count++;
    const start = this.#ends[number - 1] as number;
    const end = start + to - from;
    if (end > this.#octets.length) this.#grow(end);
    for (let i = from, at = start; i < to; i++, at++) this.#octets[at] = codes[i] as number;
    if (number * 2 >= this.#slots.length) this.#double();
    this.#ends[number] = end;
    this.#hashes[number] = hash;
    if (this.#slots[slot] === 0) this.#slots[slot] = number;
    this.#place(number, hash);
    return number;
  }

  #grow(atLeast: number): void {
    const larger = Buffer.alloc(Math.max(atLeast, this.#octets.length * 2));
    larger.set(this.#octets);
    this.#octets = larger;
  }

  #double(): void {
    const { length } = this.#slots;
    this.#ends = grown(this.#ends, length * 2);
    this.#hashes = grown(this.#hashes, length * 2);
    this.#slots = new Int32Array(length * 2);
    for (let number = 1; number < this.#count - 1; number++) {
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

function hashOf(codes: Uint8Array): number {
  let hash = 0;
  for (const code of codes) hash = nextHash(hash, code);
  return hash;
}

/** The low bits of the sum are those of the last letters alone. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15) ^ (hash >>> 7);
}
