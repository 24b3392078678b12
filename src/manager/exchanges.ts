import { randomInt } from 'node:crypto';
import { systemRandom, type Clock } from '../base/index.js';
import { V3Requests, type AskedPdu } from '../dispatch/index.js';
import {
  decodeMessage,
  MAX_UDP_PAYLOAD_OCTETS,
  MessageEncoder,
  type CommunityMessage,
} from '../message/index.js';
import type { Peer } from '../transport/index.js';
import { Channels, type OpenChannel } from './channels.js';
import {
  Exchange,
  type DiscardCounts,
  type DiscardReason,
  type Inquiry,
  type RequestPdu,
  type Settlement,
} from './exchange.js';
import { HostLookup, type HostAddress, type ResolveHost } from './host-lookup.js';
import { WaitingLine } from './waiting-line.js';

export interface ExchangesParts {
  readonly clock: Clock;
  readonly openChannel: OpenChannel;
  readonly resolveHost: ResolveHost;
  /** Requests under way at once, to all targets. */
  readonly maxInFlight: number;
  /** Requests that wait for their turn or for the address of their host. */
  readonly maxWaiting: number;
  /** Called for every datagram that is no response. */
  readonly discarded: (reason: DiscardReason, from: Peer) => void;
}

/** What the manager is at. */
export interface ManagerMetrics {
  /** Requests sent and not yet settled. */
  readonly inFlight: number;
  /** Requests that wait for their turn. */
  readonly waiting: number;
  /** Datagrams that were taken for no response, of all time. */
  readonly discarded: DiscardCounts;
}

const MAX_REQUEST_ID = 0x7fff_ffff;
const V3 = 3;

/** Everything under way and waiting at one address and port. */
interface PeerState {
  readonly key: string;
  /** BOUNDED by the window. */
  readonly inFlight: Set<Exchange>;
  /** BOUNDED by maxWaiting, with those of all other peers. */
  readonly waiting: WaitingLine<Exchange>;
  window: number;
  /** Takes it out of the line of peers that may send, where it stands in it. */
  leaveLine: (() => void) | undefined;
}

/**
 * Requests out, and each to its response, or to the reason why there is none. A reply is accepted
 * only as asked: from the address and port, with the credentials, request-id and PDU type
 * (RFC 3412 7.2 and RFC 3413 3.1); all else is counted.
 *
 * No more than maxInFlight requests are under way, and to one address and port no more than its
 * window; the others wait, and peers take turns.
 */
export class Exchanges {
  readonly #parts: ExchangesParts;
  readonly #channels: Channels;
  readonly #hosts: HostLookup;
  readonly #encoder = new MessageEncoder();
  readonly #v3: V3Requests<Exchange>;
  /** By request-id. BOUNDED by maxInFlight. */
  readonly #pending = new Map<number, Exchange>();
  /** By address and port; those with requests only. BOUNDED by maxInFlight and maxWaiting. */
  readonly #peers = new Map<string, PeerState>();
  /** Peers with a request that waits and room in their window. BOUNDED as the peers. */
  readonly #ready = new WaitingLine<PeerState>();
  /** All that wait, for close. BOUNDED by maxWaiting. */
  readonly #waiting = new Set<Exchange>();
  readonly #discarded: Partial<Record<DiscardReason, number>> = {};
  #lastRequestId = randomInt(1, MAX_REQUEST_ID);
  #isClosed = false;

