import { describe, expect, it } from 'vitest';
import { integer, octets, runSet, walk } from './definitions.js';
import { bound, ROW_7A, ROW_TABLE, writesOf, type Bound } from './stored-table-definitions.js';

describe('StorageType [RFC 2579]', () => {
  function stored(storage: string): Bound {
    return bound(ROW_TABLE, { rows: [{ number: 7, name: 'a', value: 5, storage }] });
  }

  it('other, volatile and nonVolatile change into one another [TC-016]', async () => {
    for (const from of ['other', 'volatile', 'nonVolatile']) {
      for (const to of [1, 2, 3]) {
        const { object } = stored(from);
        expect(await runSet(writesOf(object, { storage: integer(to) }))).toMatchObject({
          errorStatus: 'noError',
        });
      }
    }
  });

  it('but not into permanent or readOnly: wrongValue [TC-015, RSX-24]', async () => {
    for (const from of ['other', 'volatile', 'nonVolatile']) {
      for (const to of [4, 5]) {
        const { object } = stored(from);
        expect(await runSet(writesOf(object, { storage: integer(to) }))).toMatchObject({
          errorStatus: 'wrongValue',
          errorIndex: 1,
        });
      }
    }
  });

  it('permanent and readOnly change into nothing, not even themselves [TC-014, RSX-25]', async () => {
    for (const from of ['permanent', 'readOnly']) {
      for (const to of [1, 2, 3, 4, 5]) {
        const { object } = stored(from);
        expect(await runSet(writesOf(object, { storage: integer(to) }))).toMatchObject({
          errorStatus: 'wrongValue',
        });
      }
    }
  });

  it('a permanent row changes but cannot be destroyed [TC-012, RSX-11]', async () => {
    const { rows, object } = stored('permanent');
    expect(await runSet(writesOf(object, { value: integer(9) }))).toMatchObject({ errorIndex: 0 });
    expect(await runSet(writesOf(object, { status: integer(6) }))).toMatchObject({
      errorStatus: 'wrongValue',
      errorIndex: 1,
    });
    expect(rows.get(ROW_7A)).toMatchObject({ value: 9, status: 'active' });
  });

  it('a readOnly row can neither change nor be destroyed [SET-028, TC-013, RSX-12]', async () => {
    const { object } = stored('readOnly');
    const before = walk(object);
    const requests = [
      { value: integer(9) },
      { status: integer(6) },
      { status: integer(2) },
      { status: integer(4) },
      { text: octets('x'), value: integer(9) },
    ];
    for (const cells of requests) {
      expect(await runSet(writesOf(object, cells))).toMatchObject({
        errorStatus: 'notWritable',
        errorIndex: 1,
      });
    }
    expect(walk(object)).toEqual(before);
  });

  it('a row cannot be made permanent or readOnly either [TC-017]', async () => {
    const { rows, object } = bound(ROW_TABLE);
    const request = writesOf(object, {
      storage: integer(4),
      status: integer(4),
      value: integer(5),
    });
    expect(await runSet(request)).toMatchObject({ errorStatus: 'wrongValue', errorIndex: 1 });
    expect(rows.size).toBe(0);
  });
});
