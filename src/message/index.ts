/**
 * SNMPv1, SNMPv2c and SNMPv3 messages with all their PDUs, exact both ways (RFC 1157 section 4,
 * RFC 1901, RFC 3412 section 6, RFC 3414 2.4, RFC 3416 section 3).
 *
 * Does not know who asks, what the names mean, or any key. Invariants: what decodes is total (no
 * octets make it throw, loop or allocate more than they are); what is encoded is minimal BER and
 * never larger than asked for.
 */
export { decodeMessage, type DecodeFailure, type DecodeResult } from './decode-message.js';
export { decodeScopedPdu, decodeUsmParameters, decodeV3Message } from './decode-v3-message.js';
export type { Decoded, NotParsed } from './not-parsed.js';
export { V3MessageEncoder, v3MessageSize, type EncodedV3Message } from './encode-v3-message.js';
export {
  USM_SECURITY_MODEL,
  type OutgoingV3Message,
  type ScopedPdu,
  SECURITY_LEVELS,
  type SecurityLevel,
  type Span,
  type UsmParameters,
  type V3Message,
} from './v3-message.js';
export {
  MAX_UDP_PAYLOAD_OCTETS,
  MessageEncoder,
  responseSize,
  type ResponseHead,
} from './encode-message.js';
export { notificationHead, toTrapV1, trapOid, type TrapKind } from './trap-v1.js';
export type {
  CommunityMessage,
  GetBulkPdu,
  OutgoingMessage,
  OutgoingPdu,
  OutgoingScopedPdu,
  Pdu,
  PduType,
  StatusPdu,
  TrapV1Pdu,
  Version,
} from './pdu.js';
