import { decodeRowIndex, FIRST_HIDDEN_COLUMN } from '../instrumentation/index.js';
import type { MibModule, ScalarObject, TableObject } from '../mib/index.js';
import { checkValue, formatOid, MAX_SUB_IDENTIFIERS, type Oid } from '../smi/index.js';
import type { StateStore } from './state-store.js';

/** Something kept that modules have no place for: an agent that serves them goes without it. */
export interface Misfit {
  readonly oid: Oid;
  readonly rowIndex: Oid;
  /** `row`: all of it is left out, and stays in the state. `value`: one value of it is passed over. */
  readonly what: 'object' | 'row' | 'value';
  /** For people: the object by name, and why. */
  readonly text: string;
}

/**
 * What of a state does not fit modules: objects that none of them has (once each), rows that the
 * INDEX has no place for, columns that are gone, values that the SYNTAX does not allow.
 *
 * @throws SnmpError SNMP_STATE_DAMAGED
 */
export function* findMisfits(store: StateStore, modules: readonly MibModule[]): Generator<Misfit> {
  const definitions = definitionsOf(modules);
  let unknown = '';
  for (const { oid, rowIndex, values } of store.objects()) {
    const name = formatOid(oid);
    const definition = definitions.get(name);
    if (definition === undefined) {
      if (name !== unknown) {
        yield { oid, rowIndex: [], what: 'object', text: `${name}: no module given has it` };
      }
      unknown = name;
      continue;
    }
    // The entry without an index only says that the table was kept before.
    if (definition.kind === 'table' && rowIndex.length === 0) continue;
    const row = rowIndex.length === 0 ? '' : ` row ${formatOid(rowIndex)}`;
    if (definition.kind === 'table' && !hasPlaceFor(definition, rowIndex)) {
      const text = `${definition.name}${row}: the INDEX has no place for it`;
      yield { oid, rowIndex, what: 'row', text };
      continue;
    }
    for (const { column, value } of values) {
      // What is hidden is no column of any module.
      if (column >= FIRST_HIDDEN_COLUMN) continue;
      const object =
        definition.kind === 'scalar'
          ? definition
          : definition.columns.find((one) => one.column === column);
      const why =
        object === undefined
          ? `there is no column ${column}`
          : checkValue(object.syntax, value) === undefined
            ? undefined
            : `the SYNTAX of ${object.name} does not allow its value`;
      if (why === undefined) continue;
      yield { oid, rowIndex, what: 'value', text: `${definition.name}${row}: ${why}` };
    }
  }
}

function definitionsOf(modules: readonly MibModule[]): Map<string, ScalarObject | TableObject> {
  /** By OID. BOUNDED by the modules. */
  const definitions = new Map<string, ScalarObject | TableObject>();
  for (const { nodes } of modules) {
    for (const node of nodes.values()) {
      if (node.kind === 'scalar' || node.kind === 'table')
        definitions.set(formatOid(node.oid), node);
    }
  }
  return definitions;
}

function hasPlaceFor({ oid, index }: TableObject, rowIndex: Oid): boolean {
  return (
    oid.length + 2 + rowIndex.length <= MAX_SUB_IDENTIFIERS &&
    decodeRowIndex(index, rowIndex) !== undefined
  );
}
