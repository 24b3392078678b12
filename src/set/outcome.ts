import { invariant } from '../base/index.js';
import type { ErrorStatus } from '../smi/index.js';
import type { GroupResult, Share } from './participant.js';
import type { Failure } from './votes.js';

/** One share's results of phase two, in the order of its groups. */
export interface ShareResults {
  readonly share: Share;
  readonly results: readonly GroupResult[];
}

/**
 * The failing group with the lowest error-index, or undefined where every group was applied.
 *
 * Source: RFC 3416 4.2.5 second phase, docs/set.md 3.
 */
export function combineResults(all: readonly ShareResults[]): Failure | undefined {
  let lowest: Failure | undefined;
  const fail = (status: ErrorStatus, position: number): void => {
    if (lowest === undefined || position < lowest.position) lowest = { status, position };
  };
  for (const { share, results } of all) {
    invariant(results.length === share.groups.length, 'every group has a result');
    for (const [i, group] of share.groups.entries()) {
      const result = results[i];
      if (result?.kind === 'declined') fail(result.status, result.position);
      if (result?.kind === 'unknown' || result?.kind === 'void') {
        fail('commitFailed', group.firstPosition);
      }
    }
  }
  return lowest;
}

/** Whether some group said that it could neither set nor leave things as they were. */
export function saidUndoFailed({ results }: ShareResults): boolean {
  return results.some((result) => result.kind === 'declined' && result.status === 'undoFailed');
}

/** The four words in which a transaction ends, with what the manager is told. */
export type Outcome =
  | { readonly word: 'committed' }
  | { readonly word: 'refused'; readonly failure: Failure }
  | { readonly word: 'rolledBack'; readonly failure: Failure }
  | { readonly word: 'inDoubt'; readonly failure: Failure };

/** RFC 3416 4.2.5: undoFailed goes with error-index 0. */
export const UNDO_FAILED: Failure = Object.freeze({ status: 'undoFailed', position: 0 });
