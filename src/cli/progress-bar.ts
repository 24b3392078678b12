import type { WriteStream } from 'node:tty';
import { systemClock } from '../base/index.js';

const WIDTH = 30;
const MIN_INTERVAL_MS = 50;

/** A line on standard error that says how far it is; nothing where that is no terminal. */
export class ProgressBar {
  readonly #stream: WriteStream;
  readonly #isShown: boolean;
  #drawnAtMs = -Infinity;

  /** @param total - below `least` of them, nothing is worth drawing. */
  constructor(total: number, least: number, stream: WriteStream = process.stderr) {
    this.#stream = stream;
    this.#isShown = stream.isTTY && total >= least;
  }

  show(done: number, total: number, what: string): void {
    const nowMs = systemClock.nowMs();
    if (!this.#isShown || nowMs - this.#drawnAtMs < MIN_INTERVAL_MS) return;
    this.#drawnAtMs = nowMs;
    const filled = total === 0 ? WIDTH : Math.round((Math.min(done, total) / total) * WIDTH);
    const bar = '#'.repeat(filled).padEnd(WIDTH, '.');
    this.#stream.write(`\r[${bar}] ${done}/${total} ${what}\u001b[K`);
  }

  /** Takes the line away, for what is printed next. */
  clear(): void {
    if (this.#isShown) this.#stream.write('\r\u001b[K');
  }
}
