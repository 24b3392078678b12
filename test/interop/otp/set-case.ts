import fc from 'fast-check';
import type { ErrorStatus, SnmpValue } from '../../../src/smi/index.js';
import { integer, octets } from '../../support/snmp-client.js';
import type { DivergenceId } from './divergences.js';
import { columnOf, groupOf, keyOf, type Instance } from './peer-objects.js';

/** A variable of a SET, and what is to be said of it before any function is asked. */
export interface Change extends Instance {
  readonly value: SnmpValue;
  /** What is read where it has been set; absent: the value. */
  readonly reads?: SnmpValue;
  /** Absent: nothing. */
  readonly refusal?: ErrorStatus;
  /** What OTP's agent says instead, and for which reason. */
  readonly otherwise?: { readonly because: DivergenceId; readonly refusal?: ErrorStatus };
}

export type Operation = 'isSetOk' | 'set' | 'undo';

/** How one call of a function goes. */
export interface Act {
  readonly ends: 'returns' | 'throws' | 'crashes' | 'exits';
  /** What it returns or throws: a status; `rubbish` is none. */
  readonly label: string;
  /** Of a row: which column the status is about. Absent with noError: it just succeeds. */
  readonly column?: number;
  /** Whether it does to the device what it is for, all the same. */
  readonly effect: boolean;
}

export interface SetCase {
  readonly version: 'v1' | 'v2c';
  /** May write everything, `left` alone, or nothing. */
  readonly community: 'private' | 'partly' | 'public';
  readonly changes: readonly Change[];
  /** By group and operation: `leftTable.3 undo`. What is not there succeeds. */
  readonly acts: Readonly<Record<string, Act>>;
}

const bits = (octet: number): SnmpValue => octets(Uint8Array.of(octet));
const name = (...rest: readonly number[]): SnmpValue => ({
  type: 'ObjectIdentifier',
  value: [1, 3, ...rest],
});

const GOOD: readonly (readonly [Instance, fc.Arbitrary<SnmpValue>])[] = (() => {
  const number = fc.nat(99_999).map(integer);
  const short = (maxLength: number): fc.Arbitrary<SnmpValue> =>
    fc.uint8Array({ minLength: 1, maxLength }).map(octets);
  const scalars = ['leftA', 'leftB', 'leftBare', 'rightA', 'rightB'];
  const columns = ['leftX', 'leftY', 'rightX', 'rightY'];
  const scalar = (object: string): Instance => ({ object, suffix: [0] });
  return [
    ...scalars.map((object) => [scalar(object), number] as const),
    // One row is met often, so that several of its columns are.
    ...[1, 1, 1, 2].flatMap((row) => [
      ...columns.map((object) => [{ object, suffix: [row] }, number] as const),
      [{ object: 'leftName', suffix: [row] }, short(3)] as const,
    ]),
    [scalar('leftText'), short(4)],
    [scalar('leftHoles'), fc.constantFrom(0, 10, 12, 20).map(integer)],
    [scalar('leftFlags'), fc.constantFrom(0x80, 0x20, 0xa0).map(bits)],
    [scalar('leftKind'), fc.constantFrom(1, 3).map(integer)],
    [scalar('leftShown'), fc.constantFrom('', 'text', '12345678').map(octets)],
    [scalar('leftOid'), fc.nat(2_147_483_647).map((last) => name(6, last))],
  ];
})();

