import fc from 'fast-check';
import { expect, it } from 'vitest';
import { admitRestart } from '../../supervisors/otp/restart-intensity.js';
import { runs } from '../support/arbitraries.js';

const limits = fc.record({
  intensity: fc.integer({ min: 0, max: 4 }),
  periodMs: fc.constantFrom(1, 7, 100),
});

/**
 * Invariant: a restart is admitted exactly where, with it, at most `intensity` restarts fall into
 * the period that ends with it, both edges included; what is remembered is bounded. Model: all
 * restarts there ever were, scanned. Generator: pauses of parts of the period, so that sums meet
 * its edge, and miss it by one. Coverage: a restart on the edge decided in 5 % of the runs.
 */
it('restarts are admitted as a scan of all there were would admit them [PR-56, OTP supervisor]', () => {
  let decidedOnTheEdge = 0;
  let cases = 0;
  fc.assert(
    fc.property(
      limits,
      fc.array(fc.constantFrom(0, 0.25, 0.5, 1, 'one less', 'one more'), { maxLength: 12 }),
      (given, pauses) => {
        const { intensity, periodMs } = given;
        const all: number[] = [];
        let remembered: readonly number[] = [];
        let nowMs = 1000;
        let isDecided = false;
        for (const pause of pauses) {
          if (typeof pause === 'number') nowMs += pause * periodMs;
          else nowMs += pause === 'one less' ? periodMs - 1 : periodMs + 1;
          all.push(nowMs);
          const within = all.filter((timeMs) => timeMs >= nowMs - periodMs).length;
          const strictly = all.filter((timeMs) => timeMs > nowMs - periodMs).length;
          if (within > intensity !== strictly > intensity) isDecided = true;
          const { admitted, timesMs } = admitRestart(remembered, nowMs, given);
          expect(admitted).toBe(within <= intensity);
          expect(timesMs.length).toBe(within);
          remembered = timesMs;
          // A supervisor that gives up counts no further.
          if (!admitted) break;
        }
        cases += 1;
        if (isDecided) decidedOnTheEdge += 1;
      },
    ),
    runs(500),
  );
  expect(decidedOnTheEdge / cases).toBeGreaterThan(0.05);
});
