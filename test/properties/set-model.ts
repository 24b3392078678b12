/*
 * What docs/set.md says of a SET, as a pure function. Imports nothing of the code under test: a second
 * opinion. One SET alone, functions that do what they are told, and nobody else about.
 */

/** How a function ends, and whether it did to the device what it is for. */
export type Ending =
  | { readonly kind: 'yes' }
  /** An error by value; of a row it names one of its columns (by position in the request). */
  | { readonly kind: 'error'; readonly status: string; readonly position: number }
  | { readonly kind: 'illegal' }
  /** Threw, rejected, stayed silent, or came too late. */
  | { readonly kind: 'lost' };

export interface ModelGroup {
  /** `s1A`, or `s1.2` for a row. */
  readonly name: string;
  readonly subtree: string;
  /** In column order: what is written where, for which varbind (1-based). */
  readonly changes: readonly {
    readonly cell: string;
    readonly column: number;
    readonly value: number;
    readonly position: number;
  }[];
  readonly hasIsSetOk: boolean;
  readonly hasUndo: boolean;
  /** By a function of its own, by restore, or not at all. */
  readonly rollsBack: 'rollback' | 'setBack' | 'no';
  readonly vote: Ending;
  readonly set: Ending & { readonly effect: boolean };
  readonly undo: Ending;
  /** Of rollback or of the set that puts back; a yes restores. */
  readonly rollback: Ending;
}

export interface Expected {
  readonly word: 'committed' | 'refused' | 'rolledBack' | 'inDoubt';
  readonly status: string;
  readonly index: number;
  /** Values by cell; 0 where nothing is said. */
  readonly state: ReadonlyMap<string, number>;
  /** Calls in order, by subtree: `isSetOk s1A 5`. */
  readonly calls: ReadonlyMap<string, readonly string[]>;
  /** How often each subtree was started anew. */
  readonly restarts: ReadonlyMap<string, number>;
}

interface Failure {
  readonly status: string;
  readonly position: number;
}

class Subtree {
  readonly groups: ModelGroup[] = [];
  readonly calls: string[] = [];
  restarts = 0;
  /** Whether the incarnation that voted has gone. */
  isAnew = false;
  readonly said: ModelGroup[] = [];
  readonly touched: ModelGroup[] = [];
  readonly unset: ModelGroup[] = [];

  call(
    operation: string,
    group: ModelGroup,
    before = false,
    old = new Map<string, number>(),
  ): void {
    const texts = group.changes.map(({ cell, column, value }) => {
      const shown = before ? (old.get(cell) ?? 0) : value;
      return column === 0 ? `${shown}` : `${column}=${shown}`;
    });
    this.calls.push(`${operation} ${group.name} ${texts.join(' ')}`);
  }

  crash(): void {
    this.restarts += 1;
    this.isAnew = true;
  }
}

const first = (group: ModelGroup): number =>
  Math.min(...group.changes.map(({ position }) => position));

const lowest = (failures: readonly Failure[]): Failure | undefined =>
  failures.toSorted((left, right) => left.position - right.position)[0];

/** @param groups - in the order in which a subtree's groups are asked. */
export function expectedOf(
  groups: readonly ModelGroup[],
  before: ReadonlyMap<string, number>,
): Expected {
  const subtrees = new Map<string, Subtree>();
  for (const group of groups) {
    const subtree = subtrees.get(group.subtree) ?? new Subtree();
    subtrees.set(group.subtree, subtree);
    subtree.groups.push(group);
  }
  const state = new Map(before);
  const end = (word: Expected['word'], status: string, index: number): Expected => ({
    word,
    status,
    index,
    state,
    calls: new Map([...subtrees].map(([name, { calls }]) => [name, calls])),
    restarts: new Map([...subtrees].map(([name, { restarts }]) => [name, restarts])),
  });

  const refusal = lowest([...subtrees.values()].flatMap(vote));
  if (refusal !== undefined) {
    for (const subtree of subtrees.values()) undo(subtree, subtree.said);
    return end('refused', refusal.status, refusal.position);
  }
  const failure = lowest([...subtrees.values()].flatMap((subtree) => set(subtree, state)));
  if (failure === undefined) return end('committed', 'noError', 0);
  const isRestored = [...subtrees.values()].map((subtree) => revert(subtree, state, before));
  return isRestored.every(Boolean)
    ? end('rolledBack', failure.status, failure.position)
    : end('inDoubt', 'undoFailed', 0);
}

/** Section 2. */
function vote(subtree: Subtree): Failure[] {
  const refusals: Failure[] = [];
  for (const group of subtree.groups) {
    if (!group.hasIsSetOk) continue;
    subtree.call('isSetOk', group);
    const ending = group.vote;
    if (ending.kind === 'yes') subtree.said.push(group);
    else if (ending.kind === 'error') refusals.push(ending);
    else refusals.push({ status: 'genErr', position: first(group) });
    if (ending.kind !== 'lost') continue;
    subtree.crash();
    break;
  }
  return refusals;
}

function undo(subtree: Subtree, groups: readonly ModelGroup[]): void {
  for (const group of groups.toReversed()) {
    if (!group.hasIsSetOk || !group.hasUndo) continue;
    subtree.call('undo', group);
    if (group.undo.kind !== 'yes') subtree.crash();
  }
}

/** Section 3, the first half. */
function set(subtree: Subtree, state: Map<string, number>): Failure[] {
  const failures: Failure[] = [];
  for (const [i, group] of subtree.groups.entries()) {
    subtree.call('set', group);
    const ending = group.set;
    if (ending.kind === 'yes' || ending.effect) {
      for (const { cell, value } of group.changes) state.set(cell, value);
    }
    if (ending.kind === 'error') {
      failures.push(ending);
      continue;
    }
    subtree.touched.push(group);
    if (ending.kind === 'yes') continue;
    failures.push({ status: 'commitFailed', position: first(group) });
    if (ending.kind === 'illegal') continue;
    subtree.crash();
    subtree.unset.push(...subtree.groups.slice(i + 1));
    break;
  }
  return failures;
}

/** Section 3, the second half. */
function revert(
  subtree: Subtree,
  state: Map<string, number>,
  before: ReadonlyMap<string, number>,
): boolean {
  undo(subtree, subtree.unset);
  let isRestored = true;
  for (const group of subtree.touched.toReversed()) {
    if (group.rollsBack === 'no') {
      isRestored = false;
      continue;
    }
    subtree.call(group.rollsBack, group, group.rollsBack === 'setBack', new Map(before));
    if (group.rollback.kind === 'yes') {
      for (const { cell } of group.changes) state.set(cell, before.get(cell) ?? 0);
    } else {
      isRestored = false;
      subtree.crash();
    }
  }
  const isUnable = subtree.groups.some(
    (group) =>
      !subtree.unset.includes(group) &&
      group.set.kind === 'error' &&
      group.set.status === 'undoFailed',
  );
  if ((!isRestored || isUnable) && !subtree.isAnew) subtree.crash();
  return isRestored && !isUnable;
}
