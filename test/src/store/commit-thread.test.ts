import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { CommitThread } from '../../../src/store/commit-thread.js';

it('is left behind where it does not end: whoever stops waits for it no longer than so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-thread-'));
  const clock = new SimulatedClock();
  const thread = await CommitThread.start(folder, clock);
  const spy = vi.spyOn(Worker.prototype, 'terminate').mockReturnValue(new Promise(() => undefined));
  let isStopped = false;
  const stopped = thread.stop().then(() => {
    isStopped = true;
  });
  await clock.advanceAsync(1999);
  expect(isStopped).toBe(false);
  await clock.advanceAsync(1);
  await stopped;
  spy.mockRestore();
  await thread.stop();
  expect(clock.pendingTimers).toBe(0);
  rmSync(folder, { recursive: true });
});
