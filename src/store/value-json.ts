import { SnmpError } from '../base/index.js';
import { formatOid, parseOid, type SnmpValue } from '../smi/index.js';

/**
 * A value as JSON: one property, its type. Octets are hexadecimal, a Counter64 and an OID are
 * text: `{"Integer32":5}`, `{"OctetString":"6f6b"}`, `{"Counter64":"18446744073709551615"}`.
 */
export type JsonValue = Readonly<Record<string, number | string>>;

export function valueToJson(value: SnmpValue): JsonValue {
  switch (value.type) {
    case 'Integer32':
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return { [value.type]: value.value };
    case 'Counter64':
      return { Counter64: value.value.toString() };
    case 'ObjectIdentifier':
      return { ObjectIdentifier: formatOid(value.value) };
    case 'OctetString':
    case 'IpAddress':
    case 'Opaque':
      return { [value.type]: Buffer.from(value.value).toString('hex') };
    case 'Null':
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      throw new SnmpError('SNMP_STATE_VALUE', `${value.type} is no value that can be kept`);
  }
}

const VALUE_TYPES = [
  'Integer32',
  'Counter32',
  'Gauge32',
  'TimeTicks',
  'Counter64',
  'ObjectIdentifier',
  'OctetString',
  'IpAddress',
  'Opaque',
] as const;

const HEX = /^([\da-f]{2})*$/;
const MAX_COUNTER64 = 0xffff_ffff_ffff_ffffn;

/** @throws SnmpError SNMP_STATE_VALUE */
export function valueFromJson(json: unknown): SnmpValue {
  const [entry, ...more] = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const value = entry === undefined || more.length > 0 ? undefined : decode(entry[0], entry[1]);
  if (value === undefined) {
    // Not what it is: it may be a community or a key.
    const type = VALUE_TYPES.find((known) => known === entry?.[0]);
    const what = type === undefined ? 'a kept value' : `a kept value of type ${type}`;
    throw new SnmpError('SNMP_STATE_VALUE', `not ${what}`);
  }
  return value;
}

function decode(type: string, content: unknown): SnmpValue | undefined {
  switch (type) {
    case 'Integer32':
      return typeof content === 'number' && (content | 0) === content
        ? { type, value: content }
        : undefined;
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return typeof content === 'number' && content >>> 0 === content
        ? { type, value: content }
        : undefined;
    case 'Counter64': {
      if (typeof content !== 'string' || !/^\d{1,20}$/.test(content)) return undefined;
      const value = BigInt(content);
      return value <= MAX_COUNTER64 ? { type, value } : undefined;
    }
    case 'ObjectIdentifier':
      return typeof content === 'string' ? { type, value: parseOid(content) } : undefined;
    case 'OctetString':
    case 'IpAddress':
    case 'Opaque':
      return typeof content === 'string' && HEX.test(content)
        ? { type, value: Buffer.from(content, 'hex') }
        : undefined;
    default:
      return undefined;
  }
}
