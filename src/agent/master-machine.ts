import { setup } from 'xstate';

/**
 * The master agent's life.
 *
 * - `starting`: transports are not open yet; nothing is answered.
 * - `running`: requests are answered, SETs are taken.
 * - `draining`: asked to stop; SETs under way are finished, new ones are refused.
 * - `stopped`: final; no SET is under way.
 *
 * Reads never reach this chart, and a SET does not move it: how many there are is the queue's
 * business, and only their end while draining is news.
 */
export const masterMachine = setup({
  types: {
    events: {} as
      | { type: 'start.completed' }
      | { type: 'lifecycle.stop' }
      | { type: 'sets.drained' },
  },
}).createMachine({
  id: 'master',
  initial: 'starting',
  states: {
    starting: { on: { 'start.completed': 'running', 'lifecycle.stop': 'draining' } },
    running: { on: { 'lifecycle.stop': 'draining' } },
    draining: { on: { 'sets.drained': 'stopped' } },
    stopped: { type: 'final' },
  },
});
