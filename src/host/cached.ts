import { callForeign, SnmpError, type Clock } from '../base/index.js';

export interface CachedOptions<Value> {
  readonly read: () => Promise<Value>;
  readonly clock: Clock;
  /** A value whose reading started longer ago than this is read again. */
  readonly maxAgeMs: number;
  /** How long anybody waits for one reading. */
  readonly deadlineMs?: number;
  /** What serves where a reading fails or takes long. Default: nothing does. */
  readonly stale?: StaleTerms;
}

/** When the last reading is better than none. */
export interface StaleTerms {
  /** It was started no longer ago than this. */
  readonly maxAgeMs: number;
  /** Where there is one, nobody waits longer than this for the next. */
  readonly patienceMs: number;
}

const DEFAULT_DEADLINE_MS = 5000;

/**
 * The last reading of something that is costly to read. One reading at a time: whoever asks while
 * one is under way waits for that one. A reading that hangs is not started a second time (each one
 * would take a thread of node's pool away); those who wait for it are told after `deadlineMs`.
 */
export class Cached<Value> {
  readonly #options: CachedOptions<Value>;
  #last: { readonly value: Value; readonly startedMs: number } | undefined;
  #underWay: Promise<Value> | undefined;

  constructor(options: CachedOptions<Value>) {
    this.#options = options;
  }

  /** The last complete reading, however old. */
  get last(): Value | undefined {
    return this.#last?.value;
  }

  /** Whether `last` is still young enough, so that no reading is needed. */
  get isFresh(): boolean {
    return this.#youngerThan(this.#options.maxAgeMs) !== undefined;
  }

  /**
   * A reading not older than `maxAgeMs`, or the one that is under way; where that cannot be had, a
   * stale one by the terms for such.
   *
   * Rejects with what `read` rejected with, or with SNMP_HOST_READ_DEADLINE; the next call tries
   * again.
   */
  fresh(): Promise<Value> {
    const { maxAgeMs, deadlineMs = DEFAULT_DEADLINE_MS, stale } = this.#options;
    const fresh = this.#youngerThan(maxAgeMs);
    if (fresh !== undefined) return Promise.resolve(fresh.value);
    if (this.#underWay === undefined) {
      const reading = this.#read();
      const isOver = (): void => void (this.#underWay = undefined);
      this.#underWay = reading;
      reading.then(isOver, isOver);
    }
    const last = stale === undefined ? undefined : this.#youngerThan(stale.maxAgeMs);
    if (stale === undefined || last === undefined) return this.#wait(this.#underWay, deadlineMs);
    return this.#wait(this.#underWay, stale.patienceMs).catch(() => last.value);
  }

  #youngerThan(ageMs: number): { readonly value: Value } | undefined {
    if (this.#last === undefined) return undefined;
    return this.#options.clock.nowMs() - this.#last.startedMs < ageMs ? this.#last : undefined;
  }

  async #read(): Promise<Value> {
    const startedMs = this.#options.clock.nowMs();
    const value = await this.#options.read();
    this.#last = { value, startedMs };
    return value;
  }

  #wait(reading: Promise<Value>, deadlineMs: number): Promise<Value> {
    return new Promise((resolve, reject) => {
      callForeign(
        () => reading,
        deadlineMs,
        this.#options.clock,
        (outcome) => {
          if (outcome.kind === 'returned') resolve(outcome.value);
          else if (outcome.kind === 'threw') reject(asError(outcome.error));
          else reject(new SnmpError('SNMP_HOST_READ_DEADLINE', 'reading the machine hangs'));
        },
      );
    });
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new SnmpError('SNMP_HOST_READ_FAILED', 'reading the machine failed', { cause: thrown });
}
