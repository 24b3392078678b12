import { SnmpError } from '../base/index.js';
import { appendIndexPart, isFirstArc, readIndexPart, type IndexItem } from '../mib/index.js';
import {
  checkWrittenValue,
  expectation,
  fromPlain,
  MAX_SUB_IDENTIFIERS,
  toPlain,
  type Oid,
  type PlainValue,
  type SnmpValue,
} from '../smi/index.js';
import { describe } from './read-interpretation.js';

/**
 * The sub-identifiers that stand for a row after the column (RFC 2578 7.7).
 *
 * @param values - one per INDEX item, in that order, as a program has them.
 * @throws SnmpError SNMP_ROW_INDEX where a value is none of its item's SYNTAX or cannot be part of
 *   a name (a negative number, no octets behind IMPLIED, more than 128 sub-identifiers).
 */
export function encodeRowIndex(items: readonly IndexItem[], values: readonly unknown[]): Oid {
  const arcs: number[] = [];
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as IndexItem;
    const plain = values[i];
    const value = indexValueOf(item, plain);
    if (value.type === 'notConvertible') throw illegalPart(item, plain, value.expected);
    if (
      checkWrittenValue(item.syntax, value) !== undefined ||
      !appendIndexPart(arcs, value, item, i === items.length - 1)
    ) {
      throw illegalPart(item, plain, expectation(item.syntax));
    }
  }
  if (arcs.length === 0 || arcs.length > MAX_SUB_IDENTIFIERS) {
    throw new SnmpError('SNMP_ROW_INDEX', `a row index of ${arcs.length} sub-identifiers`);
  }
  return arcs;
}

/**
 * The INDEX values that a row's sub-identifiers stand for.
 *
 * @returns undefined where no row can ever have this index: too short, too long, or a value that
 *   the SYNTAX of its item rules out (RFC 3416 4.2.5(7): noCreation).
 */
export function decodeRowIndex(items: readonly IndexItem[], arcs: Oid): PlainValue[] | undefined {
  const values = decodeIndexValues(items, arcs);
  return values?.map((value, i) => toPlain((items[i] as IndexItem).syntax, value) as PlainValue);
}

/** As decodeRowIndex, but with the values as they go on the wire. */
export function decodeIndexValues(items: readonly IndexItem[], arcs: Oid): SnmpValue[] | undefined {
  const values: SnmpValue[] = [];
  let offset = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as IndexItem;
    const part = readIndexPart(item, i === items.length - 1, arcs, offset);
    if (part === undefined || checkWrittenValue(item.syntax, part.value) !== undefined) {
      return undefined;
    }
    values.push(part.value);
    offset = part.next;
  }
  return offset === arcs.length ? values : undefined;
}

function indexValueOf({ syntax }: IndexItem, plain: unknown): ReturnType<typeof fromPlain> {
  if (syntax.base === 'ObjectIdentifier' && isFirstArc(plain)) {
    return { type: 'ObjectIdentifier', value: plain };
  }
  return fromPlain(syntax, plain);
}

function illegalPart(item: IndexItem, plain: unknown, expected: string): SnmpError {
  return new SnmpError(
    'SNMP_ROW_INDEX',
    `${item.object}, in the index: expected ${expected}, got ${describe(plain)}`,
  );
}
