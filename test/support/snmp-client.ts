import {
  decodeMessage,
  MessageEncoder,
  type CommunityMessage,
  type OutgoingPdu,
  type Version,
} from '../../src/message/index.js';
import {
  errorStatusLabel,
  formatOid,
  NULL_VALUE,
  type ErrorStatus,
  type Oid,
  type SnmpValue,
  type VarBind,
} from '../../src/smi/index.js';
import { conf } from './mib-fixtures.js';

/** An OID, or what `conf` reads. */
export type Name = Oid | string;

/** A response as a manager sees it. */
export interface Answer {
  readonly errorStatus: ErrorStatus;
  readonly errorIndex: number;
  readonly requestId: number;
  readonly varBinds: readonly VarBind[];
  /** Content of the VarBindList as it came. */
  readonly varBindOctets: Uint8Array;
  readonly message: CommunityMessage;
  /** The whole datagram. */
  readonly octets: Uint8Array;
}

type Exchange = (octets: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

export interface ClientOptions {
  readonly version?: Version;
  readonly community?: string | Uint8Array;
}

const encoder = new MessageEncoder();
/** Four octets long from the first on: sizes of messages do not change while a test runs. */
let lastRequestId = 0x1000_0000;

/** A manager without a socket: requests in, decoded responses out, undefined for silence. */
export class SnmpClient {
  readonly #exchange: Exchange;
  readonly version: Version;
  readonly community: Uint8Array;

  constructor(exchange: Exchange, { version = 'v2c', community = 'private' }: ClientOptions = {}) {
    this.#exchange = exchange;
    this.version = version;
    this.community = typeof community === 'string' ? Buffer.from(community) : community;
  }

  /** The same agent, asked otherwise. */
  as(options: ClientOptions): SnmpClient {
    return new SnmpClient(this.#exchange, {
      version: this.version,
      community: this.community,
      ...options,
    });
  }

  get(...names: readonly Name[]): Promise<Answer | undefined> {
    return this.send(statusPdu('get', asked(names)));
  }

  getNext(...names: readonly Name[]): Promise<Answer | undefined> {
    return this.send(statusPdu('getNext', asked(names)));
  }

  getBulk(
    nonRepeaters: number,
    maxRepetitions: number,
    ...names: readonly Name[]
  ): Promise<Answer | undefined> {
    return this.send({
      type: 'getBulk',
      requestId: nextRequestId(),
      nonRepeaters,
      maxRepetitions,
      varBinds: asked(names),
    });
  }

  set(...changes: readonly (readonly [Name, SnmpValue])[]): Promise<Answer | undefined> {
    return this.send(
      statusPdu(
        'set',
        changes.map(([name, value]) => ({ name: toOid(name), value })),
      ),
    );
  }

  send(pdu: OutgoingPdu): Promise<Answer | undefined> {
    return this.sendOctets(this.encode(pdu));
  }

  encode(pdu: OutgoingPdu): Buffer {
    const octets = encoder.encode(
      { version: this.version, community: this.community, pdu },
      65_507,
    );
    if (octets === undefined) throw new Error('the request is larger than a datagram');
    return octets;
  }

  async sendOctets(octets: Uint8Array): Promise<Answer | undefined> {
    const reply = await this.#exchange(octets);
    return reply === undefined ? undefined : decodeAnswer(reply);
  }

  /** By GETNEXT from `start` until the view ends; an error ends it too. */
  async walk(start: Name = [0, 0]): Promise<VarBind[]> {
    const found: VarBind[] = [];
    for (let at = toOid(start); ;) {
      const answer = await this.getNext(at);
      const [next] = answer?.varBinds ?? [];
      if (answer?.errorStatus !== 'noError' || next === undefined) return found;
      if (next.value.type === 'endOfMibView') return found;
      found.push(next);
      at = next.name;
    }
  }
}

export function decodeAnswer(octets: Uint8Array): Answer {
  const decoded = decodeMessage(octets);
  if (!decoded.ok) throw new Error(`the agent sent rubbish: ${JSON.stringify(decoded.failure)}`);
  const { pdu } = decoded.message;
  if (pdu.type !== 'response') throw new Error(`the agent sent a ${pdu.type}`);
  const errorStatus = errorStatusLabel(pdu.errorStatus);
  if (errorStatus === undefined) throw new Error(`error-status ${pdu.errorStatus}`);
  return {
    errorStatus,
    errorIndex: pdu.errorIndex,
    requestId: pdu.requestId,
    varBinds: pdu.varBinds,
    varBindOctets: pdu.varBindOctets,
    message: decoded.message,
    octets,
  };
}

/** The varbinds of a request that reads: the value is not looked at. */
export function asked(names: readonly Name[]): VarBind[] {
  return names.map((name) => ({ name: toOid(name), value: NULL_VALUE }));
}

export function statusPdu(
  type: 'get' | 'getNext' | 'set' | 'response' | 'inform' | 'trap' | 'report',
  varBinds: readonly VarBind[],
  requestId = nextRequestId(),
): OutgoingPdu {
  return { type, requestId, errorStatus: 0, errorIndex: 0, varBinds };
}

/** Never twice in a run: a SET that is repeated is not done again. */
export function nextRequestId(): number {
  lastRequestId += 1;
  return lastRequestId;
}

function toOid(name: Name): Oid {
  return typeof name === 'string' ? conf(name) : name;
}

/** Short text of an answer, to compare with: `noError/0 1.3.6=Integer32:5`. */
export function told(answer: Answer | undefined): string {
  if (answer === undefined) return 'silence';
  const { errorStatus, errorIndex, varBinds } = answer;
  return [`${errorStatus}/${errorIndex}`, ...varBinds.map(tellVarBind)].join(' ');
}

export function tellVarBind({ name, value }: VarBind): string {
  return `${formatOid(name)}=${tellValue(value)}`;
}

export function tellValue(value: SnmpValue): string {
  if (!('value' in value)) return value.type;
  const content =
    value.value instanceof Uint8Array
      ? Buffer.from(value.value).toString('hex')
      : Array.isArray(value.value)
        ? value.value.join('.')
        : String(value.value);
  return `${value.type}:${content}`;
}

export function status(answer: Answer | undefined): string {
  return answer === undefined ? 'silence' : `${answer.errorStatus}/${answer.errorIndex}`;
}

export function values(answer: Answer | undefined): string[] {
  return (answer?.varBinds ?? []).map(({ value }) => tellValue(value));
}

export function names(answer: Answer | undefined): string[] {
  return (answer?.varBinds ?? []).map(({ name }) => formatOid(name));
}

export const integer = (value: number): SnmpValue => ({ type: 'Integer32', value });
export const octets = (text: string | Uint8Array): SnmpValue => ({
  type: 'OctetString',
  value: typeof text === 'string' ? Buffer.from(text) : text,
});
export const oidValue = (name: Name): SnmpValue => ({
  type: 'ObjectIdentifier',
  value: toOid(name),
});
