import { InvariantViolation, SnmpError, assertNever } from '../../src/base/index.js';
import { ExitSignal } from './child-handle.js';
import type { ChildRecord, RunningChild } from './child-record.js';
import type { CompleteSpec, StartContext } from './child-spec.js';
import { Crew, type CrewKind, type Surroundings } from './crew.js';
import { KILLED, SHUTDOWN, describeExit, type ExitReason } from './exit-reason.js';
import { Mailbox } from './mailbox.js';
import type { Procedure } from './procedure.js';
import { restartScope, type Strategy } from './strategy.js';
import type { ChildState, SupervisionNode } from './supervision-tree.js';
import {
  enterSupervisor,
  stepSupervisor,
  type SupervisorEvent,
  type SupervisorLimits,
  type SupervisorOrder,
  type SupervisorSnapshot,
} from './supervisor-machine.js';

export interface SupervisionPolicy extends SupervisorLimits {
  readonly kind: CrewKind;
  readonly strategy: Strategy;
}

export type SupervisorState = SupervisorSnapshot['value'];

/** Seen from outside, a supervisor that restarts a child runs. */
const STATE_IN_TREE: Record<SupervisorState, ChildState> = {
  starting: 'starting',
  running: 'running',
  restarting: 'running',
  stopping: 'stopping',
  abandoning: 'stopping',
  stopped: 'stopped',
  failed: 'stopped',
};

const ignore = (): void => undefined;

/**
 * The shell of both kinds of supervisor: carries out what the chart orders, one procedure at a
 * time. It decides nothing; what to do after an exit is in `supervisor-machine.ts` and
 * `strategy.ts`.
 */
export class Supervision {
  readonly crew: Crew;
  readonly exit: ExitSignal;
  readonly #policy: SupervisionPolicy;
  readonly #mailbox: Mailbox;
  #snapshot: SupervisorSnapshot;

  constructor(
    name: string,
    policy: SupervisionPolicy,
    surroundings: Surroundings,
    parent: StartContext | undefined,
  ) {
    const onNews = (record: ChildRecord, child: RunningChild): void =>
      this.#mailbox.post({ run: () => this.#dealWithExit(record, child), abandon: ignore });
    this.crew = new Crew({ name, kind: policy.kind, surroundings, parent, onNews });
    this.exit = new ExitSignal(this.crew.logger);
    this.#policy = policy;
    this.#mailbox = new Mailbox((error) => this.#die({ kind: 'defect', error }));
    this.#snapshot = enterSupervisor(policy).snapshot;
  }

  get state(): SupervisorState {
    return this.#snapshot.value;
  }

