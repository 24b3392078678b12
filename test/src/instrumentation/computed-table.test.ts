import { describe, expect, it } from 'vitest';
import type {
  ManagedTable,
  NextAnswer,
  ReadAnswer,
} from '../../../src/instrumentation/managed-object.js';
import { silentLogger } from '../../../src/base/index.js';
import { nextTurn } from '../../../src/base/turn.js';
import type { CallContext } from '../../../src/instrumentation/call-context.js';
import { genErr, noSuchObject, SetError } from '../../../src/instrumentation/answers.js';
import type { ComputedTableOptions } from '../../../src/instrumentation/computed-table.js';
import { table } from '../../../src/instrumentation/table.js';
import {
  context,
  DISPLAY_STRING,
  environment,
  INTEGER,
  integer,
  ranged,
  runSet,
  tableObject,
  UNSIGNED,
  type TestEnvironment,
} from './definitions.js';

const DEFINITION = tableObject(
  {
    index: { syntax: ranged(UNSIGNED, 1, 1000), access: 'read-only' },
    name: { syntax: DISPLAY_STRING, access: 'read-only' },
    load: { syntax: ranged(INTEGER, 0, 100), access: 'read-write' },
    hidden: { syntax: INTEGER, access: 'not-accessible' },
  },
  ['index'],
);

function bound(options: ComputedTableOptions): { object: ManagedTable; at: TestEnvironment } {
  const at = environment();
  return { object: table.computed(options).bind(DEFINITION, at), at };
}

function throwing(): never {
  throw new Error('no /proc');
}

async function get(
  object: ManagedTable,
  rowIndex: number[],
  columns: number[],
): Promise<readonly ReadAnswer[]> {
  return object.interpretRow(await object.readRow(rowIndex, columns, context()), columns);
}

async function next(
  object: ManagedTable,
  rowIndex: number[],
  columns: number[],
): Promise<readonly NextAnswer[]> {
  return object.interpretNext(
    await object.readNext(rowIndex, columns, context()),
    rowIndex,
    columns,
  );
}

async function walk(object: ManagedTable): Promise<unknown[]> {
  const cells: unknown[] = [];
  let [answer] = await next(object, [], [0]);
  while (answer?.type === 'cell') {
    cells.push([answer.column, ...answer.rowIndex, 'value' in answer.value && answer.value.value]);
    [answer] = await next(object, [...answer.rowIndex], [answer.column]);
  }
  return cells;
}

/** Rows that change with every reading. */
function counted(): { options: ComputedTableOptions; readings: () => number } {
  let readings = 0;
  return {
    options: {
      rows: () => {
        readings += 1;
        return [
          { index: 20, name: 'b', load: readings },
          { index: 3, name: 'a', load: undefined },
        ];
      },
    },
    readings: () => readings,
  };
}

