import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { SubtreeDefinition } from '../../src/agent-options.js';
import { scalar, table } from '../../src/instrumentation/index.js';
import { runs } from '../support/arbitraries.js';
import { functions } from '../support/conf-agent.js';
import { CONF_MIB } from '../support/mib-fixtures.js';
import { integer, type Answer, type SnmpClient } from '../support/snmp-client.js';
import { SetStage } from '../support/set-stage.js';

/*
 * What SETs are for: things of which there are so many, locks that one of several gets, and rows
 * that are made and destroyed, beside functions that fail and crash.
 */

type Conduct = 'good' | 'refuses' | 'fails' | 'throws' | 'throwsAfter' | 'hangs';

/** A function's ends, with as many good ones as bad ones. */
const conduct = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Conduct>('good') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Conduct>('refuses', 'fails', 'throws', 'throwsAfter', 'hangs'),
  },
);

/** Lets the clock run until all have answered. */
async function answersOf(
  clock: { advanceAsync(ms: number): Promise<void> },
  requests: readonly Promise<Answer | undefined>[],
): Promise<string[]> {
  const all = Promise.all(requests);
  let isDone = false;
  void all.then(() => (isDone = true));
  for (let i = 0; i < 500 && !isDone; i++) await clock.advanceAsync(20);
  return (await all).map((answer) => answer?.errorStatus ?? 'silence');
}

let shared: SetStage | undefined;
afterAll(() => shared?.[Symbol.asyncDispose]());

describe('resources that isSetOk reserves', () => {
  /**
   * Invariant: after SETs, alone or several at once, what is free is what there is less what was
   * committed. Model: a counter. Coverage: done, refused for want of them, and failed.
   */
  it('are free again unless the SET was done, whatever failed or crashed [PR-35]', async () => {
    const cells = ['s1A', 's1B', 's1C', 's2A', 's2B', 's2C'];
    const seen = { noError: 0, resourceUnavailable: 0, genErr: 0, commitFailed: 0, total: 0 };
    const one = fc.uniqueArray(fc.constantFrom(...cells), { minLength: 1, maxLength: 4 });
    const set = one.chain((names) =>
      fc.record({ names: fc.constant(names), conducts: fc.tuple(...names.map(() => conduct)) }),
    );
    const round = fc.record({
      sets: fc.array(set, { minLength: 1, maxLength: 3 }),
      given: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(round, { minLength: 1, maxLength: 5 }),
        async (total, rounds) => {
          const stage = (shared ??= await SetStage.open());
          /** Outside of the actors, as devices keep them: by SET and cell. */
          const held = new Map<string, 'reserved' | 'committed'>();
          const conducts = new Map<string, Conduct>();
          const functionsOf = (name: string) => {
            const key = (value: unknown): string => `${value as number} ${name}`;
            const end = (how: Conduct | undefined, at: 'vote' | 'set'): unknown => {
              if (how === 'refuses') return at === 'vote' ? 'wrongValue' : 'noError';
              if (how === 'hangs') return new Promise(() => undefined);
              if (how === 'throws' || how === 'throwsAfter') throw new Error('as it was told');
              return at === 'set' && how === 'fails' ? 'commitFailed' : 'noError';
            };
            return {
              get: () => 0,
              isSetOk: (value: unknown) => {
                const how = conducts.get(key(value));
                if (how === 'refuses' || how === 'hangs') return end(how, 'vote') as never;
                if (held.size >= total) return 'resourceUnavailable' as const;
                held.set(key(value), 'reserved');
                return 'noError' as const;
              },
              set: (value: unknown) => {
                const how = conducts.get(key(value));
                // An answer by value says that nothing is left of it.
                if (how === 'fails') held.delete(key(value));
                else if (how !== 'throws') held.set(key(value), 'committed');
                return end(how, 'set') as never;
              },
              undo: (value: unknown) => (held.delete(key(value)), 'noError' as const),
              rollback: (value: unknown) => (held.delete(key(value)), 'noError' as const),
            };
          };
          for (const subtree of ['s1', 's2']) {
            const own = cells.filter((cell) => cell.startsWith(subtree));
            await stage.load(
              subtree,
              {},
              Object.fromEntries(own.map((cell) => [cell, functionsOf(cell)])),
            );
          }
          let committed = 0;
          let value = 1;
          for (const { sets, given } of rounds) {
            const requests = sets.map(({ names, conducts: how }) => {
              for (const [i, name] of names.entries()) {
                conducts.set(`${value} ${name}`, how[i] ?? 'good');
              }
              const request = stage.request(...names.map((name) => [name, value] as const));
              value += 1;
              return request;
            });
            const statuses = await answersOf(stage.clock, requests);
            for (const [i, status] of statuses.entries()) {
              seen.total += 1;
              if (status in seen) seen[status as 'noError'] += 1;
              if (status === 'noError') committed += sets[i]?.names.length ?? 0;
            }
            expect([...held.values()].filter((state) => state === 'reserved')).toEqual([]);
            expect(total - held.size).toBe(total - committed);
            // The device gives some back.
            for (const key of [...held.keys()].slice(0, given)) {
              held.delete(key);
              committed -= 1;
            }
          }
          for (const subtree of ['s1', 's2']) await stage.until(stage.agent.unload(subtree));
        },
      ),
      runs(),
    );
    const { total, ...counts } = seen;
    for (const [what, count] of Object.entries(counts)) {
      expect(`${what} ${count / total >= 0.05}`).toBe(`${what} true`);
    }
  });
});

