import { latin1Of } from '../base/index.js';
import {
  toPlain,
  wireType,
  type Oid,
  type PlainValue,
  type SnmpValue,
  type Syntax,
  type ValueType,
} from '../smi/index.js';

/**
 * A value as it is kept in a row, small: numbers and bigints as they are, octets as a string with
 * one character per octet (a tenth of what a Uint8Array takes), an OID as its arcs. `undefined`
 * is a value that is not there.
 */
export type Cell = number | bigint | string | Oid | undefined;

export function packCell(value: SnmpValue): Cell {
  switch (value.type) {
    case 'OctetString':
    case 'Opaque':
    case 'IpAddress':
      return packOctets(value.value);
    case 'ObjectIdentifier':
    case 'Integer32':
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
    case 'Counter64':
      return value.value;
    case 'Null':
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      return undefined;
  }
}

/**
 * The cell of a text that needs no look at its octets, or undefined: printable ASCII is legal in
 * every textual convention whose hint makes it text. Most values of most tables are such.
 */
export function packText(text: string): Cell {
  if (!PRINTABLE_ASCII.test(text)) return undefined;
  // A longer one may be a part of another string, which V8 would keep alive with it.
  return text.length < SHORTEST_SLICE ? text : Buffer.from(text, 'latin1').toString('latin1');
}

const PRINTABLE_ASCII = /^[ -~]*$/;
/** V8 keeps a reference to the whole in parts of at least so many characters. */
const SHORTEST_SLICE = 13;

/** The value that `cell` stands for in a column of this wire type. */
export function unpackCell(type: ValueType, cell: NonNullable<Cell>): SnmpValue {
  return cellValue(type, typeof cell === 'string' ? octetsOf(cell) : cell);
}

/** `value` as one of that type, which it has to be. */
export function cellValue(
  type: ValueType,
  value: number | bigint | Uint8Array | Oid | undefined,
): SnmpValue {
  return new CellValue(type, value) as SnmpValue;
}

/** No literal, for the reason that FoundInstance of the search is none. */
class CellValue {
  readonly type: ValueType;
  readonly value: unknown;

  constructor(type: ValueType, value: unknown) {
    this.type = type;
    this.value = value;
  }
}

export function plainCell(syntax: Syntax, cell: NonNullable<Cell>): PlainValue {
  return toPlain(syntax, unpackCell(wireType(syntax.base), cell)) as PlainValue;
}

/** Up to here one by one costs half of what a Buffer does (measured, Node 20). */
const MAX_SHORT_OCTETS = 32;

function octetsOf(cell: string): Uint8Array {
  if (cell.length > MAX_SHORT_OCTETS) return Buffer.from(cell, 'latin1');
  const octets = new Uint8Array(cell.length);
  for (let i = 0; i < cell.length; i++) octets[i] = cell.charCodeAt(i);
  return octets;
}

function packOctets(octets: Uint8Array): string {
  if (octets.length <= MAX_SHORT_OCTETS) return String.fromCharCode(...octets);
  return latin1Of(octets);
}
