import type { RequestFacts, SetGroup } from '../instrumentation/index.js';
import type { ErrorStatus } from '../smi/index.js';

/** What every participant is told of a transaction. */
export interface TransactionFacts extends RequestFacts {
  /** Grows by one with every SET of this master. Answers of older ones are stale. */
  readonly id: number;
}

/** Phase one, per group (docs/set.md 2). */
export type GroupVote =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly status: ErrorStatus; readonly position: number }
  /** Threw, stayed silent, answered rubbish, or was down: genErr at its first varbind. */
  | { readonly kind: 'lost' }
  /** Came after one that was lost. */
  | { readonly kind: 'notAsked' };

/** Phase two, per group (docs/set.md 3). */
export type GroupResult =
  | { readonly kind: 'applied' }
  /** Said by an answer that it changed nothing (undoFailed: that it could not). */
  | { readonly kind: 'declined'; readonly status: ErrorStatus; readonly position: number }
  /** Threw, stayed silent, answered rubbish, or went down: commitFailed at its first varbind. */
  | { readonly kind: 'unknown' }
  /** Its voter is gone, so `set` was not called: commitFailed at its first varbind. */
  | { readonly kind: 'void' }
  /** Came after one that was lost in this phase: hears undo instead of set. */
  | { readonly kind: 'notSet' };

/**
 * A subtree as a SET sees it. Groups are in request order of their first varbind. Every method
 * settles exactly once and within its own deadline, in the same turn where it can.
 */
export interface Participant {
  readonly id: string;
  /**
   * Whether a SET of these groups, begun now, is voted on and set in this turn, and whether nothing
   * of it is outside of the runtime: then others may be set upon it before it is kept.
   */
  setsAtOnce(groups: readonly SetGroup[]): boolean;
  vote(
    transaction: TransactionFacts,
    groups: readonly SetGroup[],
    settle: (votes: readonly GroupVote[]) => void,
  ): void;
  /** Whether the incarnation that voted still lives, and may hear `set`. */
  holds(transaction: TransactionFacts): boolean;
  apply(
    transaction: TransactionFacts,
    groups: readonly SetGroup[],
    settle: (results: readonly GroupResult[]) => void,
  ): void;
  /** Phase one failed: undo, in reverse order. A failing undo is the participant's to deal with. */
  release(transaction: TransactionFacts, groups: readonly SetGroup[], settle: () => void): void;
  /**
   * Phase two failed: undo for those whose `set` was not called, then rollback for those that were
   * applied or are unknown; each in reverse order.
   */
  revert(
    transaction: TransactionFacts,
    unset: readonly SetGroup[],
    applied: readonly SetGroup[],
    settle: (allRestored: boolean) => void,
  ): void;
  /** It is to be restarted, unless it has been since it voted. */
  distrust(transaction: TransactionFacts, reason: string): void;
  /** The transaction is over; reads that waited go on. Called once, whatever happened. */
  finish(transaction: TransactionFacts, committed: boolean): void;
}

/** One participant's part of a SET. */
export interface Share {
  readonly participant: Participant;
  readonly groups: readonly SetGroup[];
}
