import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubtreeDefinition } from '../../src/agent-options.js';
import { table } from '../../src/instrumentation/index.js';
import { compareOids, type Oid } from '../../src/smi/index.js';
import { runs } from '../support/arbitraries.js';
import { instance, SETS_MIB, SUBTREES } from '../support/set-module.js';
import { integer, status } from '../support/snmp-client.js';
import { SetStage } from '../support/set-stage.js';

/*
 * Subtrees that come and go: by load and unload, by crashes beyond their intensity, by restart. The
 * model is a list of who is there, scanned from the front.
 */

const SCALARS = SUBTREES.flatMap((name) => ['A', 'B', 'C'].map((scalar) => name + scalar));

/** Which scalars each part serves: objects of several interleave, and two pairs overlap. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  p1: ['s1A', 's2B', 's4C'],
  p2: ['s1B', 's1C'],
  p3: ['s2A', 's2C', 's3A'],
  p4: ['s2A', 's4A'],
  p5: ['s3B'],
  p6: ['s3B', 's3C', 's4B'],
};
const NAMES = Object.keys(PARTS);

/** What a scalar of a part reads as: it names its owner. */
const valueOf = (part: string, scalar: string): number =>
  100 * NAMES.indexOf(part) + SCALARS.indexOf(scalar);

