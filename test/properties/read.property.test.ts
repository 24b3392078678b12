import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSuchInstance, table } from '../../src/instrumentation/index.js';
import type { NextReading, TableFunctions } from '../../src/instrumentation/index.js';
import { decodeMessage } from '../../src/message/index.js';
import { MibView, type ViewFamily } from '../../src/security/index.js';
import { hasPrefix, type Oid, type SnmpValue } from '../../src/smi/index.js';
import { runs } from '../support/arbitraries.js';
import { CONF_MIB, conf as oid } from '../support/mib-fixtures.js';
import { nameOrder } from '../support/oid-order.js';
import { tellVarBind, type Answer, type SnmpClient } from '../support/snmp-client.js';
import { stage } from '../support/stage.js';
import { familiesOf, sees } from '../support/view-model.js';

/**
 * Invariant: what GET, GETNEXT and GETBULK answer is what a sorted list of the visible instances
 * answers. Model: such a list, scanned from the front; a view by its longest matching family, of
 * equally long ones by the greatest (RFC 3415 vacmViewTreeFamilyTable).
 *
 * Generator: scalars that are there or not; a table behind functions (sync or async, with holes
 * and a Counter64 column), a computed one and a stored one, rows from 0 to 2^32-1; views that
 * include and exclude objects, columns and instances, some with wild cards; start names at, before, after and between
 * instances; both versions. Coverage: asserted at the end.
 */
interface World {
  readonly scalars: readonly string[];
  readonly rows: readonly number[];
  /** Cells that the function table lacks: column, row, and whether getNext comes by them. */
  readonly holes: readonly (readonly [number, number, boolean])[];
  readonly isAsync: boolean;
  readonly wide: readonly number[];
  readonly stored: readonly number[];
  readonly families: readonly ViewFamily[];
}

interface Instance {
  readonly name: Oid;
  readonly value: SnmpValue;
}

const SCALARS = ['roInt', 'tt', 'c64', 'anyInt', 'lastInt'];
const ROWS = [0, 1, 2, 127, 128, 255, 256, 65_535, 2_147_483_647, 2_147_483_648, 4_294_967_295];

const rowsOf = (max = ROWS.length): fc.Arbitrary<number[]> =>
  fc.uniqueArray(fc.constantFrom(...ROWS), { maxLength: max });

const CORNERS: readonly Oid[] = [
  [],
  [0, 0],
  [1],
  [1, 3],
  oid('1.3.6.1.4.1'),
  oid('confMIB'),
  oid('confScalars'),
  oid('confTables'),
  ...SCALARS.flatMap((name) => [oid(name), oid(`${name}.0`)]),
  ...[
    'fnTable',
    'fnEntry',
    'fnA',
    'fnB',
    'fnC',
    'fnBig',
    'wideTable',
    'wideA',
    'confTable',
    'confReq',
    'confStatus',
  ].map((name) => oid(name)),
  [2, 999],
];

/** A name near something: a corner, a row of a column, a little before or behind. */
const nearby: fc.Arbitrary<Oid> = fc
  .tuple(
    fc.constantFrom(...CORNERS),
    fc.option(fc.constantFrom(...ROWS), { nil: undefined }),
    fc.constantFrom('at', 'before', 'behind', 'below'),
  )
  .map(([corner, row, where]) => {
    const name = row === undefined ? [...corner] : [...corner, row];
    const last = name.at(-1);
    if (where === 'below') return [...name, 0];
    if (last === undefined || where === 'at') return name;
    const moved = where === 'before' ? last - 1 : last + 1;
    if (moved >= 0 && moved <= 4_294_967_295) name[name.length - 1] = moved;
    return name;
  });

const askable = nearby.map((name) =>
  name.length < 2 ||
  (name[0] as number) > 2 ||
  ((name[0] as number) < 2 && (name[1] as number) > 39)
    ? [1, 3, ...name]
    : name,
);

const world: fc.Arbitrary<World> = fc.record({
  scalars: fc.subarray(SCALARS),
  rows: rowsOf(),
  holes: fc.array(fc.tuple(fc.constantFrom(2, 3, 4, 5), fc.constantFrom(...ROWS), fc.boolean()), {
    maxLength: 8,
  }),
  isAsync: fc.boolean(),
  wide: rowsOf(),
  stored: rowsOf(5).map((rows) => rows.filter((row) => row < 2_147_483_648)),
  families: familiesOf(nearby),
});

function scalarValue(name: string): SnmpValue {
  if (name === 'c64') return { type: 'Counter64', value: 5n };
  return name === 'tt' ? { type: 'TimeTicks', value: 6 } : { type: 'Integer32', value: 7 };
}