interface Device {
  conduct: (value: number) => Conduct;
  calls: number;
}

/** `rwInt` as a device that does as it is told, per value written. */
function deviceFunctions(device: Device) {
  return functions.scalar({
    get: () => 1,
    isSetOk: (value) => {
      const how = device.conduct(value as number);
      if (how === 'refuses') return 'wrongValue';
      return how === 'hangs' ? (new Promise(() => undefined) as never) : 'noError';
    },
    set: (value) => {
      device.calls += 1;
      const how = device.conduct(value as number);
      if (how === 'fails') return 'commitFailed';
      if (how === 'throws' || how === 'throwsAfter') throw new Error('as it was told');
      return 'noError';
    },
    undo: () => 'noError',
    rollback: () => 'noError',
  });
}

const supervise = { intensity: 100_000, periodMs: 1000 };

/** Plays with two subtrees of CONF-MIB, in the agent that serves all runs. */
async function withDevice(
  device: Device,
  beside: SubtreeDefinition & { readonly name: string },
  work: (stage: SetStage) => Promise<void>,
): Promise<void> {
  const stage = (shared ??= await SetStage.open());
  await stage.agent.load(CONF_MIB, [
    { supervise, ...beside },
    { name: 'device', supervise, rwInt: deviceFunctions(device) },
  ] as SubtreeDefinition[]);
  try {
    await work(stage);
  } finally {
    for (const name of ['device', beside.name]) await stage.until(stage.agent.unload(name));
  }
}

