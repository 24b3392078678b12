import { BerError, BerReader, TAG } from '../ber/index.js';
import { readVarBind, type VarBind } from '../smi/index.js';
import { toFailure, type NotParsed } from './not-parsed.js';
import { PDU_TAG, type CommunityMessage, type Pdu, type StatusPdu, type Version } from './pdu.js';

export type DecodeFailure =
  | NotParsed
  /** RFC 3412 4.2.1(2): snmpInBadVersions. Looked at before the rest is parsed. */
  | { readonly kind: 'badVersion'; readonly version: number };

export type DecodeResult =
  | { readonly ok: true; readonly message: CommunityMessage }
  | { readonly ok: false; readonly failure: DecodeFailure };

const IP_ADDRESS_TAG = 0x40;
const TIME_TICKS_TAG = 0x43;
const IP_ADDRESS_OCTETS = 4;

const STATUS_PDU_OF_TAG: ReadonlyMap<number, StatusPdu['type']> = new Map([
  [PDU_TAG.get, 'get'],
  [PDU_TAG.getNext, 'getNext'],
  [PDU_TAG.response, 'response'],
  [PDU_TAG.set, 'set'],
  [PDU_TAG.inform, 'inform'],
  [PDU_TAG.trap, 'trap'],
  [PDU_TAG.report, 'report'],
]);

/**
 * One datagram to one message, or the reason why not. Total: takes any octets, never throws, and
 * its time and memory are linear in their number. An SNMPv3 message is of a version that is not
 * this function's: `decodeV3Message` reads it.
 */
export function decodeMessage(datagram: Uint8Array): DecodeResult {
  try {
    const reader = new BerReader(datagram);
    const outerEnd = reader.enter(TAG.sequence);
    const number = reader.readInteger32();
    const version = number === 1 ? 'v2c' : number === 0 ? 'v1' : undefined;
    if (version === undefined) {
      return { ok: false, failure: { kind: 'badVersion', version: number } };
    }
    return { ok: true, message: readMessage(reader, outerEnd, version) };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

function readMessage(reader: BerReader, outerEnd: number, version: Version): CommunityMessage {
  // Octets after the message: the datagram is dropped (CONFORMANCE D9).
  if (reader.end !== outerEnd) throw new BerError('octets-left-over', reader.end);
  const community = reader.readOctets();
  const pdu = readPdu(reader, version);
  reader.leave(outerEnd);
  return { version, community, pdu };
}

/** SNMPv3 carries the PDUs of v2c. @throws BerError */
export function readPdu(reader: BerReader, version: Version): Pdu {
  const tag = reader.peekTag();
  // RFC 1157 4.1 knows five PDUs; RFC 3416 section 3 knows all but the old trap.
  const belongs =
    version === 'v1'
      ? tag >= PDU_TAG.get && tag <= PDU_TAG.trapV1
      : tag >= PDU_TAG.get && tag <= PDU_TAG.report && tag !== PDU_TAG.trapV1;
  if (!belongs) throw new BerError('unexpected-tag', reader.position);
  const outerEnd = reader.enter(tag);
  const pdu = tag === PDU_TAG.trapV1 ? readTrapV1(reader) : readRequest(reader, tag, version);
  reader.leave(outerEnd);
  return pdu;
}

function readRequest(reader: BerReader, tag: number, version: Version): Pdu {
  const requestId = reader.readInteger32();
  const second = reader.readInteger32();
  const third = reader.readInteger32();
  const { varBinds, varBindOctets } = readVarBinds(reader, version);
  const type = STATUS_PDU_OF_TAG.get(tag);
  if (type === undefined) {
    return {
      type: 'getBulk',
      requestId,
      nonRepeaters: second,
      maxRepetitions: third,
      varBinds,
      varBindOctets,
    };
  }
  return { type, requestId, errorStatus: second, errorIndex: third, varBinds, varBindOctets };
}

function readTrapV1(reader: BerReader): Pdu {
  const enterprise = reader.readOid();
  const offset = reader.position;
  const agentAddress = reader.readOctets(IP_ADDRESS_TAG);
  if (agentAddress.length !== IP_ADDRESS_OCTETS) {
    throw new BerError('content-of-wrong-size', offset);
  }
  const genericTrap = reader.readInteger32();
  const specificTrap = reader.readInteger32();
  const timestampCentiseconds = reader.readUnsigned32(TIME_TICKS_TAG);
  const { varBinds, varBindOctets } = readVarBinds(reader, 'v1');
  return {
    type: 'trapV1',
    enterprise,
    agentAddress,
    genericTrap,
    specificTrap,
    timestampCentiseconds,
    varBinds,
    varBindOctets,
  };
}

function readVarBinds(
  reader: BerReader,
  version: Version,
): { varBinds: VarBind[]; varBindOctets: Uint8Array } {
  const outerEnd = reader.enter(TAG.sequence);
  const start = reader.position;
  const varBinds: VarBind[] = [];
  while (!reader.atEnd) {
    const at = reader.position;
    const varBind = readVarBind(reader);
    // RFC 3584 4.2.2: SNMPv1 has neither Counter64 nor exceptions (ENC-038).
    if (version === 'v1' && !isV1Type(varBind)) throw new BerError('unexpected-tag', at);
    varBinds.push(varBind);
  }
  const varBindOctets = reader.bytes.subarray(start, reader.end);
  reader.leave(outerEnd);
  return { varBinds, varBindOctets };
}

function isV1Type({ value: { type } }: VarBind): boolean {
  return (
    type !== 'Counter64' &&
    type !== 'noSuchObject' &&
    type !== 'noSuchInstance' &&
    type !== 'endOfMibView'
  );
}
