/** Why a receiver is not told of something: stable across releases. */
export type NotSentCode =
  /** There is no such row in snmpTargetParamsTable. */
  | 'SNMP_NOTIFY_NO_PARAMS'
  /** The row of snmpTargetParamsTable is not active. */
  | 'SNMP_NOTIFY_NOT_ACTIVE'
  /** The domain is not UDP over IPv4 or IPv6, or the address has no port. */
  | 'SNMP_NOTIFY_ADDRESS'
  /** The models of messages and of security do not go together. */
  | 'SNMP_NOTIFY_MODEL'
  /** Communities have no keys, or the user has none for the level. */
  | 'SNMP_NOTIFY_LEVEL'
  /** No community stands for the securityName there (RFC 3584 5.2.3). */
  | 'SNMP_NOTIFY_NO_COMMUNITY'
  /** There is no such user; of an inform: none with keys for the engine that receives it. */
  | 'SNMP_NOTIFY_NO_USER'
  /** It, or one of its objects, is not in the notify view. */
  | 'SNMP_NOTIFY_VIEW'
  /** SNMPv1 has no Counter64. */
  | 'SNMP_NOTIFY_COUNTER64'
  /** The message would be larger than may be sent. */
  | 'SNMP_NOTIFY_SIZE'
  /** The socket is being replaced. */
  | 'SNMP_NOTIFY_NO_SOCKET';

/** That, and in words. */
export interface NotSent {
  readonly code: NotSentCode;
  readonly reason: string;
}

export function tooLarge(maxSizeOctets: number): NotSent {
  return { code: 'SNMP_NOTIFY_SIZE', reason: `larger than ${maxSizeOctets} octets` };
}

/** Whether there are octets to send, or why there are none. */
export function isNotSent(octets: Uint8Array | NotSent): octets is NotSent {
  return !(octets instanceof Uint8Array);
}
