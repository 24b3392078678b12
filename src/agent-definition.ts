import type { Agent } from './agent.js';
import type { AgentOptions } from './agent-options.js';

/**
 * An agent as a module exports it for `trellis agent MODULE`: its options, and what it does once
 * it runs. Options of the command line go before those here.
 */
export interface AgentDefinition extends AgentOptions {
  /** Called when the agent runs: the place to `load`. If it fails the agent is stopped again. */
  start?(agent: Agent): unknown;
}

/** Gives an agent definition its types. */
export function defineAgent(definition: AgentDefinition): AgentDefinition {
  return definition;
}
