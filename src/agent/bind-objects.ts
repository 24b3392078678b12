import { didYouMean, nearestNames, SnmpError } from '../base/index.js';
import {
  badFunctions,
  checkWriters,
  FunctionScalar,
  FunctionTable,
  isWritable,
  type BindingEnvironment,
  type ManagedObject,
  type ScalarFunctions,
  type ScalarSpec,
  type TableFunctions,
  type TableSpec,
} from '../instrumentation/index.js';
import type { MibModule, ScalarObject, TableObject } from '../mib/index.js';

/** What can stand behind a scalar or a table. */
export type ObjectFunctions = ScalarFunctions | TableFunctions | ScalarSpec | TableSpec;

/** A subtree's instrumentation, by the descriptors of its scalars and tables. */
export type SubtreeObjects = Readonly<Record<string, ObjectFunctions>>;

/**
 * Ties functions to the definitions of a module.
 *
 * @throws SnmpError SNMP_LOAD_UNKNOWN_OBJECT for a descriptor that is no scalar or table of the
 *   module; SNMP_LOAD_BAD_FUNCTIONS where a function is missing or of the wrong kind.
 */
export function bindObjects(
  module: MibModule,
  objects: SubtreeObjects,
  environment: BindingEnvironment,
): ManagedObject[] {
  return Object.entries(objects).map(([name, functions]) => {
    const node = module.nodes.get(name);
    switch (node?.kind) {
      case 'scalar':
        return bindScalar(node, functions, environment);
      case 'table':
        return bindTable(node, functions, environment);
      case 'column':
        throw new SnmpError(
          'SNMP_LOAD_UNKNOWN_OBJECT',
          `${module.name} ${name}: it is a column: give the functions of ${node.table} instead`,
        );
      default:
        throw unknownObject(module, name, 'the module defines no such scalar or table');
    }
  });
}

function unknownObject(module: MibModule, name: string, why: string): SnmpError {
  const known = [...module.nodes.values()]
    .filter(({ kind }) => kind === 'scalar' || kind === 'table')
    .map((node) => node.name);
  const near = nearestNames(name, known);
  const hint = near.length > 0 ? didYouMean(near) : `; it has ${known.slice(0, 40).join(', ')}`;
  return new SnmpError('SNMP_LOAD_UNKNOWN_OBJECT', `${module.name} ${name}: ${why}${hint}`);
}

function bindScalar(
  definition: ScalarObject,
  given: ObjectFunctions,
  environment: BindingEnvironment,
): ManagedObject {
  if (definition.access === 'not-accessible') {
    throw badFunctions(definition.name, 'it is not accessible: no manager could see it');
  }
  if ('kind' in given) {
    if (given.kind === 'scalarSpec') return given.bind(definition, environment);
    throw badFunctions(definition.name, 'it is a scalar: use scalar.stored, not table');
  }
  requireKnownFunctions(definition.name, given, SCALAR_FUNCTIONS);
  requireFunction(definition.name, given, 'get');
  checkWriters(definition.name, given, isWritable(definition.access));
  return new FunctionScalar(definition, given as ScalarFunctions, environment.kept !== undefined);
}

function bindTable(
  definition: TableObject,
  given: ObjectFunctions,
  environment: BindingEnvironment,
): ManagedObject {
  if ('kind' in given) {
    if (given.kind === 'tableSpec') return given.bind(definition, environment);
    throw badFunctions(definition.name, 'it is a table: use table.stored or table.computed');
  }
  requireKnownFunctions(definition.name, given, TABLE_FUNCTIONS);
  requireFunction(definition.name, given, 'get');
  requireFunction(definition.name, given, 'getNext');
  checkWriters(
    definition.name,
    given,
    definition.columns.some(({ access }) => isWritable(access)),
  );
  return new FunctionTable(definition, given as TableFunctions, environment.kept !== undefined);
}

const WRITERS = ['isSetOk', 'set', 'undo', 'rollback', 'restore', 'readOnly', 'new', 'delete'];
const SCALAR_FUNCTIONS: readonly string[] = ['get', ...WRITERS];
const TABLE_FUNCTIONS: readonly string[] = ['get', 'getNext', ...WRITERS];

/**
 * `isSetOK` is called by nobody: whoever wrote it would think that SETs are voted on. Held to that are
 * objects as they are written down; those of a class may have what they like besides.
 */
function requireKnownFunctions(name: string, given: object, known: readonly string[]): void {
  const prototype: unknown = Object.getPrototypeOf(given);
  if (prototype !== Object.prototype && prototype !== null) return;
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearestNames(unknown, known);
  throw badFunctions(name, `there is no function ${unknown}${didYouMean(near)}`);
}

function requireFunction(name: string, given: object, operation: string): void {
  if (typeof (given as Record<string, unknown>)[operation] !== 'function') {
    throw badFunctions(name, `the function ${operation} is missing`);
  }
}
