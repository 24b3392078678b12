import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { instance } from '../support/set-module.js';
import { integer } from '../support/snmp-client.js';
import {
  answers,
  never,
  rejects,
  SetStage,
  throws,
  type Act,
  type Script,
} from '../support/set-stage.js';
import { runs } from '../support/arbitraries.js';

/*
 * Several SETs at once over shared and disjoint subtrees, reads beside them, and subtrees that
 * crash or are restarted in between. Rollback always works here, so every SET must be all or
 * nothing for everybody who looks.
 */

const SUBTREES = ['s1', 's2', 's3'];
const CELLS = SUBTREES.flatMap((subtree) => [`${subtree}A`, `${subtree}B`]);
/** A read of it throws. */
const POISON = 'C';

interface OneSet {
  readonly startMs: number;
  /** In request order. */
  readonly cells: readonly string[];
  readonly scripts: readonly Script[];
}

interface OneRead {
  readonly startMs: number;
  readonly cells: readonly string[];
}

interface Disturbance {
  readonly startMs: number;
  readonly subtree: string;
  readonly kind: 'poison' | 'restart';
}

interface Scene {
  readonly sets: readonly OneSet[];
  readonly reads: readonly OneRead[];
  readonly disturbances: readonly Disturbance[];
}

const delayed = (act: Act): fc.Arbitrary<Act> =>
  fc
    .option(fc.integer({ min: 0, max: 60 }), { nil: undefined })
    .map((delayMs) => (delayMs === undefined ? act : { ...act, delayMs }));

const good = delayed(answers('noError'));

const isSetOk = fc.oneof(
  { arbitrary: good, weight: 14 },
  { arbitrary: delayed(answers('inconsistentValue')), weight: 2 },
  { arbitrary: fc.constantFrom(throws, rejects, never), weight: 1 },
);

const set = fc.oneof(
  { arbitrary: good, weight: 12 },
  { arbitrary: delayed(answers('commitFailed')), weight: 2 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom(throws, rejects, never), fc.boolean())
      .map(([act, effect]): Act => ({ ...act, effect })),
    weight: 1,
  },
);

const script: fc.Arbitrary<Script> = fc.record({ isSetOk, set, undo: good, rollback: good });

const startMs = fc.integer({ min: 0, max: 150 });
const cells = fc.uniqueArray(fc.constantFrom(...CELLS), { minLength: 1, maxLength: 4 });

const scene: fc.Arbitrary<Scene> = fc.record({
  sets: fc.array(
    cells.chain((chosen) =>
      fc.record({
        startMs,
        cells: fc.constant(chosen),
        scripts: fc.tuple(...chosen.map(() => script)),
      }),
    ),
    { minLength: 2, maxLength: 7 },
  ),
  reads: fc.array(
    fc.record({
      // Reads go on for longer than SETs come: some of them see what was set.
      startMs: fc.integer({ min: 0, max: 600 }),
      cells: fc.uniqueArray(fc.constantFrom(...CELLS), { minLength: 2, maxLength: 6 }),
    }),
    { maxLength: 5 },
  ),
  disturbances: fc.array(
    fc.record({
      startMs,
      subtree: fc.constantFrom(...SUBTREES),
      kind: fc.constantFrom('poison', 'restart'),
    }),
    { maxLength: 3 },
  ),
});

/** The value that the i-th SET writes everywhere, and back. */
const valueOf = (set: number): number => 100 + set;
const setOf = (value: number): number => value - 100;

interface Seen {
  /** By SET, in order of arrival: `noError`, ... */
  readonly statuses: readonly string[];
  /** Order of arrival: the indexes of the sets. */
  readonly arrived: readonly number[];
  /** Values by cell, for each read that got any. */
  readonly reads: readonly ReadonlyMap<string, number>[];
  readonly trace: readonly string[];
  readonly state: ReadonlyMap<string, number>;
  readonly words: readonly string[];
  readonly leftovers: readonly string[];
  readonly defects: readonly string[];
  readonly mostWaiting: number;
}

let shared: SetStage | undefined;
afterAll(async () => {
  await shared?.[Symbol.asyncDispose]();
});

