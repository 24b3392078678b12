import { createActor, type ActorRefFrom } from 'xstate';
import { nextTurn } from '../base/index.js';
import type { RequestFacts } from '../instrumentation/index.js';
import {
  NO_JOURNAL,
  runSetTransaction,
  SetQueue,
  type Failure,
  type Outcome,
  type QueuedSet,
  type SetJournal,
  type TransactionFacts,
  type TransactionListener,
} from '../set/index.js';
import { masterMachine } from './master-machine.js';
import type { PlannedShare, SetPlan } from './plan-set.js';

/** SETs that wait for an earlier one (docs/set.md 4); more get resourceUnavailable. */
export const DEFAULT_MAX_WAITING_SETS = 256;

/** What the manager is told of a SET: undefined for success. */
export type SetReply = Failure | undefined;

/** Looks at a plan again, before the SET begins: undefined where it holds since the last look. */
export type LookAgain = () => SetPlan | undefined;

/** SETs as observers see them. */
export interface MasterObserver {
  setFinished(transaction: TransactionFacts, outcome: Outcome): void;
  /** Our own bug: that one SET was broken off. */
  defect(error: unknown): void;
}

/**
 * The master agent of SETs: takes them in order, runs side by side those that share no subtree,
 * and gives each its transaction. A shell around the master's chart and the queue.
 */
export class MasterAgent {
  readonly #actor: ActorRefFrom<typeof masterMachine>;
  readonly #queue: SetQueue;
  readonly #observer: MasterObserver;
  readonly #journal: SetJournal;
  /** Where transaction ids start: a restarted master goes on above its predecessor's. */
  #transactions: number;
  /** Mirrored from the chart, so that a SET costs no look at a snapshot. */
  #accepts = false;
  readonly #stopped = new Set<() => void>();
  #isAboutToStart = false;

  constructor(
    observer: MasterObserver,
    maxWaitingSets: number,
    firstTransaction = 0,
    journal: SetJournal = NO_JOURNAL,
  ) {
    this.#observer = observer;
    this.#journal = journal;
    this.#queue = new SetQueue(maxWaitingSets);
    this.#transactions = firstTransaction;
    this.#actor = createActor(masterMachine);
    this.#actor.start();
  }

  start(): void {
    this.#actor.send({ type: 'start.completed' });
    this.#accepts = true;
  }

  get transactions(): number {
    return this.#transactions;
  }

  get runningSets(): number {
    return this.#queue.running;
  }

  get waitingSets(): number {
    return this.#queue.waiting;
  }

  /**
   * Runs a planned SET to its end; `reply` is called once. While it waits, what it was planned for
   * may be unloaded or reloaded: it is planned again then, and answered accordingly.
   */
  requestSet(
    shares: readonly PlannedShare[],
    request: RequestFacts,
    reply: (reply: SetReply) => void,
    lookAgain: LookAgain = () => undefined,
  ): void {
    const full: Failure = { status: 'resourceUnavailable', position: 1 };
    if (!this.#accepts) {
      reply(full);
      return;
    }
    /** @returns whether it has begun: one that joins others may find that it is not its time yet. */
    const run = (planned: readonly PlannedShare[], isJoining = false): boolean => {
      const setsAtOnce = planned.every(({ participant, groups }) => participant.setsAtOnce(groups));
      if (isJoining && !setsAtOnce) return false;
      let mayWait = isJoining;
      let hasBegun = true;
      this.#transactions += 1;
      const { requestId, contextName, requester } = request;
      const facts: TransactionFacts = {
        id: this.#transactions,
        requestId,
        contextName,
        requester,
      };
      const listener: TransactionListener = {
        waitsForJournal: () => {
          queued.isBeingKept = setsAtOnce;
        },
        finished: (outcome) => {
          if (mayWait && isDueToOthers(outcome)) {
            hasBegun = false;
            return;
          }
          this.#leaveQueue(queued);
          try {
            this.#observer.setFinished(facts, outcome);
          } finally {
            reply(outcome.word === 'committed' ? undefined : outcome.failure);
            if (this.#stopped.size > 0) this.#lookForTheEnd();
          }
        },
        defect: (error) => this.#observer.defect(error),
      };
      runSetTransaction(facts, planned, listener, this.#journal);
      mayWait = false;
      return hasBegun;
    };
    let replanned: SetPlan | undefined;
    const lookOnce = (): SetPlan | undefined => {
      replanned = lookAgain() ?? replanned;
      return replanned;
    };
    const begin = (): void => {
      const plan = lookOnce();
      if (plan === undefined) {
        run(shares);
      } else if (plan.kind === 'planned' && staysWithin(queued, plan.shares)) {
        run(plan.shares);
      } else {
        // It touches others than those that its place in the queue was for, or nobody.
        this.#leaveQueue(queued);
        if (plan.kind === 'refused') reply(plan.failure);
        else this.requestSet(plan.shares, request, reply, lookAgain);
        if (this.#stopped.size > 0) this.#lookForTheEnd();
      }
    };
    const queued: QueuedSet = {
      participants: new Set(shares.map(({ participant }) => participant.id)),
      start: () => {
        if (shares.some(({ participant }) => participant.isBeingReplaced)) {
          void Promise.all(shares.map((share) => share.participant.whenReplaced())).then(begin);
        } else {
          begin();
        }
      },
      // No accessor: each object with one of its own gets a shape of its own, which outlives it.
      isBeingKept: false,
      join: () => lookOnce() === undefined && run(shares, true),
    };
    if (this.#queue.admit(queued) === 'full') reply(full);
  }

  #leaveQueue(queued: QueuedSet): void {
    this.#queue.finished(queued);
    if (this.#queue.waiting > 0) this.#startWaitingSoon();
  }

  /** No new SETs; resolves when those under way are finished. They all have deadlines. */
  stop(): Promise<void> {
    this.#accepts = false;
    if (this.#actor.getSnapshot().status === 'active') {
      this.#actor.send({ type: 'lifecycle.stop' });
    }
    return new Promise((resolve) => {
      this.#stopped.add(resolve);
      this.#lookForTheEnd();
    });
  }

  /** In a turn of their own: reads that waited for the SET before have theirs in between. */
  #startWaitingSoon(): void {
    if (this.#isAboutToStart) return;
    this.#isAboutToStart = true;
    void nextTurn().then(() => {
      this.#isAboutToStart = false;
      this.#queue.startWaiting();
    });
  }

  #lookForTheEnd(): void {
    if (this.#queue.running + this.#queue.waiting > 0) return;
    if (this.#actor.getSnapshot().status === 'active') this.#actor.send({ type: 'sets.drained' });
    for (const resolve of this.#stopped) resolve();
    this.#stopped.clear();
  }
}

/**
 * A refusal may be due to what SETs before it have set and not kept yet: nobody is told of it, and
 * it begins again when they have ended. A function that crashed has done so, whatever they come to.
 */
function isDueToOthers(outcome: Outcome): boolean {
  return (
    (outcome.word === 'refused' || outcome.word === 'rolledBack') &&
    outcome.failure.status !== 'genErr'
  );
}

function staysWithin({ participants }: QueuedSet, shares: readonly PlannedShare[]): boolean {
  return shares.every(({ participant }) => participants.has(participant.id));
}
