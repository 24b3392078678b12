import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeMessage } from '../../src/message/index.js';
import { compareOids, type Oid, type VarBind } from '../../src/smi/index.js';
import {
  asked,
  decodeAnswer,
  integer,
  nextRequestId,
  SnmpClient,
  statusPdu,
  type Answer,
} from '../support/snmp-client.js';
import type { UdpTarget } from '../support/udp-client.js';
import type { Chance } from './chance.js';
import { CHAOS_ROOT, GROUPS, type Group } from './chaos-mib.js';
import type { Ledger, Sent } from './ledger.js';

/** Written by one SET and no other. */
let lastGeneration = 0;

/** What all clients of a run share. */
export interface Surroundings {
  readonly target: UdpTarget;
  readonly ledger: Ledger;
  readonly violated: (what: string) => void;
  /** The manager has its answer. */
  readonly answered: (request: Sent) => void;
}

/**
 * A manager with a socket of its own and a window of requests that it waits for. Asks as its choices
 * say for as long as it may.
 */
export class ChaosClient {
  readonly #socket: Socket;
  readonly #chance: Chance;
  readonly #surroundings: Surroundings;
  readonly #index: number;
  readonly #window: number;
  readonly #manager = new SnmpClient(() => undefined, { community: 'private' });
  readonly #v1 = this.#manager.as({ version: 'v1' });
  readonly #nobody = this.#manager.as({ community: 'nobody' });
  #outstanding = 0;
  #allowance = 0;
  #isFilling = false;
  /** Where its walk is; undefined while a step of it is under way. */
  #walkAt: Oid | undefined = CHAOS_ROOT;
  #walkStep = 0;
  #walkFrom: Oid = CHAOS_ROOT;
  #sinceWalkStep = 0;
  walks = 0;
  strangers = 0;

  private constructor(
    socket: Socket,
    index: number,
    window: number,
    chance: Chance,
    surroundings: Surroundings,
  ) {
    this.#socket = socket;
    this.#index = index;
    this.#window = window;
    this.#chance = chance;
    this.#surroundings = surroundings;
    socket.on('message', (octets, { port }) => this.#received(octets, port));
  }

  static async open(
    index: number,
    window: number,
    chance: Chance,
    surroundings: Surroundings,
  ): Promise<ChaosClient> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.setRecvBufferSize(4 * 1024 * 1024);
    return new ChaosClient(socket, index, window, chance, surroundings);
  }

