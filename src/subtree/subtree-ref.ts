import { inOrder, SnmpError, type Clock, type ForeignOutcome } from '../base/index.js';
import {
  ForeignCallContext,
  type ManagedObject,
  type RequestFacts,
  type SetGroup,
  type SetOperation,
} from '../instrumentation/index.js';
import type { GroupResult, GroupVote, Participant, TransactionFacts } from '../set/index.js';
import { SubtreeCell, type CellEnd, type Deadlines, type OperationResult } from './subtree-cell.js';
import { rollBackRecovered, type RecoveredGroup } from './roll-back-recovered.js';
import { toResult, toVote } from './group-results.js';
import { OpenSets } from './open-sets.js';
import { tellCommitted } from './tell-committed.js';
import { undoGroup } from './undo-group.js';
import { WaitingRoom } from './waiting-room.js';

/** Facts about a subtree that observers may want, as they happen. */
export interface SubtreeObserver {
  up(subtree: string, incarnation: number): void;
  crashed(subtree: string, incarnation: number, operation: string, cause: unknown): void;
  staleAnswer(subtree: string): void;
  /** The `delete` of an object threw or stayed silent. */
  deleteFailed(subtree: string, object: string, cause: unknown): void;
  /** A listener of the signal that a function was given threw or rejected. */
  signalListenerFailed(subtree: string, error: unknown): void;
  illegalAnswer(subtree: string, operation: string, reason: string): void;
  /** An undo or a rollback answered an error, threw or stayed silent. */
  undoFailed(subtree: string, operation: 'undo' | 'rollback'): void;
}

/** Nobody's voice: what is unsure counts as not read. */
const NOT_UP: ForeignOutcome<never> = { kind: 'aborted' };

