import { openUdp, type Peer, type Transport } from '../transport/index.js';

/** What the manager needs of a socket. */
export type Channel = Pick<Transport, 'send' | 'close' | 'onFailure'>;

/** Opens what requests of one family leave from, and replies come to. */
export type OpenChannel = (
  family: 4 | 6,
  received: (datagram: Uint8Array, from: Peer) => void,
) => Promise<Channel>;

/** Addresses of this machine that requests leave from. Default: as the routes have it. */
export interface LocalAddresses {
  readonly ipv4?: string;
  readonly ipv6?: string;
}

/** One UDP socket on a free port. */
export function openUdpChannel(local: LocalAddresses): OpenChannel {
  return (family, received) => {
    const host = family === 4 ? (local.ipv4 ?? '0.0.0.0') : (local.ipv6 ?? '::');
    return openUdp({ host, port: 0, family }, received);
  };
}

/** One socket per family for all targets, opened by the first who needs it and anew if it dies. */
export class Channels {
  readonly #open: OpenChannel;
  readonly #received: (datagram: Uint8Array, from: Peer) => void;
  /** BOUNDED by the two families. */
  readonly #opened = new Map<4 | 6, Channel>();
  /** BOUNDED by the two families. */
  readonly #opening = new Map<4 | 6, Promise<Channel | undefined>>();
  #isClosed = false;

  constructor(open: OpenChannel, received: (datagram: Uint8Array, from: Peer) => void) {
    this.#open = open;
    this.#received = received;
  }

  /**
   * Sends now if the socket is open, else when it is. `failed` is called where it cannot be
   * opened; a datagram that the system refuses is as one that was lost.
   */
  send(
    family: 4 | 6,
    octets: Uint8Array,
    peer: Peer,
    isWanted: () => boolean,
    failed: (cause: unknown) => void,
  ): void {
    const channel = this.#opened.get(family);
    if (channel !== undefined) {
      channel.send(octets, peer);
      return;
    }
    this.#channel(family).then(
      (opened) => {
        if (isWanted()) opened?.send(octets, peer);
      },
      (cause: unknown) => failed(cause),
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#opening.values());
    const opened = [...this.#opened.values()];
    this.#opened.clear();
    await Promise.all(opened.map((channel) => channel.close()));
  }

  #channel(family: 4 | 6): Promise<Channel | undefined> {
    const opening = this.#opening.get(family);
    if (opening !== undefined) return opening;
    const started = this.#openOne(family).finally(() => this.#opening.delete(family));
    this.#opening.set(family, started);
    return started;
  }

  async #openOne(family: 4 | 6): Promise<Channel | undefined> {
    if (this.#isClosed) return undefined;
    const channel = await this.#open(family, this.#received);
    if (this.#isClosed) {
      await channel.close();
      return undefined;
    }
    channel.onFailure(() => {
      if (this.#opened.get(family) === channel) this.#opened.delete(family);
      void channel.close();
    });
    this.#opened.set(family, channel);
    return channel;
  }
}