describe('a TestAndIncr', () => {
  /**
   * Invariant: of SETs that carry its value one is done, the first that nothing else keeps from it,
   * and the lock grows by the number of those done. Model: the SETs in order of arrival.
   */
  it('lets one of several SETs through, and grows by one for each [PR-37]', async () => {
    const seen = { won: 0, nobody: 0, wrapped: 0, behind: 0, rounds: 0 };
    const contender = fc.record({
      isStale: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
      hasDevice: fc.boolean(),
      isLockFirst: fc.boolean(),
      how: conduct,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(2_147_483_646, 2_147_483_647), fc.nat(1000)),
        fc.array(fc.array(contender, { minLength: 1, maxLength: 5 }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (start, rounds) => {
          const device: Device = { conduct: () => 'good', calls: 0 };
          const locks = { name: 'locks', lock: scalar.stored({ value: start }) };
          await withDevice(device, locks, async (agent) => {
            let lock = start;
            for (const contenders of rounds) {
              device.conduct = (value) => contenders[value]?.how ?? 'good';
              const carried = lock;
              const requests = contenders.map(({ isStale, hasDevice, isLockFirst }, i) => {
                const own = isStale ? (carried + 5) % 2_147_483_648 : carried;
                const changes = [
                  ['lock.0', integer(own)] as const,
                  ...(hasDevice ? [['rwInt.0', integer(i)] as const] : []),
                ];
                return agent.client.set(...(isLockFirst ? changes : changes.toReversed()));
              });
              const statuses = await answersOf(agent.clock, requests);
              const winner = contenders.findIndex(
                ({ isStale, hasDevice, how }) => !isStale && !(hasDevice && how !== 'good'),
              );
              seen.rounds += 1;
              seen[winner < 0 ? 'nobody' : 'won'] += 1;
              if (winner > 0) seen.behind += 1;
              expect(statuses.map((status) => status === 'noError')).toEqual(
                contenders.map((_, i) => i === winner),
              );
              if (winner >= 0) lock = lock === 2_147_483_647 ? 0 : lock + 1;
              if (winner >= 0 && lock === 0) seen.wrapped += 1;
              const read = await agent.client.get('lock.0');
              expect(read?.varBinds[0]?.value).toEqual(integer(lock));
            }
          });
        },
      ),
      runs(),
    );
    const { rounds, ...counts } = seen;
    for (const [what, count] of Object.entries(counts)) {
      expect(`${what} ${count / rounds >= 0.05}`).toBe(`${what} true`);
    }
  });
});

const ROWS = [1, 2, 3];
const COLUMNS = ['confReq', 'confDef', 'confFrozen', 'confStorage', 'confStatus'];

/** The cells there are, by `row column`, with the plain value. */
async function readRows(client: SnmpClient): Promise<Map<string, unknown>> {
  const names = ROWS.flatMap((row) => COLUMNS.map((column) => `${column}.${row}`));
  const answer = await client.get(...names);
  const found = new Map<string, unknown>();
  for (const [i, { value }] of (answer?.varBinds ?? []).entries()) {
    if ('value' in value) found.set(names[i] ?? '', value.value);
  }
  return found;
}

describe('rows of a table', () => {
  /**
   * Invariant: a SET that fails leaves every cell; a row has all that it must have, or is not
   * there; where a column can be read its status can. Generator: RowStatus and columns in any
   * order, beside a device that refuses, fails, crashes and hangs, and restarts of the table's
   * subtree. Coverage: all four statuses of a SET, and rows in every state.
   */
  it('are there as a whole or not at all, whatever fails or crashes beside them [RST-040, PR-39]', async () => {
    const seen = {
      done: 0,
      refused: 0,
      commitFailed: 0,
      active: 0,
      notReady: 0,
      gone: 0,
      steps: 0,
    };
    const step = fc.record({
      row: fc.constantFrom(...ROWS),
      status: fc.option(fc.constantFrom(1, 2, 4, 4, 5, 6), { nil: undefined, freq: 5 }),
      columns: fc.subarray(['confReq', 'confDef']),
      isStatusFirst: fc.boolean(),
      device: fc.option(conduct, { nil: undefined }),
      restarts: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), async (steps) => {
        const device: Device = { conduct: () => 'good', calls: 0 };
        const rows = { name: 'rows', confTable: table.stored({}) };
        await withDevice(device, rows, async (agent) => {
          let before = await readRows(agent.client);
          for (const { row, status, columns, isStatusFirst, device: how, restarts } of steps) {
            device.conduct = () => how ?? 'good';
            const own =
              status === undefined ? [] : [[`confStatus.${row}`, integer(status)] as const];
            const others = columns.map((column) => [`${column}.${row}`, integer(7)] as const);
            const beside = how === undefined ? [] : [['rwInt.0', integer(1)] as const];
            const changes = isStatusFirst
              ? [...own, ...others, ...beside]
              : [...beside, ...others, ...own];
            if (changes.length === 0) continue;
            const request = agent.client.set(...changes);
            const restarted = restarts ? agent.agent.restart('rows') : Promise.resolve();
            const [told = ''] = await answersOf(agent.clock, [request]);
            await Promise.all([restarted, agent.clock.advanceAsync(10)]);
            const now = await readRows(agent.client);
            seen.steps += 1;
            seen[
              told === 'noError' ? 'done' : told === 'commitFailed' ? 'commitFailed' : 'refused'
            ] += 1;
            if (told !== 'noError') expect(now).toEqual(before);
            for (const each of ROWS) {
              const cells = COLUMNS.filter((column) => now.has(`${column}.${each}`));
              const state = now.get(`confStatus.${each}`);
              if (state === undefined) {
                expect(cells).toEqual([]);
                seen.gone += 1;
                continue;
              }
              expect([1, 2, 3]).toContain(state);
              if (state === 3) seen.notReady += 1;
              if (state === 1) seen.active += 1;
              if (state !== 3) expect(cells).toEqual(COLUMNS);
            }
            before = now;
          }
        });
      }),
      runs(),
    );
    const { steps, ...counts } = seen;
    for (const [what, count] of Object.entries(counts)) {
      expect(`${what} ${count / steps >= 0.02}`).toBe(`${what} true`);
    }
  });
});
