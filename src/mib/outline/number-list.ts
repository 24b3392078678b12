import { grown } from '../grown.js';

/** Numbers one behind the other, in one piece of memory that doubles as it fills up. */
export class NumberList {
  #numbers: Int32Array;
  #count = 0;

  /** @param room - for how many to begin with; what is not used takes no memory. */
  constructor(room: number) {
    this.#numbers = new Int32Array(room);
  }

  get count(): number {
    return this.#count;
  }

  push(number: number): void {
    if (this.#count === this.#numbers.length) {
      this.#numbers = grown(this.#numbers, this.#count * 2);
    }
    this.#numbers[this.#count++] = number;
  }

  at(index: number): number {
    return this.#numbers[index] as number;
  }

  set(index: number, number: number): void {
    this.#numbers[index] = number;
  }

  slice(from: number, to: number): Int32Array {
    return this.#numbers.slice(from, to);
  }

  truncate(count: number): void {
    this.#count = count;
  }
}
