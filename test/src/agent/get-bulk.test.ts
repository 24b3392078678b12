import { describe, expect, it } from 'vitest';
import { genErr, table, type ScalarReading } from '../../../src/instrumentation/index.js';
import { formatOid } from '../../../src/smi/index.js';
import {
  confAgent,
  deferred,
  functions,
  sparseRows,
  storedScalars,
} from '../../support/conf-agent.js';
import { CONF_MIB, conf as oid } from '../../support/mib-fixtures.js';
import { fnCells, recordedTable } from '../../support/recorded-table.js';
import { integer, names, status, tellVarBind, told, values } from '../../support/snmp-client.js';
import { stage, type Stage } from '../../support/stage.js';

const MAX = 2_147_483_647;

function fixture(maxMessageSizeOctets = 65_507): Stage {
  return stage(
    [
      {
        module: CONF_MIB,
        objects: {
          roInt: { get: () => 1 },
          ...(sparseRows() as object),
          fnTable: recordedTable(fnCells(1, 2, 3, 4)).functions,
          c64: { get: () => 2n ** 63n },
          lastInt: { get: () => 9 },
        },
      },
    ],
    { maxMessageSizeOctets },
  );
}

const oids = (...list: readonly string[]): string[] => list.map((name) => formatOid(oid(name)));

describe('GETBULK', () => {
  it('answers repetition by repetition, repeaters in request order [BLK-007, BLK-019, BLK-024]', async () => {
    const { client } = fixture();
    const answer = await client.getBulk(1, 3, 'roInt', 'fnB', 'fnA', 'fnB');
    expect(names(answer)).toEqual(
      oids(
        'roInt.0',
        'fnB.1',
        'fnA.1',
        'fnB.1',
        'fnB.2',
        'fnA.2',
        'fnB.2',
        'fnB.3',
        'fnA.3',
        'fnB.3',
      ),
    );
    expect(status(answer)).toBe('noError/0');
  });

  it('asks a function once per repetition for all columns of a row [GET-036]', async () => {
    const { functions: given, calls } = recordedTable(fnCells(1, 2, 3));
    const { client } = stage([{ module: CONF_MIB, objects: { fnTable: given } }]);
    await client.getBulk(0, 2, 'fnC', 'fnA', 'fnB', 'fnA');
    expect(calls).toEqual(['getNext  [2,3,4]', 'getNext 1 [2,3,4]']);
  });

  it('does not look for what it will not answer [BLK-002, BLK-003, BLK-005, BLK-006]', async () => {
    const { functions: given, calls } = recordedTable(fnCells(1, 2, 3));
    const { client } = stage([{ module: CONF_MIB, objects: { fnTable: given } }]);
    expect(told(await client.getBulk(0, 0, 'fnA'))).toBe('noError/0');
    expect(calls).toEqual([]);
    expect(names(await client.getBulk(MAX, MAX, 'fnA'))).toEqual(oids('fnA.1'));
    expect(calls).toHaveLength(1);
    expect(names(await client.getBulk(-1, -1, 'fnA'))).toEqual([]);
    expect(names(await client.getBulk(1, MAX, 'fnA'))).toEqual(oids('fnA.1'));
    expect(calls).toHaveLength(2);
  });

  it('goes on while one repeater has successors, and stops when none has [BLK-009, BLK-011, BLK-012]', async () => {
    const { client } = fixture();
    const answer = await client.getBulk(0, MAX, 'lastInt', 'fnC.2');
    expect(answer?.varBinds.map(tellVarBind)).toEqual([
      `${oids('lastInt.0')[0]}=Integer32:9`,
      `${oids('fnC.3')[0]}=Integer32:1`,
      `${oids('lastInt.0')[0]}=endOfMibView`,
      `${oids('fnC.4')[0]}=Integer32:1`,
      `${oids('lastInt.0')[0]}=endOfMibView`,
      `${oids('lastInt.0')[0]}=Integer32:9`,
      `${oids('lastInt.0')[0]}=endOfMibView`,
      `${oids('lastInt.0')[0]}=endOfMibView`,
    ]);
  });

  it('reconstructs the GETNEXT walk for every N, M and size [BLK-008, BLK-026, BLK-001, BLK-013]', async () => {
    const all = await fixture().client.walk();
    for (const size of [484, 500, 65_507]) {
      const { client } = fixture(size);
      for (const repetitions of [1, 2, 3, 7, 50]) {
        const found: string[] = [];
        for (let at = oid('0.0'); ;) {
          const answer = await client.getBulk(0, repetitions, at);
          expect(answer?.octets.length).toBeLessThanOrEqual(size);
          const fresh = (answer?.varBinds ?? []).filter(
            ({ value }) => value.type !== 'endOfMibView',
          );
          found.push(...fresh.map(tellVarBind));
          const last = fresh.at(-1);
          if (last === undefined) break;
          at = last.name;
        }
        expect(found).toEqual(all.map(tellVarBind));
      }
    }
  });

  it('that a function fails is genErr at the repeater, with nothing of what was found [BLK-018]', async () => {
    let reading: ScalarReading = 5;
    const { client, counters } = stage([
      {
        module: CONF_MIB,
        objects: { roInt: { get: () => 1 }, anyInt: functions.scalar({ get: () => reading }) },
      },
    ]);
    expect(status(await client.getBulk(1, 5, 'roInt', 'anyInt'))).toBe('noError/0');
    reading = genErr;
    const answer = await client.getBulk(1, 5, 'roInt', 'anyInt', 'roInt');
    expect(status(answer)).toBe('genErr/2');
    expect(answer?.varBinds.map(tellVarBind)).toEqual(
      oids('roInt', 'anyInt', 'roInt').map((name) => `${name}=Null`),
    );
    expect(counters.snmpOutGenErrs).toBe(1);
  });

  it('over functions of different speed is what a sequential reader gets [BLK-025]', async () => {
    const names = ['roInt', 'rwInt', 'anyInt', 'lo', 'hi', 'lastInt'];
    const scalars = (
      delayMs: (i: number) => number,
    ): Promise<Awaited<ReturnType<typeof confAgent>>> =>
      confAgent(
        names.map((name, i) => ({
          name,
          [name]: functions.scalar({
            get: () =>
              delayMs(i) === 0
                ? i
                : new Promise<number>((resolve) => {
                    later.push([delayMs(i), () => resolve(i)]);
                  }),
          }),
        })),
      );
    const later: [number, () => void][] = [];
    await using quick = await scalars(() => 0);
    const expected = await quick.client.getBulk(1, 3, 'roInt', 'rwInt', '1.3', 'lo');
    await using slow = await scalars((i) => [30, 0, 7, 50, 1, 20][i] as number);
    const pending = slow.client.getBulk(1, 3, 'roInt', 'rwInt', '1.3', 'lo');
    for (let i = 0; i < 50; i++) {
      for (const [ms, resolve] of later.splice(0)) slow.clock.startTimer(ms, resolve);
      await slow.clock.advanceAsync(10);
    }
    expect(told(await pending)).toBe(told(expected));
  });

  it('that takes long answers with the repetitions it has [BLK-017]', async () => {
    await using conf = await confAgent({
      wideTable: functions.table({
        get: () => [1],
        getNext: async ([row = 0]) => {
          conf.clock.advance(60);
          return [{ column: 2, rowIndex: [row + 1], value: row + 1 }];
        },
      }),
    });
    const answer = await conf.client.getBulk(0, MAX, 'wideTable');
    expect(status(answer)).toBe('noError/0');
    expect(values(answer)).toEqual(Array.from({ length: 8 }, (_, i) => `Gauge32:${i + 1}`));
  });

  it('answers with what it has where a SET comes between its turns, and is one point in time [PR-21]', async () => {
    const state = { value: 1 };
    let gate: ReturnType<typeof deferred<void>> | undefined;
    await using conf = await confAgent({
      anyInt: functions.scalar({
        get: () => state.value,
        set: (value) => {
          state.value = value as number;
          return 'noError';
        },
        rollback: () => 'noError',
      }),
      wideTable: functions.table({
        get: () => [1],
        getNext: async ([row = 0]) => {
          if (row === 3) {
            gate = deferred();
            await gate.promise;
          }
          return [{ column: 2, rowIndex: [row + 1], value: state.value }];
        },
      }),
    });
    const pending = conf.client.getBulk(0, 10, 'wideTable');
    await conf.clock.advanceAsync(1);
    expect(status(await conf.client.set(['anyInt.0', integer(2)]))).toBe('noError/0');
    gate?.resolve();
    expect(values(await pending)).toEqual(['Gauge32:1', 'Gauge32:1', 'Gauge32:1']);
  });
});

