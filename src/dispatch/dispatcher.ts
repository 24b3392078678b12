import type { Requester } from '../instrumentation/index.js';
import {
  decodeMessage,
  type CommunityMessage,
  type DecodeFailure,
  type GetBulkPdu,
  type StatusPdu,
} from '../message/index.js';
import type { Principal } from '../security/index.js';
import type { Peer } from '../transport/index.js';
import type { SnmpCounters } from './counters.js';

/** A request that is to be answered: who asks, and what. */
export interface Request {
  readonly message: CommunityMessage;
  readonly pdu: RequestPdu;
  readonly principal: Principal;
  readonly requester: Requester;
  /** The octets it came in: what tells a repeated SET from a new one. */
  readonly datagram: Uint8Array;
}

export type RequestPdu = GetBulkPdu | (StatusPdu & { readonly type: 'get' | 'getNext' | 'set' });

/** The octets of a response, now or later; undefined for silence. */
export type Reply = Buffer | undefined;

/** Who a community stands for; undefined for nobody. */
export interface Identification {
  identify(community: Uint8Array): Principal | undefined;
}

/** Port of the room that answers requests. */
export type Responder = (request: Request) => Reply | Promise<Reply>;

export interface DispatchObserver {
  /** RFC 3584 5.2.2: the community is unknown. At most one call per message. */
  authenticationFailed(peer: Peer): void;
  /** A request was not taken: too many are under way, or the agent stops. */
  dropped(peer: Peer): void;
  /** Our own bug: this one datagram is lost, nothing else. */
  defect(error: unknown): void;
}

export interface DispatchLimits {
  /** Larger datagrams are dropped (RFC 3412 snmpEngineMaxMessageSize). 484..65507. */
  readonly maxMessageSizeOctets: number;
  /** Requests whose answer is waited for; one more is dropped and counted. */
  readonly maxInFlight: number;
}

/**
 * Message in, response out (RFC 3412 4.2, RFC 3584 5.2): decodes, finds out who asks, hands
 * requests to the responder, and counts. Never throws and never rejects.
 */
export class Dispatcher {
  readonly #counters: SnmpCounters;
  readonly #communities: Identification;
  readonly #respond: Responder;
  readonly #limits: DispatchLimits;
  readonly #observer: DispatchObserver;
  #inFlight = 0;
  #isClosed = false;
  readonly #idle = new Set<() => void>();

  constructor(
    counters: SnmpCounters,
    communities: Identification,
    respond: Responder,
    limits: DispatchLimits,
    observer: DispatchObserver,
  ) {
    this.#counters = counters;
    this.#communities = communities;
    this.#respond = respond;
    this.#limits = limits;
    this.#observer = observer;
  }

  /** Requests whose answer is still being worked on. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** From now on requests are dropped, and counted; those under way are answered. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves when no request is under way. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#inFlight === 0) resolve();
      else this.#idle.add(resolve);
    });
  }

  /** The answer to one datagram, in the same turn where that is possible. */
  handle(datagram: Uint8Array, peer: Peer): Reply | Promise<Reply> {
    try {
      const reply = this.#handle(datagram, peer);
      return reply instanceof Promise ? this.#track(reply) : reply;
    } catch (error) {
      this.#observer.defect(error);
      return undefined;
    }
  }

  async #track(reply: Promise<Reply>): Promise<Reply> {
    this.#inFlight += 1;
    try {
      return await reply;
    } catch (error) {
      this.#observer.defect(error);
      return undefined;
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) {
        for (const resolve of this.#idle) resolve();
        this.#idle.clear();
      }
    }
  }

  #handle(datagram: Uint8Array, peer: Peer): Reply | Promise<Reply> {
    const counters = this.#counters;
    counters.snmpInPkts = (counters.snmpInPkts + 1) >>> 0;
    if (datagram.length > this.#limits.maxMessageSizeOctets) return undefined;
    const decoded = decodeMessage(datagram);
    if (!decoded.ok) return this.#countFailure(decoded.failure);
    const { message } = decoded;
    const principal = this.#communities.identify(message.community);
    if (principal === undefined) {
      counters.snmpInBadCommunityNames = (counters.snmpInBadCommunityNames + 1) >>> 0;
      this.#observer.authenticationFailed(peer);
      return undefined;
    }
    const pdu = this.#requestPdu(message);
    if (pdu === undefined) return undefined;
    if (this.#isClosed || this.#inFlight >= this.#limits.maxInFlight) {
      this.#observer.dropped(peer);
      return undefined;
    }
    return this.#respond({
      message,
      pdu,
      principal,
      requester: {
        version: message.version,
        securityName: principal.securityName,
        address: peer.address,
        port: peer.port,
      },
      datagram,
    });
  }

  #countFailure(failure: DecodeFailure): undefined {
    const name = failure.kind === 'badVersion' ? 'snmpInBadVersions' : 'snmpInASNParseErrs';
    this.#counters[name] = (this.#counters[name] + 1) >>> 0;
  }

  /** Requests are answered; nothing else ever is, so that two agents cannot talk for ever. */
  #requestPdu({ pdu }: CommunityMessage): RequestPdu | undefined {
    const counters = this.#counters;
    switch (pdu.type) {
      case 'get':
        counters.snmpInGetRequests = (counters.snmpInGetRequests + 1) >>> 0;
        return pdu as RequestPdu;
      case 'getNext':
        counters.snmpInGetNexts = (counters.snmpInGetNexts + 1) >>> 0;
        return pdu as RequestPdu;
      case 'set':
        counters.snmpInSetRequests = (counters.snmpInSetRequests + 1) >>> 0;
        return pdu as RequestPdu;
      case 'getBulk':
        return pdu;
      case 'trapV1':
        // RFC 1157 4.1.6: not for an agent, and no counter of an agent's is about it.
        return undefined;
      case 'response':
      case 'inform':
      case 'trap':
      case 'report':
        // RFC 3412 4.2.2: nobody has registered for these.
        counters.snmpUnknownPDUHandlers = (counters.snmpUnknownPDUHandlers + 1) >>> 0;
        return undefined;
    }
  }
}
