import type { WriteStream } from 'node:tty';
import { ProgressLine } from './progress-line.js';

const WIDTH = 30;

/** A line on standard error that says how far it is; nothing where that is no terminal. */
export class ProgressBar {
  readonly #line: ProgressLine;

  /** @param total - below `least` of them, nothing is worth drawing. */
  constructor(total: number, least: number, stream: WriteStream = process.stderr) {
    this.#line = new ProgressLine(total >= least, stream);
  }

  show(done: number, total: number, what: string): void {
    this.#line.show(() => {
      const filled = total === 0 ? WIDTH : Math.round((Math.min(done, total) / total) * WIDTH);
      const bar = '#'.repeat(filled).padEnd(WIDTH, '.');
      return `[${bar}] ${done}/${total} ${what}`;
    });
  }

  /** Takes the line away, for what is printed next. */
  clear(): void {
    this.#line.clear();
  }
}
