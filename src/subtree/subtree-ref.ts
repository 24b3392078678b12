import {
  inOrder,
  invariant,
  SnmpError,
  type Clock,
  type ForeignOutcome,
  type Timer,
} from '../base/index.js';
import {
  ForeignCallContext,
  type ManagedObject,
  type Requester,
  type SetGroup,
} from '../instrumentation/index.js';
import type { GroupResult, GroupVote, Participant, TransactionFacts } from '../set/index.js';
import {
  SubtreeCell,
  type CellEnd,
  type CellObserver,
  type Deadlines,
  type OperationResult,
} from './subtree-cell.js';

/** Facts about a subtree that observers may want, as they happen. */
export interface SubtreeObserver {
  up(subtree: string, incarnation: number): void;
  crashed(subtree: string, incarnation: number, operation: string, cause: unknown): void;
  staleAnswer(subtree: string): void;
  illegalAnswer(subtree: string, operation: string, reason: string): void;
  /** An undo or a rollback answered an error, threw or stayed silent. */
  undoFailed(subtree: string, operation: 'undo' | 'rollback'): void;
}

interface OpenTransaction {
  readonly id: number;
  readonly incarnation: number;
  applying: boolean;
}

/** Nobody's voice: what is unsure counts as not read. */
const NOT_UP: ForeignOutcome<never> = { kind: 'aborted' };

/**
 * A subtree across its incarnations: what registrations and SETs hold. Finds the living
 * incarnation, lets reads wait where they must (SET.md sections 4 and 6), and speaks for it in a
 * SET.
 */
export class SubtreeRef implements Participant {
  readonly id: string;
  readonly objects: readonly ManagedObject[];
  readonly deadlines: Deadlines;
  readonly #clock: Clock;
  readonly #observer: SubtreeObserver;
  readonly #readsWait: boolean;
  #cell: SubtreeCell | undefined;
  #incarnation = 0;
  #transaction: OpenTransaction | undefined;
  #gone = false;
  /** Grows when a SET begins to change things: reads that span turns look whether it moved. */
  #changes = 0;
  /** Who waits for the subtree to be up or readable. BOUNDED by the requests in flight. */
  readonly #waiters = new Set<() => void>();

  constructor(
    id: string,
    objects: readonly ManagedObject[],
    deadlines: Deadlines,
    clock: Clock,
    observer: SubtreeObserver,
    readsWait: boolean,
  ) {
    this.id = id;
    this.objects = objects;
    this.deadlines = deadlines;
    this.#clock = clock;
    this.#observer = observer;
    this.#readsWait = readsWait;
  }

  get incarnation(): number {
    return this.#incarnation;
  }

  /** How often a SET began to change this subtree. */
  get changes(): number {
    return this.#changes;
  }

  get isUp(): boolean {
    return this.#cell?.serving === true;
  }

