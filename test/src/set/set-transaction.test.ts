import { describe, expect, it } from 'vitest';
import {
  runSetTransaction,
  type GroupResult,
  type GroupVote,
  type Outcome,
  type Participant,
  type Share,
} from '../../../src/set/index.js';
import {
  accepted,
  applied,
  declined,
  FACTS,
  FakeParticipant,
  lost,
  notAsked,
  notSet,
  refused,
  unknown,
  voided,
  type Answers,
} from './set-parts.js';

interface Run {
  readonly told: string[];
  readonly outcomes: Outcome[];
  readonly defects: unknown[];
}

function run(shares: readonly Share[], told: string[] = []): Run {
  const ran: Run = { told, outcomes: [], defects: [] };
  runSetTransaction(FACTS, shares, {
    finished: (outcome) => void ran.outcomes.push(outcome),
    defect: (error) => void ran.defects.push(error),
  });
  return ran;
}

/** Participants a, b, ... with groups at 1 and 2, 3 and 4, ... */
function runAll(answers: readonly Answers[], later?: (answer: () => void) => void): Run {
  const told: string[] = [];
  const shares = answers.map((given, i) =>
    new FakeParticipant('abc'[i] ?? '', given, told, later).share(
      ...given.votes.map((_, k) => 2 * i + k + 1),
    ),
  );
  return run(shares, told);
}

const both = [accepted, accepted];

describe('a SET', () => {
  it('asks all, then sets all, then ends [PR-02, PR-07]', () => {
    const { told, outcomes } = runAll([{ votes: both }, { votes: both }]);
    expect(told).toEqual([
      'a vote 1,2',
      'b vote 3,4',
      'a apply 1,2',
      'b apply 3,4',
      'a finish committed',
      'b finish committed',
    ]);
    expect(outcomes).toEqual([{ word: 'committed' }]);
  });

  it('sets nobody before the last vote is in, whoever is slow [SET-043, PR-02]', () => {
    const answers: (() => void)[] = [];
    const { told, outcomes } = runAll([{ votes: both }, { votes: both }], (answer) => {
      answers.push(answer);
    });
    answers[1]?.();
    expect(told).toEqual(['a vote 1,2', 'b vote 3,4']);
    answers[0]?.();
    expect(told.slice(2)).toEqual(['a apply 1,2', 'b apply 3,4']);
    expect(outcomes).toEqual([]);
    answers[2]?.();
    expect(outcomes).toEqual([]);
    answers[3]?.();
    expect(outcomes).toEqual([{ word: 'committed' }]);
  });

  it('releases those that said yes, and no others [OTP-037, PR-04]', () => {
    const { told, outcomes } = runAll([
      { votes: [accepted, refused(2)] },
      { votes: [lost, notAsked] },
      { votes: both },
    ]);
    expect(told.slice(3)).toEqual([
      'a release 1',
      'b release',
      'c release 5,6',
      'a finish',
      'b finish',
      'c finish',
    ]);
    expect(outcomes).toEqual([{ word: 'refused', failure: { status: 'wrongValue', position: 2 } }]);
  });

  it('releases also where the voter is gone: undo goes to its new incarnation [SUP-007]', () => {
    const { told, outcomes } = runAll([{ votes: both, holds: false }, { votes: both }]);
    expect(told).toContain('a release 1,2');
    expect(told).toContain('b release 3,4');
    expect(outcomes).toEqual([{ word: 'refused', failure: { status: 'genErr', position: 1 } }]);
  });

  it('rolls back what was set or may be; undoes what was not set [docs/set.md 3, PR-01]', () => {
    const { told, outcomes } = runAll([
      { votes: both, results: [applied, declined(2)] },
      { votes: both, results: [unknown, notSet] },
      { votes: both, results: [voided, notSet] },
    ]);
    expect(told.slice(6)).toEqual([
      'a revert 1',
      'b revert -4,3',
      'c revert -5,-6',
      'a finish',
      'b finish',
      'c finish',
    ]);
    expect(outcomes).toEqual([
      { word: 'rolledBack', failure: { status: 'commitFailed', position: 2 } },
    ]);
  });

  it('is in doubt where something could not be rolled back: undoFailed/0 [SET-045, PR-09]', () => {
    const { told, outcomes } = runAll([
      { votes: both, results: [applied, applied], restored: false },
      { votes: both, results: [declined(3), applied] },
    ]);
    expect(outcomes).toEqual([{ word: 'inDoubt', failure: { status: 'undoFailed', position: 0 } }]);
    expect(told).toContain('b revert 4');
  });

  it('is in doubt where one answered undoFailed, and restarts that one [docs/set.md 3]', () => {
    const { told, outcomes } = runAll([
      { votes: both, results: [applied, declined(2, 'undoFailed')] },
      { votes: both },
    ]);
    expect(outcomes).toEqual([{ word: 'inDoubt', failure: { status: 'undoFailed', position: 0 } }]);
    expect(told.filter((line) => line.endsWith('distrust'))).toEqual(['a distrust']);
  });

  it('refuses to begin without participants', () => {
    expect(() => run([])).toThrow('an empty SET');
  });
});

