import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { compareOids } from '../../src/smi/index.js';
import { runs } from '../support/arbitraries.js';
import { SET_MS } from '../support/set-stage.js';
import { isLinearizable, type Operation } from './linearizable.js';
import {
  CELLS,
  closeScenes,
  play,
  scene,
  setOf,
  split,
  SUBTREES,
  valueOf,
  type Scene,
  type Seen,
} from './set-scenes.js';

const SAMPLE = runs();
type Played = readonly [given: Scene, seen: Seen];
/** BOUNDED by SAMPLE's runs. */
let sampled: Promise<readonly Played[]> | undefined;

/** All laws look at the same runs: each scene is made once, and played once. */
function sample(): Promise<readonly Played[]> {
  sampled ??= (async () => {
    const all: Played[] = [];
    for (const given of fc.sample(scene, SAMPLE)) all.push([given, await play(given)]);
    return all;
  })();
  return sampled;
}

/** Whether it holds; why it does not is said of the smallest scene that breaks it. */
async function checkAll(check: Check): Promise<void> {
  const all = await sample();
  try {
    for (const [given, seen] of all) check(given, seen);
  } catch (broken) {
    await fc.assert(
      fc.asyncProperty(scene, async (given) => check(given, await play(given))),
      SAMPLE,
    );
    throw broken;
  }
}

afterAll(async () => {
  sampled = undefined;
  await closeScenes();
});

interface Call {
  readonly operation: string;
  readonly cell: string;
  readonly set: number;
}

/** The calls of SETs; `new` and `delete` apart. */
function calls(trace: readonly string[]): Call[] {
  return trace
    .filter((line) => !/^(new|delete) /.test(line))
    .map((line) => {
      const [operation = '', cell = '', value] = line.split(' ');
      return { operation, cell, set: setOf(Number(value)) };
    });
}

/** Each group of each SET hears a legal sequence, and one that fits the answer. */
function checkSequences(given: Scene, { trace, statuses }: Seen): void {
  const all = calls(trace);
  for (const [i, { cells: written }] of given.sets.entries()) {
    for (const cell of written) {
      const heard = all
        .filter((call) => call.set === i && call.cell === cell)
        .map(({ operation }) => operation)
        .join(' ');
      const legal =
        statuses[i] === 'noError'
          ? /^isSetOk set$/
          : statuses[i] === 'commitFailed'
            ? /^isSetOk (undo|set( rollback)?)$/
            : /^(isSetOk( undo)?)?$/;
      expect(`${statuses[i]}: ${heard}`).toMatch(
        new RegExp(legal.source.replace('^', `^${statuses[i]}: `)),
      );
    }
  }
}

/** On one subtree, SETs run one after another, in order of arrival. */
function checkOrder(_given: Scene, { trace, arrived }: Seen): void {
  for (const subtree of SUBTREES) {
    const order: number[] = [];
    for (const { cell, set: one } of calls(trace)) {
      if (cell.startsWith(subtree) && order.at(-1) !== one) order.push(one);
    }
    // No SET comes back after another one: its calls are one block.
    expect(new Set(order).size).toBe(order.length);
    const places = order.map((one) => arrived.indexOf(one));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
  }
}

/** What is there in the end is what the answers say. */
function checkState(given: Scene, { statuses, arrived, state }: Seen): void {
  for (const cell of CELLS) {
    const last = arrived.findLast(
      (i) => statuses[i] === 'noError' && given.sets[i]?.cells.includes(cell) === true,
    );
    expect(`${cell}=${state.get(cell) ?? 0}`).toBe(
      `${cell}=${last === undefined ? 0 : valueOf(last)}`,
    );
  }
}

/** Of one request, values belong to one moment: of each SET all that was read, or nothing. */
function checkReads(kind: 'get' | 'bulk', given: Scene, seen: Seen): void {
  const { reads, statuses, arrived } = seen;
  const place = (value: number): number => (value === 0 ? -1 : arrived.indexOf(setOf(value)));
  for (const [k, { values }] of reads.entries()) {
    if (given.reads[k]?.kind !== kind) continue;
    for (const value of values.values()) {
      if (value !== 0) expect(statuses[setOf(value)]).toBe('noError');
    }
    for (const [i, { cells: written }] of given.sets.entries()) {
      if (statuses[i] !== 'noError') continue;
      const shared = written.filter((cell) => values.has(cell));
      const after = shared.map((cell) => place(values.get(cell) ?? 0) >= arrived.indexOf(i));
      expect(new Set(after).size).toBeLessThanOrEqual(1);
    }
  }
}

function checkBulks(given: Scene, seen: Seen): void {
  checkReads('bulk', given, seen);
  for (const [k, { names }] of seen.reads.entries()) {
    if (given.reads[k]?.kind !== 'bulk') continue;
    for (const [i, name] of names.entries()) {
      if (i > 0) expect(compareOids(name, names[i - 1] ?? [])).toBeGreaterThan(0);
    }
  }
}

/** What was answered can be explained by one order of SETs and reads that keeps to the clock. */
function checkHistory(given: Scene, seen: Seen): void {
  const writes = given.sets.flatMap(({ cells }, i): Operation[] =>
    seen.statuses[i] !== 'noError'
      ? []
      : [
          {
            kind: 'write',
            startedMs: seen.startedMs[i] ?? 0,
            endedMs: seen.endedMs[i] ?? 0,
            values: new Map(cells.map((cell) => [cell, valueOf(i)])),
          },
        ],
  );
  const reads = seen.reads
    .filter(({ values }) => values.size > 0)
    .map(({ startedMs, endedMs, values }): Operation => ({
      kind: 'read',
      startedMs,
      endedMs,
      values,
    }));
  expect(isLinearizable([...writes, ...reads])).toBe(true);
}

