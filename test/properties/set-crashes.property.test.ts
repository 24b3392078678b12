import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instance } from '../support/set-module.js';
import { runs } from '../support/arbitraries.js';
import { Masters } from '../support/masters.js';
import type { SetStage } from '../support/set-stage.js';
import { groupOf, setCase, subtreeOf, type SetCase } from './set-cases.js';
import { illegalSequence, LAWS, Run, setsAnew, untruth, type Law } from './set-laws.js';
import { closeShared, observe } from './set-observed.js';

/*
 * Crashes that no script foresees: of a subtree, by a read that throws, or of the coordinator, at
 * any position of the trace: within a call, or right after it. The model says nothing of these;
 * the laws hold all the same.
 */

let masters: Masters;
beforeAll(() => {
  masters = new Masters();
});
afterAll(async () => {
  await closeShared();
  masters[Symbol.dispose]();
});

interface Crash {
  /** At which call: `isSetOk 0` is the first one. */
  readonly at: string;
  /** Which of the subtrees of the SET, modulo. */
  readonly whose: number;
  /** On the stack of that call, or when it has returned. */
  readonly isWithin: boolean;
}

const crash: fc.Arbitrary<Crash> = fc.record({
  at: fc
    .tuple(fc.constantFrom('isSetOk', 'set', 'undo', 'rollback'), fc.nat(2))
    .map(([operation, nth]) => `${operation} ${nth}`),
  whose: fc.nat(3),
  isWithin: fc.boolean(),
});

function crashSubtree(stage: SetStage, { instances }: SetCase, whose: number): void {
  const subtrees = [...new Set(instances.map(subtreeOf))];
  const subtree = subtrees[whose % subtrees.length];
  const victim = instances.find((name) => subtreeOf(name) === subtree) ?? '';
  const group = groupOf(victim);
  const script = stage.scripts.get(group) ?? {};
  stage.scripts.set(group, { ...script, get: { ends: 'throws' } });
  void stage.client.get(instance(victim));
  stage.scripts.set(group, script);
}

/** Does `work` before the call, or when all that it causes on its stack has happened. */
function strike({ isWithin }: Crash, work: () => void): void {
  if (isWithin) work();
  else queueMicrotask(work);
}

/** The laws that no crash excuses. */
const HOLD = ['PR-02', 'PR-05', 'PR-31'].map((id) => LAWS.find(({ title }) => title.includes(id)));

const cannotGoBack = LAWS.find(({ title }) => title.includes('PR-09')) as Law;

function brokenLaws(run: Run): string[] {
  const laws = HOLD.map((law) => law?.broken(run));
  return [...laws, illegalSequence(run), setsAnew(run), untruth(run)].filter(
    (text) => text !== undefined,
  );
}

class Words {
  readonly #counts = new Map<string, number>();
  #cases = 0;

  note(word: string): void {
    this.#cases += 1;
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  get rare(): string[] {
    return ['committed', 'refused', 'rolledBack', 'inDoubt'].filter(
      (word) => (this.#counts.get(word) ?? 0) / this.#cases < 0.05,
    );
  }
}

describe('a SET in the middle of which', () => {
  /**
   * Invariant: legal sequences, set for the incarnation that voted only, an answer that is true of
   * the values. Coverage: the crash happened in a phase in at least 5 % of the runs, for each of
   * the phases; each of the four ends in as many.
   */
  it('subtrees crash, at any position, is answered, and truly [PR-01, PR-02, PR-03, PR-05, PR-08, PR-09, PR-25, PR-28, PR-31]', async () => {
    const words = new Words();
    const struck = new Map<string, number>();
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(
        setCase,
        fc.array(crash, { minLength: 2, maxLength: 4 }),
        async (given, crashes) => {
          const seen = await observe(given, {
            readsGoThrough: true,
            called: (stage, call) => {
              for (const one of crashes.filter(({ at }) => at === call)) {
                const phase = call.split(' ')[0] ?? '';
                struck.set(phase, (struck.get(phase) ?? 0) + 1);
                strike(one, () => crashSubtree(stage, given, one.whose));
              }
            },
          });
          cases += 1;
          words.note(seen.word);
          expect(brokenLaws(new Run(given, seen))).toEqual([]);
        },
      ),
      runs(),
    );
    expect(words.rare).toEqual([]);
    for (const phase of ['isSetOk', 'set', 'undo', 'rollback']) {
      expect(`${phase} ${(struck.get(phase) ?? 0) / cases >= 0.05}`).toBe(`${phase} true`);
    }
  });

  /**
   * Invariant: after the restart the values are the old ones or the new ones, and what was reserved
   * is free: the same SET, with functions that do as they should, is done.
   */
  it('the coordinator crashes, at any position, is done or not; nothing stays reserved [PR-30]', async () => {
    const words = new Words();
    let restarts = 0;
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(setCase, crash, async (given, one) => {
        let hasCrashed = false;
        let isFree = false;
        const seen = await observe(given, {
          called: (_stage, call) => {
            if (call !== one.at) return;
            hasCrashed = true;
            strike(one, () => masters.crash());
          },
          after: async (stage) => {
            // Its supervisor bears three crashes in this time.
            await stage.clock.advanceAsync(60_001);
            stage.scripts.clear();
            const answer = await stage.set(...given.instances.map((name) => [name, 7] as const));
            isFree = answer === 'noError/0';
          },
        });
        cases += 1;
        // What was started after it is stopped in order, and started anew with it.
        if (hasCrashed && seen.trace.some((line) => line.startsWith('delete '))) restarts += 1;
        words.note(seen.word);
        const run = new Run(given, seen);
        expect(brokenLaws(run)).toEqual([]);
        // A mixture only where a function could not put back what it had set, which is told.
        expect(cannotGoBack.broken(run)).toBeUndefined();
        if (seen.status !== 'undoFailed') expect(run.isUnchanged() || run.isOverlaid()).toBe(true);
        expect(isFree).toBe(true);
      }),
      runs(),
    );
    expect(words.rare).toEqual([]);
    expect(restarts / cases).toBeGreaterThan(0.2);
  });
});
