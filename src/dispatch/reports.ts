import { formatOid, type Oid } from '../smi/index.js';
import type { CounterName } from './counters.js';

/** What Reports tell of, as instances (RFC 3412 SNMP-MPD-MIB, RFC 3413 5, RFC 3414 section 5). */
export const REPORTED = {
  usmStatsUnsupportedSecLevels: [1, 3, 6, 1, 6, 3, 15, 1, 1, 1, 0],
  usmStatsNotInTimeWindows: [1, 3, 6, 1, 6, 3, 15, 1, 1, 2, 0],
  usmStatsUnknownUserNames: [1, 3, 6, 1, 6, 3, 15, 1, 1, 3, 0],
  usmStatsUnknownEngineIDs: [1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0],
  usmStatsWrongDigests: [1, 3, 6, 1, 6, 3, 15, 1, 1, 5, 0],
  usmStatsDecryptionErrors: [1, 3, 6, 1, 6, 3, 15, 1, 1, 6, 0],
  snmpUnknownPDUHandlers: [1, 3, 6, 1, 6, 3, 11, 2, 1, 3, 0],
  snmpUnknownContexts: [1, 3, 6, 1, 6, 3, 12, 1, 5, 0],
} as const satisfies Partial<Record<CounterName, Oid>>;

type ReportedCounter = keyof typeof REPORTED;

/**
 * What an engine says is wrong with a request, by the names that pysnmp gives to the same.
 * reportPduReceived: any other Report.
 */
export type ReportIndication =
  | 'unsupportedSecurityLevel'
  | 'notInTimeWindow'
  | 'unknownUserName'
  | 'unknownEngineID'
  | 'wrongDigest'
  | 'decryptionError'
  | 'unknownPDUHandler'
  | 'unavailableContext'
  | 'unknownContext'
  | 'reportPduReceived';

const INDICATIONS: Readonly<Record<ReportedCounter, ReportIndication>> = {
  usmStatsUnsupportedSecLevels: 'unsupportedSecurityLevel',
  usmStatsNotInTimeWindows: 'notInTimeWindow',
  usmStatsUnknownUserNames: 'unknownUserName',
  usmStatsUnknownEngineIDs: 'unknownEngineID',
  usmStatsWrongDigests: 'wrongDigest',
  usmStatsDecryptionErrors: 'decryptionError',
  snmpUnknownPDUHandlers: 'unknownPDUHandler',
  snmpUnknownContexts: 'unknownContext',
};

/** RFC 3413 5: the context is there, but not now. Never said by an agent of ours. */
const SNMP_UNAVAILABLE_CONTEXTS: Oid = [1, 3, 6, 1, 6, 3, 12, 1, 4, 0];

const INDICATION_OF: ReadonlyMap<string, ReportIndication> = new Map([
  ...(Object.keys(REPORTED) as ReportedCounter[]).map(
    (counter) => [formatOid(REPORTED[counter]), INDICATIONS[counter]] as const,
  ),
  [formatOid(SNMP_UNAVAILABLE_CONTEXTS), 'unavailableContext'],
]);

/** @param counter - the name of a Report's first variable, if it has one. */
export function indicationOf(counter: Oid | undefined): ReportIndication {
  return INDICATION_OF.get(formatOid(counter ?? [])) ?? 'reportPduReceived';
}
