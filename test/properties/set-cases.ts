import fc from 'fast-check';
import { answers, SET_MS, type Act, type Provided } from '../support/set-stage.js';
import { SetError } from '../../src/instrumentation/index.js';
import { SUBTREES } from '../support/set-module.js';
import type { Ending, ModelGroup } from './set-model.js';

/** An act, and what the model is to think of it. */
interface Played {
  readonly act: Act;
  readonly ending: Ending & { readonly effect: boolean };
}

interface GroupCase {
  readonly vote: Played;
  readonly set: Played;
  readonly undo: Played;
  readonly rollback: Played;
}

/** One SET: which instances in which order, what their objects have, what their functions do. */
export interface SetCase {
  /** Such as `s1A`, `s2X.3`; distinct, in request order. Each gets a value of its own. */
  readonly instances: readonly string[];
  /** By descriptor of the scalar or table. */
  readonly provided: Readonly<Record<string, Required<Provided>>>;
  /** By group. */
  readonly groups: Readonly<Record<string, GroupCase>>;
  /** What was there before, by cell. */
  readonly before: Readonly<Record<string, number>>;
}

const COLUMNS: Readonly<Record<string, number>> = { X: 2, Y: 3, Z: 4 };
const SCALARS = ['A', 'B', 'C'];
const ROWS = [1, 2];

export const INSTANCES = SUBTREES.flatMap((subtree) => [
  ...SCALARS.map((scalar) => subtree + scalar),
  ...ROWS.flatMap((row) => Object.keys(COLUMNS).map((column) => `${subtree}${column}.${row}`)),
]);

export const subtreeOf = (instance: string): string => instance.slice(0, 2);
export const columnOf = (instance: string): number => COLUMNS[instance[2] ?? ''] ?? 0;
export const groupOf = (instance: string): string => {
  const row = instance.split('.')[1];
  return row === undefined ? instance : `${subtreeOf(instance)}.${row}`;
};
export const objectOf = (instance: string): string =>
  columnOf(instance) === 0 ? instance : `${subtreeOf(instance)}Table`;
export const cellOf = (instance: string): string =>
  columnOf(instance) === 0 ? instance : `${groupOf(instance)}.${columnOf(instance)}`;
/** What is written there: another value for each instance. */
export const valueOf = (instance: string): number => 1000 + INSTANCES.indexOf(instance);

/** Delays of good answers: all groups of a subtree together stay below the deadline. */
const goodDelay = fc.option(fc.integer({ min: 0, max: 25 }), { nil: undefined, freq: 2 });

/** `delayMs` only where there is one: without it the function is synchronous. */
const after = (act: Act, delayMs: number | undefined): Act =>
  delayMs === undefined ? act : { ...act, delayMs };

const yes = goodDelay.map((delayMs): Played => ({
  act: after(answers('noError'), delayMs),
  ending: { kind: 'yes', effect: true },
}));

/** Whatever ends without an answer, with or without effect. */
const lost = fc
  .record({
    how: fc.constantFrom('throws', 'rejects', 'never', 'late' as const),
    effect: fc.boolean(),
    delayMs: goodDelay,
  })
  .map(({ how, effect, delayMs }): Played => {
    // What comes late has seen its signal and leaves things alone.
    if (how === 'late') {
      return {
        act: answers('noError', { delayMs: SET_MS + 20 }),
        ending: { kind: 'lost', effect: false },
      };
    }
    const act: Act = { ends: how, effect };
    return { act: how === 'throws' ? after(act, delayMs) : act, ending: { kind: 'lost', effect } };
  });

const illegal = fc
  .record({
    value: fc.constantFrom<unknown>(
      0,
      '',
      'ok',
      'noSuchThing',
      {},
      [],
      ['noError', 0],
      Symbol('yes'),
    ),
    effect: fc.boolean(),
    delayMs: goodDelay,
  })
  .map(({ value, effect, delayMs }): Played => ({
    act: after(answers(value, { effect }), delayMs),
    ending: { kind: 'illegal', effect },
  }));

