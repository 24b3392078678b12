import type { Clock, ForeignOutcome } from '../../base/index.js';
import {
  ForeignCallContext,
  isReadable,
  isSetError,
  type ManagedScalar,
  type ReadAnswer,
  type RequestFacts,
} from '../../instrumentation/index.js';
import type { Version } from '../../message/index.js';
import type { MibView } from '../../security/index.js';
import type { ErrorStatus, VarBind } from '../../smi/index.js';
import type { SubtreeRef } from '../../subtree/index.js';
import type { Registrations } from '../registrations.js';

/** What answering a read needs to know of the request and the agent. */
export interface ReadRequest extends RequestFacts {
  readonly version: Version | 'v3';
  readonly view: MibView;
  readonly registrations: Registrations;
  readonly clock: Clock;
  /** Told why a manager gets genErr: `subtree`, and the reason for the log. */
  readonly faulted: (subtree: string, reason: string) => void;
}

/** The answer to a read: all varbinds, or the first failing one (1-based). */
export type ReadReply =
  | { readonly varBinds: VarBind[] }
  | { readonly status: ErrorStatus; readonly index: number };

/** Work that runs no foreign code goes on in the next turn when it has held this one so long. */
export const TURN_BUDGET_MS = 5;

/** What a stored object is read with: it runs no foreign code that could look at it. */
export const NO_CALL = new ForeignCallContext(0, undefined);

export function canBeRead(object: ManagedScalar): boolean {
  return isReadable(object.definition.access);
}

/** What a settled read of foreign code means. Interpretation itself meets foreign objects. */
export function interpretOutcome(
  outcome: ForeignOutcome<unknown>,
  interpret: (returned: unknown) => ReadAnswer,
): ReadAnswer {
  switch (outcome.kind) {
    case 'returned':
      try {
        return interpret(outcome.value);
      } catch {
        return { type: 'fault', reason: 'an answer that cannot be looked at' };
      }
    case 'threw':
      return {
        type: 'fault',
        reason: isSetError(outcome.error) ? 'a SetError out of a read' : 'threw',
      };
    case 'deadline':
      return { type: 'fault', reason: 'missed its deadline' };
    case 'aborted':
      return { type: 'fault', reason: 'the subtree is down' };
  }
}

/** Remembers how often the subtrees of a read were changed, to see whether it saw half a SET. */
export class ChangeWatch {
  /** BOUNDED by the varbinds of one PDU. */
  readonly #seen = new Map<SubtreeRef, number>();

  watch(owner: SubtreeRef): void {
    if (!this.#seen.has(owner)) this.#seen.set(owner, owner.changes);
  }

  get moved(): boolean {
    for (const [owner, changes] of this.#seen) if (owner.changes !== changes) return true;
    return false;
  }
}

/** A read that spans turns is begun again when a SET came between; not for ever. */
export const MAX_READ_ATTEMPTS = 8;
