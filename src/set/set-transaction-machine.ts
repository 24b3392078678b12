import { setup } from 'xstate';
import { compileChart } from './compiled-chart.js';

/** What a phase came to, once every participant has answered or missed its deadline. */
type SetTransactionEvent =
  | { readonly type: 'votes.accepted' }
  | { readonly type: 'votes.refused' }
  | { readonly type: 'release.completed' }
  | { readonly type: 'journal.prepared' }
  | { readonly type: 'journal.committed' }
  | { readonly type: 'journal.failed' }
  | { readonly type: 'set.completed' }
  | { readonly type: 'set.failed' }
  | { readonly type: 'undo.completed' }
  | { readonly type: 'undo.failed' };

export const SET_TRANSACTION_EVENTS = [
  'votes.accepted',
  'votes.refused',
  'release.completed',
  'journal.prepared',
  'journal.committed',
  'journal.failed',
  'set.completed',
  'set.failed',
  'undo.completed',
  'undo.failed',
] as const satisfies readonly SetTransactionEvent['type'][];

/**
 * One SET (docs/set.md 2 and 3). Every phase waits for the answer of every participant, so that
 * the outcome depends on the answers and not on their order:
 *
 * - `voting`: nothing has been changed; all yes goes to `preparing`, else to `releasing`.
 * - `preparing`: before-images are kept, where the process may die before the SET has ended.
 * - `releasing`: those who said yes hear undo.
 * - `refused`: final; nothing was changed.
 * - `applying`: `set` is under way; whatever it said, the rest is heard out.
 * - `persisting`: all is set; what is durable is made to last before anybody is told.
 * - `committed`: final; all of it was set.
 * - `undoing`: what was set, or may be, is rolled back.
 * - `rolledBack`: final; all is as before.
 * - `inDoubt`: final; something could not be rolled back.
 */
export const setTransactionMachine = setup({
  types: { events: {} as SetTransactionEvent },
}).createMachine({
  id: 'set-transaction',
  initial: 'voting',
  states: {
    voting: { on: { 'votes.accepted': 'preparing', 'votes.refused': 'releasing' } },
    preparing: { on: { 'journal.prepared': 'applying', 'journal.failed': 'releasing' } },
    releasing: { on: { 'release.completed': 'refused' } },
    applying: { on: { 'set.completed': 'persisting', 'set.failed': 'undoing' } },
    persisting: { on: { 'journal.committed': 'committed', 'journal.failed': 'undoing' } },
    undoing: { on: { 'undo.completed': 'rolledBack', 'undo.failed': 'inDoubt' } },
    refused: { type: 'final' },
    committed: { type: 'final' },
    rolledBack: { type: 'final' },
    inDoubt: { type: 'final' },
  },
});

export type SetTransactionState = keyof (typeof setTransactionMachine)['states'];

export const setTransactionChart = compileChart<SetTransactionState, SetTransactionEvent['type']>(
  setTransactionMachine,
  SET_TRANSACTION_EVENTS,
);
