import { setup } from 'xstate';
import { compileChart } from '../set/index.js';

/** How far a SET has come with a subtree. */
export type SetProgress = 'set.asked' | 'set.applied' | 'set.ended';

export const PARTICIPATION_EVENTS = [
  'set.asked',
  'set.applied',
  'set.ended',
] as const satisfies readonly SetProgress[];

/**
 * Where one incarnation of a subtree stands in a SET (RFC 2741 7.3.1 by other names).
 *
 * - `idle`: no SET holds it.
 * - `reserved`: a SET holds it; nothing is changed yet, reads are served.
 * - `applied`: between the first `set` and the end of the SET; reads wait.
 */
export const participationMachine = setup({
  types: { events: {} as { type: SetProgress } },
}).createMachine({
  id: 'participation',
  initial: 'idle',
  states: {
    idle: { on: { 'set.asked': 'reserved' } },
    reserved: { on: { 'set.applied': 'applied', 'set.ended': 'idle' } },
    applied: { on: { 'set.ended': 'idle' } },
  },
});

export type Participation = keyof (typeof participationMachine)['states'];

/** Compiled like the chart of the SET itself: these are steps of every SET. */
export const participationChart = compileChart<Participation, SetProgress>(
  participationMachine,
  PARTICIPATION_EVENTS,
);
