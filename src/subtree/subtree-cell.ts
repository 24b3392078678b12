import { createActor, type ActorRefFrom } from 'xstate';
import {
  callForeign,
  inOrder,
  SnmpError,
  type Clock,
  type ForeignCall,
  type ForeignOutcome,
} from '../base/index.js';
import {
  ForeignCallContext,
  isSetError,
  type ManagedObject,
  type SetAnswer,
  type SetGroup,
  type SetOperation,
} from '../instrumentation/index.js';
import {
  participationChart,
  type Participation,
  type SetProgress,
} from './participation-machine.js';
import { subtreeMachine } from './subtree-machine.js';

/** How long functions may take before the manager hears genErr and the actor is restarted. */
export interface Deadlines {
  /** Of a read. Default 1000. */
  readonly getMs: number;
  /** Of each phase of a SET. Default 1000. */
  readonly setMs: number;
  /** Of `new` and `delete`. Default 5000. */
  readonly lifecycleMs: number;
}

/** Why an incarnation ended. */
export type CellEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'crashed'; readonly operation: string; readonly cause: unknown };

/** What came of one function of a SET: its answer, or nothing that can be trusted. */
export type OperationResult = SetAnswer | { readonly kind: 'lost' };

const LOST: OperationResult = { kind: 'lost' };
const STOPPED: CellEnd = { kind: 'stopped' };

const ABORTED: ForeignOutcome<never> = { kind: 'aborted' };

/** What happens in an incarnation and changes nothing of it. */
export interface CellObserver {
  /** A listener of the signal that a function was given threw or rejected. */
  readonly signalListenerFailed: (error: unknown) => void;
  /** An answer came after its deadline, or after the end. */
  staleAnswer(): void;
  /** The `delete` of an object threw or stayed silent; the others are called all the same. */
  deleteFailed(object: string, cause: unknown): void;
}

/**
 * One incarnation of a subtree: the shell around its chart, and the only place where its
 * instrumentation is called. What throws or stays silent ends it; everything then under way settles
 * at once.
 */
export class SubtreeCell {
  readonly incarnation: number;
  readonly #objects: readonly ManagedObject[];
  readonly #deadlines: Deadlines;
  readonly #clock: Clock;
  readonly #observer: CellObserver;
  readonly #actor: ActorRefFrom<typeof subtreeMachine>;
  /** BOUNDED by the requests in flight, which admission bounds. */
  readonly #inFlight = new Set<ForeignCall>();
  readonly #exitListeners = new Set<(end: CellEnd) => void>();
  #end: CellEnd | undefined;
  #serving = false;
  #stopping: 'no' | 'draining' | 'stopping' | 'deleting' = 'no';
  #participation: Participation = participationChart.initial;
  readonly #drained = new Set<() => void>();

  constructor(
    incarnation: number,
    objects: readonly ManagedObject[],
    deadlines: Deadlines,
    clock: Clock,
    observer: CellObserver,
  ) {
    this.incarnation = incarnation;
    this.#objects = objects;
    this.#deadlines = deadlines;
    this.#clock = clock;
    this.#observer = observer;
    this.#actor = createActor(subtreeMachine);
    this.#actor.start();
  }

  /** Whether it takes new work: mirrored from the chart, so that a read costs no event. */
  get serving(): boolean {
    return this.#serving;
  }

  /** Whether functions may still be called: also while it is being stopped in order. */
  get isAlive(): boolean {
    return this.#end === undefined;
  }

