import type { Clock, Timer } from './clock.js';

/** How a call of foreign code ended. Exactly one of these, by the deadline at the latest. */
export type ForeignOutcome<Value> =
  | { readonly kind: 'returned'; readonly value: Value }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'aborted' };

const DEADLINE: ForeignOutcome<never> = { kind: 'deadline' };
const ABORTED: ForeignOutcome<never> = { kind: 'aborted' };

/** What a call in flight can still be told; nothing happens after it has settled. */
export interface ForeignCall {
  /** Settles the call as `aborted` now. */
  abort(): void;
}

const ignore = (): void => undefined;
const SETTLED: ForeignCall = { abort: ignore };

/**
 * The one gate to code that is not ours. Never throws; calls `settle` exactly once. An answer that
 * is there when `call` returns settles at once, in the same turn: synchronous code stays
 * synchronous. An answer after the deadline or the abort is dropped; `late` is told.
 */
export function callForeign<Value>(
  call: () => Value | PromiseLike<Value>,
  deadlineMs: number,
  clock: Clock,
  settle: (outcome: ForeignOutcome<Value>) => void,
  late: () => void = ignore,
): ForeignCall {
  let outcome: ForeignOutcome<Value>;
  try {
    const returned = call();
    if (isPromiseLike(returned)) return new PendingCall(returned, deadlineMs, clock, settle, late);
    outcome = { kind: 'returned', value: returned };
  } catch (error) {
    outcome = { kind: 'threw', error };
  }
  settle(outcome);
  return SETTLED;
}

class PendingCall<Value> implements ForeignCall {
  #settle: ((outcome: ForeignOutcome<Value>) => void) | undefined;
  readonly #timer: Timer;
  readonly #late: () => void;

  constructor(
    promise: PromiseLike<Value>,
    deadlineMs: number,
    clock: Clock,
    settle: (outcome: ForeignOutcome<Value>) => void,
    late: () => void,
  ) {
    this.#settle = settle;
    this.#late = late;
    this.#timer = clock.startTimer(deadlineMs, () => this.#finish(DEADLINE));
    tamed(promise).then(
      (value) => this.#answer({ kind: 'returned', value }),
      (error: unknown) => this.#answer({ kind: 'threw', error }),
    );
  }

  abort(): void {
    this.#finish(ABORTED);
  }

  #answer(outcome: ForeignOutcome<Value>): void {
    if (this.#settle === undefined) this.#late();
    else this.#finish(outcome);
  }

  #finish(outcome: ForeignOutcome<Value>): void {
    const settle = this.#settle;
    if (settle === undefined) return;
    this.#settle = undefined;
    this.#timer.cancel();
    settle(outcome);
  }
}

/**
 * A promise of ours for a foreign one, whose `then` may itself throw, call back more than once or
 * return nothing. Promise.resolve would not do: it looks at the foreign `constructor`.
 */
export function tamed<Value>(promise: PromiseLike<Value>): Promise<Value> {
  return new Promise((resolve) => resolve(promise));
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
