import { assign, setup } from 'xstate';

interface MasterContext {
  /** SETs under way or waiting. */
  readonly sets: number;
}

/**
 * The master agent's life.
 *
 * - `starting`: transports are not open yet; nothing is answered.
 * - `running`: requests are answered, SETs are taken.
 * - `draining`: asked to stop; SETs under way are finished, new ones are refused.
 * - `stopped`: final; no SET is under way.
 *
 * Reads never reach this chart: they change nothing.
 */
export const masterMachine = setup({
  types: {
    context: {} as MasterContext,
    events: {} as
      | { type: 'start.completed' }
      | { type: 'set.admitted' }
      | { type: 'set.finished' }
      | { type: 'lifecycle.stop' },
  },
  actions: {
    addOne: assign({ sets: ({ context }) => context.sets + 1 }),
    takeOne: assign({ sets: ({ context }) => context.sets - 1 }),
  },
  guards: {
    isIdle: ({ context }) => context.sets === 0,
    isLast: ({ context }) => context.sets === 1,
  },
}).createMachine({
  id: 'master',
  context: { sets: 0 },
  initial: 'starting',
  states: {
    starting: { on: { 'start.completed': 'running', 'lifecycle.stop': 'stopped' } },
    running: {
      on: {
        'set.admitted': { actions: 'addOne' },
        'set.finished': { actions: 'takeOne' },
        'lifecycle.stop': [{ guard: 'isIdle', target: 'stopped' }, { target: 'draining' }],
      },
    },
    draining: {
      on: {
        'set.finished': [
          { guard: 'isLast', target: 'stopped', actions: 'takeOne' },
          { actions: 'takeOne' },
        ],
      },
    },
    stopped: { type: 'final' },
  },
});
