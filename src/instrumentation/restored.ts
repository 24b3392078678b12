import { isPromiseLike } from '../base/index.js';
import type { SetGroup } from './managed-object.js';

/**
 * The before-image that `restore: true` asks the runtime to keep (SET.md section 3): read in
 * phase one, before isSetOk; set back where phase two fails.
 */
export class Restored {
  readonly before: unknown;

  private constructor(before: unknown) {
    this.before = before;
  }

  /**
   * Reads, remembers in the group's memo, then votes. What says that it could not be read refuses
   * the SET: nothing could be set back.
   */
  static readFirst(group: SetGroup, read: () => unknown, vote: () => unknown): unknown {
    const remember = (before: unknown): unknown => {
      if (isReadError(before)) return genErrOf(group);
      group.memo = new Restored(before);
      return vote();
    };
    const before = read();
    return isPromiseLike(before) ? before.then(remember) : remember(before);
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