function fnValue(column: number, row: number): SnmpValue {
  switch (column) {
    case 2:
      return { type: 'Integer32', value: row % 1000 };
    case 3:
      return { type: 'OctetString', value: Buffer.from(`row${row}`) };
    case 4:
      return { type: 'Integer32', value: 1 };
    default:
      return { type: 'Counter64', value: BigInt(row) };
  }
}

function instancesOf({ scalars, rows, holes, wide, stored }: World): Instance[] {
  const all: Instance[] = scalars.map((name) => ({
    name: oid(`${name}.0`),
    value: scalarValue(name),
  }));
  for (const column of [2, 3, 4, 5]) {
    for (const row of rows) {
      if (holes.some(([c, r]) => c === column && r === row)) continue;
      all.push({ name: [...oid('fnEntry'), column, row], value: fnValue(column, row) });
    }
  }
  for (const row of wide) {
    all.push({ name: [...oid('wideA'), row], value: { type: 'Gauge32', value: row } });
  }
  for (const row of stored) {
    for (const [column, value] of [
      ['confReq', row],
      ['confDef', 7],
      ['confFrozen', 1],
      ['confStorage', 3],
      ['confStatus', 1],
    ] as const) {
      all.push({ name: [...oid(column), row], value: { type: 'Integer32', value } });
    }
  }
  return all;
}

function clientOf(given: World, instances: readonly Instance[]): SnmpClient {
  const entry = oid('fnEntry');
  const plain = (value: SnmpValue): number => ('value' in value ? (value.value as number) : 0);
  const cells = instances
    .filter(({ name }) => hasPrefix(name, entry))
    .map(({ name, value }) => ({ at: name.slice(entry.length), value: plain(value) }));
  const holes = given.holes
    .filter(([, row, isShown]) => isShown && given.rows.includes(row))
    .map(([column, row]) => ({ at: [column, row], value: noSuchInstance }));
  const places = [...cells, ...holes].sort((left, right) => nameOrder(left.at, right.at));
  const functions: TableFunctions = {
    get: (rowIndex, columns) => {
      const answer = columns.map((column) => {
        const cell = cells.find(({ at }) => nameOrder(at, [column, ...rowIndex]) === 0);
        return cell?.value ?? noSuchInstance;
      });
      return given.isAsync ? Promise.resolve(answer) : answer;
    },
    getNext: (rowIndex, columns) => {
      const answer = columns.map((column): NextReading => {
        const place = places.find(({ at }) => nameOrder(at, [column, ...rowIndex]) > 0);
        if (place === undefined) return 'endOfTable';
        const { at, value } = place;
        // The types ask for a value; a program without types says that there is none [OTP-014].
        return { column: at[0] ?? 0, rowIndex: at.slice(1), value: value as number };
      });
      return given.isAsync ? Promise.resolve(answer) : answer;
    },
  };
  const scalars = Object.fromEntries(
    given.scalars.map((name) => [name, { get: () => plain(scalarValue(name)) }]),
  );
  return stage(
    [
      {
        module: CONF_MIB,
        objects: {
          ...scalars,
          fnTable: functions,
          wideTable: table.computed({
            rows: () => given.wide.map((row) => ({ wideIndex: row, wideA: row })),
          }),
          confTable: table.stored({
            rows: given.stored.map((row) => ({
              confIndex: row,
              confReq: row,
              confStatus: 'active',
            })),
          }),
        },
      },
    ],
    {
      principals: {
        public: { securityName: 'public', readView: new MibView(given.families) },
      },
    },
  ).client;
}

const show = (name: Oid, value: SnmpValue): string => tellVarBind({ name, value });

