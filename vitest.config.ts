import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';

// Many runs of every property (TRELLIS_RUNS): all from one seed, so that one number repeats them.
const isSoak = process.env['TRELLIS_RUNS'] !== undefined;
if (isSoak) {
  const seed = (process.env['TRELLIS_SEED'] ??= String(randomInt(2 ** 31)));
  process.stdout.write(`TRELLIS_RUNS=${process.env['TRELLIS_RUNS']} TRELLIS_SEED=${seed}\n`);
}
/** Every property has so long; what else hangs is found sooner by its own deadlines. */
const testTimeout = isSoak ? 3_600_000 : 60_000;

export default defineConfig({
  test: {
    // Every core: by default vitest leaves one idle, half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{src,supervisors,properties}/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          testTimeout,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          testTimeout,
        },
      },
    ],
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
