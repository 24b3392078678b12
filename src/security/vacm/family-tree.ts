import { compareOids, MAX_SUB_IDENTIFIER, type Oid } from '../../smi/index.js';
import { isWild, type ViewFamily } from './family.js';

/** A place in the tree: what is common to families that agree up to here. */
interface Node {
  /** BOUNDED by the families of the view, as the whole tree by their sub-identifiers. */
  readonly children: Map<number, Node>;
  /** Where the mask has a zero bit: any sub-identifier leads here. */
  wild: Node | undefined;
  /** The family that ends here; of several, which differ under wild cards only, the greatest. */
  family: ViewFamily | undefined;
  /** Whether a family that includes ends here or below. */
  mayInclude: boolean;
}

/** Where a name has come to: the places it matches, and what the longest match so far says. */
interface Position {
  readonly nodes: readonly Node[];
  readonly isIncluded: boolean;
}

/**
 * After so many places the search for the next visible name answers with what it has excluded: no
 * visible name lies before that, and whoever asked goes on from there. Keeps families that are made
 * to cross each other from costing more than they are worth.
 */
const MAX_PLACES = 2048;

/**
 * A view some of whose families have wild cards (RFC 3415 vacmViewTreeFamilyMask). Such a family is
 * no interval of names, so that names are followed down a tree whose places have a child for any
 * sub-identifier beside those for some.
 */
export class FamilyTree {
  readonly #root = newNode();
  #placesLeft = 0;

  constructor(families: readonly ViewFamily[]) {
    for (const family of families) this.#add(family);
  }

  includes(name: Oid): boolean {
    let position = this.#start();
    for (let i = 0; i < name.length && position.nodes.length > 0; i++) {
      position = step(position, name[i] as number);
    }
    return position.isIncluded;
  }

  /** The first name after `name` that may be visible; undefined where none is. */
  nextVisible(name: Oid): Oid | undefined {
    /** Before each sub-identifier of the name; BOUNDED by the longest family. */
    const passed: Position[] = [this.#start()];
    while (passed.length <= name.length && (passed.at(-1) as Position).nodes.length > 0) {
      passed.push(step(passed.at(-1) as Position, name[passed.length - 1] as number));
    }
    this.#placesLeft = MAX_PLACES;
    if (passed.length === name.length + 1) {
      const below = this.#firstBelow([...name], passed.at(-1) as Position, 0);
      if (below !== undefined) return below;
    } else if ((passed.at(-1) as Position).isIncluded) {
      // Below the last family all of it is visible: the next name is the first one below this one.
      return [...name, 0];
    }
    for (let depth = Math.min(passed.length - 1, name.length - 1); depth >= 0; depth--) {
      const arc = (name[depth] as number) + 1;
      if (arc > MAX_SUB_IDENTIFIER) continue;
      const found = this.#firstBelow(name.slice(0, depth), passed[depth] as Position, arc);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  get isEmpty(): boolean {
    return !this.#root.mayInclude;
  }

  /** The first visible name below `path` whose next sub-identifier is `from` at least. */
  #firstBelow(path: Oid, position: Position, from: number): Oid | undefined {
    if (!position.isIncluded && !position.nodes.some(({ mayInclude }) => mayInclude)) {
      return undefined;
    }
    for (const arc of candidates(position, from)) {
      const next = step(position, arc);
      const name = [...path, arc];
      if (next.isIncluded) return name;
      this.#placesLeft -= 1;
      if (this.#placesLeft <= 0) return name;
      const found = this.#firstBelow(name, next, 0);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #start(): Position {
    return { nodes: [this.#root], isIncluded: this.#root.family?.included === true };
  }

  #add(family: ViewFamily): void {
    let node = this.#root;
    node.mayInclude ||= family.included;
    for (const [i, arc] of family.subtree.entries()) {
      node = isWild(family, i) ? (node.wild ??= newNode()) : childOf(node, arc);
      node.mayInclude ||= family.included;
    }
    if (node.family === undefined || compareOids(node.family.subtree, family.subtree) < 0) {
      node.family = family;
    }
  }
}

function newNode(): Node {
  return { children: new Map(), wild: undefined, family: undefined, mayInclude: false };
}

function childOf(node: Node, arc: number): Node {
  const known = node.children.get(arc);
  if (known !== undefined) return known;
  const child = newNode();
  node.children.set(arc, child);
  return child;
}

function step({ nodes, isIncluded }: Position, arc: number): Position {
  const next: Node[] = [];
  let decisive: ViewFamily | undefined;
  for (const { children, wild } of nodes) {
    for (const node of [children.get(arc), wild]) {
      if (node === undefined) continue;
      next.push(node);
      // Of families of one length the one that is lexicographically greatest decides.
      const { family } = node;
      if (family === undefined) continue;
      if (decisive === undefined || compareOids(decisive.subtree, family.subtree) < 0) {
        decisive = family;
      }
    }
  }
  return { nodes: next, isIncluded: decisive === undefined ? isIncluded : decisive.included };
}

/**
 * The sub-identifiers worth a try, ascending: those that some family names, and of all others the
 * first, which stands for the rest.
 */
function candidates({ nodes }: Position, from: number): number[] {
  const named = new Set<number>();
  for (const { children } of nodes) for (const arc of children.keys()) named.add(arc);
  let other = from;
  while (named.has(other)) other += 1;
  const arcs = [...named].filter((arc) => arc >= from);
  if (other <= MAX_SUB_IDENTIFIER) arcs.push(other);
  return arcs.sort((left, right) => left - right);
}
