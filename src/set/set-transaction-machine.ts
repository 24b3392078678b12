import { assign, setup } from 'xstate';

export interface SetTransactionInput {
  /** How many participants are asked; each answers once in every phase. */
  readonly participants: number;
}

interface SetTransactionContext extends SetTransactionInput {
  /** Participants that have not answered in this phase. */
  readonly outstanding: number;
  /** Something was refused (voting), failed (applying) or not restored (undoing) so far. */
  readonly faulty: boolean;
}

/** A participant has answered in the phase under way. */
export interface PhaseAnswered {
  readonly type: 'participant.answered';
  readonly good: boolean;
}

/**
 * One SET (SET.md sections 2 and 3). Every phase waits for the answer of every participant:
 *
 * - `voting`: nothing has been changed; all good goes to `applying`, else to `releasing`.
 * - `releasing`: those who said yes hear undo.
 * - `refused`: final; nothing was changed.
 * - `applying`: `set` is under way; whatever it said, the rest is heard out.
 * - `committed`: final; all of it was set.
 * - `undoing`: what was set, or may be, is rolled back.
 * - `rolledBack`: final; all is as before.
 * - `inDoubt`: final; something could not be rolled back.
 */
export const setTransactionMachine = setup({
  types: {
    context: {} as SetTransactionContext,
    events: {} as PhaseAnswered,
    input: {} as SetTransactionInput,
  },
  actions: {
    askAll: assign(({ context }) => ({ outstanding: context.participants, faulty: false })),
    count: assign(({ context, event }) => ({
      outstanding: context.outstanding - 1,
      faulty: context.faulty || !event.good,
    })),
  },
  guards: {
    isLast: ({ context }) => context.outstanding === 1,
    isLastAndAllGood: ({ context, event }) =>
      context.outstanding === 1 && event.good && !context.faulty,
  },
}).createMachine({
  id: 'set-transaction',
  context: ({ input }) => ({ ...input, outstanding: input.participants, faulty: false }),
  initial: 'voting',
  states: {
    voting: {
      on: {
        'participant.answered': [
          { guard: 'isLastAndAllGood', target: 'applying', actions: 'askAll' },
          { guard: 'isLast', target: 'releasing', actions: 'askAll' },
          { actions: 'count' },
        ],
      },
    },
    releasing: {
      on: {
        'participant.answered': [{ guard: 'isLast', target: 'refused' }, { actions: 'count' }],
      },
    },
    applying: {
      on: {
        'participant.answered': [
          { guard: 'isLastAndAllGood', target: 'committed' },
          { guard: 'isLast', target: 'undoing', actions: 'askAll' },
          { actions: 'count' },
        ],
      },
    },
    undoing: {
      on: {
        'participant.answered': [
          { guard: 'isLastAndAllGood', target: 'rolledBack' },
          { guard: 'isLast', target: 'inDoubt' },
          { actions: 'count' },
        ],
      },
    },
    refused: { type: 'final' },
    committed: { type: 'final' },
    rolledBack: { type: 'final' },
    inDoubt: { type: 'final' },
  },
});
