import { invariant } from '../../src/base/index.js';

/** Says how the procedure wants to be woken up. */
export type Park = (wake: () => void) => void;

/**
 * Work in several steps that may have to wait between them. Why not an async function: a
 * procedure whose answers are already there runs to its end without giving up the turn (a restart
 * is then as fast as the child's start), and `return()` ends a waiting one, releasing timers and
 * signals in its `finally` clauses.
 */
export type Procedure<Result> = Generator<Park, Result, void>;

/** Begins something; returns how to cancel it. Calls `settle` once, at once or later. */
export type Begin<Value> = (settle: (value: Value) => void) => () => void;

class Wait<Value> {
  #answer: { readonly value: Value } | undefined;
  #wake: (() => void) | undefined;

  readonly settle = (value: Value): void => {
    if (this.#answer !== undefined) return;
    this.#answer = { value };
    this.#wake?.();
  };

  readonly park: Park = (wake) => {
    this.#wake = wake;
  };

  isSettled(): boolean {
    return this.#answer !== undefined;
  }

  take(): Value {
    invariant(this.#answer !== undefined, 'a procedure was woken up without an answer');
    return this.#answer.value;
  }
}

export function* waitFor<Value>(begin: Begin<Value>): Procedure<Value> {
  const wait = new Wait<Value>();
  const cancel = begin(wait.settle);
  try {
    if (!wait.isSettled()) yield wait.park;
  } finally {
    if (!wait.isSettled()) cancel();
  }
  return wait.take();
}
