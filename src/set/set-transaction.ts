import { createActor, type ActorRefFrom } from 'xstate';
import { invariant } from '../base/index.js';
import {
  combineResults,
  saidUndoFailed,
  UNDO_FAILED,
  type Outcome,
  type ShareResults,
} from './outcome.js';
import type { GroupResult, GroupVote, Share, TransactionFacts } from './participant.js';
import { setTransactionMachine } from './set-transaction-machine.js';
import { combineVotes, type Failure, type ShareVotes } from './votes.js';

type Phase = ReturnType<ActorRefFrom<typeof setTransactionMachine>['getSnapshot']>['value'];

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
  readonly #actor: ActorRefFrom<typeof setTransactionMachine>;
  #phase: Phase = 'voting';
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
    this.#actor = createActor(setTransactionMachine, { input: { participants: shares.length } });
  }

  start(): void {
    this.#actor.start();
    for (const share of this.#shares) {
      share.participant.vote(this.#facts, share.groups, (votes) => {
        this.#votes.set(share, votes);
        this.#answered(this.#votes.size < this.#shares.length || this.#isAccepted());
      });
    }
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

  #answered(good: boolean): void {
    const before = this.#phase;
    this.#actor.send({ type: 'participant.answered', good });
    this.#phase = this.#actor.getSnapshot().value;
    if (this.#phase !== before) this.#enter(this.#phase);
  }

  #enter(phase: Phase): void {
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
    for (const share of this.#shares) {
      const votes = this.#votes.get(share) ?? [];
      const accepted = share.groups.filter((_, i) => votes[i]?.kind === 'accepted');
      share.participant.release(this.#facts, accepted, () => this.#answered(true));
    }
  }

  /** 3: set. */
  #apply(): void {
    for (const share of this.#shares) {
      share.participant.apply(this.#facts, share.groups, (results) => {
        this.#results.set(share, results);
        this.#answered(results.every((result) => result.kind === 'applied'));
      });
    }
  }

  /** 3, one failure: roll back. A group that answered an error hears nothing. */
  #undo(): void {
    const all: ShareResults[] = this.#shares.map((share) => ({
      share,
      results: this.#results.get(share) ?? [],
    }));
    this.#failure = combineResults(all);
    for (const shareResults of all) {
      const { share, results } = shareResults;
      const isIn = (...kinds: GroupResult['kind'][]): typeof share.groups =>
        share.groups.filter((_, i) => kinds.some((kind) => results[i]?.kind === kind));
      const unable = saidUndoFailed(shareResults);
      share.participant.revert(
        this.#facts,
        isIn('notSet', 'void'),
        isIn('applied', 'unknown'),
        (allRestored) => {
          if (unable) share.participant.distrust('set answered undoFailed');
          this.#answered(allRestored && !unable);
        },
      );
    }
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
