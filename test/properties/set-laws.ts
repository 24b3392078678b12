/*
 * The laws of a SET, each on its own: what docs/set.md promises of every run, read off the calls, the
 * answer and the values. Imports nothing of the code under test, and nothing of the model.
 */
import { SET_MS } from '../support/set-stage.js';
import { INSTANCES, modelGroups, valueOf, type SetCase } from './set-cases.js';
import type { Ending, ModelGroup } from './set-model.js';
import type { Observed } from './set-observed.js';

/** A run, with what the laws ask of it again and again. */
export class Run {
  readonly given: SetCase;
  readonly seen: Observed;
  /** In request order of their first varbinds. */
  readonly groups: readonly ModelGroup[];

  constructor(given: SetCase, seen: Observed) {
    this.given = given;
    this.seen = seen;
    this.groups = modelGroups(given);
  }

  get answer(): string {
    return `${this.seen.status}/${this.seen.index}`;
  }

  /** Where an operation of a group stands in the trace; -1 where it was not called. */
  at(operation: string, group: ModelGroup): number {
    return this.seen.trace.findIndex((line) => line.startsWith(`${operation} ${group.name} `));
  }

  heard(operation: string, group: ModelGroup): boolean {
    return this.at(operation, group) >= 0;
  }

  /** Groups that heard it, in the order in which they did. */
  inOrder(operation: string, subtree: string): ModelGroup[] {
    return this.groups
      .filter((group) => group.subtree === subtree && this.heard(operation, group))
      .toSorted((left, right) => this.at(operation, left) - this.at(operation, right));
  }

  get subtrees(): string[] {
    return [...new Set(this.groups.map(({ subtree }) => subtree))];
  }

  /** Groups that were asked for a vote and answered so. */
  voted(...kinds: Ending['kind'][]): ModelGroup[] {
    return this.groups.filter(
      (group) => this.heard('isSetOk', group) && kinds.includes(group.vote.kind),
    );
  }

  /** Groups whose set was called and ended so. */
  set(...kinds: Ending['kind'][]): ModelGroup[] {
    return this.groups.filter(
      (group) => this.heard('set', group) && kinds.includes(group.set.kind),
    );
  }

