import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Child } from '../support/child.js';

/** What a varbind may leave: one made in old space leaves 150 to 400, with its name and value. */
const MAX_LEFT_OCTETS = 8;

it('leaves nothing of a walk in old space, though V8 marked its heap when the walk began', async () => {
  const child = new Child([
    '--expose-gc',
    // Marking and mutator take turns, so that it comes to the same each time.
    '--single-threaded-gc',
    fileURLToPath(new URL('young-answers.mjs', import.meta.url)),
  ]);
  const [, left] = await child.printed(/^(-?[\d.]+) octets$/m);
  expect(Number(left)).toBeLessThan(MAX_LEFT_OCTETS);
});
