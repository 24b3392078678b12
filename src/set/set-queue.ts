/** A SET that runs or waits: which participants it touches, and how to start it. */
export interface QueuedSet {
  /** BOUNDED by the varbinds of one PDU. */
  readonly participants: ReadonlySet<string>;
  start(): void;
}

export type Admission = 'started' | 'queued' | 'full';

/**
 * The order of SETs (SET.md section 4): one starts when no earlier one, running or waiting, shares
 * a participant with it. Hence none starves and none deadlocks, and a hung participant delays only
 * those that touch it.
 */
export class SetQueue {
  readonly #maxWaiting: number;
  /** In order of arrival. BOUNDED by maxWaiting. */
  readonly #waiting = new Set<QueuedSet>();
  /** BOUNDED by the number of participants: each runs at most one SET. */
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
  }

  #isBlocked(set: QueuedSet, earlier: Iterable<QueuedSet>): boolean {
    for (const other of this.#running) if (sharesParticipant(other, set)) return true;
    for (const other of earlier) if (sharesParticipant(other, set)) return true;
    return false;
  }
}

function sharesParticipant(left: QueuedSet, right: QueuedSet): boolean {
  for (const participant of left.participants) if (right.participants.has(participant)) return true;
  return false;
}
