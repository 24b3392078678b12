import type { Timer } from '../base/index.js';
import type { V3Conversation, V3Fault } from '../dispatch/index.js';
import type { StatusPdu } from '../message/index.js';
import type { Mib } from '../mib/index.js';
import type { VarBind } from '../smi/index.js';
import type { Peer } from '../transport/index.js';
import type { CredentialFault } from './credentials.js';
import type { ErrorIndication } from './error-indication.js';
import type { Line, Place } from './line.js';
import type { Addressee } from './target.js';

/**
 * Why a datagram was not taken for the reply. notParsed: no SNMP message. wrongSource: from another
 * address or port than was asked. wrongPduType: no Response. unknownRequestId, in SNMPv3
 * unknownMsgId: of no request that is under way; a duplicate or a late reply, mostly. SNMPv3: from
 * another engine or for another user than asked, at another level, in another context; with a
 * signature that is wrong (wrongDigest), too old (notInTimeWindow), or not to be decrypted.
 */
export type DiscardReason = V3Fault | CredentialFault;

export type DiscardCounts = Readonly<Partial<Record<DiscardReason, number>>>;

/** What one request took. */
export interface RequestStats {
  /** How often the request was sent; what finds out who answers in SNMPv3 does not count. */
  readonly attempts: number;
  /**
   * From the last time the request was sent to the response; absent without one. It may be the
   * response to an earlier attempt.
   */
  readonly rttMs?: number;
  /** Datagrams that came from the target, or named this request, and were not its response. */
  readonly discarded: DiscardCounts;
}

/** A PDU to be sent; its request-id is given when it is. */
export type RequestPdu =
  | {
      readonly type: 'get' | 'getNext' | 'set' | 'inform';
      readonly varBinds: readonly VarBind[];
    }
  | {
      readonly type: 'getBulk';
      readonly nonRepeaters: number;
      readonly maxRepetitions: number;
      readonly varBinds: readonly VarBind[];
    };

export interface Inquiry {
  readonly addressee: Addressee;
  readonly pdu: RequestPdu;
  readonly deadlineMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** What the response is looked up in when it is looked at; or nothing. */
  readonly mib: Mib | undefined;
}

export type Settlement =
  | { readonly kind: 'response'; readonly pdu: StatusPdu; readonly stats: RequestStats }
  | {
      readonly kind: 'failed';
      readonly indication: ErrorIndication;
      readonly cause?: unknown;
      readonly stats: RequestStats;
    };

/** All that is known of one address and port. */
export interface PeerState extends Peer {
  readonly key: string;
  readonly family: 4 | 6;
  /** BOUNDED by the window. */
  readonly inFlight: Line<Exchange>;
  /** BOUNDED by maxWaiting, with those of all other peers. */
  readonly waiting: Line<Exchange>;
  /** Of the target that was asked last. */
  window: number;
  /** In the line of peers that may send. */
  ready: Place<PeerState> | undefined;
}

/** One request from being asked for to being settled. */
export class Exchange {
  readonly inquiry: Inquiry;
  readonly #settle: (settlement: Settlement) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #ended: (exchange: Exchange) => void;
  #discarded: Partial<Record<DiscardReason, number>> | undefined;
  /** What is undone when it is over. BOUNDED by what one request holds. */
  #releases: (() => void)[] | undefined;
  #isSettled = false;
  attempts = 0;
  sentAtMs = 0;
  /** Waits for the response to the last attempt. */
  attemptTimer: Timer | undefined;
  /** Messages in vain since something was last heard: one more than the retries at most. */
  tries = 0;
  requestId = 0;
  /** Of SNMPv1 and SNMPv2c: what each attempt sends. */
  octets: Uint8Array | undefined;
  /** Of SNMPv3: what each attempt is made by. */
  conversation: V3Conversation<Exchange> | undefined;
  /** Unknown while its host is looked up. */
  peer: PeerState | undefined;
  /** Among all that wait. */
  waitingPlace: Place<Exchange> | undefined;
  /** Among those of its peer: that wait, then that are under way. */
  peerPlace: Place<Exchange> | undefined;
  isUnderWay = false;

  /** @param ended - called once, before it settles. */
  constructor(
    inquiry: Inquiry,
    settle: (settlement: Settlement) => void,
    reject: (reason: unknown) => void,
    ended: (exchange: Exchange) => void,
  ) {
    this.inquiry = inquiry;
    this.#settle = settle;
    this.#reject = reject;
    this.#ended = ended;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** `release` is called once, when this is over: now, if it is. */
  holds(release: () => void): void {
    if (this.#isSettled) release();
    else (this.#releases ??= []).push(release);
  }

  count(reason: DiscardReason): void {
    this.#discarded ??= {};
    this.#discarded[reason] = (this.#discarded[reason] ?? 0) + 1;
  }

  respond(pdu: StatusPdu, nowMs: number): void {
    if (!this.#end()) return;
    const { attempts } = this;
    const stats = { attempts, rttMs: nowMs - this.sentAtMs, discarded: this.#counts() };
    this.#settle({ kind: 'response', pdu, stats });
  }

  fail(indication: ErrorIndication, cause?: unknown): void {
    if (!this.#end()) return;
    const stats = { attempts: this.attempts, discarded: this.#counts() };
    const failed = { kind: 'failed', indication, stats } as const;
    this.#settle(cause === undefined ? failed : { ...failed, cause });
  }

  abort(reason: unknown): void {
    if (this.#end()) this.#reject(reason);
  }

  #counts(): DiscardCounts {
    return this.#discarded === undefined ? {} : { ...this.#discarded };
  }

  #end(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.attemptTimer?.cancel();
    const releases = this.#releases;
    this.#releases = undefined;
    if (releases !== undefined) for (const release of releases) release();
    this.#ended(this);
    return true;
  }
}
