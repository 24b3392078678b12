import { oidPart, type OidPart } from '../ast.js';
import {
  plainNode,
  type ImportedSymbol,
  type ModuleDefinition,
  type Named,
  type TypeDefinition,
  type ValueDefinition,
} from '../definition.js';
import { dateDigits } from '../lower.js';
import type { SourceText } from '../source.js';
import type { NodeColumns } from './node-columns.js';
import type { ScannedModule } from './scan-modules.js';

/** In an outline, nothing is known of where in a text something stands. */
const AT = 0;
/** More of them than nearly any module has are worth an index. */
const MAX_SEARCHED = 256;

/**
 * A module of an outline as the phases of resolving see modules. What they ask for is made of the
 * columns when they ask, which they do for a few names of each module.
 */
export class OutlineModule implements ModuleDefinition {
  readonly name: string;
  readonly at = AT;
  readonly language = 'SMIv2';
  readonly source: SourceText;
  readonly isBuiltIn = false;
  readonly imports: OutlineImports;
  readonly types: ReadonlyMap<string, TypeDefinition> = NO_TYPES;
  readonly values: OutlineValues;
  /** Its types too: of these it only counts that the module defines them. */
  readonly macros: OutlineTypes;
  readonly repeats: readonly ValueDefinition[];
  readonly lastUpdated?: string;
  /** Names of the repeats, by number. BOUNDED by them. */
  readonly #repeated: ReadonlySet<number> | undefined;

  constructor(
    scanned: ScannedModule,
    columns: NodeColumns,
    source: SourceText,
    nextId: () => number,
  ) {
    const { names } = columns;
    this.name = names.textOf(scanned.name);
    this.source = source;
    this.imports = new OutlineImports(scanned, columns);
    this.values = new OutlineValues(scanned, columns, nextId);
    this.macros = new OutlineTypes(scanned, columns);
    const repeated = scanned.repeats?.definitions ?? [];
    this.repeats = repeated.map((definition) => ({ ...definition, id: nextId() }));
    if (repeated.length > 0) {
      this.#repeated = new Set(repeated.map((definition) => names.findText(definition.name)));
    }
    const lastUpdated = dateDigits(scanned.lastUpdated ?? '');
    if (lastUpdated !== undefined) this.lastUpdated = lastUpdated;
  }

  get importedModules(): readonly string[] {
    return this.imports.modules();
  }

  /** Whether it defines a name more than once. */
  isRepeated(name: number): boolean {
    return this.#repeated?.has(name) === true;
  }

  /** Whether it has a value or a type of this number's name. */
  defines(name: number): boolean {
    return this.values.node(name) !== -1 || this.macros.includes(name);
  }
}

const NO_TYPES: ReadonlyMap<string, TypeDefinition> = new Map();

/** Names whose values are made when they are asked for. */
abstract class Made<Value> implements Named<Value> {
  abstract get(name: string): Value | undefined;
  abstract keys(): Iterable<string>;

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *values(): Iterable<Value> {
    for (const [, value] of this) yield value;
  }

  *[Symbol.iterator](): Iterator<[string, Value]> {
    for (const name of this.keys()) yield [name, this.get(name) as Value];
  }
}

class OutlineImports extends Made<ImportedSymbol> {
  readonly #scanned: ScannedModule;
  readonly #columns: NodeColumns;
  /** By the number of the module's name. BOUNDED by the imports. */
  readonly #symbols = new Map<number, ImportedSymbol>();
  /** To the number of the module, where there are many. BOUNDED by the imports. */
  #bySymbol: ReadonlyMap<number, number> | undefined;

  constructor(scanned: ScannedModule, columns: NodeColumns) {
    super();
    this.#scanned = scanned;
    this.#columns = columns;
  }

  /** The modules there are imports from, each once. */
  modules(): string[] {
    const numbers = new Set<number>();
    this.visit((_, module) => numbers.add(module));
    return [...numbers].map((number) => this.#columns.names.textOf(number));
  }

  /** Shows the numbers of all symbols, and of the modules they are from. */
  visit(show: (symbol: number, module: number) => void): void {
    const { imports } = this.#columns;
    const { importsFrom, importsTo } = this.#scanned;
    for (let i = importsFrom; i < importsTo; i += 2) show(imports.at(i), imports.at(i + 1));
  }

  get(name: string): ImportedSymbol | undefined {
    const module = this.#moduleOf(this.#columns.names.lookUpText(name));
    return module === undefined ? undefined : this.#from(module);
  }

  #moduleOf(symbol: number): number | undefined {
    const { imports } = this.#columns;
    const { importsFrom, importsTo } = this.#scanned;
    if (importsTo - importsFrom > MAX_SEARCHED) {
      this.#bySymbol ??= this.#indexed();
      return this.#bySymbol.get(symbol);
    }
    for (let i = importsFrom; i < importsTo; i += 2) {
      if (imports.at(i) === symbol) return imports.at(i + 1);
    }
    return undefined;
  }

