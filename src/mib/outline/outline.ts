import { DiagnosticLog } from '../diagnostics.js';
import type { ModuleDefinition, ValueDefinition } from '../definition.js';
import { definesSymbol, ModuleSet, type ResolveImport } from '../resolve/imports.js';
import { OidResolver, rootNumber } from '../resolve/oids.js';
import { Symbols } from '../resolve/symbols.js';
import { SourceText, type MibSource } from '../source.js';
import { MANY, NodeColumns, ODD } from './node-columns.js';
import { OutlineModule } from './outline-module.js';
import { NO_PLACE, PlaceTree } from './place-tree.js';
import { ModuleScanner, type ScannedModule } from './scan-modules.js';
import { SILENT } from './silent.js';

/** What is known of a node before its place is, or NO_PLACE. */
const [UNKNOWN, PENDING] = [0, -2];
/** What a name of others stands for depends on more than the name. */
const UNCLEAR = -3;

/** @param name, place - their numbers, in the columns and in the tree. */
export type ShowNode = (name: number, place: number) => void;

interface NodeOf {
  readonly module: OutlineModule;
  readonly node: number;
}

/** Where the names of many modules are in the tree. */
export class Outline {
  readonly columns = new NodeColumns();
  readonly tree = new PlaceTree();
  readonly #scanner = new ModuleScanner(this.columns);
  readonly #set: ModuleSet;
  readonly #symbols: Symbols;
  readonly #oids: OidResolver;
  /** By node: its place, or one of the above. BOUNDED by the nodes. */
  #places = new Int32Array(0);
  /** By the number of the name. BOUNDED by the modules that are imported from. */
  readonly #modules = new Map<number, ModuleDefinition | undefined>();
  /** By module and number of the name. BOUNDED by the imports. */
  readonly #defined = new Map<ModuleDefinition, Map<number, boolean>>();
  /** By module and name. BOUNDED by the names that modules use of others. */
  readonly #outsiders = new Map<OutlineModule, Map<number, NodeOf | number>>();

  /** What was read ahead, by path. BOUNDED by the texts. */
  readonly #ahead = new Map<string, readonly ScannedModule[]>();

  /** @param resolveImport - as of `CompileOptions`. */
  constructor(resolveImport: ResolveImport | undefined) {
    const log = new DiagnosticLog(SILENT);
    this.#set = new ModuleSet(log, resolveImport, false);
    this.#symbols = new Symbols(this.#set);
    this.#oids = new OidResolver(this.#symbols, log);
  }

  /** Reads a text that is at hand, and may never be added. */
  readAhead({ path, text }: MibSource): void {
    const scanned = this.#scanner.scan(asBuffer(text));
    if (scanned !== undefined) this.#ahead.set(path, scanned);
  }

  /** Of what was read ahead, the text is not asked for again. */
  add(source: MibSource): void {
    const { path } = source;
    const ahead = this.#ahead.get(path);
    if (ahead !== undefined) return this.#add(path, ahead);
    // Once: it is read when it is asked for.
    const { text } = source;
    const scanned = this.#scanner.scan(asBuffer(text));
    if (scanned === undefined) this.#set.addSource({ path, text });
    else this.#add(path, scanned);
  }

