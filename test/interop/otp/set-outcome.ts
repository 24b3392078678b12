/*
 * What comes of a SET, as a pure function: for ours what docs/set.md says, for OTP's the same but for
 * its divergences. Imports nothing of the code under test.
 */
import type { DivergenceId } from './divergences.js';
import { BEFORE, columnOf, groupOf, keyOf } from './peer-objects.js';
import type { Act, Change, Operation, SetCase } from './set-case.js';

export interface SetOutcome {
  readonly status: string;
  readonly index: number;
  /** Which change, 1-based, gave an instance its value; 0 for what was there before. */
  readonly writers: ReadonlyMap<string, number>;
}

/** What is set in one call. */
interface Group {
  readonly name: string;
  readonly subtree: string;
  readonly isRow: boolean;
  /** Ascending by column. */
  readonly members: readonly Member[];
}

interface Member {
  readonly change: Change;
  readonly column: number;
  readonly position: number;
}

interface Failure {
  readonly status: string;
  readonly index: number;
}

type Ending =
  | { readonly kind: 'success' }
  /** `isLost`: without an answer, so that the subtree starts anew. */
  | ({ readonly kind: 'failure'; readonly isLost: boolean; readonly hasEffect: boolean } & Failure);

const REFUSALS = [
  'noAccess',
  'noCreation',
  'inconsistentValue',
  'resourceUnavailable',
  'inconsistentName',
  'wrongValue',
  'genErr',
  'badValue',
  'noSuchName',
];

const LEGAL: Readonly<Record<Operation, readonly string[]>> = {
  isSetOk: REFUSALS,
  set: ['commitFailed', 'undoFailed', 'genErr'],
  undo: ['undoFailed', 'genErr'],
};

/** RFC 3584 4.4. */
const AS_V1: Readonly<Record<string, string>> = {
  noError: 'noError',
  genErr: 'genErr',
  badValue: 'badValue',
  noSuchName: 'noSuchName',
  noAccess: 'noSuchName',
  wrongType: 'badValue',
  wrongLength: 'badValue',
  wrongValue: 'badValue',
  noCreation: 'noSuchName',
  inconsistentValue: 'badValue',
  resourceUnavailable: 'genErr',
  commitFailed: 'genErr',
  undoFailed: 'genErr',
  authorizationError: 'noSuchName',
  notWritable: 'noSuchName',
  inconsistentName: 'noSuchName',
};

const lowest = (failures: readonly Failure[]): Failure | undefined =>
  failures.toSorted((left, right) => left.index - right.index)[0];

const indexOf = (group: Group): number =>
  Math.min(...group.members.map(({ position }) => position));

/**
 * @param divergences - those that count: none for our agent, all for OTP's.
 */
export function outcomeOf(given: SetCase, divergences: ReadonlySet<DivergenceId>): SetOutcome {
  const run = new Run(given, divergences);
  const failure = run.run() ?? { status: 'noError', index: 0 };
  const status = given.version === 'v1' ? AS_V1[failure.status] : failure.status;
  return {
    status: status ?? `v1 has no ${failure.status}`,
    index: failure.index,
    writers: run.writers,
  };
}

class Run {
  readonly #given: SetCase;
  readonly #divergences: ReadonlySet<DivergenceId>;
  readonly writers = new Map([...BEFORE.keys()].map((key) => [key, 0]));

  constructor(given: SetCase, divergences: ReadonlySet<DivergenceId>) {
    this.#given = given;
    this.#divergences = divergences;
  }

  run(): Failure | undefined {
    const { community, changes } = this.#given;
    if (community === 'public') {
      return this.#is('no-write-view')
        ? { status: 'noAccess', index: Math.min(changes.length, 1) }
        : { status: 'authorizationError', index: 0 };
    }
    const unseen = changes.findIndex(
      ({ object }) => community === 'partly' && !object.startsWith('left'),
    );
    if (unseen >= 0) return { status: 'noAccess', index: unseen + 1 };
    return this.#check() ?? this.#perform();
  }

