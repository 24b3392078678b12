import type { Procedure } from './procedure.js';

export interface Letter {
  run(): Procedure<void>;
  /** The mailbox was closed before the letter was done with. */
  abandon(): void;
}

interface Current {
  readonly letter: Letter;
  readonly procedure: Procedure<void>;
}

/**
 * One procedure at a time, in order of arrival. A letter is never handled on the stack that
 * posted it, nor is a waiting procedure woken up there: whoever reports an exit finishes its own
 * work first. Only microtasks lie between.
 */
export class Mailbox {
  /** BOUNDED by one exit per child, one retry per child, and what hosts ask without waiting. */
  readonly #letters: Letter[] = [];
  readonly #onDefect: (error: unknown) => void;
  #current: Current | undefined;
  #isStepping = false;
  #isClosed = false;
  #afterClose: (() => void) | undefined;

  constructor(onDefect: (error: unknown) => void) {
    this.#onDefect = onDefect;
  }

  post(letter: Letter): void {
    if (this.#isClosed) {
      letter.abandon();
      return;
    }
    this.#letters.push(letter);
    if (this.#current === undefined) queueMicrotask(() => this.#drain());
  }

  /** As `post`, but an idle mailbox takes the letter up on the caller's stack. */
  handle(letter: Letter): void {
    this.post(letter);
    this.#drain();
  }

  /**
   * Ends the current procedure where it waits and abandons all letters, then calls `after`. From
   * within the current procedure: as soon as that waits or ends.
   */
  close(after: () => void): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#afterClose = after;
    if (!this.#isStepping) this.#finishClose();
  }

  #finishClose(): void {
    const current = this.#current;
    this.#current = undefined;
    current?.procedure.return();
    current?.letter.abandon();
    const after = this.#afterClose;
    this.#afterClose = undefined;
    after?.();
    for (const letter of this.#letters.splice(0)) letter.abandon();
  }

  #drain(): void {
    while (!this.#isClosed && this.#current === undefined) {
      const letter = this.#letters.shift();
      if (letter === undefined) return;
      this.#current = { letter, procedure: letter.run() };
      this.#step(this.#current);
    }
  }

  #step(current: Current): void {
    this.#isStepping = true;
    try {
      const step = current.procedure.next();
      if (step.done === true) this.#current = undefined;
      else step.value(() => queueMicrotask(() => this.#wake(current)));
    } catch (error) {
      this.#current = undefined;
      current.letter.abandon();
      this.#onDefect(error);
    } finally {
      this.#isStepping = false;
    }
    if (this.#isClosed) this.#finishClose();
  }

  #wake(current: Current): void {
    if (this.#current !== current) return;
    this.#step(current);
    this.#drain();
  }
}
