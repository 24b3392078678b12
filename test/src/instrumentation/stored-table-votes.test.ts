import { describe, expect, it } from 'vitest';
import { SetError } from '../../../src/instrumentation/answers.js';
import { StoredTableObject } from '../../../src/instrumentation/stored-table-object.js';
import type {
  RowChange,
  StoredTableOptions,
} from '../../../src/instrumentation/stored-table-options.js';
import { groupsOf, integer, operate, runSet } from './definitions.js';
import { bound, plainTable, ROW_TABLE, writesOf, type Bound } from './stored-table-definitions.js';

describe('isSetOk of a stored table', () => {
  function asked(isSetOk: NonNullable<StoredTableOptions['isSetOk']>): Bound {
    const rows = [1, 2, 3].map((index) => ({ index, x: index, y: index }));
    return bound(plainTable('read-write'), { rows, isSetOk });
  }

  it('is asked once, with all rows of the SET before and after', async () => {
    const calls: unknown[] = [];
    const { object } = asked((changes) => {
      calls.push(changes);
    });
    const request = [
      ...writesOf(object, { y: integer(20) }, [2]),
      ...writesOf(object, { x: integer(10) }, [1]),
      ...writesOf(object, { x: integer(22) }, [2]),
    ];
    expect(await runSet(request)).toMatchObject({ errorStatus: 'noError' });
    expect(calls).toEqual([
      [
        {
          op: 'update',
          index: { index: 2 },
          written: ['x', 'y'],
          before: { index: 2, x: 2, y: 2 },
          after: { index: 2, x: 22, y: 20 },
        },
        {
          op: 'update',
          index: { index: 1 },
          written: ['x'],
          before: { index: 1, x: 1, y: 1 },
          after: { index: 1, x: 10, y: 1 },
        },
      ],
    ]);
  });

  it('hears of rows that come and go', async () => {
    const heard: unknown[] = [];
    const { rows, object } = bound(ROW_TABLE, {
      isSetOk: (changes) => {
        for (const change of changes) heard.push([change.op, change.index, change.written]);
      },
    });
    rows.insert({ number: 1, name: 'b', value: 5 });
    await runSet([
      ...writesOf(object, { status: integer(4), value: integer(5) }),
      ...writesOf(object, { status: integer(6) }, [1, 98]),
    ]);
    expect(heard).toEqual([
      ['create', { number: 7, name: 'a' }, ['value', 'status']],
      ['destroy', { number: 1, name: 'b' }, ['status']],
    ]);
  });

  it('is not asked where a check of the runtime already said no', async () => {
    const { object } = asked(() => {
      throw new Error('asked');
    });
    const request = [
      ...writesOf(object, { x: integer(1) }, [4]),
      ...writesOf(object, { x: integer(1) }, [1]),
    ];
    expect(await runSet(request)).toMatchObject({ errorStatus: 'noCreation', errorIndex: 1 });
  });

  it('sees the old rows, and so does everybody until the set', async () => {
    const { rows, object } = asked(() => {
      expect(rows.get([1])).toEqual({ index: 1, x: 1, y: 1 });
    });
    const [group] = groupsOf(writesOf(object, { x: integer(9) }, [1]));
    if (group === undefined) throw new Error('no group');
    await operate('isSetOk', group);
    expect(rows.get([1])).toEqual({ index: 1, x: 1, y: 1 });
    await operate('set', group);
    expect(rows.get([1])).toEqual({ index: 1, x: 9, y: 1 });
  });

  const REFUSALS: readonly [
    string,
    ReturnType<NonNullable<StoredTableOptions['isSetOk']>>,
    string,
    number,
  ][] = [
    [
      'the first varbind of the named column',
      new SetError('inconsistentValue', 'y'),
      'inconsistentValue',
      2,
    ],
    ['it by number too', { error: 'resourceUnavailable', column: 3 }, 'resourceUnavailable', 2],
    ['the first of the table without a name', new SetError('noAccess'), 'noAccess', 1],
    [
      'the first of the table for a column not in the SET',
      new SetError('wrongValue', 'z'),
      'wrongValue',
      1,
    ],
    ['it as v2c says what v1 says otherwise', new SetError('noSuchName', 'x'), 'noCreation', 1],
    ['it when it is promised', Promise.resolve(new SetError('noAccess', 'y')), 'noAccess', 2],
  ];
  for (const [title, answer, errorStatus, errorIndex] of REFUSALS) {
    it(`that refuses is told at ${title}`, async () => {
      const { rows, object } = asked(() => answer);
      const request = [
        ...writesOf(object, { x: integer(9) }, [1]),
        ...writesOf(object, { y: integer(9) }, [2]),
        ...writesOf(object, { y: integer(9) }, [3]),
      ];
      expect(await runSet(request)).toMatchObject({ errorStatus, errorIndex });
      expect(rows.get([1])).toMatchObject({ x: 1 });
    });
  }

  it('may throw its SetError; what else it throws is a crash', async () => {
    let error: Error = new SetError('inconsistentValue', 'x');
    const { object } = asked(() => {
      throw error;
    });
    expect(await runSet(writesOf(object, { x: integer(9) }, [1]))).toMatchObject({
      errorStatus: 'inconsistentValue',
    });
    error = new Error('bug');
    await expect(runSet(writesOf(object, { x: integer(9) }, [1]))).rejects.toThrow('bug');
  });

  it('that answers what is no vote has not voted', async () => {
    for (const answer of ['yes', 7, { error: 'commitFailed', column: 'x' }]) {
      const { object } = asked(() => answer as never);
      expect(await runSet(writesOf(object, { x: integer(9) }, [1]))).toMatchObject({
        errorStatus: 'genErr',
      });
    }
  });
});

