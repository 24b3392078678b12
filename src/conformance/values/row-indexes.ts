import type { Arbitrary } from 'fast-check';
import { encodeRowIndex } from '../../instrumentation/index.js';
import type { IndexItem } from '../../mib/index.js';
import { toPlain, wireType, type Oid, type PlainValue, type Syntax } from '../../smi/index.js';
import type { FastCheck } from '../fast-check.js';
import { legalValues, madeSizes } from './legal-values.js';
import { intervalsOf, legalIntervals } from './numbers.js';

/** Strings in an index are made short: a name has 128 sub-identifiers. */
const MAX_INDEX_OCTETS = 6;

/** What may stand after a column of the table: legal values of its INDEX items. */
export function rowIndexes(fc: FastCheck, items: readonly IndexItem[]): Arbitrary<Oid> {
  const parts = items.map(({ syntax, implied }): Arbitrary<PlainValue> => {
    const narrowed = narrow(syntax, implied);
    return legalValues(fc, narrowed).map((value) => toPlain(narrowed, value) as PlainValue);
  });
  return fc.tuple(...parts).map((values) => encodeRowIndex(items, values));
}

/** The values of a SYNTAX that can be part of a name. */
function narrow(syntax: Syntax, implied: boolean): Syntax {
  const type = wireType(syntax.base);
  if (type === 'OctetString' || type === 'Opaque') {
    const low = implied ? 1 : 0;
    return {
      ...syntax,
      sizes: intervalsOf(madeSizes(syntax, MAX_INDEX_OCTETS), { low, high: 128 }),
    };
  }
  if (type === 'Integer32') {
    const { enums, ...rest } = syntax;
    const ranges = intervalsOf(legalIntervals(syntax), { low: 0, high: 0x7fff_ffff });
    return enums === undefined
      ? { ...rest, ranges }
      : { ...syntax, enums: new Map([...enums].filter(([, number]) => number >= 0)) };
  }
  return syntax;
}
