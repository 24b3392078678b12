/**
 * The master agent: who answers for which OID, reads, the planning of SETs and their order, and
 * the modules that every agent serves about itself.
 *
 * Knows no sockets and no supervisors. Invariants: a read changes nothing and sends no event; a SET
 * reaches instrumentation only when every static check has passed; every answer fits the size asked
 * for.
 */
export { Contexts, DEFAULT_CONTEXT, type PlacedRegistration } from './contexts.js';
export { Registrations, type Registration } from './registrations.js';
export {
  DEFAULT_MAX_WAITING_SETS,
  MasterAgent,
  type MasterObserver,
  type SetReply,
} from './master-agent.js';
export { masterMachine } from './master-machine.js';
export type { PlannedShare, SetPlan } from './plan-set.js';
export { CommandResponder, type ResponderParts } from './responder.js';
export { bindObjects, type ObjectFunctions, type SubtreeObjects } from './bind-objects.js';
export { engineObjects } from './builtin/engine.js';
export { counterObjects, snmpObjects } from './builtin/snmp.js';
export { UsmObjects } from './builtin/usm.js';
export { Capabilities } from './builtin/capabilities.js';
export { CommunityRows, communityEntries, type CommunityRow } from './builtin/community.js';
export {
  filterMembers,
  filterProfiles,
  NotificationTables,
  notifyEntries,
  type FilterProfileRow,
  type FilterRow,
  type NotifyRow,
} from './builtin/notification.js';
export { systemObjects, type SystemFacts } from './builtin/system.js';
export {
  targetAddresses,
  targetParams,
  TargetTables,
  withExtTable,
  type TargetAddressRow,
  type TargetParamsRow,
} from './builtin/target.js';
export {
  accessTables,
  membersOf,
  VacmTables,
  type AccessRow,
  type FamilyRow,
  type GroupRow,
  type VacmRows,
} from './builtin/vacm.js';
