import { describe, expect, it } from 'vitest';
import { runSetTransaction, type Outcome, type SetJournal } from '../../../src/set/index.js';
import {
  accepted,
  applied,
  declined,
  FACTS,
  FakeParticipant,
  refused,
  type Answers,
} from './set-parts.js';

type Answer = 'nothing' | 'kept' | 'failed';

/** A journal that writes down what it is asked, and answers as told, later. */
function journal(told: string[], prepare: Answer, commit: Answer): SetJournal {
  const answer = (name: string, what: Answer): Promise<void> | undefined => {
    told.push(name);
    if (what === 'nothing') return undefined;
    return what === 'kept' ? Promise.resolve() : Promise.reject(new Error('no room'));
  };
  return {
    prepare: () => answer('prepare', prepare),
    commit: () => answer('commit', commit),
    forget: () => void told.push('forget'),
  };
}

async function run(
  answers: readonly Answers[],
  prepare: Answer,
  commit: Answer,
): Promise<{ told: string[]; outcome: Outcome }> {
  const told: string[] = [];
  const shares = answers.map((given, i) =>
    new FakeParticipant('ab'[i] ?? '', given, told).share(i + 1),
  );
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    runSetTransaction(
      FACTS,
      shares,
      { finished: resolve, defect: reject },
      journal(told, prepare, commit),
    );
  });
  return { told, outcome };
}

const yes: Answers = { votes: [accepted] };

describe('the journal of a SET', () => {
  it.each(['nothing', 'kept'] as const)(
    'has %s before anything is set, and all of it before anybody is told [docs/set.md 5]',
    async (what) => {
      const { told, outcome } = await run([yes, yes], what, what);
      expect(told).toEqual([
        'a vote 1',
        'b vote 2',
        'prepare',
        'a apply 1',
        'b apply 2',
        'commit',
        'a finish committed',
        'b finish committed',
      ]);
      expect(outcome).toEqual({ word: 'committed' });
    },
  );

  it('that cannot take what is to come refuses the SET: nothing is set', async () => {
    const { told, outcome } = await run([yes, yes], 'failed', 'kept');
    expect(told).toEqual([
      'a vote 1',
      'b vote 2',
      'prepare',
      'a release 1',
      'b release 2',
      'forget',
      'a finish',
      'b finish',
    ]);
    expect(outcome).toEqual({
      word: 'refused',
      failure: { status: 'resourceUnavailable', position: 1 },
    });
  });

  it('that cannot take what was set has all of it rolled back [LIM-017]', async () => {
    const { told, outcome } = await run([yes, yes], 'kept', 'failed');
    expect(told.slice(3, 10)).toEqual([
      'a apply 1',
      'b apply 2',
      'commit',
      'a revert 1',
      'b revert 2',
      'forget',
      'a finish',
    ]);
    expect(outcome).toEqual({
      word: 'rolledBack',
      failure: { status: 'commitFailed', position: 1 },
    });
  });

  it('keeps what could not be rolled back: the next process is to try', async () => {
    const { told, outcome } = await run([{ ...yes, restored: false }, yes], 'kept', 'failed');
    expect(told).not.toContain('forget');
    expect(outcome.word).toBe('inDoubt');
  });

  it('is not asked about a SET that was refused, nor to commit one that failed', async () => {
    const no = await run([{ votes: [refused(1)] }, yes], 'kept', 'kept');
    expect(no.told).not.toContain('prepare');
    const failed = await run(
      [
        { votes: [accepted], results: [declined(1)] },
        { votes: [accepted], results: [applied] },
      ],
      'kept',
      'kept',
    );
    expect(failed.told).toContain('prepare');
    expect(failed.told).not.toContain('commit');
    expect(failed.told).toContain('forget');
  });
});
