import {
  isOid,
  MAX_SUB_IDENTIFIERS,
  wireType,
  type Oid,
  type SnmpValue,
  type Syntax,
} from '../../smi/index.js';
import type { IndexItem } from '../mib.js';

const IP_ADDRESS_OCTETS = 4;
const MAX_INTEGER_32 = 2_147_483_647;

/**
 * One INDEX value out of the sub-identifiers of a row (RFC 2578 7.7). Whether the SYNTAX allows it
 * is not looked at.
 *
 * @returns the value, and the offset of the next one; undefined where no row can be named so.
 */
export function readIndexPart(
  item: IndexItem,
  isLast: boolean,
  arcs: Oid,
  offset: number,
): { readonly value: SnmpValue; readonly next: number } | undefined {
  const length = partLength(item, arcs, offset, isLast);
  if (length === undefined) return undefined;
  const isCounted = hasLength(item, isLast);
  const start = isCounted ? offset + 1 : offset;
  // IMPLIED rules out the empty string.
  if (length === 0 && !isCounted && fixedSize(item.syntax) === undefined) return undefined;
  const value = readPart(item.syntax, arcs, start, length);
  return value === undefined ? undefined : { value, next: start + length };
}

/** How many sub-identifiers the indexes of a table's rows have. */
export interface IndexLength {
  readonly least: number;
  /** All have so many, none more. */
  readonly isExact: boolean;
}

export function indexLength(items: readonly IndexItem[]): IndexLength {
  let least = 0;
  let isExact = true;
  for (const { syntax } of items) {
    const size = isInteger(syntax) ? 1 : fixedSize(syntax);
    if (size === undefined) isExact = false;
    // A length, or behind IMPLIED at least one octet.
    least += size ?? 1;
  }
  // An INDEX that could not be resolved says nothing.
  return { least, isExact: isExact && items.length > 0 };
}

/** The size of strings that all have the same one: they need no length before them. */
export function fixedSize(syntax: Syntax): number | undefined {
  if (syntax.base === 'IpAddress') return IP_ADDRESS_OCTETS;
  // RFC 2578 7.7: BITS count as a variable-length string, whatever their size.
  if (syntax.base === 'Bits' || syntax.sizes?.length !== 1) return undefined;
  const [range] = syntax.sizes;
  return range !== undefined && range.low === range.high ? Number(range.low) : undefined;
}

export function isInteger(syntax: Syntax): boolean {
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
export function hasLength(item: IndexItem, isLast: boolean): boolean {
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
      return isOid(value) || isFirstArc(value) ? { type, value } : undefined;
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

/**
 * 0, 1 or 2 alone: no OBJECT IDENTIFIER that could be a value (X.690 8.19.4), but as a part of a name
 * it says what it means, and managers use it: the view of all that is below `iso`.
 */
export function isFirstArc(value: unknown): value is Oid {
  return Array.isArray(value) && value.length === 1 && [0, 1, 2].includes(value[0] as number);
}

/**
 * Adds the sub-identifiers of one INDEX value.
 *
 * @returns false where the value cannot be part of a name: a negative number, no octets behind
 *   IMPLIED, more than 128 sub-identifiers. What was added then means nothing.
 */
export function appendIndexPart(
  arcs: number[],
  value: SnmpValue,
  item: IndexItem,
  isLast: boolean,
): boolean {
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
