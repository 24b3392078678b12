import { COUNTER_NAMES, type CounterName, type SnmpCounters } from '../../dispatch/index.js';
import { scalar } from '../../instrumentation/index.js';
import type { MibModule } from '../../mib/index.js';
import type { SubtreeObjects } from '../bind-objects.js';

/** The snmp group and snmpSetSerialNo (RFC 3418): what this agent counts, and its lock. */
export function snmpObjects(module: MibModule, counters: SnmpCounters): SubtreeObjects {
  const defined = COUNTER_NAMES.filter((name) => module.nodes.get(name)?.kind === 'scalar');
  return {
    ...Object.fromEntries(defined.map((name) => [name, counterScalar(counters, name)])),
    snmpEnableAuthenTraps: scalar.stored({ value: 'disabled' }),
    snmpSetSerialNo: scalar.stored(),
  };
}

function counterScalar(counters: SnmpCounters, name: CounterName): { get: () => number } {
  return { get: () => counters[name] };
}
