import type { Share, TransactionFacts } from './participant.js';

/**
 * Port: what makes a SET outlive the process (docs/set.md 5). A promise that rejects means that
 * nothing of this call was kept; each settles within a deadline of its own.
 */
export interface SetJournal {
  /**
   * All votes were yes, nothing is set yet: keeps what functions need for a rollback after a crash
   * of the process. undefined where there is nothing to keep.
   */
  prepare(transaction: TransactionFacts, shares: readonly Share[]): Promise<void> | undefined;
  /**
   * All of it is set: makes it last, whole. undefined where nothing of it is kept, and nothing of
   * this turn is on its way either: a SET may rest on what an earlier one of the same turn has set.
   * Such calls of one turn succeed or fail together, and reject the last one first: the order in
   * which they are to be rolled back.
   */
  commit(transaction: TransactionFacts, shares: readonly Share[]): Promise<void> | undefined;
  /** All is as before: what `prepare` kept is of no use any more. */
  forget(transaction: TransactionFacts): void;
}

/** Of an agent without a state directory. */
export const NO_JOURNAL: SetJournal = {
  prepare: () => undefined,
  commit: () => undefined,
  forget: () => undefined,
};
