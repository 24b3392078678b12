import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { SET_MS } from '../support/set-stage.js';
import {
  closeShared,
  hurried,
  modelGroups,
  observe,
  permuted,
  setCase,
  type Observed,
  type SetCase,
} from './set-cases.js';
import { expectedOf, type Expected } from './set-model.js';

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
  // PR-31: nothing is left of it.
  expect(seen.leftovers).toEqual([]);
  return model;
}

/** PR-02, over all subtrees: nothing is set before the last vote was asked. */
function checkPhases({ trace }: Observed): void {
  const firstSet = trace.findIndex((line) => line.startsWith('set '));
  const lastVote = trace.findLastIndex((line) => line.startsWith('isSetOk '));
  if (firstSet >= 0) expect(firstSet).toBeGreaterThan(lastVote);
}

/** PR-08, PR-09: what the manager is told is true of the values, whatever any model says. */
function checkTruth(given: SetCase, { status, index, state }: Observed): void {
  const before = sorted(new Map(Object.entries(given.before)));
  if (status === 'undoFailed') expect(index).toBe(0);
  else if (status === 'noError') {
    for (const group of modelGroups(given)) {
      for (const { cell, value } of group.changes) expect(state.get(cell)).toBe(value);
    }
  } else expect(sorted(state)).toEqual(before);
}

/** PR-33: every phase has one deadline, and every undo or rollback its own. */
function checkTime(given: SetCase, { tookMs, word }: Observed): void {
  const undone = word === 'committed' ? 0 : Object.keys(given.groups).length;
  expect(tookMs).toBeLessThanOrEqual((2 + undone) * SET_MS);
}

/** O2: a group hears isSetOk, then exactly one of set and undo, then at most one rollback. */
function checkSequences(given: SetCase, { trace }: Observed): void {
  for (const group of modelGroups(given)) {
    const heard = trace
      .filter((line) => line.split(' ')[1] === group.name)
      .map((line) => line.split(' ')[0])
      .join(' ');
    expect(heard).toMatch(/^(isSetOk)? ?(undo|set( rollback| setBack)?)?$/);
    if (group.hasIsSetOk && group.hasUndo && heard.startsWith('isSetOk')) {
      const saidYes = group.vote.kind === 'yes';
      expect(`${group.name} ${/undo|set( |$)/.test(heard.slice('isSetOk'.length))}`).toBe(
        `${group.name} ${saidYes}`,
      );
    }
  }
}

afterAll(closeShared);

describe('a SET over random subtrees, rows and columns, with functions that do anything', () => {
  /**
   * Invariant: answer, values, calls and restarts are those of the model (SET.md in one page).
   * Coverage: each of the four ends in at least 5 % of the runs.
   */
  it('comes to what the model says [PR-01..PR-11, PR-25..PR-29, PR-31, PR-33]', async () => {
    const coverage = new Coverage();
    await fc.assert(
      fc.asyncProperty(setCase, async (given) => {
        const seen = await observe(given);
        coverage.note(check(given, seen).word);
        checkPhases(seen);
        checkTruth(given, seen);
        checkSequences(given, seen);
        checkTime(given, seen);
      }),
      runs(300),
    );
    for (const word of ['committed', 'refused', 'rolledBack', 'inDoubt']) {
      expect(`${word} ${coverage.share(word) >= 0.05}`).toBe(`${word} true`);
    }
  });

  /** Metamorphic: delays below the deadline, and hence the order of answers, change nothing. */
  it('comes to the same in any order of answers [PR-12]', async () => {
    let cases = 0;
    let delayed = 0;
    await fc.assert(
      fc.asyncProperty(setCase, async (given) => {
        const [slow, quick] = [await observe(given), await observe(hurried(given))];
        cases += 1;
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
  });

  /** Metamorphic: the order of varbinds decides nothing but the index that a failure is told by. */
  it('comes to the same in any order of varbinds, where at most one function fails [PR-13]', async () => {
    const coverage = new Coverage();
    const single = setCase
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
    expect(coverage.share('committed')).toBeGreaterThan(0.05);
    expect(coverage.share('refused')).toBeGreaterThan(0.02);
    expect(coverage.share('rolledBack')).toBeGreaterThan(0.02);
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
