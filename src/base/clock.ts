import { performance } from 'node:perf_hooks';

/** A timer that was started; cancelling it twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as the runtime sees it. Everything that waits takes a Clock, so that tests own time.
 * `nowMs` is monotonic: it never jumps when the machine's date is changed.
 */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary start. */
  nowMs(): number;
  /** The date, in milliseconds since 1970-01-01T00:00Z. May jump. */
  wallTimeMs(): number;
  /** Calls `fire` once, not earlier than `delayMs` from now. */
  startTimer(delayMs: number, fire: () => void): Timer;
}

/** Node cuts longer delays to 1 ms; we cut them to this instead (24.8 days). */
const MAX_TIMER_DELAY_MS = 2_147_483_647;

class SystemTimer implements Timer {
  readonly #handle: NodeJS.Timeout;

  constructor(delayMs: number, fire: () => void) {
    this.#handle = setTimeout(fire, Math.min(Math.max(delayMs, 0), MAX_TIMER_DELAY_MS));
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallTimeMs: () => Date.now(),
  startTimer: (delayMs, fire) => new SystemTimer(delayMs, fire),
};
