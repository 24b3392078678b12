/** A SET that runs or waits: which participants it touches, and how to start it. */
export interface QueuedSet {
  /** BOUNDED by the varbinds of one PDU. */
  readonly participants: ReadonlySet<string>;
  start(): void;
  /** Whether all of it is set, and others may be set upon it before it is kept. */
  readonly isBeingKept: boolean;
  /**
   * Starts upon SETs that are being kept, if it can be set in this turn.
   *
   * @returns whether it has begun; else it is as if it had not been asked.
   */
  join(): boolean;
}

/** SETs that are kept together: so many, because those who read wait for all of them. */
export const MAX_SETS_KEPT_TOGETHER = 64;

export type Admission = 'started' | 'queued' | 'full';

/**
 * The order of SETs (SET.md section 4): one starts when no earlier one, running or waiting, shares
 * a participant with it. Hence none starves and none deadlocks, and a hung participant delays only
 * those that touch it.
 *
 * Those that wait for one that is set already, and is being kept, may be set upon it in the same
 * turn, one after another, so that one write to the disk is for all of them.
 */
export class SetQueue {
  readonly #maxWaiting: number;
  /** In order of arrival. BOUNDED by maxWaiting. */
  readonly #waiting = new Set<QueuedSet>();
  /** BOUNDED by the number of participants times the SETs that are kept together. */
  readonly #running = new Set<QueuedSet>();

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  admit(set: QueuedSet): Admission {
    if (!this.#isBlocked(set, this.#waiting)) {
      this.#running.add(set);
      set.start();
      return 'started';
    }
    if (this.#waiting.size >= this.#maxWaiting) return 'full';
    this.#waiting.add(set);
    return 'queued';
  }

  /** `set` has ended: others may start, see `startWaiting`. */
  finished(set: QueuedSet): void {
    this.#running.delete(set);
  }

  /** Starts, in order of arrival, whoever no longer waits for anybody. */
  startWaiting(): void {
    const startable: QueuedSet[] = [];
    const earlier = new Set<QueuedSet>();
    for (const waiting of this.#waiting) {
      if (this.#isBlocked(waiting, earlier)) earlier.add(waiting);
      else {
        this.#running.add(waiting);
        startable.push(waiting);
      }
    }
    for (const started of startable) this.#waiting.delete(started);
    for (const started of startable) started.start();
    this.#startTogetherWith(startable);
  }

  #startTogetherWith(started: readonly QueuedSet[]): void {
    const together = new Set(started.filter((set) => this.#running.has(set) && set.isBeingKept));
    if (together.size === 0) return;
    const others = new Set([...this.#running].filter((set) => !together.has(set)));
    for (const waiting of Array.from(this.#waiting)) {
      if (together.size >= MAX_SETS_KEPT_TOGETHER) return;
      const hasBegun = !isBlockedBy(waiting, others) && this.#join(waiting);
      (hasBegun && waiting.isBeingKept ? together : others).add(waiting);
    }
  }

  #join(waiting: QueuedSet): boolean {
    this.#running.add(waiting);
    const hasBegun = waiting.join();
    if (hasBegun) this.#waiting.delete(waiting);
    else this.#running.delete(waiting);
    return hasBegun;
  }

  #isBlocked(set: QueuedSet, earlier: Iterable<QueuedSet>): boolean {
    return isBlockedBy(set, this.#running) || isBlockedBy(set, earlier);
  }
}

function isBlockedBy(set: QueuedSet, others: Iterable<QueuedSet>): boolean {
  for (const other of others) if (sharesParticipant(other, set)) return true;
  return false;
}

function sharesParticipant(left: QueuedSet, right: QueuedSet): boolean {
  for (const participant of left.participants) if (right.participants.has(participant)) return true;
  return false;
}