let stage: SetStage;
/** Parts whose functions throw. */
const poisoned = new Set<string>();
beforeAll(async () => {
  stage = await SetStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

function definition(part: string, terms: Partial<SubtreeDefinition> = {}): SubtreeDefinition {
  const functions = (scalar: string) => ({
    get: () => {
      if (poisoned.has(part)) throw new Error('poisoned');
      return valueOf(part, scalar);
    },
    set: () => 'noError' as const,
    rollback: () => 'noError' as const,
  });
  return {
    name: part,
    // The first crash is one too many.
    supervise: { intensity: 0, periodMs: 1000 },
    ...Object.fromEntries((PARTS[part] ?? []).map((scalar) => [scalar, functions(scalar)])),
    ...terms,
  };
}

/** Who is loaded, and whether it is there or was given up. */
type Model = Map<string, 'live' | 'givenUp'>;

const isTaken = (model: Readonly<Model>, part: string): boolean =>
  (PARTS[part] ?? []).some((scalar) => ownerOf(model, scalar) !== undefined);

function ownerOf(model: Readonly<Model>, scalar: string): string | undefined {
  return [...model].find(
    ([part, state]) => state === 'live' && PARTS[part]?.includes(scalar) === true,
  )?.[0];
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  stage.until(
    promise.then(
      () => 'done',
      (error: unknown) => String((error as { code?: unknown }).code),
    ),
  );

/** How often each outcome came up. */
const seen = new Map<string, number>();
const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);

type Command = fc.AsyncCommand<Model, SetStage>;

const load = (part: string): Command => ({
  check: () => true,
  run: async (model) => {
    const expected = model.has(part)
      ? 'SNMP_SUBTREE_NAME_TAKEN'
      : isTaken(model, part)
        ? 'SNMP_OID_CONFLICT'
        : 'done';
    expect(await codeOf(stage.agent.load(SETS_MIB, definition(part)))).toBe(expected);
    if (expected === 'done') model.set(part, 'live');
    note(`load ${expected}`);
  },
  toString: () => `load ${part}`,
});

const unload = (part: string): Command => ({
  check: () => true,
  run: async (model) => {
    const expected = model.delete(part) ? 'done' : 'SNMP_SUBTREE_UNKNOWN';
    expect(await codeOf(stage.agent.unload(part))).toBe(expected);
    note(`unload ${expected}`);
  },
  toString: () => `unload ${part}`,
});

const restart = (part: string): Command => ({
  check: (model) => model.has(part),
  run: async (model) => {
    const isBack = model.get(part) === 'givenUp';
    const expected = isBack && isTaken(model, part) ? 'SNMP_OID_CONFLICT' : 'done';
    expect(await codeOf(stage.agent.restart(part))).toBe(expected);
    if (expected === 'done') model.set(part, 'live');
    note(`restart ${isBack ? 'of one given up ' : ''}${expected}`);
  },
  toString: () => `restart ${part}`,
});

const crash = (part: string): Command => ({
  check: (model) => model.get(part) === 'live',
  run: async (model) => {
    poisoned.add(part);
    expect(await stage.get(PARTS[part]?.[0] ?? '')).toBe('genErr/1');
    poisoned.delete(part);
    await stage.clock.advanceAsync(0);
    model.set(part, 'givenUp');
    note('crash');
  },
  toString: () => `crash ${part}`,
});

const get = (scalar: string): Command => ({
  check: () => true,
  run: async (model) => {
    const owner = ownerOf(model, scalar);
    const expected = owner === undefined ? 'noSuchObject' : String(valueOf(owner, scalar));
    expect(await stage.get(scalar)).toBe(expected);
    note(owner === undefined ? 'get of nobody' : 'get');
  },
  toString: () => `get ${scalar}`,
});

const getNext = (scalar: string): Command => ({
  check: () => true,
  run: async (model) => {
    const asked = instance(scalar);
    const served = SCALARS.filter((one) => ownerOf(model, one) !== undefined)
      .map((one) => instance(one))
      .filter((name) => compareOids(name, asked) > 0);
    const answer = await stage.until(stage.client.getNext(asked));
    const [found] = answer?.varBinds ?? [];
    // Behind them there is the group of the agent itself, or nothing.
    const [next] = served;
    if (next === undefined) expect(SETS_NAMES).not.toContain(found?.name.join('.'));
    else expect(found?.name).toEqual(next);
    note(next === undefined ? 'getNext behind all' : 'getNext');
  },
  toString: () => `getNext ${scalar}`,
});

const SETS_NAMES = SCALARS.map((scalar) => instance(scalar).join('.'));

const set = (scalar: string): Command => ({
  check: () => true,
  run: async (model) => {
    const owner = ownerOf(model, scalar);
    const answer = await stage.until(stage.client.set([instance(scalar), integer(1)]));
    expect(status(answer)).toBe(owner === undefined ? 'notWritable/1' : 'noError/0');
    note(owner === undefined ? 'set of nobody' : 'set');
  },
  toString: () => `set ${scalar}`,
});

/** Those that overlap come up more often. */
const part = fc.constantFrom(...NAMES, 'p3', 'p4', 'p5', 'p6', 'p5', 'p6');
const scalar = fc.constantFrom(...SCALARS);
const commands = fc.commands(
  [
    part.map(load),
    part.map(load),
    part.map(unload),
    part.map(restart),
    part.map(restart),
    part.map(crash),
    part.map(crash),
    scalar.map(get),
    scalar.map(getNext),
    scalar.map(set),
  ],
  { maxCommands: 40, size: 'max' },
);

/** All that a run of commands can meet. */
const OUTCOMES = [
  'load done',
  'load SNMP_OID_CONFLICT',
  'load SNMP_SUBTREE_NAME_TAKEN',
  'unload done',
  'unload SNMP_SUBTREE_UNKNOWN',
  'restart done',
  'restart of one given up done',
  'restart of one given up SNMP_OID_CONFLICT',
  'crash',
  'get',
  'get of nobody',
  'getNext',
  'getNext behind all',
  'set',
  'set of nobody',
];

describe('the agent, through loads, unloads, crashes and restarts of subtrees', () => {
  /** Coverage: every outcome in OUTCOMES, three times at least. */
  it('routes every name to the one that serves it, and others to nobody [OTP-064, PR-55]', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (all) => {
        const model: Model = new Map();
        try {
          await fc.asyncModelRun(() => ({ model, real: stage }), all);
        } finally {
          poisoned.clear();
          for (const name of NAMES) await codeOf(stage.agent.unload(name));
          expect(await stage.leftovers()).toEqual([]);
        }
      }),
      runs(),
    );
    expect(OUTCOMES.filter((what) => (seen.get(what) ?? 0) < 3)).toEqual([]);
  });

  /**
   * Invariant: a subtree comes back after each crash that its intensity bears, is gone after one
   * more, and does not come back; the others answer at once throughout, none of them restarted.
   * Model: crashes within the period, by subtree. Coverage: given up, borne, and borne again after
   * the period; each of the three kinds of restart.
   */
  it('keeps to the intensity of each that crashes, and answers for the others throughout [SUP-021, SUP-023, PR-56]', async () => {
    const parts = ['p1', 'p2', 'p3', 'p6'] as const;
    const counts = { borne: 0, givenUp: 0, forgiven: 0, temporary: 0, crashes: 0 };
    const policy = fc.record({
      restart: fc.constantFrom('permanent' as const, 'transient' as const, 'temporary' as const),
      intensity: fc.nat(3),
      periodMs: fc.constantFrom(100, 1000),
    });
    const crashAt = fc.record({
      part: fc.constantFrom(...parts),
      // Sums meet the edge of the period, and miss it by one.
      afterMs: fc.constantFrom(0, 0, 1, 33, 50, 99, 100, 101, 1000, 1001),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(policy, policy, policy, policy),
        fc.array(crashAt, { minLength: 1, maxLength: 16 }),
        async (policies, crashes) => {
          for (const [i, name] of parts.entries()) {
            const supervise = policies[i] ?? {};
            await stage.agent.load(SETS_MIB, definition(name, { supervise }));
          }
          const model: Model = new Map(parts.map((name) => [name, 'live']));
          const times = new Map<string, number[]>(parts.map((name) => [name, []]));
          try {
            for (const { part: name, afterMs } of crashes) {
              await stage.clock.advanceAsync(afterMs);
              if (model.get(name) !== 'live') continue;
              counts.crashes += 1;
              const own = policies[parts.indexOf(name)];
              const nowMs = stage.clock.nowMs();
              const all = [...(times.get(name) ?? []), nowMs];
              const recent = all.filter((at) => at >= nowMs - (own?.periodMs ?? 0));
              times.set(name, all);
              const isTemporary = own?.restart === 'temporary';
              const isGone = isTemporary || recent.length > (own?.intensity ?? 0);
              if (isGone) model.set(name, 'givenUp');
              counts[isTemporary ? 'temporary' : isGone ? 'givenUp' : 'borne'] += 1;
              if (!isGone && recent.length < all.length) counts.forgiven += 1;
              poisoned.add(name);
              expect(await stage.get(PARTS[name]?.[0] ?? '')).toBe('genErr/1');
              poisoned.delete(name);
              await stage.clock.advanceAsync(0);
              await checkAll(model);
              expect(stage.clock.nowMs()).toBe(nowMs);
            }
          } finally {
            poisoned.clear();
            for (const name of parts) await codeOf(stage.agent.unload(name));
          }
        },
      ),
      runs(),
    );
    for (const [what, count] of Object.entries(counts)) {
      expect(`${what} ${count / counts.crashes >= 0.05}`).toBe(`${what} true`);
    }
  });
});

