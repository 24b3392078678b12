/**
 * Counts the incarnations of one child, and of its children if it is a supervisor. It belongs to
 * the parent's record of the child and so outlives the child: after a restart of a supervisor its
 * children go on counting, and a late message of an earlier life can never carry a current number.
 */
export class Lineage {
  #incarnation = 0;
  /** BOUNDED by the specs of the supervisor below: an id that is forgotten there is forgotten here. */
  readonly #children = new Map<string, Lineage>();

  get incarnation(): number {
    return this.#incarnation;
  }

  /** Counts one more start and returns its number. */
  advance(): number {
    this.#incarnation += 1;
    return this.#incarnation;
  }

  child(id: string): Lineage {
    const known = this.#children.get(id);
    if (known !== undefined) return known;
    const fresh = new Lineage();
    this.#children.set(id, fresh);
    return fresh;
  }

  forget(id: string): void {
    this.#children.delete(id);
  }
}
