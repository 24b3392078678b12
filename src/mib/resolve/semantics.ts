import type { ModuleDefinition, ObjectDefinition, PlainDefinition } from '../definition.js';
import type {
  ColumnObject,
  MibModule,
  MibNode,
  NamedType,
  OtherNode,
  ScalarObject,
  TableObject,
} from '../mib.js';
import type { Oid } from '../../smi/index.js';
import { checkCompliance, checkGroup, checkLeaf, checkRow, checkRowType } from './checks.js';
import type { ResolveContext } from './context.js';
import { resolveDefault } from './defaults.js';
import type { IndexResolver } from './indexes.js';
import type { ResolvedSyntax } from './types.js';

/** An object whose OID is known. */
interface Placed {
  readonly definition: ObjectDefinition;
  readonly oid: Oid;
  /** The OID, dotted, and that of the object above. */
  readonly key: string;
  readonly above: string;
  readonly resolved: ResolvedSyntax;
}

type Mutable<Node> = { -readonly [Key in keyof Node]: Node[Key] };
type Facts = Mutable<
  Pick<OtherNode, 'name' | 'module' | 'oid' | 'status' | 'description' | 'reference'>
>;

/** A row with its table and, once they are found, its columns. */
interface RowDraft extends Placed {
  readonly table: Placed | undefined;
  readonly columns: ColumnObject[];
}

/** The nodes and types of one module, in the order of its text. */
export function resolveModule(
  context: ResolveContext,
  indexes: IndexResolver,
  module: ModuleDefinition,
): MibModule {
  return new ModuleResolver(context, indexes, module).run();
}

class ModuleResolver {
  readonly #context: ResolveContext;
  readonly #indexes: IndexResolver;
  readonly #module: ModuleDefinition;
  /** All by dotted OID or by definition, BOUNDED by the definitions of the module. */
  readonly #tables = new Map<string, Placed>();
  readonly #rows = new Map<string, RowDraft>();
  /** To the name of the table. */
  readonly #repeatedRows = new Map<string, string>();
  readonly #rowOfTable = new Map<ObjectDefinition, RowDraft>();
  readonly #taken = new Map<string, string>();
  readonly #nodes = new Map<string, MibNode>();

  constructor(context: ResolveContext, indexes: IndexResolver, module: ModuleDefinition) {
    this.#context = context;
    this.#indexes = indexes;
    this.#module = module;
  }

  run(): MibModule {
    const objects = this.#place();
    this.#findTables(objects);
    this.#findRows(objects);
    this.#findRepeatedRows();
    this.#resolveNodes(objects);
    for (const row of this.#rows.values()) this.#finishRow(row);
    const repeats = this.#repeats();
    let identity: Oid | undefined;
    for (const node of this.#nodes.values()) {
      if (node.kind === 'module-identity') identity ??= node.oid;
    }
    const { name, language, source } = this.#module;
    return {
      name,
      language,
      source: source.path,
      nodes: this.#nodes,
      ...(repeats.length === 0 ? {} : { repeats }),
      types: this.#types(),
      ...(identity === undefined ? {} : { identity }),
    };
  }

  #types(): ReadonlyMap<string, NamedType> {
    const types = new Map<string, NamedType>();
    for (const definition of this.#module.types.values()) {
      const resolved = this.#context.types.named(this.#module, definition);
      if (resolved.kind !== 'simple') continue;
      const { name, isTextualConvention, status, description } = definition;
      types.set(name, {
        name,
        module: this.#module.name,
        base: resolved.syntax.base,
        syntax: resolved.syntax,
        isTextualConvention,
        ...(status === undefined ? {} : { status }),
        ...(description === undefined ? {} : { description }),
      });
    }
    return types;
  }

