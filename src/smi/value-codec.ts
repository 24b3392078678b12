import {
  BerError,
  TAG,
  elementSize,
  integer32Size,
  oidSize,
  unsigned32Size,
  unsigned64Size,
  type BerReader,
  type BerWriter,
} from '../ber/index.js';
import {
  END_OF_MIB_VIEW,
  NO_SUCH_INSTANCE,
  NO_SUCH_OBJECT,
  NULL_VALUE,
  type SnmpValue,
  type VarBind,
} from './value.js';

/** RFC 2578 and RFC 3416 section 3: [APPLICATION n] and the exceptions' [n]. */
const VALUE_TAG = {
  ipAddress: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
} as const;

const IP_ADDRESS_OCTETS = 4;

/** @throws BerError */
export function readValue(reader: BerReader): SnmpValue {
  const tag = reader.peekTag();
  switch (tag) {
    case TAG.null:
      reader.readEmpty(tag);
      return NULL_VALUE;
    case TAG.integer:
      return { type: 'Integer32', value: reader.readInteger32() };
    case TAG.octetString:
      return { type: 'OctetString', value: reader.readOctets() };
    case TAG.objectIdentifier:
      return { type: 'ObjectIdentifier', value: reader.readOid() };
    case VALUE_TAG.counter32:
      return { type: 'Counter32', value: reader.readUnsigned32(tag) };
    case VALUE_TAG.gauge32:
      return { type: 'Gauge32', value: reader.readUnsigned32(tag) };
    case VALUE_TAG.timeTicks:
      return { type: 'TimeTicks', value: reader.readUnsigned32(tag) };
    case VALUE_TAG.counter64:
      return { type: 'Counter64', value: reader.readUnsigned64(tag) };
    case VALUE_TAG.ipAddress: {
      const offset = reader.position;
      const value = reader.readOctets(tag);
      if (value.length !== IP_ADDRESS_OCTETS) throw new BerError('content-of-wrong-size', offset);
      return { type: 'IpAddress', value };
    }
    case VALUE_TAG.opaque:
      return { type: 'Opaque', value: reader.readOctets(tag) };
    case VALUE_TAG.noSuchObject:
      reader.readEmpty(tag);
      return NO_SUCH_OBJECT;
    case VALUE_TAG.noSuchInstance:
      reader.readEmpty(tag);
      return NO_SUCH_INSTANCE;
    case VALUE_TAG.endOfMibView:
      reader.readEmpty(tag);
      return END_OF_MIB_VIEW;
    default:
      throw new BerError('unexpected-tag', reader.position);
  }
}

export function writeValue(writer: BerWriter, value: SnmpValue): void {
  switch (value.type) {
    case 'Integer32':
      writer.integer32(value.value);
      return;
    case 'OctetString':
      writer.octets(value.value);
      return;
    case 'ObjectIdentifier':
      writer.oid(value.value);
      return;
    case 'Counter32':
      writer.unsigned32(value.value, VALUE_TAG.counter32);
      return;
    case 'Gauge32':
      writer.unsigned32(value.value, VALUE_TAG.gauge32);
      return;
    case 'TimeTicks':
      writer.unsigned32(value.value, VALUE_TAG.timeTicks);
      return;
    case 'Counter64':
      writer.unsigned64(value.value, VALUE_TAG.counter64);
      return;
    case 'IpAddress':
      writer.octets(value.value, VALUE_TAG.ipAddress);
      return;
    case 'Opaque':
      writer.octets(value.value, VALUE_TAG.opaque);
      return;
    case 'Null':
      writer.empty(TAG.null);
      return;
    case 'noSuchObject':
      writer.empty(VALUE_TAG.noSuchObject);
      return;
    case 'noSuchInstance':
      writer.empty(VALUE_TAG.noSuchInstance);
      return;
    case 'endOfMibView':
      writer.empty(VALUE_TAG.endOfMibView);
      return;
  }
}

/** @throws BerError */
export function readVarBind(reader: BerReader): VarBind {
  const outerEnd = reader.enter(TAG.sequence);
  const name = reader.readOid();
  const value = readValue(reader);
  reader.leave(outerEnd);
  return { name, value };
}

export function writeVarBind(writer: BerWriter, varBind: VarBind): void {
  const end = writer.mark();
  writeValue(writer, varBind.value);
  writer.oid(varBind.name);
  writer.header(TAG.sequence, end);
}

function contentSize(value: SnmpValue): number {
  switch (value.type) {
    case 'Integer32':
      return integer32Size(value.value);
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return unsigned32Size(value.value);
    case 'Counter64':
      return unsigned64Size(value.value);
    case 'OctetString':
    case 'IpAddress':
    case 'Opaque':
      return value.value.length;
    case 'ObjectIdentifier':
      return oidSize(value.value);
    case 'Null':
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      return 0;
  }
}

/** Octets that writeVarBind will write. */
export function varBindSize(varBind: VarBind): number {
  return elementSize(elementSize(oidSize(varBind.name)) + elementSize(contentSize(varBind.value)));
}
