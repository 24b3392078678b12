import type { Exchange, PeerState } from './exchange.js';
import type { HostAddress } from './host-lookup.js';
import { Line } from './line.js';

/** Peers without a request that are known still: who polls comes back to them. */
const MAX_IDLE_PEERS = 1024;

/**
 * All that is known of addresses and ports.
 *
 * By address, then by port: what an address and a port would be joined to is a new text each time,
 * to be copied and hashed, while the address of a target is hashed once.
 */
export class Peers {
  /**
   * BOUNDED, all ports together, by twice those with requests, which are bounded by maxInFlight and
   * maxWaiting, and MAX_IDLE_PEERS.
   */
  readonly #byAddress = new Map<string, Map<number, PeerState>>();
  #size = 0;
  #idle = 0;

  find(address: string, port: number): PeerState | undefined {
    return this.#byAddress.get(address)?.get(port);
  }

  /** It may be idle, and is forgotten then before long. */
  at({ address, family }: HostAddress, port: number): PeerState {
    const known = this.find(address, port);
    if (known !== undefined) return known;
    this.#forgetIdle();
    const peer: PeerState = {
      key: peerKey(address, port),
      address,
      port,
      family,
      inFlight: new Line<Exchange>(),
      waiting: new Line<Exchange>(),
      window: 1,
      ready: undefined,
    };
    const ports = this.#byAddress.get(address);
    if (ports === undefined) this.#byAddress.set(address, new Map([[port, peer]]));
    else ports.set(port, peer);
    this.#size += 1;
    this.#idle += 1;
    return peer;
  }

  /** A peer without a request is about to have one. */
  becomesBusy(): void {
    this.#idle -= 1;
  }

  /** A peer has no request any more. */
  becomesIdle(): void {
    this.#idle += 1;
  }

  /** All at once, and seldom: each costs a glance at another one at most. */
  #forgetIdle(): void {
    if (this.#idle < MAX_IDLE_PEERS || this.#idle * 2 < this.#size) return;
    for (const [address, ports] of this.#byAddress) {
      for (const [port, peer] of ports) if (isIdle(peer)) ports.delete(port);
      if (ports.size === 0) this.#byAddress.delete(address);
    }
    this.#size -= this.#idle;
    this.#idle = 0;
  }
}

/** What tells one address and port from another. */
export function peerKey(address: string, port: number): string {
  return `${address} ${port}`;
}

export function isIdle({ inFlight, waiting }: PeerState): boolean {
  return inFlight.length === 0 && waiting.length === 0;
}
