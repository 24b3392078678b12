import {
  Emitter,
  GuardedLogger,
  InvariantViolation,
  describeThrown,
  silentLogger,
  systemClock,
  type Clock,
  type Logger,
} from '../../src/base/index.js';
import { ChildRecord, RunningChild } from './child-record.js';
import { beginStart, beginStop, type StopTerms } from './child-lifetime.js';
import type { CompleteSpec, Started, StartContext } from './child-spec.js';
import { KILLED, SHUTDOWN, describeExit, isAbnormal, type ExitReason } from './exit-reason.js';
import { Lineage } from './lineage.js';
import { waitFor, type Procedure } from './procedure.js';
import type { ChildFact, SupervisionEvents } from './supervision-events.js';
import type { SupervisionNode } from './supervision-tree.js';

/** What surrounds a root supervisor. A nested one takes it from its parent. */
export interface Surroundings {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** The sink for the events of the whole tree. Default: a fresh one, see `events`. */
  readonly events?: SupervisionEvents;
}

/** `ordered`: children have specs of their own. `dynamic`: OTP's simple_one_for_one. */
export type CrewKind = 'ordered' | 'dynamic';

export interface CrewOptions {
  readonly name: string;
  readonly kind: CrewKind;
  readonly surroundings: Surroundings;
  readonly parent: StartContext | undefined;
  /** Called when a child exits that was not asked to, on that child's stack. */
  readonly onNews: (record: ChildRecord, child: RunningChild) => void;
}

/** The children of one supervisor: starts and stops them when told, and tells what happened. */
export class Crew {
  readonly path: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: SupervisionEvents;
  readonly #kind: CrewKind;
  readonly #onNews: CrewOptions['onNews'];
  readonly #lineage: Lineage;
  /** In start order. BOUNDED by the specs the host adds; dynamic ones by maxChildren. */
  readonly #records = new Map<string, ChildRecord>();

  constructor(options: CrewOptions) {
    const { parent, surroundings } = options;
    this.path = parent?.path ?? [options.name];
    this.clock = parent?.clock ?? surroundings.clock ?? systemClock;
    this.logger = parent?.logger ?? GuardedLogger.of(surroundings.logger ?? silentLogger);
    this.events = parent?.events ?? surroundings.events ?? new Emitter(this.logger);
    this.#kind = options.kind;
    this.#onNews = options.onNews;
    this.#lineage = parent?.lineage ?? new Lineage();
  }