  /**
   * Runs `new` of every object, in order of the definition. A failing one is a failing start: those
   * whose `new` has run hear `delete`, in reverse order.
   *
   * @throws SnmpError SNMP_SUBTREE_START, or rejects with it.
   */
  start(): void | Promise<void> {
    const made: ManagedObject[] = [];
    let failure: SnmpError | undefined;
    let settled = false;
    let wake: (() => void) | undefined;
    inOrder(
      this.#objects,
      (object, next) => {
        const context = new ForeignCallContext(0, undefined, this.#observer.signalListenerFailed);
        this.#call(
          () => object.create(context),
          context,
          this.#deadlines.lifecycleMs,
          (outcome) => {
            if (outcome.kind === 'returned') made.push(object);
            if (outcome.kind !== 'returned') failure = startFailure(object, outcome);
            else if (this.#stopping !== 'no') failure = startFailure(object, ABORTED);
            next(failure === undefined);
          },
        );
      },
      () => {
        if (failure === undefined) {
          settled = true;
          this.#actor.send({ type: 'start.completed' });
          this.#serving = true;
          wake?.();
          return;
        }
        const cause = failure;
        this.#destroy(made, () => {
          settled = true;
          this.#finish({ kind: 'crashed', operation: 'new', cause });
          wake?.();
        });
      },
    );
    if (settled) {
      if (failure !== undefined) throw failure;
      return undefined;
    }
    return new Promise<void>((resolve, reject) => {
      wake = () => (failure === undefined ? resolve() : reject(failure));
    });
  }

  /** Calls a read function. What it throws, and its silence, end this incarnation. */
  read(
    operation: string,
    call: () => unknown,
    context: ForeignCallContext,
    deadlineMs: number,
    settle: (outcome: ForeignOutcome<unknown>) => void,
  ): void {
    this.#call(call, context, deadlineMs, (outcome) => {
      this.#judge(operation, outcome);
      settle(outcome);
    });
  }

  /** Calls one function of a SET and interprets its answer. */
  operate(
    operation: SetOperation,
    group: SetGroup,
    context: ForeignCallContext,
    deadlineMs: number,
    settle: (result: OperationResult) => void,
  ): void {
    const call = (): unknown => group.object.operate(operation, group, context);
    this.#call(call, context, deadlineMs, (outcome) => {
      this.#judge(operation, outcome);
      settle(interpretOutcome(operation, group, outcome));
    });
  }

  /** Tells the chart how far the SET under way has come. It is not stopped before `set.ended`. */
  advance(event: SetProgress): void {
    if (this.#end !== undefined || !participationChart.accepts(this.#participation, event)) return;
    this.#participation = participationChart.next(this.#participation, event);
    this.#lookWhetherDrained();
  }

  /** Ends this incarnation as crashed. Safe to call at any time, and more than once. */
  fail(operation: string, cause: unknown): void {
    this.#finish({ kind: 'crashed', operation, cause });
  }

  /** No new work; resolves when what is under way is finished, or with the end. */
  drain(): Promise<void> {
    if (this.#stopping === 'no' && this.#end === undefined) this.#refuseWork('draining');
    return new Promise((resolve) => {
      this.#drained.add(resolve);
      this.#lookWhetherDrained();
    });
  }

  /** Stops in order: drains, then calls `delete` of every object. */
  stop(): void {
    if (this.#end !== undefined) return;
    if (this.#stopping === 'no') this.#refuseWork('stopping');
    else if (this.#stopping === 'draining') this.#stopping = 'stopping';
    this.#lookWhetherDrained();
  }

  #refuseWork(stopping: 'draining' | 'stopping'): void {
    this.#stopping = stopping;
    this.#serving = false;
    this.#actor.send({ type: 'lifecycle.stop' });
  }

  #lookWhetherDrained(): void {
    if (this.#stopping === 'no' && this.#end === undefined) return;
    if (this.#end === undefined && (this.#participation !== 'idle' || this.#inFlight.size > 0))
      return;
    for (const resolve of this.#drained) resolve();
    this.#drained.clear();
    if (this.#stopping === 'stopping' && this.#end === undefined) this.#deleteAll();
  }

  /** OTP-003: `delete` comes after the last request, in reverse order. */
  #deleteAll(): void {
    this.#stopping = 'deleting';
    this.#destroy(this.#objects, () => {
      if (this.#end !== undefined) return;
      this.#actor.send({ type: 'drain.completed' });
      this.#finish(STOPPED);
    });
  }

  /** `delete` of these, in reverse order: a failing one must not keep the others from being called. */
  #destroy(objects: readonly ManagedObject[], done: () => void): void {
    inOrder(
      objects.toReversed(),
      (object, next) => {
        const context = new ForeignCallContext(0, undefined, this.#observer.signalListenerFailed);
        this.#call(
          () => object.destroy(context),
          context,
          this.#deadlines.lifecycleMs,
          (outcome) => {
            if (outcome.kind === 'threw' || outcome.kind === 'deadline') {
              this.#observer.deleteFailed(object.definition.name, causeOf(outcome));
            }
            next();
          },
        );
      },
      done,
    );
  }

  /** Ends it now, whatever it is doing. */
  kill(): void {
    this.#finish({ kind: 'crashed', operation: 'kill', cause: 'killed' });
  }

  /** `listener` hears once how this incarnation ended, at once if it has. */
  onExit(listener: (end: CellEnd) => void): () => void {
    if (this.#end !== undefined) listener(this.#end);
    else this.#exitListeners.add(listener);
    return () => void this.#exitListeners.delete(listener);
  }

  #call(
    call: () => unknown,
    context: ForeignCallContext,
    deadlineMs: number,
    settle: (outcome: ForeignOutcome<unknown>) => void,
  ): void {
    if (this.#end !== undefined) {
      settle(ABORTED);
      return;
    }
    let handle: ForeignCall | undefined;
    let settled = false;
    handle = callForeign<unknown>(
      call,
      deadlineMs,
      this.#clock,
      (outcome) => {
        settled = true;
        if (handle !== undefined) this.#inFlight.delete(handle);
        context.end();
        settle(outcome);
        this.#lookWhetherDrained();
      },
      () => this.#observer.staleAnswer(),
    );
    if (!settled) this.#inFlight.add(handle);
  }

  /** docs/set.md 6: a thrown SetError is an answer by value; the rest of what is thrown is not. */
  #judge(operation: string, outcome: ForeignOutcome<unknown>): void {
    if (outcome.kind === 'threw' && !isSetError(outcome.error)) {
      this.fail(operation, outcome.error);
    } else if (outcome.kind === 'deadline') {
      this.fail(
        operation,
        new SnmpError('SNMP_SUBTREE_DEADLINE', `${operation} missed its deadline`),
      );
    }
  }

  #finish(end: CellEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#serving = false;
    if (end.kind === 'crashed') this.#actor.send({ type: 'instrumentation.failed' });
    for (const call of Array.from(this.#inFlight)) call.abort();
    this.#actor.stop();
    const listeners = [...this.#exitListeners];
    this.#exitListeners.clear();
    for (const listener of listeners) listener(end);
  }
}

function startFailure(object: ManagedObject, outcome: ForeignOutcome<unknown>): SnmpError {
  return new SnmpError('SNMP_SUBTREE_START', `new of ${object.definition.name} failed`, {
    cause: causeOf(outcome),
  });
}

function causeOf(outcome: ForeignOutcome<unknown>): unknown {
  return outcome.kind === 'threw' ? outcome.error : outcome.kind;
}

function interpretOutcome(
  operation: SetOperation,
  group: SetGroup,
  outcome: ForeignOutcome<unknown>,
): OperationResult {
  if (outcome.kind === 'returned') return interpretAnswer(operation, group, outcome.value);
  if (outcome.kind === 'threw' && isSetError(outcome.error)) {
    return interpretAnswer(operation, group, outcome.error);
  }
  return LOST;
}

/** To look at a foreign object is to run foreign code: a getter, a proxy. */
export function interpretAnswer(
  operation: SetOperation,
  group: SetGroup,
  answer: unknown,
): SetAnswer {
  try {
    return group.object.interpret(operation, group, answer);
  } catch {
    return { kind: 'illegal', reason: `${operation} answered what cannot be looked at` };
  }
}