  constructor(parts: ExchangesParts) {
    this.#parts = parts;
    this.#channels = new Channels(parts.openChannel, (datagram, from) =>
      this.#receive(datagram, from),
    );
    this.#hosts = new HostLookup(parts.resolveHost, parts.clock);
    this.#v3 = new V3Requests({
      clock: parts.clock,
      random: systemRandom,
      maxMessageSizeOctets: MAX_UDP_PAYLOAD_OCTETS,
    });
  }

  get metrics(): ManagerMetrics {
    return {
      inFlight: this.#pending.size,
      waiting: this.#waiting.size,
      discarded: { ...this.#discarded },
    };
  }

  /** Settles by itself; rejects with the reason of the signal and nothing else. */
  ask(inquiry: Inquiry): Promise<Settlement> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(inquiry, resolve, reject);
      const { signal, deadlineMs } = inquiry;
      if (signal?.aborted === true) return exchange.abort(signal.reason);
      if (this.#isClosed) return exchange.fail('managerClosed');
      if (this.#waiting.size >= this.#parts.maxWaiting) return exchange.fail('queueFull');
      if (signal !== undefined) {
        const abort = (): void => exchange.abort(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        exchange.holds(() => signal.removeEventListener('abort', abort));
      }
      if (deadlineMs !== undefined) {
        const timer = this.#parts.clock.startTimer(deadlineMs, () =>
          exchange.fail('deadlineExpired'),
        );
        exchange.holds(() => timer.cancel());
      }
      this.#waiting.add(exchange);
      exchange.holds(() => this.#waiting.delete(exchange));
      this.#locate(exchange);
    });
  }

  /** Whatever waits or is under way is settled as managerClosed; nothing is sent any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const exchange of [...this.#waiting, ...this.#pending.values()]) {
      exchange.fail('managerClosed');
    }
    await this.#channels.close();
  }

  #locate(exchange: Exchange): void {
    const { host, family, isAddress } = exchange.inquiry.addressee;
    if (isAddress) {
      this.#enter(exchange, { address: host, family: family ?? 4 });
      return;
    }
    this.#hosts.find(host, family, (found) => {
      if (found.ok) this.#enter(exchange, found.address);
      else exchange.fail('hostNotFound', found.cause);
    });
  }

  #enter(exchange: Exchange, { address, family }: HostAddress): void {
    if (exchange.isSettled) return;
    const { port, window } = exchange.inquiry.addressee;
    const peer: Peer = { address, port };
    exchange.peer = peer;
    exchange.family = family;
    const state = this.#stateOf(peer);
    state.window = window;
    const leave = state.waiting.add(exchange);
    exchange.holds(() => {
      leave();
      this.#forgetIdle(state);
    });
    this.#lineUp(state);
    this.#sendReady();
  }

  #stateOf(peer: Peer): PeerState {
    const key = peerKey(peer);
    const known = this.#peers.get(key);
    if (known !== undefined) return known;
    const state: PeerState = {
      key,
      inFlight: new Set(),
      waiting: new WaitingLine(),
      window: 1,
      leaveLine: undefined,
    };
    this.#peers.set(key, state);
    return state;
  }

  #forgetIdle(state: PeerState): void {
    if (state.inFlight.size > 0 || state.waiting.length > 0) return;
    state.leaveLine?.();
    state.leaveLine = undefined;
    if (this.#peers.get(state.key) === state) this.#peers.delete(state.key);
  }

  #lineUp(state: PeerState): void {
    if (state.leaveLine !== undefined || state.waiting.length === 0) return;
    if (state.inFlight.size >= state.window) return;
    state.leaveLine = this.#ready.add(state);
  }

  /** Peers take turns: one request each. */
  #sendReady(): void {
    while (this.#pending.size < this.#parts.maxInFlight) {
      const state = this.#ready.take();
      if (state === undefined) return;
      state.leaveLine = undefined;
      const exchange = state.waiting.take();
      if (exchange !== undefined) this.#start(exchange, state);
      this.#lineUp(state);
    }
  }

  #start(exchange: Exchange, state: PeerState): void {
    const { addressee, pdu } = exchange.inquiry;
    const { auth } = addressee;
    const requestId = this.#nextRequestId();
    const asked = numbered(pdu, requestId, auth.version);
    exchange.requestId = requestId;
    if (auth.version === 'v3') {
      const conversation = this.#v3.begin(exchange, state.key, auth.asker(), asked);
      exchange.conversation = conversation;
      exchange.holds(() => conversation.end());
    } else {
      const octets = this.#encoder.encode(auth.seal(asked), addressee.maxMessageSizeOctets);
      if (octets === undefined) {
        exchange.fail('tooBig');
        return;
      }
      exchange.octets = octets;
    }
    this.#waiting.delete(exchange);
    this.#pending.set(requestId, exchange);
    state.inFlight.add(exchange);
    exchange.holds(() => {
      this.#pending.delete(requestId);
      state.inFlight.delete(exchange);
      this.#forgetIdle(state);
      if (this.#isClosed) return;
      this.#lineUp(state);
      this.#sendReady();
    });
    this.#attempt(exchange);
  }

  #nextRequestId(): number {
    do {
      this.#lastRequestId = this.#lastRequestId >= MAX_REQUEST_ID ? 1 : this.#lastRequestId + 1;
    } while (this.#pending.has(this.#lastRequestId));
    return this.#lastRequestId;
  }

  /**
   * In SNMPv1 and SNMPv2c the same octets each time: an agent may know a SET that it has done
   * already by them. In SNMPv3 a message of its own (RFC 3412 6.2), with the same request-id.
   */
  #attempt(exchange: Exchange): void {
    const { peer, family } = exchange;
    const { retries, timeoutMs } = exchange.inquiry.addressee;
    if (peer === undefined) return;
    if (exchange.tries > retries) {
      exchange.fail('requestTimedOut');
      return;
    }
    exchange.tries += 1;
    const octets = this.#octetsOf(exchange);
    if (octets === undefined) {
      exchange.fail('tooBig');
      return;
    }
    const { clock } = this.#parts;
    exchange.sentAtMs = clock.nowMs();
    exchange.attemptTimer = clock.startTimer(timeoutMs, () => this.#attempt(exchange));
    this.#channels.send(
      family,
      octets,
      peer,
      () => !exchange.isSettled,
      (cause) => exchange.fail('transportFailed', cause),
    );
  }

  #octetsOf(exchange: Exchange): Uint8Array | undefined {
    const { conversation, octets } = exchange;
    if (conversation === undefined) {
      exchange.attempts += 1;
      return octets;
    }
    const message = conversation.next(exchange.inquiry.addressee.maxMessageSizeOctets);
    if (message?.isRequest === true) exchange.attempts += 1;
    return message?.octets;
  }

  #receive(datagram: Uint8Array, from: Peer): void {
    const decoded = decodeMessage(datagram);
    if (!decoded.ok) {
      const { failure } = decoded;
      if (failure.kind !== 'badVersion') this.#discardFrom(from, 'notParsed');
      else if (failure.version === V3) this.#receiveV3(datagram, from);
      else this.#discardFrom(from, 'wrongVersion');
      return;
    }
    const { message } = decoded;
    const { pdu } = message;
    const exchange = pdu.type === 'trapV1' ? undefined : this.#pending.get(pdu.requestId);
    if (exchange === undefined) {
      this.#discardFrom(from, pdu.type === 'response' ? 'unknownRequestId' : 'wrongPduType');
      return;
    }
    const fault = faultOf(exchange, message, from);
    if (fault !== undefined) {
      this.#total(fault, from);
      exchange.count(fault);
      return;
    }
    if (pdu.type === 'response') exchange.respond(pdu, this.#parts.clock.nowMs());
  }

  #receiveV3(datagram: Uint8Array, from: Peer): void {
    const { owner: exchange, heard } = this.#v3.receive(datagram, peerKey(from));
    switch (heard.kind) {
      case 'response':
        exchange?.respond(heard.pdu, this.#parts.clock.nowMs());
        return;
      case 'reported':
        exchange?.fail(heard.indication);
        return;
      case 'again':
        if (exchange === undefined) return;
        exchange.attemptTimer?.cancel();
        exchange.tries = 0;
        this.#attempt(exchange);
        return;
      case 'discarded':
        if (exchange === undefined) {
          this.#discardFrom(from, heard.fault);
        } else {
          this.#total(heard.fault, from);
          exchange.count(heard.fault);
        }
    }
  }

  /** Told to all that wait for something from there. */
  #discardFrom(from: Peer, reason: DiscardReason): void {
    this.#total(reason, from);
    const state = this.#peers.get(peerKey(from));
    if (state === undefined) return;
    for (const exchange of state.inFlight) exchange.count(reason);
  }

  #total(reason: DiscardReason, from: Peer): void {
    this.#discarded[reason] = (this.#discarded[reason] ?? 0) + 1;
    this.#parts.discarded(reason, from);
  }
}

