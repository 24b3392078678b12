import { compareOids, formatOid, isText, type Range, type Syntax } from '../../smi/index.js';
import type {
  ColumnObject,
  DefaultValue,
  Mib,
  MibModule,
  MibNode,
  ScalarObject,
  TableObject,
} from '../mib.js';
import {
  DEFINITION_FORMAT,
  type ColumnDefinition,
  type DefvalDefinition,
  type LeafDefinition,
  type MibDefinition,
  type NotificationDefinition,
  type RetiredStatus,
  type SyntaxDefinition,
  type SyntaxReference,
  type TableDefinition,
} from './mib-definition.js';

/**
 * What a program needs of a module: every object with its SYNTAX, and every name with its OID.
 * Equal modules make equal definitions: all is ordered by OID, then by name.
 *
 * @param mib - where the textual conventions are looked up that the module uses.
 */
export function definitionOf(mib: Mib, module: MibModule): MibDefinition {
  return new Definer(mib, module).definition();
}

class Definer {
  readonly #mib: Mib;
  readonly #module: MibModule;
  /** By name. BOUNDED by the syntaxes of the module's objects. */
  readonly #types = new Map<string, SyntaxDefinition>();

  constructor(mib: Mib, module: MibModule) {
    this.#mib = mib;
    this.#module = module;
  }

  definition(): MibDefinition {
    const { name, language, source, nodes, identity } = this.#module;
    const scalars: [string, LeafDefinition][] = [];
    const tables: [string, TableDefinition][] = [];
    const notifications: [string, NotificationDefinition][] = [];
    const others: [string, string][] = [];
    let identityName: string | undefined;
    for (const node of [...nodes.values()].sort(byPlace)) {
      switch (node.kind) {
        case 'scalar':
          scalars.push([node.name, this.#scalar(node)]);
          break;
        case 'table':
          tables.push([node.name, this.#table(node)]);
          break;
        case 'column':
        case 'row':
          // They stand in their tables.
          break;
        case 'notification':
          notifications.push([
            node.name,
            { oid: formatOid(node.oid), objects: [...(node.members ?? [])] },
          ]);
          break;
        default:
          if (node.kind === 'module-identity' && compareOids(node.oid, identity ?? []) === 0) {
            identityName ??= node.name;
          }
          others.push([node.name, formatOid(node.oid)]);
      }
    }
    return {
      format: DEFINITION_FORMAT,
      module: name,
      language,
      source: baseName(source),
      ...(identityName === undefined ? {} : { identity: identityName }),
      types: record([...this.#types].sort(([left], [right]) => (left < right ? -1 : 1))),
      scalars: record(scalars),
      tables: record(tables),
      notifications: record(notifications),
      nodes: record(others),
    };
  }

  #scalar(node: ScalarObject): LeafDefinition {
    return { oid: formatOid(node.oid), ...this.#leaf(node) };
  }

  #table(node: TableObject): TableDefinition {
    const { row, augments } = node;
    const status = retired(node);
    return {
      oid: formatOid(node.oid),
      access: node.access,
      ...(status === undefined ? {} : { status }),
      entry: { name: row.name, oid: formatOid(row.oid), access: row.access },
      ...(augments === undefined ? {} : { augments }),
      index: node.index.map(({ object, syntax, implied }) => ({
        object,
        syntax: this.#reference(syntax),
        ...(implied ? { implied } : {}),
      })),
      columns: record(
        [...node.columns]
          .sort(byPlace)
          .map((column): [string, ColumnDefinition] => [
            column.name,
            { column: column.column, ...this.#leaf(column) },
          ]),
      ),
    };
  }

  #leaf(node: ScalarObject | ColumnObject): Omit<LeafDefinition, 'oid'> {
    const { syntax, access, units, defaultValue } = node;
    const status = retired(node);
    return {
      syntax: this.#reference(syntax),
      access,
      ...(units === undefined ? {} : { units }),
      ...(status === undefined ? {} : { status }),
      ...(defaultValue === undefined ? {} : { defval: defvalOf(defaultValue) }),
    };
  }

  /** A convention that is used as it is defined goes by its name; so does a base type. */
  #reference(syntax: Syntax): SyntaxReference {
    const own = syntaxDefinition(syntax);
    const [name] = syntax.conventions;
    if (name === undefined) {
      // A convention of that name would hide the base type.
      return Object.keys(own).length > 1 || this.#isConvention(own.base) ? own : own.base;
    }
    const shared = this.#types.get(name);
    if (shared !== undefined) return isSame(shared, own) ? name : own;
    if (!this.#isDefined(name, own)) return own;
    this.#types.set(name, own);
    return name;
  }

  #isConvention(name: string): boolean {
    return [...this.#mib.modules.values()].some(
      ({ types }) => (types.get(name)?.syntax.conventions.length ?? 0) > 0,
    );
  }

  /** Whether this is what the convention itself says, without a refinement of its user. */
  #isDefined(name: string, own: SyntaxDefinition): boolean {
    for (const { types } of this.#mib.modules.values()) {
      const named = types.get(name);
      if (named !== undefined && isSame(syntaxDefinition(named.syntax), own)) return true;
    }
    return false;
  }
}

function syntaxDefinition(syntax: Syntax): SyntaxDefinition {
  const { base, ranges, sizes, enums, bits, displayHint, conventions } = syntax;
  return {
    base,
    ...(ranges === undefined ? {} : { range: spans(ranges) }),
    ...(sizes === undefined ? {} : { size: spans(sizes) }),
    ...(enums === undefined ? {} : { enums: record([...enums]) }),
    ...(bits === undefined ? {} : { bits: record([...bits]) }),
    ...(displayHint === undefined ? {} : { hint: displayHint }),
    ...(isText(syntax) ? { text: true } : {}),
    ...(conventions.length === 0 ? {} : { conventions }),
  };
}

function spans(ranges: readonly Range[]): string {
  return ranges.map(({ low, high }) => (low === high ? `${low}` : `${low}..${high}`)).join(' | ');
}

function defvalOf(value: DefaultValue): DefvalDefinition {
  switch (value.kind) {
    case 'integer':
      return { integer: value.value };
    case 'octets':
      return { octets: Buffer.from(value.value).toString('hex') };
    case 'oid':
      return { oid: formatOid(value.value) };
    case 'bits':
      return { bits: value.labels };
  }
}

function retired({ status }: MibNode): RetiredStatus | undefined {
  return status === 'deprecated' || status === 'obsolete' ? status : undefined;
}

function byPlace(left: MibNode, right: MibNode): number {
  return compareOids(left.oid, right.oid) || (left.name < right.name ? -1 : 1);
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Without a prototype: a module may name its objects `constructor`, or a label `toString`. */
function record<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  const made = Object.create(null) as Record<string, Value>;
  for (const [name, value] of entries) made[name] = value;
  return made;
}

function isSame(left: SyntaxDefinition, right: SyntaxDefinition): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