describe('every sequence of answers', () => {
  const votes: (readonly GroupVote[])[] = [
    both,
    [accepted, refused(0)],
    [refused(0), accepted],
    [accepted, lost],
    [lost, notAsked],
  ];
  const results: (readonly GroupResult[])[] = [
    [applied, applied],
    [applied, declined(0)],
    [declined(0, 'undoFailed'), applied],
    [applied, unknown],
    [unknown, notSet],
    [voided, notSet],
  ];
  const restores = [true, false];

  const at = <Answer extends GroupVote | GroupResult>(
    given: readonly Answer[],
    first: number,
  ): Answer[] => given.map((one, k) => ('position' in one ? { ...one, position: first + k } : one));

  function* everyPair(): Generator<readonly [Answers, Answers]> {
    for (const leftVotes of votes) {
      for (const rightVotes of votes) {
        const isSet = leftVotes === both && rightVotes === both;
        for (const leftResults of isSet ? results : [[]]) {
          for (const rightResults of isSet ? results : [[]]) {
            for (const leftRestored of isSet ? restores : [true]) {
              for (const rightRestored of isSet ? restores : [true]) {
                yield [
                  {
                    votes: at(leftVotes, 1),
                    results: at(leftResults, 1),
                    restored: leftRestored,
                  },
                  {
                    votes: at(rightVotes, 3),
                    results: at(rightResults, 3),
                    restored: rightRestored,
                  },
                ];
              }
            }
          }
        }
      }
    }
  }

  /** Runs them with the second one's answers before the first one's, in every phase. */
  function runCrossed(pair: readonly [Answers, Answers]): Run {
    const open: (() => void)[] = [];
    const ran = runAll(pair, (answer) => void open.push(answer));
    while (open.length > 0) open.pop()?.();
    return ran;
  }

  it('ends once, in one of four words, by the same rule in either order [docs/set.md 4, PR-12]', () => {
    const words = new Set<string>();
    for (const pair of everyPair()) {
      const straight = runAll(pair);
      const crossed = runCrossed(pair);
      expect(straight.outcomes).toHaveLength(1);
      expect(crossed.outcomes).toEqual(straight.outcomes);
      expect(straight.defects.concat(crossed.defects)).toEqual([]);
      words.add(straight.outcomes[0]?.word ?? '');
      expect(straight.outcomes).toEqual([expected(pair)]);
    }
    expect([...words].toSorted()).toEqual(['committed', 'inDoubt', 'refused', 'rolledBack']);
  });

  it('tells every group exactly one legal sequence [OTP-048, PR-01, PR-03, PR-04]', () => {
    for (const pair of everyPair()) {
      const { told } = runAll(pair);
      for (const [i, { votes: cast }] of pair.entries()) {
        const id = 'ab'[i] ?? '';
        for (const [k, vote] of cast.entries()) {
          const position = 2 * i + k + 1;
          const heard = (phase: string, mark = ''): boolean =>
            told.some(
              (line) =>
                line.startsWith(`${id} ${phase} `) &&
                line.slice(`${id} ${phase} `.length).split(',').includes(`${mark}${position}`),
            );
          const isSet = heard('apply');
          const isReleased = heard('release');
          expect(heard('vote')).toBe(true);
          if (vote.kind === 'accepted') expect(isSet !== isReleased).toBe(true);
          else expect(isSet || isReleased).toBe(false);
          const reverted = heard('revert') || heard('revert', '-');
          if (!isSet) expect(reverted).toBe(false);
        }
      }
    }
  });

  /** By docs/set.md, without the code. */
  function expected([left, right]: readonly [Answers, Answers]): Outcome {
    const refusals = [...left.votes, ...right.votes]
      .map((vote, i) =>
        vote.kind === 'refused'
          ? ({ status: vote.status, position: vote.position } as const)
          : vote.kind === 'lost'
            ? ({ status: 'genErr', position: i + 1 } as const)
            : undefined,
      )
      .filter((one) => one !== undefined);
    if (refusals[0] !== undefined) return { word: 'refused', failure: refusals[0] };
    const all = [...(left.results ?? []), ...(right.results ?? [])];
    const failures = all
      .map((result, i) =>
        result.kind === 'declined'
          ? ({ status: result.status, position: result.position } as const)
          : result.kind === 'unknown' || result.kind === 'void'
            ? ({ status: 'commitFailed', position: i + 1 } as const)
            : undefined,
      )
      .filter((one) => one !== undefined);
    if (failures[0] === undefined) return { word: 'committed' };
    const isInDoubt =
      left.restored === false ||
      right.restored === false ||
      all.some((result) => result.kind === 'declined' && result.status === 'undoFailed');
    return isInDoubt
      ? { word: 'inDoubt', failure: { status: 'undoFailed', position: 0 } }
      : { word: 'rolledBack', failure: failures[0] };
  }
});

