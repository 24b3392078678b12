import { callForeign, type Clock } from '../base/index.js';
import type { ForeignCallContext, SetAnswer, SetGroup } from '../instrumentation/index.js';
import { interpretAnswer, type OperationResult, type SubtreeCell } from './subtree-cell.js';

interface Undo {
  readonly operation: 'undo' | 'rollback';
  readonly group: SetGroup;
  readonly context: ForeignCallContext;
  readonly deadlineMs: number;
  readonly clock: Clock;
}

const LOST: OperationResult = { kind: 'lost' };

/**
 * Runs undo or rollback of one group.
 *
 * @param cell - the incarnation that is there by now; undefined where none is: what the runtime
 *   keeps can be put back all the same.
 */
export function undoGroup(
  { operation, group, context, deadlineMs, clock }: Undo,
  cell: SubtreeCell | undefined,
  settle: (answer: OperationResult) => void,
): void {
  if (cell !== undefined) {
    cell.operate(operation, group, context, deadlineMs, settle);
    return;
  }
  if (!group.object.isStored) {
    settle(LOST);
    return;
  }
  // The program's own part of it (onSet) is foreign code as ever.
  const call = (): unknown => group.object.operate(operation, group, context);
  callForeign(call, deadlineMs, clock, (outcome) => {
    context.end();
    const answer: SetAnswer | undefined =
      outcome.kind === 'returned' ? interpretAnswer(operation, group, outcome.value) : undefined;
    settle(answer ?? LOST);
  });
}
