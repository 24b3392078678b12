import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ManagedTable } from '../../../src/instrumentation/managed-object.js';
import type { StoredTable } from '../../../src/instrumentation/stored-table.js';
import type { RowStatusOptions } from '../../../src/instrumentation/stored-table-options.js';
import { table } from '../../../src/instrumentation/table.js';
import {
  environment,
  INTEGER,
  integer,
  octets,
  ranged,
  ROW_STATUS,
  runSet,
  tableObject,
  UNSIGNED,
  walk,
  type Write,
} from './definitions.js';

interface Case {
  id: string;
  policy: 'P1' | 'P2' | 'P3' | 'P4';
  state: 'A' | 'B' | 'C' | 'D';
  action: string;
  value: number | null;
  columns: 'none' | 'req' | 'def' | 'req+def';
  order: 'single' | 'columns-first' | 'status-first';
  errorStatus: string;
  errorIndex: number;
  next: 'A' | 'B' | 'C' | 'D';
  readBack: number | 'noSuchInstance';
}

interface Fixture {
  cases: Case[];
  cells: { action: string; state: string; alternatives: { errorStatus: string; next: string }[] }[];
}

const { cases, cells } = JSON.parse(
  readFileSync(new URL('../../fixtures/tables/rowstatus.json', import.meta.url), 'utf8'),
) as Fixture;

/** The fixture's table: one required column, one with a DEFVAL, the status. */
const DEFINITION = tableObject(
  {
    index: { syntax: ranged(UNSIGNED, 1, 1000), access: 'not-accessible' },
    req: { syntax: ranged(INTEGER, 0, 100) },
    def: { syntax: ranged(INTEGER, 0, 100), defaultValue: { kind: 'integer', value: 5 } },
    status: { syntax: ROW_STATUS },
  },
  ['index'],
);

const POLICIES: Record<Case['policy'], RowStatusOptions> = {
  P1: {},
  P2: { createAndWait: false },
  P3: { frozenWhileActive: ['req', 'def'] },
  P4: { implicitCreate: true, isBusy: () => true },
};

const LABEL = { B: 'notReady', C: 'notInService', D: 'active' } as const;
const STATE: ReadonlyMap<unknown, string> = new Map([
  [undefined, 'A'],
  ['notReady', 'B'],
  ['notInService', 'C'],
  ['active', 'D'],
]);

interface Bound {
  readonly rows: StoredTable;
  readonly object: ManagedTable;
}

function bound(rowStatus: RowStatusOptions, states: readonly Case['state'][]): Bound {
  const rows = table.stored({ rowStatus });
  const object = rows.bind(DEFINITION, environment());
  states.forEach((state, i) => {
    if (state === 'A') return;
    const row = { index: i + 1, status: LABEL[state] };
    rows.insert(state === 'B' ? row : { ...row, req: 1 });
  });
  return { rows, object };
}

function write(object: ManagedTable, column: string, value: number, row = 1): Write {
  return { object, column, rowIndex: [row], value: integer(value) };
}

function readBack(object: ManagedTable, row = 1): unknown {
  const value = object.cells?.get(4, [row]);
  return value?.type === 'Integer32' ? value.value : value?.type;
}

describe('the state machine of RFC 2579, 728 cases [RST-001..RST-038]', () => {
  for (const { id, policy, state, action, value, columns, order, ...expected } of cases) {
    it(`${id}: ${policy}, ${state}, ${action} ${value ?? ''} with ${columns}, ${order}`, async () => {
      const { rows, object } = bound(POLICIES[policy], [state]);
      const before = walk(object);
      const others = columns === 'none' ? [] : columns.split('+');
      const writes = others.map((column, i) => write(object, column, 7 + i));
      const status = value === null ? [] : [write(object, 'status', value)];
      const request = order === 'status-first' ? [...status, ...writes] : [...writes, ...status];
      const outcome = await runSet(request);
      expect(outcome.errorStatus).toBe(expected.errorStatus);
      expect(outcome.errorIndex).toBe(expected.errorIndex);
      expect(STATE.get(rows.get([1])?.['status'])).toBe(expected.next);
      expect(readBack(object)).toBe(expected.readBack);
      if (outcome.errorStatus !== 'noError') expect(walk(object)).toEqual(before);
      else if (expected.next !== 'A') {
        for (const { column, value: written } of writes) {
          expect(rows.get([1])?.[String(column)]).toBe((written as { value: number }).value);
        }
      }
    });
  }

  it('uses each of the 32 cells of the table', () => {
    const used = new Set(cases.map(({ action, state }) => `${action} ${state}`));
    for (const { action, state } of cells) expect(used).toContain(`${action} ${state}`);
  });
});

