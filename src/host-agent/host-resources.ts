import { noSuchInstance, type ScalarFunctions, type SubtreeDefinition } from '../index.js';
import type { SystemScalars } from '../host/index.js';
import { GET_DEADLINE_MS, type MachineReadings } from './machine-readings.js';

const deadlines = { getMs: GET_DEADLINE_MS };

/**
 * The groups of HOST-RESOURCES-MIB, each a subtree: a group whose instrumentation crashes leaves
 * the others alone. Without hrSWInstalled, hrPartitionTable and hrPrinterTable.
 */
export function hostResourcesSubtrees(readings: MachineReadings): readonly SubtreeDefinition[] {
  return [
    systemSubtree(readings),
    storageSubtree(readings),
    deviceSubtree(readings),
    ...processSubtrees(readings),
  ];
}

function systemSubtree({ system, devices }: MachineReadings): SubtreeDefinition {
  const show = (name: keyof SystemScalars): ScalarFunctions => ({
    get: async () => (await system.fresh())[name],
  });
  return {
    subtree: 'hrSystem',
    deadlines,
    hrSystemUptime: show('hrSystemUptime'),
    hrSystemDate: show('hrSystemDate'),
    hrSystemInitialLoadDevice: {
      get: async () => (await devices.fresh()).hrSystemInitialLoadDevice ?? noSuchInstance,
    },
    hrSystemInitialLoadParameters: show('hrSystemInitialLoadParameters'),
    hrSystemNumUsers: show('hrSystemNumUsers'),
    hrSystemProcesses: show('hrSystemProcesses'),
    hrSystemMaxProcesses: show('hrSystemMaxProcesses'),
  };
}

function storageSubtree({ storage }: MachineReadings): SubtreeDefinition {
  return {
    subtree: 'hrStorage',
    deadlines,
    hrMemorySize: { get: async () => (await storage.fresh()).hrMemorySize },
    hrStorageTable: storage.table((tables) => tables.storage),
  };
}

/** hrFSTable lies below hrDevice in the MIB, though its rows come with those of hrStorage. */
function deviceSubtree({ devices, storage }: MachineReadings): SubtreeDefinition {
  return {
    subtree: 'hrDevice',
    deadlines,
    hrDeviceTable: devices.table((tables) => tables.devices),
    hrProcessorTable: devices.table((tables) => tables.processors),
    hrNetworkTable: devices.table((tables) => tables.networks),
    hrDiskStorageTable: devices.table((tables) => tables.disks),
    hrFSTable: storage.table((tables) => tables.fileSystems),
  };
}

function processSubtrees({ processes }: MachineReadings): readonly SubtreeDefinition[] {
  return [
    {
      subtree: 'hrSWRun',
      deadlines,
      hrSWOSIndex: {
        // Index 0 stands for no process at all, which the SYNTAX has no value for.
        get: async () => (await processes.fresh()).hrSWOSIndex || noSuchInstance,
      },
      hrSWRunTable: processes.table(({ rows }) => rows),
    },
    {
      subtree: 'hrSWRunPerf',
      deadlines,
      hrSWRunPerfTable: processes.table(({ rows }) => rows),
    },
  ];
}
