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
  SetError,
  type ManagedObject,
  type SetAnswer,
  type SetGroup,
  type SetOperation,
} from '../instrumentation/index.js';
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

/** What the cell tells the subtree's stable side. */
export interface CellObserver {
  /** Called first of all when the incarnation cannot serve any more. */
  down(cell: SubtreeCell): void;
  /** An answer came after its deadline, or out of an incarnation that is gone. */
  staleAnswer(): void;
  /** A function answered what is no legal answer; it crashes nothing. */
  illegalAnswer(operation: string, reason: string): void;
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

  /** Whether functions may be called: mirrored from the chart, so that a read costs no event. */
  get serving(): boolean {
    return this.#serving;
  }

  /**
   * Runs `new` of every object, in order of the definition. A failing one is a failing start.
   *
   * @throws SnmpError SNMP_SUBTREE_START, or rejects with it.
   */
  start(): void | Promise<void> {
    let failure: SnmpError | undefined;
    let settled = false;
    let wake: (() => void) | undefined;
    inOrder(
      this.#objects,
      (object, next) => {
        const context = new ForeignCallContext(0, undefined);
        this.#call(
          () => object.create(context),
          context,
          this.#deadlines.lifecycleMs,
          (outcome) => {
            if (outcome.kind !== 'returned') failure = startFailure(object, outcome);
            next(failure === undefined);
          },
        );
      },
      () => {
        settled = true;
        if (failure === undefined) {
          this.#actor.send({ type: 'start.completed' });
          this.#serving = true;
        } else {
          this.#finish({ kind: 'crashed', operation: 'new', cause: failure });
        }
        wake?.();
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

  /** Tells the chart how far the SET under way has come. */
  advance(event: 'set.voted' | 'set.applied' | 'set.ended'): void {
    if (this.#end === undefined) this.#actor.send({ type: event });
  }

  /** Ends this incarnation as crashed. Safe to call at any time, and more than once. */
  fail(operation: string, cause: unknown): void {
    this.#finish({ kind: 'crashed', operation, cause });
  }

  /** Stops in order: no new work, then `delete` of every object, in reverse order. */
  stop(): void {
    if (this.#end !== undefined) return;
    this.#serving = false;
    this.#observer.down(this);
    this.#actor.send({ type: 'lifecycle.stop' });
    inOrder(
      this.#objects.toReversed(),
      (object, next) => {
        const context = new ForeignCallContext(0, undefined);
        // A failing delete must not keep the others from being called.
        this.#call(() => object.destroy(context), context, this.#deadlines.lifecycleMs, () =>
          next(),
        );
      },
      () => {
        if (this.#end !== undefined) return;
        this.#actor.send({ type: 'drain.completed' });
        this.#finish(STOPPED);
      },
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
      },
      () => this.#observer.staleAnswer(),
    );
    if (!settled) this.#inFlight.add(handle);
  }

  /** SET.md section 6: a thrown SetError is an answer by value; the rest of what is thrown is not. */
  #judge(operation: string, outcome: ForeignOutcome<unknown>): void {
    if (outcome.kind === 'threw' && !(outcome.error instanceof SetError)) {
      this.fail(operation, outcome.error);
    } else if (outcome.kind === 'deadline') {
      this.fail(operation, new SnmpError('SNMP_SUBTREE_DEADLINE', `${operation} missed its deadline`));
    }
  }

  #finish(end: CellEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (this.#serving) {
      this.#serving = false;
      this.#observer.down(this);
    }
    if (end.kind === 'crashed') this.#actor.send({ type: 'instrumentation.failed' });
    for (const call of [...this.#inFlight]) call.abort();
    this.#actor.stop();
    const listeners = [...this.#exitListeners];
    this.#exitListeners.clear();
    for (const listener of listeners) listener(end);
  }
}

function startFailure(object: ManagedObject, outcome: ForeignOutcome<unknown>): SnmpError {
  const cause = outcome.kind === 'threw' ? outcome.error : outcome.kind;
  return new SnmpError('SNMP_SUBTREE_START', `new of ${object.definition.name} failed`, { cause });
}

function interpretOutcome(
  operation: SetOperation,
  group: SetGroup,
  outcome: ForeignOutcome<unknown>,
): OperationResult {
  if (outcome.kind === 'returned') {
    return group.object.interpret(operation, group, outcome.value);
  }
  if (outcome.kind === 'threw' && outcome.error instanceof SetError) {
    return group.object.interpret(operation, group, outcome.error);
  }
  return LOST;
}