  /** Of the supervisor itself; a root has only one. */
  get incarnation(): number {
    return Math.max(this.#lineage.incarnation, 1);
  }

  get records(): readonly ChildRecord[] {
    return [...this.#records.values()];
  }

  find(id: string): ChildRecord | undefined {
    return this.#records.get(id);
  }

  /** For ids that can only come from this crew. */
  known(id: string): ChildRecord {
    const record = this.#records.get(id);
    if (record === undefined) {
      throw new InvariantViolation(`no child ${id} in ${this.path.join('/')}`);
    }
    return record;
  }

  holds(record: ChildRecord): boolean {
    return this.#records.get(record.spec.id) === record;
  }

  add(spec: CompleteSpec): ChildRecord {
    const record = new ChildRecord(spec, [...this.path, spec.id], this.#lineage.child(spec.id));
    this.#records.set(spec.id, record);
    return record;
  }

  remove(record: ChildRecord): void {
    const { id } = record.spec;
    if (!this.#records.delete(id)) return;
    this.events.emit('child:forgotten', this.fact(record));
    this.#lineage.forget(id);
  }

  /** After its child has ended: removes a record that is not kept. */
  settle(record: ChildRecord): void {
    if (this.#kind === 'dynamic' || record.spec.restart === 'temporary') this.remove(record);
  }

  nodes(): readonly SupervisionNode[] {
    return this.records.map((record) => record.node());
  }

  fact(record: ChildRecord, incarnation = record.lineage.incarnation): ChildFact {
    const { id, type } = record.spec;
    return { path: record.path, id, type, incarnation };
  }

  /** @returns the error of the start, boxed, or undefined if it succeeded. */
  *start(record: ChildRecord): Procedure<{ readonly error: unknown } | undefined> {
    record.state = 'starting';
    const incarnation = record.lineage.advance();
    const taken = yield* waitFor<Taken>((settle) => this.#beginStart(record, incarnation, settle));
    if (!taken.ok) {
      record.state = 'stopped';
      const { error } = taken;
      const fields = { path: record.path, error: describeThrown(error) };
      this.logger.error(fields, 'a child could not be started');
      this.events.emit('child:start-failed', { ...this.fact(record), error });
      return { error };
    }
    record.running = taken.child;
    record.state = taken.child === undefined ? 'stopped' : 'running';
    if (taken.child === undefined) this.settle(record);
    else this.events.emit('child:started', this.fact(record));
    return undefined;
  }

  /** Ends the child, if it runs or waits for a retry; forgets what is not kept. */
  *stop(record: ChildRecord): Procedure<void> {
    const child = this.#beginStop(record);
    if (child !== undefined) {
      yield* waitFor<ExitReason>((settle) => beginStop(child, this.#terms(record), settle));
    }
    this.#finishStop(record, child);
  }

  /**
   * Ends all children. Ordered: one after the other, in reverse start order. Dynamic: all are
   * asked together, each has its time.
   */
  *stopAll(): Procedure<void> {
    if (this.#kind === 'ordered') {
      for (const record of this.records.toReversed()) yield* this.stop(record);
      return;
    }
    const pairs = this.records.map((record) => ({ record, child: this.#beginStop(record) }));
    yield* waitFor<void>((settle) => {
      let left = pairs.length;
      const done = (): void => {
        left -= 1;
        if (left === 0) settle();
      };
      if (left === 0) settle();
      const cancels = pairs.map(({ record, child }) => {
        if (child !== undefined) return beginStop(child, this.#terms(record), done);
        done();
        return () => undefined;
      });
      return () => {
        for (const cancel of cancels) cancel();
      };
    });
    for (const { record, child } of pairs) this.#finishStop(record, child);
  }

  /** At once, in reverse start order; nobody is asked. */
  killAll(): void {
    for (const record of this.records.toReversed()) {
      const child = this.#beginStop(record);
      if (child !== undefined) {
        child.waiter = () => undefined;
        child.kill(this.logger);
      }
      this.#finishStop(record, child);
    }
  }

  /** Notes the exit of the current incarnation, which must have one. */
  noteExit(record: ChildRecord, child: RunningChild, asked: boolean): ExitReason {
    const reason = child.exit ?? KILLED;
    record.running = undefined;
    record.state = 'stopped';
    record.lastExit = reason;
    record.exitedAtMs = this.clock.nowMs();
    if (isAbnormal(reason) && !(asked && record.spec.shutdown === 'brutalKill')) {
      const fields = { path: record.path, reason: describeExit(reason) };
      if (reason.kind === 'defect') this.logger.error(fields, 'a child had a defect');
      else this.logger.warn(fields, 'a child exited abnormally');
    }
    this.events.emit('child:exited', { ...this.fact(record, child.incarnation), reason, asked });
    return reason;
  }

  #beginStart(
    record: ChildRecord,
    incarnation: number,
    settle: (taken: Taken) => void,
  ): () => void {
    const { spec } = record;
    const start = (signal: AbortSignal): Started | PromiseLike<Started> =>
      spec.start({
        path: record.path,
        incarnation,
        signal,
        clock: this.clock,
        logger: this.logger,
        events: this.events,
        lineage: record.lineage,
      });
    return beginStart(start, spec.startTimeoutMs, this.clock, this.logger, (outcome) =>
      settle(outcome.ok ? this.#takeOn(record, incarnation, outcome.started) : outcome),
    );
  }

  /** Begins to watch what a start returned. A handle that cannot be watched is no child. */
  #takeOn(record: ChildRecord, incarnation: number, started: Started): Taken {
    if (started === 'ignore') return { ok: true, child: undefined };
    try {
      const onNews = (child: RunningChild): void => this.#onNews(record, child);
      return { ok: true, child: new RunningChild(started, incarnation, onNews) };
    } catch (error) {
      started.kill();
      return { ok: false, error };
    }
  }

  #beginStop(record: ChildRecord): RunningChild | undefined {
    record.retry?.cancel();
    record.retry = undefined;
    record.state = record.running === undefined ? 'stopped' : 'stopping';
    return record.running;
  }

  #finishStop(record: ChildRecord, child: RunningChild | undefined): void {
    if (child !== undefined) this.noteExit(record, child, true);
    this.settle(record);
  }

  #terms(record: ChildRecord): StopTerms {
    const { shutdown } = record.spec;
    return { shutdown, reason: SHUTDOWN, clock: this.clock, logger: this.logger };
  }
}

type Taken =
  | { readonly ok: true; readonly child: RunningChild | undefined }
  | { readonly ok: false; readonly error: unknown };
