import { randomInt } from 'node:crypto';
import { invariant, nextTurn, type Clock, type Timer } from '../base/index.js';
import type { AskedPdu } from '../dispatch/index.js';
import {
  decodeMessage,
  MessageEncoder,
  notificationHead,
  toTrapV1,
  type CommunityMessage,
  type OutgoingPdu,
} from '../message/index.js';
import type { SnmpEngine, UserTable } from '../security/index.js';
import { errorStatusLabel, type Oid, type VarBind } from '../smi/index.js';
import type { Peer } from '../transport/index.js';
import type { Notification } from './notification.js';
import { isNotSent, tooLarge, type NotSent, type NotSentCode } from './not-sent.js';
import type { Receiver } from './receivers.js';
import type { NotifyTarget } from './targets.js';
import { NO_SUCH_USER, V3Notifications, type V3NotificationParts } from './v3-notifications.js';

/**
 * sent: a trap went out; nobody will say whether it arrived. acknowledged: an inform was answered.
 * refused: it was answered with an error. unanswered: all retries were in vain. dropped: it had to
 * make room for newer ones, or the agent stopped. notSent: this target cannot be told this.
 */
export type DeliveryOutcome =
  | 'sent'
  | 'acknowledged'
  | 'refused'
  | 'unanswered'
  | 'dropped'
  | 'notSent';

/** What became of one notification at one target. */
export interface Delivery {
  /** The target's name: its own, or that of its row in snmpTargetAddrTable. */
  readonly target: string;
  readonly outcome: DeliveryOutcome;
  /** Why it was not sent. */
  readonly code?: NotSentCode;
  readonly reason?: string;
}

export type DeliveryCounts = Readonly<Record<DeliveryOutcome, number>>;

/** What the originator needs of a socket. */
export interface NotifyChannel {
  send(octets: Uint8Array, peer: Peer): void;
}

export interface OriginatorParts {
  readonly clock: Clock;
  /** Who is told of what happens now. */
  readonly receivers: () => readonly Receiver[];
  /** The open socket for a target; undefined while it is being replaced. */
  readonly channel: (target: NotifyTarget) => NotifyChannel | undefined;
  readonly upTimeCentiseconds: () => number;
  /** IPv4 address that a target sees this agent at; four octets. */
  readonly agentAddress: (target: NotifyTarget) => Uint8Array;
  readonly maxSizeOctets: number;
  /** Of SNMPv3: whose traps they are, and the agent's own users. */
  readonly engine: SnmpEngine;
  readonly users: UserTable;
  readonly userAt: V3NotificationParts['userAt'];
  /** Informs that wait for their acknowledgement; one more, and the oldest is dropped. */
  readonly maxPendingInforms: number;
  readonly delivered: (notification: string, delivery: Delivery) => void;
  /** RFC 3413 3.3 (2), (3): whether a target may be told all of these names. */
  readonly mayTell: (target: NotifyTarget, names: readonly Oid[]) => boolean;
}

export const DEFAULT_MAX_PENDING_INFORMS = 10_000;

const MAX_REQUEST_ID = 0x7fff_ffff;
/** So many datagrams, then requests have their turn. */
const TARGETS_PER_TURN = 64;

interface PendingInform {
  readonly requestId: number;
  readonly target: NotifyTarget;
  /** The octets of one more message, or why there is none. */
  next: () => Uint8Array | NotSent;
  /** Nothing that comes from now on is about it. */
  end: () => void;
  triesLeft: number;
  timer: Timer | undefined;
  readonly settle: Settle;
}

type Settle = (outcome: DeliveryOutcome, reason?: string, code?: NotSentCode) => void;

