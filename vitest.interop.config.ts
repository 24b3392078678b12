import { defineConfig } from 'vitest/config';

/** Against net-snmp's tools and OTP's agent: what is not installed is named, and fails. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.interop.test.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
