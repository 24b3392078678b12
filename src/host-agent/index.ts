/**
 * This very machine as an agent: IF-MIB (RFC 2863) and HOST-RESOURCES-MIB (RFC 2790) on the readers
 * of `src/host`, each group a subtree of its own.
 *
 * Uses the agent through the front door alone, as anybody's instrumentation does. Invariants: a
 * table and the tables that share its rows come from one reading; what is read of the machine at
 * most once per age, whoever asks; managers change nothing of the machine (objects that the MIBs
 * let an agent write have no `set`: notWritable).
 */
export { hostAgent } from './host-agent.js';
