import { invariant } from '../base/index.js';
import {
  combineResults,
  saidUndoFailed,
  UNDO_FAILED,
  type Outcome,
  type ShareResults,
} from './outcome.js';
import type { GroupResult, GroupVote, Share, TransactionFacts } from './participant.js';
import { NO_JOURNAL, type SetJournal } from './set-journal.js';
import {
  setTransactionChart,
  type SetTransactionState,
  type SET_TRANSACTION_EVENTS,
} from './set-transaction-machine.js';
import { combineVotes, type Failure, type ShareVotes } from './votes.js';

type PhaseEnd = (typeof SET_TRANSACTION_EVENTS)[number];

/** Who is told of a SET's end. */
export interface TransactionListener {
  /** Called once; after it no participant of this transaction is called again. */
  finished(outcome: Outcome): void;
  /** Every `set` was noError: nothing but the journal's commit is waited for. */
  waitsForJournal?(): void;
  /** Our own bug came up in it. The SET ends all the same: nobody waits for it for ever. */
  defect(error: unknown): void;
}

/**
 * Runs one SET to one of its four ends. A shell: the chart says what comes next, this tells the
 * participants and hands their answers back; `combineVotes` and `combineResults` decide.
 *
 * Ends in the same turn where every participant answers at once.
 *
 * @param shares - at least one; participants are distinct.
 */
export function runSetTransaction(
  transaction: TransactionFacts,
  shares: readonly Share[],
  listener: TransactionListener,
  journal: SetJournal = NO_JOURNAL,
): void {
  new SetTransaction(transaction, shares, listener, journal).start();
}

class SetTransaction {
  readonly #facts: TransactionFacts;
  readonly #shares: readonly Share[];
  readonly #listener: TransactionListener;
  readonly #journal: SetJournal;
  #phase: SetTransactionState = setTransactionChart.initial;
  /** BOUNDED by the shares. */
  readonly #votes = new Map<Share, readonly GroupVote[]>();
  readonly #results = new Map<Share, readonly GroupResult[]>();
  #failure: Failure | undefined;
  #isOver = false;

  constructor(
    facts: TransactionFacts,
    shares: readonly Share[],
    listener: TransactionListener,
    journal: SetJournal,
  ) {
    invariant(shares.length > 0, 'an empty SET never reaches a transaction');
    this.#facts = facts;
    this.#shares = shares;
    this.#listener = listener;
    this.#journal = journal;
  }