/** Sends notifications to every receiver, and informs again until somebody answers. */
export class NotificationOriginator {
  readonly #parts: OriginatorParts;
  readonly #encoder = new MessageEncoder();
  readonly #v3: V3Notifications<PendingInform>;
  readonly #counts: Record<DeliveryOutcome, number> = {
    sent: 0,
    acknowledged: 0,
    refused: 0,
    unanswered: 0,
    dropped: 0,
    notSent: 0,
  };
  /** By request-id, the oldest first. BOUNDED by maxPendingInforms. */
  readonly #pending = new Map<number, PendingInform>();
  #lastRequestId = randomInt(1, MAX_REQUEST_ID);
  #isStopped = false;

  constructor(parts: OriginatorParts) {
    this.#parts = parts;
    this.#v3 = new V3Notifications(parts);
  }

  get counts(): DeliveryCounts {
    return this.#counts;
  }

  get pendingInforms(): number {
    return this.#pending.size;
  }

  /**
   * Resolves when every receiver has been told, or given up; never rejects. Whom a filter keeps it
   * from is not among them.
   */
  async send(notification: Notification): Promise<readonly Delivery[]> {
    const body = this.#body(notification);
    const objects = notification.varBinds.map(({ name }) => name);
    const names = [notification.oid, ...objects];
    const deliveries: Promise<Delivery>[] = [];
    for (const [i, receiver] of this.#parts.receivers().entries()) {
      if (i > 0 && i % TARGETS_PER_TURN === 0) await nextTurn();
      if (receiver.filter?.lets(notification.oid, objects) === false) continue;
      deliveries.push(this.#sendTo(receiver, notification, names, body));
    }
    return Promise.all(deliveries);
  }

  /** A datagram that came to one of the sockets: an acknowledgement, or nothing of ours. */
  receive(datagram: Uint8Array, peer: Peer): void {
    const decoded = decodeMessage(datagram);
    if (decoded.ok) this.#receiveV2c(decoded.message, peer);
    else if (decoded.failure.kind === 'badVersion') this.#receiveV3(datagram, peer);
  }

  #receiveV2c({ version, community, pdu }: CommunityMessage, peer: Peer): void {
    if (pdu.type !== 'response') return;
    const inform = this.#pending.get(pdu.requestId);
    if (inform === undefined) return;
    const { security, peer: told } = inform.target;
    if (
      peer.port !== told.port ||
      peer.address !== told.address ||
      security.version === 'v3' ||
      version !== security.version ||
      Buffer.compare(community, security.community) !== 0
    ) {
      return;
    }
    this.#acknowledge(inform, pdu.errorStatus);
  }

  #receiveV3(datagram: Uint8Array, peer: Peer): void {
    const { owner: inform, heard } = this.#v3.receive(datagram, peer);
    if (inform === undefined) return;
    switch (heard.kind) {
      case 'response':
        this.#acknowledge(inform, heard.pdu.errorStatus);
        return;
      case 'again':
        // Who receives it, or what time it is there, is known by now: that was no try.
        inform.timer?.cancel();
        this.#transmit(inform);
        return;
      case 'reported':
        this.#settle(inform, 'refused', heard.indication);
        return;
      case 'discarded':
        return;
    }
  }

  #acknowledge(inform: PendingInform, errorStatus: number): void {
    const status = errorStatusLabel(errorStatus) ?? `error-status ${errorStatus}`;
    if (errorStatus === 0) this.#settle(inform, 'acknowledged');
    else this.#settle(inform, 'refused', status);
  }

  /** Whatever waits is given up. */
  stop(): void {
    this.#isStopped = true;
    for (const inform of this.#pending.values()) this.#settle(inform, 'dropped', 'agent stopped');
  }

  #body({ oid, varBinds }: Notification): readonly VarBind[] {
    return [...notificationHead(oid, this.#parts.upTimeCentiseconds()), ...varBinds];
  }

  #sendTo(
    receiver: Receiver,
    notification: Notification,
    names: readonly Oid[],
    varBinds: readonly VarBind[],
  ): Promise<Delivery> {
    return new Promise((resolve) => {
      const { target } = receiver;
      const settle: Settle = (outcome, reason, code) => {
        this.#counts[outcome] += 1;
        const delivery: Delivery = {
          target: target === undefined ? receiver.name : target.name,
          outcome,
          ...(code === undefined ? {} : { code }),
          ...(reason === undefined ? {} : { reason }),
        };
        this.#parts.delivered(notification.name, delivery);
        resolve(delivery);
      };
      if (this.#isStopped) {
        settle('dropped', 'agent stopped');
        return;
      }
      const fault =
        target === undefined
          ? receiver.fault
          : this.#tell(target, notification, names, varBinds, settle);
      if (fault !== undefined) settle('notSent', fault.reason, fault.code);
    });
  }

  /** RFC 3413 3.3 (2) to (6). */
  #tell(
    target: NotifyTarget,
    notification: Notification,
    names: readonly Oid[],
    varBinds: readonly VarBind[],
    settle: Settle,
  ): NotSent | undefined {
    if (!this.#parts.mayTell(target, names)) {
      const { kind, security } = target;
      // An inform is a user's of another engine, which may not be known yet.
      const isNobody = security.version === 'v3' && kind === 'trap' && this.#v3.isNobody(security);
      return isNobody ? NO_SUCH_USER : NOT_IN_VIEW;
    }
    const requestId = this.#nextRequestId();
    const pdu = this.#pdu(target, notification, varBinds, requestId);
    if (pdu === undefined) return NO_COUNTER64;
    if (target.kind === 'inform') {
      return this.#inform(
        {
          requestId,
          target,
          next: () => NO_SOCKET,
          end: () => undefined,
          triesLeft: target.retries + 1,
          timer: undefined,
          settle,
        },
        pdu,
      );
    }
    const octets = this.#encode(target, pdu);
    if (isNotSent(octets)) return octets;
    const channel = this.#parts.channel(target);
    if (channel === undefined) return NO_SOCKET;
    channel.send(octets, target.peer);
    settle('sent');
    return undefined;
  }

  #pdu(
    target: NotifyTarget,
    notification: Notification,
    varBinds: readonly VarBind[],
    requestId: number,
  ): OutgoingPdu | undefined {
    if (target.kind !== 'trapV1') {
      return { type: target.kind, requestId, errorStatus: 0, errorIndex: 0, varBinds };
    }
    return toTrapV1(
      notification,
      this.#parts.upTimeCentiseconds(),
      this.#parts.agentAddress(target),
    );
  }

  /** The octets, or why there are none. */
  #encode(target: NotifyTarget, pdu: OutgoingPdu): Buffer | NotSent {
    const { security } = target;
    const maxSizeOctets = this.#maxSizeOctets(target);
    if (security.version === 'v3') return this.#v3.trap(security, askedPdu(pdu), maxSizeOctets);
    const octets = this.#encoder.encode({ ...security, pdu }, maxSizeOctets);
    return octets ?? tooLarge(maxSizeOctets);
  }

  #maxSizeOctets({ maxSizeOctets }: NotifyTarget): number {
    return Math.min(this.#parts.maxSizeOctets, maxSizeOctets);
  }

  #nextRequestId(): number {
    do {
      this.#lastRequestId = this.#lastRequestId >= MAX_REQUEST_ID ? 1 : this.#lastRequestId + 1;
    } while (this.#pending.has(this.#lastRequestId));
    return this.#lastRequestId;
  }

  #inform(inform: PendingInform, pdu: OutgoingPdu): NotSent | undefined {
    const { security, peer } = inform.target;
    if (security.version === 'v3') {
      const maxSizeOctets = this.#maxSizeOctets(inform.target);
      const messages = this.#v3.inform(inform, peer, security, askedPdu(pdu));
      inform.next = () => messages.next(maxSizeOctets);
      inform.end = () => messages.end();
    } else {
      const octets = this.#encode(inform.target, pdu);
      inform.next = () => octets;
    }
    const octets = inform.next();
    if (isNotSent(octets)) {
      inform.end();
      return octets;
    }
    for (const oldest of this.#pending.values()) {
      if (this.#pending.size < this.#parts.maxPendingInforms) break;
      this.#settle(oldest, 'dropped', 'too many informs wait');
    }
    this.#pending.set(inform.requestId, inform);
    this.#try(inform, octets);
    return undefined;
  }

  /** RFC 3413 section 3.3: sent, and sent again each time no answer came. */
  #try(inform: PendingInform, octets?: Uint8Array): void {
    if (inform.triesLeft === 0) {
      this.#settle(inform, 'unanswered');
      return;
    }
    inform.triesLeft -= 1;
    this.#transmit(inform, octets);
  }

  #transmit(inform: PendingInform, octets = inform.next()): void {
    const { target } = inform;
    if (isNotSent(octets)) {
      this.#settle(inform, 'notSent', octets.reason, octets.code);
      return;
    }
    // Without a socket the try is lost, as a datagram is: the next one may have it.
    this.#parts.channel(target)?.send(octets, target.peer);
    inform.timer = this.#parts.clock.startTimer(target.timeoutMs, () => this.#try(inform));
  }

  #settle(inform: PendingInform, ...[outcome, reason, code]: Parameters<Settle>): void {
    if (!this.#pending.delete(inform.requestId)) return;
    inform.timer?.cancel();
    inform.end();
    inform.settle(outcome, reason, code);
  }
}

const NOT_IN_VIEW: NotSent = {
  code: 'SNMP_NOTIFY_VIEW',
  reason: 'it is not in the notify view of whoever is to tell it',
};
const NO_COUNTER64: NotSent = {
  code: 'SNMP_NOTIFY_COUNTER64',
  reason: 'SNMPv1 has no Counter64',
};
const NO_SOCKET: NotSent = { code: 'SNMP_NOTIFY_NO_SOCKET', reason: 'no socket' };

/** What is told in SNMPv3 is no trap of SNMPv1 (RFC 3584 3). */
function askedPdu(pdu: OutgoingPdu): AskedPdu {
  invariant(pdu.type !== 'trapV1', 'a target of SNMPv3 is told no trap of SNMPv1');
  return pdu;
}
