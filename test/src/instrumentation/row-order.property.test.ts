import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table } from '../../../src/instrumentation/table.js';
import type { Oid, Syntax } from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';
import { nameOrder } from '../../support/oid-order.js';
import {
  ADDRESS,
  environment,
  INTEGER,
  MAC_ADDRESS,
  OBJECT_ID,
  OCTETS,
  tableObject,
  UNSIGNED,
} from './definitions.js';

/** Few values of each kind: names that begin alike, and differ in length, are what matters. */
interface Part {
  readonly syntaxes: readonly Syntax[];
  readonly values: fc.Arbitrary<readonly unknown[]>;
  /** RFC 2578 7.7 by hand; `isLast`: of a length that is IMPLIED. */
  arcs(values: readonly unknown[], isLast: boolean): readonly number[];
}

const withLength = (arcs: readonly number[], isImplied: boolean): readonly number[] =>
  isImplied ? arcs : [arcs.length, ...arcs];
const octet = fc.constantFrom(0, 1, 65, 66, 255);

const NUMBER: Part = {
  syntaxes: [UNSIGNED],
  values: fc.tuple(fc.constantFrom(0, 1, 9, 10, 128, 4_294_967_295)),
  arcs: ([value]) => [value as number],
};
const SIGNED: Part = {
  syntaxes: [INTEGER],
  values: fc.tuple(fc.constantFrom(0, 2, 10, 2_147_483_647)),
  arcs: ([value]) => [value as number],
};
const STRING: Part = {
  syntaxes: [OCTETS],
  values: fc.tuple(
    fc.array(octet, { minLength: 1, maxLength: 3 }).map((all) => Uint8Array.from(all)),
  ),
  arcs: ([value], isImplied) => withLength([...(value as Uint8Array)], isImplied),
};
const FIXED: Part = {
  syntaxes: [MAC_ADDRESS],
  values: fc.tuple(
    fc.array(octet, { minLength: 6, maxLength: 6 }).map((all) => Uint8Array.from(all)),
  ),
  arcs: ([value]) => [...(value as Uint8Array)],
};
const NAME: Part = {
  syntaxes: [OBJECT_ID],
  values: fc.tuple(
    fc
      .array(fc.constantFrom(0, 3, 300, 4_294_967_295), { maxLength: 2 })
      .map((arcs) => [1, 3, ...arcs]),
  ),
  arcs: ([value], isImplied) => withLength(value as readonly number[], isImplied),
};
const IP_ADDRESS: Part = {
  syntaxes: [ADDRESS],
  values: fc.tuple(fc.constantFrom('10.0.0.2', '10.0.0.10', '9.255.0.1', '0.0.0.0')),
  arcs: ([value]) => (value as string).split('.').map(Number),
};
/** RFC 4001: the type says how long the address is, and the length stands before it all the same. */
const INET_ADDRESS: Part = {
  syntaxes: [INTEGER, OCTETS],
  values: fc.oneof(
    fc.array(octet, { minLength: 4, maxLength: 4 }).map((all) => [1, Uint8Array.from(all)]),
    fc.array(octet, { minLength: 16, maxLength: 16 }).map((all) => [2, Uint8Array.from(all)]),
    fc.constant([16, Buffer.from('a.example')]),
  ),
  arcs: ([type, address], isImplied) => [
    type as number,
    ...withLength([...(address as Uint8Array)], isImplied),
  ],
};
const PARTS = { NUMBER, SIGNED, STRING, FIXED, NAME, IP_ADDRESS, INET_ADDRESS };

const indexes = fc
  .tuple(
    fc.array(fc.constantFrom(...Object.values(PARTS)), { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .chain(([parts, wantsImplied]) =>
    fc.record({
      parts: fc.constant(parts),
      isImplied: fc.constant(
        wantsImplied && [STRING, NAME, INET_ADDRESS].includes(parts.at(-1) ?? NUMBER),
      ),
      rows: fc.array(fc.tuple(...parts.map(({ values }) => values)), {
        maxLength: 25,
        size: 'max',
      }),
    }),
  );

function nameOf(parts: readonly Part[], row: readonly (readonly unknown[])[], isImplied: boolean) {
  return parts.flatMap((part, i) => part.arcs(row[i] ?? [], isImplied && i === parts.length - 1));
}

describe('the rows of a stored table', () => {
  it('are walked in the order of their names, whatever the INDEX is made of [TC-047, GET-030]', () => {
    const seen = new Map<Part | 'implied' | 'several', number>();
    const count = (what: Part | 'implied' | 'several'): void =>
      void seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(indexes, ({ parts, isImplied, rows }) => {
        const syntaxes = parts.flatMap((part) => part.syntaxes);
        const names = syntaxes.map((_, i) => `part${i}`);
        const columns = syntaxes.map((syntax, i) => [
          names[i],
          { syntax, access: 'not-accessible' },
        ]);
        const last = names.length - 1;
        const definition = tableObject(
          { ...Object.fromEntries(columns), cell: { syntax: INTEGER } },
          names.map((name, i) => (isImplied && i === last ? { implied: name } : name)),
        );
        const stored = table.stored();
        const object = stored.bind(definition, environment());
        const made: Oid[] = [];
        for (const row of rows) {
          const rowIndex = nameOf(parts, row, isImplied);
          if (made.some((other) => nameOrder(other, rowIndex) === 0)) continue;
          made.push(rowIndex);
          const values = row.flat().map((value, i) => [names[i], value]);
          stored.insert({ ...Object.fromEntries(values), cell: made.length });
        }
        const walked: Oid[] = [];
        const column = names.length + 1;
        let next = object.cells?.next(column, []);
        while (next !== undefined) {
          walked.push(next.rowIndex);
          next = object.cells?.next(column, next.rowIndex);
        }
        expect(walked).toEqual(made.toSorted(nameOrder));
        if (walked.length < 2) return;
        for (const part of parts) count(part);
        if (isImplied) count('implied');
        if (parts.length > 1) count('several');
      }),
      runs(500),
    );
    for (const what of [...Object.values(PARTS), 'implied', 'several'] as const) {
      expect(seen.get(what) ?? 0).toBeGreaterThan(10);
    }
  });
});
