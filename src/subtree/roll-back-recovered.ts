import { callForeign, type Clock } from '../base/index.js';
import { ForeignCallContext, type SetGroup } from '../instrumentation/index.js';
import { interpretAnswer } from './subtree-cell.js';

/**
 * Rolls back one group of a SET that an earlier process died in: the first thing that a subtree
 * does in its life, before any request (SET.md section 5).
 *
 * @returns whether it answered noError, in time.
 */
export function rollBackRecovered(
  group: SetGroup,
  deadlineMs: number,
  clock: Clock,
): Promise<boolean> {
  const context = new ForeignCallContext(0, undefined);
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
