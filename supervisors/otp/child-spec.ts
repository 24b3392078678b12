import { SnmpError, type Clock, type Logger } from '../../src/base/index.js';
import type { ChildHandle } from './child-handle.js';
import type { Lineage } from './lineage.js';
import type { SupervisionEvents } from './supervision-events.js';
import type { AutoShutdown, RestartType } from './strategy.js';
import type { ChildType } from './supervision-tree.js';

/** How long a child may take to end after it was asked; then it is killed. */
export type Shutdown = number | 'brutalKill';

/** What a child is told when it is started; a nested supervisor takes all it needs from here. */
export interface StartContext {
  /** Ids from the root to this child. */
  readonly path: readonly string[];
  /** 1 at the first start. Messages of an earlier incarnation can be told by it. */
  readonly incarnation: number;
  /** Aborted when nobody waits for this start any more; a handle that arrives later is killed. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The sink the whole tree shares. */
  readonly events: SupervisionEvents;
  /** What a nested supervisor must remember of earlier incarnations of its children. */
  readonly lineage: Lineage;
}

/** `ignore`: there is nothing to run (as OTP's `ignore`); the child counts as stopped. */
export type Started = ChildHandle | 'ignore';

/** OTP's child specification. Only `id` and `start` have no default. */
export interface ChildSpec {
  readonly id: string;
  /** Sync or async. Throwing or rejecting means that the child could not be started. */
  readonly start: (context: StartContext) => Started | PromiseLike<Started>;
  /** Default `permanent`. */
  readonly restart?: RestartType;
  /** Milliseconds, Infinity or `brutalKill`. Default 5000 for workers, Infinity for supervisors. */
  readonly shutdown?: Shutdown;
  /** Default `worker`. */
  readonly type?: ChildType;
  /** Whether its own end can end the supervisor, see `autoShutdown`. Default false. */
  readonly significant?: boolean;
  /** For an async start. Default 5000 for workers, Infinity for supervisors. */
  readonly startTimeoutMs?: number;
}

export type CompleteSpec = Required<ChildSpec>;

export const DEFAULT_SHUTDOWN_MS = 5000;
export const DEFAULT_START_TIMEOUT_MS = 5000;

/**
 * Fills in the defaults and checks what types cannot say.
 *
 * @throws SnmpError SNMP_SUPERVISOR_BAD_SPEC
 *
 * Source: OTP supervisor, check_childspec and validSignificant.
 */
export function completeSpec(spec: ChildSpec, autoShutdown: AutoShutdown): CompleteSpec {
  const type = spec.type ?? 'worker';
  const complete: CompleteSpec = {
    id: spec.id,
    start: spec.start,
    type,
    restart: spec.restart ?? 'permanent',
    shutdown: spec.shutdown ?? (type === 'supervisor' ? Infinity : DEFAULT_SHUTDOWN_MS),
    significant: spec.significant ?? false,
    startTimeoutMs:
      spec.startTimeoutMs ?? (type === 'supervisor' ? Infinity : DEFAULT_START_TIMEOUT_MS),
  };
  if (complete.id === '') throw badSpec(spec.id, 'an id is not empty');
  if (complete.shutdown !== 'brutalKill' && !(complete.shutdown >= 0)) {
    throw badSpec(spec.id, 'shutdown is brutalKill or milliseconds, not less than 0');
  }
  if (!(complete.startTimeoutMs > 0)) throw badSpec(spec.id, 'startTimeoutMs is more than 0');
  if (complete.significant && complete.restart === 'permanent') {
    throw badSpec(spec.id, 'a permanent child cannot be significant: it is always restarted');
  }
  if (complete.significant && autoShutdown === 'never') {
    throw badSpec(spec.id, 'a child is significant only where autoShutdown is not never');
  }
  return complete;
}

function badSpec(id: string, why: string): SnmpError {
  return new SnmpError('SNMP_SUPERVISOR_BAD_SPEC', `child spec ${JSON.stringify(id)}: ${why}`);
}
