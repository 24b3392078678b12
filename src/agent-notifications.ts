import { requireInteger, type Clock, type Logger } from './base/index.js';
import type { StoredScalar } from './instrumentation/index.js';
import type { SnmpCounters } from './dispatch/index.js';
import {
  buildNotification,
  completeTargets,
  DEFAULT_MAX_PENDING_INFORMS,
  NotificationOriginator,
  RateLimit,
  type Delivery,
  type DeliveryCounts,
  type NotifyChannel,
  type NotifyTarget,
  type NotificationValues,
  type TargetSecurity,
} from './notify/index.js';
import type { SnmpEngine, UserTable } from './security/index.js';
import type { Oid } from './smi/index.js';
import { localAddressTowards, openUdp, type Transport } from './transport/index.js';
import { ServiceChild } from '../supervisors/index.js';
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
  /** Whether a target may be told of all these names (RFC 3413 3.3). */
  readonly mayTell: (security: TargetSecurity, names: readonly Oid[]) => boolean;
  /** snmpEnableAuthenTraps. */
  readonly enableAuthenTraps: StoredScalar<string>;
}

/** A flood of messages with wrong communities is not made a flood of notifications (LIM-007). */
const AUTHENTICATION_FAILURES_AT_ONCE = 10;
const AUTHENTICATION_FAILURE_EVERY_MS = 1000;

const NO_ADDRESS = new Uint8Array(4);

/** One UDP socket for all targets of a family. */
interface FamilySocket {
  readonly id: string;
  readonly start: () => Promise<ServiceChild>;
}

/** An agent's notifications: its targets, the sockets they are told through, what it tells itself. */
export class AgentNotifications {
  /** Child specs to be: none where there is nobody to tell. */
  readonly sockets: readonly FamilySocket[];
  readonly #parts: Parts;
  readonly #targets: readonly NotifyTarget[];
  readonly #originator: NotificationOriginator;
  readonly #authenticationFailures: RateLimit;
  /** By family. */
  readonly #channels = new Map<4 | 6, NotifyChannel>();
  /** By target, as four octets. BOUNDED by the targets. */
  readonly #agentAddresses = new Map<NotifyTarget, Uint8Array>();

  /** @throws SnmpError SNMP_OPTION_INVALID, SNMP_LISTEN_SYNTAX */
  constructor(options: NotifyOptions = {}, parts: Parts) {
    this.#parts = parts;
    this.#targets = completeTargets(options.targets ?? [], 'notify.targets');
    const { maxPendingInforms = DEFAULT_MAX_PENDING_INFORMS } = options;
    requireInteger('notify.maxPendingInforms', maxPendingInforms, 1, 1_000_000);
    const families = new Set(this.#targets.map(({ address }) => address.family));
    this.sockets = [...families].map((family) => ({
      id: `udp${family}`,
      start: () => this.#open(family),
    }));
    this.#authenticationFailures = new RateLimit(
      parts.clock,
      AUTHENTICATION_FAILURES_AT_ONCE,
      AUTHENTICATION_FAILURE_EVERY_MS,
    );
    this.#originator = new NotificationOriginator({
      clock: parts.clock,
      targets: this.#targets,
      channel: (family) => this.#channels.get(family),
      upTimeCentiseconds: parts.upTimeCentiseconds,
      agentAddress: (target) => this.#agentAddresses.get(target) ?? NO_ADDRESS,
      maxSizeOctets: parts.maxMessageSizeOctets,
      engine: parts.engine,
      users: parts.users,
      maxPendingInforms,
      mayTell: ({ security }, names) => parts.mayTell(security, names),
      delivered: (notification, delivery) => this.#delivered(notification, delivery),
    });
    if (this.#targets.length > 0) {
      parts.observer.events.on('authentication:failed', () => this.#authenticationFailed());
    }
  }

  get counts(): DeliveryCounts & { readonly pending: number } {
    return { ...this.#originator.counts, pending: this.#originator.pendingInforms };
  }

  /** @throws SnmpError SNMP_NOTIFY_*, rejecting */
  async notify(name: string, values: NotificationValues): Promise<readonly Delivery[]> {
    return this.#originator.send(buildNotification(this.#parts.library, name, values));
  }

  /** RFC 3418 coldStart: the agent has begun anew. */
  coldStart(): void {
    if (this.#targets.length > 0) void this.notify('SNMPv2-MIB::coldStart', {});
  }

  stop(): void {
    this.#originator.stop();
  }

  #authenticationFailed(): void {
    if (this.#parts.enableAuthenTraps.value !== 'enabled') return;
    if (this.#authenticationFailures.take()) {
      void this.notify('SNMPv2-MIB::authenticationFailure', {});
    }
  }

  async #open(family: 4 | 6): Promise<ServiceChild> {
    const targets = this.#targets.filter(({ address }) => address.family === family);
    const transport = await openUdp({ ...sourceFor(family, targets), port: 0 }, (octets, peer) => {
      const { counters } = this.#parts;
      counters.snmpInPkts = (counters.snmpInPkts + 1) >>> 0;
      this.#originator.receive(octets, peer);
    });
    const close = (): Promise<void> => {
      this.#channels.delete(family);
      return transport.close();
    };
    const service = new ServiceChild({
      label: `to ${targets.length === 1 ? targets[0]?.name : `${targets.length} targets`}`,
      close,
      destroy: () => void close(),
    });
    const replace = async (error: Error): Promise<void> => {
      await close();
      service.fail(error);
    };
    transport.onFailure((error) => void replace(error));
    await this.#learnAddresses(targets);
    this.#channels.set(family, this.#counted(transport));
    return service;
  }

  /** What an SNMPv1 trap says of where it comes from: agent-addr (RFC 3584 section 3.2). */
  async #learnAddresses(targets: readonly NotifyTarget[]): Promise<void> {
    for (const target of targets) {
      if (target.kind !== 'trapV1' || target.address.family !== 4) continue;
      const address = await localAddressTowards(target.address);
      if (address === undefined) continue;
      this.#agentAddresses.set(target, Uint8Array.from(address.split('.').map(Number)));
    }
  }

  #counted(transport: Transport): NotifyChannel {
    const { counters } = this.#parts;
    return {
      send(octets, peer) {
        counters.snmpOutPkts = (counters.snmpOutPkts + 1) >>> 0;
        transport.send(octets, peer);
      },
    };
  }

  #delivered(notification: string, delivery: Delivery): void {
    const { counters, logger, observer } = this.#parts;
    if (delivery.outcome === 'sent') counters.snmpOutTraps = (counters.snmpOutTraps + 1) >>> 0;
    if (delivery.outcome === 'sent' || delivery.outcome === 'acknowledged') return;
    logger.warn({ notification, ...delivery }, 'a notification was not delivered');
    observer.events.emit('notification:failed', { notification, ...delivery });
  }
}

/** Nobody but this machine can reach a socket that only this machine is told through. */
function sourceFor(
  family: 4 | 6,
  targets: readonly NotifyTarget[],
): { readonly host: string; readonly family: 4 | 6 } {
  const isLocal = targets.every(({ isLoopback }) => isLoopback);
  const [loopback, wildcard] = family === 4 ? ['127.0.0.1', '0.0.0.0'] : ['::1', '::'];
  return { host: isLocal ? loopback : wildcard, family };
}