  /** 1: every participant is asked, all at once. */
  start(): void {
    this.#tellAll<readonly GroupVote[]>(
      ({ participant, groups }, settle) => participant.vote(this.#facts, groups, settle),
      (share, votes) => this.#votes.set(share, votes),
      () => (this.#isAccepted() ? 'votes.accepted' : 'votes.refused'),
    );
  }

  /**
   * Tells every participant and notes its answer, the first one only; when the last has answered,
   * the chart goes on with `phaseEnd`.
   */
  #tellAll<Answer>(
    tell: (share: Share, settle: (answer: Answer) => void) => void,
    note: (share: Share, answer: Answer) => void,
    phaseEnd: () => PhaseEnd,
  ): void {
    let outstanding = this.#shares.length;
    for (const share of this.#shares) {
      let hasAnswered = false;
      const settle = (answer: Answer): void => {
        if (hasAnswered || this.#isOver) return;
        hasAnswered = true;
        this.#guard(() => {
          note(share, answer);
          outstanding -= 1;
          if (outstanding > 0) return;
          this.#goOn(phaseEnd());
        });
      };
      this.#guard(() => tell(share, settle));
    }
  }

  #goOn(phaseEnd: PhaseEnd): void {
    this.#phase = setTransactionChart.next(this.#phase, phaseEnd);
    this.#enter(this.#phase);
  }

  /**
   * Waits for the journal, in the same turn where it has nothing to do. A failure is the first
   * varbind's: whose value it was that could not be kept, nobody can say.
   */
  #keep(
    kept: Promise<void> | undefined,
    phaseEnd: 'journal.prepared' | 'journal.committed',
    status: 'resourceUnavailable' | 'commitFailed',
  ): void {
    if (kept === undefined) {
      this.#goOn(phaseEnd);
      return;
    }
    if (phaseEnd === 'journal.committed') this.#listener.waitsForJournal?.();
    const fail = (): void => {
      this.#failure = { status, position: 1 };
      this.#goOn('journal.failed');
    };
    const unlessOver = (work: () => void) => (): void => {
      if (!this.#isOver) this.#guard(work);
    };
    kept.then(
      unlessOver(() => this.#goOn(phaseEnd)),
      unlessOver(fail),
    );
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
      case 'preparing':
        return this.#keep(
          this.#journal.prepare(this.#facts, this.#shares),
          'journal.prepared',
          'resourceUnavailable',
        );
      case 'applying':
        return this.#apply();
      case 'persisting':
        return this.#keep(
          this.#journal.commit(this.#facts, this.#shares),
          'journal.committed',
          'commitFailed',
        );
      case 'undoing':
        return this.#undo();
      case 'refused':
        this.#journal.forget(this.#facts);
        return this.#finish({ word: 'refused', failure: this.#knownFailure() });
      case 'committed':
        return this.#finish({ word: 'committed' });
      case 'rolledBack':
        this.#journal.forget(this.#facts);
        return this.#finish({ word: 'rolledBack', failure: this.#knownFailure() });
      case 'inDoubt':
        return this.#finish({ word: 'inDoubt', failure: UNDO_FAILED });
    }
  }

  /** 2, refused: undo to every group that said yes, and to no other. */
  #release(): void {
    this.#tellAll<void>(
      (share, settle) => {
        const votes = this.#votes.get(share) ?? [];
        const accepted = share.groups.filter((_, i) => votes[i]?.kind === 'accepted');
        share.participant.release(this.#facts, accepted, settle);
      },
      () => undefined,
      () => 'release.completed',
    );
  }

  /** 3: set. */
  #apply(): void {
    this.#tellAll<readonly GroupResult[]>(
      ({ participant, groups }, settle) => participant.apply(this.#facts, groups, settle),
      (share, results) => this.#results.set(share, results),
      () => {
        this.#failure = combineResults(this.#allResults());
        return this.#failure === undefined ? 'set.completed' : 'set.failed';
      },
    );
  }

  /** 3, one failure: roll back. A group that answered an error hears nothing. */
  #undo(): void {
    let allIsRestored = true;
    this.#tellAll<boolean>(
      (share, settle) => {
        const { participant, groups } = share;
        const results = this.#results.get(share) ?? [];
        const groupsThatAre = (...kinds: GroupResult['kind'][]): typeof groups =>
          groups.filter((_, i) => kinds.some((kind) => results[i]?.kind === kind));
        participant.revert(
          this.#facts,
          groupsThatAre('notSet', 'void'),
          groupsThatAre('applied', 'unknown'),
          settle,
        );
      },
      (share, isRestored) => {
        const isUnable = saidUndoFailed({ share, results: this.#results.get(share) ?? [] });
        if (isUnable) share.participant.distrust(this.#facts, 'set answered undoFailed');
        allIsRestored &&= isRestored && !isUnable;
      },
      () => (allIsRestored ? 'undo.completed' : 'undo.failed'),
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
    this.#isOver = true;
    for (const { participant } of this.#shares) {
      this.#guard(() => participant.finish(this.#facts, outcome.word === 'committed'));
    }
    this.#listener.finished(outcome);
  }

  /** Every way into this class: a throw must not get out into a timer, and not leave a SET open. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#listener.defect(error);
      if (!this.#isOver) this.#breakOff();
    }
  }

  /** Nobody is trusted to know where it stands: each is restarted, which voids what it holds. */
  #breakOff(): void {
    for (const { participant } of this.#shares) {
      this.#guard(() => participant.distrust(this.#facts, 'the SET was broken off'));
    }
    const isUntouched = ['voting', 'preparing', 'releasing'].includes(this.#phase);
    this.#guard(() =>
      this.#finish(
        isUntouched
          ? { word: 'refused', failure: { status: 'genErr', position: 1 } }
          : { word: 'inDoubt', failure: UNDO_FAILED },
      ),
    );
  }
}
