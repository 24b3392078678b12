/** Calls `run` when everything that came in this turn of the event loop has been heard. */
export function atTurnEnd(run: () => void): void {
  setImmediate(run);
}

/** The next turn of the event loop: lets sockets and timers have theirs during long work. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
