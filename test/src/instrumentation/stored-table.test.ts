import { describe, expect, it } from 'vitest';
import type { StoredTableOptions } from '../../../src/instrumentation/stored-table-options.js';
import {
  INTEGER,
  integer,
  LOCK,
  octets,
  ranged,
  ROW_STATUS,
  runSet,
  tableObject,
  walk,
} from './definitions.js';
import { bound, plainTable, ROW_7A, ROW_TABLE, writesOf } from './stored-table-definitions.js';

describe('the testbed rows: making and changing them [TESTBED tbRowTable]', () => {
  const options: StoredTableOptions = {
    rowStatus: { frozenWhileActive: ['value'] },
    permanentRefusal: 'inconsistentValue',
    derive: (change) => {
      if (!change.written.includes('text')) return undefined;
      const hits = change.op === 'update' ? (change.before['hits'] as bigint) : 0n;
      return { hits: hits + 1n };
    },
  };

  it('a new row has its DEFVALs, and a default for what is read-only [TC-018]', async () => {
    const { rows, object } = bound(ROW_TABLE, options);
    const request = writesOf(object, { status: integer(4), value: integer(5) });
    expect(await runSet(request)).toMatchObject({ errorStatus: 'noError' });
    expect([...rows]).toEqual([
      {
        number: 7,
        name: 'a',
        value: 5,
        text: 'none',
        hits: 0n,
        storage: 'nonVolatile',
        status: 'active',
      },
    ]);
  });

  it('text may change while active, value may not', async () => {
    const { rows, object } = bound(ROW_TABLE, options);
    rows.insert({ number: 7, name: 'a', value: 5 });
    expect(await runSet(writesOf(object, { value: integer(6) }))).toMatchObject({
      errorStatus: 'inconsistentValue',
      errorIndex: 1,
    });
    expect(await runSet(writesOf(object, { text: octets('hello') }))).toMatchObject({
      errorIndex: 0,
    });
    expect(rows.get(ROW_7A)).toMatchObject({ value: 5, text: 'hello' });
  });

  it('hits counts the writes of text: the same text again, and not the rolled back', async () => {
    const { rows, object } = bound(ROW_TABLE, options);
    rows.insert({ number: 7, name: 'a', value: 5 });
    await runSet(writesOf(object, { text: octets('one') }));
    await runSet(writesOf(object, { text: octets('one') }));
    await runSet(writesOf(object, { text: octets('two') }), 'rollback');
    expect(rows.get(ROW_7A)).toMatchObject({ text: 'one', hits: 2n });
    await runSet(writesOf(object, { status: integer(2) }));
    expect(rows.get(ROW_7A)).toMatchObject({ hits: 2n });
  });

  it('no manager makes a row permanent or readOnly, new or old', async () => {
    const { rows, object } = bound(ROW_TABLE, options);
    for (const storage of [4, 5]) {
      const create = writesOf(object, {
        status: integer(4),
        value: integer(5),
        storage: integer(storage),
      });
      expect(await runSet(create)).toMatchObject({
        errorStatus: 'inconsistentValue',
        errorIndex: 3,
      });
    }
    rows.insert({ number: 7, name: 'a', value: 5 });
    expect(await runSet(writesOf(object, { storage: integer(4) }))).toMatchObject({
      errorStatus: 'inconsistentValue',
      errorIndex: 1,
    });
  });
});

