import type { Clock } from '../base/index.js';
import {
  Cached,
  DeviceReader,
  InterfaceTracker,
  readInterfaces,
  readProcesses,
  readSystem,
  StorageReader,
  type DeviceTables,
  type HostSource,
  type InterfaceTable,
  type ProcessTable,
  type StaleTerms,
  type StorageTables,
  type SystemScalars,
} from '../host/index.js';
import { table, type TableSpec } from '../index.js';

/** How old values may be that a manager is given, on a machine that is read in no time. */
const MAX_AGE_MS = {
  interfaces: 1000,
  system: 1000,
  storage: 5000,
  devices: 5000,
  processes: 8000,
} as const;

/** How long anybody waits for the first reading: on a machine in distress it takes long. */
const READ_DEADLINE_MS = 3500;

/** In such distress the reading before is better than none, and than a manager that gives up. */
const STALE: StaleTerms = { maxAgeMs: 60_000, patienceMs: 400 };

/** More than READ_DEADLINE_MS, so that a slow reading is known as such. */
export const GET_DEADLINE_MS = 4000;

/** The last reading of one part of the machine, for all the objects that show it. */
class Reading<Value> {
  readonly #cached: Cached<Value>;
  readonly #ages: { readonly maxAgeMs: number; readonly maxStaleMs: number };

  /** @param isCostly - whether a table's readers are rather given its rows while it is read anew. */
  constructor(read: () => Promise<Value>, clock: Clock, maxAgeMs: number, isCostly = false) {
    // Rows age twice, in here, where several tables share them, and then in each table, which keeps
    // them sorted: half the time each. Of what is costly to read a table's half is halved again.
    const tableAgeMs = maxAgeMs / 2;
    this.#ages = isCostly
      ? { maxAgeMs: tableAgeMs / 2, maxStaleMs: tableAgeMs / 2 }
      : { maxAgeMs: tableAgeMs, maxStaleMs: 0 };
    this.#cached = new Cached({
      read,
      clock,
      maxAgeMs: maxAgeMs / 2,
      deadlineMs: READ_DEADLINE_MS,
      stale: STALE,
    });
  }

  fresh(): Promise<Value> {
    return this.#cached.fresh();
  }

  /** A table of rows that stand in the reading. */
  table(rows: (value: Value) => readonly object[]): TableSpec {
    return table.computed({
      ...this.#ages,
      rows: async () => rows(await this.fresh()),
      // The reading has a deadline of its own.
      refreshDeadlineMs: GET_DEADLINE_MS,
    });
  }
}

/** Everything that the agent reads of the machine. One for the life of the agent. */
export class MachineReadings {
  readonly interfaces: Reading<InterfaceTable>;
  readonly system: Reading<SystemScalars>;
  readonly storage: Reading<StorageTables>;
  readonly devices: Reading<DeviceTables>;
  readonly processes: Reading<ProcessTable>;

  constructor(source: HostSource, clock: Clock, upTimeCentiseconds: () => number) {
    const tracker = new InterfaceTracker();
    const storage = new StorageReader(source, clock);
    const devices = new DeviceReader(source, clock);
    this.interfaces = new Reading(
      async () => tracker.observe(await readInterfaces(source), upTimeCentiseconds()),
      clock,
      MAX_AGE_MS.interfaces,
    );
    this.system = new Reading(() => readSystem(source, clock), clock, MAX_AGE_MS.system);
    this.storage = new Reading(() => storage.read(), clock, MAX_AGE_MS.storage);
    this.devices = new Reading(
      async () => devices.read((await this.interfaces.fresh()).rows),
      clock,
      MAX_AGE_MS.devices,
    );
    this.processes = new Reading(() => readProcesses(source), clock, MAX_AGE_MS.processes, true);
  }

  /**
   * First readings of what is told by difference (when interfaces changed, how busy processors
   * are), and of what may take longer than managers wait. Never rejects: what cannot be read is
   * answered for by its own subtree, when somebody asks.
   */
  async begin(): Promise<void> {
    await Promise.allSettled([this.devices.fresh(), this.processes.fresh()]);
  }
}
