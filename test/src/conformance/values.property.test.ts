import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import {
  illegalValues,
  knownMib,
  legalValues,
  rowIndexes,
} from '../../../src/conformance/index.js';
import { decodeRowIndex } from '../../../src/instrumentation/index.js';
import {
  checkValue,
  checkWrittenValue,
  type SnmpValue,
  type Syntax,
} from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';

const TESTBED = new URL('../../../examples/testbed/TRELLIS-TESTBED-MIB.mib', import.meta.url);
const mib = knownMib([fileURLToPath(TESTBED)]);

/** Every object with a SYNTAX that the modules at hand have. BOUNDED by those modules. */
const objects = [...mib.modules.values()].flatMap(({ nodes }) =>
  [...nodes.values()].filter((node) => node.kind === 'scalar' || node.kind === 'column'),
);
const tables = [...mib.modules.values()].flatMap(({ nodes }) =>
  [...nodes.values()].filter((node) => node.kind === 'table'),
);

/** RowStatus has one value that is read and never written. */
const isRowStatus = ({ conventions }: Syntax): boolean => conventions.includes('RowStatus');

describe('values made from a SYNTAX', () => {
  it.each(objects.map((object) => [object.name, object.syntax] as const))(
    '%s: legal ones fit it, illegal ones have the fault that is told',
    (_name, syntax) => {
      fc.assert(
        fc.property(legalValues(fc, syntax), (value) => {
          const fault = isRowStatus(syntax)
            ? checkValue(syntax, value)
            : checkWrittenValue(syntax, value);
          expect(fault).toBeUndefined();
        }),
        runs(),
      );
      fc.assert(
        fc.property(illegalValues(fc, syntax), ({ value, faults }) => {
          expect(faults).toContain(checkWrittenValue(syntax, value));
        }),
        runs(),
      );
    },
  );

  it('reach both ends of every range, and what lies just outside', () => {
    const syntax: Syntax = {
      base: 'Integer32',
      ranges: [
        { low: -5, high: -1 },
        { low: 20, high: 29 },
      ],
      conventions: [],
    };
    const numbers = (values: readonly SnmpValue[]): Set<unknown> =>
      new Set(values.map((value) => ('value' in value ? value.value : undefined)));
    const legal = fc.sample(legalValues(fc, syntax), { numRuns: 300, seed: 1 });
    expect(numbers(legal)).toEqual(
      new Set([-5, -4, -3, -2, -1, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]),
    );
    const illegal = numbers(
      fc.sample(illegalValues(fc, syntax), { numRuns: 300, seed: 1 }).map(({ value }) => value),
    );
    for (const outside of [-6, 0, 19, 30]) expect(illegal).toContain(outside);
  });
});

describe('row indexes made from INDEX', () => {
  it.each(tables.map((table) => [table.name, table.index] as const))(
    '%s: every one is of a row that may be',
    (_name, index) => {
      fc.assert(
        fc.property(rowIndexes(fc, index), (row) => {
          expect(decodeRowIndex(index, row)).toBeDefined();
        }),
        runs(),
      );
    },
  );
});
