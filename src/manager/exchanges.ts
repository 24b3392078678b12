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
  type PeerState,
  type RequestPdu,
} from './exchange.js';
import { HostLookup, type HostAddress, type ResolveHost } from './host-lookup.js';
import { Line } from './line.js';
import { isIdle, peerKey, Peers } from './peers.js';
import { RequestIds } from './request-ids.js';
import { resultOf, type RequestResult } from './result.js';

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

const V3 = 3;

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
  /** Made for the first user of SNMPv3. */
  #v3: V3Requests<Exchange> | undefined;
  /** BOUNDED by maxInFlight. */
  readonly #underWay = new RequestIds<Exchange>();
  readonly #peers = new Peers();
  /** Peers with a request that waits and room in their window. BOUNDED as the peers. */
  readonly #ready = new Line<PeerState>();
  /** All that wait, for their turn or their host's address. BOUNDED by maxWaiting. */
  readonly #waiting = new Line<Exchange>();
  readonly #discarded: Partial<Record<DiscardReason, number>> = {};
  readonly #ended = (exchange: Exchange): void => this.#leave(exchange);
  #isSending = false;
  #isClosed = false;

  constructor(parts: ExchangesParts) {
    this.#parts = parts;
    this.#channels = new Channels(parts.openChannel, (datagram, from) =>
      this.#receive(datagram, from),
    );
    this.#hosts = new HostLookup(parts.resolveHost, parts.clock);
  }

  get metrics(): ManagerMetrics {
    return {
      inFlight: this.#underWay.size,
      waiting: this.#waiting.length,
      discarded: { ...this.#discarded },
    };
  }

  /** Settles by itself; rejects with the reason of the signal and nothing else. */
  ask(inquiry: Inquiry): Promise<RequestResult> {
    return new Promise((resolve, reject) => {
      const { pdu, mib, signal, deadlineMs } = inquiry;
      const exchange = new Exchange(
        inquiry,
        (settlement) => resolve(resultOf(settlement, pdu, mib)),
        reject,
        this.#ended,
      );
      if (signal?.aborted === true) return exchange.abort(signal.reason);
      if (this.#isClosed) return exchange.fail('managerClosed');
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
      this.#locate(exchange);
    });
  }

  /** Whatever waits or is under way is settled as managerClosed; nothing is sent any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const exchange of [...this.#waiting, ...this.#underWay.all()]) {
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
    if (!this.#hasRoomToWait(exchange)) return;
    exchange.waitingPlace = this.#waiting.add(exchange);
    this.#hosts.find(host, family, (found) => {
      if (found.ok) this.#enter(exchange, found.address);
      else exchange.fail('hostNotFound', found.cause);
    });
  }

  #hasRoomToWait(exchange: Exchange): boolean {
    if (this.#waiting.length < this.#parts.maxWaiting) return true;
    exchange.fail('queueFull');
    return false;
  }

  #enter(exchange: Exchange, address: HostAddress): void {
    if (exchange.isSettled) return;
    const { port, window } = exchange.inquiry.addressee;
    const peer = this.#peers.at(address, port);
    peer.window = window;
    // Room for one more means that nobody stands in line for it: all who may send have sent.
    const isFree =
      this.#underWay.size < this.#parts.maxInFlight &&
      peer.waiting.length === 0 &&
      peer.inFlight.length < window;
    if (!isFree && exchange.waitingPlace === undefined) {
      if (!this.#hasRoomToWait(exchange)) return;
      exchange.waitingPlace = this.#waiting.add(exchange);
    }
    if (isIdle(peer)) this.#peers.becomesBusy();
    exchange.peer = peer;
    if (isFree) {
      this.#start(exchange, peer);
      return;
    }
    exchange.peerPlace = peer.waiting.add(exchange);
    this.#lineUp(peer);
    this.#sendReady();
  }

  /** What was under way makes room for what waits. */
  #leave(exchange: Exchange): void {
    const { peer } = exchange;
    this.#waiting.leave(exchange.waitingPlace);
    if (peer === undefined) return;
    (exchange.isUnderWay ? peer.inFlight : peer.waiting).leave(exchange.peerPlace);
    this.#underWay.delete(exchange);
    if (isIdle(peer)) {
      this.#ready.leave(peer.ready);
      peer.ready = undefined;
      this.#peers.becomesIdle();
    }
    if (!exchange.isUnderWay || this.#isClosed) return;
    this.#lineUp(peer);
    this.#sendReady();
  }

  #lineUp(peer: PeerState): void {
    if (peer.ready !== undefined || peer.waiting.length === 0) return;
    if (peer.inFlight.length >= peer.window) return;
    peer.ready = this.#ready.add(peer);
  }

  /** Peers take turns: one request each. What fails as it is sent comes back here: once is enough. */
  #sendReady(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#underWay.size < this.#parts.maxInFlight) {
      const peer = this.#ready.take();
      if (peer === undefined) break;
      peer.ready = undefined;
      const exchange = peer.waiting.take();
      if (exchange !== undefined) this.#start(exchange, peer);
      this.#lineUp(peer);
    }
    this.#isSending = false;
  }

  #start(exchange: Exchange, peer: PeerState): void {
    const { addressee, pdu } = exchange.inquiry;
    const { auth } = addressee;
    this.#underWay.add(exchange);
    const asked = numbered(pdu, exchange.requestId, auth.version);
    if (auth.version === 'v3') {
      this.#v3 ??= new V3Requests({
        clock: this.#parts.clock,
        random: systemRandom,
        maxMessageSizeOctets: MAX_UDP_PAYLOAD_OCTETS,
      });
      const { acceptFrom } = addressee;
      const conversation = this.#v3.begin(exchange, peer.key, auth.asker(), asked, acceptFrom);
      exchange.conversation = conversation;
      exchange.holds(() => conversation.end());
    } else {
      exchange.octets = this.#encoder.encode(auth.seal(asked), addressee.maxMessageSizeOctets);
      if (exchange.octets === undefined) {
        this.#underWay.delete(exchange);
        exchange.fail('tooBig');
        return;
      }
    }
    exchange.isUnderWay = true;
    this.#waiting.leave(exchange.waitingPlace);
    exchange.peerPlace = peer.inFlight.add(exchange);
    this.#attempt(exchange);
  }

  /**
   * In SNMPv1 and SNMPv2c the same octets each time: an agent may know a SET that it has done
   * already by them. In SNMPv3 a message of its own (RFC 3412 6.2), with the same request-id.
   */
  #attempt(exchange: Exchange): void {
    const { peer } = exchange;
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
      peer.family,
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
    const exchange = pdu.type === 'trapV1' ? undefined : this.#underWay.get(pdu.requestId);
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
    const received = this.#v3?.receive(datagram, peerKey(from.address, from.port));
    if (received === undefined) {
      this.#discardFrom(from, 'wrongVersion');
      return;
    }
    const { owner: exchange, heard } = received;
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
    const peer = this.#peers.find(from.address, from.port);
    if (peer === undefined) return;
    for (const exchange of peer.inFlight) exchange.count(reason);
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
  return peer?.port === from.port && peer.address === from.address;
}

/**
 * RFC 3584 4.2.1: an agent of SNMPv1 is asked by GETNEXT where GETBULK is meant. Written out, as a
 * spread costs more than all of the encoding.
 */
function numbered(pdu: RequestPdu, requestId: number, version: 'v1' | 'v2c' | 'v3'): AskedPdu {
  const { varBinds } = pdu;
  if (pdu.type === 'getBulk' && version !== 'v1') {
    const { nonRepeaters, maxRepetitions } = pdu;
    return { type: 'getBulk', requestId, nonRepeaters, maxRepetitions, varBinds };
  }
  const type = pdu.type === 'getBulk' ? 'getNext' : pdu.type;
  return { type, requestId, errorStatus: 0, errorIndex: 0, varBinds };
}
