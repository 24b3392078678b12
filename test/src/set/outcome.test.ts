import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/base/index.js';
import {
  combineResults,
  saidUndoFailed,
  type GroupResult,
  type ShareResults,
} from '../../../src/set/index.js';
import { applied, declined, FakeParticipant, notSet, unknown, voided } from './set-parts.js';

function results(positions: readonly number[], given: readonly GroupResult[]): ShareResults {
  return { share: new FakeParticipant('a', { votes: [] }).share(...positions), results: given };
}

describe('what phase two came to', () => {
  it('is success where every group was applied', () => {
    expect(combineResults([results([1, 2], [applied, applied])])).toBe(undefined);
  });

  it('is the failure with the lowest error-index [docs/set.md 3, PR-10]', () => {
    expect(
      combineResults([
        results([3], [declined(3, 'genErr')]),
        results([1, 2], [applied, declined(2)]),
      ]),
    ).toEqual({ status: 'commitFailed', position: 2 });
  });

  it('keeps an explicit genErr [CONFORMANCE Decided]', () => {
    expect(combineResults([results([1], [declined(1, 'genErr')])])).toEqual({
      status: 'genErr',
      position: 1,
    });
  });

  it.each([
    ['of unknown effect', unknown],
    ['of a voter that is gone', voided],
  ])(
    "takes a set %s for commitFailed at the group's first varbind [SET-050, SUP-009]",
    (_, result) => {
      expect(combineResults([results([1, 4], [applied, result])])).toEqual({
        status: 'commitFailed',
        position: 4,
      });
    },
  );

  it('takes no notice of groups that were not set', () => {
    expect(combineResults([results([1, 2, 3], [applied, unknown, notSet])])).toEqual({
      status: 'commitFailed',
      position: 2,
    });
  });

  it('knows who could neither set nor leave things as they were [SET-046]', () => {
    expect(saidUndoFailed(results([1, 2], [applied, declined(2, 'undoFailed')]))).toBe(true);
    expect(saidUndoFailed(results([1, 2], [unknown, declined(2)]))).toBe(false);
  });

  it('refuses to decide on results that are missing', () => {
    expect(() => combineResults([results([1, 2], [applied])])).toThrow(InvariantViolation);
  });
});
