import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { instance, SETS_MIB } from '../support/set-module.js';
import { integer, status } from '../support/snmp-client.js';
import { SetStage } from '../support/set-stage.js';
import type { Given, Way } from './loading-model.js';
import { beginnings, CRASH, NAMES, Play, resultOf, type Drawn } from './loading-play.js';

/**
 * Invariants of loads, unloads, reloads and restarts that come while others, SETs, crashes and walks
 * are under way: all of them end; no function is called before its `new` or after its `delete`; no
 * two instrumentations of one object live at once; a SET hears a legal sequence, of one
 * instrumentation; walks strictly increase; and when all is unloaded, whoever heard `new` and has
 * not crashed has heard `delete`. Model: who lives, by the calls.
 */

/** Few objects, so that most of what comes is about what another is about. */
const FEW = ['s1A', 's1B', 's2A', 's3A'] as const;

const slow = fc.constantFrom<Way>('at once', 'later', 'later');
const failing = fc.constantFrom<Way>('throws', 'silent');
const subtree: fc.Arbitrary<Drawn> = fc.record({
  name: fc.constantFrom(...NAMES),
  objects: fc.shuffledSubarray([...FEW], { minLength: 1, maxLength: 2 }).chain((objects) =>
    fc.tuple(
      ...objects.map((object) =>
        fc.record({
          object: fc.constant(object),
          create: fc.oneof({ weight: 7, arbitrary: slow }, { weight: 2, arbitrary: failing }),
          destroy: fc.oneof({ weight: 8, arbitrary: slow }, { weight: 1, arbitrary: failing }),
        }),
      ),
    ),
  ),
  isFragile: fc.boolean(),
});

const object = fc.constantFrom(...FEW);
/** All within what a few functions take: they are to meet. */
const startMs = fc.integer({ min: 0, max: 80 });
const name = fc.constantFrom(...NAMES);
const scene = fc.record({
  isFragile: fc.boolean(),
  changes: fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('load' as const),
          startMs,
          list: fc.array(subtree, { minLength: 1, maxLength: 2 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('reload' as const), startMs, to: subtree }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('unload' as const), startMs, name }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), startMs, name }) },
    ),
    { minLength: 3, maxLength: 8 },
  ),
  sets: fc.array(
    fc.record({ startMs, objects: fc.uniqueArray(object, { minLength: 1, maxLength: 2 }) }),
    { minLength: 3, maxLength: 8 },
  ),
  crashes: fc.array(fc.record({ startMs, object }), { maxLength: 2 }),
  walks: fc.array(startMs, { minLength: 1, maxLength: 3 }),
});
type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

interface Seen {
  readonly results: readonly string[];
  /** By SET. */
  readonly statuses: readonly string[];
  readonly calls: readonly string[];
  readonly givens: ReadonlyMap<number, Given>;
  readonly walked: readonly (readonly number[])[];
  readonly leftovers: readonly string[];
  readonly defects: readonly string[];
}

/** What the i-th SET writes. */
const valueOf = (set: number): number => 1000 + set;

async function play({ isFragile, changes, sets, crashes, walks }: Scene): Promise<Seen> {
  await using stage = await SetStage.open();
  const { agent, client, clock } = stage;
  const given = new Play(stage);
  const givens = new Map<number, Given>();
  const make = (drawn: Drawn) => {
    const made = given.given(drawn);
    givens.set(made.version, made);
    return given.definition(made);
  };
  await stage.until(agent.load(SETS_MIB, beginnings(isFragile).map(make)));
  const pending: Promise<unknown>[] = [];
  const results: string[] = [];
  const statuses: string[] = [];
  const walked: number[][] = [];
  const ask = (asked: Promise<unknown>): void =>
    void pending.push(resultOf(asked).then((result) => results.push(result)));
  for (const change of changes) {
    clock.startTimer(change.startMs, () => {
      if (change.kind === 'load') ask(agent.load(SETS_MIB, change.list.map(make)));
      else if (change.kind === 'reload') ask(agent.reload(change.to.name, make(change.to)));
      else if (change.kind === 'unload') ask(agent.unload(change.name));
      else ask(agent.restart(change.name));
    });
  }
  for (const [i, set] of sets.entries()) {
    clock.startTimer(set.startMs, () => {
      const names = set.objects.map((one) => [instance(one), integer(valueOf(i))] as const);
      pending.push(client.set(...names).then((answer) => (statuses[i] = status(answer))));
    });
  }
  for (const crash of crashes) {
    clock.startTimer(crash.startMs, () => {
      pending.push(client.set([instance(crash.object), integer(CRASH)]));
    });
  }
  for (const at of walks) {
    clock.startTimer(at, () => {
      const walk = given.walk().then((seen) => walked.push(seen.map(([, value]) => value)));
      pending.push(walk);
    });
  }
  await clock.advanceAsync(90);
  for (let settled = 0; settled < pending.length;) {
    settled = pending.length;
    await stage.until(Promise.all(pending));
  }
  const loaded = agent.tree().children?.find(({ id }) => id === 'subtrees')?.children ?? [];
  for (const { id } of loaded) if (id !== 'snmp') await stage.until(agent.unload(id));
  return {
    results,
    statuses,
    calls: given.calls,
    givens,
    walked,
    leftovers: await stage.leftovers(),
    defects: stage.told.filter((line) => line.startsWith('agent:defect')),
  };
}

