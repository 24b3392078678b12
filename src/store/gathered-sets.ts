import type { StateWrite } from './commit-thread.js';

interface Settlement {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** SETs of one turn that are kept by one write, all of them or none. */
export class GatheredSets {
  /** In the order in which they were made. BOUNDED by the SETs that are kept together. */
  readonly writes: StateWrite[] = [];
  /** By key, what is to be there where the write fails. BOUNDED by `writes`. */
  readonly #before = new Map<string, StateWrite>();
  /** In order. BOUNDED by the SETs that are kept together. */
  readonly #settlements: Settlement[] = [];

  get before(): readonly StateWrite[] {
    return [...this.#before.values()];
  }

  /** What a SET does; where the write fails, `before` is to be there. */
  add(write: StateWrite, before?: StateWrite): void {
    this.writes.push(write);
    const key = write.key.toString('latin1');
    if (before !== undefined && !this.#before.has(key)) this.#before.set(key, before);
  }

  /** What the program did: it stands, whatever comes of the SETs. */
  addOwn(write: StateWrite): void {
    this.writes.push(write);
    this.#before.set(write.key.toString('latin1'), write);
  }

  /** Settles with the write; `done` is called before anybody hears that it succeeded. */
  settled(done: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const succeed = (): void => {
        done();
        resolve();
      };
      this.#settlements.push({ resolve: succeed, reject });
    });
  }

  succeeded(): void {
    for (const { resolve } of this.#settlements) resolve();
  }

  /** The last one hears of it first: it is to be rolled back before those that it rests on. */
  failed(error: unknown): void {
    for (const { reject } of this.#settlements.toReversed()) reject(error);
  }
}
