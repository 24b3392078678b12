import { randomInt } from 'node:crypto';
import { nextTurn, type Clock, type Timer } from '../base/index.js';
import {
  decodeMessage,
  MessageEncoder,
  notificationHead,
  toTrapV1,
  type OutgoingMessage,
  type OutgoingPdu,
} from '../message/index.js';
import { errorStatusLabel, type VarBind } from '../smi/index.js';
import type { Peer } from '../transport/index.js';
import type { Notification } from './notification.js';
import type { NotifyTarget } from './targets.js';

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
  /** Informs that wait for their acknowledgement; one more, and the oldest is dropped. */
  readonly maxPendingInforms: number;
  readonly delivered: (notification: string, delivery: Delivery) => void;
}

export const DEFAULT_MAX_PENDING_INFORMS = 10_000;

const MAX_REQUEST_ID = 0x7fff_ffff;
/** So many datagrams, then requests have their turn. */
const TARGETS_PER_TURN = 64;

interface PendingInform {
  readonly requestId: number;
  readonly target: NotifyTarget;
  readonly octets: Uint8Array;
  triesLeft: number;
  timer: Timer | undefined;
  readonly settle: (outcome: DeliveryOutcome, reason?: string) => void;
}

/** Sends notifications to every target, and informs again until somebody answers. */
export class NotificationOriginator {
  readonly #parts: OriginatorParts;
  readonly #encoder = new MessageEncoder();
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
    if (!decoded.ok) return;
    const { version, community, pdu } = decoded.message;
    if (pdu.type !== 'response') return;
    const inform = this.#pending.get(pdu.requestId);
    if (inform === undefined) return;
    const { target } = inform;
    if (
      peer.port !== target.peer.port ||
      peer.address !== target.peer.address ||
      version !== target.version ||
      Buffer.compare(community, target.community) !== 0
    ) {
      return;
    }
    const status = errorStatusLabel(pdu.errorStatus);
    if (pdu.errorStatus === 0) this.#settle(inform, 'acknowledged');
    else this.#settle(inform, 'refused', status ?? `error-status ${pdu.errorStatus}`);
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
      const requestId = this.#nextRequestId();
      const pdu = this.#pdu(target, notification, varBinds, requestId);
      if (pdu === undefined) {
        settle('notSent', 'SNMPv1 has no Counter64');
        return;
      }
      const octets = this.#encode(target, pdu);
      if (octets === undefined) {
        settle('notSent', `larger than ${this.#parts.maxSizeOctets} octets`);
        return;
      }
      if (target.kind === 'inform') {
        this.#inform({
          requestId,
          target,
          octets,
          triesLeft: target.retries + 1,
          timer: undefined,
          settle,
        });
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

  #encode({ version, community }: NotifyTarget, pdu: OutgoingPdu): Buffer | undefined {
    const message: OutgoingMessage = { version, community, pdu };
    return this.#encoder.encode(message, this.#parts.maxSizeOctets);
  }

  #nextRequestId(): number {
    do {
      this.#lastRequestId = this.#lastRequestId >= MAX_REQUEST_ID ? 1 : this.#lastRequestId + 1;
    } while (this.#pending.has(this.#lastRequestId));
    return this.#lastRequestId;
  }

  #inform(inform: PendingInform): void {
    for (const oldest of this.#pending.values()) {
      if (this.#pending.size < this.#parts.maxPendingInforms) break;
      this.#settle(oldest, 'dropped', 'too many informs wait');
    }
    this.#pending.set(inform.requestId, inform);
    this.#try(inform);
  }

  /** RFC 3413 section 3.3: sent, and sent again each time no answer came. */
  #try(inform: PendingInform): void {
    if (inform.triesLeft === 0) {
      this.#settle(inform, 'unanswered');
      return;
    }
    inform.triesLeft -= 1;
    const { target, octets } = inform;
    // Without a socket the try is lost, as a datagram is: the next one may have it.
    this.#parts.channel(target.address.family)?.send(octets, target.peer);
    inform.timer = this.#parts.clock.startTimer(target.timeoutMs, () => this.#try(inform));
  }

  #settle(inform: PendingInform, outcome: DeliveryOutcome, reason?: string): void {
    if (!this.#pending.delete(inform.requestId)) return;
    inform.timer?.cancel();
    inform.settle(outcome, reason);
  }
}
