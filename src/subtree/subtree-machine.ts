import { setup } from 'xstate';

/**
 * The life of one incarnation of a subtree. Where it stands in a SET is a chart of its own
 * (`participation-machine`): a SET changes nothing of the life.
 *
 * - `starting`: its objects' `new` functions run; nothing is served.
 * - `serving`: reads are served, SETs are taken.
 * - `draining`: asked to stop; what is under way is finished, then `delete` runs.
 * - `stopped`: final; stopped in order.
 * - `crashed`: final; instrumentation failed, or the runtime does not trust it any more.
 */
export const subtreeMachine = setup({
  types: {
    events: {} as
      | { type: 'start.completed' }
      | { type: 'instrumentation.failed' }
      | { type: 'lifecycle.stop' }
      | { type: 'drain.completed' },
  },
}).createMachine({
  id: 'subtree',
  initial: 'starting',
  on: { 'instrumentation.failed': '.crashed' },
  states: {
    starting: { on: { 'start.completed': 'serving', 'lifecycle.stop': 'draining' } },
    serving: { on: { 'lifecycle.stop': 'draining' } },
    draining: { on: { 'drain.completed': 'stopped' } },
    stopped: { type: 'final' },
    crashed: { type: 'final' },
  },
});
