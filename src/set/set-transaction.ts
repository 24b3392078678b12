import { invariant } from '../base/index.js';
import {
  combineResults,
  saidUndoFailed,
  UNDO_FAILED,
  type Outcome,
  type ShareResults,
} from './outcome.js';
import type { GroupResult, GroupVote, Share, TransactionFacts } from './participant.js';
import {
  setTransactionChart,
  type SetTransactionState,
  type SET_TRANSACTION_EVENTS,
} from './set-transaction-machine.js';
import { combineVotes, type Failure, type ShareVotes } from './votes.js';

type PhaseEnd = (typeof SET_TRANSACTION_EVENTS)[number];

/**
 * Runs one SET to one of its four ends. A shell: the chart says what comes next, this tells the
 * participants and hands their answers back; `combineVotes` and `combineResults` decide.
 *
 * `finished` is called once, in the same turn where every participant answers at once. After it
 * no participant of this transaction is called again.
 *
 * @param shares - at least one; participants are distinct.
 */
export function runSetTransaction(
  transaction: TransactionFacts,
  shares: readonly Share[],
  finished: (outcome: Outcome) => void,
): void {
  new SetTransaction(transaction, shares, finished).start();
}

class SetTransaction {
  readonly #facts: TransactionFacts;
  readonly #shares: readonly Share[];
  readonly #finished: (outcome: Outcome) => void;
  #phase: SetTransactionState = setTransactionChart.initial;
  /** Participants that have not answered in this phase. */
  #outstanding = 0;
  /** BOUNDED by the shares. */
  readonly #votes = new Map<Share, readonly GroupVote[]>();
  readonly #results = new Map<Share, readonly GroupResult[]>();
  #failure: Failure | undefined;

  constructor(
    facts: TransactionFacts,
    shares: readonly Share[],
    finished: (outcome: Outcome) => void,
  ) {
    invariant(shares.length > 0, 'an empty SET never reaches a transaction');
    this.#facts = facts;
    this.#shares = shares;
    this.#finished = finished;
  }

  /** 1: every participant is asked, all at once. */
  start(): void {
    this.#tellAll(
      (share, answered) =>
        share.participant.vote(this.#facts, share.groups, (votes) => {
          this.#votes.set(share, votes);
          answered();
        }),
      () => (this.#isAccepted() ? 'votes.accepted' : 'votes.refused'),
    );
  }

  /** Tells every participant; when the last has answered, the chart goes on with `phaseEnd`. */
  #tellAll(tell: (share: Share, answered: () => void) => void, phaseEnd: () => PhaseEnd): void {
    this.#outstanding = this.#shares.length;
    const answered = (): void => {
      this.#outstanding -= 1;
      if (this.#outstanding > 0) return;
      this.#phase = setTransactionChart.next(this.#phase, phaseEnd());
      this.#enter(this.#phase);
    };
    for (const share of this.#shares) tell(share, answered);
  }

  /** 2: the verdict, when the last vote is in. */
  #isAccepted(): boolean {
    const all: ShareVotes[] = this.#shares.map((share) => ({
      share,
      votes: this.#votes.get(share) ?? [],
      holds: share.participant.holds(this.#facts),
    }));
    this.#failure = combineVotes(all);
    return this.#failure === undefined;
  }

  #enter(phase: SetTransactionState): void {
    switch (phase) {
      case 'voting':
        return;
      case 'releasing':
        return this.#release();
      case 'applying':
        return this.#apply();
      case 'undoing':
        return this.#undo();
      case 'refused':
        return this.#finish({ word: 'refused', failure: this.#knownFailure() });
      case 'committed':
        return this.#finish({ word: 'committed' });
      case 'rolledBack':
        return this.#finish({ word: 'rolledBack', failure: this.#knownFailure() });
      case 'inDoubt':
        return this.#finish({ word: 'inDoubt', failure: UNDO_FAILED });
    }
  }

  /** 2, refused: undo to every group that said yes, and to no other. */
  #release(): void {
    this.#tellAll(
      (share, answered) => {
        const votes = this.#votes.get(share) ?? [];
        const accepted = share.groups.filter((_, i) => votes[i]?.kind === 'accepted');
        share.participant.release(this.#facts, accepted, answered);
      },
      () => 'release.completed',
    );
  }

  /** 3: set. */
  #apply(): void {
    this.#tellAll(
      (share, answered) =>
        share.participant.apply(this.#facts, share.groups, (results) => {
          this.#results.set(share, results);
          answered();
        }),
      () => {
        this.#failure = combineResults(this.#allResults());
        return this.#failure === undefined ? 'set.completed' : 'set.failed';
      },
    );
  }

  /** 3, one failure: roll back. A group that answered an error hears nothing. */
  #undo(): void {
    let restored = true;
    const all = this.#allResults();
    this.#tellAll(
      (share, answered) => {
        const shareResults = all.find((one) => one.share === share);
        const results = shareResults?.results ?? [];
        const isIn = (...kinds: GroupResult['kind'][]): typeof share.groups =>
          share.groups.filter((_, i) => kinds.some((kind) => results[i]?.kind === kind));
        const unable = shareResults !== undefined && saidUndoFailed(shareResults);
        share.participant.revert(
          this.#facts,
          isIn('notSet', 'void'),
          isIn('applied', 'unknown'),
          (allRestored) => {
            if (unable) share.participant.distrust('set answered undoFailed');
            restored &&= allRestored && !unable;
            answered();
          },
        );
      },
      () => (restored ? 'undo.completed' : 'undo.failed'),
    );
  }

  #allResults(): ShareResults[] {
    return this.#shares.map((share) => ({ share, results: this.#results.get(share) ?? [] }));
  }

  #knownFailure(): Failure {
    invariant(this.#failure !== undefined, 'a SET that ends badly has a failure');
    return this.#failure;
  }

  #finish(outcome: Outcome): void {
    for (const { participant } of this.#shares) {
      participant.finish(this.#facts, outcome.word === 'committed');
    }
    this.#finished(outcome);
  }
}
