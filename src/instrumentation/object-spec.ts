import type { Clock, Logger } from '../base/index.js';
import type { ScalarObject, TableObject } from '../mib/index.js';
import type { KeptObjects } from './durability.js';
import type { ManagedScalar, ManagedTable } from './managed-object.js';

/** What an object gets from the agent that hosts it. */
export interface BindingEnvironment {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where what is stored outlives the process; absent: it does not. */
  readonly kept?: KeptObjects;
}

/**
 * A scalar kept by the runtime, as its author declares it: bound to the module's definition when
 * it is loaded.
 */
export interface ScalarSpec {
  readonly kind: 'scalarSpec';
  bind(definition: ScalarObject, environment: BindingEnvironment): ManagedScalar;
}

/** As ScalarSpec, for a table. */
export interface TableSpec {
  readonly kind: 'tableSpec';
  bind(definition: TableObject, environment: BindingEnvironment): ManagedTable;
}
