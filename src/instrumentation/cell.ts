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

/** The value that `cell` stands for in a column of this wire type. */
export function unpackCell(type: ValueType, cell: NonNullable<Cell>): SnmpValue {
  if (typeof cell === 'string') return { type, value: Buffer.from(cell, 'latin1') } as SnmpValue;
  return { type, value: cell } as SnmpValue;
}

export function plainCell(syntax: Syntax, cell: NonNullable<Cell>): PlainValue {
  return toPlain(syntax, unpackCell(wireType(syntax.base), cell)) as PlainValue;
}

function packOctets(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
}
