import type { Call } from './calls.js';

/** What an agent answers otherwise than the RFCs and ours; everything else is the same. */
interface Difference {
  readonly peer: string;
  /** Names of calls. */
  readonly calls: readonly string[];
  readonly answer: string;
  readonly why: string;
}

const ECHO =
  'its errors do not carry the variables as they were asked (RFC 3416 4.2.5, RFC 1157 4.1.5)';
const V2_IN_V1 =
  'it puts noSuchInstance and its like into SNMPv1, which has none (RFC 3584 4.2.2): no message, dropped';
const TOO_BIG = ['get, v1: more than a datagram holds', 'get, v2c: more than a datagram holds'];
const NOT_SENT = 'it makes an answer that no datagram holds, and loses it (RFC 3416 4.2.1: tooBig)';

export const DIFFERENCES: readonly Difference[] = [
  {
    peer: 'snmpd',
    calls: ['get, v1: neither is there'],
    answer: 'noSuchName 2 Null Null',
    why: 'it names the last of several, where RFC 1157 4.1.2 says any',
  },
  { peer: 'snmpd', calls: TOO_BIG, answer: 'requestTimedOut, 0 variables', why: NOT_SENT },
  {
    peer: 'snmpd',
    calls: ['set, v2c: who may only read'],
    answer: 'noAccess 1, nothing set',
    why: 'it looks at each variable; ours refuses who may write nothing at all (RFC 3416 4.2.5 allows both)',
  },
  {
    peer: 'OTP',
    calls: ['get, v1: neither is there'],
    answer: 'noSuchName 2 Null Null',
    why: 'as snmpd',
  },
  {
    peer: 'OTP',
    calls: ['set, v2c: who may only read'],
    answer: 'noAccess 1, nothing set',
    why: 'as snmpd',
  },
  {
    peer: 'OTP',
    calls: ['table: sysORTable'],
    answer: 'no rows, as the column walked',
    why: 'its table is empty',
  },
  { peer: 'pysnmp', calls: TOO_BIG, answer: 'requestTimedOut, 0 variables', why: NOT_SENT },
  {
    peer: 'pysnmp',
    calls: ['getBulk: after all there is, three times'],
    answer: 'noError 0 endOfMibView endOfMibView endOfMibView',
    why: 'RFC 3416 4.2.3 lets an agent stop at the first, or not',
  },
  {
    peer: 'pysnmp',
    calls: ['getBulk: no repetition'],
    answer: 'genErr 1 sysDescr',
    why: 'it does not expect max-repetitions of 0 (RFC 3416 4.2.3)',
  },
  {
    peer: 'pysnmp',
    calls: ['set, v1: a value of another type', 'set, v2c: a value of another type'],
    answer: 'noError 0, something set, other variables answered',
    why: 'it makes a text of the number, sets that and answers it',
  },
  {
    peer: 'pysnmp',
    calls: ['set, v2c: a text too long'],
    answer: 'wrongValue 1, nothing set',
    why: 'whatever does not fit the SYNTAX is wrongValue',
  },
  {
    peer: 'pysnmp',
    calls: ['set, v2c: who may only read'],
    answer: 'noError 0, something set',
    why: 'who has no write view writes everything',
  },
  {
    peer: 'pysnmp',
    calls: ['table: sysORTable'],
    answer: 'no rows, as the column walked',
    why: 'its table is empty',
  },
  {
    peer: 'npm net-snmp',
    calls: [
      'get, v1: the second is not there',
      'get, v1: neither is there',
      'walk, bulkWalk: the system group',
    ],
    answer: 'requestTimedOut notParsed',
    why: V2_IN_V1,
  },
  {
    peer: 'npm net-snmp',
    calls: ['get, v2c: no variable', 'getBulk: no repetition'],
    answer: 'requestTimedOut',
    why: 'it does not answer a request of no variable, or for none',
  },
  { peer: 'npm net-snmp', calls: TOO_BIG, answer: 'requestTimedOut, 0 variables', why: NOT_SENT },
  {
    peer: 'npm net-snmp',
    calls: ['getNext, v1: after all there is', 'getNext, v2c: after all there is'],
    answer: 'noError 0 OctetString',
    why: 'after a name outside of its tree comes its first one',
  },
  {
    peer: 'npm net-snmp',
    calls: ['getBulk: after all there is, three times'],
    answer: 'noError 0 OctetString ObjectIdentifier TimeTicks',
    why: 'as above',
  },
  {
    peer: 'npm net-snmp',
    calls: ['getBulk: one once, two twice'],
    answer: 'noError 0 sysDescr.0 sysContact.0',
    why: 'of several repeaters it answers the first, once (RFC 3416 4.2.3: each, as often as asked)',
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v1: one that is read-only'],
    answer: 'noSuchName 1, nothing set, other variables answered',
    why: ECHO,
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v2c: one that is read-only', 'set, v2c: the first is read-only'],
    answer: 'notWritable 1, nothing set, other variables answered',
    why: ECHO,
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v1: the second is read-only'],
    answer: 'noSuchName 2, nothing set, other variables answered',
    why: ECHO,
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v2c: the second is read-only'],
    answer: 'notWritable 2, nothing set, other variables answered',
    why: ECHO,
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v1: a value of another type', 'set, v1: a text too long'],
    answer: 'badValue 1, nothing set, other variables answered',
    why: ECHO,
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v2c: a value of another type'],
    answer: 'wrongType 1, nothing set, other variables answered',
    why: ECHO,
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v2c: a text too long'],
    answer: 'badValue 1, nothing set, other variables answered',
    why: 'a status of SNMPv1 in SNMPv2c (RFC 3416 4.2.5: wrongLength)',
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v1: no object'],
    answer: 'requestTimedOut notParsed, nothing set, other variables answered',
    why: V2_IN_V1,
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v2c: no object'],
    answer: 'noError 0, nothing set, other variables answered',
    why: 'noError, with noSuchObject as the value: nothing was set (RFC 3416 4.2.5: notWritable)',
  },
  {
    peer: 'npm net-snmp',
    calls: ['set, v2c: who may only read'],
    answer: 'noAccess 1, nothing set, other variables answered',
    why: 'as snmpd',
  },
];

/** What this agent answers to this call. */
export function answerDue(peer: string, { name, due }: Call): string {
  const own = DIFFERENCES.find((one) => one.peer === peer && one.calls.includes(name));
  return own?.answer ?? due;
}

/** The table of the page. */
export function differenceRows(): readonly string[] {
  return DIFFERENCES.map(
    ({ peer, calls, answer, why }) =>
      `| ${peer} | ${calls.join('<br>')} | \`${answer}\` | ${why} |`,
  );
}
