import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { PingSummary } from '../../../src/cli/ask/ping-summary.js';
import { withProgress } from '../../../src/cli/ask/walk-progress.js';

function terminal(isTTY: boolean): { readonly stream: WriteStream; readonly written: string[] } {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return { stream: stream as unknown as WriteStream, written };
}

async function walked(isErrorTTY: boolean, isOutputTTY: boolean, ms: number): Promise<string[]> {
  const clock = new SimulatedClock();
  const { stream, written } = terminal(isErrorTTY);
  async function* names(): AsyncGenerator<string> {
    for (let i = 1; i <= 4; i++) {
      await clock.advanceAsync(ms);
      yield `name.${i}`;
    }
  }
  const seen: string[] = [];
  const items = withProgress(names(), 'variables', (name) => name, {
    clock,
    stream,
    isOutputTerminal: isOutputTTY,
  });
  for await (const item of items) seen.push(item);
  expect(seen).toEqual(['name.1', 'name.2', 'name.3', 'name.4']);
  return written;
}

describe('a walk that takes long', () => {
  it('says on a terminal how far it is, and takes that away at its end', async () => {
    expect(await walked(true, false, 250)).toEqual([
      '\r2 variables, 4/s: name.2\u001b[K',
      '\r3 variables, 4/s: name.3\u001b[K',
      '\r4 variables, 4/s: name.4\u001b[K',
      '\r\u001b[K',
    ]);
  });

  it('says nothing where nobody looks, where the output is seen, and where it is short', async () => {
    expect(await walked(false, false, 250)).toEqual([]);
    expect(await walked(true, true, 250)).toEqual([]);
    expect(await walked(true, false, 10)).toEqual(['\r\u001b[K']);
  });
});

describe('what ping sums up', () => {
  it('counts what was sent and answered, and how long that took', () => {
    const summary = new PingSummary();
    expect(summary.lines('a', 0)).toEqual([
      '--- a ping statistics ---',
      '0 requests sent, 0 answered, 0% lost, time 0 ms',
    ]);
    summary.sent = 3;
    summary.add(1);
    summary.add(3);
    expect(summary.lines('a', 2001.4)).toEqual([
      '--- a ping statistics ---',
      '3 requests sent, 2 answered, 33.3% lost, time 2001 ms',
      'rtt min/avg/max/mdev = 1.000/2.000/3.000/1.000 ms',
    ]);
  });
});
