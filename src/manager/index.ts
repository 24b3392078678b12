/**
 * Asks agents: get, getNext, getBulk, set, walks and tables in SNMPv1, SNMPv2c and SNMPv3 over UDP,
 * and sends traps and informs (RFC 3413 sections 3.1 and 3.3, RFC 3416 section 4.2, RFC 3584).
 *
 * Must not know: agents of ours. Invariants: every request settles exactly once, by its last
 * timeout or its deadline at the latest; a reply is accepted only from where and as it was asked;
 * every attempt is the same octets, in SNMPv3 the same request; a walk ends. Communities are
 * applied in `credentials` alone, keys in `security`, and nothing shows them.
 */
export { Manager } from './manager.js';
export type {
  BulkOptions,
  BulkWalkOptions,
  ManagerOptions,
  RequestOptions,
  ScalarsOptions,
  SetOptions,
  TableOptions,
  TypedTableOptions,
  WalkOptions,
} from './manager.js';
export { cellsOf, scalarsOf, type CompiledVarBind } from './compiled-var-binds.js';
export {
  community,
  user,
  type CommunityOptions,
  type Credentials,
  type UserOptions,
} from './credentials.js';
export type { Target } from './target.js';
export { ERROR_INDICATIONS, type ErrorIndication } from './error-indication.js';
export type { DiscardCounts, DiscardReason, RequestStats } from './exchange.js';
export type { ManagerEvents } from './manager-events.js';
export type { ManagerMetrics } from './exchanges.js';
export type { NotificationOptions, NotificationToSend, TrapV1 } from './notification.js';
export type { InformOptions } from './notifier.js';
export { ReceivedVarBind } from './received-var-bind.js';
export type { Reference } from './references.js';
export { VarBindError, type VarBindToSet } from './requests.js';
export {
  orThrow,
  RequestError,
  type AgentErrorResult,
  type AnsweredStatus,
  type EngineErrorResult,
  type OkResult,
  type RequestResult,
} from './result.js';
export type { ScalarValues } from './read-scalars.js';
export type { TableReading, TableRow, TableVarBinds, TypedTableRow } from './table.js';
export type { OwnEngine } from './traps.js';
export type { UnfitValue } from './unfit-values.js';
export type { TypedValue, Validation, ValueToSet } from './values-to-set.js';
export type { WalkLimits } from './walk.js';
export type { MibChoice } from './known-mibs.js';
export type { MibDefinition, RowOf, ValueOf, WrittenValueOf } from '../mib/index.js';
