import { describe, expect, it } from 'vitest';
import { noSuchInstance, table } from '../../../src/instrumentation/index.js';
import { compareOids, formatOid, type Oid } from '../../../src/smi/index.js';
import { confAgent, functions, sparseRows, storedScalars } from '../../support/conf-agent.js';
import { CONF_MIB, conf as oid } from '../../support/mib-fixtures.js';
import { fnCells, recordedTable } from '../../support/recorded-table.js';
import { names, status, tellVarBind, told, values } from '../../support/snmp-client.js';
import { stage, type Stage } from '../../support/stage.js';

function fixture(): Stage {
  return stage([
    {
      module: CONF_MIB,
      objects: {
        roInt: { get: () => 1 },
        ...(sparseRows() as object),
        fnTable: recordedTable(fnCells(1, 2, 300)).functions,
        notifyOnly: { get: () => 2 },
        lastInt: { get: () => 9 },
      },
    },
  ]);
}

/** From each name, the next one; '' for endOfMibView with the name as asked. */
async function successors(pairs: Readonly<Record<string, string>>): Promise<void> {
  const { client } = fixture();
  const answer = await client.getNext(...Object.keys(pairs));
  expect(status(answer)).toBe('noError/0');
  expect(names(answer)).toEqual(
    Object.entries(pairs).map(([from, to]) => formatOid(oid(to === '' ? from : to))),
  );
  expect(values(answer).map((value) => value === 'endOfMibView')).toEqual(
    Object.values(pairs).map((to) => to === ''),
  );
}

