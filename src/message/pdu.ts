import type { Oid, VarBind } from '../smi/index.js';

/** Context tags of RFC 3416 section 3 and, for the old trap, RFC 1157 4.1. */
export const PDU_TAG = {
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  trapV1: 0xa4,
  getBulk: 0xa5,
  inform: 0xa6,
  trap: 0xa7,
  report: 0xa8,
} as const;

export type PduType = keyof typeof PDU_TAG;

/** The variable-bindings as they came: decoded, and the very octets for answers that echo them. */
interface ReceivedVarBinds {
  readonly varBinds: readonly VarBind[];
  /** Content octets of the VarBindList. */
  readonly varBindOctets: Uint8Array;
}

/** Every PDU but GetBulk and the old trap. Codes are as on the wire: a request's are ignored. */
export interface StatusPdu extends ReceivedVarBinds {
  readonly type: 'get' | 'getNext' | 'response' | 'set' | 'inform' | 'trap' | 'report';
  readonly requestId: number;
  readonly errorStatus: number;
  readonly errorIndex: number;
}

export interface GetBulkPdu extends ReceivedVarBinds {
  readonly type: 'getBulk';
  readonly requestId: number;
  /** As on the wire; a negative number means 0 (RFC 3416 4.2.3). */
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
}

/** RFC 1157 4.1.6. */
export interface TrapV1Pdu extends ReceivedVarBinds {
  readonly type: 'trapV1';
  readonly enterprise: Oid;
  /** Four octets. */
  readonly agentAddress: Uint8Array;
  readonly genericTrap: number;
  readonly specificTrap: number;
  readonly timestampCentiseconds: number;
}

export type Pdu = StatusPdu | GetBulkPdu | TrapV1Pdu;

export type Version = 'v1' | 'v2c';

/** RFC 1901 and RFC 1157: a PDU and the community it claims. */
export interface CommunityMessage {
  readonly version: Version;
  readonly community: Uint8Array;
  readonly pdu: Pdu;
}

/** A PDU to be sent; `varBinds` may be octets that are echoed as they came. */
export type OutgoingPdu =
  | (Omit<StatusPdu, 'varBinds' | 'varBindOctets'> & OutgoingVarBinds)
  | (Omit<GetBulkPdu, 'varBinds' | 'varBindOctets'> & OutgoingVarBinds)
  | (Omit<TrapV1Pdu, 'varBinds' | 'varBindOctets'> & OutgoingVarBinds);

interface OutgoingVarBinds {
  readonly varBinds: readonly VarBind[] | Uint8Array;
}

export interface OutgoingMessage {
  readonly version: Version;
  readonly community: Uint8Array;
  readonly pdu: OutgoingPdu;
}

/** RFC 3412 section 6.8: what an SNMPv3 message carries. */
export interface OutgoingScopedPdu {
  readonly version: 'v3';
  readonly contextEngineId: Uint8Array;
  readonly contextName: Uint8Array;
  readonly pdu: OutgoingPdu;
}
