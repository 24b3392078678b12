/**
 * SNMPv1 and SNMPv2c messages with all their PDUs, exact both ways (RFC 1157 section 4, RFC 1901,
 * RFC 3416 section 3).
 *
 * Does not know who asks or what the names mean. Invariants: `decodeMessage` is total (no octets
 * make it throw, loop or allocate more than they are); what is encoded is minimal BER and never
 * larger than asked for.
 */
export { decodeMessage, type DecodeFailure, type DecodeResult } from './decode-message.js';
export {
  MAX_UDP_PAYLOAD_OCTETS,
  MessageEncoder,
  responseSize,
  type ResponseHead,
} from './encode-message.js';
export type {
  CommunityMessage,
  GetBulkPdu,
  OutgoingMessage,
  OutgoingPdu,
  Pdu,
  PduType,
  StatusPdu,
  TrapV1Pdu,
  Version,
} from './pdu.js';