/** Variables that are refused, by one agent at least, before a function is asked. */
const FAULTY: readonly Change[] = (() => {
  const five = integer(5);
  const at = (
    object: string,
    suffix: readonly number[],
    value: SnmpValue,
    refusal?: ErrorStatus,
    because?: DivergenceId,
    otps?: ErrorStatus,
  ): Change => ({
    object,
    suffix,
    value,
    ...(refusal === undefined ? {} : { refusal }),
    ...(because === undefined
      ? {}
      : { otherwise: otps === undefined ? { because } : { because, refusal: otps } }),
  });
  return [
    at('outside', [0], five, 'notWritable'),
    at('leftNothing', [0], five, 'notWritable'),
    at('leftNoColumn', [1], five, 'notWritable'),
    at('leftFixed', [0], five, 'notWritable'),
    at('leftCount', [1], five, 'notWritable'),
    at('leftIndex', [1], five, 'notWritable'),
    at('leftA', [0], octets('no number'), 'wrongType'),
    at('leftA', [0], { type: 'Gauge32', value: 5 }, 'wrongType'),
    at('leftA', [0], { type: 'Null' }, 'wrongType'),
    at('leftX', [1], octets('no number'), 'wrongType'),
    at('leftText', [0], five, 'wrongType'),
    at('leftOid', [0], octets('no name'), 'wrongType'),
    at('leftFlags', [0], five, 'wrongType'),
    at('leftText', [0], octets(''), 'wrongLength'),
    at('leftText', [0], octets('12345'), 'wrongLength'),
    at('leftName', [2], octets('1234'), 'wrongLength'),
    at('leftShown', [0], octets('123456789'), 'wrongLength'),
    at('leftA', [0], integer(-1), 'wrongValue'),
    at('leftB', [0], integer(100_000), 'wrongValue'),
    at('rightY', [1], integer(100_000), 'wrongValue'),
    at('leftHoles', [0], integer(21), 'wrongValue'),
    at('leftKind', [0], integer(2), 'wrongValue'),
    at('leftFlags', [0], octets(Uint8Array.of(0x80, 0x80)), 'wrongValue'),
    at('leftA', [1], five, 'noCreation'),
    at('rightA', [0, 0], five, 'noCreation'),
    at('leftA', [1], octets('no number'), 'wrongType', 'name-before-value', 'noCreation'),
    at('leftA', [], five, 'noCreation', 'scalar-without-instance', 'notWritable'),
    at('leftX', [], five, 'noCreation', 'index-not-checked'),
    at('leftX', [0], five, 'noCreation', 'index-not-checked'),
    at('rightX', [51], five, 'noCreation', 'index-not-checked'),
    at('rightX', [1, 1], five, 'noCreation', 'index-not-checked'),
    at('leftHoles', [0], integer(11), 'wrongValue', 'ranges-with-holes'),
    at('leftFlags', [0], bits(0xe0), 'wrongValue', 'undefined-bits'),
    {
      ...at('leftFlags', [0], bits(0x90), undefined, 'bits-padding', 'wrongValue'),
      reads: bits(0x80),
    },
    at('leftShown', [0], octets(Uint8Array.of(0xe9)), 'wrongValue', 'text-not-checked'),
    at('leftOid', [0], name(6, 2_147_483_648), undefined, 'large-sub-identifiers', 'wrongType'),
  ];
})();

const good: fc.Arbitrary<Change> = fc
  .constantFrom(...GOOD)
  .chain(([instance, value]) => value.map((made) => ({ ...instance, value: made })));

/** Many of them: rows up to the end of the INDEX. */
const manyRows: fc.Arbitrary<Change[]> = fc
  .record({
    count: fc.integer({ min: 20, max: 50 }),
    objects: fc.uniqueArray(fc.constantFrom('leftX', 'leftY', 'rightX', 'rightY'), {
      minLength: 1,
    }),
  })
  .map(({ count, objects }) =>
    Array.from({ length: count }, (_, i) =>
      objects.map((object) => ({ object, suffix: [count - i], value: integer(i) })),
    ).flat(),
  );

/** Distinct instances, or hardly. */
const several: fc.Arbitrary<Change[]> = fc.uniqueArray(good, { maxLength: 9, selector: keyOf });

/** What a case is made for; what it comes to is for the agents to say. */
type Aim = 'taken' | 'faulty' | 'twice' | 'refused' | 'failed' | 'many';
const AIMS: readonly Aim[] = ['taken', 'faulty', 'twice', 'refused', 'failed', 'many'];
const WEIGHTS: Readonly<Record<Aim, number>> = {
  taken: 1,
  faulty: 4,
  twice: 1,
  refused: 4,
  failed: 4,
  many: 1,
};

