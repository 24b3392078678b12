import { randomInt } from 'node:crypto';
import {
  decodeMessage,
  MAX_UDP_PAYLOAD_OCTETS,
  MessageEncoder,
  type StatusPdu,
  type Version,
} from '../message/index.js';
import {
  END_OF_MIB_VIEW,
  errorStatusLabel,
  formatOid,
  NO_SUCH_INSTANCE,
  NULL_VALUE,
  type ErrorStatus,
  type Oid,
  type SnmpValue,
  type VarBind,
} from '../smi/index.js';
import type { Subject } from './subject.js';
import { Transcript, type Operation } from './transcript.js';
import { Silence, undecided, violated, Violation } from './violation.js';

/** A response as a manager sees it. */
export interface Answer {
  readonly errorStatus: ErrorStatus;
  readonly errorIndex: number;
  readonly varBinds: readonly VarBind[];
}

/** Names in one GET: few enough for any agent's message size. */
const NAMES_PER_GET = 10;
const MAX_SILENCES = 3;
const FIRST_NAME: Oid = [1, 3];
const MAX_REQUEST_ID = 0x7fff_ffff;

interface Request {
  readonly operation: Operation;
  readonly varBinds: readonly VarBind[];
  readonly nonRepeaters?: number;
  readonly maxRepetitions?: number;
}

/**
 * A manager's end: requests in, answers out, each one recorded. Whatever is no proper response to
 * the request at hand is a violation.
 */
export class Session {
  readonly transcript = new Transcript();
  readonly version: Version;
  readonly #subject: Subject;
  readonly #encoder = new MessageEncoder();
  readonly #community: Uint8Array;
  #isDead = false;
  /** One after another: with MAX_SILENCES it is dead. */
  #silences = 0;
  /** Starts anywhere: an agent may remember the SETs of the run before. */
  #lastRequestId = randomInt(MAX_REQUEST_ID >> 1);

  constructor(subject: Subject) {
    this.#subject = subject;
    this.version = subject.version;
    this.#community = Buffer.from(subject.community);
  }

  get(names: readonly Oid[]): Promise<Answer> {
    return this.#ask({ operation: 'get', varBinds: names.map(unset) });
  }

  getNext(names: readonly Oid[]): Promise<Answer> {
    return this.#ask({ operation: 'getNext', varBinds: names.map(unset) });
  }

  getBulk(nonRepeaters: number, maxRepetitions: number, names: readonly Oid[]): Promise<Answer> {
    const varBinds = names.map(unset);
    return this.#ask({ operation: 'getBulk', varBinds, nonRepeaters, maxRepetitions });
  }

  set(varBinds: readonly VarBind[]): Promise<Answer> {
    return this.#ask({ operation: 'set', varBinds });
  }

  /**
   * The values of instances, in this order; what is not there is an exception, in SNMPv1 too.
   * A GET that fails is a violation.
   */
  async read(names: readonly Oid[]): Promise<SnmpValue[]> {
    const values: SnmpValue[] = [];
    const atOnce = this.version === 'v1' ? 1 : NAMES_PER_GET;
    for (let start = 0; start < names.length; start += atOnce) {
      const part = names.slice(start, start + atOnce);
      const { errorStatus, errorIndex, varBinds } = await this.get(part);
      if (errorStatus === 'noSuchName' && this.version === 'v1') {
        values.push(NO_SUCH_INSTANCE);
        continue;
      }
      if (errorStatus !== 'noError') {
        violated(`GET answers ${errorStatus}, error-index ${errorIndex}`);
      }
      if (varBinds.length !== part.length) {
        violated(`GET of ${part.length} names answers ${varBinds.length} variable bindings`);
      }
      values.push(...varBinds.map(({ value }) => value));
    }
    return values;
  }

  /** What GETNEXT finds after one name; endOfMibView in SNMPv1 too. An error is a violation. */
  async next(name: Oid): Promise<VarBind> {
    const { errorStatus, varBinds } = await this.getNext([name]);
    if (errorStatus === 'noSuchName' && this.version === 'v1') {
      return { name, value: END_OF_MIB_VIEW };
    }
    if (errorStatus !== 'noError') {
      violated(`GETNEXT of ${formatOid(name)} answers ${errorStatus}`);
    }
    const [found] = varBinds;
    if (found === undefined || varBinds.length !== 1) {
      violated(`GETNEXT of one name answers ${varBinds.length} variable bindings`);
    }
    return found;
  }

  /** Whether the agent has fallen silent for good: then nothing is sent any more. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Asks whether the agent still answers anything at all. */
  async probe(): Promise<boolean> {
    this.#isDead = false;
    try {
      await this.transcript.without(() => this.next(FIRST_NAME));
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.#isDead = error instanceof Silence;
    }
    return !this.#isDead;
  }

  async #ask(request: Request): Promise<Answer> {
    if (this.#isDead) throw new Silence('the agent does not answer any more');
    this.#lastRequestId = (this.#lastRequestId % MAX_REQUEST_ID) + 1;
    const requestId = this.#lastRequestId;
    const { reply, attempts } = await this.#subject.exchange(
      this.#encode(request, requestId),
      requestId,
    );
    const pdu = reply === undefined ? undefined : this.#responseIn(reply, requestId);
    const errorStatus = pdu === undefined ? undefined : errorStatusLabel(pdu.errorStatus);
    if (pdu === undefined || errorStatus === undefined) {
      this.transcript.add({ kind: 'exchange', ...request });
      if (pdu === undefined) this.#fellSilent(request.operation);
      violated(`the response has error-status ${pdu.errorStatus}, which no RFC defines`);
    }
    this.#silences = 0;
    const { errorIndex, varBinds } = pdu;
    const answer = { errorStatus, errorIndex, varBinds };
    this.transcript.add({ kind: 'exchange', ...request, answer });
    if (request.operation === 'set' && attempts > 1) {
      undecided('a SET had to be sent again: nobody knows how often it was done');
    }
    return answer;
  }

  #fellSilent(operation: Operation): never {
    this.#silences += 1;
    if (this.#silences >= MAX_SILENCES) this.#isDead = true;
    throw new Silence(`no answer to a ${operation}`);
  }

  #encode(request: Request, requestId: number): Buffer {
    const { operation: type, varBinds, nonRepeaters = 0, maxRepetitions = 0 } = request;
    const pdu =
      type === 'getBulk'
        ? { type, requestId, nonRepeaters, maxRepetitions, varBinds }
        : { type, requestId, errorStatus: 0, errorIndex: 0, varBinds };
    const message = { version: this.version, community: this.#community, pdu };
    const octets = this.#encoder.encode(message, MAX_UDP_PAYLOAD_OCTETS);
    return octets ?? undecided('the request is larger than a datagram');
  }

  /** @throws Violation where this is no response to the request. */
  #responseIn(reply: Uint8Array, requestId: number): StatusPdu {
    const decoded = decodeMessage(reply);
    if (!decoded.ok) {
      violated(`the response cannot be decoded: ${JSON.stringify(decoded.failure)}`);
    }
    const { version, community, pdu } = decoded.message;
    if (version !== this.version) violated(`a ${this.version} request is answered in ${version}`);
    if (Buffer.compare(community, this.#community) !== 0) {
      violated('the response does not carry the community of the request');
    }
    if (pdu.type !== 'response') violated(`a request is answered by a ${pdu.type}`);
    if (pdu.requestId !== requestId) violated('the response carries another request-id');
    return pdu;
  }
}

function unset(name: Oid): VarBind {
  return { name, value: NULL_VALUE };
}
