import type { IndexNode, Name } from '../ast.js';
import type { ModuleDefinition, ObjectDefinition } from '../definition.js';
import type { IndexItem } from '../mib.js';
import type { ResolveContext } from './context.js';
import type { Found } from './symbols.js';

/** Finds what the rows of a table are named by, in this or another module (RFC 2578 7.7, 7.8). */
export class IndexResolver {
  readonly #context: ResolveContext;
  /** BOUNDED by the rows of all modules. */
  readonly #rows = new Map<ObjectDefinition, readonly IndexItem[]>();

  constructor(context: ResolveContext) {
    this.#context = context;
  }

  /** @returns what could be resolved; what could not has been reported. */
  resolve(module: ModuleDefinition, row: ObjectDefinition): readonly IndexItem[] {
    /** Rows that augment one another, which is a fault if there are more than two. */
    const chain: Found<ObjectDefinition>[] = [];
    const entered = new Set<ObjectDefinition>();
    let next: Found<ObjectDefinition> | undefined = { module, definition: row };
    let items: readonly IndexItem[] = [];
    while (next !== undefined) {
      const { definition } = next;
      const known = this.#rows.get(definition);
      if (known !== undefined || entered.has(definition)) {
        items = known ?? this.#circular(next);
        break;
      }
      entered.add(definition);
      chain.push(next);
      if (definition.index !== undefined) {
        if (definition.index.length === 0) this.#empty(next);
        items = this.#items(next.module, definition.index);
        break;
      }
      next = this.#augmented(next);
    }
    for (const { definition } of chain) this.#rows.set(definition, items);
    return items;
  }

  #empty({ module, definition }: Found<ObjectDefinition>): void {
    const message = `the INDEX of '${definition.name}' is empty; expected an object in it`;
    this.#context.report(module, definition.at, 'row-without-index', message);
  }

  #circular({ module, definition }: Found<ObjectDefinition>): readonly IndexItem[] {
    const at = definition.augments?.at ?? definition.at;
    const message = `row '${definition.name}' augments itself; expected a row with an INDEX`;
    this.#context.report(module, at, 'augments-unresolved', message);
    return [];
  }

  #augmented({ module, definition }: Found<ObjectDefinition>): Found<ObjectDefinition> | undefined {
    const name = definition.augments;
    if (name === undefined) {
      const message = `row '${definition.name}' has neither; expected a clause INDEX or AUGMENTS`;
      this.#context.report(module, definition.at, 'row-without-index', message);
      return undefined;
    }
    const found = this.#object(module, name, 'augments-unresolved');
    if (found === undefined) return undefined;
    const { index, augments } = found.definition;
    if (index !== undefined || augments !== undefined) return found;
    const message = `'${name.text}' is no row; expected a row with an INDEX`;
    this.#context.report(module, name.at, 'augments-unresolved', message);
    return undefined;
  }

  #items(module: ModuleDefinition, index: readonly IndexNode[]): IndexItem[] {
    const items: IndexItem[] = [];
    for (const node of index) {
      const item = this.#item(module, node);
      if (item === undefined) continue;
      items.push(item);
      if (item.implied) this.#checkImplied(module, node, item, index);
    }
    return items;
  }

  #item(module: ModuleDefinition, { at, implied, syntax: node }: IndexNode): IndexItem | undefined {
    if (node.kind !== 'reference' || !/^[a-z]/.test(node.name))
      return this.#typeItem(module, node, at);
    const found = this.#object(module, { text: node.name, at: node.at }, 'index-unresolved');
    if (found === undefined) return undefined;
    const resolved = this.#context.syntaxOf(found.module, found.definition);
    if (resolved.kind === 'simple') return { object: node.name, syntax: resolved.syntax, implied };
    const message = `'${node.name}' has no simple type; expected a column`;
    this.#context.report(module, node.at, 'index-unresolved', message);
    return undefined;
  }

  /** RFC 1212 4.1.6 allows a type where no object stands for the index. */
  #typeItem(
    module: ModuleDefinition,
    node: IndexNode['syntax'],
    at: number,
  ): IndexItem | undefined {
    const resolved = this.#context.types.inline(module, node);
    if (resolved.kind !== 'simple') return undefined;
    const object = node.kind === 'reference' ? node.name : '';
    const message = 'a type stands in INDEX; expected an object, since SMIv2 allows nothing else';
    this.#context.report(module, at, 'index-unfit', message);
    return { object, syntax: resolved.syntax, implied: false };
  }

  #checkImplied(
    module: ModuleDefinition,
    node: IndexNode,
    { syntax }: IndexItem,
    index: readonly IndexNode[],
  ): void {
    const isVariable = syntax.base === 'OctetString' || syntax.base === 'ObjectIdentifier';
    if (node !== index.at(-1) || !isVariable) {
      const message =
        'IMPLIED is not for this; expected it before the last object, of variable size';
      this.#context.report(module, node.at, 'index-unfit', message);
    }
  }

  #object(
    module: ModuleDefinition,
    { text, at }: Name,
    code: 'index-unresolved' | 'augments-unresolved',
  ): Found<ObjectDefinition> | undefined {
    const found = this.#context.symbols.value(module, text, at);
    if (typeof found !== 'string' && found.definition.kind === 'object') {
      return { module: found.module, definition: found.definition };
    }
    const message = `'${text}' is not known as an object here; expected an object, imported if it is of another module`;
    this.#context.report(module, at, code, message);
    return undefined;
  }
}
