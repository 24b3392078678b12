/**
 * The configuration of an agent in a file: read, checked as a whole, its secrets fetched from where
 * it says.
 *
 * Knows no command line and starts nothing. Invariants: a configuration with one problem is not
 * used; no message shows a secret, or a value that may be one by mistake.
 */
export { readConfig, type ReadConfigOptions } from './read-config.js';
export type { AgentSettings } from './agent-settings.js';
export { passwordFault } from './secret-reader.js';
export {
  addConfigUser,
  readConfigUsers,
  type ConfigUsers,
  type ListedUser,
} from './config-users.js';
export { ConfigError, describeProblem, type ConfigProblem } from './problem.js';
export { configSchemaText } from './schema-text.js';
