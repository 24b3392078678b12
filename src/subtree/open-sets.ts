import { invariant } from '../base/index.js';
import type { SetGroup } from '../instrumentation/index.js';
import type { TransactionFacts } from '../set/index.js';
import type { SubtreeCell } from './subtree-cell.js';

/** One SET as a subtree is in it. */
export interface OpenSet {
  readonly id: number;
  /** The incarnation that voted: the only one that may hear `set`. */
  readonly cell: SubtreeCell;
  readonly groups: readonly SetGroup[];
  applying: boolean;
}

/**
 * The SETs that a subtree is in: mostly one. Several where all but the last are set, and wait for
 * the journal to keep them together.
 */
export class OpenSets {
  /** In the order in which they were asked. BOUNDED by the SETs that share a write. */
  readonly #open: OpenSet[] = [];

  get isAny(): boolean {
    return this.#open.length > 0;
  }

  /** Whether there is one between its first `set` and its end. */
  get isAnyApplying(): boolean {
    // Asked for each variable that is read, and mostly there is none.
    return this.#open.length > 0 && this.#open.some(({ applying }) => applying);
  }

  of({ id }: TransactionFacts): OpenSet | undefined {
    return this.#open.find((open) => open.id === id);
  }

  begin({ id }: TransactionFacts, cell: SubtreeCell, groups: readonly SetGroup[]): void {
    invariant(
      this.#open.every(({ applying }) => applying),
      'SETs of one subtree run one after another',
    );
    this.#open.push({ id, cell, groups, applying: false });
  }

  end(open: OpenSet): void {
    this.#open.splice(this.#open.indexOf(open), 1);
  }
}
