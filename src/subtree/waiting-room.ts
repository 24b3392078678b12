import type { Clock, Timer } from '../base/index.js';

interface Waiting {
  readonly isMet: () => boolean;
  readonly done: (isMet: boolean) => void;
  timer: Timer | undefined;
}

/** Those who wait for a subtree to get into some state, each up to a deadline of its own. */
export class WaitingRoom {
  readonly #clock: Clock;
  /** In order of arrival. BOUNDED by the requests in flight. */
  readonly #waiting = new Set<Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `done` once: at once with true where `isMet`, else when it is, or at the deadline. */
  wait(isMet: () => boolean, deadlineMs: number, done: (isMet: boolean) => void): void {
    if (isMet()) {
      done(true);
      return;
    }
    const waiting: Waiting = { isMet, done, timer: undefined };
    waiting.timer = this.#clock.startTimer(deadlineMs, () => {
      this.#waiting.delete(waiting);
      done(false);
    });
    this.#waiting.add(waiting);
  }

  /**
   * Something has changed: calls those whose time has come, in order of arrival. All of them were
   * called for the same change, so the first may find it undone by the second's turn.
   */
  look(): void {
    if (this.#waiting.size === 0) return;
    this.#release(
      [...this.#waiting].filter(({ isMet }) => isMet()),
      true,
    );
  }

  /** There is nothing to wait for any longer. */
  dismiss(): void {
    this.#release([...this.#waiting], false);
  }

  #release(released: readonly Waiting[], isMet: boolean): void {
    for (const waiting of released) {
      waiting.timer?.cancel();
      this.#waiting.delete(waiting);
    }
    for (const { done } of released) done(isMet);
  }
}
