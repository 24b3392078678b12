import { describe, expect, it } from 'vitest';
import { scalar, table, type ManagedTable } from '../../../src/instrumentation/index.js';
import type { TableObject } from '../../../src/mib/index.js';
import type { Syntax } from '../../../src/smi/index.js';
import {
  context,
  DISPLAY_STRING,
  environment,
  INTEGER,
  integer,
  LOCK,
  ranged,
  ROW_STATUS,
  runSet,
  scalarObject,
  tableObject,
  UNSIGNED,
} from './definitions.js';

const INDEX = { index: { syntax: ranged(UNSIGNED, 1, 1000), access: 'not-accessible' } } as const;
const BOTH = { a: { syntax: INTEGER }, b: { syntax: DISPLAY_STRING } };
const BEFORE = tableObject({ ...INDEX, ...BOTH }, ['index']);
const ROWS = [
  { index: 3, a: 30, b: 'three' },
  { index: 20, a: 200, b: undefined },
];

/** The rows of a table that begins with one row of its own and takes over those of `before`. */
function inherited(definition: TableObject, before = BEFORE, options = {}): unknown[] {
  const at = environment();
  const old = table.stored({ rows: ROWS }).bind(before, at);
  const rows = table.stored({ rows: [{ index: 1 }], ...options });
  const object = rows.bind(definition, at);
  object.inherit?.(old);
  return [...rows];
}

describe('a stored table that takes over from another', () => {
  it('has its rows, and not those that it began with', () => {
    expect(inherited(BEFORE)).toEqual([
      { index: 3, a: 30, b: 'three' },
      { index: 20, a: 200 },
    ]);
  });

  it('keeps the columns of the same name and SYNTAX, whatever their numbers are now', () => {
    const definition = tableObject(
      {
        ...INDEX,
        added: { syntax: INTEGER },
        b: { syntax: DISPLAY_STRING },
        a: { syntax: ranged(INTEGER, 0, 9) },
      },
      ['index'],
    );
    expect(inherited(definition, BEFORE, { defaults: { added: 7 } })).toEqual([
      { index: 3, added: 7, b: 'three' },
      { index: 20, added: 7 },
    ]);
  });

  it.each<[string, Syntax]>([
    ['SYNTAX', ranged(UNSIGNED, 1, 999)],
    ['type', ranged(INTEGER, 1, 1000)],
  ])('begins with its own rows where the %s of the INDEX is another', (_, syntax) => {
    const definition = tableObject({ index: { syntax, access: 'not-accessible' }, ...BOTH }, [
      'index',
    ]);
    expect(inherited(definition)).toEqual([{ index: 1 }]);
  });

  it('begins with its own rows where the other is no stored table', () => {
    const computed = table.computed({ rows: () => ROWS }).bind(BEFORE, environment());
    const rows = table.stored({ rows: [{ index: 1 }] });
    rows.bind(BEFORE, environment()).inherit?.(computed);
    expect([...rows]).toEqual([{ index: 1 }]);
  });

  it('is independent of it afterwards', () => {
    const old = table.stored({ rows: ROWS });
    const from = old.bind(BEFORE, environment());
    const rows = table.stored();
    rows.bind(BEFORE, environment()).inherit?.(from);
    rows.update({ index: 3 }, { a: 1 });
    old.update({ index: 20 }, { a: 2 });
    expect([old.get([3])?.['a'], rows.get([3])?.['a']]).toEqual([30, 1]);
    expect([old.get([20])?.['a'], rows.get([20])?.['a']]).toEqual([2, 200]);
  });
});

describe('rows with a status that are taken over', () => {
  const definition = (more: Record<string, { syntax: Syntax }> = {}): TableObject =>
    tableObject({ ...INDEX, a: { syntax: INTEGER }, ...more, status: { syntax: ROW_STATUS } }, [
      'index',
    ]);
  const status = (object: ManagedTable, row: number, status: number): Promise<unknown> =>
    runSet([{ object, column: 'status', rowIndex: [row], value: integer(status) }]);

  it('are notReady where they lack what an active row needs by now', () => {
    const rows = [
      { index: 1, a: 1 },
      { index: 2, a: 2, status: 'notInService' },
      { index: 3, status: 'notReady' },
    ];
    const from = table.stored({ rows }).bind(definition(), environment());
    const same = table.stored();
    same.bind(definition(), environment()).inherit?.(from);
    expect([...same].map((row) => row['status'])).toEqual(['active', 'notInService', 'notReady']);
    const more = table.stored();
    more.bind(definition({ needed: { syntax: INTEGER } }), environment()).inherit?.(from);
    expect([...more].map((row) => row['status'])).toEqual(['notReady', 'notReady', 'notReady']);
  });

  it('are removed when they would have been, and leave no timer [RST-039]', async () => {
    const at = environment();
    const from = table.stored().bind(definition(), at);
    from.create(context());
    await status(from, 1, 5);
    at.clock.advance(200_000);
    const rows = table.stored();
    const object = rows.bind(definition(), at);
    from.destroy(context());
    object.inherit?.(from);
    object.create(context());
    await status(object, 2, 5);
    at.clock.advance(99_999);
    expect(rows.size).toBe(2);
    at.clock.advance(1);
    expect([...rows].map((row) => row['index'])).toEqual([2]);
    object.rest?.();
    expect(at.clock.pendingTimers).toBe(0);
  });
});

describe('a stored scalar that takes over from another', () => {
  it.each<[string, Syntax, number]>([
    ['has its value where the SYNTAX is the same', INTEGER, 5],
    ['has its own where it is not', ranged(INTEGER, 0, 9), 1],
  ])('%s', (_, syntax, expected) => {
    const from = scalar.stored<number>({ value: 5 }).bind(scalarObject(INTEGER), environment());
    const value = scalar.stored<number>({ value: 1 });
    value.bind(scalarObject(syntax), environment()).inherit?.(from);
    expect(value.value).toBe(expected);
  });

  it('goes on with its lock [SUP-028]', () => {
    const lock = scalar.stored<number>();
    const from = lock.bind(scalarObject(LOCK), environment());
    const next = scalar.stored<number>();
    next.bind(scalarObject(LOCK), environment()).inherit?.(from);
    expect(next.value).toBe(lock.value);
  });
});

describe('what a program holds', () => {
  it('speaks of the object that is attached, and of the one before where that is undone', () => {
    const value = scalar.stored<number>({ value: 1 });
    const first = value.bind(scalarObject(INTEGER), environment());
    first.attach?.();
    value.set(2);
    const second = value.bind(scalarObject(INTEGER), environment());
    expect(value.value).toBe(2);
    const undo = second.attach?.();
    expect(value.value).toBe(1);
    undo?.();
    expect(value.value).toBe(2);
    const third = value.bind(scalarObject(INTEGER), environment());
    const early = second.attach?.();
    third.attach?.();
    early?.();
    expect(value.value).toBe(1);
  });

  it('speaks of nothing where the only one is not served after all', () => {
    const rows = table.stored();
    const object = rows.bind(BEFORE, environment());
    object.attach?.()();
    expect(() => rows.size).toThrow('before it is loaded');
  });
});
