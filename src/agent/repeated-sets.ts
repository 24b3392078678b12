import { latin1Of, type Clock } from '../base/index.js';
import type { Request } from '../dispatch/index.js';

/** docs/set.md 4: for so long after the first, a repeated SET gets the first one's response. */
export const REPEAT_WINDOW_MS = 5000;

/**
 * At most so many SETs are remembered, and of at most so many octets together; half of them, the
 * older ones, are forgotten at a time. Enough for fifty a second over the whole window; under
 * more load the window is shorter. More of them would outlive the collector's young generation,
 * and a flood of SETs would fill the old one.
 */
const MAX_REMEMBERED = 512;
const MAX_REMEMBERED_OCTETS = 4 * 1024 * 1024;

/**
 * What is known of a SET, by where it came from and its identity: version, credentials and
 * request-id are in it. Octets are kept as latin1 strings: a small Buffer is a slice of a pool
 * of eight thousand octets, and would keep all of it alive for as long as it is remembered.
 */
interface Remembered {
  /** The first of its kind, while it is under way. */
  request: Request | undefined;
  readonly atMs: number;
  /** Undefined while the first one is still under way. */
  response: string | undefined;
}

export type Repetition =
  | { readonly kind: 'new' }
  /** The first one's response is still to come: nothing is to be sent for this one. */
  | { readonly kind: 'underWay' }
  | { readonly kind: 'answered'; readonly response: Buffer };

/**
 * Recognises a SET that was sent again because its response was lost: same source, version,
 * credentials, request-id and octets. It is not done twice (TestAndIncr would fail).
 */
export class RepeatedSets {
  readonly #clock: Clock;
  /**
   * The newer and the older half. Whole maps are dropped instead of entries deleted: a map with
   * thousands of entries that come and go leaves the collector a trail of dead tables.
   * BOUNDED by MAX_REMEMBERED and MAX_REMEMBERED_OCTETS together.
   */
  #newer = new Map<string, Remembered>();
  #older = new Map<string, Remembered>();
  #newerSinceMs = 0;
  #newerOctets = 0;
  #repeated = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many SETs were recognised as sent again. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Looks a SET up, and remembers it if it is new. */
  meet(request: Request): Repetition {
    const key = keyOf(request);
    const nowMs = this.#clock.nowMs();
    const known = this.#find(key);
    if (known !== undefined && nowMs - known.atMs <= REPEAT_WINDOW_MS) {
      this.#repeated += 1;
      return known.response === undefined
        ? { kind: 'underWay' }
        : { kind: 'answered', response: Buffer.from(known.response, 'latin1') };
    }
    this.#makeRoom(nowMs);
    this.#newer.set(key, { request, atMs: nowMs, response: undefined });
    this.#newerOctets += key.length;
    return { kind: 'new' };
  }

  /** The first one has its response; undefined where there is none, then it may be tried again. */
  answered(request: Request, response: Buffer | undefined): void {
    const key = keyOf(request);
    const known = this.#find(key);
    // One that was under way for longer than the window is not the one that is remembered.
    if (known?.request !== request) return;
    if (response === undefined) {
      this.#newer.delete(key);
      this.#older.delete(key);
      return;
    }
    known.request = undefined;
    known.response = latin1Of(response);
    this.#newerOctets += response.length;
  }

  #find(key: string): Remembered | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  /** The older half goes when the newer one is full, or has served for as long as the window. */
  #makeRoom(nowMs: number): void {
    const isFull =
      this.#newer.size >= MAX_REMEMBERED / 2 || this.#newerOctets >= MAX_REMEMBERED_OCTETS / 2;
    if (!isFull && nowMs - this.#newerSinceMs <= REPEAT_WINDOW_MS) return;
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#newerSinceMs = nowMs;
    this.#newerOctets = 0;
  }
}

function keyOf({ requester, identity }: Request): string {
  return `${requester.address} ${requester.port} ${latin1Of(identity)}`;
}