  isUnchanged(): boolean {
    return this.groups.every(({ changes }) =>
      changes.every(({ cell }) => this.#value(cell) === (this.given.before[cell] ?? 0)),
    );
  }

  isOverlaid(): boolean {
    return this.groups.every(({ changes }) =>
      changes.every(({ cell, value }) => this.#value(cell) === value),
    );
  }

  #value(cell: string): number {
    return this.seen.state.get(cell) ?? 0;
  }
}

export const firstOf = ({ changes }: ModelGroup): number =>
  Math.min(...changes.map(({ position }) => position));

/** Where a group's failure points to. */
const positionOf = (group: ModelGroup, ending: Ending): number =>
  ending.kind === 'error' ? ending.position : firstOf(group);

const NOT_YES = ['error', 'illegal', 'lost'] as const;
const rollsBackBy = ({ rollsBack }: ModelGroup): string =>
  rollsBack === 'no' ? 'nothing' : rollsBack;

type Word = 'committed' | 'refused' | 'rolledBack' | 'inDoubt';

/**
 * What holds of every run.
 *
 * @returns of `broken`: a text that says what is wrong, undefined where the law holds or does not
 *   apply; of `reaches`: whether the run puts the law to the test.
 */
export interface Law {
  readonly title: string;
  /** The ends that a run which puts it to the test may come to. */
  readonly words: readonly Word[];
  readonly reaches: (run: Run) => boolean;
  readonly broken: (run: Run) => string | undefined;
}

const ALL: readonly Word[] = ['committed', 'refused', 'rolledBack', 'inDoubt'];
const always = (): boolean => true;
const unless = (isGood: boolean, text: string): string | undefined => (isGood ? undefined : text);
/** The first that is broken, of several. */
const each = <Item>(
  items: readonly Item[],
  broken: (item: Item) => string | undefined,
): string | undefined => items.map(broken).find((text) => text !== undefined);

export const LAWS: readonly Law[] = [
  {
    title: 'a function that voted yes hears exactly one of set and undo [PR-01]',
    words: ALL,
    reaches: (run) => run.voted('yes').some(({ hasUndo }) => hasUndo),
    broken: (run) =>
      each(
        run.voted('yes').filter(({ hasUndo }) => hasUndo),
        (group) => {
          const heard = run.seen.trace.filter((line) =>
            [`set ${group.name}`, `undo ${group.name}`].includes(
              line.split(' ').slice(0, 2).join(' '),
            ),
          );
          return unless(heard.length === 1, `${group.name} heard ${heard.join(', ')}`);
        },
      ),
  },
  {
    title: 'nothing is set before the last function has voted yes [PR-02]',
    words: ['committed', 'rolledBack', 'inDoubt'],
    reaches: (run) =>
      run.voted('yes').length > 1 && run.groups.some((one) => run.heard('set', one)),
    broken: (run) =>
      each(run.groups, (asked) => {
        const firstSet = run.seen.trace.findIndex((line) => line.startsWith('set '));
        if (firstSet < 0 || !asked.hasIsSetOk) return undefined;
        const vote = run.seen.ended.find(
          ({ operation, group }) => operation === 'isSetOk' && group === asked.name,
        );
        return unless(vote !== undefined && vote.at <= firstSet, `set before ${asked.name} voted`);
      }),
  },
  {
    title: 'nothing is set where a vote failed, is missing or came late [PR-03]',
    words: ['refused'],
    reaches: (run) => run.voted(...NOT_YES).length > 0,
    broken: (run) =>
      run.voted(...NOT_YES).length === 0
        ? undefined
        : each(run.groups, (group) => unless(!run.heard('set', group), `${group.name} was set`)),
  },
  {
    title: 'undo goes to those that voted yes, and to nobody else [PR-04]',
    words: ['refused'],
    reaches: (run) => run.voted(...NOT_YES).length > 0 && run.voted('yes').length > 0,
    broken: (run) =>
      run.voted(...NOT_YES).length === 0
        ? undefined
        : each(run.groups, (group) => {
            const isDue = group.hasUndo && run.voted('yes').includes(group);
            return unless(run.heard('undo', group) === isDue, `${group.name}: undo due ${isDue}`);
          }),
  },
  {
    title: 'undo goes in reverse order of the votes, rollback in reverse order of the sets [PR-05]',
    words: ['refused', 'rolledBack', 'inDoubt'],
    reaches: (run) =>
      run.subtrees.some((name) =>
        ['undo', 'rollback'].some((operation) => run.inOrder(operation, name).length > 1),
      ),
    broken: (run) =>
      each(run.subtrees, (name) => {
        const pairs = [
          ['isSetOk', 'undo'],
          ['set', 'rollback'],
        ] as const;
        return each(pairs, ([forth, back]) => {
          const backed = run.inOrder(back, name);
          const due = run
            .inOrder(forth, name)
            .filter((group) => backed.includes(group))
            .toReversed();
          return unless(
            backed.every((group, i) => group === due[i]),
            `${back}: ${backed.map((group) => group.name).join(' ')}`,
          );
        });
      }),
  },
  {
    title: 'the error-index is the varbind of the very column that a row names [PR-06]',
    words: ['refused', 'rolledBack'],
    reaches: (run) => namesColumn(run) !== undefined,
    broken: (run) => {
      const column = namesColumn(run);
      if (column === undefined) return undefined;
      const named = run.given.instances[run.seen.index - 1];
      return unless(named === column, `${run.answer} is ${named}, not ${column}`);
    },
  },
  {
    title: 'where all vote yes and all set, the request is done and echoed [PR-07]',
    words: ['committed'],
    reaches: (run) => isAllGood(run),
    broken: (run) =>
      isAllGood(run)
        ? unless(run.answer === 'noError/0' && run.isOverlaid() && run.seen.isEchoed, run.answer)
        : undefined,
  },
  {
    title: 'an error but undoFailed leaves every value as it was [PR-08]',
    words: ['refused', 'rolledBack'],
    reaches: ({ seen }) => !['noError', 'undoFailed'].includes(seen.status),
    broken: (run) =>
      ['noError', 'undoFailed'].includes(run.seen.status)
        ? undefined
        : unless(run.isUnchanged(), `${run.answer}, but values changed`),
  },
  {
    title: 'undoFailed has index 0 and a cause; what could not be put back is undoFailed [PR-09]',
    words: ['inDoubt'],
    reaches: ({ seen }) => seen.status === 'undoFailed',
    broken: (run) => {
      const isStuck =
        run.set(...NOT_YES).length > 0 &&
        run.groups.some(
          (group) =>
            run.heard('set', group) &&
            ((group.set.kind === 'error' && group.set.status === 'undoFailed') ||
              (group.set.kind !== 'error' &&
                (group.rollsBack === 'no' || group.rollback.kind !== 'yes'))),
        );
      return unless(
        isStuck ? run.answer === 'undoFailed/0' : run.seen.status !== 'undoFailed',
        `${run.answer}, stuck: ${isStuck}`,
      );
    },
  },
  {
    title: 'one set that fails and is rolled back is told at a varbind of its group [PR-10]',
    words: ['rolledBack'],
    reaches: (run) => isOneBadSet(run),
    broken: (run) => {
      if (!isOneBadSet(run)) return undefined;
      const bad = run.set(...NOT_YES)[0];
      const status = bad?.set.kind === 'error' ? bad.set.status : 'commitFailed';
      const index = bad === undefined ? -1 : positionOf(bad, bad.set);
      return unless(
        run.answer === `${status}/${index}` && run.isUnchanged(),
        `${run.answer}, not ${status}/${index}`,
      );
    },
  },
  {
    title: 'of several refusals the first in request order is told [PR-11]',
    words: ['refused'],
    reaches: (run) => run.voted(...NOT_YES).length > 1,
    broken: (run) => {
      const bad = run.voted(...NOT_YES);
      if (bad.length === 0) return undefined;
      const index = Math.min(...bad.map((group) => positionOf(group, group.vote)));
      return unless(run.seen.index === index, `${run.answer}, not at ${index}`);
    },
  },
  {
    title: 'the answer has the varbinds of the request, octet by octet [PR-23]',
    words: ALL,
    reaches: always,
    broken: (run) => unless(run.seen.isEchoed, 'the varbinds differ'),
  },
  {
    title: 'what comes late is dropped and counted: it is not set, and hears nothing [PR-24]',
    words: ['refused', 'rolledBack', 'inDoubt'],
    reaches: (run) => lateOnes(run).length > 0,
    broken: (run) =>
      run.seen.staleAnswers < lateOnes(run).length
        ? `${run.seen.staleAnswers} of ${lateOnes(run).length} were counted`
        : each(
            run.groups.filter((group) => isLate(run, 'isSetOk', group)),
            (group) =>
              unless(
                !run.heard('set', group) && !run.heard('undo', group),
                `${group.name} was late, but heard more`,
              ),
          ),
  },
  {
    title: 'set is heard only by the incarnation that voted [PR-25]',
    words: ['committed', 'rolledBack', 'inDoubt'],
    reaches: (run) => run.groups.some((group) => run.heard('set', group)),
    broken: setsAnew,
  },
  {
    title: 'a crash before the vote is genErr at its first varbind; voters are undone [PR-26]',
    words: ['refused'],
    reaches: (run) => isCrashInVote(run),
    broken: (run) => {
      const lost = firstRefusal(run);
      if (!isCrashInVote(run) || lost === undefined) return undefined;
      const undone = run.voted('yes').every((one) => !one.hasUndo || run.heard('undo', one));
      return unless(
        run.answer === `genErr/${firstOf(lost)}` && run.isUnchanged() && undone,
        run.answer,
      );
    },
  },
  {
    title: 'a crash in set before the effect is commitFailed at its first varbind [PR-27]',
    words: ['rolledBack'],
    reaches: (run) => isCrashInSet(run, false),
    broken: (run) => brokenByCrash(run, false),
  },
  {
    title: 'a crash in set after the effect is told as it is once it is up again [PR-28]',
    words: ['rolledBack', 'inDoubt'],
    reaches: (run) => run.set('lost').some(({ set }) => set.effect),
    broken: (run) => brokenByCrash(run, true) ?? untruth(run),
  },
  {
    title: 'a rollback that fails is undoFailed/0, and every other one is tried [PR-29]',
    words: ['inDoubt'],
    reaches: (run) =>
      run.groups.some((one) => isRolledBack(run, one) && one.rollback.kind !== 'yes'),
    broken: (run) => {
      if (run.set(...NOT_YES).length === 0) return undefined;
      const due = run.groups.filter((one) => run.heard('set', one) && one.set.kind !== 'error');
      return each(due, (group) => {
        if (group.rollsBack === 'no') return undefined;
        if (!isRolledBack(run, group)) return `${group.name} was not rolled back`;
        return group.rollback.kind === 'yes' || run.answer === 'undoFailed/0'
          ? undefined
          : run.answer;
      });
    },
  },
  {
    title: 'nothing is left of it: no timer, no SET, no request, no defect [PR-31]',
    words: ALL,
    reaches: always,
    broken: ({ seen }) =>
      unless(
        seen.leftovers.length + seen.defects.length === 0,
        [...seen.leftovers, ...seen.defects].join(', '),
      ),
  },
  {
    title: 'a silent function delays nobody beyond the deadlines [PR-33]',
    words: ['refused', 'rolledBack', 'inDoubt'],
    reaches: (run) => [...run.voted('lost'), ...run.set('lost')].length > 0,
    broken: (run) => {
      // One deadline for each phase, and one for each undo or rollback.
      const back = run.seen.trace.filter((line) => /^(undo|rollback|setBack) /.test(line));
      const mostMs = (2 + back.length) * SET_MS;
      return unless(run.seen.tookMs <= mostMs, `${run.seen.tookMs} ms of ${mostMs}`);
    },
  },
  {
    title: 'a GET while the functions vote reads the old values [PR-36]',
    words: ALL,
    reaches: ({ seen }) => seen.peeks.length > 0,
    broken: ({ given, seen }) =>
      each(seen.peeks, ({ errorStatus, values }) =>
        errorStatus === 'noError'
          ? each([...values], ([cell, value]) =>
              unless(value === (given.before[cell] ?? 0), `${cell} was read as ${value}`),
            )
          : `a GET was answered ${errorStatus}`,
      ),
  },
];

/** PR-01..PR-04 in one, for runs in which more goes wrong than the scripts say. */
export function illegalSequence(run: Run): string | undefined {
  return each(run.groups, (group) => {
    const heard = run.seen.trace
      .filter((line) => line.split(' ')[1] === group.name)
      .map((line) => line.split(' ')[0])
      .join(' ');
    const isLegal = /^(isSetOk)? ?(undo|set( rollback| setBack)?)?$/.test(heard);
    return unless(isLegal, `${group.name} heard ${heard}`);
  });
}

/** PR-25: a subtree that started anew between vote and set must not hear set. */
export function setsAnew(run: Run): string | undefined {
  return each(run.groups, (group) => {
    const [vote, set] = [run.at('isSetOk', group), run.at('set', group)];
    if (vote < 0 || set < 0) return undefined;
    const between = run.seen.trace.slice(vote, set);
    return unless(
      !between.includes(`new ${group.subtree}`),
      `${group.name} voted before a restart`,
    );
  });
}

/** PR-08, PR-28: what the manager is told is true of the values. */
export function untruth(run: Run): string | undefined {
  if (run.seen.status === 'undoFailed') return unless(run.seen.index === 0, run.answer);
  if (run.seen.status === 'noError') return unless(run.isOverlaid(), 'noError, but not all is set');
  return unless(run.isUnchanged(), `${run.answer}, but values changed`);
}

const isAllGood = (run: Run): boolean =>
  run.groups.every(
    ({ vote, set, hasIsSetOk }) => (!hasIsSetOk || vote.kind === 'yes') && set.kind === 'yes',
  );

const rollsBackWell = (run: Run): boolean =>
  run.groups.every(({ rollsBack, rollback }) => rollsBack !== 'no' && rollback.kind === 'yes');

const canGoBack = (run: Run): boolean =>
  rollsBackWell(run) &&
  run.set('error').every(({ set }) => set.kind === 'error' && set.status !== 'undoFailed');

const isOneBadSet = (run: Run): boolean => run.set(...NOT_YES).length === 1 && canGoBack(run);

/** Of the sets that failed the first in request order: the one that is told. */
const firstFailure = (run: Run): ModelGroup | undefined =>
  run
    .set(...NOT_YES)
    .toSorted((left, right) => positionOf(left, left.set) - positionOf(right, right.set))[0];

/** The one that the answer is about. */
const firstRefusal = (run: Run): ModelGroup | undefined =>
  run
    .voted(...NOT_YES)
    .toSorted((left, right) => positionOf(left, left.vote) - positionOf(right, right.vote))[0];

const isCrashInVote = (run: Run): boolean => firstRefusal(run)?.vote.kind === 'lost';

/** Whether the failure that is told is a crash, and all is put back. */
function isCrashInSet(run: Run, effect: boolean): boolean {
  const told = firstFailure(run);
  return canGoBack(run) && told?.set.kind === 'lost' && told.set.effect === effect;
}

function brokenByCrash(run: Run, effect: boolean): string | undefined {
  const lost = firstFailure(run);
  if (!isCrashInSet(run, effect) || lost === undefined) return undefined;
  return unless(
    run.answer === `commitFailed/${firstOf(lost)}` && run.isUnchanged(),
    `${run.answer}, not commitFailed/${firstOf(lost)}`,
  );
}

const isRolledBack = (run: Run, group: ModelGroup): boolean => run.heard(rollsBackBy(group), group);

/** The instance that the failure which is told names by its column; undefined where none does. */
function namesColumn(run: Run): string | undefined {
  const refusal = firstRefusal(run);
  const told = refusal ?? firstFailure(run);
  if (told === undefined || run.seen.status === 'undoFailed') return undefined;
  const script = run.given.groups[told.name];
  const answer = (refusal === undefined ? script?.set : script?.vote)?.act.value as
    | { readonly column?: number }
    | undefined;
  const named = told.changes.find(({ column }) => column > 0 && column === answer?.column);
  return INSTANCES.find((name) => valueOf(name) === named?.value);
}

function isLate(run: Run, operation: 'isSetOk' | 'set', group: ModelGroup): boolean {
  const script = run.given.groups[group.name];
  const act = (operation === 'isSetOk' ? script?.vote : script?.set)?.act;
  return run.heard(operation, group) && (act?.delayMs ?? 0) > SET_MS;
}

const lateOnes = (run: Run): ModelGroup[] =>
  run.groups.filter((group) => isLate(run, 'isSetOk', group) || isLate(run, 'set', group));
