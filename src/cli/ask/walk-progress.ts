import type { WriteStream } from 'node:tty';
import { systemClock, type Clock } from '../../base/index.js';
import { ProgressLine } from '../progress-line.js';

/** A walk that takes longer is worth a line. */
const PATIENCE_MS = 500;

/** Where the line is drawn, and by which time. */
export interface ProgressParts {
  readonly clock: Clock;
  readonly stream: WriteStream;
  /** What comes is seen on a terminal already. */
  readonly isOutputTerminal: boolean;
}

/**
 * What is read, with a line on standard error that says how far it is, on a terminal; not where
 * standard output is one too.
 *
 * @param what - the items, for people: `variables`.
 */
export async function* withProgress<Item>(
  items: AsyncIterable<Item>,
  what: string,
  placeOf: (item: Item) => string,
  parts: ProgressParts = {
    clock: systemClock,
    stream: process.stderr,
    isOutputTerminal: process.stdout.isTTY,
  },
): AsyncGenerator<Item, void, undefined> {
  const { clock, stream, isOutputTerminal } = parts;
  const line = new ProgressLine(!isOutputTerminal, stream, PATIENCE_MS, clock);
  const startedMs = clock.nowMs();
  let done = 0;
  try {
    for await (const item of items) {
      done += 1;
      line.show(() => {
        const perSecond = Math.round((done * 1000) / Math.max(1, clock.nowMs() - startedMs));
        return `${done} ${what}, ${perSecond}/s: ${placeOf(item)}`;
      });
      yield item;
    }
  } finally {
    line.clear();
  }
}
