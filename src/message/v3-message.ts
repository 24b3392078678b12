import type { Pdu } from './pdu.js';

/** Ascending. */
export const SECURITY_LEVELS = ['noAuthNoPriv', 'authNoPriv', 'authPriv'] as const;

/** RFC 3411 SnmpSecurityLevel. */
export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

/** RFC 3414: the only security model there is here. */
export const USM_SECURITY_MODEL = 3;

/** RFC 3412 section 6, msgMaxSize: an engine that cannot take so much is none. */
export const LEAST_MAX_SIZE_OCTETS = 484;

/** Octets of a larger whole, from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** RFC 3412 section 6: the header is decoded, the rest is where it lies in the datagram. */
export interface V3Message {
  readonly datagram: Uint8Array;
  readonly msgId: number;
  /** What the sender can take. 484..2147483647. */
  readonly maxSizeOctets: number;
  /** Undefined for encryption without authentication, which no message may have. */
  readonly securityLevel: SecurityLevel | undefined;
  readonly isReportable: boolean;
  readonly securityModel: number;
  readonly securityParameters: Span;
  /** A ScopedPDU as a whole element, or the content of the OCTET STRING it was encrypted to. */
  readonly data: Span & { readonly isEncrypted: boolean };
}

/** RFC 3414 2.4. */
export interface UsmParameters {
  readonly engineId: Uint8Array;
  readonly engineBoots: number;
  readonly engineTimeSeconds: number;
  /** At most 32 octets. */
  readonly userName: Uint8Array;
  /** Where in the datagram: the digest is made of all its octets with these being zero. */
  readonly authParameters: Span;
  readonly privParameters: Uint8Array;
}

/** RFC 3412 section 6.8: a PDU and the context its names are looked up in. */
export interface ScopedPdu {
  readonly contextEngineId: Uint8Array;
  readonly contextName: Uint8Array;
  readonly pdu: Pdu;
}

export interface OutgoingV3Message {
  readonly msgId: number;
  readonly maxSizeOctets: number;
  readonly securityLevel: SecurityLevel;
  readonly isReportable: boolean;
  readonly engineId: Uint8Array;
  readonly engineBoots: number;
  readonly engineTimeSeconds: number;
  readonly userName: Uint8Array;
  /** The place of the digest: as many zeros. */
  readonly digestOctets: number;
  readonly privParameters: Uint8Array;
  /** As in V3Message: a ScopedPDU as a whole element, or what it was encrypted to. */
  readonly data: Uint8Array;
}
