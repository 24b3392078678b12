import fc from 'fast-check';
import { SimulatedClock, type Timer } from '../../src/base/index.js';
import { instance } from '../support/set-module.js';
import { integer, type Answer } from '../support/snmp-client.js';
import {
  answers,
  never,
  rejects,
  SET_MS,
  SetStage,
  throws,
  type Act,
  type Script,
} from '../support/set-stage.js';

/*
 * Several SETs at once over shared and disjoint subtrees, reads beside them, and subtrees that
 * crash or are restarted in between. Rollback always works here, so every SET must be all or
 * nothing for everybody who looks.
 */

export const SUBTREES = ['s1', 's2', 's3'] as const;
export const CELLS = SUBTREES.flatMap((subtree) => [`${subtree}A`, `${subtree}B`]);
/** A read of this row throws. */
const POISON = 'X.9';

export interface OneSet {
  readonly startMs: number;
  /** In request order. */
  readonly cells: readonly string[];
  readonly scripts: readonly Script[];
}

export interface OneRead {
  readonly startMs: number;
  /** `bulk` reads all cells by one GETBULK. */
  readonly kind: 'get' | 'bulk';
  readonly cells: readonly string[];
}

export interface Disturbance {
  readonly startMs: number;
  readonly subtree: string;
  readonly kind: 'poison' | 'restart';
}

export interface Scene {
  readonly sets: readonly OneSet[];
  readonly reads: readonly OneRead[];
  readonly disturbances: readonly Disturbance[];
  /** How long a read of a cell takes; where there is nothing it is synchronous. */
  readonly readMs: Readonly<Record<string, number | undefined>>;
}

const delayed = (act: Act): fc.Arbitrary<Act> =>
  fc
    .option(fc.integer({ min: 0, max: 60 }), { nil: undefined })
    .map((delayMs) => (delayMs === undefined ? act : { ...act, delayMs }));

const good = delayed(answers('noError'));
const late = answers('noError', { delayMs: SET_MS + 20 });

const isSetOk = fc.oneof(
  { arbitrary: good, weight: 14 },
  { arbitrary: delayed(answers('inconsistentValue')), weight: 2 },
  { arbitrary: fc.constantFrom(throws, rejects, never, late), weight: 1 },
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
  { arbitrary: fc.constant(late), weight: 1 },
);

const script: fc.Arbitrary<Script> = fc.record({ isSetOk, set, undo: good, rollback: good });
const startMs = fc.integer({ min: 0, max: 150 });

const oneSet = (from: readonly string[]): fc.Arbitrary<OneSet> =>
  fc.uniqueArray(fc.constantFrom(...from), { minLength: 1, maxLength: 4 }).chain((chosen) =>
    fc.record({
      startMs,
      cells: fc.constant(chosen),
      scripts: fc.tuple(...chosen.map(() => script)),
    }),
  );

/** Reads go on for longer than SETs come: some of them see what was set. */
const readStartMs = fc.integer({ min: 0, max: 600 });

const oneRead = (from: readonly string[]): fc.Arbitrary<OneRead> =>
  fc.record({
    startMs: readStartMs,
    kind: fc.constant('get' as const),
    cells: fc.uniqueArray(fc.constantFrom(...from), { minLength: 2, maxLength: 6 }),
  });
const bulk: fc.Arbitrary<OneRead> = fc.record({
  startMs: readStartMs,
  kind: fc.constant('bulk' as const),
  cells: fc.constant(CELLS),
});

const disturbance = (subtrees: readonly string[]): fc.Arbitrary<Disturbance> =>
  fc.record({
    startMs,
    subtree: fc.constantFrom(...subtrees),
    kind: fc.constantFrom('poison', 'restart'),
  });

const readMs = fc.record(
  Object.fromEntries(
    CELLS.map((cell) => [cell, fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined })]),
  ),
);

export const scene: fc.Arbitrary<Scene> = fc.record({
  sets: fc.array(oneSet(CELLS), { minLength: 2, maxLength: 7 }),
  reads: fc.array(fc.oneof(oneRead(CELLS), bulk), { maxLength: 5 }),
  disturbances: fc.array(disturbance(SUBTREES), { maxLength: 3 }),
  readMs,
});

const cellsOf = (...subtrees: readonly string[]): string[] =>
  CELLS.filter((cell) => subtrees.some((subtree) => cell.startsWith(subtree)));

/** Requests that touch nothing but s1, and requests that do not touch it. */
export interface Split {
  readonly own: Scene;
  readonly others: Scene;
}

const part = (subtrees: readonly string[]): fc.Arbitrary<Scene> =>
  fc.record({
    sets: fc.array(oneSet(cellsOf(...subtrees)), { minLength: 1, maxLength: 4 }),
    reads: fc.array(oneRead(cellsOf(...subtrees)), { maxLength: 3 }),
    disturbances: fc.constant([]),
    readMs: fc.constant({}),
  });

/** What s1 does is mostly bad here: it hangs, and it crashes. */
export const split: fc.Arbitrary<Split> = fc.record({
  own: fc.record({
    sets: fc.array(
      oneSet(cellsOf('s1')).map(({ scripts, ...rest }): OneSet => ({
        ...rest,
        scripts: scripts.map((one, i) => (i === 0 ? { ...one, isSetOk: never } : one)),
      })),
      { minLength: 1, maxLength: 3 },
    ),
    reads: fc.array(oneRead(cellsOf('s1')), { maxLength: 2 }),
    disturbances: fc.array(disturbance(['s1']), { minLength: 1, maxLength: 4 }),
    readMs: fc.constant({}),
  }),
  others: part(['s2', 's3']),
});

