import type { Clock, Timer } from './clock.js';
import { nextTurn } from './turn.js';

interface PendingTimer {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/**
 * A clock that moves only when told to. Timers fire in the order of their due times; timers that
 * are due at the same time fire in the order in which they were started.
 */
export class SimulatedClock implements Clock {
  #nowMs: number;
  readonly #wallOffsetMs: number;
  #started = 0;
  /** UNBOUNDED because it holds what the code under test started; tests assert that it empties. */
  readonly #pending = new Set<PendingTimer>();

  constructor(startMs = 0, wallTimeMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
    this.#wallOffsetMs = wallTimeMs - startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallTimeMs(): number {
    return this.#nowMs + this.#wallOffsetMs;
  }

  startTimer(delayMs: number, fire: () => void): Timer {
    const timer: PendingTimer = {
      dueMs: this.#nowMs + Math.max(delayMs, 0),
      order: this.#started++,
      fire,
    };
    this.#pending.add(timer);
    return { cancel: () => void this.#pending.delete(timer) };
  }

  /** How many timers wait: zero after quiescence, or something leaks. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Moves time forward by `byMs`, firing what comes due on the way, synchronously. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#earliest(untilMs); next !== undefined; next = this.#earliest(untilMs)) {
      this.#pending.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.fire();
    }
    this.#nowMs = untilMs;
  }

  /** As `advance`, but lets promise reactions run before and after every timer. */
  async advanceAsync(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await nextTurn();
    for (let next = this.#earliest(untilMs); next !== undefined; next = this.#earliest(untilMs)) {
      this.#pending.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.fire();
      await nextTurn();
    }
    this.#nowMs = untilMs;
    await nextTurn();
  }

  #earliest(untilMs: number): PendingTimer | undefined {
    let earliest: PendingTimer | undefined;
    for (const timer of this.#pending) {
      if (timer.dueMs > untilMs) continue;
      if (
        earliest === undefined ||
        timer.dueMs < earliest.dueMs ||
        (timer.dueMs === earliest.dueMs && timer.order < earliest.order)
      ) {
        earliest = timer;
      }
    }
    return earliest;
  }
}
