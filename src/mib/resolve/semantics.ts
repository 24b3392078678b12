import type { ModuleDefinition, ObjectDefinition, PlainDefinition } from '../definition.js';
import type {
  ColumnObject,
  MibModule,
  MibNode,
  NamedType,
  OtherNode,
  RowFacts,
  ScalarObject,
  TableObject,
} from '../mib.js';
import type { Oid } from '../../smi/index.js';
import { checkGroup, checkLeaf, checkRow, checkRowType } from './checks.js';
import type { ResolveContext } from './context.js';
import { resolveDefault } from './defaults.js';
import type { IndexResolver } from './indexes.js';

/** An object whose OID is known. */
interface Placed {
  readonly definition: ObjectDefinition;
  readonly oid: Oid;
}

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
    this.#resolveNodes();
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
      objects.push({ definition, oid });
    }
    return objects;
  }

  #findTables(objects: readonly Placed[]): void {
    for (const object of objects) {
      const { kind } = this.#context.syntaxOf(this.#module, object.definition);
      const key = object.oid.join('.');
      if (kind === 'table' && !this.#tables.has(key)) this.#tables.set(key, object);
    }
  }

  #findRows(objects: readonly Placed[]): void {
    for (const { definition, oid } of objects) {
      const { kind } = this.#context.syntaxOf(this.#module, definition);
      const isRow =
        kind === 'row' ||
        (kind === 'failed' && (definition.index ?? definition.augments) !== undefined);
      const key = oid.join('.');
      if (!isRow || this.#rows.has(key)) continue;
      const table = this.#tables.get(oid.slice(0, -1).join('.'));
      const row: RowDraft = { definition, oid, table, columns: [] };
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

  #resolveNodes(): void {
    for (const definition of this.#module.values.values()) {
      const oid = this.#context.oids.resolve(this.#module, definition);
      if (oid === undefined) continue;
      const node =
        definition.kind === 'object'
          ? this.#object({ definition, oid })
          : this.#plain(definition, oid);
      this.#nodes.set(definition.name, node);
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
    const facts = this.#facts(definition, oid);
    if (resolved.kind !== 'simple') return { kind: 'node', ...facts };
    return { kind: 'scalar', ...facts, syntax: resolved.syntax, access: definition.access };
  }

  #plain(definition: PlainDefinition, oid: Oid): OtherNode {
    const { kind, members, parts } = definition;
    checkGroup(this.#context, this.#module, definition);
    const requirements = parts?.map(({ module, mandatory, optional, refinements }) => ({
      module: module?.text ?? this.#module.name,
      mandatoryGroups: mandatory.map(({ text }) => text),
      optionalGroups: optional.map(({ text }) => text),
      refinedObjects: refinements.map(({ object }) => object.text),
    }));
    return {
      kind,
      ...this.#facts(definition, oid),
      ...(members === undefined ? {} : { members: members.map(({ text }) => text) }),
      ...(requirements === undefined ? {} : { requirements }),
    };
  }

  #object(placed: Placed): MibNode {
    const { definition, oid } = placed;
    const row = this.#rows.get(oid.join('.'));
    if (row?.definition === definition) return { kind: 'row', ...this.#facts(definition, oid) };
    const resolved = this.#context.syntaxOf(this.#module, definition);
    if (resolved.kind === 'table') return this.#table(placed);
    // Without a type there is only a name and a place.
    if (resolved.kind !== 'simple') return { kind: 'node', ...this.#facts(definition, oid) };
    const { syntax } = resolved;
    const parent = this.#rows.get(oid.slice(0, -1).join('.'));
    const column = oid.at(-1);
    checkLeaf(this.#context, this.#module, definition, syntax, parent !== undefined);
    const defaultValue = resolveDefault(this.#context, this.#module, definition, syntax);
    const { access, units } = definition;
    const leaf: ScalarObject = {
      kind: 'scalar',
      ...this.#facts(definition, oid),
      syntax,
      access,
      ...(units === undefined ? {} : { units }),
      ...(defaultValue === undefined ? {} : { defaultValue }),
    };
    if (parent === undefined || column === undefined) return leaf;
    const table = (parent.table ?? parent).definition.name;
    const object: ColumnObject = { ...leaf, kind: 'column', column, table };
    parent.columns.push(object);
    return object;
  }

  /** Columns are added to the very array that the table holds, as they come. */
  #table({ definition, oid }: Placed): TableObject | OtherNode {
    const row = this.#rowOfTable.get(definition);
    if (row === undefined) {
      const message = `table '${definition.name}' has no row; expected an object with INDEX or AUGMENTS below it`;
      this.#context.report(this.#module, definition.at, 'table-without-row', message);
      return { kind: 'node', ...this.#facts(definition, oid) };
    }
    const rowFacts: RowFacts = {
      ...this.#facts(row.definition, row.oid),
      access: row.definition.access,
    };
    checkRowType(this.#context, this.#module, definition, row.definition);
    const { augments } = row.definition;
    return {
      kind: 'table',
      ...this.#facts(definition, oid),
      access: definition.access,
      row: rowFacts,
      columns: row.columns,
      index: this.#indexes.resolve(this.#module, row.definition),
      ...(augments === undefined ? {} : { augments: augments.text }),
    };
  }

  #finishRow(row: RowDraft): void {
    row.columns.sort((a, b) => a.column - b.column);
    const resolved = this.#context.syntaxOf(this.#module, row.definition);
    if (resolved.kind === 'row') {
      checkRow(this.#context, this.#module, row.definition, resolved.fields, row.columns);
    }
  }

  #facts(
    { name, status, description, reference }: ObjectDefinition | PlainDefinition,
    oid: Oid,
  ): Pick<MibNode, 'name' | 'module' | 'oid' | 'status' | 'description' | 'reference'> {
    return {
      name,
      module: this.#module.name,
      oid,
      ...(status === undefined ? {} : { status }),
      ...(description === undefined ? {} : { description }),
      ...(reference === undefined ? {} : { reference }),
    };
  }
}
