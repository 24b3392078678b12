import fc from 'fast-check';
import { expect, test } from 'vitest';
import { community, type Target } from '../../src/manager/index.js';
import { compareOids, type Oid, type VarBind } from '../../src/smi/index.js';
import { agentOf } from '../src/manager/fake-agent.js';
import { FakeNetwork } from '../src/manager/fake-network.js';
import { runs } from '../support/arbitraries.js';
import { TYPED_MIB } from '../fixtures/typed/typed-mib.js';

const ENTRY: Oid = [1, 3, 6, 1, 4, 1, 32473, 88, 2, 1];
const COLUMNS = { 2: 'friendName', 3: 'friendKind', 4: 'friendSeen' } as const;
const target: Target = { host: '192.0.2.10', auth: community('public'), timeoutMs: 100 };

const cellArbitrary = fc.record({
  column: fc.constantFrom<2 | 3 | 4>(2, 3, 4),
  row: fc.integer({ min: 1, max: 12 }),
});
type CellPlace = { readonly column: 2 | 3 | 4; readonly row: number };

function variable({ column, row }: CellPlace): VarBind {
  const name = [...ENTRY, column, row];
  if (column === 2) return { name, value: { type: 'OctetString', value: Buffer.from(`r${row}`) } };
  if (column === 3) return { name, value: { type: 'Integer32', value: 1 + (row % 2) } };
  return { name, value: { type: 'Counter64', value: BigInt(row) } };
}

const PLAIN = {
  2: (row: number) => `r${row}`,
  3: (row: number) => (row % 2 === 0 ? 'human' : 'robot'),
  4: (row: number) => BigInt(row),
} as const;

function sorted(places: Iterable<CellPlace>): VarBind[] {
  const variables = [...places].map(variable);
  return variables.sort((a, b) => compareOids(a.name, b.name));
}

function keyOf({ column, row }: CellPlace): string {
  return `${column}.${row}`;
}

/** Changes of the agent's cells, each before one of the first answers. */
const changesArbitrary = fc.array(
  fc.record({
    before: fc.integer({ min: 0, max: 5 }),
    place: cellArbitrary,
    comes: fc.boolean(),
  }),
  { maxLength: 6 },
);

/**
 * Invariant: rows come ascending, each once; a cell that is told was there at some time; one that
 * was there all the time, in a row that was reached, is told. Model: the sets of cells before and
 * after each change. Coverage: holes, cut answers, changes while the table is read.
 */
test('a table that changes while it is read: no row twice, nothing made up, nothing lost that stayed', async () => {
  let changed = 0;
  let holed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(cellArbitrary, { selector: keyOf, maxLength: 30 }),
      changesArbitrary,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 12 }),
      async (places, changes, maxRepetitions, most) => {
        const cells = new Map(places.map((place) => [keyOf(place), place] as const));
        const ever = new Map(cells);
        const always = new Map(cells);
        const network = new FakeNetwork();
        let answers = 0;
        network.agent = (asked) => {
          for (const { before, place, comes } of changes) {
            if (before !== answers) continue;
            if (answers > 0) changed += 1;
            always.delete(keyOf(place));
            if (comes) {
              cells.set(keyOf(place), place);
              ever.set(keyOf(place), place);
            } else cells.delete(keyOf(place));
          }
          answers += 1;
          return agentOf(sorted(cells.values()), most)(asked);
        };
        const manager = network.manager({ mibs: [TYPED_MIB] });
        const told: Readonly<Record<string, unknown>>[] = [];
        for await (const row of manager.table(target, TYPED_MIB, 'friendTable', {
          columns: ['friendName', 'friendKind', 'friendSeen'],
          maxRepetitions,
        })) {
          told.push(row);
        }
        const indexes = told.map((row) => row['friendIndex'] as number);
        expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
        const seen = new Set<string>();
        for (const row of told) {
          const index = row['friendIndex'] as number;
          if (Object.keys(row).length < 4) holed += 1;
          for (const column of [2, 3, 4] as const) {
            if (!Object.hasOwn(row, COLUMNS[column])) continue;
            const place = { column, row: index };
            expect(ever.has(keyOf(place))).toBe(true);
            expect(row[COLUMNS[column]]).toEqual(PLAIN[column](index));
            seen.add(keyOf(place));
          }
        }
        for (const key of always.keys()) expect(seen).toContain(key);
      },
    ),
    runs(),
  );
  expect(changed).toBeGreaterThan(0);
  expect(holed).toBeGreaterThan(0);
});