function faultOf(
  exchange: Exchange,
  message: CommunityMessage,
  from: Peer,
): DiscardReason | undefined {
  const { addressee } = exchange.inquiry;
  if (addressee.acceptFrom === 'target' && !isFrom(exchange, from)) return 'wrongSource';
  const { auth } = addressee;
  if (auth.version === 'v3') return 'wrongVersion';
  const fault = auth.faultOf(message);
  if (fault !== undefined) return fault;
  return message.pdu.type === 'response' ? undefined : 'wrongPduType';
}

function isFrom({ peer }: Exchange, from: Peer): boolean {
  return peer !== undefined && peerKey(peer) === peerKey(from);
}

function peerKey({ address, port }: Peer): string {
  return `${address} ${port}`;
}

/** RFC 3584 4.2.1: an agent of SNMPv1 is asked by GETNEXT where GETBULK is meant. */
function numbered(pdu: RequestPdu, requestId: number, version: 'v1' | 'v2c' | 'v3'): AskedPdu {
  if (pdu.type !== 'getBulk') return { ...pdu, requestId, errorStatus: 0, errorIndex: 0 };
  if (version !== 'v1') return { ...pdu, requestId };
  const { varBinds } = pdu;
  return { type: 'getNext', requestId, errorStatus: 0, errorIndex: 0, varBinds };
}
