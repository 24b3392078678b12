import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { hurried, modelGroups, permuted, setCase, setCaseFor, type SetCase } from './set-cases.js';
import { LAWS, Run } from './set-laws.js';
import { expectedOf, type Expected } from './set-model.js';
import { closeShared, observe, type Observed } from './set-observed.js';

/** How often each class came up; asserted, or the important paths are tested by accident. */
class Coverage {
  readonly #counts = new Map<string, number>();
  #runs = 0;

  note(name: string): void {
    this.#runs += 1;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  share(name: string): number {
    return (this.#counts.get(name) ?? 0) / Math.max(this.#runs, 1);
  }
}

function expected(given: SetCase): Expected {
  return expectedOf(modelGroups(given), new Map(Object.entries(given.before)));
}

const sorted = (values: ReadonlyMap<string, unknown>): unknown[] =>
  [...values].toSorted(([left], [right]) => (left < right ? -1 : 1));

/** The calls of one subtree; `new` and `delete` apart. */
function callsOf({ trace }: Observed, subtree: string): string[] {
  return trace.filter(
    (line) => line.split(' ')[1]?.startsWith(subtree) && !/^(new|delete) /.test(line),
  );
}

function check(given: SetCase, seen: Observed): Expected {
  const model = expected(given);
  expect(seen.defects).toEqual([]);
  expect(`${seen.word} ${seen.status}/${seen.index}`).toBe(
    `${model.word} ${model.status}/${model.index}`,
  );
  expect(sorted(seen.state)).toEqual(sorted(model.state));
  for (const [subtree, calls] of model.calls) expect(callsOf(seen, subtree)).toEqual(calls);
  for (const [subtree, restarts] of model.restarts) {
    const started = seen.trace.filter((line) => line === `new ${subtree}`);
    expect(`${subtree} ${started.length}`).toBe(`${subtree} ${restarts}`);
  }
  return model;
}

const SAMPLE = runs(300);
/** BOUNDED by SAMPLE's runs. */
let sampled: Promise<readonly Run[]> | undefined;

/** All laws look at the same runs: each case is made once, and run once. */
function sample(): Promise<readonly Run[]> {
  sampled ??= (async () => {
    const all: Run[] = [];
    for (const given of fc.sample(setCase, SAMPLE)) all.push(await run(given));
    return all;
  })();
  return sampled;
}

async function run(given: SetCase): Promise<Run> {
  return new Run(given, await observe(given));
}

afterAll(async () => {
  sampled = undefined;
  await closeShared();
});

describe('a SET over random subtrees, rows and columns, with functions that do anything', () => {
  /**
   * Invariant: answer, values, calls and restarts are those of the model (docs/set.md in one page).
   * Coverage: each of the four ends in at least 5 % of the runs.
   */
  it('comes to what the model says [PR-01, PR-02, PR-03, PR-04, PR-05, PR-06, PR-07, PR-08, PR-09, PR-10, PR-11, PR-25, PR-26, PR-27, PR-28, PR-29]', async () => {
    const coverage = new Coverage();
    try {
      for (const { given, seen } of await sample()) coverage.note(check(given, seen).word);
    } catch (broken) {
      // The smallest case that breaks it tells most.
      await fc.assert(
        fc.asyncProperty(setCase, async (given) => void check(given, await observe(given))),
        SAMPLE,
      );
      throw broken;
    }
    for (const word of ['committed', 'refused', 'rolledBack', 'inDoubt']) {
      expect(`${word} ${coverage.share(word) >= 0.05}`).toBe(`${word} true`);
    }
  });

  /**
   * Invariant: the law. Coverage: enough runs put it to the test, and of these each end that it
   * can come to has at least 5 %.
   */
  it.each(LAWS.map((law) => [law.title, law] as const))('%s', async (_title, law) => {
    const { words, reaches, broken } = law;
    const coverage = new Coverage();
    let reached = 0;
    const all = await sample();
    if (all.some((one) => broken(one) !== undefined)) {
      // The smallest case that breaks it tells most.
      await fc.assert(
        fc.asyncProperty(setCase, async (given) =>
          expect(broken(await run(given))).toBeUndefined(),
        ),
        SAMPLE,
      );
    }
    for (const one of all) {
      expect(broken(one)).toBeUndefined();
      if (!reaches(one)) continue;
      reached += 1;
      coverage.note(one.seen.word);
    }
    expect(reached / SAMPLE.numRuns).toBeGreaterThan(0.01);
    for (const word of words) {
      expect(`${word} ${coverage.share(word) >= 0.05}`).toBe(`${word} true`);
    }
  });

  /** Metamorphic: delays below the deadline, and hence the order of answers, change nothing. */
  it('comes to the same in any order of answers [PR-12]', async () => {
    let cases = 0;
    let delayed = 0;
    const coverage = new Coverage();
    await fc.assert(
      fc.asyncProperty(setCase, async (given) => {
        const [slow, quick] = [await observe(given), await observe(hurried(given))];
        cases += 1;
        coverage.note(slow.word);
        if (JSON.stringify(given) !== JSON.stringify(hurried(given))) delayed += 1;
        expect([quick.status, quick.index, quick.word]).toEqual([
          slow.status,
          slow.index,
          slow.word,
        ]);
        expect(sorted(quick.state)).toEqual(sorted(slow.state));
        for (const subtree of ['s1', 's2', 's3', 's4']) {
          expect(callsOf(quick, subtree)).toEqual(callsOf(slow, subtree));
        }
      }),
      runs(),
    );
    expect(delayed / cases).toBeGreaterThan(0.5);
    for (const word of ['committed', 'refused', 'rolledBack', 'inDoubt']) {
      expect(`${word} ${coverage.share(word) >= 0.05}`).toBe(`${word} true`);
    }
  });

  /** Metamorphic: the order of varbinds decides nothing but the index that a failure is told by. */
  it('comes to the same in any order of varbinds, where at most one function fails [PR-13]', async () => {
    const coverage = new Coverage();
    // Of the cases with one failure the good ones are left over: the others are drawn more often.
    const single = setCaseFor('committed', 'refused', 'refused', 'rolledBack', 'rolledBack')
      .filter((given) => failuresIn(given) <= 1 && canAllRollBack(given))
      .chain((given) =>
        fc.record({
          given: fc.constant(given),
          order: fc.shuffledSubarray(
            given.instances.map((_, i) => i),
            { minLength: given.instances.length },
          ),
        }),
      );
    await fc.assert(
      fc.asyncProperty(single, async ({ given, order }) => {
        const turned = permuted(given, order);
        const [straight, moved] = [await observe(given), await observe(turned)];
        coverage.note(straight.word);
        expect(moved.word).toBe(straight.word);
        expect(moved.status).toBe(straight.status);
        expect(moved.index).toBe(expected(turned).index);
        expect(sorted(moved.state)).toEqual(sorted(straight.state));
      }),
      runs(),
    );
    for (const word of ['committed', 'refused', 'rolledBack']) {
      expect(`${word} ${coverage.share(word) >= 0.05}`).toBe(`${word} true`);
    }
  });
});

/** How many functions of a case do not do as they should, in the phases that decide. */
function failuresIn(given: SetCase): number {
  return Object.values(given.groups).filter(
    ({ vote, set, rollback }) =>
      vote.ending.kind !== 'yes' || set.ending.kind !== 'yes' || rollback.ending.kind !== 'yes',
  ).length;
}

/** What cannot be rolled back may have been set or not when another one fails: by its place. */
function canAllRollBack(given: SetCase): boolean {
  return modelGroups(given).every(({ rollsBack }) => rollsBack !== 'no');
}
