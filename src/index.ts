/**
 * trellis-snmp: fault-tolerant SNMP agents. Exports only.
 */
export { startAgent } from './start-agent.js';
export type { Agent } from './agent.js';
export { defineAgent, type AgentDefinition } from './agent-definition.js';
export type { AgentEvents, AgentMetrics } from './agent-events.js';
export type {
  AccessOptions,
  AgentOptions,
  CommunityAccess,
  CommunityRights,
  GroupAccess,
  LimitOptions,
  LoadableModule,
  LoadOptions,
  MibText,
  NotifyOptions,
  ModuleToLoad,
  ReloadOptions,
  SubtreeDefinition,
  UserAccess,
  ViewChoice,
  ViewSpec,
} from './agent-options.js';
export type { EngineOptions } from './engine-options.js';
export type { StateImportOptions, StateImportResult } from './state-transfer.js';
export type { StateExport } from './store/index.js';
export { SnmpError, type Logger } from './base/index.js';
export {
  genErr,
  noError,
  noSuchInstance,
  noSuchObject,
  scalar,
  SetError,
  table,
  type CallContext,
  type ComputedTable,
  type ComputedTableOptions,
  type ColumnError,
  type ColumnValue,
  type NextReading,
  type NextReadings,
  type NoValue,
  type PlainRow,
  type ReadError,
  type Refusal,
  type Requester,
  type RowChange,
  type RowKey,
  type RowReading,
  type RowSetAnswer,
  type RowStatusOptions,
  type RowVote,
  type ScalarFunctions,
  type ScalarReading,
  type ScalarSetAnswer,
  type ScalarSpec,
  type ScalarVote,
  type SetFailure,
  type StoredScalar,
  type StoredScalarOptions,
  type StoredTable,
  type StoredTableEvents,
  type StoredTableOptions,
  type TableFunctions,
  type TableSpec,
  type UndoAnswer,
  type UndoFailure,
} from './instrumentation/index.js';
export type {
  Delivery,
  DeliveryOutcome,
  NotificationValues,
  NotifyTargetOptions,
  NotSentCode,
} from './notify/index.js';
export type {
  MibDefinition,
  ObjectName,
  RowIndexOf,
  RowOf,
  TableName,
  ValueOf,
  WrittenValueOf,
} from './mib/index.js';
export type { UserSecrets } from './security/index.js';
export { formatOid, parseOid, type Oid, type PlainValue } from './smi/index.js';
export { defineSubtree, type SubtreeOf } from './typed-subtree.js';
export type { SubtreePolicy } from '../supervisors/trees/index.js';
export type { SupervisionNode } from '../supervisors/index.js';
