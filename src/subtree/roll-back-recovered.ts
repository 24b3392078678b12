import { callForeign, type Clock } from '../base/index.js';
import { ForeignCallContext, type SetGroup } from '../instrumentation/index.js';
import { interpretAnswer } from './subtree-cell.js';

/** A group that an earlier process died in, and who is told that it was rolled back. */
export interface RecoveredGroup {
  readonly group: SetGroup;
  readonly contextName: string;
  done(): void;
}

/**
 * Rolls back what SETs left that an earlier process died in: the first thing that a subtree does
 * in its life, before any request (docs/set.md 5).
 *
 * @param failed - called for each group that did not answer noError in time.
 */
export async function rollBackRecovered(
  groups: readonly RecoveredGroup[],
  deadlineMs: number,
  clock: Clock,
  failed: () => void,
): Promise<void> {
  for (const recovered of groups) {
    if (await isRolledBack(recovered, deadlineMs, clock)) recovered.done();
    else failed();
  }
}

function isRolledBack(
  { group, contextName }: RecoveredGroup,
  deadlineMs: number,
  clock: Clock,
): Promise<boolean> {
  const context = new ForeignCallContext(0, undefined, undefined, contextName);
  return new Promise((resolve) => {
    callForeign(
      () => group.object.operate('rollback', group, context),
      deadlineMs,
      clock,
      (outcome) => {
        context.end();
        resolve(
          outcome.kind === 'returned' &&
            interpretAnswer('rollback', group, outcome.value).kind === 'ok',
        );
      },
    );
  });
}