  /** Every object with an OID; OIDs of everything else are resolved too, for their findings. */
  #place(): Placed[] {
    const objects: Placed[] = [];
    for (const definition of this.#module.values.values()) {
      const oid = this.#context.oids.resolve(this.#module, definition);
      if (oid === undefined || definition.kind !== 'object') continue;
      const key = oid.join('.');
      const earlier = this.#taken.get(key);
      if (earlier === undefined) this.#taken.set(key, definition.name);
      else {
        const message = `'${earlier}' has the OID ${key} already; expected one of its own`;
        this.#context.report(this.#module, definition.at, 'oid-repeated', message);
      }
      const above = key.slice(0, key.length - String(oid.at(-1)).length - 1);
      const resolved = this.#context.syntaxOf(this.#module, definition);
      objects.push({ definition, oid, key, above, resolved });
    }
    return objects;
  }

  #findTables(objects: readonly Placed[]): void {
    for (const object of objects) {
      if (object.resolved.kind === 'table' && !this.#tables.has(object.key)) {
        this.#tables.set(object.key, object);
      }
    }
  }

  #findRows(objects: readonly Placed[]): void {
    for (const object of objects) {
      const { definition, key } = object;
      const { kind } = object.resolved;
      const isRow =
        kind === 'row' ||
        (kind === 'failed' && (definition.index ?? definition.augments) !== undefined);
      if (!isRow || this.#rows.has(key)) continue;
      const table = this.#tables.get(object.above);
      const row: RowDraft = { ...object, table, columns: [] };
      this.#rows.set(key, row);
      if (table === undefined) {
        const message = `row '${definition.name}' does not stand below a table; expected a SEQUENCE OF above it`;
        this.#context.report(this.#module, definition.at, 'row-without-table', message);
      } else if (!this.#rowOfTable.has(table.definition)) {
        this.#rowOfTable.set(table.definition, row);
      } else {
        const message = `'${table.definition.name}' has a row already; expected one row in a table`;
        this.#context.report(this.#module, definition.at, 'table-second-row', message);
      }
    }
  }

  /** Rows whose table or that themselves have a name that an earlier one has. */
  #findRepeatedRows(): void {
    /** By dotted OID. BOUNDED by the repeats of the module. */
    const tables = new Map<string, string>();
    for (const definition of this.#module.repeats) {
      if (definition.kind !== 'object') continue;
      const oid = this.#context.oids.resolve(this.#module, definition);
      if (oid === undefined) continue;
      const { kind } = this.#context.syntaxOf(this.#module, definition);
      if (kind === 'table') tables.set(oid.join('.'), definition.name);
      if (kind !== 'row') continue;
      const above = oid.slice(0, -1).join('.');
      const table = tables.get(above) ?? this.#tables.get(above)?.definition.name;
      this.#repeatedRows.set(oid.join('.'), table ?? definition.name);
    }
  }

  /** The table that a place above makes columns of what is below it. */
  #tableOf(above: string): string | undefined {
    const row = this.#rows.get(above);
    return row === undefined ? this.#repeatedRows.get(above) : (row.table ?? row).definition.name;
  }

  /** @param objects - in the order of the values, of which they are some. */
  #resolveNodes(objects: readonly Placed[]): void {
    let next = 0;
    for (const definition of this.#module.values.values()) {
      const object = objects[next];
      if (object?.definition === definition) {
        next += 1;
        this.#nodes.set(definition.name, this.#object(object));
      } else if (definition.kind !== 'object') {
        const oid = this.#context.oids.resolve(this.#module, definition);
        if (oid !== undefined) this.#nodes.set(definition.name, this.#plain(definition, oid));
      }
    }
  }

  /** As plain places with what they say, so that an OID finds them. */
  #repeats(): MibNode[] {
    const nodes: MibNode[] = [];
    for (const definition of this.#module.repeats) {
      const oid = this.#context.oids.resolve(this.#module, definition);
      if (oid === undefined) continue;
      nodes.push(
        definition.kind === 'object'
          ? this.#repeated(definition, oid)
          : this.#plain(definition, oid),
      );
    }
    return nodes;
  }

  #repeated(definition: ObjectDefinition, oid: Oid): MibNode {
    const resolved = this.#context.syntaxOf(this.#module, definition);
    const facts = this.#facts('node', definition, oid);
    if (resolved.kind !== 'simple') return facts;
    const leaf = { ...facts, syntax: resolved.syntax, access: definition.access };
    const table = this.#tableOf(oid.slice(0, -1).join('.'));
    if (table === undefined) return { ...leaf, kind: 'scalar' };
    return { ...leaf, kind: 'column', column: oid.at(-1) ?? 0, table };
  }

  #plain(definition: PlainDefinition, oid: Oid): OtherNode {
    const { kind, members, parts } = definition;
    if (!this.#context.isSilent) {
      checkGroup(this.#context, this.#module, definition);
      checkCompliance(this.#context, this.#module, definition);
    }
    const requirements = parts?.map(({ module, mandatory, optional, refinements }) => ({
      module: module?.text ?? this.#module.name,
      mandatoryGroups: mandatory.map(({ text }) => text),
      optionalGroups: optional.map(({ text }) => text),
      refinedObjects: refinements.map(({ object }) => object.text),
    }));
    const node: Mutable<OtherNode> = this.#facts(kind, definition, oid);
    if (members !== undefined) node.members = members.map(({ text }) => text);
    if (requirements !== undefined) node.requirements = requirements;
    return node;
  }

  #object(placed: Placed): MibNode {
    const { definition, oid, resolved } = placed;
    const isRow = this.#rows.get(placed.key)?.definition === definition;
    if (resolved.kind === 'table' && !isRow) return this.#table(placed);
    // Without a type there is only a name and a place.
    if (resolved.kind !== 'simple' || isRow) {
      return this.#facts(isRow ? 'row' : 'node', definition, oid);
    }
    const table = this.#tableOf(placed.above);
    const { syntax } = resolved;
    if (!this.#context.isSilent) {
      checkLeaf(this.#context, this.#module, definition, syntax, table !== undefined);
    }
    const { name, access } = definition;
    const module = this.#module.name;
    // One literal for each kind: fields that are added later are kept apart from the object.
    if (table === undefined) {
      const kind = 'scalar';
      return this.#complete({ kind, name, module, oid, syntax, access }, definition);
    }
    const kind = 'column';
    const column = oid.at(-1) ?? 0;
    const object: ColumnObject = this.#complete(
      { kind, name, module, oid, syntax, access, column, table },
      definition,
    );
    this.#rows.get(placed.above)?.columns.push(object);
    return object;
  }

  #complete<Leaf extends Mutable<ScalarObject> | Mutable<ColumnObject>>(
    leaf: Leaf,
    definition: ObjectDefinition,
  ): Leaf {
    addProse(leaf, definition);
    if (definition.units !== undefined) leaf.units = definition.units;
    const value = resolveDefault(this.#context, this.#module, definition, leaf.syntax);
    if (value !== undefined) leaf.defaultValue = value;
    return leaf;
  }

  /** Columns are added to the very array that the table holds, as they come. */
  #table({ definition, oid }: Placed): TableObject | OtherNode {
    const row = this.#rowOfTable.get(definition);
    if (row === undefined) {
      const message = `table '${definition.name}' has no row; expected an object with INDEX or AUGMENTS below it`;
      this.#context.report(this.#module, definition.at, 'table-without-row', message);
      return this.#facts('node', definition, oid);
    }
    const { kind: _, ...rowFacts } = this.#facts('row', row.definition, row.oid);
    checkRowType(this.#context, this.#module, definition, row.definition);
    const { augments } = row.definition;
    return {
      ...this.#facts('node', definition, oid),
      kind: 'table',
      access: definition.access,
      row: { ...rowFacts, access: row.definition.access },
      columns: row.columns,
      index: this.#indexes.resolve(this.#module, row.definition),
      ...(augments === undefined ? {} : { augments: augments.text }),
    };
  }

  #finishRow(row: RowDraft): void {
    row.columns.sort((a, b) => a.column - b.column);
    if (this.#context.isSilent) return;
    const resolved = this.#context.syntaxOf(this.#module, row.definition);
    if (resolved.kind === 'row') {
      checkRow(this.#context, this.#module, row.definition, resolved.fields, row.columns);
    }
  }

  #facts<Kind extends OtherNode['kind']>(
    kind: Kind,
    definition: ObjectDefinition | PlainDefinition,
    oid: Oid,
  ): Facts & { kind: Kind } {
    const facts = { kind, name: definition.name, module: this.#module.name, oid };
    addProse(facts, definition);
    return facts;
  }
}

/** Field by field: a spread for each that may be absent costs more than all the rest. */
function addProse(
  facts: Facts,
  { status, description, reference }: ObjectDefinition | PlainDefinition,
): void {
  if (status !== undefined) facts.status = status;
  if (description !== undefined) facts.description = description;
  if (reference !== undefined) facts.reference = reference;
}