interface Call {
  readonly what: string;
  readonly version: number;
  readonly object: string;
  readonly value: number;
}

function parsed(calls: readonly string[]): Call[] {
  return calls.map((line) => {
    const [what = '', version, of = '', value] = line.split(' ');
    return { what, version: Number(version), object: of, value: Number(value) };
  });
}

/** Goes through the calls, and knows who lives. @returns what is wrong, and who lives at the end. */
function follow(calls: readonly Call[], givens: ReadonlyMap<number, Given>): string[] {
  const wrong: string[] = [];
  /** By object: the instrumentation that has heard `new` and neither `delete` nor crashed. */
  const living = new Map<string, number>();
  for (const { what, version, object: of, value } of calls) {
    const lives = living.get(of);
    if (what === 'new') {
      // After a crash it hears new again without delete.
      if (lives !== undefined) wrong.push(`new ${version} ${of} while ${lives} lives`);
      const way = givens.get(version)?.objects.find((one) => one.object === of)?.create;
      if (way === 'at once' || way === 'later') living.set(of, version);
    } else if (lives !== version) {
      wrong.push(`${what} ${version} ${of} while ${lives ?? 'none'} lives`);
    } else if (what === 'delete') {
      living.delete(of);
    } else if (what === 'isSetOk' && value === CRASH) {
      for (const one of givens.get(version)?.objects ?? []) living.delete(one.object);
    }
  }
  return [...wrong, ...[...living].map(([of, version]) => `${version} ${of} lives in the end`)];
}

function checkSets({ sets }: Scene, { calls, statuses }: Seen): void {
  const all = parsed(calls);
  for (const [i, { objects }] of sets.entries()) {
    const answer = statuses[i] ?? 'silence';
    for (const one of objects) {
      const heard = all.filter((call) => call.object === one && call.value === valueOf(i));
      const sequence = heard.map(({ what }) => what).join(' ');
      const legal = answer === 'noError/0' ? /^isSetOk set$/ : /^(isSetOk( undo| set rollback)?)?$/;
      expect(`${answer}: ${sequence}`).toMatch(
        new RegExp(legal.source.replace('^', `^${answer}: `)),
      );
      expect(new Set(heard.map(({ version }) => version)).size).toBeLessThanOrEqual(1);
    }
    expect(answer).toMatch(/^(noError\/0|notWritable\/[12]|genErr\/[12]|commitFailed\/[12])$/);
  }
}

describe('loads, unloads and reloads beside each other, SETs, crashes and walks', () => {
  it('all end, and nobody is called before new or after delete [PR-55, OTP-003, OTP-004, SUP-026, SUP-029, SUP-033]', async () => {
    const counts = new Map<string, number>();
    const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(scene, async (given) => {
        const seen = await play(given);
        expect(seen.defects).toEqual([]);
        expect(seen.leftovers).toEqual([]);
        expect(seen.results.length).toBe(given.changes.length);
        expect(follow(parsed(seen.calls), seen.givens)).toEqual([]);
        checkSets(given, seen);
        expect(seen.walked.length).toBe(given.walks.length);
        for (const result of seen.results) count(result);
        for (const answer of seen.statuses) count(answer.split('/')[0] ?? '');
        if (seen.walked.some((walk) => walk.length > 1)) count('walk');
      }),
      runs(),
    );
    for (const often of [
      'ok',
      'SNMP_OID_CONFLICT',
      'SNMP_SUBTREE_START',
      'noError',
      'notWritable',
      'walk',
    ]) {
      expect(`${often}: ${(counts.get(often) ?? 0) >= 3}`).toBe(`${often}: true`);
    }
  }, 120_000);
});
