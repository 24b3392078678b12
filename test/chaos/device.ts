import type { CallContext } from '../../src/instrumentation/index.js';

/** What was called for one group of one request, in RFC 2741 7.3.1's terms. */
interface Steps {
  readonly subtree: string;
  readonly calls: string[];
  /** Whether it said yes, at once: then it must hear `set` or `undo`. */
  isHeld: boolean;
}

/** In which order the functions of one group of one SET may be called. */
const LEGAL = /^(isSetOk)?( undo| set( rollback| setBack)?)?$/;
/** A function that votes has no set without its vote; one that does not vote begins with set. */
const LEGAL_UNASKED = /^set( rollback| setBack)?$/;

/**
 * What the functions of the subtrees stand for: values that outlive every actor, with the
 * before-images that rollback needs. Notes every call of a SET, and objects to an illegal order.
 */
export class Device {
  /** By instance, as `c1A` or `c4X.2`. BOUNDED by the groups. */
  readonly #values = new Map<string, number>();
  /** The last `set` of each call group. BOUNDED by the groups. */
  readonly #before = new Map<string, { requestId: number; values: readonly [string, number][] }>();
  /** Calls by request and group, until the request is answered. BOUNDED by the windows. */
  readonly #steps = new Map<number, Map<string, Steps>>();
  /** Requests that were answered lately: nobody may be called for them. BOUNDED by an epoch. */
  readonly #over = new Set<number>();
  readonly #violated: (what: string) => void;

  constructor(violated: (what: string) => void) {
    this.#violated = violated;
  }

  value(name: string): number {
    return this.#values.get(name) ?? 0;
  }

  /** A function of a SET is called. @returns whether it is the second `set`, which restores. */
  called(
    operation: string,
    place: string,
    subtree: string,
    { requestId }: CallContext,
    asks: boolean,
  ): boolean {
    if (this.#over.has(requestId)) {
      this.#violated(`${operation} of ${place} was called after request ${requestId} was answered`);
    }
    let places = this.#steps.get(requestId);
    if (places === undefined) this.#steps.set(requestId, (places = new Map<string, Steps>()));
    let steps = places.get(place);
    if (steps === undefined) places.set(place, (steps = { subtree, calls: [], isHeld: false }));
    const isBack = operation === 'set' && steps.calls.includes('set');
    steps.isHeld = false;
    steps.calls.push(isBack ? 'setBack' : operation);
    const order = steps.calls.join(' ');
    if (!(asks ? LEGAL : LEGAL_UNASKED).test(order)) {
      this.#violated(`request ${requestId} called ${place} in the order ${order}`);
    }
    return isBack;
  }

  /** A function has voted yes in the very turn in which it was asked. */
  votedYes(place: string, { requestId }: CallContext): void {
    const steps = this.#steps.get(requestId)?.get(place);
    if (steps !== undefined) steps.isHeld = true;
  }

  write(place: string, { requestId }: CallContext, changes: readonly [string, number][]): void {
    this.#before.set(place, {
      requestId,
      values: changes.map(([name]) => [name, this.value(name)]),
    });
    this.put(changes);
  }

  put(changes: readonly [string, number][]): void {
    for (const [name, value] of changes) this.#values.set(name, value);
  }

  /** Idempotent, and right where `write` never took effect. */
  restore(place: string, { requestId }: CallContext): void {
    const before = this.#before.get(place);
    if (before?.requestId === requestId) this.put(before.values);
  }

  /**
   * The manager has its answer.
   *
   * @param isExcused - whether a subtree was down meanwhile: it may have heard nothing.
   */
  answered(requestId: number, isExcused: (subtree: string) => boolean): void {
    for (const [place, { subtree, isHeld }] of this.#steps.get(requestId) ?? []) {
      if (isHeld && !isExcused(subtree)) {
        this.#violated(`${place} voted yes on request ${requestId} and heard neither set nor undo`);
      }
    }
    this.#steps.delete(requestId);
    this.#over.add(requestId);
  }

  /** Everything is answered: nothing of this epoch can be called any more. */
  endEpoch(): void {
    this.#steps.clear();
    this.#over.clear();
  }
}
