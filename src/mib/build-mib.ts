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
  /** The first of each name. BOUNDED by the nodes of all modules. */
  readonly #byName = new Map<string, MibNode>();
  readonly #root: Branch = { node: undefined, children: undefined };

  constructor(modules: ReadonlyMap<string, MibModule>) {
    this.modules = modules;
    for (const module of modules.values()) {
      for (const [name, node] of module.nodes) {
        if (!this.#byName.has(name)) this.#byName.set(name, node);
        this.#plant(node);
      }
    }
    for (const { repeats } of modules.values()) {
      for (const node of repeats ?? []) this.#plant(node);
    }
  }

  find(name: string): MibNode | undefined {
    const colons = name.indexOf('::');
    if (colons === -1) return this.#byName.get(name);
    return this.modules.get(name.slice(0, colons))?.nodes.get(name.slice(colons + 2));
  }

  nearest(oid: Oid): MibNode | undefined {
    let branch: Branch | undefined = this.#root;
    let nearest: MibNode | undefined;
    for (let i = 0; i <= oid.length && branch !== undefined; i++) {
      nearest = branch.node ?? nearest;
      branch = i < oid.length ? branch.children?.get(oid[i] as number) : undefined;
    }
    return nearest;
  }

  /** Of several nodes at one place the first stays; but a plain value yields to a macro. */
  #plant(node: MibNode): void {
    let branch = this.#root;
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
}
