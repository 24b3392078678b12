/**
 * The Counter32 objects of the snmp group (RFC 3418, and RFC 1213's that it obsoletes), those of
 * SNMP-MPD-MIB (RFC 3412), SNMP-TARGET-MIB's of contexts (RFC 3413) and usmStats (RFC 3414), by
 * descriptor. They count modulo 2^32.
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
  'snmpUnknownSecurityModels',
  'snmpInvalidMsgs',
  'snmpUnknownPDUHandlers',
  'snmpUnavailableContexts',
  'snmpUnknownContexts',
  'usmStatsUnsupportedSecLevels',
  'usmStatsNotInTimeWindows',
  'usmStatsUnknownUserNames',
  'usmStatsUnknownEngineIDs',
  'usmStatsWrongDigests',
  'usmStatsDecryptionErrors',
] as const;

export type CounterName = (typeof NAMES)[number];

export const COUNTER_NAMES: readonly CounterName[] = NAMES;

export type SnmpCounters = Record<CounterName, number>;

/** A plain record: counting is the commonest thing the agent does. */
export function createCounters(): SnmpCounters {
  return Object.fromEntries(NAMES.map((name) => [name, 0])) as SnmpCounters;
}
