import { setup } from 'xstate';

/**
 * The life of one incarnation of a subtree, and where it stands in a SET.
 *
 * - `starting`: its objects' `new` functions run; nothing is served.
 * - `idle`: reads are served; no SET holds it.
 * - `reserved`: a SET holds it; nothing is changed yet, reads are served.
 * - `applied`: between the first `set` and the end of the SET; reads wait.
 * - `draining`: asked to stop; what is under way is finished, then `delete` runs.
 * - `stopped`: final; stopped in order.
 * - `crashed`: final; instrumentation failed, or the runtime does not trust it any more.
 */
export const subtreeMachine = setup({
  types: {
    events: {} as
      | { type: 'start.completed' }
      | { type: 'set.asked' }
      | { type: 'set.applied' }
      | { type: 'set.ended' }
      | { type: 'instrumentation.failed' }
      | { type: 'lifecycle.stop' }
      | { type: 'drain.completed' },
  },
}).createMachine({
  id: 'subtree',
  initial: 'starting',
  on: { 'instrumentation.failed': '.crashed' },
  states: {
    starting: { on: { 'start.completed': 'idle', 'lifecycle.stop': 'draining' } },
    idle: { on: { 'set.asked': 'reserved', 'lifecycle.stop': 'draining' } },
    reserved: {
      on: { 'set.applied': 'applied', 'set.ended': 'idle', 'lifecycle.stop': 'draining' },
    },
    applied: { on: { 'set.ended': 'idle', 'lifecycle.stop': 'draining' } },
    draining: { on: { 'drain.completed': 'stopped' } },
    stopped: { type: 'final' },
    crashed: { type: 'final' },
  },
});
