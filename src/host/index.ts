/**
 * This machine, read for IF-MIB (RFC 2863), HOST-RESOURCES-MIB (RFC 2790) and the system group:
 * plain rows whose fields are the MIB's columns, with values that their SYNTAX allows.
 *
 * Knows no SNMP messages, no OIDs of columns and no tables of the agent: whoever serves the rows
 * does. Enumerations are the MIB's labels; OIDs are arrays of sub-identifiers; Counter64 is bigint.
 * Invariants: rows ascend by their index; nothing rejects because something of the machine is
 * missing, forbidden or just gone; all reading is asynchronous and in small slices; every table has
 * a limit. Linux is read from /proc and /sys; elsewhere node tells what it knows.
 */
export { openHostSource, type FileSystemUsage, type HostSource } from './proc-source.js';
export {
  type AddressFacts,
  type OsFacts,
  type OwnProcess,
  type ProcessorFacts,
  type Uname,
} from './os-facts.js';
export { Cached, type CachedOptions, type StaleTerms } from './cached.js';
export { readInterfaces } from './interfaces.js';
export type { IfAdminStatus, IfOperStatus, InterfaceRow, TruthValue } from './interface-row.js';
export type { IfType } from './interface-type.js';
export { InterfaceTracker, type InterfaceTable } from './interface-tracker.js';
export { StorageReader, type StorageRow, type StorageTables } from './storage.js';
export type { FileSystemRow } from './file-systems.js';
export {
  DeviceReader,
  type DeviceRow,
  type DeviceTables,
  type DiskStorageRow,
  type HrDeviceStatus,
  type NetworkRow,
  type ProcessorRow,
} from './devices.js';
export { type HrDiskStorageMedia } from './disks.js';
export {
  readProcesses,
  type HrSWRunStatus,
  type HrSWRunType,
  type ProcessRow,
  type ProcessTable,
} from './processes.js';
export {
  dateAndTime,
  readSystem,
  readSystemDefaults,
  type SystemDefaults,
  type SystemScalars,
} from './system.js';
