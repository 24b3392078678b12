/** First in, first out, with a hard bound. Removal from the middle is allowed (deadlines need it). */
export class BoundedQueue<Item> {
  readonly #capacity: number;
  readonly #items = new Set<Item>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.size;
  }

  /** Returns false, and keeps nothing, when the queue is full. */
  offer(item: Item): boolean {
    if (this.#items.size >= this.#capacity) return false;
    this.#items.add(item);
    return true;
  }

  remove(item: Item): boolean {
    return this.#items.delete(item);
  }

  /** Takes everything out, in order of arrival. */
  drain(): Item[] {
    const items = [...this.#items];
    this.#items.clear();
    return items;
  }

  [Symbol.iterator](): IterableIterator<Item> {
    return this.#items.values();
  }
}
