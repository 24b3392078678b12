/**
 * Runs `step` for one item after another; each step calls `next` once, now or later. Steps that
 * answer at once are looped over, not recursed into, so any number of them is fine.
 *
 * A step that calls `next(false)` ends the run early; `done` is called in either case.
 */
export function inOrder<Item>(
  items: Iterable<Item>,
  step: (item: Item, next: (goOn?: boolean) => void) => void,
  done: () => void,
): void {
  const iterator = items[Symbol.iterator]();
  let looping = false;
  let pending = true;
  let goingOn = true;
  const next = (goOn = true): void => {
    goingOn &&= goOn;
    pending = true;
    if (!looping) loop();
  };
  const loop = (): void => {
    looping = true;
    while (pending) {
      pending = false;
      const item = goingOn ? iterator.next() : undefined;
      if (item === undefined || item.done === true) {
        looping = false;
        done();
        return;
      }
      step(item.value, next);
    }
    looping = false;
  };
  loop();
}
