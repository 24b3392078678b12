import { SnmpError } from '../../base/index.js';
import {
  isText,
  parseOid,
  wireType,
  type BaseType,
  type Oid,
  type Range,
  type Syntax,
} from '../../smi/index.js';
import type {
  ColumnObject,
  DefaultValue,
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
  type SyntaxDefinition,
  type SyntaxReference,
  type TableDefinition,
} from './mib-definition.js';

/**
 * The module that a definition stands for, as if its text had been compiled; descriptions,
 * references, groups and named types are not in definitions.
 *
 * @throws SnmpError SNMP_MIB_DEFINITION where it was written for another release, or by hand and
 *   wrongly.
 */
export function moduleOf(definition: MibDefinition): MibModule {
  const { format, module: name } = definition;
  // The types rule it out, but not what another release has written.
  if ((format as number) !== DEFINITION_FORMAT) throw damaged(name, 'is for another release');
  try {
    return new ModuleMaker(definition).module();
  } catch (cause) {
    throw damaged(name, 'is damaged', cause);
  }
}

function damaged(name: string, why: string, cause?: unknown): SnmpError {
  return new SnmpError(
    'SNMP_MIB_DEFINITION',
    `the definition of ${name} ${why}: compile it again with \`trellis mib compile\``,
    { cause },
  );
}

class ModuleMaker {
  readonly #definition: MibDefinition;
  /** Those of `types`: objects of one convention share its Syntax. BOUNDED by the definition. */
  readonly #types = new Map<string, Syntax>();
  readonly #nodes = new Map<string, MibNode>();

  constructor(definition: MibDefinition) {
    this.#definition = definition;
  }

  module(): MibModule {
    const { module: name, language, source, identity } = this.#definition;
    const { types, scalars, tables, notifications, nodes } = this.#definition;
    for (const [type, syntax] of Object.entries(types)) this.#types.set(type, syntaxOf(syntax));
    for (const [node, oid] of Object.entries(nodes)) {
      const kind = node === identity ? 'module-identity' : 'node';
      this.#nodes.set(node, { kind, name: node, module: name, oid: parseOid(oid) });
    }
    for (const [scalar, leaf] of Object.entries(scalars)) {
      this.#nodes.set(scalar, this.#leaf(scalar, parseOid(leaf.oid), leaf));
    }
    for (const [table, given] of Object.entries(tables)) this.#addTable(table, given);
    for (const [notification, { oid, objects }] of Object.entries(notifications)) {
      this.#nodes.set(notification, {
        kind: 'notification',
        name: notification,
        module: name,
        oid: parseOid(oid),
        members: objects,
      });
    }
    const identityOid = identity === undefined ? undefined : this.#nodes.get(identity)?.oid;
    return {
      name,
      language,
      source,
      nodes: this.#nodes,
      types: new Map(),
      ...(identityOid === undefined ? {} : { identity: identityOid }),
    };
  }

  #leaf(name: string, oid: Oid, given: LeafDefinition | ColumnDefinition): ScalarObject {
    const { syntax, access, units, status, defval } = given;
    return {
      kind: 'scalar',
      name,
      module: this.#definition.module,
      oid,
      ...(status === undefined ? {} : { status }),
      syntax: this.#syntax(syntax),
      access,
      ...(units === undefined ? {} : { units }),
      ...(defval === undefined ? {} : { defaultValue: defaultOf(defval) }),
    };
  }

  #addTable(name: string, given: TableDefinition): void {
    const { module } = this.#definition;
    const { access, status, entry, augments, index, columns } = given;
    const rowOid = parseOid(entry.oid);
    const made = Object.entries(columns).map(([descriptor, column]): ColumnObject => ({
      ...this.#leaf(descriptor, [...rowOid, column.column], column),
      kind: 'column',
      column: column.column,
      table: name,
    }));
    const table: TableObject = {
      kind: 'table',
      name,
      module,
      oid: parseOid(given.oid),
      ...(status === undefined ? {} : { status }),
      access,
      row: { name: entry.name, module, oid: rowOid, access: entry.access },
      columns: made,
      index: index.map(({ object, syntax, implied }) => ({
        object,
        syntax: this.#syntax(syntax),
        implied: implied ?? false,
      })),
      ...(augments === undefined ? {} : { augments }),
    };
    this.#nodes.set(name, table);
    this.#nodes.set(entry.name, { kind: 'row', name: entry.name, module, oid: rowOid });
    for (const column of made) this.#nodes.set(column.name, column);
  }

  #syntax(reference: SyntaxReference): Syntax {
    if (typeof reference !== 'string') return syntaxOf(reference);
    return this.#types.get(reference) ?? syntaxOf({ base: reference as BaseType });
  }
}

function syntaxOf(given: SyntaxDefinition): Syntax {
  const { base, range, size, enums, bits, hint, text, conventions } = given;
  // Throws where there is no such base.
  if ((wireType(base) as string | undefined) === undefined) {
    throw new SnmpError('SNMP_MIB_DEFINITION', `no base type ${base}`);
  }
  const syntax: Syntax = {
    base,
    ...(range === undefined ? {} : { ranges: rangesOf(range) }),
    ...(size === undefined ? {} : { sizes: rangesOf(size) }),
    ...(enums === undefined ? {} : { enums: new Map(Object.entries(enums)) }),
    ...(bits === undefined ? {} : { bits: new Map(Object.entries(bits)) }),
    conventions: conventions ?? [],
    ...(hint === undefined ? {} : { displayHint: hint }),
  };
  // The types of a program are told from `text`, the values from the hint: both must agree.
  if (isText(syntax) !== (text === true)) {
    throw new SnmpError('SNMP_MIB_DEFINITION', `text does not agree with the hint ${hint}`);
  }
  return syntax;
}

function rangesOf(spans: string): Range[] {
  return spans.split(' | ').map((span) => {
    const [low = '', high = low] = span.split('..');
    return { low: numberOf(low), high: numberOf(high) };
  });
}

/** @throws SyntaxError where it is none. */
function numberOf(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

function defaultOf(given: DefvalDefinition): DefaultValue {
  if ('integer' in given) return { kind: 'integer', value: given.integer };
  if ('octets' in given) {
    return { kind: 'octets', value: new Uint8Array(Buffer.from(given.octets, 'hex')) };
  }
  if ('oid' in given) return { kind: 'oid', value: parseOid(given.oid) };
  return { kind: 'bits', labels: given.bits };
}
