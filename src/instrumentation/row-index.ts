import { SnmpError } from '../base/index.js';
import type { IndexItem } from '../mib/index.js';
import {
  checkWrittenValue,
  fromPlain,
  isOid,
  MAX_SUB_IDENTIFIERS,
  toPlain,
  wireType,
  type Oid,
  type PlainValue,
  type SnmpValue,
  type Syntax,
} from '../smi/index.js';
import { describe } from './read-interpretation.js';
import { expectation } from './stored-value.js';

const IP_ADDRESS_OCTETS = 4;
const MAX_INTEGER_32 = 2_147_483_647;

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
    const value = fromPlain(item.syntax, plain);
    if (value.type === 'notConvertible') throw illegalPart(item, plain, value.expected);
    if (
      checkWrittenValue(item.syntax, value) !== undefined ||
      !appendPart(arcs, value, item, i === items.length - 1)
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
    const isLast = i === items.length - 1;
    const length = partLength(item, arcs, offset, isLast);
    if (length === undefined) return undefined;
    if (hasLength(item, isLast)) offset += 1;
    const value = readPart(item.syntax, arcs, offset, length);
    if (value === undefined || checkWrittenValue(item.syntax, value) !== undefined) {
      return undefined;
    }
    if (length === 0 && !hasLength(item, isLast) && fixedSize(item.syntax) === undefined) {
      return undefined; // IMPLIED rules out the empty string (RFC 2578 7.7).
    }
    values.push(value);
    offset += length;
  }
  return offset === arcs.length ? values : undefined;
}

/** The size of strings that all have the same one: they need no length before them. */
function fixedSize(syntax: Syntax): number | undefined {
  if (syntax.base === 'IpAddress') return IP_ADDRESS_OCTETS;
  // RFC 2578 7.7: BITS count as a variable-length string, whatever their size.
  if (syntax.base === 'Bits' || syntax.sizes?.length !== 1) return undefined;
  const [range] = syntax.sizes;
  return range !== undefined && range.low === range.high ? Number(range.low) : undefined;
}

function isInteger(syntax: Syntax): boolean {
  switch (wireType(syntax.base)) {
    case 'OctetString':
    case 'Opaque':
    case 'IpAddress':
    case 'ObjectIdentifier':
      return false;
    default:
      return true;
  }
}

/** Whether the part's number of sub-identifiers stands before it. */
function hasLength(item: IndexItem, isLast: boolean): boolean {
  // IMPLIED can only be said of the last item; elsewhere nothing could tell where the part ends.
  if (isInteger(item.syntax) || (item.implied && isLast)) return false;
  return fixedSize(item.syntax) === undefined;
}

/** How many sub-identifiers the part has, without its length; undefined where they are not there. */
function partLength(
  item: IndexItem,
  arcs: Oid,
  offset: number,
  isLast: boolean,
): number | undefined {
  const left = arcs.length - offset;
  if (hasLength(item, isLast)) {
    const length = arcs[offset];
    return length !== undefined && length <= left - 1 ? length : undefined;
  }
  const length = isInteger(item.syntax) ? 1 : (fixedSize(item.syntax) ?? left);
  return length <= left ? length : undefined;
}

function readPart(
  syntax: Syntax,
  arcs: Oid,
  offset: number,
  length: number,
): SnmpValue | undefined {
  const type = wireType(syntax.base);
  switch (type) {
    case 'ObjectIdentifier': {
      const value = arcs.slice(offset, offset + length);
      return isOid(value) ? { type, value } : undefined;
    }
    case 'OctetString':
    case 'Opaque':
    case 'IpAddress': {
      const value = new Uint8Array(length);
      for (let i = 0; i < length; i++) {
        const octet = arcs[offset + i] as number;
        if (octet > 255) return undefined;
        value[i] = octet;
      }
      return { type, value };
    }
    case 'Counter64':
      return { type, value: BigInt(arcs[offset] as number) };
    case 'Integer32': {
      const value = arcs[offset] as number;
      return value <= MAX_INTEGER_32 ? { type, value } : undefined;
    }
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return { type, value: arcs[offset] as number };
    default:
      return undefined;
  }
}

function appendPart(arcs: number[], value: SnmpValue, item: IndexItem, isLast: boolean): boolean {
  switch (value.type) {
    case 'Integer32':
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      if (value.value < 0) return false;
      arcs.push(value.value);
      return true;
    case 'Counter64':
      if (value.value > 0xffff_ffffn) return false;
      arcs.push(Number(value.value));
      return true;
    case 'OctetString':
    case 'Opaque':
    case 'IpAddress':
    case 'ObjectIdentifier':
      if (hasLength(item, isLast)) arcs.push(value.value.length);
      else if (value.value.length === 0 && fixedSize(item.syntax) === undefined) return false;
      // Checked before appending: a string of 65535 octets must not become an array first.
      if (arcs.length + value.value.length > MAX_SUB_IDENTIFIERS) return false;
      for (const arc of value.value) arcs.push(arc);
      return true;
    default:
      return false;
  }
}

function illegalPart(item: IndexItem, plain: unknown, expected: string): SnmpError {
  return new SnmpError(
    'SNMP_ROW_INDEX',
    `${item.object}, in the index: expected ${expected}, got ${describe(plain)}`,
  );
}
