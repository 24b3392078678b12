import { describe, expect, it } from 'vitest';
import { runChaos } from '../chaos/chaos-run.js';

const option = (name: string, usual: number): number => Number(process.env[name] ?? usual);

/** `npm run soak` asks for minutes; every `npm test` for a few thousand requests. */
const seconds = option('TRELLIS_CHAOS_SECONDS', 0);
const isLong = seconds > 0;

describe('an agent under fire', () => {
  it(
    'answers every request once and truly or counts it as dropped, shows no half SET, restarts as its strategies say, leaves nothing behind [SUP-020, SUP-033, docs/set.md 4, 6]',
    async () => {
      const seed = option('TRELLIS_SEED', Math.floor(performance.now() * 1000) % 2 ** 31);
      const clients = option('TRELLIS_CHAOS_CLIENTS', isLong ? 6 : 4);
      const tell = (line: string): void => void process.stdout.write(`${line}\n`);
      const how = `TRELLIS_SEED=${seed} TRELLIS_CHAOS_CLIENTS=${clients} TRELLIS_CHAOS_SECONDS=${seconds}`;
      tell(`chaos: ${how}`);
      const { violations, violationCount, counts } = await runChaos({
        seed,
        clients,
        seconds,
        requests: isLong ? 2000 : 400,
        epochs: isLong ? 1 : 2,
        ...(isLong ? { progress: tell } : {}),
      });
      expect({ violationCount, violations }, how).toEqual({ violationCount: 0, violations: [] });
      // It was a fire: what did not happen was not survived.
      const happened = Object.entries(counts).filter(([, count]) => count > 0);
      expect(
        happened.map(([what]) => what),
        how,
      ).toEqual(
        expect.arrayContaining([
          'responses',
          'dropped',
          'observations',
          'faults',
          'crashes',
          'restarts',
          'kills',
          'greatExits',
          'orderedRestarts',
          'set noError',
          'set genErr',
          'set commitFailed',
        ]),
      );
    },
    1000 * seconds + 120_000,
  );
});
