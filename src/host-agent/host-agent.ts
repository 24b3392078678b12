import { defineAgent, type AgentDefinition } from '../index.js';

export function hostAgent(): AgentDefinition {
  return defineAgent({});
}
