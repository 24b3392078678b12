import { invariant } from '../base/index.js';
import type { ErrorStatus } from '../smi/index.js';
import type { GroupVote, Share } from './participant.js';

/** A status and the 1-based position of its varbind; 0 where no varbind is meant. */
export interface Failure {
  readonly status: ErrorStatus;
  readonly position: number;
}

/** One share's votes, in the order of its groups. */
export interface ShareVotes {
  readonly share: Share;
  readonly votes: readonly GroupVote[];
  /** False where the incarnation that voted has gone down since: its votes are void. */
  readonly holds: boolean;
}

/**
 * Combines the votes of one SET into a verdict: the refusal with the lowest error-index, or
 * undefined where every vote is yes.
 *
 * Depends on the votes only, not on their order of arrival. A lost vote counts as genErr at its
 * group's first varbind; void votes as genErr at the first varbind that had been accepted.
 *
 * Source: RFC 3416 4.2.5 first phase, docs/set.md 2. Deviation: RFC 2741 7.2.5.4 decides at the
 * first refusal; waiting for all gives equal requests equal answers.
 *
 * @param all - one entry per share. BOUNDED by the varbinds of one PDU.
 */
export function combineVotes(all: readonly ShareVotes[]): Failure | undefined {
  let lowest: Failure | undefined;
  const refuse = (status: ErrorStatus, position: number): void => {
    if (lowest === undefined || position < lowest.position) lowest = { status, position };
  };
  for (const { share, votes, holds } of all) {
    invariant(votes.length === share.groups.length, 'every group has a vote');
    for (const [i, group] of share.groups.entries()) {
      const vote = votes[i];
      if (vote?.kind === 'refused') refuse(vote.status, vote.position);
      if (vote?.kind === 'lost') refuse('genErr', group.firstPosition);
    }
    // Where one was lost the actor went down for it, and that group has been counted.
    if (!holds && !votes.some((vote) => vote.kind === 'lost')) {
      const accepted = share.groups.find((_, i) => votes[i]?.kind === 'accepted');
      if (accepted !== undefined) refuse('genErr', accepted.firstPosition);
    }
  }
  return lowest;
}
