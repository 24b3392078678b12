import { callForeign, SnmpError, type Clock } from '../base/index.js';

export interface CachedOptions<Value> {
  readonly read: () => Promise<Value>;
  readonly clock: Clock;
  /** A value whose reading started longer ago than this is read again. */
  readonly maxAgeMs: number;
  /** How long anybody waits for one reading. */
  readonly deadlineMs?: number;
  /**
   * Where a reading fails or takes too long, the last one serves if it was started no longer ago
   * than this. Default 0: it never does.
   */
  readonly maxStaleMs?: number;
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
   * A reading not older than `maxAgeMs`, or the one that is under way; where that cannot be had,
   * one not older than `maxStaleMs`.
   *
   * Rejects with what `read` rejected with, or with SNMP_HOST_READ_DEADLINE; the next call tries
   * again.
   */
  fresh(): Promise<Value> {
    const fresh = this.#youngerThan(this.#options.maxAgeMs);
    if (fresh !== undefined) return Promise.resolve(fresh.value);
    if (this.#underWay === undefined) {
      const reading = this.#read();
      const isOver = (): void => void (this.#underWay = undefined);
      this.#underWay = reading;
      reading.then(isOver, isOver);
    }
    return this.#withDeadline(this.#underWay).catch((error: unknown) => {
      const stale = this.#youngerThan(this.#options.maxStaleMs ?? 0);
      if (stale === undefined) throw error;
      return stale.value;
    });
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

  #withDeadline(reading: Promise<Value>): Promise<Value> {
    const { clock, deadlineMs = DEFAULT_DEADLINE_MS } = this.#options;
    return new Promise((resolve, reject) => {
      callForeign(
        () => reading,
        deadlineMs,
        clock,
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
