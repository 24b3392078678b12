import { BerError, BerReader, TAG } from '../ber/index.js';
import { readPdu } from './decode-message.js';
import { decoded, type Decoded } from './not-parsed.js';
import {
  LEAST_MAX_SIZE_OCTETS,
  type ScopedPdu,
  type SecurityLevel,
  type Span,
  type UsmParameters,
  type V3Message,
} from './v3-message.js';

const V3 = 3;
/** RFC 3412 section 6.4; the other bits are reserved and mean nothing. */
const FLAG = { auth: 0x01, priv: 0x02, reportable: 0x04 } as const;
/** RFC 3414 2.4: msgUserName. */
const MAX_USER_NAME_OCTETS = 32;

/**
 * Header and outline of an SNMPv3 message. Total, as `decodeMessage` is; the security parameters
 * and the data are not looked into: what may be known of them is decided in between.
 */
export function decodeV3Message(datagram: Uint8Array): Decoded<V3Message> {
  return decoded(() => {
    const reader = new BerReader(datagram);
    const outerEnd = reader.enter(TAG.sequence);
    if (reader.end !== outerEnd) throw new BerError('octets-left-over', reader.end);
    readFrom(reader, V3, V3);
    const headerEnd = reader.enter(TAG.sequence);
    const msgId = readFrom(reader, 0);
    const maxSizeOctets = readFrom(reader, LEAST_MAX_SIZE_OCTETS);
    const flags = readFlags(reader);
    const securityModel = readFrom(reader, 1);
    reader.leave(headerEnd);
    const securityParameters = readSpan(reader, TAG.octetString);
    const data = readData(reader);
    reader.leave(outerEnd);
    return {
      datagram,
      msgId,
      maxSizeOctets,
      securityLevel: levelOf(flags),
      isReportable: (flags & FLAG.reportable) !== 0,
      securityModel,
      securityParameters,
      data,
    };
  });
}

/** The security parameters, read as the user-based security model's. Total. */
export function decodeUsmParameters(message: V3Message): Decoded<UsmParameters> {
  return decoded(() => {
    const { start, end } = message.securityParameters;
    const reader = new BerReader(message.datagram, start, end);
    const outerEnd = reader.enter(TAG.sequence);
    if (reader.end !== outerEnd) throw new BerError('octets-left-over', reader.end);
    const engineId = reader.readOctets();
    const engineBoots = readFrom(reader, 0);
    const engineTimeSeconds = readFrom(reader, 0);
    const at = reader.position;
    const userName = reader.readOctets();
    if (userName.length > MAX_USER_NAME_OCTETS) throw new BerError('content-of-wrong-size', at);
    const authParameters = readSpan(reader, TAG.octetString);
    const privParameters = reader.readOctets();
    reader.leave(outerEnd);
    return { engineId, engineBoots, engineTimeSeconds, userName, authParameters, privParameters };
  });
}

/**
 * A ScopedPDU. Total. What follows it is padding (RFC 3414 8.1.1.3): where there may be none, the
 * span ends with the element.
 */
export function decodeScopedPdu(
  octets: Uint8Array,
  { start, end }: Span = { start: 0, end: octets.length },
): Decoded<ScopedPdu> {
  return decoded(() => {
    const reader = new BerReader(octets, start, end);
    const outerEnd = reader.enter(TAG.sequence);
    const contextEngineId = reader.readOctets();
    const contextName = reader.readOctets();
    const pdu = readPdu(reader, 'v2c');
    reader.leave(outerEnd);
    return { contextEngineId, contextName, pdu };
  });
}

/** An integer of a range: up to 2^31 - 1 unless told otherwise. */
function readFrom(reader: BerReader, least: number, most = Number.POSITIVE_INFINITY): number {
  const at = reader.position;
  const value = reader.readInteger32();
  if (value < least || value > most) throw new BerError('integer-out-of-range', at);
  return value;
}

function readFlags(reader: BerReader): number {
  const at = reader.position;
  const end = reader.readHeader(TAG.octetString);
  const flags = reader.bytes[reader.position] as number;
  if (end - reader.position !== 1) throw new BerError('content-of-wrong-size', at);
  reader.position = end;
  return flags;
}

function levelOf(flags: number): SecurityLevel | undefined {
  if ((flags & FLAG.priv) === 0) return (flags & FLAG.auth) === 0 ? 'noAuthNoPriv' : 'authNoPriv';
  return (flags & FLAG.auth) === 0 ? undefined : 'authPriv';
}

/** Passes over an element; the span is of its content. */
function readSpan(reader: BerReader, tag: number): Span {
  const end = reader.readHeader(tag);
  const start = reader.position;
  reader.position = end;
  return { start, end };
}

function readData(reader: BerReader): V3Message['data'] {
  // No spread: V8 makes a hidden class of its own for each such object, and keeps it for a while.
  if (reader.peekTag() === TAG.octetString) {
    const { start, end } = readSpan(reader, TAG.octetString);
    return { start, end, isEncrypted: true };
  }
  const start = reader.position;
  const { end } = readSpan(reader, TAG.sequence);
  return { start, end, isEncrypted: false };
}