/** An error by value, in the ways in which one can be said; of a row, about one of its columns. */
function error(
  columns: readonly { readonly column: number; readonly position: number }[],
  statuses: readonly string[],
  effect: boolean,
): fc.Arbitrary<Played> {
  return fc
    .record({
      status: fc.constantFrom(...statuses),
      about: fc.constantFrom(...columns),
      isThrown: fc.boolean(),
      delayMs: goodDelay,
    })
    .map(({ status, about: { column, position }, isThrown, delayMs }): Played => {
      const value = column === 0 ? status : { error: status, column };
      const asError = new SetError(status as never, column === 0 ? undefined : column);
      const act: Act = isThrown
        ? { ends: 'throws', value: asError, effect }
        : answers(value, { effect });
      const told = { badValue: 'wrongValue', noSuchName: 'noCreation' }[status] ?? status;
      return {
        act: after(act, delayMs),
        ending: { kind: 'error', status: told, position, effect },
      };
    });
}

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

/** Which of the four ends a case is made for; what it comes to is the model's to say. */
type Aim = 'committed' | 'refused' | 'rolledBack' | 'inDoubt';

function groupCase(
  columns: readonly { readonly column: number; readonly position: number }[],
  aim: Aim,
): fc.Arbitrary<GroupCase> {
  const mostly = (bad: fc.Arbitrary<Played>, weight: number): fc.Arbitrary<Played> =>
    fc.oneof({ arbitrary: yes, weight: 10 - weight }, { arbitrary: bad, weight });
  const declined = error(columns, ['commitFailed', 'genErr'], false);
  const unable = fc.boolean().chain((effect) => error(columns, ['undoFailed'], effect));
  const badVote = fc.oneof(error(columns, REFUSALS, false), illegal, lost);
  const badSet =
    aim === 'inDoubt'
      ? fc.oneof(declined, illegal, lost, unable)
      : fc.oneof(declined, illegal, lost);
  const badBack = fc.oneof(
    error(columns, ['undoFailed', 'genErr'], false),
    illegal.map(without),
    lost.map(without),
  );
  return fc.record({
    vote: aim === 'refused' ? mostly(badVote, 4) : yes,
    set: aim === 'committed' || aim === 'refused' ? yes : mostly(badSet, 3),
    undo: mostly(badBack, 3),
    rollback: aim === 'inDoubt' ? mostly(badBack, 4) : yes,
  });
}

/** Undo and rollback that fail put nothing back. */
function without({ act, ending }: Played): Played {
  return { act: { ...act, effect: false }, ending: { ...ending, effect: false } };
}

function provided(aim: Aim): fc.Arbitrary<Required<Provided>> {
  const back = { isSetOk: true, undo: true, rollback: true, restore: false };
  return fc.oneof(
    { arbitrary: fc.constant(back), weight: 6 },
    {
      arbitrary: fc.record({
        isSetOk: fc.boolean(),
        undo: fc.boolean(),
        rollback: fc
          .constant(aim !== 'inDoubt')
          .chain((always) => (always ? fc.constant(true) : fc.boolean())),
        restore: fc.constant(false),
      }),
      weight: 2,
    },
    {
      arbitrary: fc.record({
        isSetOk: fc.boolean(),
        undo: fc.boolean(),
        rollback: fc.constant(false),
        restore: fc.constant(true),
      }),
      weight: 2,
    },
  );
}

/** The varbinds of each group: column and 1-based position. */
function columnsByGroup(
  instances: readonly string[],
): Map<string, { column: number; position: number }[]> {
  const groups = new Map<string, { column: number; position: number }[]>();
  for (const [i, instance] of instances.entries()) {
    const columns = groups.get(groupOf(instance)) ?? [];
    groups.set(groupOf(instance), columns);
    columns.push({ column: columnOf(instance), position: i + 1 });
  }
  return groups;
}

