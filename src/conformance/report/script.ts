import { formatOid, NULL_VALUE, type SnmpValue, type VarBind } from '../../smi/index.js';
import { MessageEncoder, MAX_UDP_PAYLOAD_OCTETS, type OutgoingPdu } from '../../message/index.js';
import type { Subject } from '../subject.js';
import type { RecordedExchange, TranscriptEntry } from '../transcript.js';
import { hex, isPlainText, showValue } from '../values/show-value.js';

const COMMAND: Readonly<Record<RecordedExchange['operation'], string>> = {
  get: 'snmpget',
  getNext: 'snmpgetnext',
  getBulk: 'snmpbulkget',
  set: 'snmpset',
};

/** What a name is called in a comment: `sysContact.0`. */
export type Labels = (name: VarBind['name']) => string;

/**
 * Everybody knows these; the last is that of the kit's own agents. Another community is a secret, and
 * reports are kept and passed on.
 */
const WELL_KNOWN: readonly string[] = ['public', 'private', 'conformance'];

/**
 * What was done, as commands of net-snmp that do it again; what came back stands under each as a
 * comment. Without an address the commands go to `$AGENT`; a community that is a secret is
 * `$COMMUNITY`.
 */
export function scriptOf(
  entries: readonly TranscriptEntry[],
  subject: Subject,
  labels: Labels,
): string[] {
  const lines: string[] = [];
  if (subject.address === undefined && entries.length > 0) {
    lines.push('AGENT=127.0.0.1:1161   # where the agent listens');
  }
  if (!WELL_KNOWN.includes(subject.community) && entries.length > 0) {
    lines.push('COMMUNITY=   # that of the run');
  }
  for (const entry of entries) {
    if (entry.kind === 'note') {
      lines.push(`# ${entry.text}`);
    } else {
      lines.push(commandOf(entry, subject), ...answerOf(entry, labels));
    }
  }
  return lines;
}

function commandOf(exchange: RecordedExchange, subject: Subject): string {
  const { operation, varBinds } = exchange;
  if (operation === 'set' && varBinds.some(({ value }) => argumentsFor(value) === undefined)) {
    return octetsCommand(exchange, subject);
  }
  const version = subject.version === 'v1' ? '-v1' : '-v2c';
  const words = [
    COMMAND[operation],
    version,
    '-c',
    WELL_KNOWN.includes(subject.community) ? quote(subject.community) : '"$COMMUNITY"',
    // Numbers only, as they are: no module of the machine at hand interferes.
    '-On',
    "-m ''",
    ...(operation === 'getBulk'
      ? [`-Cn${exchange.nonRepeaters ?? 0}`, `-Cr${exchange.maxRepetitions ?? 0}`]
      : []),
    addressOf(subject),
    ...varBinds.map(({ name, value }) =>
      operation === 'set' ? `.${formatOid(name)} ${argumentsFor(value)}` : `.${formatOid(name)}`,
    ),
  ];
  return words.join(' ');
}

function addressOf(subject: Subject): string {
  return subject.address === undefined ? '"$AGENT"' : quote(subject.address);
}

/** snmpset's letter and value; undefined for what it cannot send. */
function argumentsFor(value: SnmpValue): string | undefined {
  switch (value.type) {
    case 'Integer32':
      return `i ${value.value}`;
    case 'Gauge32':
      return `u ${value.value}`;
    case 'TimeTicks':
      return `t ${value.value}`;
    case 'Counter32':
      return `c ${value.value}`;
    case 'Counter64':
      return `C ${value.value}`;
    case 'IpAddress':
      return `a ${value.value.join('.')}`;
    case 'ObjectIdentifier':
      return `o .${formatOid(value.value)}`;
    case 'OctetString':
      return isPlainText(value.value)
        ? `s ${quote(Buffer.from(value.value).toString('latin1'))}`
        : `x ${hex(value.value)}`;
    case 'Null':
      return "n ''";
    case 'Opaque':
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      return undefined;
  }
}

/** Octets on the wire, where there is no command for a value. */
function octetsCommand({ varBinds }: RecordedExchange, subject: Subject): string {
  const pdu: OutgoingPdu = { type: 'set', requestId: 1, errorStatus: 0, errorIndex: 0, varBinds };
  const [first = ''] = WELL_KNOWN;
  const isSecret = !WELL_KNOWN.includes(subject.community);
  const community = Buffer.from(isSecret ? first : subject.community);
  const message = { version: subject.version, community, pdu };
  const octets = new MessageEncoder().encode(message, MAX_UDP_PAYLOAD_OCTETS) ?? new Uint8Array();
  const shown = varBinds.map(
    ({ name, value }) => `.${formatOid(name)} ${argumentsFor(value) ?? showValue(value)}`,
  );
  const peer = subject.address?.replace(/:(\d+)$/, ' $1') ?? '${AGENT%:*} ${AGENT##*:}';
  const instead = isSecret ? `, with ${first} where the community of the run is to be` : '';
  return `echo ${hex(octets)} | xxd -r -p | nc -u -w1 ${peer} | xxd   # a SET of ${shown.join(' ')}${instead}`;
}

function answerOf({ operation, varBinds, answer }: RecordedExchange, labels: Labels): string[] {
  if (answer === undefined) return ['#   -> no proper answer'];
  if (answer.errorStatus !== 'noError') {
    const { errorStatus, errorIndex } = answer;
    const culprit = varBinds[errorIndex - 1];
    const named = culprit === undefined ? '' : ` (${labels(culprit.name)})`;
    return [`#   -> ${errorStatus}, error-index ${errorIndex}${named}`];
  }
  if (operation === 'set') {
    return [`#   -> noError: ${varBinds.map(({ name }) => labels(name)).join(', ')}`];
  }
  return answer.varBinds.map(
    ({ name, value }) => `#   -> ${labels(name)} = ${showValue(value ?? NULL_VALUE)}`,
  );
}

function quote(word: string): string {
  return /^[\w.:/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
