import type { Clock } from '../base/index.js';

/** At most `burst` at once, and one more every `everyMs` after that. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #everyMs: number;
  #left: number;
  #countedMs: number;

  constructor(clock: Clock, burst: number, everyMs: number) {
    this.#clock = clock;
    this.#burst = burst;
    this.#everyMs = everyMs;
    this.#left = burst;
    this.#countedMs = clock.nowMs();
  }

  /** Whether one more is within the limit; it counts then. */
  take(): boolean {
    const regained = Math.floor((this.#clock.nowMs() - this.#countedMs) / this.#everyMs);
    if (regained > 0) {
      this.#countedMs += regained * this.#everyMs;
      this.#left = Math.min(this.#burst, this.#left + regained);
    }
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}
