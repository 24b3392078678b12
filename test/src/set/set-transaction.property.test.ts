import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  runSetTransaction,
  type GroupResult,
  type GroupVote,
  type Outcome,
} from '../../../src/set/index.js';
import { runs } from '../../support/arbitraries.js';
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

/*
 * One transaction with up to five participants that answer in any order, and some of them twice:
 * fc.scheduler owns the order of the answers.
 */

type Aim = 'committed' | 'refused' | 'rolledBack' | 'inDoubt';
const AIMS: readonly Aim[] = ['committed', 'refused', 'rolledBack', 'inDoubt'];

/** A participant as it was drawn: its groups stand at `first`, `first + 1`, ... */
interface Part {
  readonly first: number;
  readonly answers: Answers;
}

const atOf =
  (first: number) =>
  <Answer extends GroupVote | GroupResult>(answer: Answer, k: number): Answer =>
    'position' in answer ? { ...answer, position: first + k } : answer;

/** After one that is lost, nobody of that participant is asked, or set. */
function upTo<Answer extends GroupVote | GroupResult>(
  given: readonly Answer[],
  endsAt: (one: Answer) => boolean,
  rest: Answer,
): Answer[] {
  const end = given.findIndex(endsAt);
  return given.map((one, i) => (end >= 0 && i > end ? rest : one));
}

function part(first: number, aim: Aim): fc.Arbitrary<Part> {
  const vote: fc.Arbitrary<GroupVote> =
    aim === 'refused'
      ? fc.oneof(
          { weight: 2, arbitrary: fc.constant<GroupVote>(accepted) },
          {
            weight: 1,
            arbitrary: fc.constantFrom<GroupVote>(lost, refused(0), refused(0, 'noAccess')),
          },
        )
      : fc.constant(accepted);
  const result: fc.Arbitrary<GroupResult> =
    aim === 'committed'
      ? fc.constant(applied)
      : fc.oneof(
          { weight: 3, arbitrary: fc.constant<GroupResult>(applied) },
          {
            weight: 1,
            arbitrary: fc.constantFrom<GroupResult>(unknown, declined(0), declined(0, 'genErr')),
          },
        );
  return fc.integer({ min: 1, max: 3 }).chain((count) =>
    fc
      .record({
        votes: fc.array(vote, { minLength: count, maxLength: count }),
        results: fc.array(result, { minLength: count, maxLength: count }),
        isVoid: aim === 'rolledBack' ? fc.integer({ min: 0, max: 7 }) : fc.constant(1),
        restored: aim === 'inDoubt' ? fc.boolean() : fc.constant(true),
      })
      .map(({ votes, results, isVoid, restored }): Part => {
        const at = atOf(first);
        const told = isVoid === 0 ? [voided, ...results.slice(1).map(() => notSet)] : results;
        return {
          first,
          answers: {
            votes: upTo(votes, (one) => one.kind === 'lost', notAsked).map(at),
            results: upTo(told, (one) => one.kind === 'unknown', notSet).map(at),
            restored,
          },
        };
      }),
  );
}

const parts: fc.Arbitrary<readonly Part[]> = fc
  .tuple(fc.constantFrom(...AIMS), fc.integer({ min: 1, max: 5 }))
  .chain(([aim, count]) =>
    fc.tuple(...Array.from({ length: count }, (_, i) => part(10 * i + 1, aim))),
  );

/** By docs/set.md, without the code. */
function expectedOf(given: readonly Part[]): Outcome {
  const fault = (
    pick: (answers: Answers) => readonly (GroupVote | GroupResult)[],
    status: 'genErr' | 'commitFailed',
  ) =>
    given
      .flatMap(({ first, answers }) =>
        pick(answers).map((one, k) => {
          if ('position' in one) return { status: one.status, position: one.position };
          const isFault = ['lost', 'unknown', 'void'].includes(one.kind);
          return isFault ? { status, position: first + k } : undefined;
        }),
      )
      .find((one) => one !== undefined);
  const refusal = fault(({ votes }) => votes, 'genErr');
  if (refusal !== undefined) return { word: 'refused', failure: refusal };
  const failure = fault(({ results = [] }) => results, 'commitFailed');
  if (failure === undefined) return { word: 'committed' };
  return given.every(({ answers }) => answers.restored)
    ? { word: 'rolledBack', failure }
    : { word: 'inDoubt', failure: { status: 'undoFailed', position: 0 } };
}

describe('a transaction whose participants answer in any order', () => {
  /**
   * Invariant: the end is the model's, and told once; phases do not overlap: nobody is set while a
   * vote is outstanding, nobody undone while a set is. Model: expectedOf. Coverage: the four ends.
   */
  it('ends as its answers say, one phase after another [PR-02, PR-04, PR-12, PR-24]', async () => {
    const words = new Map<string, number>();
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), parts, fc.boolean(), async (scheduler, given, isTwice) => {
        const told: string[] = [];
        const outcomes: Outcome[] = [];
        const defects: unknown[] = [];
        const shares = given.map(({ first, answers }, i) => {
          const later = (answer: () => void): void => {
            const phase = told.at(-1) ?? '';
            void scheduler.schedule(Promise.resolve(), phase).then(() => {
              told.push(`answered ${phase}`);
              answer();
              // The second answer must find nobody listening.
              if (isTwice) answer();
            });
          };
          const fake = new FakeParticipant('abcde'[i] ?? '', answers, told, later);
          return fake.share(...answers.votes.map((_, k) => first + k));
        });
        runSetTransaction(FACTS, shares, {
          finished: (outcome) => void outcomes.push(outcome),
          defect: (error) => void defects.push(error),
        });
        await scheduler.waitIdle();
        expect(defects).toEqual([]);
        expect(outcomes).toEqual([expectedOf(given)]);
        const phases = told.map((line) => /vote|apply|release|revert|finish/.exec(line)?.[0]);
        // Each phase is one block: asked of all, answered by all.
        const blocks = phases.filter((phase, i) => phase !== phases[i - 1]);
        expect(new Set(blocks).size).toBe(blocks.length);
        for (const phase of ['vote', 'apply', 'release', 'revert']) {
          const asked = told.filter((line) => line.split(' ')[1] === phase);
          expect([0, given.length]).toContain(asked.length);
        }
        cases += 1;
        const word = outcomes[0]?.word ?? '';
        words.set(word, (words.get(word) ?? 0) + 1);
      }),
      runs(500),
    );
    for (const word of AIMS) {
      expect(`${word} ${(words.get(word) ?? 0) / cases >= 0.05}`).toBe(`${word} true`);
    }
  });
});