describe('what the program hears', () => {
  it('are the committed changes of managers, all of a SET at once', async () => {
    const { rows, object } = bound(plainTable('read-write'), {
      rows: [1, 2].map((index) => ({ index, x: index, y: 0 })),
    });
    const heard: (readonly RowChange[])[] = [];
    rows.on('change', (changes) => heard.push(changes));
    const request = [
      ...writesOf(object, { x: integer(9) }, [1]),
      ...writesOf(object, { x: integer(8) }, [2]),
    ];
    const committed = await runSet(request);
    if (!(object instanceof StoredTableObject)) throw new Error('not stored');
    object.committed(committed.groups);
    object.committed((await runSet(request, 'rollback')).groups);
    expect(heard.map((changes) => changes.map(({ op, index }) => [op, index]))).toEqual([
      [
        ['update', { index: 1 }],
        ['update', { index: 2 }],
      ],
    ]);
  });
});

describe('the program and a SET at the same time', () => {
  const start = (): Bound => bound(plainTable('read-write'), { rows: [{ index: 1, x: 1, y: 1 }] });

  it('both changes stay where they are of different columns', async () => {
    const { rows, object } = start();
    const [group] = groupsOf(writesOf(object, { x: integer(9) }, [1]));
    if (group === undefined) throw new Error('no group');
    await operate('isSetOk', group);
    rows.update({ index: 1 }, { y: 5 });
    await operate('set', group);
    expect(rows.get([1])).toEqual({ index: 1, x: 9, y: 5 });
    rows.update({ index: 1 }, { y: 6 });
    await operate('rollback', group);
    expect(rows.get([1])).toEqual({ index: 1, x: 1, y: 6 });
  });

  it('a row that went between vote and set is commitFailed, and stays away', async () => {
    const { rows, object } = start();
    const [group] = groupsOf(writesOf(object, { x: integer(9) }, [1]));
    if (group === undefined) throw new Error('no group');
    await operate('isSetOk', group);
    rows.delete([1]);
    expect(await operate('set', group)).toMatchObject({ status: 'commitFailed', position: 1 });
    expect(await operate('rollback', group)).toEqual({ kind: 'ok' });
    expect(rows.size).toBe(0);
  });
});
