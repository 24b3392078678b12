import { describe, expect, it } from 'vitest';
import type { SubtreeDefinition } from '../../../src/agent-options.js';
import { table } from '../../../src/instrumentation/index.js';
import { runs } from '../../support/arbitraries.js';
import { SETS_MIB } from '../../support/set-module.js';
import { SetStage } from '../../support/set-stage.js';

/** How often the first is done; the others a tenth of it, or a twentieth. */
const TIMES = Math.max(2000, runs().numRuns);
/** None may keep anything. The heap is not that exact, but a subtree that stays takes kilobytes. */
const MAX_KEPT_OCTETS = 1_500_000;
const MAX_KEPT_OCTETS_EACH = 100;

/** Octets in use, when everything that can be collected has been. */
async function heapUsed(): Promise<number> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** What is there besides values: the supervision tree, timers, rows of sysORTable, SETs. */
async function resources(s: SetStage): Promise<unknown> {
  return {
    tree: JSON.stringify(s.agent.tree(), (key, value: unknown) =>
      ['restarts', 'incarnation'].includes(key) ? undefined : value,
    ),
    capabilities: s.agent.capabilities.rows.length,
    subtrees: s.agent.metrics().subtreesLoaded,
    leftovers: await s.leftovers(),
  };
}

describe('many times over', () => {
  const one = { get: () => 1, set: () => 'noError' as const };
  const rows = table.stored<{ s1Index: number; s1X: number }>();
  const text = {
    path: 'small.mib',
    text: `SMALL-MIB DEFINITIONS ::= BEGIN
IMPORTS OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI;
smallValue OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current
  DESCRIPTION "d" ::= { enterprises 32473 95 1 }
END`,
  };
  const given = (): SubtreeDefinition => ({ name: 's1', s1A: one, s1Table: rows });

  it.each<[string, number, (s: SetStage, i: number) => Promise<unknown>]>([
    [
      'load and unload',
      TIMES,
      async ({ agent }) => {
        await agent.load(SETS_MIB, given());
        await agent.unload('s1');
      },
    ],
    [
      'load by names that are never the same',
      TIMES / 10,
      async ({ agent }, i) => {
        await agent.load(SETS_MIB, { ...given(), name: `s${i}` });
        await agent.unload(`s${i}`);
      },
    ],
    [
      'reload',
      TIMES / 10,
      ({ agent }) => agent.reload('kept', { s2A: one, s2Table: table.stored() }),
    ],
    [
      'refuse a load and a reload',
      TIMES / 10,
      ({ agent }) => {
        const failing = { get: () => 1, new: () => Promise.reject(new Error('no')) };
        return Promise.allSettled([
          agent.load(SETS_MIB, [given(), { name: 'x', s3A: failing }]),
          agent.reload('kept', { s2A: one, s2B: failing }),
          agent.load(SETS_MIB, { name: 'y', s2A: one }),
          agent.unload('z'),
        ]);
      },
    ],
    [
      'SETs and reads around an unload',
      TIMES / 10,
      async (s) => {
        await s.agent.load(SETS_MIB, given());
        const met = [
          s.request(['s1A', 1]),
          s.get('s1A'),
          s.agent.unload('s1'),
          s.request(['s1A', 2]),
        ];
        await s.until(Promise.all(met));
      },
    ],
    [
      'give up and unload',
      TIMES / 10,
      async (s) => {
        await s.agent.load(SETS_MIB, {
          ...given(),
          s1A: { get: throwing },
          supervise: { intensity: 0 },
        });
        await s.get('s1A');
        await s.agent.unload('s1');
      },
    ],
    [
      'load and unload a text',
      TIMES / 20,
      async ({ agent }) => {
        await agent.loadText(text, { name: 'small', smallValue: { get: () => 1 } });
        await agent.unload('small');
      },
    ],
  ])(
    '%s leaves nothing behind [SUP-029, SUP-033]',
    async (_, times, work) => {
      await using s = await SetStage.open();
      await s.agent.load(SETS_MIB, { name: 'kept', s2A: one, s2Table: table.stored() });
      const repeat = async (count: number, from: number): Promise<void> => {
        for (let i = from; i < from + count; i++) await work(s, i);
        s.told.length = 0;
      };
      // What is made once, and what is compiled for the first time, is there after some of them.
      await repeat(times / 10, 0);
      const before = await resources(s);
      const heapBefore = await heapUsed();
      await repeat(times, times);
      expect(await resources(s)).toEqual(before);
      expect((await heapUsed()) - heapBefore).toBeLessThan(
        MAX_KEPT_OCTETS + times * MAX_KEPT_OCTETS_EACH,
      );
    },
    120_000,
  );
});

function throwing(): never {
  throw new Error('no');
}
