import type { Requester } from '../instrumentation/index.js';
import {
  decodeMessage,
  type CommunityMessage,
  type DecodeFailure,
  type GetBulkPdu,
  type Pdu,
  type ScopedPdu,
  type SecurityLevel,
  type StatusPdu,
} from '../message/index.js';
import type { CommunityIdentity, Principal, UsmUser } from '../security/index.js';
import type { Peer } from '../transport/index.js';
import type { SnmpCounters } from './counters.js';
import type { V3Processing, V3Request } from './v3-processing.js';

/** A request that is to be answered: who asks, and what. */
export interface Request {
  readonly message: CommunityMessage | (ScopedPdu & { readonly version: 'v3' });
  readonly pdu: RequestPdu;
  readonly principal: Principal;
  /** A context that is there. */
  readonly contextName: string;
  readonly requester: Requester;
  /**
   * What tells a repeated SET from a new one: the octets it came in; of SNMPv3, where every
   * transmission is signed and encrypted anew, user, level, context and what the PDU says.
   */
  readonly identity: Uint8Array;
  /** The largest reply: a message; of SNMPv3 its scoped PDU. */
  readonly maxReplyOctets: number;
}

export type RequestPdu = GetBulkPdu | (StatusPdu & { readonly type: 'get' | 'getNext' | 'set' });

/** The octets of a response (to a responder, of SNMPv3, its scoped PDU); undefined for silence. */
export type Reply = Buffer | undefined;

export interface Identification {
  /** Who a community stands for when it comes from there; undefined for nobody. */
  identify(
    community: Uint8Array,
    version: CommunityMessage['version'],
    peer: Peer,
  ): CommunityIdentity | undefined;
  /** What a user may do at a level in a context that is there. */
  principalOf(user: UsmUser, level: SecurityLevel, contextName: string): Principal;
}

/** Port of the room that answers requests. */
export type Responder = (request: Request) => Reply | Promise<Reply>;

export interface DispatchObserver {
  /**
   * RFC 3584 5.2.2: the community is unknown; RFC 3414 3.2(6): the digest is wrong. At most one
   * call per message.
   */
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

export interface DispatcherParts {
  readonly counters: SnmpCounters;
  readonly identification: Identification;
  readonly v3: V3Processing;
  readonly respond: Responder;
  readonly limits: DispatchLimits;
  readonly observer: DispatchObserver;
}

const V3_NUMBER = 3;
const NO_IDENTITY = new Uint8Array();

/**
 * Message in, response out (RFC 3412 4.2, RFC 3584 5.2): decodes, finds out who asks, hands
 * requests to the responder, and counts. Never throws and never rejects.
 */
export class Dispatcher {
  readonly #counters: SnmpCounters;
  readonly #identification: Identification;
  readonly #v3: V3Processing;
  readonly #respond: Responder;
  readonly #limits: DispatchLimits;
  readonly #observer: DispatchObserver;
  #inFlight = 0;
  #isClosed = false;
  readonly #idle = new Set<() => void>();

  constructor(parts: DispatcherParts) {
    this.#counters = parts.counters;
    this.#identification = parts.identification;
    this.#v3 = parts.v3;
    this.#respond = parts.respond;
    this.#limits = parts.limits;
    this.#observer = parts.observer;
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
    if (!decoded.ok) return this.#handleOther(decoded.failure, datagram, peer);
    const { message } = decoded;
    const identity = this.#identification.identify(message.community, message.version, peer);
    if (identity === undefined) {
      counters.snmpInBadCommunityNames = (counters.snmpInBadCommunityNames + 1) >>> 0;
      this.#observer.authenticationFailed(peer);
      return undefined;
    }
    const { principal, contextName, maxMessageSizeOctets } = identity;
    const pdu = this.#requestPdu(message.pdu);
    if (pdu === undefined || !this.#hasRoom(peer)) return undefined;
    if (contextName === undefined) {
      // RFC 3413 3.2(5); there are no Reports before SNMPv3.
      counters.snmpUnknownContexts = (counters.snmpUnknownContexts + 1) >>> 0;
      return undefined;
    }
    return this.#respond({
      message,
      pdu,
      principal,
      contextName,
      requester: {
        version: message.version,
        securityName: principal.securityName,
        address: peer.address,
        port: peer.port,
      },
      identity: datagram,
      maxReplyOctets: Math.min(maxMessageSizeOctets, this.#limits.maxMessageSizeOctets),
    });
  }

  #hasRoom(peer: Peer): boolean {
    if (!this.#isClosed && this.#inFlight < this.#limits.maxInFlight) return true;
    this.#observer.dropped(peer);
    return false;
  }

  /** What is no message of SNMPv1 or v2c. */
  #handleOther(failure: DecodeFailure, datagram: Uint8Array, peer: Peer): Reply | Promise<Reply> {
    const counters = this.#counters;
    if (failure.kind === 'notParsed') {
      counters.snmpInASNParseErrs = (counters.snmpInASNParseErrs + 1) >>> 0;
      return undefined;
    }
    if (failure.version === V3_NUMBER) return this.#handleV3(datagram, peer);
    counters.snmpInBadVersions = (counters.snmpInBadVersions + 1) >>> 0;
    return undefined;
  }

  #handleV3(datagram: Uint8Array, peer: Peer): Reply | Promise<Reply> {
    const outcome = this.#v3.receive(datagram);
    if (outcome.kind === 'ended') {
      if (outcome.counter === 'usmStatsWrongDigests') this.#observer.authenticationFailed(peer);
      return this.#counted(outcome.report);
    }
    const pdu = this.#requestPdu(outcome.pdu);
    if (pdu === undefined || !this.#hasRoom(peer)) return undefined;
    const reply = this.#respond(this.#requestOf(outcome, pdu, peer));
    return reply instanceof Promise
      ? reply.then((scopedPdu) => this.#sealed(outcome, scopedPdu))
      : this.#sealed(outcome, reply);
  }

  #requestOf(outcome: V3Request, pdu: RequestPdu, peer: Peer): Request {
    const { user, level, contextEngineId, contextName, context } = outcome;
    const principal = this.#identification.principalOf(user, level, context);
    return {
      message: { version: 'v3', contextEngineId, contextName, pdu },
      pdu,
      principal,
      contextName: context,
      requester: {
        version: 'v3',
        securityName: principal.securityName,
        securityLevel: level,
        address: peer.address,
        port: peer.port,
      },
      identity: pdu.type === 'set' ? outcome.identity() : NO_IDENTITY,
      maxReplyOctets: outcome.maxResponseOctets,
    };
  }

  #sealed(request: V3Request, scopedPdu: Reply): Reply {
    return scopedPdu === undefined ? undefined : request.seal(scopedPdu);
  }

  /** A Report goes out; responses are counted by those who make them. */
  #counted(report: Reply): Reply {
    const counters = this.#counters;
    if (report !== undefined) counters.snmpOutPkts = (counters.snmpOutPkts + 1) >>> 0;
    return report;
  }

  /** Requests are answered; nothing else ever is, so that two agents cannot talk for ever. */
  #requestPdu(pdu: Pdu): RequestPdu | undefined {
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
