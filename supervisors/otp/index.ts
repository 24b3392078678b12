/**
 * OTP's supervisors for JavaScript: who is started, watched, restarted, given up.
 *
 * Knows no SNMP; imports `src/base` and XState only. The rules are OTP's (`supervisor.erl`):
 * pure functions in `strategy.ts` and `restart-intensity.ts`, put in order by the chart in
 * `supervisor-machine.ts`, carried out by `supervision.ts` on the children in `crew.ts`, which `supervisor.ts` (children with
 * specs) and `dynamic-supervisor.ts` (children by number) offer to hosts.
 *
 * Invariants: one thing at a time per supervisor, in order of arrival; each incarnation starts
 * once and exits once; nothing is restarted twice for one exit; a handle that a start returns is
 * watched or killed, never lost; no timer outlives the supervisor that started it. Between an exit
 * and a synchronous restart lie microtasks only; a restart that failed waits for a timer of 0 ms.
 *
 * Deviations from OTP: a start that is async has a deadline; a child that was killed is not waited
 * for (nothing on a single thread could outlive its handle's `kill`); `kill` of a supervisor takes
 * its children along.
 */
export {
  Supervisor,
  supervisorSpec,
  type SupervisorDeclaration,
  type SupervisorOptions,
} from './supervisor.js';
export type { ChildCounts, ChildInfo, StartedSupervisor } from './started-supervisor.js';
export {
  DynamicSupervisor,
  dynamicSupervisorSpec,
  DEFAULT_MAX_CHILDREN,
  type ChildTemplate,
  type DynamicChild,
  type DynamicSupervisorDeclaration,
  type DynamicSupervisorOptions,
} from './dynamic-supervisor.js';
export type { SupervisorState } from './supervision.js';
export type { Surroundings } from './crew.js';
export {
  DEFAULT_SHUTDOWN_MS,
  DEFAULT_START_TIMEOUT_MS,
  type ChildSpec,
  type Shutdown,
  type StartContext,
  type Started,
} from './child-spec.js';
export { ExitSignal, type ChildHandle, type ExitListener } from './child-handle.js';
export {
  KILLED,
  NORMAL,
  SHUTDOWN,
  describeExit,
  isAbnormal,
  type ExitReason,
} from './exit-reason.js';
export { ActorChild, type ActorChildOptions } from './actor-child.js';
export { startTask, type TaskOptions } from './task-child.js';
export { ServiceChild, type ServiceOptions } from './service-child.js';
export type { AutoShutdown, RestartType, Strategy } from './strategy.js';
export { DEFAULT_INTENSITY, DEFAULT_PERIOD_MS } from './restart-intensity.js';
export type {
  ChildFact,
  SupervisionEventTuples,
  SupervisionEvents,
  SupervisorFact,
} from './supervision-events.js';
export type { ChildState, ChildType, SupervisionNode } from './supervision-tree.js';
