import { formatOid, type VarBind } from '../../src/smi/index.js';
import type { Answer } from '../support/snmp-client.js';
import { MEMBERS, type Group } from './chaos-mib.js';
import { History } from './history.js';
import type { SupervisionWatch } from './supervision-watch.js';

/** A request as it was sent. */
export interface Sent {
  readonly id: number;
  readonly kind: 'get' | 'getNext' | 'getBulk' | 'set';
  readonly version: 'v1' | 'v2c';
  readonly octets: Buffer;
  /** What it asks for; absent in walks and GETBULKs of everything. */
  readonly group?: Group;
  readonly names: number;
  /** Of a SET: the number that it writes to every member. */
  readonly generation?: number;
  readonly client: number;
  readonly sentAt: number;
}

/** What a manager may be told besides noError, by kind of request. */
const READ_ERRORS = ['genErr'];
const SET_ERRORS = [
  'genErr',
  'noAccess',
  'inconsistentValue',
  'resourceUnavailable',
  'commitFailed',
  'undoFailed',
  'notWritable',
];

/**
 * Every request that was sent, and what came back: exactly one true answer each, unless a counter
 * says otherwise. What the answers say about the values goes to the history.
 */
export class Ledger {
  readonly history: History;
  readonly #watch: SupervisionWatch;
  readonly #violated: (what: string) => void;
  /** BOUNDED by the windows of the clients, and what is dropped in an epoch. */
  readonly #open = new Map<number, Sent>();
  /** Answers to those that were sent twice, until the end of the epoch. */
  readonly #answeredOctets = new Map<number, { copies: number; octets?: Uint8Array }>();
  /** Every datagram is an event: this is its number. */
  #now = 0;
  datagrams = 0;
  responses = 0;
  distinctAnswers = 0;
  /** Answers to SETs, by status. */
  readonly setStatuses = new Map<string, number>();
  readonly readStatuses = new Map<string, number>();
  readonly sentByKind = { get: 0, getNext: 0, getBulk: 0, set: 0 };

  constructor(watch: SupervisionWatch, violated: (what: string) => void) {
    this.#watch = watch;
    this.#violated = violated;
    this.history = new History(violated);
  }

  get now(): number {
    return this.#now;
  }

  tick(): number {
    this.#now += 1;
    return this.#now;
  }

  sent(request: Sent, copies: number): void {
    this.datagrams += copies;
    this.sentByKind[request.kind] += copies;
    this.#open.set(request.id, request);
    if (copies > 1) this.#answeredOctets.set(request.id, { copies });
    if (request.generation !== undefined && request.group !== undefined) {
      this.history.began(request.group, request.generation, request.sentAt);
    }
  }

  /** @returns the request that is answered now; undefined where it was before, or never was. */
  answered(client: number, answer: Answer): Sent | undefined {
    this.responses += 1;
    const { requestId } = answer;
    const request = this.#open.get(requestId);
    if (request === undefined) {
      this.#answeredAgain(answer);
      return undefined;
    }
    this.#open.delete(requestId);
    this.distinctAnswers += 1;
    const twice = this.#answeredOctets.get(requestId);
    if (twice !== undefined) twice.octets = answer.octets;
    const at = this.tick();
    if (request.client !== client) this.#violated(`request ${requestId} was answered to another`);
    if (request.kind === 'set') this.#checkSet(request, answer, at);
    else this.#checkRead(request, answer, at);
    return request;
  }

  /** Whoever is still unanswered when nothing is under way has been dropped, and was counted. */
  endEpoch(): Map<number, number> {
    const unanswered = new Map<number, number>();
    for (const request of this.#open.values()) {
      unanswered.set(request.client, (unanswered.get(request.client) ?? 0) + 1);
      if (request.generation !== undefined && request.group !== undefined) {
        this.history.dropped(request.group, request.generation);
      }
    }
    this.#open.clear();
    this.#answeredOctets.clear();
    return unanswered;
  }

