import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { scalar } from '../../src/instrumentation/index.js';
import { runs } from '../support/arbitraries.js';
import { instance } from '../support/set-module.js';
import { answers, SetStage, type Act, type Script } from '../support/set-stage.js';
import { integer, status } from '../support/snmp-client.js';

const SUBTREES = ['s1', 's2'];
const CELLS = SUBTREES.flatMap((subtree) => ['A', 'B', 'C'].map((scalar) => subtree + scalar));

/** A function that reads takes no longer. */
const MAX_GET_MS = 25;

interface OneSet {
  readonly startMs: number;
  readonly cells: readonly string[];
  readonly scripts: readonly Script[];
}

interface OneRead {
  readonly startMs: number;
  readonly cells: readonly string[];
}

interface Scene {
  /** How long the get function of a cell takes; without it answers at once. */
  readonly getMs: Readonly<Record<string, number>>;
  readonly sets: readonly OneSet[];
  readonly reads: readonly OneRead[];
}

const startMs = fc.integer({ min: 0, max: 120 });
const delayed = (act: Act): fc.Arbitrary<Act> =>
  fc
    .option(fc.integer({ min: 0, max: 30 }), { nil: undefined })
    .map((delayMs) => (delayMs === undefined ? act : { ...act, delayMs }));
const good = delayed(answers('noError'));
const script: fc.Arbitrary<Script> = fc.record({
  isSetOk: good,
  set: fc.oneof(
    { weight: 6, arbitrary: good },
    { weight: 1, arbitrary: delayed(answers('commitFailed')) },
  ),
  rollback: good,
});

const someCells = (maxLength: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...CELLS), { minLength: 1, maxLength });

/** Six SETs at most: a read that each of them comes in between of is begun again in time. */
const scene: fc.Arbitrary<Scene> = fc.record({
  getMs: fc
    .dictionary(fc.constantFrom(...CELLS), fc.integer({ min: 0, max: MAX_GET_MS }))
    .map((given) => ({ ...given })),
  sets: fc.array(
    someCells(4).chain((cells) =>
      fc.record({
        startMs,
        cells: fc.constant(cells),
        scripts: fc.tuple(...cells.map(() => script)),
      }),
    ),
    { minLength: 1, maxLength: 6 },
  ),
  reads: fc.array(fc.record({ startMs, cells: someCells(6) }), { minLength: 1, maxLength: 6 }),
});

interface DoneSet {
  readonly status: string;
  /** Order of arrival; on one subtree the order in which they run. */
  readonly place: number;
  readonly endedMs: number;
}

interface DoneRead {
  readonly given: OneRead;
  readonly status: string;
  readonly endedMs: number;
  readonly values: ReadonlyMap<string, number>;
}

interface Seen {
  readonly sets: readonly (DoneSet | undefined)[];
  readonly reads: readonly DoneRead[];
}

let shared: SetStage | undefined;
afterAll(async () => {
  await shared?.[Symbol.asyncDispose]();
});

const valueOf = (set: number): number => 100 + set;
const setOf = (value: number): number => value - 100;

async function play(given: Scene): Promise<Seen> {
  const stage = (shared ??= await SetStage.open());
  for (const subtree of SUBTREES) {
    await stage.load(subtree, { [`${subtree}A`]: {}, [`${subtree}B`]: {}, [`${subtree}C`]: {} });
  }
  try {
    return await playOn(stage, given);
  } finally {
    for (const subtree of SUBTREES) await stage.until(stage.agent.unload(subtree));
    stage.scripts.clear();
    stage.values.clear();
  }
}

async function playOn(stage: SetStage, given: Scene): Promise<Seen> {
  const { clock, client } = stage;
  const begunMs = clock.nowMs();
  const sets: (DoneSet | undefined)[] = given.sets.map(() => undefined);
  const reads: DoneRead[] = [];
  const pending: Promise<unknown>[] = [];
  let arrivals = 0;
  for (const [cell, delayMs] of Object.entries(given.getMs)) {
    stage.scripts.set(cell, { get: { ends: 'returns', delayMs } });
  }
  for (const [i, { cells, scripts, startMs: at }] of given.sets.entries()) {
    for (const [k, cell] of cells.entries()) {
      stage.scripts.set(`${cell} ${valueOf(i)}`, scripts[k] ?? {});
    }
    clock.startTimer(at, () => {
      const place = arrivals++;
      const names = cells.map((cell) => [instance(cell), integer(valueOf(i))] as const);
      pending.push(
        client.set(...names).then((answer) => {
          const status = answer?.errorStatus ?? 'silence';
          sets[i] = { status, place, endedMs: clock.nowMs() - begunMs };
        }),
      );
    });
  }
  for (const one of given.reads) {
    clock.startTimer(one.startMs, () => {
      pending.push(
        client.get(...one.cells.map(instance)).then((answer) => {
          const values = (answer?.varBinds ?? []).map(({ value }) =>
            'value' in value ? Number(value.value) : -1,
          );
          reads.push({
            given: one,
            status: answer?.errorStatus ?? 'silence',
            endedMs: clock.nowMs() - begunMs,
            values: new Map(one.cells.map((cell, k) => [cell, values[k] ?? -1])),
          });
        }),
      );
    });
  }
  await clock.advanceAsync(121);
  await stage.until(Promise.all(pending));
  return { sets, reads };
}

