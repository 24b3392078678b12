/**
 * The supervision tree of an agent, as data: the only place with strategies, intensities and
 * shutdown times. Knows who depends on whom, and nothing of what they do.
 */
export {
  agentTree,
  socketSpec,
  subtreeSpec,
  type AgentParts,
  type SocketPart,
  type SubtreePolicy,
  type SubtreeTerms,
} from './agent-tree.js';