describe('tables without RowStatus', () => {
  it('an existing row is written', async () => {
    const { rows, object } = bound(plainTable('read-write'), { rows: [{ index: 1, x: 1, y: 2 }] });
    expect(await runSet(writesOf(object, { x: integer(9) }, [1]))).toMatchObject({ errorIndex: 0 });
    expect(rows.get([1])).toEqual({ index: 1, x: 9, y: 2 });
  });

  it('a row that is not there is noCreation where managers make none [SET-025]', async () => {
    const { object } = bound(plainTable('read-write'));
    expect(object.createsRows).toBe(false);
    const request = writesOf(object, { y: integer(9), x: integer(9) }, [1]);
    expect(await runSet(request)).toMatchObject({ errorStatus: 'noCreation', errorIndex: 1 });
  });

  it('and inconsistentName where they could, at the first varbind of the row [SET-027, OTP-067]', async () => {
    const { object } = bound(plainTable('read-create'));
    expect(object.createsRows).toBe(true);
    const request = writesOf(object, { y: integer(9), x: integer(9) }, [1]);
    expect(await runSet(request)).toMatchObject({ errorStatus: 'inconsistentName', errorIndex: 1 });
  });

  it('or it is made, where the table says so, with what was given', async () => {
    const options = { rowStatus: { implicitCreate: true } };
    const { rows, object } = bound(plainTable('read-create'), options);
    expect(await runSet(writesOf(object, { y: integer(9) }, [1]))).toMatchObject({ errorIndex: 0 });
    expect([...rows]).toEqual([{ index: 1, y: 9 }]);
  });

  it('no column can be written where none is writable', () => {
    expect(bound(plainTable('read-only')).object).toMatchObject({
      isWritable: false,
      createsRows: false,
    });
  });

  it('a column without value and DEFVAL reads noSuchInstance and is passed over [OTP-066]', () => {
    const { object } = bound(plainTable('read-write'), {
      rows: [
        { index: 1, x: 1 },
        { index: 2, y: 2 },
        { index: 3, x: 3 },
      ],
    });
    expect(object.cells?.get(3, [1])).toEqual({ type: 'noSuchInstance' });
    expect([...walk(object).keys()]).toEqual(['2.1', '2.3', '3.2']);
  });

  it('a TestAndIncr column takes any value of a new row, then counts [TC-001, TC-008]', async () => {
    const definition = tableObject(
      {
        index: { syntax: ranged(INTEGER, 1, 9), access: 'not-accessible' },
        lock: { syntax: LOCK },
        status: { syntax: ROW_STATUS },
      },
      ['index'],
    );
    const { rows, object } = bound(definition);
    await runSet(writesOf(object, { lock: integer(41), status: integer(4) }, [1]));
    await runSet(writesOf(object, { status: integer(4) }, [2]));
    expect(rows.get([1])).toMatchObject({ lock: 41 });
    expect(rows.get([2])?.['lock']).toEqual(expect.any(Number));
    expect(await runSet(writesOf(object, { lock: integer(41) }, [1]))).toMatchObject({
      errorIndex: 0,
    });
    expect(await runSet(writesOf(object, { lock: integer(41) }, [1]))).toMatchObject({
      errorStatus: 'inconsistentValue',
    });
    expect(rows.get([1])).toMatchObject({ lock: 42 });
    // A stale lock protects against destruction too.
    const stale = writesOf(object, { lock: integer(41), status: integer(6) }, [1]);
    expect(await runSet(stale)).toMatchObject({ errorStatus: 'inconsistentValue', errorIndex: 1 });
  });

  it('a writable INDEX object takes its own value only', async () => {
    const definition = tableObject(
      {
        index: { syntax: INTEGER, access: 'read-write' },
        x: { syntax: INTEGER, access: 'read-write' },
      },
      ['index'],
    );
    const { rows, object } = bound(definition, { rows: [{ index: 5, x: 1 }] });
    expect(object.cells?.get(1, [5])).toEqual(integer(5));
    expect(await runSet(writesOf(object, { index: integer(5) }, [5]))).toMatchObject({
      errorIndex: 0,
    });
    expect(await runSet(writesOf(object, { x: integer(2), index: integer(6) }, [5]))).toMatchObject(
      {
        errorStatus: 'inconsistentValue',
        errorIndex: 2,
      },
    );
    expect([...rows]).toEqual([{ index: 5, x: 1 }]);
  });
});
