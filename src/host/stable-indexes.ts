/**
 * Gives each name an index and keeps it, as the MIBs ask of table indexes from one start of the
 * agent to the next. An index is never given twice: what comes back after it was forgotten gets a
 * new one.
 */
export class StableIndexes {
  /**
   * BOUNDED by `capacity`: the name unused for longest is forgotten. Keyed by name, in order of use.
   */
  readonly #indexes = new Map<string, number>();
  readonly #capacity: number;
  #next: number;

  constructor(first: number, capacity: number) {
    this.#next = first;
    this.#capacity = capacity;
  }

  indexOf(name: string): number {
    const index = this.#indexes.get(name) ?? this.#next++;
    this.#indexes.delete(name);
    this.#indexes.set(name, index);
    if (this.#indexes.size > this.#capacity) this.#forgetOldest();
    return index;
  }

  #forgetOldest(): void {
    for (const oldest of this.#indexes.keys()) {
      this.#indexes.delete(oldest);
      return;
    }
  }
}
