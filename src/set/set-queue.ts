/** A SET that runs or waits: which participants it touches, and how to start it. */
export interface QueuedSet {
  /** BOUNDED by the varbinds of one PDU. */
  readonly participants: ReadonlySet<string>;
  start(): void;
  /** Whether all of it is set, and others may be set upon it before it is kept. */
  isBeingKept: boolean;
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
 * The order of SETs (docs/set.md 4): one starts when no earlier one, running or waiting, shares
 * a participant with it. Hence none starves and none deadlocks, and a hung participant delays only
 * those that touch it.
 *
 * Those that wait for one that is set already, and is being kept, may be set upon it in the same
 * turn, one after another, so that one write to the disk is for all of them.
 */
export class SetQueue {
  readonly #maxWaiting: number;
  // Arrays: a Set that turns over as fast as this one keeps what has left it alive for a while.
  /** In order of arrival. BOUNDED by maxWaiting. */
  #waiting: QueuedSet[] = [];
  /** BOUNDED by the number of participants times the SETs that are kept together. */
  readonly #running: QueuedSet[] = [];

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  get running(): number {
    return this.#running.length;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  admit(set: QueuedSet): Admission {
    if (!this.#isBlocked(set, this.#waiting)) {
      this.#running.push(set);
      set.start();
      return 'started';
    }
    if (this.#waiting.length >= this.#maxWaiting) return 'full';
    this.#waiting.push(set);
    return 'queued';
  }

  /** `set` has ended: others may start, see `startWaiting`. */
  finished(set: QueuedSet): void {
    remove(this.#running, set);
  }

  /** Starts, in order of arrival, whoever no longer waits for anybody. */
  startWaiting(): void {
    const startable: QueuedSet[] = [];
    const earlier: QueuedSet[] = [];
    for (const waiting of this.#waiting) {
      if (this.#isBlocked(waiting, earlier)) earlier.push(waiting);
      else {
        this.#running.push(waiting);
        startable.push(waiting);
      }
    }
    this.#waiting = earlier;
    for (const started of startable) started.start();
    this.#startTogetherWith(startable);
  }

  #startTogetherWith(started: readonly QueuedSet[]): void {
    const together = new Set(
      started.filter((set) => set.isBeingKept && this.#running.includes(set)),
    );
    if (together.size === 0) return;
    const others = new Set([...this.#running].filter((set) => !together.has(set)));
    for (const waiting of this.#waiting.slice()) {
      if (together.size >= MAX_SETS_KEPT_TOGETHER) return;
      const hasBegun = !isBlockedBy(waiting, others) && this.#join(waiting);
      (hasBegun && waiting.isBeingKept ? together : others).add(waiting);
    }
  }

  #join(waiting: QueuedSet): boolean {
    this.#running.push(waiting);
    const hasBegun = waiting.join();
    remove(hasBegun ? this.#waiting : this.#running, waiting);
    return hasBegun;
  }

  #isBlocked(set: QueuedSet, earlier: Iterable<QueuedSet>): boolean {
    return isBlockedBy(set, this.#running) || isBlockedBy(set, earlier);
  }
}

function remove(sets: QueuedSet[], set: QueuedSet): void {
  const place = sets.indexOf(set);
  if (place >= 0) sets.splice(place, 1);
}

function isBlockedBy(set: QueuedSet, others: Iterable<QueuedSet>): boolean {
  for (const other of others) if (sharesParticipant(other, set)) return true;
  return false;
}

function sharesParticipant(left: QueuedSet, right: QueuedSet): boolean {
  for (const participant of left.participants) if (right.participants.has(participant)) return true;
  return false;
}
