import { SnmpError } from '../base/index.js';
import {
  appendIndexPart,
  indexValueFrom,
  valueFrom,
  type ColumnsToWrite,
  type IndexItem,
  type IndexOf,
  type MibDefinition,
  type ScalarsToWrite,
  type TableName,
  type TableObject,
} from '../mib/index.js';
import type { Oid, SnmpValue } from '../smi/index.js';
import { scalarOf, tableOf } from './compiled-module.js';

/** A variable of a compiled module and what it shall become: named, encoded and checked. */
export class CompiledVarBind {
  readonly name: Oid;
  readonly value: SnmpValue;
  /** What it is a variable of. */
  readonly definition: MibDefinition;

  constructor(name: Oid, value: SnmpValue, definition: MibDefinition) {
    this.name = name;
    this.value = value;
    this.definition = definition;
  }
}

/**
 * Scalars of a compiled module for `set`, in the order given: `scalarsOf(FRIEND_MIB, { friendMood:
 * 'merry' })`. What may not be written, or is none of the object's values, does not compile. With
 * `...`, those of several modules, and rows, are one SET.
 *
 * @throws SnmpError SNMP_VALUE_SYNTAX, SNMP_VALUE_RANGE; SNMP_NAME_UNKNOWN; SNMP_MIB_DEFINITION.
 */
export function scalarsOf<const Definition extends MibDefinition>(
  definition: Definition,
  values: ScalarsToWrite<Definition>,
): readonly CompiledVarBind[] {
  return given(values).map(([name, plain]) => {
    const scalar = scalarOf(definition, name);
    return new CompiledVarBind([...scalar.oid, 0], valueFrom(scalar, plain), definition);
  });
}

/**
 * Columns of one row for `set`, in the order given: `cellsOf(FRIEND_MIB, 'friendTable', {
 * friendIndex: 2 }, { friendKind: 'robot', friendStatus: 'createAndGo' })`.
 *
 * @param index - a value for each INDEX object.
 * @throws SnmpError as `scalarsOf`; SNMP_NAME_INDEX where the index names no row; SNMP_NAME_NO_TABLE.
 */
export function cellsOf<const Definition extends MibDefinition, Name extends TableName<Definition>>(
  definition: Definition,
  table: Name,
  index: IndexOf<Definition, Name>,
  columns: ColumnsToWrite<Definition, Name>,
): readonly CompiledVarBind[] {
  const object = tableOf(definition, table);
  const arcs = rowArcs(object, index);
  return given(columns).map(([name, plain]) => {
    const column = object.columns.find((one) => one.name === name);
    if (column === undefined) {
      throw new SnmpError('SNMP_NAME_UNKNOWN', `${table} has no column ${name}`);
    }
    return new CompiledVarBind([...column.oid, ...arcs], valueFrom(column, plain), definition);
  });
}

/** The sub-identifiers of a row. @throws SnmpError SNMP_NAME_INDEX, SNMP_VALUE_SYNTAX, _RANGE */
function rowArcs({ name: table, index: items }: TableObject, index: object): Oid {
  const arcs: number[] = [];
  const values = new Map<string, unknown>(given(index));
  /** BOUNDED by the INDEX clause. */
  const before: { readonly item: IndexItem; readonly value: SnmpValue }[] = [];
  for (const [i, item] of items.entries()) {
    const { object } = item;
    const plain = values.get(object);
    if (plain === undefined) {
      throw new SnmpError('SNMP_NAME_INDEX', `${table}: the index is without ${object}`);
    }
    const value = indexValueFrom(item, plain, before);
    before.push({ item, value });
    if (!appendIndexPart(arcs, value, item, i === items.length - 1)) {
      throw new SnmpError('SNMP_NAME_INDEX', `${object}: the value names no row`);
    }
  }
  return arcs;
}

/** What is there: `undefined` is not given. */
function given(values: object): [name: string, plain: unknown][] {
  return Object.entries(values).filter(([, plain]) => plain !== undefined);
}