describe('a computed table', () => {
  it('is walked in the order of its index, over what has a value', async () => {
    const { object } = bound(counted().options);
    expect(await walk(object)).toEqual([
      [1, 3, 3],
      [1, 20, 20],
      [2, 3, Buffer.from('a')],
      [2, 20, Buffer.from('b')],
      [3, 20, 1],
    ]);
  });

  it('answers noSuchInstance for rows and values that are not there', async () => {
    const { object } = bound(counted().options);
    expect(await get(object, [3], [2, 3])).toEqual([
      { type: 'OctetString', value: Buffer.from('a') },
      { type: 'noSuchInstance' },
    ]);
    for (const rowIndex of [[4], [], [3, 1]]) {
      expect(await get(object, rowIndex, [2])).toEqual([{ type: 'noSuchInstance' }]);
    }
  });

  it('reads its rows once while they are young enough, and answers at once then', async () => {
    const { options, readings } = counted();
    const { object, at } = bound({ ...options, maxAgeMs: 500 });
    await walk(object);
    at.clock.advance(499);
    expect(object.readRow([20], [3], context())).toEqual([integer(1)]);
    expect(readings()).toBe(1);
    at.clock.advance(1);
    expect(await get(object, [20], [3])).toEqual([integer(2)]);
  });

  it('reads its rows anew every time where they may have no age', async () => {
    const { options, readings } = counted();
    const { object } = bound({ ...options, maxAgeMs: 0 });
    await get(object, [20], [3]);
    await get(object, [20], [3]);
    expect(readings()).toBe(2);
  });

  it('refreshes once for readers who come meanwhile', async () => {
    const { options, readings } = counted();
    const { object } = bound({ rows: async (now) => options.rows(now) });
    const answers = await Promise.all([1, 2, 3].map(() => get(object, [20], [3])));
    expect(answers).toEqual([[integer(1)], [integer(1)], [integer(1)]]);
    expect(readings()).toBe(1);
  });

  it('fails all readers of a refresh that fails, and tries again for the next', async () => {
    let isBroken = true;
    const { object } = bound({
      rows: async () => {
        if (isBroken) throw new Error('no /proc');
        return [{ index: 1, load: 7 }];
      },
    });
    const both = await Promise.allSettled([get(object, [1], [3]), get(object, [1], [3])]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(await get(object, [1], [3])).toEqual([integer(7)]);
  });

  it.each<[string, () => ReturnType<ComputedTableOptions['rows']>]>([
    ['returns genErr', () => genErr],
    ['returns a SetError', () => new SetError('genErr')],
    ['resolves to genErr', () => Promise.resolve(genErr)],
  ])(
    'says of every cell that it was not found out where rows %s, and asks again',
    async (_, fail) => {
      let isBroken = true;
      let readings = 0;
      const { object } = bound({
        rows: () => {
          readings += 1;
          return isBroken ? fail() : [{ index: 1, load: 7 }];
        },
      });
      const fault = { type: 'fault', reason: 'tbTable: rows answered genErr' };
      expect(await get(object, [1], [2, 3])).toEqual([fault, fault]);
      expect(await next(object, [], [1, 3])).toEqual([fault, fault]);
      expect(readings).toBe(2);
      isBroken = false;
      expect(await get(object, [1], [3])).toEqual([integer(7)]);
    },
  );

  it('refuses a SET whose before-image cannot be read because rows answer genErr', async () => {
    const { object } = bound({ rows: () => genErr, set: () => 'noError', restore: true });
    const set = [{ object, column: 'load', rowIndex: [1], value: integer(7) }];
    expect(await runSet(set)).toMatchObject({ errorStatus: 'genErr' });
  });

  it('does not wait for a refresh of an incarnation that is gone [docs/set.md 6]', async () => {
    const answers: ((rows: object[]) => void)[] = [];
    const { object } = bound({ rows: () => new Promise((resolve) => answers.push(resolve)) });
    const first = get(object, [1], [3]);
    object.create(context());
    const second = get(object, [1], [3]);
    answers[1]?.([{ index: 1, load: 2 }]);
    expect(await second).toEqual([integer(2)]);
    answers[0]?.([{ index: 1, load: 1 }]);
    expect(await first).toEqual([integer(1)]);
    // What came late is not kept.
    expect(await get(object, [1], [3])).toEqual([integer(2)]);
  });

  it('makes a value that does not fit a fault of its cell, with column and row', async () => {
    const { object } = bound({
      rows: () => [
        { index: 1, name: 'a', load: 101 },
        { index: 2, name: 'b', load: 5 },
      ],
    });
    const [name, load] = await get(object, [1], [2, 3]);
    expect(name).toMatchObject({ type: 'OctetString' });
    expect(load).toEqual({ type: 'fault', reason: 'load.1: wrongValue: 101' });
    expect(await next(object, [], [3])).toEqual([load]);
    expect(await next(object, [1], [3])).toMatchObject([{ rowIndex: [2] }]);
  });

  it('passes over a cell that says noSuchObject', async () => {
    const { object } = bound({
      rows: () => [
        { index: 1, load: noSuchObject },
        { index: 2, load: 5 },
      ],
    });
    expect(await next(object, [], [3])).toMatchObject([{ rowIndex: [2] }]);
    expect(await get(object, [1], [3])).toEqual([{ type: 'noSuchObject' }]);
  });

  it('fails as a whole where a row has no legal index, or another one has it', async () => {
    const illegal = bound({ rows: () => [{ index: 0, load: 5 }] }).object;
    await expect(get(illegal, [1], [3])).rejects.toMatchObject({ code: 'SNMP_ROW_INDEX' });
    const twice = bound({ rows: () => [{ index: 1 }, { index: 1 }] }).object;
    await expect(get(twice, [1], [3])).rejects.toMatchObject({ code: 'SNMP_ROW_EXISTS' });
  });

  it('never goes back in a walk over rows that change meanwhile [GET-030]', async () => {
    let reading = 0;
    const { object } = bound({
      maxAgeMs: 0,
      rows: () => {
        reading += 1;
        return Array.from({ length: 20 }, (_, i) => ({
          index: 1 + ((i * 37 + reading * 11) % 97),
        })).filter((row, i, all) => all.findIndex(({ index }) => index === row.index) === i);
      },
    });
    const indexes = (await walk(object)).map((cell) => (cell as number[])[1] as number);
    expect(indexes.length).toBeGreaterThan(3);
    expect(indexes).toEqual([...new Set(indexes)].sort((left, right) => left - right));
  });

  it('serves rows that are a little too old at once, while new ones are fetched', async () => {
    const answers: ((rows: object[]) => void)[] = [];
    const contexts: CallContext[] = [];
    const { object, at } = bound({
      maxAgeMs: 100,
      maxStaleMs: 50,
      rows: (now) => {
        contexts.push(now);
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    const first = get(object, [1], [3]);
    answers[0]?.([{ index: 1, load: 1 }]);
    await first;
    at.clock.advance(150);
    for (const _ of [1, 2]) {
      expect(object.readRow([1], [3], context())).toEqual([integer(1)]);
    }
    expect(answers).toHaveLength(2);
    expect(contexts[1]).toMatchObject({ requester: undefined, signal: { aborted: false } });
    at.clock.advance(1);
    const late = get(object, [1], [3]);
    answers[1]?.([{ index: 1, load: 2 }]);
    expect(await late).toEqual([integer(2)]);
    expect([answers.length, at.clock.pendingTimers]).toEqual([2, 0]);
  });

  it('tells nobody of a refresh in the background that failed: the next read waits', async () => {
    let reading = 0;
    const { object, at } = bound({
      maxStaleMs: 1000,
      rows: async () => {
        reading += 1;
        if (reading === 2) throw new Error('no /proc');
        return [{ index: 1, load: reading }];
      },
    });
    await get(object, [1], [3]);
    at.clock.advance(1500);
    expect(await get(object, [1], [3])).toEqual([integer(1)]);
    await nextTurn();
    expect(await get(object, [1], [3])).toEqual([integer(3)]);
  });

  it.each<[string, () => ReturnType<ComputedTableOptions['rows']>]>([
    ['by value', () => genErr],
    ['by a throw', () => throwing()],
    ['later', () => Promise.reject(new Error('no /proc'))],
    ['by never answering', () => new Promise(() => undefined)],
  ])('keeps its rows where that is asked for and reading fails %s', async (_, fail) => {
    const warnings: unknown[] = [];
    const at = {
      ...environment(),
      logger: { ...silentLogger, warn: (fields: object) => void warnings.push(fields) },
    };
    let [isBroken, readings] = [false, 0];
    const options: ComputedTableOptions = {
      maxAgeMs: 100,
      onFailure: 'keep',
      refreshDeadlineMs: 20,
      rows: () => {
        readings += 1;
        return isBroken ? fail() : [{ index: 1, load: readings }];
      },
    };
    const object = table.computed(options).bind(DEFINITION, at);
    await get(object, [1], [3]);
    isBroken = true;
    at.clock.advance(100);
    const kept = get(object, [1], [3]);
    at.clock.advance(20);
    expect(await kept).toEqual([integer(1)]);
    expect(warnings).toMatchObject([{ table: 'tbTable' }]);
    // Not tried again at once.
    at.clock.advance(79);
    expect(object.readRow([1], [3], context())).toEqual([integer(1)]);
    expect(readings).toBe(2);
    isBroken = false;
    at.clock.advance(21);
    expect(await get(object, [1], [3])).toEqual([integer(3)]);
    expect(at.clock.pendingTimers).toBe(0);
  });

  it('has no rows to keep before the first ones', async () => {
    const { object } = bound({ onFailure: 'keep', rows: () => genErr });
    expect(await get(object, [1], [3])).toMatchObject([{ type: 'fault' }]);
  });

  it('gives up a hung refresh, and tells its rows to stop', async () => {
    let signal: AbortSignal | undefined;
    const { object, at } = bound({
      maxStaleMs: 5000,
      refreshDeadlineMs: 300,
      rows: (now) => {
        if (signal === undefined) {
          ({ signal } = now);
          return [{ index: 1, load: 1 }];
        }
        ({ signal } = now);
        return new Promise(() => undefined);
      },
    });
    await get(object, [1], [3]);
    at.clock.advance(1000);
    expect(await get(object, [1], [3])).toEqual([integer(1)]);
    at.clock.advance(299);
    expect(signal?.aborted).toBe(false);
    at.clock.advance(1);
    expect(signal?.aborted).toBe(true);
  });

  it.each(['destroy', 'create', 'rest'] as const)('leaves nothing behind after %s', async (end) => {
    let readings = 0;
    const { object, at } = bound({
      maxStaleMs: 5000,
      rows: async () => {
        readings += 1;
        return readings === 2
          ? new Promise<never>(() => undefined)
          : [{ index: 1, load: readings }];
      },
    });
    await get(object, [1], [3]);
    at.clock.advance(1000);
    await get(object, [1], [3]);
    expect(at.clock.pendingTimers).toBe(1);
    object[end]?.(context());
    expect(at.clock.pendingTimers).toBe(0);
    expect(await get(object, [1], [3])).toEqual([integer(3)]);
  });

  it('refuses ages that are none', () => {
    const options = { maxStaleMs: -1, rows: () => [] };
    expect(() => bound(options)).toThrow(
      expect.objectContaining({ code: 'SNMP_OPTION_INVALID' }) as Error,
    );
  });

  it('is read-only without a set function', () => {
    expect(bound(counted().options).object).toMatchObject({
      isStored: false,
      isWritable: false,
      createsRows: false,
    });
  });

  it('passes SETs to the functions of its author and reads anew after them', async () => {
    const device = { load: 1 };
    const { object } = bound({
      maxAgeMs: 1_000_000,
      rows: () => [{ index: 1, load: device.load }],
      isSetOk: (_row, [change]) =>
        change?.value === 13 ? { error: 'inconsistentValue', column: 'load' } : 'noError',
      set: (_row, [change]) => {
        device.load = change?.value as number;
        return 'noError';
      },
      restore: true,
    });
    const write = (value: number): Parameters<typeof runSet>[0] => [
      { object, column: 'load', rowIndex: [1], value: integer(value) },
    ];
    expect(await get(object, [1], [3])).toEqual([integer(1)]);
    expect(await runSet(write(13))).toMatchObject({ errorStatus: 'inconsistentValue' });
    expect(await runSet(write(7))).toMatchObject({ errorStatus: 'noError' });
    expect(await get(object, [1], [3])).toEqual([integer(7)]);
    expect(await runSet(write(8), 'rollback')).toMatchObject({ errorStatus: 'commitFailed' });
    expect(device.load).toBe(7);
    expect(await get(object, [1], [3])).toEqual([integer(7)]);
  });
});
