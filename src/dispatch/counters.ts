/**
 * The Counter32 objects of the snmp group (RFC 3418, and RFC 1213's that it obsoletes) and those
 * of SNMP-MPD-MIB, by descriptor. They count modulo 2^32.
 */
const NAMES = [
  'snmpInPkts',
  'snmpOutPkts',
  'snmpInBadVersions',
  'snmpInBadCommunityNames',
  'snmpInBadCommunityUses',
  'snmpInASNParseErrs',
  'snmpInTooBigs',
  'snmpInNoSuchNames',
  'snmpInBadValues',
  'snmpInReadOnlys',
  'snmpInGenErrs',
  'snmpInTotalReqVars',
  'snmpInTotalSetVars',
  'snmpInGetRequests',
  'snmpInGetNexts',
  'snmpInSetRequests',
  'snmpInGetResponses',
  'snmpInTraps',
  'snmpOutTooBigs',
  'snmpOutNoSuchNames',
  'snmpOutBadValues',
  'snmpOutGenErrs',
  'snmpOutGetRequests',
  'snmpOutGetNexts',
  'snmpOutSetRequests',
  'snmpOutGetResponses',
  'snmpOutTraps',
  'snmpSilentDrops',
  'snmpProxyDrops',
  'snmpUnknownPDUHandlers',
] as const;

export type CounterName = (typeof NAMES)[number];

export const COUNTER_NAMES: readonly CounterName[] = NAMES;

export type SnmpCounters = Record<CounterName, number>;

/** A plain record: counting is the commonest thing the agent does. */
export function createCounters(): SnmpCounters {
  return Object.fromEntries(NAMES.map((name) => [name, 0])) as SnmpCounters;
}
