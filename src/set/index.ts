/**
 * The two-phase SET (RFC 3416 4.2.5, docs/set.md): a pure chart, pure functions from votes and
 * results to the answer, the order in which SETs run, and the shell that ties them together.
 *
 * Knows participants only by their port; knows nothing of MIBs, messages or supervisors.
 * Invariants: a transaction ends in one of four words; every group that said yes hears exactly one
 * of set and undo, and every group that was or may have been set hears rollback at most once; the
 * answer depends on the votes and results, never on their order of arrival.
 */
export type {
  GroupResult,
  GroupVote,
  Participant,
  Share,
  TransactionFacts,
} from './participant.js';
export { combineVotes, type Failure, type ShareVotes } from './votes.js';
export { combineResults, saidUndoFailed, type Outcome, type ShareResults } from './outcome.js';
export { SET_TRANSACTION_EVENTS, setTransactionMachine } from './set-transaction-machine.js';
export { runSetTransaction, type TransactionListener } from './set-transaction.js';
export { NO_JOURNAL, type SetJournal } from './set-journal.js';
export { compileChart, type CompiledChart } from './compiled-chart.js';
export { MAX_SETS_KEPT_TOGETHER, SetQueue, type Admission, type QueuedSet } from './set-queue.js';