describe('GETNEXT', () => {
  it('goes down a column, to the next column, out of the table, to the next object [GET-018, GET-019, GET-020, GET-025]', () =>
    successors({
      sparseA: 'sparseA.1',
      'sparseA.1': 'sparseA.3',
      'sparseA.3': 'sparseB.1',
      'sparseB.3': 'fnA.1',
      'fnA.300': 'fnB.1',
      'fnC.300': 'lastInt.0',
      'roInt.0': 'sparseA.1',
    }));

  it('starts anywhere: no row, part of an index, too long an index, no object [GET-021, GET-023, OTP-023]', () =>
    successors({
      'sparseA.0': 'sparseA.1',
      'sparseA.2': 'sparseA.3',
      'sparseA.1.0': 'sparseA.3',
      'sparseA.1.4294967295.7': 'sparseA.3',
      'sparseA.4294967295': 'sparseB.1',
      'fnA.2': 'fnA.300',
      'fnA.255': 'fnA.300',
      'fnA.299.4294967295': 'fnA.300',
      'fnB.2.1': 'fnB.300',
      'fnC.4294967295': 'lastInt.0',
      sparseTable: 'sparseA.1',
      'sparseTable.0': 'sparseA.1',
      'sparseTable.0.5': 'sparseA.1',
      'sparseTable.1': 'sparseA.1',
      'sparseTable.1.0.9': 'sparseA.1',
      'sparseIndex.1': 'sparseA.1',
      'sparseTable.1.9': 'fnA.1',
      'sparseTable.2': 'fnA.1',
      'fnTable.2.2.1': 'lastInt.0',
      'roInt.0.0': 'sparseA.1',
      roInt: 'roInt.0',
      'notifyOnly.0': 'sparseA.1',
      notifyOnly: 'sparseA.1',
      '1.3.6.1.4.1.32473.20.2.5.1': 'sparseA.1',
      '1.3.6.1.4.1.32473.20.2': 'sparseA.1',
    }));

  it('starts before and ends behind everything [GET-022, GET-032]', () =>
    successors({
      '0.0': 'roInt.0',
      '1.3': 'roInt.0',
      '1.3.6.1.4.1.32473.20.0.4294967295': 'roInt.0',
      'lastInt.0': '',
      'lastInt.0.0': '',
      '1.4': '',
      '2.999': '',
      '2.4294967295.1': '',
    }));

  it('orders rows by unsigned sub-identifiers, not by octets [GET-023]', async () => {
    const indexes: Oid[] = [
      [0],
      [127],
      [128],
      [255],
      [256],
      [65_536],
      [2_147_483_647],
      [2_147_483_648],
      [4_294_967_295],
    ];
    const { client } = stage([
      {
        module: CONF_MIB,
        objects: {
          wideTable: table.computed({
            rows: () => indexes.toReversed().map(([wideIndex]) => ({ wideIndex, wideA: 1 })),
          }),
        },
      },
    ]);
    expect((await client.walk()).map(({ name }) => name.slice(-1))).toEqual(indexes);
  });

  it('orders strings by length and then octets, IMPLIED ones by octets only [GET-023, TC-048]', async () => {
    const words = ['b', 'aa', 'a', 'ab', '\u00ff'];
    await using conf = await confAgent({
      strTable: table.computed({
        rows: () =>
          words.map((word, i) => ({ strIndex: Buffer.from(word, 'latin1'), strValue: i })),
      }),
      implTable: table.computed({
        rows: () =>
          words.map((word, i) => ({ implIndex: Buffer.from(word, 'latin1'), implValue: i })),
      }),
      ipTable: table.computed({
        rows: () => [
          { ipIndex: '10.0.0.10', ipValue: 2 },
          { ipIndex: '10.0.0.9', ipValue: 1 },
        ],
      }),
    });
    const walked = (await conf.client.walk()).map(({ value }) => 'value' in value && value.value);
    // a b ff, aa ab; then a aa ab b ff; then the addresses.
    expect(walked).toEqual([2, 0, 4, 1, 3, 2, 1, 3, 0, 4, 1, 2]);
  });

  it('visits every instance once, ascending, and ends; GET of each gives the same [GET-027, GET-028]', async () => {
    await using conf = await confAgent(
      {
        ...storedScalars(),
        ...sparseRows(),
        fnTable: recordedTable(fnCells(1, 5, 9)).functions,
        lastInt: { get: () => 1 },
      },
      { sees: 'all' },
    );
    const walked = await conf.client.walk();
    expect(walked.length).toBeGreaterThan(60);
    for (const [i, { name }] of walked.entries()) {
      if (i > 0) expect(compareOids(walked[i - 1]?.name ?? [], name)).toBeLessThan(0);
    }
    const own = walked.filter(({ name }) => compareOids(name, oid('1.3.6.1.4.1')) > 0);
    const got = await conf.client.get(...own.map(({ name }) => name));
    expect(got?.varBinds.map(tellVarBind)).toEqual(own.map(tellVarBind));
    const others = walked.filter(({ name }) => compareOids(name, oid('1.3.6.1.4.1')) < 0);
    const types = await conf.client.get(...others.map(({ name }) => name));
    expect(types?.varBinds.map(({ value }) => value.type)).toEqual(
      others.map(({ value }) => value.type),
    );
  });

  it('passes over a subtree without instances [GET-034]', async () => {
    await using conf = await confAgent({
      roInt: { get: () => 1 },
      sparseTable: table.computed({ rows: () => [] }),
      fnTable: recordedTable([]).functions,
      confTable: table.stored({}),
      lastInt: { get: () => 9 },
    });
    expect((await conf.client.walk()).map(tellVarBind)).toEqual([
      `${formatOid(oid('roInt.0'))}=Integer32:1`,
      `${formatOid(oid('lastInt.0'))}=Integer32:9`,
    ]);
  });

  it('goes from owner to owner of neighbouring objects [GET-031, PR-55]', async () => {
    // Objects of one module, dealt out to two subtrees like a zip.
    await using conf = await confAgent([
      {
        name: 'odd',
        roInt: { get: () => 1 },
        rwRange: { get: () => 3 },
        lastInt: { get: () => 5 },
      },
      { name: 'even', rwInt: { get: () => 2 }, ...sparseRows() },
    ]);
    expect((await conf.client.walk()).map(({ value }) => 'value' in value && value.value)).toEqual([
      1, 2, 3, 11, 13, 21, 22, 23, 5,
    ]);
  });

  it('does not name a row that was deleted before the request came [GET-029]', async () => {
    const rows = new Set([1, 2, 3, 4]);
    await using conf = await confAgent({
      sparseTable: table.computed({
        rows: () => [...rows].map((sparseIndex) => ({ sparseIndex, sparseA: sparseIndex })),
        maxAgeMs: 0,
      }),
    });
    const first = await conf.client.getNext('sparseA.1');
    rows.delete(3);
    rows.add(5);
    const second = await conf.client.getNext(first?.varBinds[0]?.name ?? []);
    expect(names(first).concat(names(second))).toEqual(
      ['sparseA.2', 'sparseA.4'].map((name) => formatOid(oid(name))),
    );
  });
});