/** The value that the i-th SET writes everywhere, and back. */
export const valueOf = (set: number): number => 100 + set;
export const setOf = (value: number): number => value - 100;

export interface SeenRead {
  readonly startedMs: number;
  readonly endedMs: number;
  readonly status: string;
  /** By cell; empty where there was an error. */
  readonly values: ReadonlyMap<string, number>;
  /** In the order of the response. */
  readonly names: readonly (readonly number[])[];
}

export interface Seen {
  /** By SET, in the order of the scene: `noError`, ... */
  readonly statuses: readonly string[];
  readonly indexes: readonly number[];
  readonly startedMs: readonly number[];
  readonly endedMs: readonly number[];
  /** Order of arrival: the indexes of the sets. */
  readonly arrived: readonly number[];
  /** In the order of the scene. */
  readonly reads: readonly SeenRead[];
  readonly trace: readonly string[];
  readonly state: ReadonlyMap<string, number>;
  readonly words: readonly string[];
  readonly leftovers: readonly string[];
  readonly defects: readonly string[];
  readonly mostWaiting: number;
  readonly crashes: number;
}

/**
 * Leaves some turns after each timer before time moves on: what takes a turn and no time, such as
 * the start of a SET that waited, must not find that much time has passed.
 */
class UnhurriedClock extends SimulatedClock {
  override startTimer(delayMs: number, fire: () => void): Timer {
    return super.startTimer(delayMs, () => {
      fire();
      for (let turn = 0; turn < 4; turn++) super.startTimer(0, () => undefined);
    });
  }
}

let shared: SetStage | undefined;

export async function closeScenes(): Promise<void> {
  await shared?.[Symbol.asyncDispose]();
  shared = undefined;
}

export async function play(given: Scene): Promise<Seen> {
  const stage = (shared ??= await SetStage.open({}, { clock: new UnhurriedClock() }));
  for (const subtree of SUBTREES) {
    await stage.load(subtree, {
      [`${subtree}A`]: {},
      [`${subtree}B`]: {},
      [`${subtree}Table`]: {},
    });
    stage.scripts.set(`${subtree}.9`, { get: throws });
  }
  for (const [cell, delayMs] of Object.entries(given.readMs)) {
    if (delayMs !== undefined) stage.scripts.set(cell, { get: { ends: 'returns', delayMs } });
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
  const began = clock.nowMs();
  const crashesBefore = agent.metrics().subtreeCrashes;
  const arrived: number[] = [];
  const pending: Promise<unknown>[] = [];
  const answered: { answer: Answer | undefined; startedMs: number; endedMs: number }[] = [];
  const reads: SeenRead[] = [];
  let mostWaiting = 0;
  const timed = async (
    request: Promise<Answer | undefined>,
    note: (answer: Answer | undefined, startedMs: number, endedMs: number) => void,
  ): Promise<void> => {
    const startedMs = clock.nowMs() - began;
    const answer = await request;
    note(answer, startedMs, clock.nowMs() - began);
  };
  for (const [i, { cells: written, scripts, startMs: at }] of given.sets.entries()) {
    for (const [k, cell] of written.entries()) {
      stage.scripts.set(`${cell} ${valueOf(i)}`, scripts[k] ?? {});
    }
    clock.startTimer(at, () => {
      arrived.push(i);
      const names = written.map((cell) => [instance(cell), integer(valueOf(i))] as const);
      pending.push(
        timed(client.set(...names), (answer, startedMs, endedMs) => {
          answered[i] = { answer, startedMs, endedMs };
        }),
      );
      mostWaiting = Math.max(mostWaiting, agent.metrics().setsWaiting);
    });
  }
  for (const [i, one] of given.reads.entries()) {
    clock.startTimer(one.startMs, () => {
      const request =
        one.kind === 'get'
          ? client.get(...one.cells.map(instance))
          : client.getBulk(0, CELLS.length, instance('s1A').slice(0, -2));
      pending.push(
        timed(request, (answer, startedMs, endedMs) => {
          reads[i] = toRead(answer, startedMs, endedMs);
        }),
      );
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
    statuses: given.sets.map((_, i) => answered[i]?.answer?.errorStatus ?? 'unanswered'),
    indexes: given.sets.map((_, i) => answered[i]?.answer?.errorIndex ?? -1),
    startedMs: given.sets.map((_, i) => answered[i]?.startedMs ?? -1),
    endedMs: given.sets.map((_, i) => answered[i]?.endedMs ?? -1),
    arrived,
    reads,
    trace: stage.takeTrace(),
    state: new Map(stage.values),
    words: stage.told
      .filter((line) => line.startsWith('set:finished'))
      .map((line) => line.split(' ')[1] ?? ''),
    leftovers,
    defects: stage.told.filter((line) => line.startsWith('agent:defect')),
    mostWaiting,
    crashes: agent.metrics().subtreeCrashes - crashesBefore,
  };
}

const CELL_NAMES = new Map(CELLS.map((cell) => [instance(cell).join('.'), cell]));

function toRead(answer: Answer | undefined, startedMs: number, endedMs: number): SeenRead {
  const varBinds = answer?.errorStatus === 'noError' ? answer.varBinds : [];
  const values = new Map<string, number>();
  for (const { name, value } of varBinds) {
    const cell = CELL_NAMES.get(name.join('.'));
    if (cell !== undefined && value.type === 'Integer32') values.set(cell, value.value);
  }
  return {
    startedMs,
    endedMs,
    status: answer?.errorStatus ?? 'silence',
    values,
    names: varBinds.map(({ name }) => name),
  };
}