  /** Of several imports of a symbol the first counts. */
  #indexed(): ReadonlyMap<number, number> {
    const modules = new Map<number, number>();
    this.visit((symbol, module) => {
      if (!modules.has(symbol)) modules.set(symbol, module);
    });
    return modules;
  }

  #from(module: number): ImportedSymbol {
    let symbol = this.#symbols.get(module);
    if (symbol === undefined) {
      symbol = { at: AT, from: { at: AT, text: this.#columns.names.textOf(module) } };
      this.#symbols.set(module, symbol);
    }
    return symbol;
  }

  *keys(): Iterable<string> {
    const { imports, names } = this.#columns;
    const { importsFrom, importsTo } = this.#scanned;
    for (let i = importsFrom; i < importsTo; i += 2) yield names.textOf(imports.at(i));
  }
}

/** The nodes of one module. */
export class OutlineValues extends Made<ValueDefinition> {
  /** The numbers of the nodes: the first, and the first that is none of them. */
  readonly from: number;
  readonly to: number;
  readonly #columns: NodeColumns;
  readonly #nextId: () => number;
  /** As of `Repeats`. */
  readonly #offsets: Int32Array | undefined;
  /** Those that were asked for. BOUNDED by the nodes. */
  readonly #made = new Map<number, ValueDefinition>();

  constructor({ from, to, repeats }: ScannedModule, columns: NodeColumns, nextId: () => number) {
    super();
    this.from = from;
    this.to = to;
    this.#columns = columns;
    this.#nextId = nextId;
    this.#offsets = repeats?.offsets;
  }

  get(name: string): ValueDefinition | undefined {
    const node = this.node(this.#columns.names.lookUpText(name));
    return node === -1 ? undefined : this.definition(node);
  }

  override has(name: string): boolean {
    return this.node(this.#columns.names.lookUpText(name)) !== -1;
  }

  *keys(): Iterable<string> {
    const { names } = this.#columns;
    for (let node = this.from; node < this.to; node++) yield names.textOf(this.#columns.name(node));
  }

  /** The number of the node of a name; -1 where there is none. */
  node(name: number): number {
    return name === 0 ? -1 : this.#columns.find(name, this.from, this.to);
  }

  definition(node: number): ValueDefinition {
    const known = this.#made.get(node);
    if (known !== undefined) return known;
    const name = this.#columns.names.textOf(this.#columns.name(node));
    const at = this.#offsets?.[(node - this.from) * 2] ?? AT;
    const made = plainNode(this.#nextId(), name, at, this.#parts(node));
    this.#made.set(node, made);
    return made;
  }

  #parts(node: number): readonly OidPart[] {
    const columns = this.#columns;
    const at = this.#offsets?.[(node - this.from) * 2 + 1] ?? AT;
    const odd = columns.oddParts(node);
    if (odd !== undefined) return odd.map((part) => ({ ...part, at }));
    const numbers = [columns.first(node), columns.second(node)].slice(0, columns.length(node));
    return [
      oidPart(at, columns.names.textOf(columns.parent(node))),
      ...numbers.map((number) => oidPart(at, undefined, number)),
    ];
  }
}

class OutlineTypes {
  readonly #scanned: ScannedModule;
  readonly #columns: NodeColumns;
  /** Where there are many. BOUNDED by the types. */
  #numbers: ReadonlySet<number> | undefined;

  constructor(scanned: ScannedModule, columns: NodeColumns) {
    this.#scanned = scanned;
    this.#columns = columns;
  }

  has(name: string): boolean {
    return this.includes(this.#columns.names.lookUpText(name));
  }

  includes(name: number): boolean {
    const { types } = this.#columns;
    const { typesFrom, typesTo } = this.#scanned;
    if (typesTo - typesFrom > MAX_SEARCHED) {
      this.#numbers ??= new Set(types.slice(typesFrom, typesTo));
      return this.#numbers.has(name);
    }
    for (let i = typesFrom; i < typesTo; i++) if (types.at(i) === name) return true;
    return false;
  }
}
