import type { Oid } from '../smi/index.js';
import type { DurableChange } from './durability.js';
import {
  OK_ANSWER,
  type SetAnswer,
  type SetGroup,
  type SetOperation,
  type SetTarget,
} from './managed-object.js';

/** All that a stored object is to have, checked already. */
export interface Content {
  /** Puts it in the place of what is there. */
  put(): void;
  /** Puts back what was there; what the program has changed since stands. */
  takeBack(): void;
  /** What `put` did is sure. */
  settle?(): void;
  /** What `put` did to what is kept. */
  changes(): readonly DurableChange[];
}

/**
 * A stored object in a SET that replaces all of it: an import. Asks nothing of the program, as with
 * its own changes.
 */
export class ReplacedContent implements SetTarget {
  readonly oid: Oid;
  readonly kind: 'scalar' | 'table';
  readonly isStored = true;
  /** Reads and SETs are to find all of an import or nothing: nobody is set upon it. */
  readonly isSetAtOnce = false;
  readonly #content: Content;
  readonly #ended: () => void;

  /** @param ended - told when the import is sure, and when it was rolled back. */
  constructor(
    oid: Oid,
    kind: 'scalar' | 'table',
    content: Content,
    ended: () => void = () => undefined,
  ) {
    this.oid = oid;
    this.kind = kind;
    this.#content = content;
    this.#ended = ended;
  }

  committed(): void {
    this.#content.settle?.();
    this.#ended();
  }

  provides(): boolean {
    return true;
  }

  operate(operation: SetOperation): 'noError' {
    if (operation === 'set') {
      this.#content.put();
    } else if (operation === 'rollback') {
      this.#content.takeBack();
      this.#ended();
    }
    return 'noError';
  }

  interpret(): SetAnswer {
    return OK_ANSWER;
  }

  durableChanges(): readonly DurableChange[] {
    return this.#content.changes();
  }
}

/** The one group that such an object has in its SET. */
export function groupOf(object: SetTarget): SetGroup {
  const siblings: SetGroup[] = [];
  const group: SetGroup = {
    object,
    rowIndex: [],
    changes: [],
    firstPosition: 1,
    siblings,
    memo: undefined,
  };
  siblings.push(group);
  return group;
}
