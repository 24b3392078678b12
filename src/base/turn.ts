/** The next turn of the event loop: lets sockets and timers have theirs during long work. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
