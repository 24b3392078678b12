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
import type { NotifyTarget } from './targets.js';
import { V3Notifications } from './v3-notifications.js';

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
  /** The target's name. */
  readonly target: string;
  readonly outcome: DeliveryOutcome;
  readonly reason?: string;
}

export type DeliveryCounts = Readonly<Record<DeliveryOutcome, number>>;

/** What the originator needs of a socket. */
export interface NotifyChannel {
  send(octets: Uint8Array, peer: Peer): void;
}

export interface OriginatorParts {
  readonly clock: Clock;
  readonly targets: readonly NotifyTarget[];
  /** The open socket for a family; undefined while it is being replaced. */
  readonly channel: (family: 4 | 6) => NotifyChannel | undefined;
  readonly upTimeCentiseconds: () => number;
  /** IPv4 address that a target sees this agent at; four octets. */
  readonly agentAddress: (target: NotifyTarget) => Uint8Array;
  readonly maxSizeOctets: number;
  /** Of SNMPv3: whose traps they are, and the agent's own users. */
  readonly engine: SnmpEngine;
  readonly users: UserTable;
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
  /** The octets of one more message; undefined where they would be too many. */
  next: () => Uint8Array | undefined;
  /** Nothing that comes from now on is about it. */
  end: () => void;
  triesLeft: number;
  timer: Timer | undefined;
  readonly settle: (outcome: DeliveryOutcome, reason?: string) => void;
}

/** Sends notifications to every target, and informs again until somebody answers. */
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

  /** Resolves when every target has been told, or given up; never rejects. */
  async send(notification: Notification): Promise<readonly Delivery[]> {
    const { targets } = this.#parts;
    const body = this.#body(notification);
    const deliveries: Promise<Delivery>[] = [];
    for (const [i, target] of targets.entries()) {
      if (i > 0 && i % TARGETS_PER_TURN === 0) await nextTurn();
      deliveries.push(this.#sendTo(target, notification, body));
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
    target: NotifyTarget,
    notification: Notification,
    varBinds: readonly VarBind[],
  ): Promise<Delivery> {
    return new Promise((resolve) => {
      const settle = (outcome: DeliveryOutcome, reason?: string): void => {
        this.#counts[outcome] += 1;
        const delivery: Delivery = {
          target: target.name,
          outcome,
          ...(reason === undefined ? {} : { reason }),
        };
        this.#parts.delivered(notification.name, delivery);
        resolve(delivery);
      };
      if (this.#isStopped) {
        settle('dropped', 'agent stopped');
        return;
      }
      const names = [notification.oid, ...notification.varBinds.map(({ name }) => name)];
      if (!this.#parts.mayTell(target, names)) {
        settle('notSent', 'it is not in the notify view of whoever is to tell it');
        return;
      }
      const requestId = this.#nextRequestId();
      const pdu = this.#pdu(target, notification, varBinds, requestId);
      if (pdu === undefined) {
        settle('notSent', 'SNMPv1 has no Counter64');
        return;
      }
      if (target.kind === 'inform') {
        this.#inform(
          {
            requestId,
            target,
            next: () => undefined,
            end: () => undefined,
            triesLeft: target.retries + 1,
            timer: undefined,
            settle,
          },
          pdu,
        );
        return;
      }
      const octets = this.#encode(target, pdu);
      if (typeof octets === 'string') {
        settle('notSent', octets);
        return;
      }
      const channel = this.#parts.channel(target.address.family);
      channel?.send(octets, target.peer);
      if (channel === undefined) settle('notSent', 'no socket');
      else settle('sent');
    });
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
  #encode({ security }: NotifyTarget, pdu: OutgoingPdu): Buffer | string {
    const { maxSizeOctets } = this.#parts;
    if (security.version === 'v3') return this.#v3.trap(security, askedPdu(pdu), maxSizeOctets);
    const octets = this.#encoder.encode({ ...security, pdu }, maxSizeOctets);
    return octets ?? `larger than ${maxSizeOctets} octets`;
  }

  #nextRequestId(): number {
    do {
      this.#lastRequestId = this.#lastRequestId >= MAX_REQUEST_ID ? 1 : this.#lastRequestId + 1;
    } while (this.#pending.has(this.#lastRequestId));
    return this.#lastRequestId;
  }

  #inform(inform: PendingInform, pdu: OutgoingPdu): void {
    const { security, peer } = inform.target;
    const { maxSizeOctets } = this.#parts;
    if (security.version === 'v3') {
      invariant(typeof security.user !== 'string', 'an inform has the keys of its receiver');
      const { user } = security;
      const messages = this.#v3.inform(inform, peer, security, user, askedPdu(pdu));
      inform.next = () => messages.next(maxSizeOctets)?.octets;
      inform.end = () => messages.end();
    } else {
      const octets = this.#encoder.encode({ ...security, pdu }, maxSizeOctets);
      inform.next = () => octets;
    }
    const octets = inform.next();
    if (octets === undefined) {
      inform.end();
      inform.settle('notSent', `larger than ${maxSizeOctets} octets`);
      return;
    }
    for (const oldest of this.#pending.values()) {
      if (this.#pending.size < this.#parts.maxPendingInforms) break;
      this.#settle(oldest, 'dropped', 'too many informs wait');
    }
    this.#pending.set(inform.requestId, inform);
    this.#try(inform, octets);
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
    if (octets === undefined) {
      this.#settle(inform, 'notSent', `larger than ${this.#parts.maxSizeOctets} octets`);
      return;
    }
    // Without a socket the try is lost, as a datagram is: the next one may have it.
    this.#parts.channel(target.address.family)?.send(octets, target.peer);
    inform.timer = this.#parts.clock.startTimer(target.timeoutMs, () => this.#try(inform));
  }

  #settle(inform: PendingInform, outcome: DeliveryOutcome, reason?: string): void {
    if (!this.#pending.delete(inform.requestId)) return;
    inform.timer?.cancel();
    inform.end();
    inform.settle(outcome, reason);
  }
}

/** What is told in SNMPv3 is no trap of SNMPv1 (RFC 3584 3). */
function askedPdu(pdu: OutgoingPdu): AskedPdu {
  invariant(pdu.type !== 'trapV1', 'a target of SNMPv3 is told no trap of SNMPv1');
  return pdu;
}
