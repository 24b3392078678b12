import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/base/index.js';
import { combineVotes, type GroupVote, type ShareVotes } from '../../../src/set/index.js';
import { accepted, FakeParticipant, lost, notAsked, refused } from './set-parts.js';
import { runs } from '../../support/arbitraries.js';

/** One share with groups at these positions and these votes. */
function votes(positions: readonly number[], cast: readonly GroupVote[], holds = true): ShareVotes {
  return { share: new FakeParticipant('a', { votes: [] }).share(...positions), votes: cast, holds };
}

describe('the verdict of phase one', () => {
  it('is yes where every vote is yes', () => {
    expect(combineVotes([votes([1, 2], [accepted, accepted]), votes([3], [accepted])])).toBe(
      undefined,
    );
  });

  it('names the refusal with the lowest error-index [docs/set.md 2, PR-11]', () => {
    const verdict = combineVotes([
      votes([4], [refused(4, 'noCreation')]),
      votes([2, 3], [refused(2, 'inconsistentValue'), refused(3)]),
    ]);
    expect(verdict).toEqual({ status: 'inconsistentValue', position: 2 });
  });

  it('goes by the varbind refused, not by the group that it stands in [PR-06]', () => {
    const verdict = combineVotes([votes([1], [refused(5)]), votes([2], [refused(3)])]);
    expect(verdict).toEqual({ status: 'wrongValue', position: 3 });
  });

  it("takes a lost vote for genErr at its group's first varbind [SET-032, SUP-006, SUP-008]", () => {
    expect(combineVotes([votes([2, 4], [accepted, lost])])).toEqual({
      status: 'genErr',
      position: 4,
    });
  });

  it('takes no notice of groups that were not asked [docs/set.md 2]', () => {
    expect(combineVotes([votes([3, 4, 5], [lost, notAsked, notAsked])])).toEqual({
      status: 'genErr',
      position: 3,
    });
  });

  it('voids what was accepted by an incarnation that is gone [SUP-007]', () => {
    expect(
      combineVotes([votes([1], [accepted]), votes([2, 3], [accepted, accepted], false)]),
    ).toEqual({ status: 'genErr', position: 2 });
  });

  it('blames a crash that a lost vote explains on that vote alone [docs/set.md 2]', () => {
    expect(combineVotes([votes([2, 3], [accepted, lost], false)])).toEqual({
      status: 'genErr',
      position: 3,
    });
  });

  it('refuses to decide on votes that are missing', () => {
    expect(() => combineVotes([votes([1, 2], [accepted])])).toThrow(InvariantViolation);
  });

  it('is the same for the same votes in any order of arrival [PR-12]', () => {
    const vote = fc.oneof(
      fc.constant(accepted),
      fc.constant(lost),
      fc.constantFrom('wrongValue', 'noAccess', 'genErr').map((status) => refused(0, status)),
    );
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 8 }), fc.nat(), (cast, seed) => {
        const shares = cast.map((one, i) =>
          votes([i + 1], [one.kind === 'refused' ? { ...one, position: i + 1 } : one]),
        );
        const turned = shares.map((_, i) => shares[(i + seed) % shares.length] as ShareVotes);
        expect(combineVotes(turned)).toEqual(combineVotes(shares));
      }),
      runs(),
    );
  });
});