  /** Whether a read can be answered now: up, and not in the middle of a SET. */
  get isReadable(): boolean {
    return (
      this.#cell !== undefined &&
      this.#cell.serving &&
      (this.#transaction === undefined || !this.#transaction.applying || !this.#readsWait)
    );
  }

  /** The supervisor starts a new incarnation. Returns a promise where a `new` function is async. */
  startIncarnation(): { cell: SubtreeCell; started: void | Promise<void> } {
    this.#incarnation += 1;
    const observer: CellObserver = {
      down: (cell) => this.#down(cell),
      staleAnswer: () => this.#observer.staleAnswer(this.id),
      illegalAnswer: (operation, reason) =>
        this.#observer.illegalAnswer(this.id, operation, reason),
    };
    const cell = new SubtreeCell(
      this.#incarnation,
      this.objects,
      this.deadlines,
      this.#clock,
      observer,
    );
    cell.onExit((end) => this.#ended(cell, end));
    const started = cell.start();
    if (started === undefined) this.#up(cell);
    return { cell, started: started?.then(() => this.#up(cell)) };
  }

  /** Given up or unloaded: nobody waits for it any longer. */
  leave(): void {
    this.#gone = true;
    this.#wake();
  }

  /** Registered again after `leave`. */
  comeBack(): void {
    this.#gone = false;
  }

  /**
   * Calls a read function of this subtree, now if it is readable, else when it is, up to the read
   * deadline. `aborted`: it did not come up in time, or went down meanwhile.
   */
  read(
    operation: string,
    requestId: number,
    requester: Requester,
    call: (context: ForeignCallContext) => unknown,
  ): ForeignOutcome<unknown> | Promise<ForeignOutcome<unknown>> {
    if (this.isReadable) return this.#readNow(operation, requestId, requester, call);
    return this.#readLater(operation, requestId, requester, call);
  }

  /** Resolves with true when the subtree is readable, with false at the deadline. */
  whenReadable(deadlineMs: number = this.deadlines.getMs): Promise<boolean> {
    return this.#when(() => this.isReadable, deadlineMs);
  }

  #readNow(
    operation: string,
    requestId: number,
    requester: Requester,
    call: (context: ForeignCallContext) => unknown,
  ): ForeignOutcome<unknown> | Promise<ForeignOutcome<unknown>> {
    const cell = this.#cell;
    if (cell === undefined) return NOT_UP;
    const context = new ForeignCallContext(requestId, requester);
    let outcome: ForeignOutcome<unknown> | undefined;
    let resolve: ((outcome: ForeignOutcome<unknown>) => void) | undefined;
    cell.read(
      operation,
      () => call(context),
      context,
      this.deadlines.getMs,
      (settled) => {
        outcome = settled;
        resolve?.(settled);
      },
    );
    if (outcome !== undefined) return outcome;
    return new Promise((settle) => {
      resolve = settle;
    });
  }

  async #readLater(
    operation: string,
    requestId: number,
    requester: Requester,
    call: (context: ForeignCallContext) => unknown,
  ): Promise<ForeignOutcome<unknown>> {
    if (!(await this.whenReadable())) return NOT_UP;
    return this.#readNow(operation, requestId, requester, call);
  }

  // ---- the participant's side of a SET -----------------------------------------------------

  vote(
    transaction: TransactionFacts,
    groups: readonly SetGroup[],
    settle: (votes: readonly GroupVote[]) => void,
  ): void {
    const untilMs = this.#clock.nowMs() + this.deadlines.setMs;
    this.#whenUp(untilMs, (cell) => {
      if (cell === undefined) {
        settle(groups.map((_, i) => (i === 0 ? { kind: 'lost' } : { kind: 'notAsked' })));
        return;
      }
      invariant(this.#transaction === undefined, 'SETs of one subtree run one after another');
      this.#transaction = { id: transaction.id, incarnation: cell.incarnation, applying: false };
      const votes: GroupVote[] = [];
      inOrder(
        groups,
        (group, next) => {
          if (!group.object.provides('isSetOk') && !group.object.provides('rollback')) {
            votes.push({ kind: 'accepted' });
            next();
            return;
          }
          const context = new ForeignCallContext(transaction.requestId, transaction.requester);
          const remainingMs = untilMs - this.#clock.nowMs();
          cell.operate('isSetOk', group, context, remainingMs, (result) => {
            votes.push(this.#toVote(group, result));
            next(result.kind !== 'lost');
          });
        },
        () => {
          while (votes.length < groups.length) votes.push({ kind: 'notAsked' });
          cell.advance('set.voted');
          settle(votes);
        },
      );
    });
  }

  #toVote(group: SetGroup, answer: OperationResult): GroupVote {
    switch (answer.kind) {
      case 'ok':
        return { kind: 'accepted' };
      case 'error':
        return { kind: 'refused', status: answer.status, position: answer.position };
      case 'illegal':
        this.#observer.illegalAnswer(this.id, 'isSetOk', answer.reason);
        return { kind: 'refused', status: 'genErr', position: group.firstPosition };
      case 'lost':
        return { kind: 'lost' };
    }
  }

  holds(transaction: TransactionFacts): boolean {
    const open = this.#transaction;
    return (
      open === undefined ||
      (open.id === transaction.id && this.isUp && open.incarnation === this.#incarnation)
    );
  }

  apply(
    transaction: TransactionFacts,
    groups: readonly SetGroup[],
    settle: (results: readonly GroupResult[]) => void,
  ): void {
    const cell = this.#cell;
    if (cell === undefined || this.#transaction === undefined || !this.holds(transaction)) {
      settle(groups.map((_, i) => (i === 0 ? { kind: 'void' } : { kind: 'notSet' })));
      return;
    }
    this.#transaction.applying = true;
    this.#changes += 1;
    cell.advance('set.applied');
    const untilMs = this.#clock.nowMs() + this.deadlines.setMs;
    const results: GroupResult[] = [];
    inOrder(
      groups,
      (group, next) => {
        const context = new ForeignCallContext(transaction.requestId, transaction.requester);
        const remainingMs = untilMs - this.#clock.nowMs();
        cell.operate('set', group, context, remainingMs, (result) => {
          results.push(this.#toResult(result));
          next(result.kind !== 'lost');
        });
      },
      () => {
        while (results.length < groups.length) results.push({ kind: 'notSet' });
        settle(results);
      },
    );
  }

  #toResult(answer: OperationResult): GroupResult {
    switch (answer.kind) {
      case 'ok':
        return { kind: 'applied' };
      case 'error':
        return { kind: 'declined', status: answer.status, position: answer.position };
      case 'illegal':
        this.#observer.illegalAnswer(this.id, 'set', answer.reason);
        return { kind: 'unknown' };
      case 'lost':
        return { kind: 'unknown' };
    }
  }

  release(transaction: TransactionFacts, groups: readonly SetGroup[], settle: () => void): void {
    inOrder(
      groups.toReversed(),
      (group, next) => this.#undoOne('undo', transaction, group, () => next()),
      settle,
    );
  }

  revert(
    transaction: TransactionFacts,
    unset: readonly SetGroup[],
    applied: readonly SetGroup[],
    settle: (allRestored: boolean) => void,
  ): void {
    let allRestored = true;
    this.release(transaction, unset, () => {
      inOrder(
        applied.toReversed(),
        (group, next) => {
          if (!group.object.provides('rollback')) {
            allRestored = false;
            next();
            return;
          }
          this.#undoOne('rollback', transaction, group, (restored) => {
            allRestored &&= restored;
            next();
          });
        },
        () => {
          if (!allRestored) this.distrust('a SET could not be rolled back');
          settle(allRestored);
        },
      );
    });
  }

