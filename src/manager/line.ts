/** Where one stands in a line. */
export interface Place<Item> {
  readonly item: Item;
  before: Place<Item> | undefined;
  after: Place<Item> | undefined;
  isTaken: boolean;
}

/**
 * First come, first served; who stands in it may leave from anywhere at no cost.
 *
 * No Set and no Map: one that loses as many as it gets is made anew every so often, and each of
 * these, once old, keeps all that came after it alive until a full collection.
 */
export class Line<Item> {
  #first: Place<Item> | undefined;
  #last: Place<Item> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(item: Item): Place<Item> {
    const place: Place<Item> = { item, before: this.#last, after: undefined, isTaken: true };
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    this.#length += 1;
    return place;
  }

  /** The one that waited longest, or undefined. */
  take(): Item | undefined {
    const place = this.#first;
    if (place === undefined) return undefined;
    this.leave(place);
    return place.item;
  }

  /** Nothing happens where it is out already. @param place - of this line. */
  leave(place: Place<Item> | undefined): void {
    if (place?.isTaken !== true) return;
    place.isTaken = false;
    if (place.before === undefined) this.#first = place.after;
    else place.before.after = place.after;
    if (place.after === undefined) this.#last = place.before;
    else place.after.before = place.before;
    // Who left must keep nobody alive.
    place.before = undefined;
    place.after = undefined;
    this.#length -= 1;
  }

  /** From the front. It must not change meanwhile. */
  *[Symbol.iterator](): Generator<Item, void, undefined> {
    for (let place = this.#first; place !== undefined; place = place.after) yield place.item;
  }
}
