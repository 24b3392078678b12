import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { MUTANTS, mutate } from './test/mutants/index.mjs';

/** The mutant to run the tests against; none: the sources as they are. */
const name = process.env['TRELLIS_MUTANT'] ?? '';
const mutant = MUTANTS.find((one) => one.name === name);
if (name !== '' && mutant === undefined) throw new Error(`no mutant is called ${name}`);

/** Where transformed modules are kept from one run to the next: half of what a run takes. */
const cache = process.env['TRELLIS_MUTANTS_CACHE'];

const isMutated = (id) => mutant !== undefined && id.split('?')[0] === resolve(mutant.file);

/** Changes the one source file as it is loaded: the tree stays as it is. */
const mutation = {
  name: 'mutation',
  enforce: 'pre',
  // In the cache a mutated file is another one, for each mutant.
  configureVitest({ experimental_defineCacheKeyGenerator: defineCacheKey }) {
    defineCacheKey(({ id }) => (isMutated(id) ? name : undefined));
  },
  transform(code, id) {
    if (mutant === undefined || !isMutated(id)) return undefined;
    return { code: mutate(mutant, code), map: null };
  },
};

/** The properties against one mutant, see scripts/mutants.mjs. */
export default defineConfig({
  plugins: [mutation],
  test: {
    include: ['test/{src,supervisors,properties}/**/*.test.ts'],
    setupFiles: ['test/mutants/setup.ts'],
    pool: 'threads',
    isolate: false,
    // As in vitest.config.ts: a machine that is busy with other things is no reason to fail.
    testTimeout: 60_000,
    ...(cache === undefined
      ? {}
      : { experimental: { fsModuleCache: true, fsModuleCachePath: cache } }),
  },
});