describe('GETBULK with max-repetitions 2^31-1', () => {
  it('over a stored table of 100 000 rows is bounded by the size of the answer [LIM-003, LIM-013]', async () => {
    await using conf = await confAgent({
      confTable: table.stored({
        rows: Array.from({ length: 100_000 }, (_, i) => ({
          confIndex: i,
          confReq: i,
          confStatus: 'active',
        })),
      }),
    });
    const columns = ['confReq', 'confDef', 'confFrozen', 'confStorage', 'confStatus'];
    const answer = await conf.client.getBulk(0, MAX, ...columns);
    expect(status(answer)).toBe('noError/0');
    expect(answer?.octets.length).toBeGreaterThan(65_507 - 60);
    expect(answer?.octets.length).toBeLessThanOrEqual(65_507);
    // 400 repeaters: one repetition is already too much for two.
    const many = Array.from({ length: 400 }, (_, i) => columns[i % 5] as string);
    const wide = await conf.client.getBulk(0, MAX, ...many);
    expect(status(wide)).toBe('noError/0');
    expect(wide?.octets.length).toBeGreaterThan(65_507 - 60);
  });

  it('lets others have a turn when it takes long', async () => {
    // Time passes by the look: each look at the clock takes 2 ms of a turn of 5.
    await using conf = await confAgent({
      ...storedScalars(),
      wideTable: table.stored({
        rows: Array.from({ length: 3000 }, (_, i) => ({ wideIndex: i, wideA: i })),
      }),
    });
    const { clock } = conf;
    const nowMs = clock.nowMs.bind(clock);
    clock.nowMs = () => {
      clock.advance(2);
      return nowMs();
    };
    let turns = 0;
    let reading = true;
    const tick = (): void => {
      turns += 1;
      if (reading) setImmediate(tick);
    };
    setImmediate(tick);
    const answer = await conf.client.getBulk(0, MAX, 'wideTable');
    reading = false;
    expect(status(answer)).toBe('noError/0');
    expect(answer?.varBinds.length).toBeGreaterThan(1000);
    expect(turns).toBeGreaterThan(20);
  });
});