describe('functions that lead astray', () => {
  it('an endless chain of values that are not there ends in genErr, in bounded time [GET-030]', async () => {
    let calls = 0;
    const clock = { step: (_ms: number): void => undefined };
    const endless = functions.table({
      get: () => noSuchInstance,
      getNext: (rowIndex) => {
        calls += 1;
        clock.step(1);
        return [{ column: 2, rowIndex: [(rowIndex[0] ?? 0) + 1], value: noSuchInstance as never }];
      },
    });
    await using conf = await confAgent({ fnTable: endless, lastInt: { get: () => 1 } });
    clock.step = (ms) => conf.clock.advance(ms);
    const before = conf.clock.nowMs();
    expect(status(await conf.client.getNext('fnTable'))).toBe('genErr/1');
    expect(conf.clock.nowMs() - before).toBeLessThanOrEqual(2010);
    expect(calls).toBeLessThanOrEqual(2010);
  });

  it('and gives others a turn on the way, also where every answer is a settled promise', async () => {
    let turns = 0;
    let searching = true;
    const tick = (): void => {
      turns += 1;
      if (searching) setImmediate(tick);
    };
    for (const isAsync of [false, true]) {
      let advance = (_ms: number): void => undefined;
      const answer = (row: number): ReturnType<ReturnType<typeof functions.table>['getNext']> => {
        advance(1);
        const next = [{ column: 2, rowIndex: [row + 1], value: noSuchInstance as never }];
        return isAsync ? Promise.resolve(next) : next;
      };
      await using conf = await confAgent({
        fnTable: functions.table({
          get: () => noSuchInstance,
          getNext: ([row = 0]) => answer(row),
        }),
      });
      advance = (ms) => conf.clock.advance(ms);
      searching = true;
      turns = 0;
      setImmediate(tick);
      const reply = await conf.client.getNext('fnTable');
      searching = false;
      expect(status(reply)).toBe('genErr/1');
      // 2000 ms in turns of 5 ms.
      expect(turns).toBeGreaterThan(200);
    }
  });

  it('many names at once give others a turn on the way [LIM-013]', async () => {
    // Each look at the clock takes 2 ms of a turn of 5.
    await using conf = await confAgent({
      wideTable: table.stored({ rows: [{ wideIndex: 1, wideA: 1 }] }),
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
    const answer = await conf.client.getNext(...Array.from({ length: 400 }, () => 'wideA'));
    reading = false;
    expect(new Set(values(answer))).toEqual(new Set(['Gauge32:1']));
    expect(answer?.varBinds).toHaveLength(400);
    expect(turns).toBeGreaterThan(5);
  });

  it('a successor whose name is no OID any more is genErr [OTP-025]', async () => {
    const long = Array.from({ length: 120 }, () => 1);
    const { client } = stage([
      {
        module: CONF_MIB,
        objects: {
          fnTable: functions.table({
            get: () => noSuchInstance,
            getNext: () => [{ column: 2, rowIndex: long, value: 1 }],
          }),
        },
      },
    ]);
    expect(told(await client.getNext('fnTable'))).toMatch(/^genErr\/1 /);
    expect(told(await client.getBulk(0, 5, 'fnTable'))).toMatch(/^genErr\/1 /);
  });
});
