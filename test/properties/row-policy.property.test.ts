import fc from 'fast-check';
import { expect, it } from 'vitest';
import { table } from '../../src/instrumentation/table.js';
import { runs } from '../support/arbitraries.js';
import {
  environment,
  INTEGER,
  integer,
  ranged,
  ROW_STATUS,
  runSet,
  tableObject,
  UNSIGNED,
  walk,
} from '../src/instrumentation/definitions.js';

const DEFINITION = tableObject(
  {
    index: { syntax: ranged(UNSIGNED, 1, 2), access: 'not-accessible' },
    must: { syntax: ranged(INTEGER, 0, 9) },
    may: { syntax: ranged(INTEGER, 0, 9), defaultValue: { kind: 'integer', value: 5 } },
    status: { syntax: ROW_STATUS },
  },
  ['index'],
);

/** What this table's author chose of what RFC 2579 leaves open. */
interface Policy {
  readonly createAndWait: boolean;
  readonly notInService: boolean;
  readonly implicitCreate: boolean;
  /** `must` may not be written while the row stays active. */
  readonly isFrozen: boolean;
  /** A row is in use while its `may` is 9. */
  readonly hasBusy: boolean;
}

const policy: fc.Arbitrary<Policy> = fc.record({
  createAndWait: fc.boolean(),
  notInService: fc.boolean(),
  implicitCreate: fc.boolean(),
  isFrozen: fc.boolean(),
  hasBusy: fc.boolean(),
});

interface Row {
  readonly state: 'notReady' | 'notInService' | 'active';
  readonly must: number | undefined;
  readonly may: number;
}

const value = fc.constantFrom(1, 9);
const write = fc
  .record({
    row: fc.integer({ min: 1, max: 2 }),
    status: fc.option(fc.constantFrom(1, 2, 4, 4, 4, 5, 5, 6), { nil: undefined, freq: 4 }),
    must: fc.option(value, { nil: undefined, freq: 2 }),
    may: fc.option(value, { nil: undefined, freq: 2 }),
  })
  .filter(({ status, must, may }) => status !== undefined || (must ?? may) !== undefined);

type Write = typeof write extends fc.Arbitrary<infer Value> ? Value : never;

/** RFC 2579, RowStatus, with this policy: the row as it will be, or the refusal. */
function expected(before: Row | undefined, asked: Write, rules: Policy): Row | undefined | string {
  const { status } = asked;
  const row = {
    must: asked.must ?? before?.must,
    may: asked.may ?? before?.may ?? 5,
  };
  const resting = row.must === undefined ? 'notReady' : 'notInService';
  const isBusy = rules.hasBusy && before?.may === 9;
  if (status === 6) {
    return before?.state === 'active' && isBusy ? 'inconsistentValue' : undefined;
  }
  if (before === undefined) {
    if (status === 4) {
      return row.must === undefined ? 'inconsistentValue' : { ...row, state: 'active' };
    }
    if (status === 5) return rules.createAndWait ? { ...row, state: resting } : 'wrongValue';
    if (status !== undefined) return 'inconsistentValue';
    return rules.implicitCreate ? { ...row, state: resting } : 'inconsistentName';
  }
  if (status === 4 || status === 5) return 'inconsistentValue';
  if (before.state === 'active') {
    if (status === 2) {
      if (!rules.notInService) return 'wrongValue';
      return isBusy ? 'inconsistentValue' : { ...row, state: 'notInService' };
    }
    return rules.isFrozen && asked.must !== undefined
      ? 'inconsistentValue'
      : { ...row, state: 'active' };
  }
  if (status === 1) {
    return row.must === undefined ? 'inconsistentValue' : { ...row, state: 'active' };
  }
  if (before.state === 'notInService') return { ...row, state: 'notInService' };
  if (status === 2) {
    if (!rules.notInService) return 'wrongValue';
    return row.must === undefined ? 'inconsistentValue' : { ...row, state: 'notInService' };
  }
  return { ...row, state: resting };
}

const STATUS = { active: 1, notInService: 2, notReady: 3 };

/** What a walk over the table reads. */
function cells(rows: ReadonlyMap<number, Row>): string[] {
  return [2, 3, 4].flatMap((column) =>
    [...rows]
      .toSorted(([left], [right]) => left - right)
      .map(([row, { must, may, state }]) => {
        const number = column === 2 ? must : column === 3 ? may : STATUS[state];
        return number === undefined ? '' : `${column}.${row}=${number}`;
      })
      .filter((text) => text !== ''),
  );
}

/**
 * Invariant: for one policy RFC 2579 leaves one answer and one next state; both are met. Model:
 * `expected`. Generator: every policy, every status, columns that are there or lack. Coverage:
 * every refusal, and every state.
 */
it('a row goes where its policy says, for every policy [RST-041, PR-38]', async () => {
  const seen = new Map<string, number>();
  const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(policy, fc.array(write, { maxLength: 12 }), async (rules, writes) => {
      const { createAndWait, notInService, implicitCreate } = rules;
      const object = table
        .stored({
          rowStatus: {
            createAndWait,
            notInService,
            implicitCreate,
            frozenWhileActive: rules.isFrozen ? ['must'] : [],
            isBusy: (row) => rules.hasBusy && row['may'] === 9,
          },
        })
        .bind(DEFINITION, environment());
      const rows = new Map<number, Row>();
      for (const asked of writes) {
        const next = expected(rows.get(asked.row), asked, rules);
        const sent = (['must', 'status', 'may'] as const).flatMap((column) => {
          const number = asked[column];
          if (number === undefined) return [];
          return [{ object, column, rowIndex: [asked.row], value: integer(number) }];
        });
        const { errorStatus } = await runSet(sent);
        expect(errorStatus).toBe(typeof next === 'string' ? next : 'noError');
        if (typeof next === 'string') note(next);
        else if (next === undefined) rows.delete(asked.row);
        else rows.set(asked.row, next);
        if (typeof next === 'object') note(next.state);
        const read = [...walk(object)].map(
          ([name, cell]) => `${name}=${'value' in cell ? String(cell.value) : cell.type}`,
        );
        expect(read).toEqual(cells(rows));
      }
    }),
    runs(600),
  );
  for (const what of [
    'inconsistentValue',
    'inconsistentName',
    'wrongValue',
    ...Object.keys(STATUS),
  ]) {
    expect(`${what} ${(seen.get(what) ?? 0) > 30}`).toBe(`${what} true`);
  }
});
