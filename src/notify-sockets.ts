import { RecentMap, SnmpError } from './base/index.js';
import type { SnmpCounters } from './dispatch/index.js';
import type { NotifyChannel, NotifyTarget } from './notify/index.js';
import { localAddressTowards, openUdp, type Peer, type Transport } from './transport/index.js';
import { ServiceChild, type Supervisor } from '../supervisors/index.js';
import { socketSpec, type SocketPart } from '../supervisors/trees/index.js';

interface Parts {
  readonly counters: SnmpCounters;
  /** The targets of the configuration: their sockets are open as long as the agent runs. */
  readonly configured: readonly NotifyTarget[];
  /** What comes to one of the sockets. */
  readonly received: (datagram: Uint8Array, peer: Peer) => void;
}

/** One UDP socket: for all targets of a family, or those of them on this machine. */
type SocketId = 'udp4' | 'udp6' | 'udp4-loopback' | 'udp6-loopback';

const NO_ADDRESS = new Uint8Array(4);
/** SNMPv1 receivers whose routes are remembered: more than the tables may select. */
const MAX_ROUTES = 4096;

/**
 * The sockets that receivers are told through. Nobody but this machine can reach one that only this
 * machine is told through. Those of the configuration are open from the start, others when a row first
 * needs them; then they stay: there are four at most.
 */
export class NotifySockets {
  readonly #parts: Parts;
  readonly #wanted = new Set<SocketId>();
  readonly #channels = new Map<SocketId, NotifyChannel>();
  readonly #opening = new Map<SocketId, Promise<void>>();
  /** What SNMPv1 traps say of where they come from, by where they go. */
  readonly #agentAddresses = new RecentMap<string, Uint8Array>(MAX_ROUTES);
  #supervisor: Supervisor | undefined;
  /** Routes are asked one after another: each takes a socket. */
  #routesLearned: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    for (const family of [4, 6] as const) {
      const targets = parts.configured.filter(({ address }) => address.family === family);
      if (targets.length === 0) continue;
      this.#wanted.add(
        idOf(
          family,
          targets.every(({ isLoopback }) => isLoopback),
        ),
      );
    }
  }

  /** What is open, or is to be: asked at every start of their supervisor. */
  parts(): readonly SocketPart[] {
    return [...this.#wanted].map((id) => this.#part(id));
  }

  /** They are this supervisor's from now on. */
  startedBy(supervisor: Supervisor): void {
    this.#supervisor = supervisor;
  }

  /** The open socket for a target; undefined while it is not there. */
  channelTo({ address: { family }, isLoopback }: NotifyTarget): NotifyChannel | undefined {
    const wide = this.#channels.get(idOf(family, false));
    return wide ?? (isLoopback ? this.#channels.get(idOf(family, true)) : undefined);
  }

  /** IPv4 address that a target sees this agent at (RFC 3584 3.2); four octets. */
  agentAddress({ peer }: NotifyTarget): Uint8Array {
    return this.#agentAddresses.get(peer.address) ?? NO_ADDRESS;
  }

  /**
   * Sees to it that targets can be told: resolves when their sockets are open, or cannot be opened.
   *
   * @returns undefined where there is nothing to wait for. Never rejects.
   */
  reach(targets: Iterable<NotifyTarget>): Promise<void> | undefined {
    /** BOUNDED by the sockets, and one for the routes. */
    const waits = new Set<Promise<void>>();
    let isRouteAsked = false;
    for (const target of targets) {
      const { address, isLoopback } = target;
      const wide = idOf(address.family, false);
      const id = isLoopback && !this.#wanted.has(wide) ? idOf(address.family, true) : wide;
      if (!this.#wanted.has(id)) this.#open(id);
      const opening = this.#opening.get(id);
      if (opening !== undefined) waits.add(opening);
      if (!isOldV4(target) || this.#isRouteKnown(target)) continue;
      isRouteAsked = true;
      this.#routesLearned = this.#routesLearned.then(() =>
        this.#isRouteKnown(target) ? undefined : this.#learnRoute(target),
      );
    }
    if (isRouteAsked) waits.add(this.#routesLearned);
    if (waits.size === 0) return undefined;
    return Promise.all(waits).then(() => undefined);
  }

  #open(id: SocketId): void {
    const supervisor = this.#supervisor;
    if (supervisor === undefined) return;
    this.#wanted.add(id);
    const opened = supervisor.startChild(socketSpec(this.#part(id))).then(
      () => undefined,
      (error: unknown) => {
        // Another spec of it came with a restart of their supervisor, or it is tried again later.
        const isThere =
          error instanceof SnmpError && error.code === 'SNMP_SUPERVISOR_ALREADY_STARTED';
        if (!isThere) this.#wanted.delete(id);
      },
    );
    this.#opening.set(
      id,
      opened.finally(() => this.#opening.delete(id)),
    );
  }

  #part(id: SocketId): SocketPart {
    return { id, start: () => this.#start(id) };
  }

  async #start(id: SocketId): Promise<ServiceChild> {
    const family = id.startsWith('udp4') ? 4 : 6;
    const isWide = id === idOf(family, false);
    const targets = this.#parts.configured.filter(
      ({ address, isLoopback }) => address.family === family && (isWide || isLoopback),
    );
    const [loopback, wildcard] = family === 4 ? ['127.0.0.1', '0.0.0.0'] : ['::1', '::'];
    const { counters, received } = this.#parts;
    const transport = await openUdp(
      { host: isWide ? wildcard : loopback, family, port: 0 },
      (octets, peer) => {
        counters.snmpInPkts = (counters.snmpInPkts + 1) >>> 0;
        received(octets, peer);
      },
    );
    const close = (): Promise<void> => {
      this.#channels.delete(id);
      return transport.close();
    };
    const service = new ServiceChild({
      label: `to ${namesOf(targets)}`,
      close,
      destroy: () => void close(),
    });
    const replace = async (error: Error): Promise<void> => {
      await close();
      service.fail(error);
    };
    transport.onFailure((error) => void replace(error));
    // The routes may be others than they were when the last one was opened.
    for (const target of targets) if (isOldV4(target)) await this.#learnRoute(target);
    this.#channels.set(id, counted(transport, counters));
    return service;
  }

  #isRouteKnown({ peer }: NotifyTarget): boolean {
    return this.#agentAddresses.get(peer.address) !== undefined;
  }

  async #learnRoute({ address, peer }: NotifyTarget): Promise<void> {
    const local = await localAddressTowards(address);
    const octets = local === undefined ? NO_ADDRESS : Uint8Array.from(local.split('.').map(Number));
    this.#agentAddresses.set(peer.address, octets);
  }
}

function idOf(family: 4 | 6, isLoopback: boolean): SocketId {
  return isLoopback ? `udp${family}-loopback` : `udp${family}`;
}

/** SNMPv1 alone says where a trap comes from, as an IPv4 address. */
function isOldV4({ kind, address }: NotifyTarget): boolean {
  return kind === 'trapV1' && address.family === 4;
}

function namesOf(targets: readonly NotifyTarget[]): string {
  if (targets.length === 0) return 'receivers of snmpNotifyTable';
  return targets.length === 1 ? String(targets[0]?.name) : `${targets.length} targets`;
}

function counted(transport: Transport, counters: SnmpCounters): NotifyChannel {
  return {
    send(octets, peer) {
      counters.snmpOutPkts = (counters.snmpOutPkts + 1) >>> 0;
      transport.send(octets, peer);
    },
  };
}
