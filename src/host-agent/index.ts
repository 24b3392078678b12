/**
 * This very machine as an agent: IF-MIB and HOST-RESOURCES-MIB on the readers of `src/host`.
 *
 * Uses the agent through the front door alone, as anybody's instrumentation does.
 */
export { hostAgent } from './host-agent.js';