describe('a SET with a defect of ours in it', () => {
  /** A participant that says yes, but throws in one of its methods. */
  function broken(method: keyof Participant, told: string[]): Participant {
    const fake = new FakeParticipant('x', { votes: [accepted], results: [applied] }, told);
    return new Proxy<Participant>(fake, {
      get: (target, name) => {
        if (name === method) {
          return () => {
            throw new Error(`defect in ${method}`);
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  function runBroken(method: keyof Participant, other: Answers): Run {
    const told: string[] = [];
    const good = new FakeParticipant('a', other, told).share(1);
    const share = { participant: broken(method, told), groups: good.groups };
    return run([good, share], told);
  }

  it.each(['vote', 'holds'] as const)(
    'is refused with genErr where %s throws, and nobody stays reserved [SUP-015]',
    (method) => {
      const { told, outcomes, defects } = runBroken(method, { votes: [accepted] });
      expect(outcomes).toEqual([{ word: 'refused', failure: { status: 'genErr', position: 1 } }]);
      expect(defects.map(String)).toEqual([`Error: defect in ${method}`]);
      expect(told.slice(-4)).toEqual(['a distrust', 'x distrust', 'a finish', 'x finish']);
    },
  );

  it('is refused with genErr where release throws', () => {
    const { outcomes, defects } = runBroken('release', { votes: [refused(1)] });
    expect(outcomes).toEqual([{ word: 'refused', failure: { status: 'genErr', position: 1 } }]);
    expect(defects).toHaveLength(1);
  });

  it.each([
    ['apply', { votes: [accepted] }],
    ['revert', { votes: [accepted], results: [declined(1)] }],
  ] as const)(
    'is in doubt where %s throws, and everybody is restarted [SUP-016]',
    (method, other) => {
      const { told, outcomes, defects } = runBroken(method, other);
      expect(outcomes).toEqual([
        { word: 'inDoubt', failure: { status: 'undoFailed', position: 0 } },
      ]);
      expect(defects).toHaveLength(1);
      expect(told.slice(-4)).toEqual(['a distrust', 'x distrust', 'a finish', 'x finish']);
    },
  );

  it('finishes the others where one finish throws', () => {
    const told: string[] = [];
    const good = new FakeParticipant('a', { votes: [accepted] }, told).share(1);
    const share = { participant: broken('finish', told), groups: good.groups };
    const { outcomes, defects } = run([share, good], told);
    expect(told.at(-1)).toBe('a finish committed');
    expect(outcomes).toEqual([{ word: 'committed' }]);
    expect(defects).toHaveLength(1);
  });

  it('calls nobody after its end, whatever answers still come [PR-24]', () => {
    const told: string[] = [];
    const open: (() => void)[] = [];
    const slow = new FakeParticipant('s', { votes: [accepted] }, told, (answer) => {
      open.push(answer);
    }).share(1);
    const share = { participant: broken('vote', told), groups: slow.groups };
    const { outcomes } = run([slow, share], told);
    const before = told.length;
    open[0]?.();
    expect(told).toHaveLength(before);
    expect(outcomes).toHaveLength(1);
  });

  it('goes on with nobody after one that answers and then throws', () => {
    const told: string[] = [];
    const open: (() => void)[] = [];
    const good = new FakeParticipant('g', { votes: [accepted] }, told).share(1);
    const participant = new Proxy<Participant>(good.participant, {
      get: (target, name) => {
        if (name === 'finish') return target.finish.bind(target);
        if (name === 'distrust') return target.distrust.bind(target);
        return (...args: Parameters<Participant['vote']>) => {
          target.vote(...args);
          throw new Error('after its answer');
        };
      },
    });
    const slow = new FakeParticipant('s', { votes: [accepted] }, told, (answer) => {
      open.push(answer);
    }).share(2);
    const { outcomes } = run([slow, { participant, groups: good.groups }], told);
    open[0]?.();
    expect(told.filter((line) => line.includes('apply'))).toEqual([]);
    expect(outcomes).toEqual([{ word: 'refused', failure: { status: 'genErr', position: 1 } }]);
  });

  it('takes a second answer of the same participant for none [PR-24]', () => {
    const told: string[] = [];
    const twice = new FakeParticipant('t', { votes: [accepted] }, told, (answer) => {
      answer();
      answer();
    }).share(1);
    const other = new FakeParticipant('o', { votes: [accepted] }, told).share(2);
    const { outcomes, defects } = run([twice, other], told);
    expect(told.filter((line) => line.includes('apply'))).toEqual(['t apply 1', 'o apply 2']);
    expect(outcomes).toEqual([{ word: 'committed' }]);
    expect(defects).toEqual([]);
  });

  it('reports a listener of its end that throws, and ends all the same', () => {
    const defects: unknown[] = [];
    let calls = 0;
    runSetTransaction(FACTS, [new FakeParticipant('a', { votes: [accepted] }).share(1)], {
      finished: () => {
        calls += 1;
        throw new Error('no');
      },
      defect: (error) => void defects.push(error),
    });
    expect([calls, defects.length]).toEqual([1, 1]);
  });
});
