import { describe, expect, it } from 'vitest';
import {
  genErr,
  noSuchInstance,
  noSuchObject,
  type NextReadings,
  type RowReading,
} from '../../../src/instrumentation/index.js';
import { MibView } from '../../../src/security/index.js';
import { formatOid } from '../../../src/smi/index.js';
import { functions } from '../../support/conf-agent.js';
import { CONF_MIB, conf as oid } from '../../support/mib-fixtures.js';
import { fnCells, recordedTable } from '../../support/recorded-table.js';
import { integer, names, status, told, values } from '../../support/snmp-client.js';
import { stage, type Stage, type StageOptions } from '../../support/stage.js';

function served(given: ReturnType<typeof functions.table>, options: StageOptions = {}): Stage {
  return stage(
    [
      {
        module: CONF_MIB,
        objects: { roInt: { get: () => 1 }, fnTable: given, lastInt: { get: () => 9 } },
      },
    ],
    options,
  );
}

/** A table whose get, or getNext, answers this whatever it is asked. */
const getting = (answer: unknown): Stage =>
  served(functions.table({ get: () => answer as RowReading, getNext: () => [] }));
const nexting = (answer: unknown): Stage =>
  served(functions.table({ get: () => noSuchInstance, getNext: () => answer as NextReadings }));

describe('get of a row', () => {
  it('is asked once per row, with the columns ascending and without repetition [GET-036, OTP-015, OTP-016]', async () => {
    const { functions: given, calls } = recordedTable(fnCells(1, 2));
    const { client } = served(given);
    const answer = await client.get(
      'fnC.1',
      'fnA.2',
      'fnA.1',
      'fnB.1',
      'fnC.1',
      'fnA.2',
      'roInt.0',
    );
    expect(calls).toEqual(['get 1 [2,3,4]', 'get 2 [2]']);
    expect(values(answer)).toEqual([
      'Integer32:1',
      'Integer32:2',
      'Integer32:1',
      `OctetString:${Buffer.from('row1').toString('hex')}`,
      'Integer32:1',
      'Integer32:2',
      'Integer32:1',
    ]);
  });

  it('is not asked for what cannot be: no index, no such column, hidden columns [OTP-015, OTP-022]', async () => {
    const { functions: given, calls } = recordedTable(fnCells(1));
    const { client } = served(given);
    const answer = await client.get(
      'fnA',
      'fnTable.1.9.1',
      'fnIndex.1',
      'fnTable.2.2.1',
      'fnTable.1',
    );
    expect(values(answer)).toEqual([
      'noSuchInstance',
      'noSuchObject',
      'noSuchObject',
      'noSuchObject',
      'noSuchObject',
    ]);
    expect(calls).toEqual([]);
  });

  it('takes one answer for the whole row [OTP-017]', async () => {
    expect(values(await getting(noSuchInstance).client.get('fnA.1', 'fnB.1'))).toEqual([
      'noSuchInstance',
      'noSuchInstance',
    ]);
    expect(values(await getting(noSuchObject).client.get('fnA.1', 'fnB.1'))).toEqual([
      'noSuchObject',
      'noSuchObject',
    ]);
  });

  const faults: readonly (readonly [string, unknown, number])[] = [
    ['genErr', genErr, 2],
    ['genErr of a column', { error: 'genErr', column: 3 }, 3],
    ['genErr of a column by name', { error: 'genErr', column: 'fnB' }, 3],
    ['genErr of a column that was not asked for', { error: 'genErr', column: 99 }, 2],
    ['too few values', [5], 3],
    ['no values', [], 2],
    ['too many values', [5, 'x', 'y'], 2],
    ['an invalid second value', [5, 17], 3],
    ['an invalid first value', ['x', 'x'], 2],
    ['undefined', undefined, 2],
    ['text', 'row', 2],
    ['a number', 7, 2],
  ];
  for (const [what, answer, index] of faults) {
    it(`that answers ${what} is genErr at the varbind concerned [OTP-018, OTP-019, OTP-020, OTP-021]`, async () => {
      const { client, faults: told } = getting(answer);
      expect(status(await client.get('roInt.0', 'fnA.1', 'fnB.1'))).toBe(`genErr/${index}`);
      expect(told).toHaveLength(1);
    });
  }

  it('gives each column its own exception [OTP-016]', async () => {
    const { client } = getting([noSuchInstance, 'text']);
    expect(values(await client.get('fnB.1', 'fnA.1'))).toEqual([
      'OctetString:74657874',
      'noSuchInstance',
    ]);
  });
});