/** From everywhere; or mostly columns of the same few rows. */
const instances = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.uniqueArray(fc.constantFrom(...INSTANCES), { minLength: 1, maxLength: 12 }),
  },
  {
    weight: 2,
    arbitrary: fc.subarray([...SUBTREES], { minLength: 1, maxLength: 2 }).chain((few) => {
      const close = INSTANCES.filter((name) => few.some((one) => name.startsWith(one)));
      return fc.uniqueArray(fc.constantFrom(...close), { minLength: 2, maxLength: 8 });
    }),
  },
);

const AIMS: readonly Aim[] = ['committed', 'refused', 'rolledBack', 'inDoubt'];

/** Cases made for some of the ends. */
export const setCaseFor = (...aims: readonly Aim[]): fc.Arbitrary<SetCase> =>
  fc
    .record({
      instances,
      aim: fc.constantFrom(...aims),
    })
    .chain(({ instances: asked, aim }) => {
      const groups = columnsByGroup(asked);
      return fc.record({
        instances: fc.constant(asked),
        provided: fc.record(
          Object.fromEntries(asked.map((instance) => [objectOf(instance), provided(aim)])),
        ),
        groups: fc.record(
          Object.fromEntries([...groups].map(([name, columns]) => [name, groupCase(columns, aim)])),
        ),
        before: fc.record(
          Object.fromEntries(asked.map((instance) => [cellOf(instance), fc.nat(3)])),
        ),
      });
    });

export const setCase: fc.Arbitrary<SetCase> = setCaseFor(...AIMS);

/** The same SET with its varbinds in another order: `order` has the old positions, 0-based. */
export function permuted(given: SetCase, order: readonly number[]): SetCase {
  const place = new Map(order.map((from, to) => [from + 1, to + 1]));
  const move = (played: Played): Played =>
    played.ending.kind === 'error'
      ? {
          ...played,
          ending: { ...played.ending, position: place.get(played.ending.position) ?? 0 },
        }
      : played;
  return {
    ...given,
    instances: order.map((from) => given.instances[from] ?? ''),
    groups: Object.fromEntries(
      Object.entries(given.groups).map(([name, { vote, set, undo, rollback }]) => [
        name,
        { vote: move(vote), set: move(set), undo, rollback },
      ]),
    ),
  };
}

/** The same with no delays but those that miss a deadline. */
export function hurried(given: SetCase): SetCase {
  const hurry = ({ act, ending }: Played): Played => {
    if (act.delayMs === undefined || ending.kind === 'lost') return { act, ending };
    const { delayMs: _, ...rest } = act;
    return { act: rest, ending };
  };
  return {
    ...given,
    groups: Object.fromEntries(
      Object.entries(given.groups).map(([name, group]) => [
        name,
        {
          vote: hurry(group.vote),
          set: hurry(group.set),
          undo: hurry(group.undo),
          rollback: hurry(group.rollback),
        },
      ]),
    ),
  };
}

/** The model's view of a case. */
export function modelGroups({ instances, provided: has, groups }: SetCase): ModelGroup[] {
  return [...columnsByGroup(instances)].map(([name, columns]) => {
    const instance = instances[(columns[0]?.position ?? 0) - 1] ?? '';
    const object = has[objectOf(instance)];
    const script = groups[name];
    if (object === undefined || script === undefined) throw new Error(`no case for ${name}`);
    return {
      name,
      subtree: subtreeOf(instance),
      changes: columns
        .toSorted((left, right) => left.column - right.column)
        .map(({ column, position }) => ({
          cell: cellOf(instances[position - 1] ?? ''),
          column,
          value: valueOf(instances[position - 1] ?? ''),
          position,
        })),
      hasIsSetOk: object.isSetOk,
      hasUndo: object.undo,
      rollsBack: object.restore ? 'setBack' : object.rollback ? 'rollback' : 'no',
      vote: script.vote.ending,
      set: script.set.ending,
      undo: script.undo.ending,
      rollback: script.rollback.ending,
    };
  });
}