function changesFor(aim: Aim): fc.Arbitrary<Change[]> {
  if (aim === 'many') return manyRows;
  if (aim === 'twice') {
    return several.chain((once) =>
      once.length === 0
        ? fc.constant(once)
        : fc
            .record({ again: fc.constantFrom(...once), isEqual: fc.boolean() })
            .chain(({ again, isEqual }) => {
              const value = isEqual ? fc.constant(again.value) : valueLike(again);
              return value.map((made) => [...once, { ...again, value: made }]);
            }),
    );
  }
  if (aim !== 'faulty') return several;
  // One alone more often, and those that the agents see differently, or they are hardly met.
  const either = fc.constantFrom(
    ...FAULTY,
    ...FAULTY.filter(({ otherwise }) => otherwise !== undefined),
  );
  const faulty = fc
    .constantFrom(1, 1, 3)
    .chain((maxLength) => fc.uniqueArray(either, { minLength: 1, maxLength, selector: keyOf }));
  return fc.tuple(several, faulty).chain(([fine, bad]) => {
    const taken = new Set(bad.map(keyOf));
    const all = [...fine.filter((change) => !taken.has(keyOf(change))), ...bad];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
}

function valueLike(change: Change): fc.Arbitrary<SnmpValue> {
  const found = GOOD.find(([instance]) => keyOf(instance) === keyOf(change));
  return found?.[1] ?? fc.constant(change.value);
}

const VOTES =
  'noAccess noCreation inconsistentValue resourceUnavailable inconsistentName wrongValue genErr';
/** These OTP's agent tells as they are. */
const OTPS_VOTES = 'badValue noSuchName notWritable';
/** These no agent takes from isSetOk. */
const NO_VOTES = 'wrongType commitFailed wrongLength undoFailed readOnly rubbish';

const LABELS: Readonly<Record<Operation, readonly string[]>> = {
  // Twice what is seen only where it comes first.
  isSetOk: [VOTES, OTPS_VOTES, OTPS_VOTES, NO_VOTES].join(' ').split(' '),
  set: ['commitFailed', 'undoFailed', 'genErr', 'inconsistentValue', 'wrongValue', 'rubbish'],
  undo: ['undoFailed', 'genErr', 'commitFailed', 'rubbish'],
};

/** Anything but success. @param columns - of the row; none for a scalar. */
function badAct(operation: Operation, columns: readonly number[]): fc.Arbitrary<Act> {
  const column =
    columns.length === 0
      ? fc.constant({})
      : fc.record({
          column: fc.oneof(
            { arbitrary: fc.constantFrom(...columns), weight: 6 },
            { arbitrary: fc.constantFrom(0, 9), weight: 2 },
          ),
        });
  // noError about a column is an answer that no row may give; of a scalar it is success.
  const labels = columns.length === 0 ? LABELS[operation] : [...LABELS[operation], 'noError'];
  const answered = fc.record({
    ends: fc.constantFrom('returns' as const, 'returns' as const, 'throws' as const),
    label: fc.constantFrom(...labels),
  });
  const lost = fc.record({
    ends: fc.constantFrom('crashes' as const, 'exits' as const),
    label: fc.constant('rubbish'),
  });
  return (
    fc
      .tuple(
        fc.oneof({ arbitrary: answered, weight: 4 }, { arbitrary: lost, weight: 1 }),
        column,
        fc.boolean(),
      )
      // To OTP's agent this is success.
      .filter(
        ([{ label }, about]) => !(label === 'noError' && 'column' in about && about.column === 0),
      )
      .map(([how, about, hasEffect]): Act => {
        // Who answers a status of `set` says by it that nothing was changed.
        const isHonest = how.ends === 'returns' && how.label !== 'rubbish';
        return { ...how, ...about, effect: operation === 'set' && hasEffect && !isHonest };
      })
  );
}

/** Some functions of these groups go wrong. */
function actsFor(aim: Aim, changes: readonly Change[]): fc.Arbitrary<Record<string, Act>> {
  const columns = new Map<string, number[]>();
  for (const change of changes) {
    const place = columnOf(change.object);
    const known = columns.get(groupOf(change)) ?? [];
    columns.set(groupOf(change), place === undefined ? known : [...known, place.column]);
  }
  /** One in `outOf` goes wrong. */
  const sometimes = (
    operation: Operation,
    outOf: number,
  ): [string, fc.Arbitrary<Act | undefined>][] =>
    [...columns].map(([group, own]) => [
      `${group} ${operation}`,
      fc.oneof(
        { arbitrary: fc.constant(undefined), weight: outOf - 1 },
        { arbitrary: badAct(operation, own), weight: 1 },
      ),
    ]);
  const all =
    aim === 'refused'
      ? [...sometimes('isSetOk', 3), ...sometimes('undo', 3)]
      : aim === 'failed'
        ? [...sometimes('set', 3), ...sometimes('undo', 4)]
        : [];
  return fc
    .record(Object.fromEntries(all))
    .map(
      (acts) =>
        Object.fromEntries(Object.entries(acts).filter(([, act]) => act !== undefined)) as Record<
          string,
          Act
        >,
    );
}

export const setCase: fc.Arbitrary<SetCase> = fc
  .oneof(...AIMS.map((aim) => ({ arbitrary: fc.constant(aim), weight: WEIGHTS[aim] })))
  .chain((aim) =>
    changesFor(aim).chain((changes) =>
      fc.record({
        version: fc.constantFrom('v2c' as const, 'v2c' as const, 'v1' as const),
        community: fc.oneof(
          { arbitrary: fc.constant('private' as const), weight: 12 },
          { arbitrary: fc.constant('partly' as const), weight: 2 },
          { arbitrary: fc.constant('public' as const), weight: 1 },
        ),
        changes: fc.constant(changes),
        acts: actsFor(aim, changes),
      }),
    ),
  );
