// tbFaultA, tbFaultB, tbFaultC: two scripted scalars each, the second without rollback.
import { scriptedScalar } from './scripts.mjs';
import { trace } from './trace.mjs';

export function faultSubtree(letter) {
  const subtree = `tbFault${letter}`;
  let starts = 0;
  return {
    subtree,
    [`tb${letter}1`]: scriptedScalar(`tb${letter}1`, true),
    [`tb${letter}2`]: scriptedScalar(`tb${letter}2`, false),
    [`tb${letter}Starts`]: {
      new() {
        starts += 1;
        trace(`new ${subtree}`);
      },
      delete() {
        trace(`delete ${subtree}`);
      },
      get: () => starts,
    },
  };
}
