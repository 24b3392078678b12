/**
 * One registered subtree: the chart of its life, the cell that is one incarnation of it, and the
 * reference that stays the same across incarnations.
 *
 * Knows no messages and no supervisors: it dies without ceremony, and does not know who starts it
 * again. Invariants: foreign code is called in the cell and nowhere else; a cell that has ended
 * calls nothing any more; a read sends no event.
 */
export {
  SubtreeCell,
  type CellEnd,
  type CellObserver,
  type Deadlines,
  type OperationResult,
} from './subtree-cell.js';
export { SubtreeRef, type SubtreeObserver } from './subtree-ref.js';
export { PARTICIPATION_EVENTS, participationMachine } from './participation-machine.js';
export { subtreeMachine } from './subtree-machine.js';