  #add(path: string, scanned: readonly ScannedModule[]): void {
    const place = new SourceText({ path, text: '' });
    for (const one of scanned) {
      const name = this.columns.names.textOf(one.name);
      this.#set.addModule(name, place, 0, () => {
        return new OutlineModule(one, this.columns, place, this.#set.nextId);
      });
    }
  }

  /**
   * Finds what is imported, to the last, and then all places, in the order of loading: so the
   * compiler does, on whose order it can depend what a name means that nobody imported. No source
   * may come after that.
   *
   * @returns all modules.
   */
  finish(): ModuleDefinition[] {
    this.#set.loadImports((module) => {
      if (module instanceof OutlineModule) this.#loadImports(module);
      else this.#set.loadImportsOf(module);
    });
    this.#places = new Int32Array(this.columns.count);
    for (const module of this.#set.modules.values()) {
      if (module instanceof OutlineModule) this.#findPlaces(module);
      else for (const definition of module.values.values()) this.#oids.resolve(module, definition);
      for (const definition of module.repeats) this.#oids.resolve(module, definition);
    }
    return [...this.#set.modules.values()];
  }

  #loadImports(module: OutlineModule): void {
    module.imports.visit((symbol, from) => {
      const target = this.#module(from);
      if (target === undefined || this.#defines(target, symbol)) return;
      this.#set.owner(target, this.columns.names.textOf(symbol));
    });
  }

  #module(name: number): ModuleDefinition | undefined {
    if (!this.#modules.has(name)) {
      this.#modules.set(name, this.#set.find(this.columns.names.textOf(name)));
    }
    return this.#modules.get(name);
  }

  #defines(module: ModuleDefinition, name: number): boolean {
    if (module instanceof OutlineModule) return module.defines(name);
    const known = mapOf(this.#defined, module);
    let isDefined = known.get(name);
    if (isDefined === undefined) {
      isDefined = definesSymbol(module, this.columns.names.textOf(name));
      known.set(name, isDefined);
    }
    return isDefined;
  }

  /** Shows the name and the place of each node of a module, in the order of the text. */
  visit(module: ModuleDefinition, show: ShowNode): void {
    if (module instanceof OutlineModule) {
      const { from, to } = module.values;
      for (let node = from; node < to; node++) {
        const place = this.#places[node] as number;
        if (place !== NO_PLACE) show(this.columns.name(node), place);
      }
    } else {
      this.#visit(module, module.values.values(), show);
    }
    this.#visit(module, module.repeats, show);
  }

  #visit(module: ModuleDefinition, definitions: Iterable<ValueDefinition>, show: ShowNode): void {
    for (const definition of definitions) {
      const oid = this.#oids.resolve(module, definition);
      if (oid === undefined) continue;
      show(this.columns.names.findText(definition.name), this.tree.of(oid));
    }
  }

  #findPlaces(module: OutlineModule): void {
    const { from, to } = module.values;
    const isPlain = module.repeats.length === 0;
    for (let node = from; node < to; node++) {
      if (!isPlain || !this.#isBelow(node, from, to)) this.#findPlace(module, node);
    }
  }

  /**
   * `{ parent 5 }` below what stands earlier in the module, as nearly all definitions are. @returns
   * whether it is so, and the place found.
   */
  #isBelow(node: number, from: number, to: number): boolean {
    const { columns } = this;
    if (columns.length(node) !== 1) return false;
    const parent = columns.find(columns.parent(node), from, to);
    const above = parent === -1 ? UNKNOWN : (this.#places[parent] as number);
    if (above <= UNKNOWN) return false;
    this.#places[node] = this.tree.below(above, columns.first(node));
    return true;
  }

  /** Follows chains of parents without recursion: they may be of any length. */
  #findPlace(module: OutlineModule, node: number): void {
    let needed = this.#settle(module, node);
    if (needed === undefined) return;
    /** Each waits for the one behind it. BOUNDED by the nodes: none is in it twice. */
    const waiting: NodeOf[] = [{ module, node }];
    for (;;) {
      while (needed !== undefined) {
        waiting.push(needed);
        needed = this.#settle(needed.module, needed.node);
      }
      waiting.pop();
      const last = waiting.at(-1);
      if (last === undefined) return;
      needed = this.#settle(last.module, last.node);
    }
  }

  /** Finds the place of a node. @returns the node whose place has to be found before it. */
  #settle(module: OutlineModule, node: number): NodeOf | undefined {
    const known = this.#places[node] as number;
    if (known > 0 || known === NO_PLACE) return undefined;
    const name = this.columns.parent(node);
    // Which of several definitions of a name is meant depends on where it is said.
    if (this.columns.length(node) === ODD || module.isRepeated(name)) {
      return this.#resolve(module, node);
    }
    let owner = module;
    let parent = module.values.node(name);
    if (parent === -1) {
      const outside = this.#outside(module, name);
      if (outside === UNCLEAR) return this.#resolve(module, node);
      if (typeof outside === 'number') return this.#extend(node, outside);
      owner = outside.module;
      parent = outside.node;
    }
    const above = this.#places[parent] as number;
    if (above === UNKNOWN) {
      this.#places[node] = PENDING;
      return { module: owner, node: parent };
    }
    // A circle: nothing in it has a place.
    if (above === PENDING) this.#places[parent] = NO_PLACE;
    return this.#extend(node, above === PENDING ? NO_PLACE : above);
  }

  /** As the compiler does. */
  #resolve(module: OutlineModule, node: number): undefined {
    const oid = this.#oids.resolve(module, module.values.definition(node));
    this.#places[node] = oid === undefined ? NO_PLACE : this.tree.of(oid);
  }

  /** The place of a node below the one of its parent. */
  #extend(node: number, above: number): undefined {
    const { columns, tree } = this;
    const length = columns.length(node);
    let place = above;
    if (length === MANY) {
      for (const { number } of columns.oddParts(node) ?? []) {
        if (number !== undefined && place !== NO_PLACE) place = tree.below(place, number);
      }
    } else {
      if (length > 0 && place !== NO_PLACE) place = tree.below(place, columns.first(node));
      if (length > 1 && place !== NO_PLACE) place = tree.below(place, columns.second(node));
    }
    this.#places[node] = place;
  }

  /** What a name stands for that is not the module's own: a node, or a place. */
  #outside(module: OutlineModule, name: number): NodeOf | number {
    const known = mapOf(this.#outsiders, module);
    let outside = known.get(name);
    if (outside === undefined) {
      outside = this.#lookUp(module, this.columns.names.textOf(name));
      known.set(name, outside);
    }
    return outside;
  }

  #lookUp(module: OutlineModule, name: string): NodeOf | number {
    const root = rootNumber(module, name);
    if (root !== undefined) return this.tree.of([root]);
    const found = this.#symbols.value(module, name, 0);
    // Somebody may define it all the same, and which one counts is to be settled.
    if (typeof found === 'string') return UNCLEAR;
    if (found.module instanceof OutlineModule) {
      const node = found.module.values.node(this.columns.names.lookUpText(found.definition.name));
      return { module: found.module, node };
    }
    const oid = this.#oids.resolve(found.module, found.definition);
    return oid === undefined ? NO_PLACE : this.tree.of(oid);
  }
}

/** What is known of a module by name, which at first is nothing. */
function mapOf<Module, Known>(
  maps: Map<Module, Map<number, Known>>,
  module: Module,
): Map<number, Known> {
  let known = maps.get(module);
  if (known === undefined) {
    known = new Map();
    maps.set(module, known);
  }
  return known;
}

function asBuffer(octets: string | Uint8Array): Buffer {
  if (typeof octets === 'string') return Buffer.from(octets);
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}