describe('situations besides the table [RFC 2579 RowStatus]', () => {
  const FROZEN = { frozenWhileActive: ['req', 'def'] };

  for (const order of ['status first', 'column first'] as const) {
    const arrange = (writes: Write[]): Write[] =>
      order === 'status first' ? writes : [...writes].reverse();

    it(`a frozen column changes with notInService, ${order} [RST-036, RSX-01]`, async () => {
      const { rows, object } = bound(FROZEN, ['D']);
      const request = arrange([write(object, 'status', 2), write(object, 'req', 7)]);
      expect(await runSet(request)).toMatchObject({ errorStatus: 'noError' });
      expect(rows.get([1])).toMatchObject({ status: 'notInService', req: 7 });
    });

    it(`a frozen column changes with active of a row out of service, ${order} [RST-037, RSX-02]`, async () => {
      const { rows, object } = bound(FROZEN, ['C']);
      const request = arrange([write(object, 'status', 1), write(object, 'req', 7)]);
      expect(await runSet(request)).toMatchObject({ errorStatus: 'noError' });
      expect(rows.get([1])).toMatchObject({ status: 'active', req: 7 });
    });

    it(`a frozen column of a row that stays active is refused, ${order} [RST-038, RSX-03]`, async () => {
      const { rows, object } = bound(FROZEN, ['D']);
      const request = arrange([write(object, 'status', 1), write(object, 'req', 7)]);
      expect(await runSet(request)).toMatchObject({
        errorStatus: 'inconsistentValue',
        errorIndex: order === 'status first' ? 2 : 1,
      });
      expect(rows.get([1])).toMatchObject({ status: 'active', req: 1 });
    });

    it(`destroy beside a column destroys the row, ${order} [RSX-04]`, async () => {
      const { rows, object } = bound(FROZEN, ['D']);
      const request = arrange([write(object, 'status', 6), write(object, 'req', 7)]);
      expect(await runSet(request)).toMatchObject({ errorStatus: 'noError' });
      expect(rows.size).toBe(0);
    });
  }

  it('two rows are made by one SET, their varbinds mixed [RSX-05]', async () => {
    const { rows, object } = bound({}, []);
    const request = [
      write(object, 'req', 7, 2),
      write(object, 'status', 4, 1),
      write(object, 'status', 4, 2),
      write(object, 'req', 8, 1),
    ];
    expect(await runSet(request)).toMatchObject({ errorStatus: 'noError' });
    expect([...rows]).toEqual([
      { index: 1, req: 8, def: 5, status: 'active' },
      { index: 2, req: 7, def: 5, status: 'active' },
    ]);
  });

  it('neither of two rows is made when one is incomplete [RST-042, RSX-05]', async () => {
    const { rows, object } = bound({}, []);
    const request = [
      write(object, 'req', 7, 1),
      write(object, 'status', 4, 1),
      write(object, 'status', 4, 2),
    ];
    const outcome = await runSet(request);
    expect(outcome).toMatchObject({ errorStatus: 'inconsistentValue', errorIndex: 3 });
    expect(rows.size).toBe(0);
  });

  it('a row is removed after five minutes out of service, untouched [RST-039, RSX-08, RSX-09]', async () => {
    const clockwork = environment();
    const rows = table.stored();
    const object = rows.bind(DEFINITION, clockwork);
    const gone: unknown[] = [];
    rows.on('abandoned', (row) => gone.push(row));
    object.create(undefined as never);
    await runSet([write(object, 'status', 5, 1)]);
    await runSet([write(object, 'req', 7, 2), write(object, 'status', 5, 2)]);
    await runSet([write(object, 'req', 7, 3), write(object, 'status', 4, 3)]);
    clockwork.clock.advance(200_000);
    await runSet([write(object, 'def', 6, 2)]); // A manager is still at this one.
    clockwork.clock.advance(100_000);
    expect([1, 2, 3].map((row) => readBack(object, row))).toEqual(['noSuchInstance', 2, 1]);
    expect(gone).toEqual([{ index: 1, def: 5, status: 'notReady' }]);
    clockwork.clock.advance(200_000);
    expect([1, 2, 3].map((row) => readBack(object, row))).toEqual([
      'noSuchInstance',
      'noSuchInstance',
      1,
    ]);
    expect(clockwork.clock.pendingTimers).toBe(0);
  });

  it('rows that the program keeps out of service stay, and no timer waits', () => {
    const clockwork = environment();
    const rows = table.stored({ rows: [{ index: 1, req: 1, status: 'notInService' }] });
    rows.bind(DEFINITION, clockwork).create(undefined as never);
    clockwork.clock.advance(10_000_000);
    expect(rows.size).toBe(1);
    expect(clockwork.clock.pendingTimers).toBe(0);
  });

  it('an orderly stop leaves no timer; the next start removes what came due [RST-039]', async () => {
    const clockwork = environment();
    const rows = table.stored();
    const object = rows.bind(DEFINITION, clockwork);
    object.create(undefined as never);
    await runSet([write(object, 'status', 5)]);
    object.destroy(undefined as never);
    expect(clockwork.clock.pendingTimers).toBe(0);
    clockwork.clock.advance(600_000);
    expect(rows.size).toBe(1);
    object.create(undefined as never);
    clockwork.clock.advance(1);
    expect(rows.size).toBe(0);
  });

  it('a row taken out of service by mistake and made active again stays', async () => {
    const clockwork = environment();
    const rows = table.stored({ rows: [{ index: 1, req: 1 }] });
    const object = rows.bind(DEFINITION, clockwork);
    object.create(undefined as never);
    await runSet([write(object, 'status', 2)]);
    await runSet([write(object, 'status', 1)]);
    clockwork.clock.advance(600_000);
    expect(rows.size).toBe(1);
  });

  it('a missing column reads noSuchInstance and is passed over by GETNEXT [RSX-10]', () => {
    const { object } = bound({}, ['B', 'D']);
    expect(object.cells?.get(2, [1])).toEqual({ type: 'noSuchInstance' });
    expect(object.cells?.next(2, [])).toMatchObject({ column: 2, rowIndex: [2] });
  });

  it('a status that is no INTEGER is wrongType at the status [RSX-13]', async () => {
    const { object } = bound({}, []);
    const request: Write[] = [
      write(object, 'req', 7),
      { object, column: 'status', rowIndex: [1], value: octets('4') },
    ];
    expect(await runSet(request)).toMatchObject({ errorStatus: 'wrongType', errorIndex: 2 });
  });

  it('an index that can never be is noCreation [RSX-14]', async () => {
    const { object } = bound({}, []);
    for (const rowIndex of [[], [0], [1001], [1, 1]]) {
      const request: Write[] = [{ object, column: 'status', rowIndex, value: integer(5) }];
      expect(await runSet(request)).toMatchObject({ errorStatus: 'noCreation', errorIndex: 1 });
    }
  });

  it('a bad value of a required column makes no row [RSX-15]', async () => {
    const { rows, object } = bound({}, []);
    const request = [write(object, 'status', 4), write(object, 'req', 101)];
    expect(await runSet(request)).toMatchObject({ errorStatus: 'wrongValue', errorIndex: 2 });
    expect(rows.size).toBe(0);
  });

  it('a row that was made is gone again after a rollback [RSX-16]', async () => {
    const { rows, object } = bound({}, []);
    const request = [write(object, 'status', 4), write(object, 'req', 7)];
    expect(await runSet(request, 'rollback')).toMatchObject({ errorStatus: 'commitFailed' });
    expect(rows.size).toBe(0);
  });

  it('a row that was destroyed is wholly back after a rollback [RSX-17]', async () => {
    const { object } = bound({}, ['B', 'C', 'D']);
    const before = walk(object);
    const request = [1, 2, 3].map((row) => write(object, 'status', 6, row));
    expect(await runSet(request, 'rollback')).toMatchObject({ errorStatus: 'commitFailed' });
    expect(walk(object)).toEqual(before);
  });

  it('destroy of a row that is not there is noError, and tells nobody [RSX-22]', async () => {
    const { rows, object } = bound({}, []);
    const heard: unknown[] = [];
    rows.on('change', (changes) => heard.push(changes));
    const { errorStatus, groups } = await runSet([write(object, 'status', 6)]);
    (object as unknown as { committed(all: unknown): void }).committed(groups);
    expect(errorStatus).toBe('noError');
    expect(heard).toEqual([]);
  });

  it('a row that is made again inherits nothing [RST-043]', async () => {
    const { rows, object } = bound({}, ['D']);
    await runSet([write(object, 'def', 99)]);
    await runSet([write(object, 'status', 6)]);
    await runSet([write(object, 'status', 4), write(object, 'req', 7)]);
    expect(rows.get([1])).toEqual({ index: 1, req: 7, def: 5, status: 'active' });
  });

  it('no more rows than maxRows are made, whatever their order [LIM]', async () => {
    const rows = table.stored({ maxRows: 2 });
    const object = rows.bind(DEFINITION, environment());
    await runSet([write(object, 'status', 5, 5)]);
    const outcome = await runSet([write(object, 'status', 5, 1), write(object, 'status', 5, 2)]);
    expect(outcome).toMatchObject({ errorStatus: 'resourceUnavailable', errorIndex: 2 });
    expect(await runSet([write(object, 'status', 5, 1)])).toMatchObject({ errorStatus: 'noError' });
  });
});
