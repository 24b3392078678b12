import type { Mib, MibModule, MibNode } from './mib.js';
import type { Oid } from '../smi/index.js';

/** Puts modules together into one model. Order of the map is order of loading. */
export function buildMib(modules: ReadonlyMap<string, MibModule>): Mib {
  return new ResolvedMib(modules);
}

/** A place in the tree of OIDs; most have no definition or no children. */
interface Branch {
  node: MibNode | undefined;
  /** By sub-identifier. BOUNDED by the nodes of all modules. */
  children: Map<number, Branch> | undefined;
}

class ResolvedMib implements Mib {
  readonly modules: ReadonlyMap<string, MibModule>;
  /** The first of each name. Made at the first question. BOUNDED by the nodes of all modules. */
  #byName: Map<string, MibNode> | undefined;
  /** Made at the first question: whoever only wants the findings asks none. */
  #root: Branch | undefined;

  constructor(modules: ReadonlyMap<string, MibModule>) {
    this.modules = modules;
  }

  find(name: string): MibNode | undefined {
    const colons = name.indexOf('::');
    if (colons === -1) return this.#names().get(name);
    return this.modules.get(name.slice(0, colons))?.nodes.get(name.slice(colons + 2));
  }

  #names(): ReadonlyMap<string, MibNode> {
    if (this.#byName === undefined) {
      this.#byName = new Map();
      for (const { nodes } of this.modules.values()) {
        for (const [name, node] of nodes) if (!this.#byName.has(name)) this.#byName.set(name, node);
      }
    }
    return this.#byName;
  }

  #tree(): Branch {
    if (this.#root === undefined) {
      this.#root = { node: undefined, children: undefined };
      for (const { nodes } of this.modules.values()) {
        for (const node of nodes.values()) plant(this.#root, node);
      }
      for (const { repeats } of this.modules.values()) {
        for (const node of repeats ?? []) plant(this.#root, node);
      }
    }
    return this.#root;
  }

  nearest(oid: Oid): MibNode | undefined {
    let branch: Branch | undefined = this.#tree();
    let nearest: MibNode | undefined;
    for (let i = 0; i <= oid.length && branch !== undefined; i++) {
      nearest = branch.node ?? nearest;
      branch = i < oid.length ? branch.children?.get(oid[i] as number) : undefined;
    }
    return nearest;
  }
}

/** Of several nodes at one place the first stays; but a plain value yields to a macro. */
function plant(root: Branch, node: MibNode): void {
  let branch = root;
  for (const arc of node.oid) {
    branch.children ??= new Map();
    let child = branch.children.get(arc);
    if (child === undefined) {
      child = { node: undefined, children: undefined };
      branch.children.set(arc, child);
    }
    branch = child;
  }
  if (branch.node === undefined || (branch.node.kind === 'node' && node.kind !== 'node')) {
    branch.node = node;
  }
}
