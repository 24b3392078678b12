/** One thing at a time under each name; what needs several names waits for all of them. */
export class Turns {
  /** The last that is to be done under a name. BOUNDED by what is under way. */
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` after whatever was to be done under any of `names` before. */
  async take<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const earlier = names.map(async (name) => this.#last.get(name));
    const turn = Promise.all(earlier).then(work);
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    for (const name of names) this.#last.set(name, ended);
    try {
      return await turn;
    } finally {
      for (const name of names) if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }
}