  /**
   * Runs undo or rollback of one group, on the incarnation that lives by then. Whatever but
   * noError comes out of it restarts the actor (SET.md section 6).
   */
  #undoOne(
    operation: 'undo' | 'rollback',
    transaction: TransactionFacts,
    group: SetGroup,
    settle: (good: boolean) => void,
  ): void {
    if (operation === 'undo' && !group.object.provides('isSetOk')) {
      settle(true);
      return;
    }
    this.#whenUp(this.#clock.nowMs() + this.deadlines.setMs, (cell) => {
      const context = new ForeignCallContext(transaction.requestId, transaction.requester);
      if (cell === undefined) {
        // What the runtime keeps can be put back without an actor.
        const good =
          group.object.isStored &&
          group.object.interpret(operation, group, group.object.operate(operation, group, context))
            .kind === 'ok';
        if (!good) this.#observer.undoFailed(this.id, operation);
        settle(good);
        return;
      }
      cell.operate(operation, group, context, this.deadlines.setMs, (result) => {
        if (result.kind !== 'ok') {
          if (result.kind === 'illegal') {
            this.#observer.illegalAnswer(this.id, operation, result.reason);
          }
          this.#observer.undoFailed(this.id, operation);
          cell.fail(operation, new SnmpError('SNMP_UNDO_FAILED', `${operation} failed`));
        }
        settle(result.kind === 'ok');
      });
    });
  }

  distrust(reason: string): void {
    this.#cell?.fail('set', new SnmpError('SNMP_SUBTREE_DISTRUSTED', reason));
  }

  finish(transaction: TransactionFacts): void {
    if (this.#transaction?.id !== transaction.id) return;
    const sameIncarnation = this.#transaction.incarnation === this.#incarnation;
    this.#transaction = undefined;
    if (sameIncarnation) this.#cell?.advance('set.ended');
    this.#wake();
  }

  // ---- coming and going --------------------------------------------------------------------

  #up(cell: SubtreeCell): void {
    this.#cell = cell;
    this.#observer.up(this.id, cell.incarnation);
    this.#wake();
  }

  #down(cell: SubtreeCell): void {
    if (this.#cell === cell) this.#cell = undefined;
  }

  #ended(cell: SubtreeCell, end: CellEnd): void {
    if (this.#cell === cell) this.#cell = undefined;
    if (end.kind === 'crashed') {
      this.#observer.crashed(this.id, cell.incarnation, end.operation, end.cause);
    }
  }

  #wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  #whenUp(untilMs: number, use: (cell: SubtreeCell | undefined) => void): void {
    if (this.#cell?.serving === true || this.#gone) {
      use(this.#cell);
      return;
    }
    const remainingMs = untilMs - this.#clock.nowMs();
    this.#waitFor(
      () => this.isUp,
      remainingMs,
      () => use(this.#cell),
    );
  }

  #when(condition: () => boolean, deadlineMs: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    if (this.#gone) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waitFor(condition, deadlineMs, () => resolve(condition()));
    });
  }

  #waitFor(condition: () => boolean, deadlineMs: number, done: () => void): void {
    let timer: Timer | undefined;
    const look = (): void => {
      if (!condition() && !this.#gone) return;
      timer?.cancel();
      this.#waiters.delete(look);
      done();
    };
    timer = this.#clock.startTimer(deadlineMs, () => {
      this.#waiters.delete(look);
      done();
    });
    this.#waiters.add(look);
  }
}
