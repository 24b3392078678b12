import { MibView, type ViewFamily } from '../security/index.js';
import type { Oid } from '../smi/index.js';

/**
 * What a receiver is told of (RFC 3413 section 6): families of subtrees included and excluded, the
 * longest that matches deciding. A notification that nothing includes is kept back; an object is
 * where something excludes it.
 */
export class NotifyFilter {
  readonly #notifications: MibView;
  readonly #objects: MibView;

  /** @param families - one at least: without any, nothing is filtered. */
  constructor(families: readonly ViewFamily[]) {
    this.#notifications = new MibView(families);
    // Where none matches an object is told of. A family of everything says it itself.
    const saysAll = families.some(({ subtree }) => subtree.length === 0);
    this.#objects = saysAll
      ? this.#notifications
      : new MibView([{ subtree: [], included: true }, ...families]);
  }

  /** @param objects - the instances that tell of it. */
  lets(notification: Oid, objects: readonly Oid[]): boolean {
    return (
      this.#notifications.includes(notification) &&
      objects.every((name) => this.#objects.includes(name))
    );
  }
}
