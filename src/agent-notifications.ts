import { requireInteger, type Clock, type Logger } from './base/index.js';
import type { StoredScalar } from './instrumentation/index.js';
import type { SnmpCounters } from './dispatch/index.js';
import {
  buildNotification,
  DEFAULT_MAX_PENDING_INFORMS,
  NotificationOriginator,
  RateLimit,
  type Delivery,
  type DeliveryCounts,
  type NotifyTarget,
  type NotificationValues,
  type Receiver,
} from './notify/index.js';
import type { SnmpEngine, UserTable, UsmUser } from './security/index.js';
import type { Oid } from './smi/index.js';
import { NotifySockets } from './notify-sockets.js';
import type { AgentObserver } from './agent-observer.js';
import type { NotifyOptions } from './agent-options.js';
import type { MibLibrary } from './mib-library.js';

interface Parts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: AgentObserver;
  readonly library: MibLibrary;
  readonly counters: SnmpCounters;
  readonly maxMessageSizeOctets: number;
  readonly engine: SnmpEngine;
  readonly users: UserTable;
  readonly upTimeCentiseconds: () => number;
  /** A user of usmUserTable with keys for another engine. */
  readonly userAt: (engineId: Uint8Array, name: string) => UsmUser | undefined;
  readonly configured: readonly NotifyTarget[];
  /** Who is told of what happens now: those of the configuration first. */
  readonly receivers: () => readonly Receiver[];
  /** Whether a target may be told of all these names (RFC 3413 3.3). */
  readonly mayTell: (target: NotifyTarget, names: readonly Oid[]) => boolean;
  /** snmpEnableAuthenTraps. */
  readonly enableAuthenTraps: StoredScalar<string>;
}

/** A flood of messages with wrong communities is not made a flood of notifications (LIM-007). */
const AUTHENTICATION_FAILURES_AT_ONCE = 10;
const AUTHENTICATION_FAILURE_EVERY_MS = 1000;

/** An agent's notifications: who is told, through which sockets, and what it tells of itself. */
export class AgentNotifications {
  readonly sockets: NotifySockets;
  readonly #parts: Parts;
  readonly #originator: NotificationOriginator;
  readonly #authenticationFailures: RateLimit;

  /** @throws SnmpError SNMP_OPTION_INVALID */
  constructor(options: NotifyOptions = {}, parts: Parts) {
    this.#parts = parts;
    const { maxPendingInforms = DEFAULT_MAX_PENDING_INFORMS } = options;
    requireInteger('notify.maxPendingInforms', maxPendingInforms, 1, 1_000_000);
    this.sockets = new NotifySockets({
      counters: parts.counters,
      configured: parts.configured,
      received: (datagram, peer) => this.#originator.receive(datagram, peer),
    });
    this.#authenticationFailures = new RateLimit(
      parts.clock,
      AUTHENTICATION_FAILURES_AT_ONCE,
      AUTHENTICATION_FAILURE_EVERY_MS,
    );
    this.#originator = new NotificationOriginator({
      ...parts,
      channel: (target) => this.sockets.channelTo(target),
      agentAddress: (target) => this.sockets.agentAddress(target),
      maxSizeOctets: parts.maxMessageSizeOctets,
      maxPendingInforms,
      delivered: (notification, delivery) => this.#delivered(notification, delivery),
    });
    parts.observer.events.on('authentication:failed', () => this.#authenticationFailed());
  }

  get counts(): DeliveryCounts & { readonly pending: number } {
    return { ...this.#originator.counts, pending: this.#originator.pendingInforms };
  }

  /** @throws SnmpError SNMP_NOTIFY_*, rejecting */
  async notify(name: string, values: NotificationValues): Promise<readonly Delivery[]> {
    const notification = buildNotification(this.#parts.library, name, values);
    const targets = this.#parts.receivers().flatMap(({ target }) => target ?? []);
    const reached = this.sockets.reach(targets);
    // With nothing to wait for it is on its way in this turn.
    if (reached !== undefined) await reached;
    return this.#originator.send(notification);
  }

  /** RFC 3418 coldStart: the agent has begun anew. */
  coldStart(): void {
    void this.notify('SNMPv2-MIB::coldStart', {});
  }

  stop(): void {
    this.#originator.stop();
  }

  #authenticationFailed(): void {
    if (this.#parts.enableAuthenTraps.value !== 'enabled') return;
    if (this.#parts.receivers().length > 0 && this.#authenticationFailures.take()) {
      void this.notify('SNMPv2-MIB::authenticationFailure', {});
    }
  }

  #delivered(notification: string, delivery: Delivery): void {
    const { counters, logger, observer } = this.#parts;
    if (delivery.outcome === 'sent') counters.snmpOutTraps = (counters.snmpOutTraps + 1) >>> 0;
    if (delivery.outcome === 'sent' || delivery.outcome === 'acknowledged') return;
    logger.warn({ notification, ...delivery }, 'a notification was not delivered');
    observer.events.emit('notification:failed', { notification, ...delivery });
  }
}
