import { defineConfig } from 'vitest/config';

/** How long a run of a property may take at most; the slow ones start agents. */
const MS_PER_RUN = 200;
const runs = Number(process.env['TRELLIS_RUNS'] ?? 0);
const seconds = Number(process.env['TRELLIS_CHAOS_SECONDS'] ?? 0);
const testTimeout = 300_000 + runs * MS_PER_RUN + seconds * 1000;

/** For scripts/soak.mjs, which names the files: many runs, and minutes of chaos. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{src,supervisors,properties}/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          testTimeout,
          hookTimeout: testTimeout,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          testTimeout,
          hookTimeout: testTimeout,
        },
      },
    ],
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
