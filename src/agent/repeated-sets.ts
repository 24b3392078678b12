import type { Clock } from '../base/index.js';
import type { Request } from '../dispatch/index.js';

/** SET.md section 4: for so long after the first, a repeated SET gets the first one's response. */
export const REPEAT_WINDOW_MS = 5000;

/** At most so many answered SETs are remembered, the oldest forgotten first. */
const MAX_REMEMBERED = 4096;
/** ... and of at most so many octets together. */
const MAX_REMEMBERED_OCTETS = 4 * 1024 * 1024;

/**
 * What is known of a SET, by where it came from and all its octets: version, credentials and
 * request-id are among them. Octets are kept as latin1 strings: a small Buffer is a slice of a pool of eight thousand octets,
 * and would keep all of it alive for as long as it is remembered.
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
  /** In order of arrival. BOUNDED by MAX_REMEMBERED and MAX_REMEMBERED_OCTETS. */
  readonly #remembered = new Map<string, Remembered>();
  #octets = 0;
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
    const known = this.#remembered.get(key);
    if (known !== undefined && nowMs - known.atMs <= REPEAT_WINDOW_MS) {
      this.#repeated += 1;
      return known.response === undefined
        ? { kind: 'underWay' }
        : { kind: 'answered', response: Buffer.from(known.response, 'latin1') };
    }
    if (known !== undefined) this.#forget(key, known);
    this.#remember(key, { request, atMs: nowMs, response: undefined });
    return { kind: 'new' };
  }

  /** The first one has its response; undefined where there is none, then it may be tried again. */
  answered(request: Request, response: Buffer | undefined): void {
    const key = keyOf(request);
    const known = this.#remembered.get(key);
    // One that was under way for longer than the window is not the one that is remembered.
    if (known?.request !== request) return;
    if (response === undefined) {
      this.#forget(key, known);
      return;
    }
    known.request = undefined;
    known.response = latin1(response);
    this.#octets += response.length;
  }

  #remember(key: string, entry: Remembered): void {
    this.#remembered.set(key, entry);
    this.#octets += key.length;
    for (const [oldest, { atMs }] of this.#remembered) {
      const isOld = entry.atMs - atMs > REPEAT_WINDOW_MS;
      const isTooMuch =
        this.#remembered.size > MAX_REMEMBERED || this.#octets > MAX_REMEMBERED_OCTETS;
      if (!isOld && !isTooMuch) break;
      this.#forget(oldest, this.#remembered.get(oldest) as Remembered);
    }
  }

  #forget(key: string, entry: Remembered): void {
    this.#remembered.delete(key);
    this.#octets -= key.length + (entry.response?.length ?? 0);
  }
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}

function keyOf({ requester, datagram }: Request): string {
  return `${requester.address} ${requester.port} ${latin1(datagram)}`;
}
