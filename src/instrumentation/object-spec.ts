import type { Clock, Logger } from '../base/index.js';
import type { ScalarObject, TableObject } from '../mib/index.js';
import type { KeptObjects } from './durability.js';
import type { Oid, PlainValue } from '../smi/index.js';
import type { TableShape } from './functions.js';
import type { ManagedScalar, ManagedTable } from './managed-object.js';

/** What an object gets from the agent that hosts it. */
export interface BindingEnvironment {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where what is stored outlives the process; absent: it does not. */
  readonly kept?: KeptObjects;
  /**
   * Under which OID: another one for each context that has a subtree with this object of its own.
   * Default: the object's.
   */
  readonly keptAs?: (oid: Oid) => Oid;
}

/**
 * A scalar kept by the runtime, as its author declares it: bound to the module's definition when
 * it is loaded.
 */
export interface ScalarSpec {
  readonly kind: 'scalarSpec';
  bind(definition: ScalarObject, environment: BindingEnvironment): ManagedScalar;
}

/**
 * One for a scalar whose values are of type Value. The property that says so is for the compiler
 * alone: it is never there. (And the only one with Value in it: what a subtree takes for a scalar
 * must have no `get` or `set` beside those of functions, or the compiler cannot tell what is meant.)
 */
export interface TypedScalarSpec<in out Value extends PlainValue> extends ScalarSpec {
  readonly valueType?: (value: Value) => Value;
}

/** As ScalarSpec, for a table. */
export interface TableSpec {
  readonly kind: 'tableSpec';
  bind(definition: TableObject, environment: BindingEnvironment): ManagedTable;
}

/** As TypedScalarSpec: one for a table that has such rows and, where its columns count, such ones. */
export interface TypedTableSpec<
  in out Row extends object,
  in out Shape extends TableShape = TableShape,
> extends TableSpec {
  readonly rowType?: (row: Row) => Row;
  readonly shapeType?: (shape: Shape) => Shape;
}
