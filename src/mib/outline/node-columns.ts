import type { OidPart } from '../ast.js';
import { grown } from '../grown.js';
import { NumberList } from './number-list.js';
import { NameTable } from '../name-table.js';

/** Of as many modules as are in most collections; what is not used takes no memory. */
const FIRST_NODES = 1 << 17;

const FIRST_LISTED = 1 << 17;

export const [MANY, ODD] = [254, 255] as const;

/**
 * The nodes of many modules by columns of numbers, as `{ parent 5 }` says them: an object for each
 * would take most of the time and nearly all of the memory that an outline needs.
 */
export class NodeColumns {
  /** Of nodes, their parents, and whatever is imported. */
  readonly names = new NameTable(FIRST_NODES);
  /** In pairs: the symbol, the module it is imported from. BOUNDED by the texts, as the next one. */
  readonly imports = new NumberList(FIRST_LISTED);
  readonly types = new NumberList(FIRST_LISTED);
  #count = 0;
  /** By node, all BOUNDED by the nodes. */
  #names = new Int32Array(FIRST_NODES);
  #parents = new Int32Array(FIRST_NODES);
  /** How many numbers follow the parent's name: 0 to 2, MANY; or ODD for parts of another form. */
  #lengths = new Uint8Array(FIRST_NODES);
  #firsts = new Uint32Array(FIRST_NODES);
  #seconds = new Uint32Array(FIRST_NODES);
  /** The node before that has the same name, in whatever module; -1 for none. */
  #earlier = new Int32Array(FIRST_NODES);
  /** By name: the last node that has it, plus one. BOUNDED by the names. */
  #last = new Int32Array(FIRST_NODES);
  /** Of nodes with more than a name and two numbers. BOUNDED by them. */
  readonly #odd = new Map<number, readonly OidPart[]>();

  get count(): number {
    return this.#count;
  }

  /** @param first, second - the numbers behind the parent's name, as many as `length` says. */
  add(name: number, parent: number, length: number, first: number, second: number): void {
    const node = this.#count++;
    if (node === this.#names.length) this.#double();
    if (name >= this.#last.length) this.#last = grown(this.#last, name + 1);
    this.#names[node] = name;
    this.#parents[node] = parent;
    this.#lengths[node] = length;
    this.#firsts[node] = first;
    this.#seconds[node] = second;
    this.#earlier[node] = (this.#last[name] as number) - 1;
    this.#last[name] = node + 1;
  }

  addOdd(name: number, parts: readonly OidPart[]): void {
    this.#odd.set(this.#count, parts);
    const [first, ...others] = parts;
    const isCounted =
      first?.name !== undefined &&
      first.number === undefined &&
      others.every((part) => part.name === undefined);
    const parent = isCounted ? this.names.findText(first.name) : 0;
    this.add(name, parent, isCounted ? MANY : ODD, 0, 0);
  }

  /** Forgets the nodes from this one on. */
  truncate(count: number): void {
    while (this.#count > count) {
      const node = --this.#count;
      this.#last[this.#names[node] as number] = (this.#earlier[node] as number) + 1;
      this.#odd.delete(node);
    }
  }

  name(node: number): number {
    return this.#names[node] as number;
  }

  parent(node: number): number {
    return this.#parents[node] as number;
  }

  length(node: number): number {
    return this.#lengths[node] as number;
  }

  first(node: number): number {
    return this.#firsts[node] as number;
  }

  second(node: number): number {
    return this.#seconds[node] as number;
  }

  oddParts(node: number): readonly OidPart[] | undefined {
    return this.#odd.get(node);
  }

  /**
   * The node of a name among those of one module, which are in a row; -1 for none. Takes as many
   * steps as later modules have a node of that name.
   */
  find(name: number, from: number, to: number): number {
    let node = name < this.#last.length ? (this.#last[name] as number) - 1 : -1;
    while (node >= to) node = this.#earlier[node] as number;
    return node >= from ? node : -1;
  }

  #double(): void {
    const { length } = this.#names;
    this.#names = grown(this.#names, length * 2);
    this.#parents = grown(this.#parents, length * 2);
    this.#lengths = grown(this.#lengths, length * 2);
    this.#firsts = grown(this.#firsts, length * 2);
    this.#seconds = grown(this.#seconds, length * 2);
    this.#earlier = grown(this.#earlier, length * 2);
  }
}