async function play(given: Scene): Promise<Seen> {
  const stage = (shared ??= await SetStage.open());
  for (const subtree of SUBTREES) {
    await stage.load(subtree, { [`${subtree}A`]: {}, [`${subtree}B`]: {}, [`${subtree}C`]: {} });
    stage.scripts.set(`${subtree}${POISON}`, { get: throws });
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
  const { clock, agent, client } = stage;
  stage.takeTrace();
  stage.told.length = 0;
  const statuses = new Map<number, string>();
  const arrived: number[] = [];
  const reads: Map<string, number>[] = [];
  const pending: Promise<unknown>[] = [];
  let mostWaiting = 0;
  for (const [i, { cells: written, scripts, startMs: at }] of given.sets.entries()) {
    for (const [k, cell] of written.entries()) {
      stage.scripts.set(`${cell} ${valueOf(i)}`, scripts[k] ?? {});
    }
    clock.startTimer(at, () => {
      arrived.push(i);
      const names = written.map((cell) => [instance(cell), integer(valueOf(i))] as const);
      const request = client.set(...names);
      pending.push(request.then((answer) => statuses.set(i, answer?.errorStatus ?? 'silence')));
      mostWaiting = Math.max(mostWaiting, agent.metrics().setsWaiting);
    });
  }
  for (const { cells: read, startMs: at } of given.reads) {
    clock.startTimer(at, () => {
      const request = client.get(...read.map(instance)).then((answer) => {
        if (answer?.errorStatus !== 'noError') return;
        const values = answer.varBinds.map(({ value }) => ('value' in value ? value.value : -1));
        reads.push(new Map(read.map((cell, k) => [cell, Number(values[k])])));
      });
      pending.push(request);
    });
  }
  for (const { subtree, kind, startMs: at } of given.disturbances) {
    clock.startTimer(at, () => {
      pending.push(
        kind === 'poison' ? client.get(instance(subtree + POISON)) : agent.restart(subtree),
      );
    });
  }
  await clock.advanceAsync(610);
  await stage.until(Promise.all(pending));
  const leftovers = await stage.leftovers();
  return {
    statuses: given.sets.map((_, i) => statuses.get(i) ?? 'unanswered'),
    arrived,
    reads,
    trace: stage.takeTrace().filter((line) => !/^(new|delete) /.test(line)),
    state: new Map(stage.values),
    words: stage.told
      .filter((line) => line.startsWith('set:finished'))
      .map((line) => line.split(' ')[1] ?? ''),
    leftovers,
    defects: stage.told.filter((line) => line.startsWith('agent:defect')),
    mostWaiting,
  };
}

interface Call {
  readonly operation: string;
  readonly cell: string;
  readonly set: number;
}

function calls(trace: readonly string[]): Call[] {
  return trace.map((line) => {
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

/** PR-16: on one subtree, SETs run one after another, in order of arrival. */
function checkOrder({ trace, arrived }: Seen): void {
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

/** PR-07, PR-08: what is there in the end is what the answers say. */
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

/** PR-19, PR-20: a read sees of every SET all that it asked for, or nothing; none that failed. */
function checkReads(given: Scene, { reads, statuses, arrived }: Seen): void {
  const place = (value: number): number => (value === 0 ? -1 : arrived.indexOf(setOf(value)));
  for (const read of reads) {
    for (const value of read.values()) {
      if (value !== 0) expect(statuses[setOf(value)]).toBe('noError');
    }
    for (const [i, { cells: written }] of given.sets.entries()) {
      if (statuses[i] !== 'noError') continue;
      const shared = written.filter((cell) => read.has(cell));
      const seen = shared.map((cell) => place(read.get(cell) ?? 0) >= arrived.indexOf(i));
      expect(new Set(seen).size).toBeLessThanOrEqual(1);
    }
  }
}

describe('several SETs, reads beside them, and subtrees that crash in between', () => {
  it('are all answered, in order per subtree, all or nothing for whoever looks [PR-16..PR-20, PR-24, PR-25, PR-31, SUP-033]', async () => {
    const words = new Map<string, number>();
    let waited = 0;
    let disturbed = 0;
    let sawSome = 0;
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(scene, async (given) => {
        cases += 1;
        const seen = await play(given);
        expect(seen.defects).toEqual([]);
        expect(seen.leftovers).toEqual([]);
        expect(seen.statuses).not.toContain('unanswered');
        expect(seen.statuses).not.toContain('undoFailed');
        expect(seen.words).toHaveLength(given.sets.length);
        checkSequences(given, seen);
        checkOrder(seen);
        checkState(given, seen);
        checkReads(given, seen);
        for (const word of seen.words) words.set(word, (words.get(word) ?? 0) + 1);
        if (seen.mostWaiting > 0) waited += 1;
        if (given.disturbances.length > 0) disturbed += 1;
        if (seen.reads.some((read) => [...read.values()].some((value) => value > 0))) sawSome += 1;
      }),
      runs(250),
    );
    const total = [...words.values()].reduce((sum, count) => sum + count, 0);
    for (const word of ['committed', 'refused', 'rolledBack']) {
      expect(`${word} ${(words.get(word) ?? 0) / total >= 0.05}`).toBe(`${word} true`);
    }
    expect(Math.min(waited, disturbed, sawSome) / cases).toBeGreaterThan(0.2);
  });
});