describe('reads, against a sorted list [GET-021, GET-024, GET-027, BLK-001, BLK-008, PR-43, PR-45, PR-22, ACM-035]', () => {
  it('answer as the list does, in every version', async () => {
    const seen = {
      hit: 0,
      exception: 0,
      end: 0,
      skippedByView: 0,
      v1NoSuchName: 0,
      v1Found: 0,
      bulkCut: 0,
      bulkWhole: 0,
      async: 0,
    };
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.array(fc.oneof(askable, fc.nat(999)), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: -1, max: 4 }),
        fc.integer({ min: -1, max: 12 }),
        fc.boolean(),
        async (given, wanted, nonRepeaters, maxRepetitions, isV1) => {
          const all = instancesOf(given);
          // A number stands for one of the instances there are.
          const asks = wanted.map((one) =>
            typeof one === 'number' ? (all[one % all.length]?.name ?? [1, 3]) : one,
          );
          const client = clientOf(given, all).as({ version: isV1 ? 'v1' : 'v2c' });
          const visible = all
            .filter(({ name }) => sees(given.families, name))
            .filter(({ value }) => !isV1 || value.type !== 'Counter64')
            .sort((left, right) => nameOrder(left.name, right.name));
          const after = (name: Oid): Instance | undefined =>
            visible.find((instance) => nameOrder(instance.name, name) > 0);
          if (given.isAsync) seen.async += 1;

          const got = await client.get(...asks);
          const exact = asks.map((name) => visible.find((one) => nameOrder(one.name, name) === 0));
          const firstMissing = exact.indexOf(undefined);
          if (isV1) {
            expect(got?.errorStatus).toBe(firstMissing < 0 ? 'noError' : 'noSuchName');
            if (firstMissing >= 0) expect(got?.errorIndex).toBe(firstMissing + 1);
          } else expect(got?.errorStatus).toBe('noError');
          for (const [i, found] of exact.entries()) {
            const { name, value } = (got as Answer).varBinds[i] as Instance;
            expect(name).toEqual(asks[i]);
            if (isV1 && firstMissing >= 0) continue;
            if (found === undefined) {
              expect(['noSuchObject', 'noSuchInstance']).toContain(value.type);
              seen.exception += 1;
            } else {
              expect(show(name, value)).toBe(show(found.name, found.value));
              seen.hit += 1;
            }
          }

          const next = await client.getNext(...asks);
          const successors = asks.map(after);
          if (isV1 && successors.includes(undefined)) {
            expect(next).toMatchObject({
              errorStatus: 'noSuchName',
              errorIndex: successors.indexOf(undefined) + 1,
            });
            seen.v1NoSuchName += 1;
          } else {
            const expected = successors.map((found, i) =>
              found === undefined
                ? show(asks[i] as Oid, { type: 'endOfMibView' })
                : show(found.name, found.value),
            );
            expect(next?.varBinds.map(tellVarBind)).toEqual(expected);
            if (isV1) seen.v1Found += 1;
            if (successors.includes(undefined)) seen.end += 1;
          }
          const unfiltered = all.filter(({ name }) => nameOrder(name, asks[0] as Oid) > 0);
          unfiltered.sort((left, right) => nameOrder(left.name, right.name));
          if (unfiltered[0] !== undefined && !sees(given.families, unfiltered[0].name)) {
            seen.skippedByView += 1;
          }
          if (isV1) return;

          const bulk = await client.getBulk(nonRepeaters, maxRepetitions, ...asks);
          const n = Math.min(Math.max(nonRepeaters, 0), asks.length);
          const m = Math.max(maxRepetitions, 0);
          const expected: string[] = [];
          const cursors = [...asks];
          const step = (i: number): boolean => {
            const found = after(cursors[i] as Oid);
            expected.push(
              show(found?.name ?? (cursors[i] as Oid), found?.value ?? { type: 'endOfMibView' }),
            );
            if (found !== undefined) cursors[i] = found.name;
            return found !== undefined;
          };
          for (let i = 0; i < n; i++) step(i);
          for (let i = 0; i < m && asks.length > n; i++) {
            const went = asks.slice(n).map((_, r) => step(n + r));
            if (!went.includes(true)) break;
          }
          expect(bulk?.varBinds.map(tellVarBind)).toEqual(expected);
          seen[expected.length < n + m * (asks.length - n) ? 'bulkCut' : 'bulkWhole'] += 1;
        },
      ),
      runs(500),
    );
    for (const [what, count] of Object.entries(seen)) {
      expect(count, `coverage of ${what}`).toBeGreaterThan(20);
    }
  });

  it('never answer with more than fits, and with the longest prefix that does [BLK-013, BLK-022, PR-49]', async () => {
    const seen = { cut: 0, whole: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 29, max: 700 }),
        fc.array(fc.constantFrom('fnA', 'fnB', 'fnBig', 'wideA', 'roInt'), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 0, max: 40 }),
        async (limit, asks, repetitions) => {
          const given: World = {
            scalars: SCALARS,
            rows: ROWS,
            holes: [],
            isAsync: false,
            wide: ROWS,
            stored: [],
            families: [{ subtree: [], included: true }],
          };
          const functions = {
            fnTable: table.computed({
              rows: () =>
                ROWS.map((row) => ({
                  fnIndex: row,
                  fnA: 1,
                  fnB: 'x'.repeat(row % 60),
                  fnC: 'up',
                  fnBig: row,
                })),
            }),
            wideTable: table.computed({
              rows: () => given.wide.map((row) => ({ wideIndex: row, wideA: row })),
            }),
            roInt: { get: () => 1 },
          };
          const parts = [{ module: CONF_MIB, objects: functions }];
          const whole = await stage(parts).client.getBulk(1, repetitions, ...asks);
          const cut = await stage(parts, { maxMessageSizeOctets: limit }).client.getBulk(
            1,
            repetitions,
            ...asks,
          );
          const all = whole?.varBinds.map(tellVarBind) ?? [];
          const some = cut?.varBinds.map(tellVarBind) ?? [];
          expect(cut?.octets.length).toBeLessThanOrEqual(limit);
          expect(some).toEqual(all.slice(0, some.length));
          seen[some.length < all.length ? 'cut' : 'whole'] += 1;
          if (some.length === all.length) return;
          const longer = stage(parts).client.encode({
            type: 'response',
            requestId: 0x1000_0000,
            errorStatus: 0,
            errorIndex: 0,
            varBinds: whole?.varBinds.slice(0, some.length + 1) ?? [],
          });
          expect(longer.length).toBeGreaterThan(limit);
        },
      ),
      runs(150),
    );
    expect(seen.cut).toBeGreaterThan(20);
    expect(seen.whole).toBeGreaterThan(20);
  });

  const changingRow = fc.oneof({ weight: 4, arbitrary: fc.nat(60) }, fc.constantFrom(...ROWS));
  /** Invariant: a walk over a changing table ascends, ends, and meets every row that stayed. */
  it('walk a table that changes under them, ascending, to the end [GET-029, PR-44]', async () => {
    const seen = { created: 0, deleted: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(changingRow, { minLength: 1, maxLength: 20 }),
        fc.array(fc.tuple(changingRow, fc.boolean()), { maxLength: 30 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        async (initial, changes, inBulk, repetitions) => {
          const rows = new Set(initial);
          const untouched = initial.filter((row) => !changes.some(([changed]) => changed === row));
          const { client } = stage([
            {
              module: CONF_MIB,
              objects: {
                wideTable: table.computed({
                  rows: () => [...rows].map((row) => ({ wideIndex: row, wideA: row })),
                  maxAgeMs: 0,
                }),
              },
            },
          ]);
          const pending = [...changes];
          const met: Oid[] = [];
          let at: Oid = [1, 3];
          for (let steps = 0; ; steps++) {
            expect(steps).toBeLessThan(1000);
            const answer = inBulk
              ? await client.getBulk(0, repetitions, at)
              : await client.getNext(at);
            const found = (answer?.varBinds ?? []).filter(
              ({ value }) => value.type !== 'endOfMibView',
            );
            const last = found.at(-1);
            if (last === undefined) break;
            for (const { name } of found) {
              expect(nameOrder(name, met.at(-1) ?? [])).toBeGreaterThan(0);
              met.push(name);
            }
            at = last.name;
            const change = pending.shift();
            if (change === undefined) continue;
            const [row, isCreated] = change;
            if (isCreated ? !rows.has(row) : rows.has(row))
              seen[isCreated ? 'created' : 'deleted'] += 1;
            if (isCreated) rows.add(row);
            else rows.delete(row);
          }
          const rowsMet = new Set(met.map((name) => name.at(-1)));
          for (const row of untouched) expect(rowsMet.has(row)).toBe(true);
        },
      ),
      runs(500),
    );
    expect(seen.created).toBeGreaterThan(50);
    expect(seen.deleted).toBeGreaterThan(50);
  });

  it('answer each request once, with its own id, version and community [PR-22]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
        fc.constantFrom('v1' as const, 'v2c' as const),
        fc.constantFrom('get' as const, 'getNext' as const, 'set' as const),
        fc.array(askable, { maxLength: 3 }),
        async (requestId, version, type, asks) => {
          const { client, counters } = stage([
            { module: CONF_MIB, objects: { roInt: { get: () => 1 } } },
          ]);
          const answer = await client.as({ version }).send({
            type,
            requestId,
            errorStatus: 7,
            errorIndex: 3,
            varBinds: asks.map((name) => ({ name, value: { type: 'Null' as const } })),
          });
          expect(answer?.requestId).toBe(requestId);
          expect(answer?.message).toMatchObject({ version });
          expect(Buffer.from(answer?.message.community ?? []).toString()).toBe('public');
          expect(counters.snmpOutPkts).toBe(1);
          expect(decodeMessage(answer?.octets ?? new Uint8Array()).ok).toBe(true);
        },
      ),
      runs(200),
    );
  });
});
