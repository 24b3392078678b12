import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { ProgressBar } from '../../../src/cli/progress-bar.js';

function terminal(isTTY: boolean): { readonly stream: WriteStream; readonly written: string[] } {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return { stream: stream as unknown as WriteStream, written };
}

describe('a progress bar', () => {
  it('is drawn on one line, and taken away', () => {
    const { stream, written } = terminal(true);
    const bar = new ProgressBar(100, 20, stream);
    bar.show(50, 100, 'resolving');
    bar.clear();
    expect(written).toEqual([
      `\r[${'#'.repeat(15)}${'.'.repeat(15)}] 50/100 resolving\u001b[K`,
      '\r\u001b[K',
    ]);
  });

  it('is not drawn where nobody looks, nor for few', () => {
    for (const [isTTY, total] of [
      [false, 100],
      [true, 19],
    ] as const) {
      const { stream, written } = terminal(isTTY);
      const bar = new ProgressBar(total, 20, stream);
      bar.show(1, total, 'reading');
      bar.clear();
      expect(written).toEqual([]);
    }
  });
});
