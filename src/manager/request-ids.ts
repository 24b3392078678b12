import { randomInt } from 'node:crypto';

const MAX_REQUEST_ID = 0x7fff_ffff;
const FIRST_SLOTS = 64;

/** What goes by a request-id. */
interface Numbered {
  requestId: number;
}

/**
 * Request-ids, and what is under way by each: one after the other from a random one on, none that is
 * in use. An id's low bits are its slot; of the slots at least half are free, so that the next id
 * is a step or two away. (No Map, for the reason `Line` gives.)
 */
export class RequestIds<Item extends Numbered> {
  /** BOUNDED by four times the most that were under way at once. */
  #slots: (Item | undefined)[] = Array.from({ length: FIRST_SLOTS });
  #last: number;
  #size = 0;

  /** @param last - the id before the first one. */
  constructor(last = randomInt(1, MAX_REQUEST_ID)) {
    this.#last = last;
  }

  get size(): number {
    return this.#size;
  }

  /** Gives the item an id of its own. */
  add(item: Item): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    do {
      this.#last = this.#last >= MAX_REQUEST_ID ? 1 : this.#last + 1;
    } while (this.#slots[this.#last & mask] !== undefined);
    item.requestId = this.#last;
    this.#slots[this.#last & mask] = item;
    this.#size += 1;
  }

  get(requestId: number): Item | undefined {
    const item = this.#slots[requestId & (this.#slots.length - 1)];
    return item?.requestId === requestId ? item : undefined;
  }

  /** Nothing happens where it has no id any more. */
  delete(item: Item): void {
    if (this.get(item.requestId) !== item) return;
    this.#slots[item.requestId & (this.#slots.length - 1)] = undefined;
    this.#size -= 1;
  }

  all(): readonly Item[] {
    return this.#slots.filter((item) => item !== undefined);
  }

  /** Ids that differed in their low bits still do in more of them. */
  #grow(): void {
    const items = this.all();
    this.#slots = Array.from({ length: this.#slots.length * 2 });
    const mask = this.#slots.length - 1;
    for (const item of items) this.#slots[item.requestId & mask] = item;
  }
}