  #answeredAgain({ requestId, octets }: Answer): void {
    const twice = this.#answeredOctets.get(requestId);
    if (twice?.octets === undefined || twice.copies < 2) {
      this.#violated(`a second answer, or one to nothing that was asked: ${requestId}`);
      return;
    }
    twice.copies -= 1;
    if (!Buffer.from(octets).equals(twice.octets)) {
      this.#violated(`a repeated SET was answered otherwise than the first: ${requestId}`);
    }
  }

  #checkSet(request: Sent, answer: Answer, at: number): void {
    const { errorStatus, errorIndex } = answer;
    const { group, generation } = request;
    count(this.setStatuses, errorStatus);
    const told = `SET ${request.id} (group ${group?.index}): ${errorStatus}/${errorIndex}`;
    if (request.octets.indexOf(answer.varBindOctets) < 0) {
      this.#violated(`${told} does not echo the request`);
    }
    if (group === undefined || generation === undefined) return;
    const isGood = errorStatus === 'noError';
    if (!isGood && !SET_ERRORS.includes(errorStatus)) this.#violated(`${told} is no such answer`);
    const expectsIndex = !isGood && errorStatus !== 'undoFailed';
    if (expectsIndex ? errorIndex < 1 || errorIndex > request.names : errorIndex !== 0) {
      this.#violated(`${told} has the wrong error-index`);
    }
    if (group.isCalm && !isGood) this.#violated(`${told} where nothing went wrong`);
    if (group.isStored && errorStatus === 'undoFailed') {
      this.#violated(`${told} where the runtime keeps the values`);
    }
    // docs/set.md 3: each actor that could not put back what was there is restarted.
    const hasCrashed = group.members.some(({ subtree }) =>
      this.#watch.crashedSince(subtree, request.sentAt),
    );
    if (errorStatus === 'undoFailed' && !hasCrashed) {
      this.#violated(`${told}, and nobody was restarted`);
    }
    for (const { subtree } of group.members) {
      if (isGood && this.#watch.wasGoneAll(subtree, request.sentAt, at)) {
        this.#violated(`${told} while ${subtree} was given up`);
      }
    }
    const mayBeGone = group.members.some(({ subtree }) =>
      this.#watch.mayHaveBeenGone(subtree, request.sentAt, at),
    );
    if (errorStatus === 'notWritable' && !mayBeGone) {
      this.#violated(`${told} while all subtrees were registered`);
    }
    this.history.ended(group, generation, at, errorStatus);
  }

  #checkRead(request: Sent, answer: Answer, at: number): void {
    const { errorStatus, errorIndex, varBinds } = answer;
    const { group } = request;
    const told = `${request.kind} ${request.id} (group ${group?.index}): ${errorStatus}/${errorIndex}`;
    count(this.readStatuses, errorStatus);
    if (errorStatus !== 'noError') {
      if (errorIndex < 1 || errorIndex > request.names) this.#violated(`${told}: wrong index`);
      const mayBeGone =
        group === undefined ||
        group.members.some(({ subtree }) =>
          this.#watch.mayHaveBeenGone(subtree, request.sentAt, at),
        );
      const isNoSuchName = request.version === 'v1' && errorStatus === 'noSuchName';
      if (!READ_ERRORS.includes(errorStatus) && !(isNoSuchName && mayBeGone)) {
        this.#violated(`${told} is no such answer`);
      }
      if (group?.isCalm === true) this.#violated(`${told} where nothing went wrong`);
      return;
    }
    if (group !== undefined && request.kind === 'get' && varBinds.length !== request.names) {
      this.#violated(`${told} has ${varBinds.length} varbinds for ${request.names}`);
    }
    this.#observe(request, varBinds, at);
  }

  /** Instances of one group in one response: all of one generation. */
  #observe(request: Sent, varBinds: readonly VarBind[], at: number): void {
    const seen = new Map<Group, Map<string, number>>();
    for (const { name, value } of varBinds) {
      const known = MEMBERS.get(formatOid(name));
      if (known === undefined) continue;
      const { member, group } = known;
      const { sentAt } = request;
      if (value.type === 'Integer32') {
        const values = seen.get(group) ?? new Map<string, number>();
        seen.set(group, values.set(member.name, value.value));
        if (this.#watch.wasGoneAll(member.subtree, sentAt, at)) {
          this.#violated(
            `${member.name} was read while ${member.subtree} was given up, after: ${this.#watch.past(member.subtree)}`,
          );
        }
      } else if (value.type === 'noSuchObject') {
        if (!this.#watch.mayHaveBeenGone(member.subtree, sentAt, at)) {
          this.#violated(`${member.name} was noSuchObject while ${member.subtree} was registered`);
        }
      } else if (value.type !== 'endOfMibView') {
        this.#violated(`${member.name} was read as ${value.type}`);
      }
    }
    for (const [group, values] of seen) this.history.saw(group, values, request.sentAt, at);
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
