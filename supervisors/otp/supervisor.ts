import { SnmpError } from '../../src/base/index.js';
import type { ChildHandle } from './child-handle.js';
import type { ChildRecord } from './child-record.js';
import { completeSpec, type ChildSpec, type StartContext } from './child-spec.js';
import { DEFAULT_INTENSITY, DEFAULT_PERIOD_MS, type RestartLimits } from './restart-intensity.js';
import type { Surroundings } from './crew.js';
import { childError, found, StartedSupervisor, startError } from './started-supervisor.js';
import type { AutoShutdown, Strategy } from './strategy.js';
import { Supervision } from './supervision.js';

/** What a supervisor is: data, no code. */
export interface SupervisorDeclaration {
  /** Default `oneForOne`. */
  readonly strategy?: Strategy;
  /** Default 1 restart ... */
  readonly intensity?: number;
  /** ... in 5000 ms. */
  readonly periodMs?: number;
  /** Default `never`. */
  readonly autoShutdown?: AutoShutdown;
  /** In start order: what starts later may rely on what started earlier. */
  readonly children?: readonly ChildSpec[];
}

export interface SupervisorOptions extends SupervisorDeclaration, Surroundings {
  readonly name: string;
}

/**
 * Starts, watches, restarts and stops children by OTP's rules; is itself a child handle, so that
 * supervisors nest. Requests are dealt with in order of arrival, after what is under way.
 *
 * Every promise rejects with nothing but SnmpError. `SNMP_SUPERVISOR_STOPPED`: it has ended.
 */
export class Supervisor extends StartedSupervisor {
  readonly #autoShutdown: AutoShutdown;

  private constructor(supervision: Supervision, autoShutdown: AutoShutdown) {
    super(supervision);
    this.#autoShutdown = autoShutdown;
  }

  /**
   * Starts the children in order. If one cannot be started, those before it are stopped in
   * reverse order.
   *
   * @param parent - inside a child spec: what its `start` was given; see `supervisorSpec`.
   * @returns rejects with SNMP_SUPERVISOR_START_FAILED (cause: why the child did not start),
   *   SNMP_SUPERVISOR_BAD_SPEC or SNMP_SUPERVISOR_ALREADY_PRESENT.
   */
  static async start(options: SupervisorOptions, parent?: StartContext): Promise<Supervisor> {
    const autoShutdown = options.autoShutdown ?? 'never';
    const specs = (options.children ?? []).map((spec) => completeSpec(spec, autoShutdown));
    const ids = new Set<string>();
    for (const { id } of specs) {
      if (ids.has(id)) throw childError('SNMP_SUPERVISOR_ALREADY_PRESENT', id, 'is declared twice');
      ids.add(id);
    }
    const supervision = new Supervision(
      options.name,
      {
        kind: 'ordered',
        strategy: options.strategy ?? 'oneForOne',
        autoShutdown,
        ...completeLimits(options),
      },
      options,
      parent,
    );
    await supervision.start(specs, parent?.signal);
    return new Supervisor(supervision, autoShutdown);
  }

  /**
   * Adds a child after all others and starts it. A spec whose start fails is not kept.
   *
   * @returns its handle; undefined if the start returned `ignore`. Rejects with
   *   SNMP_SUPERVISOR_ALREADY_STARTED, _ALREADY_PRESENT, _START_FAILED or _BAD_SPEC.
   */
  startChild(spec: ChildSpec): Promise<ChildHandle | undefined> {
    const supervision = this.supervision;
    const autoShutdown = this.#autoShutdown;
    return supervision.request(function* () {
      const complete = completeSpec(spec, autoShutdown);
      const present = supervision.crew.find(complete.id);
      if (present?.running !== undefined) {
        throw childError('SNMP_SUPERVISOR_ALREADY_STARTED', complete.id, 'runs already');
      }
      if (present !== undefined) {
        throw childError('SNMP_SUPERVISOR_ALREADY_PRESENT', complete.id, 'has a spec already');
      }
      const record = supervision.crew.add(complete);
      const failure = yield* supervision.crew.start(record);
      if (failure !== undefined) {
        supervision.crew.remove(record);
        throw startError(complete.id, failure.error);
      }
      return record.running?.handle;
    });
  }

  /** Removes the spec of a stopped child. Rejects with SNMP_SUPERVISOR_NOT_FOUND, _RUNNING or _RESTARTING. */
  deleteChild(id: string): Promise<void> {
    const supervision = this.supervision;
    // oxlint-disable-next-line require-yield -- a request takes its turn even if it never waits
    return supervision.request(function* () {
      supervision.crew.remove(stopped(found(supervision, id)));
    });
  }

  /**
   * Starts a stopped child again, in its old place; costs no intensity.
   *
   * @returns its handle; undefined if the start returned `ignore`. Rejects with
   *   SNMP_SUPERVISOR_NOT_FOUND, _RUNNING, _RESTARTING or _START_FAILED.
   */
  restartChild(id: string): Promise<ChildHandle | undefined> {
    const supervision = this.supervision;
    return supervision.request(function* () {
      const record = stopped(found(supervision, id));
      const failure = yield* supervision.crew.start(record);
      if (failure !== undefined) throw startError(id, failure.error);
      return record.running?.handle;
    });
  }
}

/** Declares a supervisor as a child. Its name is its id; clock, logger and events are its parent's. */
export function supervisorSpec(
  id: string,
  declaration: SupervisorDeclaration,
  terms: Omit<ChildSpec, 'id' | 'start' | 'type'> = {},
): ChildSpec {
  return {
    ...terms,
    id,
    type: 'supervisor',
    start: (context) => Supervisor.start({ ...declaration, name: id }, context),
  };
}

/** @throws SnmpError SNMP_SUPERVISOR_BAD_SPEC */
export function completeLimits(declared: Partial<RestartLimits>): RestartLimits {
  const intensity = declared.intensity ?? DEFAULT_INTENSITY;
  const periodMs = declared.periodMs ?? DEFAULT_PERIOD_MS;
  if (!(intensity >= 0) || !(periodMs > 0)) {
    throw new SnmpError(
      'SNMP_SUPERVISOR_BAD_SPEC',
      'intensity is not less than 0 and periodMs is more than 0',
    );
  }
  return { intensity, periodMs };
}

function stopped(record: ChildRecord): ChildRecord {
  const { id } = record.spec;
  if (record.running !== undefined) throw childError('SNMP_SUPERVISOR_RUNNING', id, 'runs');
  if (record.state === 'restarting') {
    throw childError('SNMP_SUPERVISOR_RESTARTING', id, 'is about to be restarted');
  }
  return record;
}