/**
 * Invariant: nothing crashes here, so every read is answered with values, soon after the last SET
 * at the latest; they are of one point in time, between its request and its response: of each SET
 * all or nothing, nothing of one that failed, nothing older than what had been acknowledged. Model:
 * the SETs' own answers. Generator: SETs and reads of the same subtrees at once, functions that
 * answer at once or later. Coverage: reads that saw a SET, and functions that take their time.
 */
it('a read beside SETs is answered, of one point in time, and not of an old one [PR-19, PR-20, docs/set.md 4]', async () => {
  let cases = 0;
  let sawSome = 0;
  let mixedTurns = 0;
  await fc.assert(
    fc.asyncProperty(scene, async (given) => {
      const { sets, reads } = await play(given);
      expect(reads).toHaveLength(given.reads.length);
      const places = new Map(sets.map((one, i) => [valueOf(i), one?.place ?? -1]));
      const place = (value: number): number => places.get(value) ?? -1;
      let hasSeen = false;
      const lastMs = Math.max(...sets.map((one) => one?.endedMs ?? Infinity));
      for (const { given: asked, status, values, endedMs } of reads) {
        expect(status).toBe('noError');
        // Once for what had begun before the last SET ended, and once more.
        expect(endedMs).toBeLessThanOrEqual(Math.max(asked.startMs, lastMs) + 2 * MAX_GET_MS);
        for (const [cell, value] of values) {
          if (value !== 0) expect(sets[setOf(value)]?.status).toBe('noError');
          hasSeen ||= value !== 0;
          for (const [i, done] of sets.entries()) {
            const isOld = done?.status === 'noError' && done.endedMs < asked.startMs;
            if (!isOld || given.sets[i]?.cells.includes(cell) !== true) continue;
            expect(place(value)).toBeGreaterThanOrEqual(done.place);
          }
        }
        for (const [i, done] of sets.entries()) {
          if (done?.status !== 'noError') continue;
          const common = given.sets[i]?.cells.filter((cell) => values.has(cell)) ?? [];
          const isAfter = common.map((cell) => place(values.get(cell) ?? 0) >= done.place);
          expect(new Set(isAfter).size).toBeLessThanOrEqual(1);
        }
      }
      cases += 1;
      if (hasSeen) sawSome += 1;
      if (Object.keys(given.getMs).length > 0) mixedTurns += 1;
    }),
    runs(),
  );
  expect(Math.min(sawSome, mixedTurns) / cases).toBeGreaterThan(0.3);
});

/**
 * Invariant: SETs that queue up keep no read from its turn. Generator: more SETs of one subtree than
 * a read is begun again, one after another without a pause; reads of what the runtime keeps.
 */
it('a read has its turn between SETs that queue up [PR-20, docs/set.md 4]', async () => {
  let waited = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 10, maxLength: 14 }),
      fc.array(fc.nat(60), { minLength: 1, maxLength: 5 }),
      async (setsMs, readsMs) => {
        const stage = (shared ??= await SetStage.open());
        const { clock, client } = stage;
        const name = instance('s1A');
        const takingItsTime = (value: number): Promise<void> =>
          new Promise((resolve) => {
            clock.startTimer(setsMs[setOf(value)] ?? 0, resolve);
          });
        await stage.load('s1', {}, { s1A: scalar.stored<number>({ onSet: takingItsTime }) });
        try {
          const sets = setsMs.map((_, i) => client.set([name, integer(valueOf(i))]));
          const reads: Promise<string>[] = [];
          for (const atMs of readsMs) {
            clock.startTimer(atMs, () => {
              if (stage.agent.metrics().setsRunning > 0) waited += 1;
              reads.push(client.get(name).then((answer) => status(answer)));
            });
          }
          await clock.advanceAsync(61);
          for (const answer of await stage.until(Promise.all(sets))) {
            expect(status(answer)).toBe('noError/0');
          }
          for (const told of await stage.until(Promise.all(reads))) expect(told).toBe('noError/0');
        } finally {
          await stage.until(stage.agent.unload('s1'));
        }
      },
    ),
    runs(),
  );
  expect(waited).toBeGreaterThan(100);
});
