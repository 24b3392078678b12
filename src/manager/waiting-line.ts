interface Place<Item> {
  readonly item: Item;
  before: Place<Item> | undefined;
  after: Place<Item> | undefined;
  isTaken: boolean;
}

/** First come, first served; who waits may leave from anywhere at no cost. */
export class WaitingLine<Item> {
  #first: Place<Item> | undefined;
  #last: Place<Item> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @returns what takes the item out again; nothing happens where it is out already. */
  add(item: Item): () => void {
    const place: Place<Item> = { item, before: this.#last, after: undefined, isTaken: true };
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    this.#length += 1;
    return () => this.#leave(place);
  }

  /** The one that waited longest, or undefined. */
  take(): Item | undefined {
    const place = this.#first;
    if (place === undefined) return undefined;
    this.#leave(place);
    return place.item;
  }

  #leave(place: Place<Item>): void {
    if (!place.isTaken) return;
    place.isTaken = false;
    if (place.before === undefined) this.#first = place.after;
    else place.before.after = place.after;
    if (place.after === undefined) this.#last = place.before;
    else place.after.before = place.before;
    this.#length -= 1;
  }
}
