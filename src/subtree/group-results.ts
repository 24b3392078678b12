import type { SetGroup } from '../instrumentation/index.js';
import type { GroupResult, GroupVote } from '../set/index.js';
import type { OperationResult } from './subtree-cell.js';

/** What came of isSetOk, as a vote (docs/set.md 2). */
export function toVote(group: SetGroup, answer: OperationResult): GroupVote {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'accepted' };
    case 'error':
      return { kind: 'refused', status: answer.status, position: answer.position };
    case 'illegal':
      return { kind: 'refused', status: 'genErr', position: group.firstPosition };
    case 'lost':
      return { kind: 'lost' };
  }
}

/** What came of set, as a result (docs/set.md 3). */
export function toResult(answer: OperationResult): GroupResult {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'applied' };
    case 'error':
      return { kind: 'declined', status: answer.status, position: answer.position };
    case 'illegal':
    case 'lost':
      return { kind: 'unknown' };
  }
}
