import type { Clock, Timer } from '../base/index.js';
import type { Oid } from '../smi/index.js';

interface Waiting {
  readonly rowIndex: Oid;
  readonly dueMs: number;
}

/**
 * Rows that managers left unfinished, and when they will have been so for too long (RFC 2579,
 * Interaction 4). One timer for all: the row that was touched longest ago is due first.
 */
export class AbandonedRows {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #remove: (rowIndex: Oid) => void;
  /** In the order in which they come due. BOUNDED by the rows of the table. */
  readonly #waiting = new Map<string, Waiting>();
  #timer: Timer | undefined;
  #isRunning = false;

  constructor(clock: Clock, periodMs: number, remove: (rowIndex: Oid) => void) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#remove = remove;
  }

  start(): void {
    this.#isRunning = true;
    this.#arm();
  }

  /** Lets no timer keep the process alive; what waits goes on waiting after the next start. */
  stop(): void {
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  has(rowIndex: Oid): boolean {
    return this.#waiting.has(rowIndex.join('.'));
  }

  /** The row's period begins now. */
  touch(rowIndex: Oid): void {
    if (this.#periodMs === Infinity) return;
    const name = rowIndex.join('.');
    this.#waiting.delete(name);
    this.#waiting.set(name, { rowIndex, dueMs: this.#clock.nowMs() + this.#periodMs });
    this.#arm();
  }

  /** Waits for these rows of another table as long as that one would have: no manager has been at them. */
  inherit(predecessor: AbandonedRows, rows: readonly Oid[]): void {
    this.#waiting.clear();
    if (this.#periodMs === Infinity) return;
    const wanted = new Set(rows.map((rowIndex) => rowIndex.join('.')));
    for (const [name, waiting] of predecessor.#waiting) {
      if (wanted.has(name)) this.#waiting.set(name, waiting);
    }
    this.#arm();
  }

  forget(rowIndex: Oid): void {
    if (this.#waiting.size > 0) this.#waiting.delete(rowIndex.join('.'));
  }

  clear(): void {
    this.#waiting.clear();
  }

  #arm(): void {
    if (!this.#isRunning || this.#timer !== undefined) return;
    for (const { dueMs } of this.#waiting.values()) {
      // Not taken back when that row is touched or forgotten: it fires, finds out, and goes on.
      this.#timer = this.#clock.startTimer(dueMs - this.#clock.nowMs(), () => this.#fire());
      return;
    }
  }

  #fire(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.nowMs();
    for (const [name, { rowIndex, dueMs }] of this.#waiting) {
      if (dueMs > nowMs) break;
      this.#waiting.delete(name);
      this.#remove(rowIndex);
    }
    this.#arm();
  }
}
