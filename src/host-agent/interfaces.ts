import type { SubtreeDefinition } from '../index.js';
import { GET_DEADLINE_MS, type MachineReadings } from './machine-readings.js';

/** ifNumber, ifTable, ifXTable and ifTableLastChange of IF-MIB: one subtree on one reading. */
export function interfacesSubtree({ interfaces }: MachineReadings): SubtreeDefinition {
  return {
    name: 'interfaces',
    deadlines: { getMs: GET_DEADLINE_MS },
    ifNumber: { get: async () => (await interfaces.fresh()).ifNumber },
    ifTable: interfaces.table(({ rows }) => rows),
    ifXTable: interfaces.table(({ rows }) => rows),
    ifTableLastChange: { get: async () => (await interfaces.fresh()).ifTableLastChange },
  };
}
