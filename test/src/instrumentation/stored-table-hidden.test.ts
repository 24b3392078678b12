import { describe, expect, it } from 'vitest';
import { SetError } from '../../../src/instrumentation/answers.js';
import type { StoredTableOptions } from '../../../src/instrumentation/stored-table-options.js';
import { integer, octets, runSet, walk } from './definitions.js';
import { bound, ROW_7A, ROW_TABLE, writesOf } from './stored-table-definitions.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

/** What is written into text goes where nobody sees it; without it a row is not complete. */
const secretive: StoredTableOptions = {
  hidden: ['secret'],
  rowStatus: { isComplete: (row) => row['secret'] !== undefined },
  derive: ({ after, written, index }, context) => {
    if (!written.includes('text')) return undefined;
    const text = after['text'] as string;
    if (text === 'thrown') throw new SetError('noAccess', 'text');
    if (text === 'returned') return new SetError('inconsistentName', 'text');
    if (text === 'elsewhere') return new SetError('wrongValue', 'hits');
    const who = context.requester?.securityName ?? 'nobody';
    return { text: '', secret: bytes(`${text} of ${index['name'] as string} by ${who}`) };
  },
};

describe('hidden values of a row', () => {
  it("are the program's, and no manager's", async () => {
    const { rows, object } = bound(ROW_TABLE, secretive);
    rows.insert({ number: 7, name: 'a', value: 5, secret: bytes('mine') });
    expect(rows.get(ROW_7A)).toMatchObject({ secret: bytes('mine'), status: 'active' });
    expect(walk(object).size).toBe(5);
    await runSet(writesOf(object, { text: octets('theirs') }));
    expect(rows.get(ROW_7A)).toMatchObject({ text: '' });
    expect(Buffer.from(rows.get(ROW_7A)?.['secret'] as Uint8Array).toString()).toMatch(
      /^theirs of a by /,
    );
  });

  it('are rolled back with the SET that changed them', async () => {
    const { rows, object } = bound(ROW_TABLE, secretive);
    rows.insert({ number: 7, name: 'a', value: 5, secret: bytes('mine') });
    await runSet(writesOf(object, { text: octets('theirs') }), 'rollback');
    expect(rows.get(ROW_7A)).toMatchObject({ secret: bytes('mine') });
  });

  it('have names of their own', () => {
    expect(() => bound(ROW_TABLE, { hidden: ['text'] })).toThrow(/text is a column/);
  });
});

describe('a row that the program does not call complete', () => {
  it('is notReady until it is, whatever its columns', async () => {
    const { rows, object } = bound(ROW_TABLE, secretive);
    const value = { value: integer(5) };
    const go = await runSet(writesOf(object, { ...value, status: integer(4) }));
    expect(go).toMatchObject({ errorStatus: 'inconsistentValue', errorIndex: 2 });
    await runSet(writesOf(object, { ...value, status: integer(5) }));
    expect(rows.get(ROW_7A)).toMatchObject({ status: 'notReady' });
    const active = await runSet(writesOf(object, { status: integer(1) }));
    expect(active).toMatchObject({ errorStatus: 'inconsistentValue', errorIndex: 1 });
    await runSet(writesOf(object, { text: octets('x') }));
    expect(rows.get(ROW_7A)).toMatchObject({ status: 'notInService' });
    await runSet(writesOf(object, { status: integer(1) }));
    expect(rows.get(ROW_7A)).toMatchObject({ status: 'active' });
  });

  it('is notReady again where it needs more by then', async () => {
    const { rows, object } = bound(ROW_TABLE, {
      ...secretive,
      rowStatus: { isComplete: (row) => row['value'] !== 9 || row['secret'] !== undefined },
    });
    await runSet(writesOf(object, { value: integer(5), status: integer(5) }));
    expect(rows.get(ROW_7A)).toMatchObject({ status: 'notInService' });
    const both = writesOf(object, { value: integer(9), status: integer(1) });
    expect(await runSet(both)).toMatchObject({ errorStatus: 'inconsistentValue', errorIndex: 2 });
    await runSet(writesOf(object, { value: integer(9) }));
    expect(rows.get(ROW_7A)).toMatchObject({ status: 'notReady', value: 9 });
    const active = await runSet(writesOf(object, { status: integer(1) }));
    expect(active).toMatchObject({ errorStatus: 'inconsistentValue', errorIndex: 1 });
  });

  it('may become complete and active in one SET, and be made by the program only so', async () => {
    const { rows, object } = bound(ROW_TABLE, secretive);
    const all = { value: integer(5), text: octets('x'), status: integer(4) };
    expect(await runSet(writesOf(object, all))).toMatchObject({ errorIndex: 0 });
    expect(rows.get(ROW_7A)).toMatchObject({ status: 'active' });
    expect(() => rows.insert({ number: 8, name: 'b', value: 1 })).toThrow(/needs to be complete/);
    rows.insert({ number: 8, name: 'b', value: 1, status: 'notInService' });
    expect(rows.get({ number: 8, name: 'b' })).toMatchObject({ status: 'notReady' });
  });
});

describe('derive', () => {
  it.each([
    ['thrown', { errorStatus: 'noAccess', errorIndex: 2 }],
    ['returned', { errorStatus: 'inconsistentName', errorIndex: 2 }],
    // A column that is not in this call: an answer it may not give.
    ['elsewhere', { errorStatus: 'genErr', errorIndex: 1 }],
  ])('refuses by a SetError at its column: %s', async (text, expected) => {
    const { rows, object } = bound(ROW_TABLE, secretive);
    rows.insert({ number: 7, name: 'a', value: 5, secret: bytes('mine') });
    const request = writesOf(object, { value: integer(6), text: octets(text) });
    expect(await runSet(request)).toMatchObject(expected);
    expect(rows.get(ROW_7A)).toMatchObject({ value: 5, secret: bytes('mine') });
  });
});