/** Nobody waits longer than all before it may take, and itself. */
function checkAnswered(given: Scene, seen: Seen): void {
  expect(seen.statuses).not.toContain('unanswered');
  for (const [i, { cells }] of given.sets.entries()) {
    const ahead = seen.arrived.indexOf(i);
    const mostMs = (ahead + 1) * (2 + 2 * cells.length) * SET_MS + 4 * SET_MS;
    expect((seen.endedMs[i] ?? 0) - (seen.startedMs[i] ?? 0)).toBeLessThanOrEqual(mostMs);
  }
}

/** `set` is never heard by an incarnation that did not vote. */
function checkIncarnations(given: Scene, { trace }: Seen): void {
  for (const [i, { cells }] of given.sets.entries()) {
    for (const cell of cells) {
      const vote = trace.indexOf(`isSetOk ${cell} ${valueOf(i)}`);
      const set = trace.indexOf(`set ${cell} ${valueOf(i)}`);
      if (vote < 0 || set < 0) continue;
      expect(trace.slice(vote, set)).not.toContain(`new ${cell.slice(0, 2)}`);
    }
  }
}

function checkLeftovers(_given: Scene, { leftovers, defects, words, statuses }: Seen): void {
  expect(defects).toEqual([]);
  expect(leftovers).toEqual([]);
  expect(words).toHaveLength(statuses.length);
  // Every rollback works here.
  expect(statuses).not.toContain('undoFailed');
}

type Check = (given: Scene, seen: Seen) => void;

const LAWS: readonly (readonly [title: string, check: Check])[] = [
  ['hear legal sequences that fit their answers [PR-01, PR-03, PR-24]', checkSequences],
  ['run one after another where they share a subtree, as they came [PR-16]', checkOrder],
  ['are all answered in bounded time, however they cross [PR-18]', checkAnswered],
  ['and GETs are strictly serialisable [PR-19]', checkHistory],
  ['leave what their answers say [PR-07, PR-08]', checkState],
  [
    'are seen by a GET as a whole, or not at all [PR-20]',
    (given, seen) => checkReads('get', given, seen),
  ],
  ['are seen by a GETBULK as a whole, or not at all, its names ascending [PR-21]', checkBulks],
  ['are set by the incarnation that voted [PR-25]', checkIncarnations],
  ['leave nothing behind, whatever crashed [SUP-033, PR-31]', checkLeftovers],
];

describe('several SETs, reads beside them, and subtrees that crash in between', () => {
  /**
   * Invariant: the law. Coverage: three of the four ends (rollback always works) in at least 5 %
   * of the SETs; waiting, crashes, and reads that see something in at least 20 % of the runs.
   */
  it.each(LAWS)('%s', async (_title, check) => {
    const words = new Map<string, number>();
    const share = { waited: 0, crashed: 0, sawSome: 0, sawInBulk: 0 };
    let cases = 0;
    await checkAll(check);
    for (const [given, seen] of await sample()) {
      cases += 1;
      for (const word of seen.words) words.set(word, (words.get(word) ?? 0) + 1);
      if (seen.mostWaiting > 0) share.waited += 1;
      if (seen.crashes > 0) share.crashed += 1;
      const saw = (kind: string): boolean =>
        seen.reads.some(
          ({ values }, k) =>
            given.reads[k]?.kind === kind && [...values.values()].some((value) => value > 0),
        );
      if (saw('get')) share.sawSome += 1;
      if (saw('bulk')) share.sawInBulk += 1;
    }
    const total = [...words.values()].reduce((sum, count) => sum + count, 0);
    for (const word of ['committed', 'refused', 'rolledBack']) {
      expect(`${word} ${(words.get(word) ?? 0) / total >= 0.05}`).toBe(`${word} true`);
    }
    for (const [what, count] of Object.entries(share)) {
      expect(`${what} ${count / cases > 0.2}`).toBe(`${what} true`);
    }
  });

  /**
   * Metamorphic: s1 hangs and crashes, the others are asked for what does not touch it. They answer
   * as they do without s1's requests and crashes, and after the same time.
   */
  it('answer as they would, and when they would, without those of a subtree that hangs or crashes [PR-17, PR-34]', async () => {
    const words = new Map<string, number>();
    let crashed = 0;
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(split, async ({ own, others }) => {
        const together = await play({
          ...others,
          sets: [...others.sets, ...own.sets],
          reads: [...others.reads, ...own.reads],
          disturbances: own.disturbances,
        });
        const alone = await play(others);
        cases += 1;
        if (together.crashes > alone.crashes) crashed += 1;
        const told = (seen: Seen): unknown => [
          others.sets.map((_, i) => [seen.statuses[i], seen.indexes[i], seen.endedMs[i]]),
          others.reads.map((_, k) => seen.reads[k]),
          CELLS.filter((cell) => !cell.startsWith('s1')).map((cell) => seen.state.get(cell)),
        ];
        expect(told(together)).toEqual(told(alone));
        for (const word of alone.words) words.set(word, (words.get(word) ?? 0) + 1);
      }),
      runs(),
    );
    const total = [...words.values()].reduce((sum, count) => sum + count, 0);
    for (const word of ['committed', 'refused', 'rolledBack']) {
      expect(`${word} ${(words.get(word) ?? 0) / total >= 0.05}`).toBe(`${word} true`);
    }
    expect(crashed / cases).toBeGreaterThan(0.5);
  });
});
