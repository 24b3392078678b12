import { isPromiseLike, tamed } from '../base/index.js';
import type { CallContext } from './call-context.js';
import type { SetGroup } from './managed-object.js';

/**
 * The before-image that `restore: true` asks the runtime to keep (docs/set.md 3): read in
 * phase one, before isSetOk; set back where phase two fails.
 */
export class Restored {
  readonly before: unknown;

  /** From what was kept, after a crash of the process. */
  static of(before: unknown): Restored {
    return new Restored(before);
  }

  private constructor(before: unknown) {
    this.before = before;
  }

  /**
   * Reads, remembers in the group's memo, then votes. What is read too late is not voted on: nobody
   * would tell the author what came of that vote.
   *
   * @param isNeeded - without it nothing could be set back: what could not be read refuses the SET.
   */
  static readFirst(
    group: SetGroup,
    context: CallContext,
    read: () => unknown,
    vote: () => unknown,
    isNeeded: boolean,
  ): unknown {
    const remember = (before: unknown): unknown => {
      if (isReadError(before)) return isNeeded ? genErrOf(group) : vote();
      group.memo = new Restored(before);
      return vote();
    };
    const before = read();
    if (!isPromiseLike(before)) return remember(before);
    return tamed(before).then((later) =>
      context.signal.aborted ? genErrOf(group) : remember(later),
    );
  }

  /** Sets back what was remembered; undoFailed where nothing was. */
  static setBack(group: SetGroup, set: (before: unknown) => unknown): unknown {
    return group.memo instanceof Restored ? set(group.memo.before) : 'undoFailed';
  }
}

function isReadError(before: unknown): boolean {
  return (
    typeof before === 'object' && before !== null && 'error' in before && before.error === 'genErr'
  );
}

function genErrOf({ object, changes }: SetGroup): unknown {
  return object.kind === 'scalar' ? 'genErr' : { error: 'genErr', column: changes[0]?.column };
}

/** The context of a rollback: it has what was read in phase one, where that was done. */
export function withBefore(context: CallContext, group: SetGroup): CallContext {
  if (!(group.memo instanceof Restored)) return context;
  const { before } = group.memo;
  return {
    requestId: context.requestId,
    contextName: context.contextName,
    ...(context.requester === undefined ? {} : { requester: context.requester }),
    get signal() {
      return context.signal;
    },
    before,
  };
}
