import { COUNTER_NAMES, type CounterName, type SnmpCounters } from '../../dispatch/index.js';
import { scalar, type StoredScalar } from '../../instrumentation/index.js';
import type { MibModule } from '../../mib/index.js';
import type { SubtreeObjects } from '../bind-objects.js';

/**
 * The snmp group and snmpSetSerialNo (RFC 3418): what this agent counts, and its lock.
 *
 * @param enableAuthenTraps - snmpEnableAuthenTraps, for whoever sends authenticationFailure.
 */
export function snmpObjects(
  module: MibModule,
  counters: SnmpCounters,
  enableAuthenTraps: StoredScalar<string>,
): SubtreeObjects {
  return {
    ...counterObjects(module, counters),
    snmpEnableAuthenTraps: enableAuthenTraps,
    snmpSetSerialNo: scalar.stored(),
  };
}

/** Those of the counters that a module defines. */
export function counterObjects(module: MibModule, counters: SnmpCounters): SubtreeObjects {
  const defined = COUNTER_NAMES.filter((name) => module.nodes.get(name)?.kind === 'scalar');
  return Object.fromEntries(defined.map((name) => [name, counterScalar(counters, name)]));
}

function counterScalar(counters: SnmpCounters, name: CounterName): { get: () => number } {
  return { get: () => counters[name] };
}
