import type { WriteStream } from 'node:tty';
import { escapeControls, systemClock, type Clock } from '../base/index.js';

const MIN_INTERVAL_MS = 50;

/** A line on standard error that is drawn anew; nothing where that is no terminal. */
export class ProgressLine {
  readonly #stream: WriteStream;
  readonly #isShown: boolean;
  readonly #clock: Clock;
  #nextAtMs: number;

  /** @param patienceMs - what is over sooner is not worth a line. */
  constructor(isWanted: boolean, stream: WriteStream, patienceMs = 0, clock = systemClock) {
    this.#stream = stream;
    this.#isShown = stream.isTTY && isWanted;
    this.#clock = clock;
    this.#nextAtMs = patienceMs === 0 ? -Infinity : clock.nowMs() + patienceMs;
  }

  show(text: () => string): void {
    if (!this.#isShown) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#nextAtMs) return;
    this.#nextAtMs = nowMs + MIN_INTERVAL_MS;
    this.#stream.write(`\r${escapeControls(text())}\u001b[K`);
  }

  /** Takes the line away, for what is printed next. */
  clear(): void {
    if (this.#isShown) this.#stream.write('\r\u001b[K');
  }
}