/**
 * A subtree across its incarnations: what registrations and SETs hold. Finds the living
 * incarnation, lets reads wait where they must (docs/set.md 4 and 6), and speaks for it in a
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
  readonly #sets = new OpenSets();
  #gone = false;
  #isDraining = false;
  #isBeingReplaced = false;
  /** BOUNDED by the calls of `drain`. */
  readonly #whenSetEnds = new Set<() => void>();
  /** Grows when a SET begins to change things: reads that span turns look whether it moved. */
  #changes = 0;
  readonly #waiting: WaitingRoom;
  /** Until the first incarnation has rolled them back. */
  #recovered: readonly RecoveredGroup[] = [];
  readonly #signalListenerFailed = (error: unknown): void =>
    this.#observer.signalListenerFailed(this.id, error);

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
    this.#waiting = new WaitingRoom(clock);
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

  /** Whether it takes new work. */
  get isUp(): boolean {
    return this.#cell?.serving === true && !this.#isDraining;
  }

  /** Whether it is being taken out of service in order. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Whether it was given up or unloaded: nobody waits for it. */
  get isGone(): boolean {
    return this.#gone;
  }

  /** Whether a read can be answered now: up, and not in the middle of a SET. */
  get isReadable(): boolean {
    return this.isUp && !(this.#readsWait && this.#sets.isAnyApplying);
  }

  /** Whether a reload is under way: a SET that has not begun yet is to wait for `whenReplaced`. */
  get isBeingReplaced(): boolean {
    return this.#isBeingReplaced;
  }

  /** A reload begins; `replacementEnded` is to follow, whatever comes of it. */
  replacementBegins(): void {
    this.#isBeingReplaced = true;
  }

  replacementEnded(): void {
    this.#isBeingReplaced = false;
    this.#waiting.look();
  }

  /**
   * Another has its place: nobody waits for this one any longer, and reads that found it are begun
   * again.
   */
  replaced(): void {
    this.#changes += 1;
    this.leave();
  }

  /** Resolves when no reload is under way, or at the deadline of a SET. */
  whenReplaced(): Promise<void> {
    return new Promise((resolve) => {
      this.#wait(
        () => !this.#isBeingReplaced,
        this.deadlines.setMs,
        () => resolve(),
      );
    });
  }

  /** The supervisor starts a new incarnation. Returns a promise where a `new` function is async. */
  startIncarnation(): { cell: SubtreeCell; started: void | Promise<void> } {
    this.#incarnation += 1;
    const cell = new SubtreeCell(this.#incarnation, this.objects, this.deadlines, this.#clock, {
      staleAnswer: () => this.#observer.staleAnswer(this.id),
      deleteFailed: (object, cause) => this.#observer.deleteFailed(this.id, object, cause),
      signalListenerFailed: this.#signalListenerFailed,
    });
    cell.onExit((end) => this.#ended(cell, end));
    let started = cell.start();
    if (this.#recovered.length > 0) started = Promise.resolve(started).then(() => this.#recover());
    if (started === undefined) this.#up(cell);
    return { cell, started: started?.then(() => this.#up(cell)) };
  }

  /** What the first incarnation is to roll back before it serves. */
  recover(groups: readonly RecoveredGroup[]): void {
    this.#recovered = groups;
  }

  #recover(): Promise<void> {
    const groups = this.#recovered;
    this.#recovered = [];
    const failed = (): void => this.#observer.undoFailed(this.id, 'rollback');
    return rollBackRecovered(groups, this.deadlines.setMs, this.#clock, failed);
  }

  /**
   * No new work until `comeBack`; resolves when what is under way is finished: the SET, with
   * whatever incarnations it needs, then the reads.
   */
  async drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#sets.isAny) {
      await new Promise<void>((resolve) => void this.#whenSetEnds.add(resolve));
    }
    await this.#cell?.drain();
  }

  /** Given up or unloaded: nobody waits for it any longer. */
  leave(): void {
    this.#gone = true;
    this.#waiting.dismiss();
  }

  /** To be started again after `drain` or `leave`. */
  comeBack(): void {
    this.#gone = false;
    this.#isDraining = false;
  }

  /**
   * Calls a read function of this subtree, now if it is readable, else when it is, up to the read
   * deadline. `aborted`: it did not come up in time, or went down meanwhile.
   */
  read(
    operation: string,
    facts: RequestFacts,
    call: (context: ForeignCallContext) => unknown,
  ): ForeignOutcome<unknown> | Promise<ForeignOutcome<unknown>> {
    if (this.isReadable) return this.#readNow(operation, facts, call);
    return this.#readLater(operation, facts, call);
  }

  /** Resolves with true when the subtree is readable, with false at the deadline. */
  whenReadable(deadlineMs: number = this.deadlines.getMs): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wait(() => this.isReadable, deadlineMs, resolve);
    });
  }

  #readNow(
    operation: string,
    facts: RequestFacts,
    call: (context: ForeignCallContext) => unknown,
  ): ForeignOutcome<unknown> | Promise<ForeignOutcome<unknown>> {
    const cell = this.#cell;
    if (cell === undefined || !this.isReadable) return NOT_UP;
    const context = this.#contextOf(facts);
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

  #readLater(
    operation: string,
    facts: RequestFacts,
    call: (context: ForeignCallContext) => unknown,
  ): Promise<ForeignOutcome<unknown>> {
    return new Promise((resolve) => {
      // In the turn in which it gets readable: by the next one another SET may have begun.
      const read = (): void => resolve(this.#readNow(operation, facts, call));
      this.#wait(() => this.isReadable, this.deadlines.getMs, read);
    });
  }

  // ---- the participant's side of a SET -----------------------------------------------------

  setsAtOnce(groups: readonly SetGroup[]): boolean {
    return this.isUp && !this.#isBeingReplaced && groups.every(({ object }) => object.isSetAtOnce);
  }

  vote(
    transaction: TransactionFacts,
    groups: readonly SetGroup[],
    settle: (votes: readonly GroupVote[]) => void,
  ): void {
    // A SET that found a reload under way has waited for it already.
    const waitMs = this.#isBeingReplaced ? 0 : this.deadlines.setMs;
    const untilMs = this.#clock.nowMs() + waitMs;
    this.#whenUp(untilMs, (cell) => {
      if (cell === undefined) {
        settle(groups.map((_, i) => (i === 0 ? { kind: 'lost' } : { kind: 'notAsked' })));
        return;
      }
      this.#sets.begin(transaction, cell, groups);
      cell.advance('set.asked');
      const votes: GroupVote[] = [];
      inOrder(
        groups,
        (group, next) => {
          if (!group.object.provides('isSetOk') && !group.object.provides('rollback')) {
            votes.push({ kind: 'accepted' });
            next();
            return;
          }
          const context = this.#contextOf(transaction);
          const remainingMs = untilMs - this.#clock.nowMs();
          cell.operate('isSetOk', group, context, remainingMs, (result) => {
            this.#tellIllegal('isSetOk', result);
            votes.push(toVote(group, result));
            next(result.kind !== 'lost');
          });
        },
        () => {
          while (votes.length < groups.length) votes.push({ kind: 'notAsked' });
          settle(votes);
        },
      );
    });
  }

  holds(transaction: TransactionFacts): boolean {
    const open = this.#sets.of(transaction);
    return open === undefined ? !this.#sets.isAny : open.cell.isAlive;
  }

  apply(
    transaction: TransactionFacts,
    groups: readonly SetGroup[],
    settle: (results: readonly GroupResult[]) => void,
  ): void {
    const open = this.#sets.of(transaction);
    if (open === undefined || !this.holds(transaction)) {
      settle(groups.map((_, i) => (i === 0 ? { kind: 'void' } : { kind: 'notSet' })));
      return;
    }
    const { cell } = open;
    open.applying = true;
    if (this.#readsWait) this.#changes += 1;
    cell.advance('set.applied');
    const untilMs = this.#clock.nowMs() + this.deadlines.setMs;
    const results: GroupResult[] = [];
    inOrder(
      groups,
      (group, next) => {
        if (!cell.isAlive) {
          // Went down on the very stack of the group before, which has answered all the same.
          results.push({ kind: 'void' });
          next(false);
          return;
        }
        const context = this.#contextOf(transaction);
        const remainingMs = untilMs - this.#clock.nowMs();
        cell.operate('set', group, context, remainingMs, (result) => {
          this.#tellIllegal('set', result);
          results.push(toResult(result));
          next(result.kind !== 'lost');
        });
      },
      () => {
        while (results.length < groups.length) results.push({ kind: 'notSet' });
        settle(results);
      },
    );
  }

  #tellIllegal(operation: SetOperation, answer: OperationResult): void {
    if (answer.kind === 'illegal') {
      this.#observer.illegalAnswer(this.id, operation, answer.reason);
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
          if (!allRestored) this.distrust(transaction, 'a SET could not be rolled back');
          settle(allRestored);
        },
      );
    });
  }

  #undoOne(
    operation: 'undo' | 'rollback',
    transaction: TransactionFacts,
    group: SetGroup,
    settle: (good: boolean) => void,
  ): void {
    const { object } = group;
    if (operation === 'undo' && !(object.provides('isSetOk') && object.provides('undo'))) {
      settle(true);
      return;
    }
    this.#whenThereFor(transaction, (cell) => {
      const context = this.#contextOf(transaction);
      undoGroup(
        { operation, group, context, deadlineMs: this.deadlines.setMs, clock: this.#clock },
        cell,
        (answer) => {
          this.#tellIllegal(operation, answer);
          if (answer.kind !== 'ok') {
            this.#observer.undoFailed(this.id, operation);
            // docs/set.md 6: the only good answer is noError.
            cell?.fail(operation, new SnmpError('SNMP_UNDO_FAILED', `${operation} failed`));
          }
          settle(answer.kind === 'ok');
        },
      );
    });
  }

  distrust(transaction: TransactionFacts, reason: string): void {
    const open = this.#sets.of(transaction);
    open?.cell.fail('set', new SnmpError('SNMP_SUBTREE_DISTRUSTED', reason));
  }

  finish(transaction: TransactionFacts, committed: boolean): void {
    const open = this.#sets.of(transaction);
    if (open === undefined) return;
    this.#sets.end(open);
    if (!this.#sets.isAny) {
      open.cell.advance('set.ended');
      if (this.#cell !== open.cell) this.#cell?.advance('set.ended');
      this.#waiting.look();
      for (const ended of this.#whenSetEnds) ended();
      this.#whenSetEnds.clear();
    }
    if (committed) tellCommitted(open.groups);
  }

  #contextOf({ requestId, requester, contextName }: RequestFacts): ForeignCallContext {
    return new ForeignCallContext(requestId, requester, this.#signalListenerFailed, contextName);
  }

  // ---- coming and going --------------------------------------------------------------------

  #up(cell: SubtreeCell): void {
    this.#cell = cell;
    if (this.#sets.isAny) {
      // It will hear what is left of that SET: undo, rollback.
      cell.advance('set.asked');
      if (this.#sets.isAnyApplying) cell.advance('set.applied');
    }
    this.#observer.up(this.id, cell.incarnation);
    this.#waiting.look();
  }

  #ended(cell: SubtreeCell, end: CellEnd): void {
    if (this.#cell === cell) this.#cell = undefined;
    if (end.kind === 'crashed') {
      this.#observer.crashed(this.id, cell.incarnation, end.operation, end.cause);
    }
  }

  /** Calls `use` with the incarnation that serves; with none at the deadline, or when given up. */
  #whenUp(untilMs: number, use: (cell: SubtreeCell | undefined) => void): void {
    this.#whenThere(() => this.isUp, untilMs, use);
  }

  /** As #whenUp, for a SET that has voted: an incarnation that takes no new work waits for it. */
  #whenThereFor(transaction: TransactionFacts, use: (cell: SubtreeCell | undefined) => void): void {
    const open = this.#sets.of(transaction);
    if (open?.cell.isAlive === true) {
      use(open.cell);
      return;
    }
    const untilMs = this.#clock.nowMs() + this.deadlines.setMs;
    this.#whenThere(() => this.#cell?.isAlive === true, untilMs, use);
  }

  #whenThere(
    isThere: () => boolean,
    untilMs: number,
    use: (cell: SubtreeCell | undefined) => void,
  ): void {
    this.#wait(isThere, untilMs - this.#clock.nowMs(), (wasThere) => {
      if (isThere()) use(this.#cell);
      // Somebody who waited too has crashed it meanwhile.
      else if (wasThere) this.#whenThere(isThere, untilMs, use);
      else use(undefined);
    });
  }

  #wait(isMet: () => boolean, deadlineMs: number, done: (isMet: boolean) => void): void {
    if (this.#gone) done(isMet());
    else this.#waiting.wait(isMet, deadlineMs, done);
  }
}