describe('a walk over a table whose subtree is restarted', () => {
  /**
   * Invariant: it ascends, ends, and meets every row that was there before and after. Generator:
   * which rows there are from each start on; where the walk is when it crashes, or is restarted.
   */
  it('ascends to its end, past every row that stayed [SUP-026, PR-44]', async () => {
    let restarts = 0;
    let cases = 0;
    const rows = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(rows, { minLength: 1, maxLength: 6 }),
        fc.array(fc.constantFrom('crash', 'restart', 'none', 'none'), { maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        async (lives, events, repetitions) => {
          cases += 1;
          let starts = 0;
          let current: readonly number[] = [];
          const s1Table = table.computed({
            rows: () => current.map((row) => ({ s1Index: row, s1X: row, s1Y: row, s1Z: row })),
            maxAgeMs: 0,
          });
          // What it knows begins anew with each incarnation.
          const s1A = {
            new: () => void (current = lives[Math.min(starts++, lives.length - 1)] ?? []),
            get: () => {
              throw new Error('poisoned');
            },
          };
          const supervise = { intensity: 1000, periodMs: 1000 };
          await stage.agent.load(SETS_MIB, { name: 's1', supervise, s1A, s1Table });
          const [column, end] = [instance('s1X.0').slice(0, -1), instance('s1Y.0').slice(0, -1)];
          const met: number[] = [];
          let at: Oid = column;
          for (let step = 0; step < 200; step++) {
            const event = events[step];
            if (event === 'crash') void stage.client.get(instance('s1A'));
            if (event === 'restart') await stage.until(stage.agent.restart('s1'));
            if (event === 'crash' || event === 'restart') restarts += 1;
            const answer = await stage.until(stage.client.getBulk(0, repetitions, at));
            expect(answer?.errorStatus).toBe('noError');
            const found = (answer?.varBinds ?? []).filter(({ name }) => compareOids(name, end) < 0);
            for (const { name } of found) {
              expect(compareOids(name, at)).toBeGreaterThan(0);
              at = name;
              met.push(name.at(-1) ?? 0);
            }
            if (found.length < repetitions) break;
          }
          const stayed = (lives[0] ?? []).filter((row) => lives.every((one) => one.includes(row)));
          for (const row of stayed) expect(met).toContain(row);
          await stage.until(stage.agent.unload('s1'));
        },
      ),
      runs(),
    );
    expect(restarts).toBeGreaterThan(cases / 2);
  });
});

/** Every scalar answers, at once, for who is there, and for nobody else. */
async function checkAll(model: Readonly<Model>): Promise<void> {
  const answer = await stage.client.get(...SCALARS.map(instance));
  expect(answer?.errorStatus).toBe('noError');
  const values = answer?.varBinds.map(({ value }) => ('value' in value ? value.value : value.type));
  expect(values).toEqual(
    SCALARS.map((name) => {
      const owner = ownerOf(model, name);
      return owner === undefined ? 'noSuchObject' : valueOf(owner, name);
    }),
  );
}