  get index(): number {
    return this.#index;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** It may send so many requests more. */
  allow(requests: number): void {
    this.#allowance += requests;
    this.#fillSoon();
  }

  /** What is not sent yet is not going to be. */
  rest(): void {
    this.#allowance = 0;
  }

  get hasRested(): boolean {
    return this.#allowance === 0 && !this.#isFilling;
  }

  /** The agent has told that it dropped a request of this client. */
  dropped(): void {
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    this.#fillSoon();
  }

  /** Between epochs: what was dropped is not waited for any more. */
  endEpoch(): void {
    this.#outstanding = 0;
    this.#walkAt ??= CHAOS_ROOT;
  }

  /** A GET of a whole group, beside the window. */
  look(group: Group): void {
    this.#sendRead(
      'get',
      group,
      group.members.map(({ oid }) => oid),
    );
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  /** In a turn of its own, so that many answers in one turn are one filling. */
  #fillSoon(): void {
    if (this.#isFilling || this.#allowance === 0) return;
    this.#isFilling = true;
    setImmediate(() => {
      this.#isFilling = false;
      while (this.#outstanding < this.#window && this.#allowance > 0) {
        this.#allowance -= 1;
        this.#sendOne();
      }
    });
  }

  #sendOne(): void {
    const chance = this.#chance;
    this.#sinceWalkStep += 1;
    // That step was dropped.
    if (this.#sinceWalkStep > 3 * this.#window) this.#walkAt ??= this.#walkFrom;
    const group = chance.pick(GROUPS);
    const members = chance.shuffled(group.members);
    const what = chance.next();
    if (what < 0.3)
      this.#sendSet(
        group,
        members.map(({ oid }) => oid),
      );
    else if (what < 0.55)
      this.#sendRead(
        'get',
        group,
        members.map(({ oid }) => oid),
      );
    else if (what < 0.62)
      this.#sendRead(
        'getNext',
        group,
        members.map(({ before }) => before),
      );
    else if (what < 0.7)
      this.#sendBulk(
        group,
        members.map(({ before }) => before),
      );
    else if (what < 0.99 && this.#walkAt !== undefined) this.#walkOn(this.#walkAt);
    else if (what < 0.99)
      this.#sendRead(
        'get',
        group,
        members.map(({ oid }) => oid),
      );
    else this.#sendAsNobody();
  }

  #sendSet(group: Group, names: readonly Oid[]): void {
    lastGeneration += 1;
    const id = nextRequestId();
    const value = integer(lastGeneration);
    const octets = this.#manager.encode(
      statusPdu(
        'set',
        names.map((name) => ({ name, value })),
        id,
      ),
    );
    // A manager that is impatient sends the same SET again: it is not to be done again.
    const copies = this.#chance.is(0.05) ? 2 : 1;
    const more = { generation: lastGeneration, group, names: names.length };
    this.#send({ id, kind: 'set', version: 'v2c', octets, ...more }, copies);
  }

  #sendRead(kind: 'get' | 'getNext', group: Group | undefined, names: readonly Oid[]): number {
    const id = nextRequestId();
    const version = this.#chance.is(0.15) ? 'v1' : 'v2c';
    const manager = version === 'v1' ? this.#v1 : this.#manager;
    const octets = manager.encode(statusPdu(kind, asked(names), id));
    const more = group === undefined ? {} : { group };
    this.#send({ id, kind, version, octets, names: names.length, ...more });
    return id;
  }

  #sendBulk(group: Group, names: readonly Oid[]): void {
    const id = nextRequestId();
    const isWide = this.#chance.is(0.5);
    const varBinds = asked(isWide ? names : names.slice(0, 1));
    const octets = this.#manager.encode({
      type: 'getBulk',
      requestId: id,
      nonRepeaters: 0,
      maxRepetitions: isWide ? 1 : this.#chance.integer(2, 12),
      varBinds,
    });
    // A single column goes on into other groups, and other subtrees.
    const more = isWide ? { group } : {};
    this.#send({ id, kind: 'getBulk', version: 'v2c', octets, names: varBinds.length, ...more });
  }

  #walkOn(from: Oid): void {
    this.#walkAt = undefined;
    this.#walkStep = this.#sendRead('getNext', undefined, [from]);
    this.#walkFrom = from;
    this.#sinceWalkStep = 0;
  }

  /** Nobody's request is answered by silence, and counted. */
  #sendAsNobody(): void {
    this.strangers += 1;
    this.#socketSend(this.#nobody.encode(statusPdu('get', asked([CHAOS_ROOT]))));
  }

  #send(request: Omit<Sent, 'client' | 'sentAt'>, copies = 1): void {
    const { ledger } = this.#surroundings;
    this.#outstanding += 1;
    ledger.sent({ ...request, client: this.#index, sentAt: ledger.tick() }, copies);
    for (let i = 0; i < copies; i++) this.#socketSend(request.octets);
  }

  #socketSend(octets: Uint8Array): void {
    const { port, host } = this.#surroundings.target;
    this.#socket.send(octets, port, host);
  }

  #received(octets: Uint8Array, port: number): void {
    const { ledger, target, violated, answered } = this.#surroundings;
    if (port !== target.port) violated(`an answer came from port ${port}`);
    let answer: Answer;
    try {
      answer = decodeAnswer(octets);
    } catch (error) {
      violated(`an answer cannot be read: ${String(error)}`);
      return;
    }
    const request = ledger.answered(this.#index, answer);
    if (request === undefined) return;
    answered(request);
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    if (request.kind !== 'get' && request.kind !== 'set') this.#checkOrder(request, answer);
    if (request.id === this.#walkStep) this.#walked(answer);
    this.#fillSoon();
  }

  /** GETNEXT and GETBULK only ever go forward. */
  #checkOrder({ octets, names }: Sent, { errorStatus, varBinds }: Answer): void {
    if (errorStatus !== 'noError') return;
    const last: Oid[] = decodeAsked(octets);
    for (const [i, { name, value }] of varBinds.entries()) {
      const before = last[i % names];
      if (before === undefined || value.type === 'endOfMibView') continue;
      if (compareOids(name, before) <= 0) {
        this.#surroundings.violated(`${name.join('.')} came after ${before.join('.')}`);
      }
      last[i % names] = name;
    }
  }

  #walked({ errorStatus, varBinds }: Answer): void {
    const [next] = varBinds;
    if (errorStatus === 'noError' && next !== undefined && isInside(next)) {
      this.#walkAt = next.name;
      return;
    }
    this.#walkAt = CHAOS_ROOT;
    if (errorStatus === 'noError' || errorStatus === 'noSuchName') this.walks += 1;
    // What cannot be read now is passed over: the walk goes on behind it.
    else this.#walkAt = behind(this.#walkFrom, this.#chance);
  }
}

function isInside({ name, value }: VarBind): boolean {
  return (
    value.type !== 'endOfMibView' && compareOids(name.slice(0, CHAOS_ROOT.length), CHAOS_ROOT) === 0
  );
}

function behind(from: Oid, chance: Chance): Oid {
  const at = CHAOS_ROOT.length;
  return [...CHAOS_ROOT, (from[at] ?? 0) + chance.integer(1, 2)];
}

function decodeAsked(octets: Uint8Array): Oid[] {
  const decoded = decodeMessage(octets);
  if (!decoded.ok) throw new Error('a request cannot be read');
  const { pdu } = decoded.message;
  return pdu.type === 'trapV1' ? [] : pdu.varBinds.map(({ name }) => name);
}
