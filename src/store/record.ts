import { crc32 } from 'node:zlib';
import { SnmpError } from '../base/index.js';
import type { KeptValue } from '../instrumentation/index.js';
import type { Oid } from '../smi/index.js';
import { valueFromJson, valueToJson, type JsonValue } from './value-json.js';

/**
 * Keys of the state: a letter for the kind, then sub-identifiers of four octets each, so that the
 * store's order of octets is the order of rows. Values: CRC-32 of the rest, then JSON.
 */
const KIND = { engine: 0x65, meta: 0x6d, object: 0x6f, prepared: 0x70 } as const;
const ARC_OCTETS = 4;
const CRC_OCTETS = 4;

export const META_KEY = Buffer.of(KIND.meta);
/** Of the engine ID: `{ id }` in hexadecimal. */
export const ENGINE_KEY = Buffer.of(KIND.engine);

/** Of a row: the object's OID with its length before it, then the index. */
export function objectKey(oid: Oid, rowIndex: Oid): Buffer {
  const key = Buffer.alloc(2 + ARC_OCTETS * (oid.length + rowIndex.length));
  key[0] = KIND.object;
  key[1] = oid.length;
  let offset = 2;
  for (const arc of oid) offset = key.writeUInt32BE(arc, offset);
  for (const arc of rowIndex) offset = key.writeUInt32BE(arc, offset);
  return key;
}

export interface ObjectKey {
  readonly oid: Oid;
  readonly rowIndex: Oid;
}

/** undefined for a key of another kind. */
export function readObjectKey(key: Buffer): ObjectKey | undefined {
  if (key[0] !== KIND.object || (key.length - 2) % ARC_OCTETS !== 0) return undefined;
  const arcs: number[] = [];
  for (let at = 2; at < key.length; at += ARC_OCTETS) arcs.push(key.readUInt32BE(at));
  const length = key[1] ?? 0;
  return { oid: arcs.slice(0, length), rowIndex: arcs.slice(length) };
}

/** Of a SET that was begun: which start of the agent it was in, and its number there. */
export function preparedKey(boots: number, transaction: number): Buffer {
  const key = Buffer.alloc(1 + ARC_OCTETS + 6);
  key[0] = KIND.prepared;
  key.writeUInt32BE(boots, 1);
  key.writeUIntBE(transaction, 1 + ARC_OCTETS, 6);
  return key;
}

/** First key of a kind, and the first one behind it. */
export function rangeOf(prefix: Buffer): { start: Buffer; end: Buffer } {
  const end = Buffer.from(prefix);
  // No prefix of ours ends in 0xff: kinds are letters, and sub-identifiers count down from there.
  for (let at = end.length - 1; at >= 0; at--) {
    const octet = end[at] ?? 0;
    if (octet === 0xff) {
      end[at] = 0;
      continue;
    }
    end[at] = octet + 1;
    return { start: prefix, end };
  }
  return { start: prefix, end: Buffer.of(0xff) };
}

export const ALL_OBJECTS = rangeOf(Buffer.of(KIND.object));
export const ALL_PREPARED = rangeOf(Buffer.of(KIND.prepared));

export function sealed(json: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(json), 'utf8');
  const octets = Buffer.alloc(CRC_OCTETS + text.length);
  octets.writeUInt32BE(crc32(text), 0);
  text.copy(octets, CRC_OCTETS);
  return octets;
}

/** @throws SnmpError SNMP_STATE_DAMAGED */
export function unsealed(octets: Buffer): unknown {
  const text = octets.subarray(CRC_OCTETS);
  if (octets.length < CRC_OCTETS || crc32(text) !== octets.readUInt32BE(0)) {
    throw new SnmpError('SNMP_STATE_DAMAGED', 'the state is damaged: a checksum is wrong');
  }
  return JSON.parse(text.toString('utf8'));
}

/** By column, as digits. */
export type JsonRow = Readonly<Record<string, JsonValue>>;

export function rowToJson(values: readonly KeptValue[]): JsonRow {
  return Object.fromEntries(values.map(({ column, value }) => [column, valueToJson(value)]));
}

/** @throws SnmpError SNMP_STATE_VALUE */
export function rowFromJson(json: unknown): KeptValue[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new SnmpError('SNMP_STATE_VALUE', 'not a kept row');
  }
  let place = '';
  try {
    return Object.entries(json).map(([column, value]) => {
      place = `column ${column}`;
      if (!/^\d{1,10}$/.test(column)) throw new SnmpError('SNMP_STATE_VALUE', 'not a column');
      return { column: Number(column), value: valueFromJson(value) };
    });
  } catch (cause) {
    throw misplaced(place, cause);
  }
}

/** A failure with where it is. */
export function misplaced(place: string, cause: unknown): SnmpError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SnmpError('SNMP_STATE_VALUE', `${place}: ${why}`, { cause });
}