describe('getNext', () => {
  it('is asked once per row index, as it stands, with the columns as they stand [OTP-023, OTP-024, GET-036]', async () => {
    const { functions: given, calls } = recordedTable(fnCells(1, 2));
    const { client } = served(given);
    const answer = await client.getNext(
      'fnC.1',
      'fnA.1',
      'fnTable',
      'fnTable.1.99.1',
      'fnA.1.7',
      'fnIndex.1',
      'fnA.1',
    );
    expect(calls).toEqual(['getNext 1 [1,2,4,99]', 'getNext  [0]', 'getNext 1.7 [2]']);
    expect(names(answer)).toEqual(
      ['fnC.2', 'fnA.2', 'fnA.1', 'lastInt.0', 'fnA.2', 'fnA.1', 'fnA.2'].map((name) =>
        formatOid(oid(name)),
      ),
    );
  });

  it('that ends for one column goes on behind the table for that one only [OTP-026]', async () => {
    const { client } = served(
      functions.table({
        get: () => noSuchInstance,
        getNext: () => [
          { column: 2, rowIndex: [2], value: 5 },
          'endOfTable',
          { column: 4, rowIndex: [2], value: 'up' },
        ],
      }),
    );
    const answer = await client.getNext('fnA.1', 'fnB.1', 'fnC.1');
    expect(names(answer)).toEqual(
      ['fnA.2', 'lastInt.0', 'fnC.2'].map((name) => formatOid(oid(name))),
    );
  });

  const cell = (column: unknown, rowIndex: unknown, value: unknown = 5): unknown => ({
    column,
    rowIndex,
    value,
  });
  const other = cell(3, [2], 'x');
  const faults: readonly (readonly [string, unknown, number])[] = [
    ['genErr', genErr, 2],
    ['genErr of a column', { error: 'genErr', column: 3 }, 3],
    ['genErr of a column that was not asked for', { error: 'genErr', column: 77 }, 2],
    ['too few successors', [cell(2, [2])], 3],
    ['too many successors', [cell(2, [2]), other, other], 2],
    ['no list', { column: 2 }, 2],
    ['undefined', undefined, 2],
    ['the very name that was asked for', [cell(2, [1]), other], 2],
    ['a row before it', [cell(2, [0]), other], 2],
    ['a column before it', [cell(2, [2]), cell(2, [2])], 3],
    ['a column that does not exist', [cell(9, [2]), other], 2],
    ['the INDEX column, which cannot be read', [cell(1, [2]), other], 2],
    ['no row index', [cell(2, []), other], 2],
    ['a row index of nonsense', [cell(2, [-1]), other], 2],
    ['a row index of text', [cell(3, 'x'), other], 2],
    ['a value that does not fit', [cell(2, [2], 'text'), other], 2],
    ['a value out of range', [cell(2, [2], 1001), other], 2],
    ['nothing for one column', [undefined, other], 2],
  ];
  for (const [what, answer, index] of faults) {
    it(`that answers ${what} is genErr at the varbind concerned, and no loop [GET-030, OTP-025, OTP-027, OTP-028]`, async () => {
      const { client, faults: said } = nexting(answer);
      const reply = await client.getNext('roInt', 'fnA.1', 'fnB.1');
      expect(status(reply)).toBe(`genErr/${index}`);
      expect(names(reply)).toEqual(['roInt', 'fnA.1', 'fnB.1'].map((name) => formatOid(oid(name))));
      expect(said).toHaveLength(1);
      expect(status(await nexting(answer).client.getBulk(1, 9, 'roInt', 'fnA.1', 'fnB.1'))).toBe(
        `genErr/${index}`,
      );
    });
  }

  it('may say that the successor has no value: the search goes on behind it [OTP-014]', async () => {
    const asked: string[] = [];
    const { client } = served(
      functions.table({
        get: () => noSuchInstance,
        getNext: ([row = 0]) => {
          asked.push(String(row));
          return row < 5
            ? [{ column: 2, rowIndex: [row + 1], value: noSuchInstance as never }]
            : [{ column: 2, rowIndex: [row + 1], value: row }];
        },
      }),
    );
    expect(told(await client.getNext('fnA'))).toBe(
      `noError/0 ${formatOid(oid('fnA.6'))}=Integer32:5`,
    );
    expect(asked).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('is asked on behind an instance that is outside the view [OTP-029, GET-024]', async () => {
    const { functions: given } = recordedTable(fnCells(1, 2, 3, 4));
    const view = new MibView([
      { subtree: oid('1.3'), included: true },
      { subtree: oid('fnA.2'), included: false },
      { subtree: oid('fnA.3'), included: false },
      { subtree: oid('fnB'), included: false },
    ]);
    const { client } = served(given, {
      principals: { public: { securityName: 'x', readView: view } },
    });
    const walked = (await client.walk('fnTable')).map(({ name }) => formatOid(name));
    expect(walked).toEqual(
      ['fnA.1', 'fnA.4', 'fnC.1', 'fnC.2', 'fnC.3', 'fnC.4', 'lastInt.0'].map((name) =>
        formatOid(oid(name)),
      ),
    );
  });

  it('of the documentation: column 4 of row (1,2) leads to the next column [OTP-030]', async () => {
    const { functions: given } = recordedTable([
      [3, [1, 1], 'a'],
      [3, [1, 2], 'b'],
      [3, [2, 1], 'c'],
      [4, [1, 1], 'up'],
    ]);
    const { client } = served(given);
    expect(names(await client.getNext('fnB.1.2', 'fnB.2.1', 'fnC.1.2'))).toEqual(
      ['fnB.2.1', 'fnC.1.1', 'lastInt.0'].map((name) => formatOid(oid(name))),
    );
  });
});

describe('a crash in one table', () => {
  it('is genErr for the whole request, at the first varbind of that call [OTP-013, GET-013]', async () => {
    const { client } = served(
      functions.table({
        get: () => {
          throw new Error('crash');
        },
        getNext: () => Promise.reject(new Error('crash')),
      }),
    );
    const answer = await client.get('roInt.0', 'fnB.1', 'fnA.1');
    expect(status(answer)).toBe('genErr/2');
    expect(status(await client.set(['fnA.1', integer(1)]))).toBe('authorizationError/0');
  });
});
