import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../../src/base/index.js';
import { RemoteEngines } from '../../../../src/security/index.js';
import { runs } from '../../../support/arbitraries.js';

const ID = Buffer.from('80007ed90574657374', 'hex');

interface Heard {
  readonly waitedSeconds: number;
  readonly boots: number;
  readonly timeSeconds: number;
}

const heard: fc.Arbitrary<Heard> = fc.record({
  waitedSeconds: fc.nat(400),
  boots: fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, fc.constant(2_147_483_647)),
  timeSeconds: fc.oneof(fc.nat(1000), fc.integer({ min: 2_147_483_000, max: 2_147_483_647 })),
});

describe('the notion of the time of another engine', () => {
  it('is learned and held to as RFC 3414 3.2(7b) numbers it, and never goes back [USM-017..USM-019]', () => {
    fc.assert(
      fc.property(fc.array(heard, { maxLength: 30 }), (messages) => {
        const clock = new SimulatedClock();
        const engine = new RemoteEngines(clock).withId(ID);
        let [boots, time, latest, at, now] = [0, 0, 0, 0, 0];
        for (const [i, message] of messages.entries()) {
          clock.advance(message.waitedSeconds * 1000);
          now += message.waitedSeconds;
          // It is not known before.
          if (i === 0) at = now;
          if (message.boots > boots || (message.boots === boots && message.timeSeconds > latest)) {
            [boots, time, latest, at] = [
              message.boots,
              message.timeSeconds,
              message.timeSeconds,
              now,
            ];
          }
          const local = Math.min(time + now - at, 2_147_483_647);
          const isLate =
            boots === 2_147_483_647 || message.boots < boots || message.timeSeconds < local - 150;
          const received = {
            engineBoots: message.boots,
            engineTimeSeconds: message.timeSeconds,
          };
          const before = engine.now;
          expect(engine.isTimely(received)).toBe(!isLate);
          const after = engine.now;
          expect(after).toEqual({ engineBoots: boots, engineTimeSeconds: local });
          expect(after.engineBoots).toBeGreaterThanOrEqual(before.engineBoots);
        }
      }),
      runs(200),
    );
  });

  it('is what was supposed until something authentic comes, whatever that was', () => {
    const clock = new SimulatedClock();
    const engine = new RemoteEngines(clock).withId(ID);
    engine.supposeTime({ engineBoots: 2_147_483_646, engineTimeSeconds: 5 });
    expect(engine.now).toEqual({ engineBoots: 2_147_483_646, engineTimeSeconds: 5 });
    expect(engine.isTimely({ engineBoots: 2, engineTimeSeconds: 100 })).toBe(true);
    engine.supposeTime({ engineBoots: 9, engineTimeSeconds: 5 });
    clock.advance(3999);
    expect(engine.now).toEqual({ engineBoots: 2, engineTimeSeconds: 103 });
  });

  it('is the same wherever the engine is reached', () => {
    const engines = new RemoteEngines(new SimulatedClock());
    expect(engines.at('here')).toBeUndefined();
    const here = engines.foundAt('here', ID);
    expect(engines.foundAt('there', Buffer.from(ID))).toBe(here);
    expect(engines.at('there')).toBe(here);
  });
});
