import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { instance } from '../support/set-module.js';
import { answers, SET_MS, SetStage, throws, type Script } from '../support/set-stage.js';
import { integer, status } from '../support/snmp-client.js';

const SUBTREES = ['s1', 's2', 's3'];
/** A read of it crashes its subtree. */
const POISON = 'C';

let shared: SetStage | undefined;
afterAll(async () => {
  await shared?.[Symbol.asyncDispose]();
});

interface Played {
  readonly told: string;
  readonly tookMs: number;
  readonly trace: readonly string[];
  readonly leftovers: readonly string[];
}

/** One SET over `cells`, which writes 5 everywhere; `crash` as it goes on. */
async function play(
  cells: readonly string[],
  scripts: Readonly<Record<string, Script>>,
  crash?: { readonly subtree: string; readonly atMs: number },
): Promise<Played> {
  const stage = (shared ??= await SetStage.open());
  const { clock, client } = stage;
  for (const subtree of SUBTREES) {
    await stage.load(subtree, { [`${subtree}A`]: {}, [`${subtree}B`]: {}, [`${subtree}C`]: {} });
    stage.scripts.set(subtree + POISON, { get: throws });
  }
  try {
    for (const [cell, script] of Object.entries(scripts)) {
      stage.scripts.set(cell, { ...stage.scripts.get(cell), ...script });
    }
    stage.takeTrace();
    const begunMs = clock.nowMs();
    let tookMs = -1;
    const request = client.set(...cells.map((cell) => [instance(cell), integer(5)] as const));
    void request.then(() => (tookMs = clock.nowMs() - begunMs));
    if (crash !== undefined) {
      clock.startTimer(crash.atMs, () => void client.get(instance(crash.subtree + POISON)));
    }
    const answer = await stage.until(request);
    const leftovers = await stage.leftovers();
    return { told: status(answer), tookMs, trace: stage.takeTrace(), leftovers };
  } finally {
    for (const subtree of SUBTREES) await stage.until(stage.agent.unload(subtree));
    stage.scripts.clear();
    stage.values.clear();
  }
}

describe('a SET whose voters', () => {
  /**
   * Invariant: who has voted and goes down before the last vote is in has not voted: the SET is
   * refused at its varbind, nobody hears set, and who said yes hears undo, the one that went down
   * on its next incarnation. Model: the verdict falls with the slowest vote. Generator: votes that
   * take even milliseconds, a crash at an odd one, some crashes after the end. Coverage: crashes
   * before and after the own vote, and after the SET.
   */
  it('crash before the verdict is refused, and set by nobody [PR-03, PR-04, PR-25, PR-26]', async () => {
    const seen = { 'before its vote': 0, 'after its vote': 0, 'after the SET': 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...SUBTREES), { minLength: 2, maxLength: 3 }),
        fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }),
        fc.nat(35),
        fc.nat(2),
        async (subtrees, halves, halfCrash, victim) => {
          const cells = subtrees.map((subtree) => `${subtree}A`);
          const votesMs = halves.slice(0, subtrees.length).map((half) => 2 * half);
          const atMs = 2 * halfCrash + 1;
          const at = victim % subtrees.length;
          const scripts = Object.fromEntries(
            cells.map((cell, i) => [
              cell,
              { isSetOk: answers('noError', { delayMs: votesMs[i] ?? 0 }) },
            ]),
          );
          const subtree = subtrees[at] ?? '';
          const { told, trace, leftovers } = await play(cells, scripts, { subtree, atMs });
          expect(leftovers).toEqual([]);
          const heard = (operation: string): string[] =>
            trace
              .filter((line) => line.startsWith(`${operation} `))
              .map((line) => line.split(' ')[1] ?? '');
          if (atMs > Math.max(...votesMs)) {
            seen['after the SET'] += 1;
            expect(told).toBe('noError/0');
            expect(heard('set')).toEqual(cells);
            expect(heard('undo')).toEqual([]);
            return;
          }
          const hadVoted = (votesMs[at] ?? 0) < atMs;
          seen[hadVoted ? 'after its vote' : 'before its vote'] += 1;
          expect(told).toBe(`genErr/${at + 1}`);
          expect(heard('set')).toEqual([]);
          const yes = cells.filter((_, i) => i !== at || hadVoted);
          expect(heard('undo').toSorted()).toEqual(yes.toSorted());
          expect(heard('new')).toEqual([subtree]);
        },
      ),
      runs(),
    );
    for (const [when, count] of Object.entries(seen)) {
      expect(`${when} ${count > 30}`).toBe(`${when} true`);
    }
  });

  /**
   * Invariant: the functions of a subtree share the deadline of a phase; the one during which it
   * passes is told, at that very moment. Model: sums. Generator: three functions of one subtree
   * that take up to the whole deadline each. Coverage: the deadline passed in each of them, in each
   * phase, and in none.
   */
  it('take their time together has one deadline per phase [PR-33, SET-050]', async () => {
    const seen = new Map<string, number>();
    const times = fc.array(fc.integer({ min: 0, max: SET_MS / 2 }), {
      minLength: 3,
      maxLength: 3,
    });
    const together = (ms: readonly number[]): number => ms.reduce((sum, one) => sum + one, 0);
    /** In which of them the deadline passes; never on the very millisecond of an answer. */
    const lateIn = (ms: readonly number[]): number =>
      ms.findIndex((_, i) => together(ms.slice(0, i + 1)) > SET_MS);
    const apart = times.filter((ms) => ms.every((_, i) => together(ms.slice(0, i)) !== SET_MS));
    await fc.assert(
      fc.asyncProperty(
        apart.filter((ms) => together(ms) !== SET_MS),
        apart.filter((ms) => together(ms) !== SET_MS),
        async (votesMs, setsMs) => {
          const cells = ['s1A', 's1B', 's1C'];
          const scripts = Object.fromEntries(
            cells.map((cell, i) => [
              cell,
              {
                isSetOk: answers('noError', { delayMs: votesMs[i] ?? 0 }),
                set: answers('noError', { delayMs: setsMs[i] ?? 0 }),
              },
            ]),
          );
          const { told, tookMs, leftovers } = await play(cells, scripts);
          expect(leftovers).toEqual([]);
          const [vote, set] = [lateIn(votesMs), lateIn(setsMs)];
          const expected =
            vote >= 0
              ? `genErr/${vote + 1} after ${SET_MS} ms`
              : set >= 0
                ? `commitFailed/${set + 1} after ${together(votesMs) + SET_MS} ms`
                : `noError/0 after ${together(votesMs) + together(setsMs)} ms`;
          expect(`${told} after ${tookMs} ms`).toBe(expected);
          seen.set(told, (seen.get(told) ?? 0) + 1);
        },
      ),
      runs(),
    );
    for (const told of ['noError/0', 'genErr/3', 'commitFailed/3']) {
      expect(`${told} ${(seen.get(told) ?? 0) > 10}`).toBe(`${told} true`);
    }
  });
});
