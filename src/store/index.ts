/**
 * State that outlives the process (docs/set.md 5): LMDB in a directory of its own.
 *
 * Implements the ports of `instrumentation` (what is kept of an object) and `set` (the journal).
 * Must not know: messages, agents. Invariants: what `commit` resolved for is on the disk, whole;
 * a directory that is refused was not touched; one process writes at a time.
 */
export { StateStore } from './state-store.js';
export { DurableState } from './durable-state.js';
export { Recovery, type Recovered } from './recovery.js';
export { findMisfits, type Misfit } from './state-misfits.js';
export { exportState, importState, readStateExport, type StateExport } from './state-export.js';