  get #name(): string {
    return this.crew.path.join('/');
  }

  tree(): SupervisionNode {
    return {
      id: this.crew.path.at(-1) ?? '',
      type: 'supervisor',
      state: STATE_IN_TREE[this.state],
      restarts: this.crew.incarnation - 1,
      incarnation: this.crew.incarnation,
      children: this.crew.nodes(),
    };
  }

  /**
   * Starts the children, on the caller's stack as far as they start synchronously.
   *
   * @param signal - kills the supervisor while it starts: nobody waits for it any more.
   */
  start(specs: readonly CompleteSpec[], signal: AbortSignal | undefined): Promise<void> {
    for (const spec of specs) this.crew.add(spec);
    const kill = (): void => this.kill();
    signal?.addEventListener('abort', kill);
    const started = new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(this.#startFailure());
      const settle = (): void => (this.state === 'failed' ? fail() : resolve());
      this.#mailbox.handle({ run: () => this.#enter(settle), abandon: fail });
    });
    return started.finally(() => signal?.removeEventListener('abort', kill));
  }

  /** Asks for an orderly end. Resolves when it has ended, for whatever reason. */
  stop(reason: ExitReason = SHUTDOWN): Promise<void> {
    const event: SupervisorEvent = { type: 'lifecycle.stop', reason };
    this.#mailbox.post({ run: () => this.#tell(event), abandon: ignore });
    return new Promise((resolve) => this.exit.onExit(() => resolve()));
  }

  kill(): void {
    this.#die(KILLED);
  }

  /**
   * Runs what a host asked for in its turn.
   *
   * @returns rejects with an SnmpError thrown by the procedure, or with
   *   SNMP_SUPERVISOR_STOPPED if the supervisor ends first.
   */
  request<Result>(procedure: () => Procedure<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const ended = `supervisor ${this.#name} has ended`;
      this.#mailbox.post({
        *run() {
          try {
            resolve(yield* procedure());
          } catch (error) {
            reject(error);
            if (!(error instanceof SnmpError)) throw error;
          }
        },
        abandon: () => reject(new SnmpError('SNMP_SUPERVISOR_STOPPED', ended)),
      });
    });
  }

  *#enter(done: () => void): Procedure<void> {
    yield* this.#perform(enterSupervisor(this.#policy).orders);
    done();
  }

  *#tell(event: SupervisorEvent): Procedure<void> {
    const { snapshot, orders } = stepSupervisor(this.#snapshot, event);
    this.#snapshot = snapshot;
    yield* this.#perform(orders);
  }

  *#perform(orders: readonly SupervisorOrder[]): Procedure<void> {
    for (const order of orders) {
      const event = yield* this.#carryOut(order);
      if (event !== undefined) yield* this.#tell(event);
    }
  }

  *#carryOut(order: SupervisorOrder): Procedure<SupervisorEvent | undefined> {
    const { crew } = this;
    switch (order.type) {
      case 'startChildren':
        return yield* this.#startChildren();
      case 'stopChildren':
        yield* crew.stopAll();
        return { type: 'children.stopped' };
      case 'killChildren':
        crew.killAll();
        return undefined;
      case 'announceExit':
        this.#announceExit();
        return undefined;
      case 'restartChildren':
        return yield* this.#restart(crew.known(order.params.id));
      case 'scheduleRetry':
        this.#scheduleRetry(crew.known(order.params.id));
        return undefined;
      case 'settleChild':
        crew.settle(crew.known(order.params.id));
        return undefined;
      case 'announceGivenUp':
        this.#announceGivenUp(crew.known(order.params.id));
        return undefined;
      case 'announceAutoShutdown':
        crew.events.emit('supervisor:auto-shutdown', { path: crew.path, childId: order.params.id });
        return undefined;
      default:
        return assertNever(order);
    }
  }

  *#startChildren(): Procedure<SupervisorEvent> {
    for (const record of this.crew.records) {
      const failure = yield* this.crew.start(record);
      if (failure !== undefined) return { type: 'start.failed', error: failure.error };
    }
    this.crew.events.emit('supervisor:started', { path: this.crew.path });
    return { type: 'children.started' };
  }

  *#dealWithExit(record: ChildRecord, child: RunningChild): Procedure<void> {
    // It was stopped for a sibling's sake before its own exit came up.
    if (record.running !== child) return;
    const reason = this.crew.noteExit(record, child, false);
    const { id, restart, significant } = record.spec;
    const othersSignificant = this.crew.records.some(
      (other) => other !== record && other.spec.significant && other.isAliveOrRestarting,
    );
    yield* this.#tell({
      type: 'child.exited',
      id,
      child: { id, restart, significant, othersSignificant },
      reason,
      nowMs: record.exitedAtMs,
    });
  }

  /** Source: OTP supervisor, restart/3 and restart_multiple_children. */
  *#restart(failed: ChildRecord): Procedure<SupervisorEvent> {
    const { crew } = this;
    const { strategy } = this.#policy;
    const ids = crew.records.map((record) => record.spec.id);
    const scope = restartScope(strategy, ids, failed.spec.id);
    const reason = failed.lastExit;
    crew.events.emit('child:restarting', { ...crew.fact(failed), reason, strategy, scope });
    const concerned = scope.map((id) => crew.known(id));
    failed.state = 'restarting';
    for (const record of concerned.toReversed()) {
      if (record !== failed) yield* crew.stop(record);
    }
    for (const record of concerned) {
      // A temporary sibling was forgotten when it was stopped.
      if (!crew.holds(record)) continue;
      const failure = yield* crew.start(record);
      if (failure !== undefined) {
        if (failed.running === undefined) failed.state = 'stopped';
        return { type: 'restart.failed', id: record.spec.id };
      }
      if (record.running === undefined) continue;
      record.restarts += 1;
      const durationMs = crew.clock.nowMs() - failed.exitedAtMs;
      crew.events.emit('child:restarted', { ...crew.fact(record), durationMs });
    }
    return { type: 'restart.completed' };
  }

  /**
   * OTP's try_again_restart. Through a timer of 0 ms instead of straight into the mailbox: only
   * so can a shutdown that arrives by socket or timer get in between on a single thread.
   */
  #scheduleRetry(record: ChildRecord): void {
    record.state = 'restarting';
    record.retry = this.crew.clock.startTimer(0, () => {
      record.retry = undefined;
      this.#mailbox.post({ run: () => this.#retry(record), abandon: ignore });
    });
  }

  *#retry(record: ChildRecord): Procedure<void> {
    // Meanwhile it may have been terminated, which cancels the restart.
    if (!this.crew.holds(record) || record.state !== 'restarting') return;
    yield* this.#tell({
      type: 'retry.due',
      id: record.spec.id,
      nowMs: this.crew.clock.nowMs(),
    });
  }

  #announceGivenUp(record: ChildRecord): void {
    // The failed restart it may have been waiting to repeat will not come.
    record.state = 'stopped';
    const { restartsMs, limits } = this.#snapshot.context;
    const fields = {
      path: this.crew.path,
      childId: record.spec.id,
      restarts: restartsMs.length,
      periodMs: limits.periodMs,
    };
    this.crew.logger.error(fields, 'restart intensity exceeded: the supervisor gives up');
    this.crew.events.emit('supervisor:given-up', fields);
  }

  #announceExit(): void {
    const { exitReason: reason } = this.#snapshot.context;
    this.#mailbox.close(ignore);
    this.crew.events.emit('supervisor:exited', { path: this.crew.path, reason });
    this.exit.fire(reason);
  }

  /** At once: what is under way ends where it waits, every child is killed. */
  #die(reason: ExitReason): void {
    this.#mailbox.close(() => {
      const end = this.#tell({ type: 'lifecycle.kill', reason }).next();
      if (end.done !== true) throw new InvariantViolation('a kill does not wait');
    });
  }

  #startFailure(): SnmpError {
    const { exitReason } = this.#snapshot.context;
    const cause = exitReason.kind === 'error' ? exitReason.error : undefined;
    return new SnmpError(
      'SNMP_SUPERVISOR_START_FAILED',
      `supervisor ${this.#name} could not be started: ${describeExit(exitReason)}`,
      { cause },
    );
  }
}
