/** One thing at a time under each name; what needs several names waits for all of them. */
export class Turns {
  /** The last that is to be done under a name. BOUNDED by what is under way. */
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Runs `work` after whatever was to be done under any of `names` before; at once where there is
   * nothing.
   */
  async take<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const earlier = names.flatMap((name) => this.#last.get(name) ?? []);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    // Before the work begins: what that asks for under the same name comes after it.
    for (const name of names) this.#last.set(name, ended);
    try {
      if (earlier.length > 0) await Promise.all(earlier);
      return await work();
    } finally {
      for (const name of names) if (this.#last.get(name) === ended) this.#last.delete(name);
      end();
    }
  }
}
