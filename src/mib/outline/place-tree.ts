import { grown } from '../grown.js';
import { MAX_SUB_IDENTIFIERS, type Oid } from '../../smi/index.js';

/** Of as many modules as are in most collections; what is not used takes no memory. */
const FIRST_PLACES = 1 << 17;
/** The place that all others are below. */
export const ROOT = 0;
/** Of OIDs that are too long to be any. */
export const NO_PLACE = -1;

/** Places in the tree of OIDs by numbers: each OID, and each that it is below, has one. */
export class PlaceTree {
  #count = 1;
  /** By place, all BOUNDED by the places: the one above, the last sub-identifier, the length. */
  #parents = new Int32Array(FIRST_PLACES);
  #arcs = new Uint32Array(FIRST_PLACES);
  #lengths = new Uint8Array(FIRST_PLACES);
  /** Places by parent and arc, with open addressing; 0 is free. At most half full. */
  #slots = new Int32Array(FIRST_PLACES * 2);

  get count(): number {
    return this.#count;
  }

  arc(place: number): number {
    return this.#arcs[place] as number;
  }

  length(place: number): number {
    return this.#lengths[place] as number;
  }

  below(parent: number, arc: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(parent, arc) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#slots[slot] as number;
      if (place === 0) return this.#add(parent, arc, slot);
      if (this.#parents[place] === parent && this.#arcs[place] === arc) return place;
    }
  }

  of(oid: Oid): number {
    let place = ROOT;
    for (let i = 0; i < oid.length && place !== NO_PLACE; i++)
      place = this.below(place, oid[i] as number);
    return place;
  }

  /** All places, each before those below it, and these by their arcs: in the order of OIDs. */
  inOrder(): Int32Array {
    const { children, starts } = this.#children();
    const order = new Int32Array(this.#count);
    /** Where the children of each place on the way go on. */
    const next = new Int32Array(MAX_SUB_IDENTIFIERS + 1);
    const path = new Int32Array(MAX_SUB_IDENTIFIERS + 1);
    let [depth, count] = [0, 1];
    next[0] = starts[ROOT] as number;
    while (depth >= 0) {
      const place = path[depth] as number;
      const at = next[depth] as number;
      if (at === starts[place + 1]) {
        depth -= 1;
        continue;
      }
      next[depth] = at + 1;
      const child = children[at] as number;
      order[count++] = child;
      depth += 1;
      path[depth] = child;
      next[depth] = starts[child] as number;
    }
    return order;
  }

  /** The places below each, by their arcs; and where those of each begin. */
  #children(): { children: Int32Array; starts: Int32Array } {
    const count = this.#count;
    const parents = this.#parents;
    // First how many each has, then where those before it end.
    const starts = new Int32Array(count + 1);
    for (let place = 1; place < count; place++) addTo(starts, (parents[place] as number) + 1, 1);
    for (let place = 0; place < count; place++) addTo(starts, place + 1, starts[place] as number);
    const children = new Int32Array(count - 1);
    const next = starts.slice();
    for (let place = 1; place < count; place++) {
      const parent = parents[place] as number;
      children[next[parent] as number] = place;
      addTo(next, parent, 1);
    }
    for (let place = 0; place < count; place++) {
      this.#sort(children, starts[place] as number, starts[place + 1] as number);
    }
    return { children, starts };
  }

  /** By their arcs, as they mostly are: modules count up. */
  #sort(children: Int32Array, from: number, to: number): void {
    const arcs = this.#arcs;
    let at = from + 1;
    while (
      at < to &&
      (arcs[children[at - 1] as number] as number) < (arcs[children[at] as number] as number)
    ) {
      at += 1;
    }
    if (at >= to) return;
    const unsorted = children.slice(from, to);
    const keys = new Float64Array(to - from);
    // An arc has 32 bits, which leaves 21 for where it stands; nobody has more in one place.
    for (let i = 0; i < keys.length; i++) {
      keys[i] = (arcs[unsorted[i] as number] as number) * 2 ** 21 + i;
    }
    keys.sort();
    for (let i = from; i < to; i++) {
      children[i] = unsorted[(keys[i - from] as number) % 2 ** 21] as number;
    }
  }

  #add(parent: number, arc: number, slot: number): number {
    const length = (this.#lengths[parent] as number) + 1;
    if (length > MAX_SUB_IDENTIFIERS) return NO_PLACE;
    const place = this.#count++;
    if (place === this.#parents.length) {
      this.#double();
      this.#slots[this.#free(parent, arc)] = place;
    } else {
      this.#slots[slot] = place;
    }
    this.#parents[place] = parent;
    this.#arcs[place] = arc;
    this.#lengths[place] = length;
    return place;
  }

  #double(): void {
    const { length } = this.#parents;
    this.#parents = grown(this.#parents, length * 2);
    this.#arcs = grown(this.#arcs, length * 2);
    this.#lengths = grown(this.#lengths, length * 2);
    this.#slots = new Int32Array(length * 4);
    for (let place = 1; place < length; place++) {
      this.#slots[this.#free(this.#parents[place] as number, this.#arcs[place] as number)] = place;
    }
  }

  #free(parent: number, arc: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(parent, arc) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }
}

export function addTo(numbers: Int32Array, at: number, number: number): void {
  numbers[at] = (numbers[at] as number) + number;
}

function hashOf(parent: number, arc: number): number {
  const mixed = Math.imul(parent, 0x9e3779b1) ^ Math.imul(arc, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