  #is(id: DivergenceId): boolean {
    return this.#divergences.has(id);
  }

  /** Variable by variable, no function asked. */
  #check(): Failure | undefined {
    const positions = this.#is('processing-order')
      ? tablesFirst(this.#given.changes)
      : this.#given.changes.map((_, i) => i + 1);
    const seen = new Map<string, Change>();
    for (const position of positions) {
      const change = this.#change(position);
      const { otherwise } = change;
      const isOtherwise = otherwise !== undefined && this.#is(otherwise.because);
      const refusal = isOtherwise ? otherwise.refusal : change.refusal;
      if (refusal !== undefined) return { status: refusal, index: position };
      const earlier = seen.get(keyOf(change));
      seen.set(keyOf(change), change);
      if (earlier === undefined || this.#is('same-instance-twice')) continue;
      if (text(earlier) !== text(change)) return { status: 'inconsistentName', index: position };
    }
    return undefined;
  }

  #perform(): Failure | undefined {
    const groups = this.#groups();
    return this.#vote(groups) ?? this.#set(groups);
  }

  #change(position: number): Change {
    return this.#given.changes[position - 1] as Change;
  }

  /** In the order in which they are asked. */
  #groups(): Group[] {
    const positions = this.#is('processing-order')
      ? tablesFirst(this.#given.changes)
      : this.#given.changes.map((_, i) => i + 1);
    const groups = new Map<string, Member[]>();
    for (const position of positions) {
      const change = this.#change(position);
      const column = columnOf(change.object)?.column ?? 0;
      const isTwice = this.#is('same-instance-twice');
      // A scalar that is named twice is set twice.
      const key = isTwice && column === 0 ? `${keyOf(change)} ${position}` : groupOf(change);
      const members = groups.get(key) ?? [];
      groups.set(key, members);
      const same = members.findIndex((member) => member.column === column);
      if (same < 0) members.push({ change, column, position });
      else if (isTwice && (members[same]?.position ?? 0) < position) {
        members[same] = { change, column, position };
      }
    }
    const all = [...groups.values()].map((members): Group => {
      const { change, column } = members[0] as Member;
      return {
        name: groupOf(change),
        subtree: change.object.startsWith('left') ? 'left' : 'right',
        isRow: column !== 0,
        members: members.toSorted((left, right) => left.column - right.column),
      };
    });
    return this.#is('processing-order') ? rowsAscending(all) : all;
  }

  #ending(group: Group, operation: Operation): Ending {
    const act = this.#given.acts[`${group.name} ${operation}`];
    if (act === undefined) return { kind: 'success' };
    if (operation !== 'set' && group.name === 'leftBare') return { kind: 'success' };
    const hasEffect = act.effect;
    const answered =
      act.ends === 'returns' || (act.ends === 'throws' && this.#is('throw-is-answer'));
    if (!answered) {
      return { kind: 'failure', isLost: true, hasEffect, ...this.#fault(group, operation) };
    }
    if (act.label === 'noError' && act.column === undefined) return { kind: 'success' };
    return { kind: 'failure', isLost: false, hasEffect, ...this.#answer(group, operation, act) };
  }

  /** A status that was answered, as far as it may be. */
  #answer(group: Group, operation: Operation, { label, column }: Act): Failure {
    const member = group.isRow
      ? group.members.find((one) => one.column === column)
      : group.members[0];
    const isNoError = label === 'noError' && this.#is('no-error-with-column');
    const legal = [...LEGAL[operation]];
    if (operation === 'isSetOk' && this.#is('vote-not-writable')) legal.push('notWritable');
    if (column === 0 && group.isRow && this.#is('row-error-without-column')) {
      return { status: legal.includes(label) ? label : this.#lostStatus(operation), index: 0 };
    }
    if (member === undefined || label === 'rubbish') return this.#fault(group, operation);
    if (isNoError) return { status: 'noError', index: member.position };
    if (!legal.includes(label)) {
      const index = this.#is('row-status-index') ? member.position : indexOf(group);
      return { status: this.#lostStatus(operation), index };
    }
    const asV2 = { badValue: 'wrongValue', noSuchName: 'noCreation' }[label];
    const status = asV2 === undefined || this.#is('v1-labels') ? label : asV2;
    return { status, index: member.position };
  }

  /** No answer, or one that says nothing. */
  #fault(group: Group, operation: Operation): Failure {
    const isNowhere = group.isRow && this.#is('row-fault-index');
    return { status: this.#lostStatus(operation), index: isNowhere ? 0 : indexOf(group) };
  }

  #lostStatus(operation: Operation): string {
    return operation === 'set' && !this.#is('set-lost') ? 'commitFailed' : 'genErr';
  }

  /** Phase one. */
  #vote(groups: readonly Group[]): Failure | undefined {
    const refusals: Failure[] = [];
    const down = new Set<string>();
    for (const [i, group] of groups.entries()) {
      if (down.has(group.subtree)) continue;
      const ending = this.#ending(group, 'isSetOk');
      if (ending.kind === 'success') continue;
      const { status, index } = ending;
      if (this.#is('first-refusal')) return this.#undo(groups, i) ?? { status, index };
      refusals.push({ status, index });
      if (ending.isLost) down.add(group.subtree);
    }
    return lowest(refusals);
  }

  /** After the refusal of `groups[refused]`: what an undo makes of it. */
  #undo(groups: readonly Group[], refused: number): Failure | undefined {
    if (!this.#is('undo-error-wins')) return undefined;
    const refuser = groups[refused] as Group;
    const tableOf = (group: Group): string => (group.isRow ? (group.name.split('.')[0] ?? '') : '');
    const accepted = groups.slice(0, refused);
    const own = accepted.filter((group) => group.isRow && tableOf(group) === tableOf(refuser));
    const others = accepted.filter((group) => !own.includes(group));
    // Backwards by table and scalar, but the rows of a table forwards.
    const tables = [...new Set(others.map((group) => tableOf(group) || group))].toReversed();
    const backwards = tables.flatMap((table) =>
      others.filter((group) => group === table || tableOf(group) === table),
    );
    const failures = (list: readonly Group[]): { group: Group; failure: Failure }[] =>
      list.flatMap((group) => {
        const ending = this.#ending(group, 'undo');
        return ending.kind === 'failure' ? [{ group, failure: ending }] : [];
      });
    const [first] = failures(backwards);
    if (first === undefined) return failures(own.toReversed())[0]?.failure;
    const { group, failure } = first;
    if (!group.isRow || failure.index === 0 || !this.#is('undo-index')) return failure;
    const places = tablesFirst(this.#given.changes).filter(
      (position) => columnOf(this.#change(position).object)?.table === tableOf(group),
    );
    return { status: failure.status, index: places.indexOf(failure.index) + 1 };
  }

  /** Phase two. */
  #set(groups: readonly Group[]): Failure | undefined {
    const failures: Failure[] = [];
    const down = new Set<string>();
    for (const group of groups) {
      if (down.has(group.subtree)) continue;
      const ending = this.#ending(group, 'set');
      if (ending.kind === 'success' || ending.hasEffect) this.#write(group);
      if (ending.kind === 'success') continue;
      failures.push({ status: ending.status, index: ending.index });
      if (this.#is('first-failure')) break;
      if (ending.isLost) down.add(group.subtree);
    }
    if (failures.length === 0) return undefined;
    if (!this.#is('set-not-rolled-back')) {
      for (const key of this.writers.keys()) {
        if (BEFORE.has(key)) this.writers.set(key, 0);
        else this.writers.delete(key);
      }
    }
    const failure = lowest(failures);
    if (failures.some(({ status }) => status === 'undoFailed') && !this.#is('undo-failed-index')) {
      return { status: 'undoFailed', index: 0 };
    }
    return failure;
  }

  #write(group: Group): void {
    for (const { change, position } of group.members) this.writers.set(keyOf(change), position);
  }
}

const text = ({ value }: Change): string => JSON.stringify(value);

/** Positions: the tables as they come up, the variables of each from the last on; then scalars. */
function tablesFirst(changes: readonly Change[]): number[] {
  const lists = new Map<string, number[]>();
  const scalars: number[] = [];
  for (const [i, { object }] of changes.entries()) {
    // A column that the table does not have is put with the scalars.
    const table = /^(left|right)(X|Y|Name|Count|Index)$/.exec(object)?.[1];
    if (table === undefined) scalars.unshift(i + 1);
    else lists.set(table, [i + 1, ...(lists.get(table) ?? [])]);
  }
  return [...[...lists.values()].flat(), ...scalars];
}

/** Tables first as they are, each with its rows by index. */
function rowsAscending(groups: readonly Group[]): Group[] {
  const tables = [
    ...new Set(groups.filter(({ isRow }) => isRow).map(({ name }) => name.split('.')[0])),
  ];
  const indexOfRow = ({ name }: Group): number[] => name.split('.').slice(1).map(Number);
  const compare = (left: Group, right: Group): number => {
    const [a, b] = [indexOfRow(left), indexOfRow(right)];
    for (const [i, arc] of a.entries()) {
      const other = b[i];
      if (other === undefined) return 1;
      if (arc !== other) return arc - other;
    }
    return a.length - b.length;
  };
  return [
    ...tables.flatMap((table) =>
      groups.filter(({ isRow, name }) => isRow && name.split('.')[0] === table).toSorted(compare),
    ),
    ...groups.filter(({ isRow }) => !isRow),
  ];
}
