import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { atTurnEnd, SnmpError, systemClock, type Clock } from '../base/index.js';

/** Where a datagram came from; the reply goes back there through the same socket. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** An open transport. */
export interface Transport {
  /** As `udp://127.0.0.1:1161`. */
  readonly url: string;
  send(octets: Uint8Array, peer: Peer): void;
  /**
   * The same, with what else is sent soon in this turn of the event loop, or after a millisecond of
   * it: answers cost less one right after the other, and whoever reads them is woken once.
   */
  sendSoon(octets: Uint8Array, peer: Peer): void;
  close(): Promise<void>;
  /** `listener` hears once if the socket dies by itself. */
  onFailure(listener: (error: Error) => void): void;
}

export interface UdpAddress {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** As many datagrams as Node reads at one turn of the event loop. */
const MAX_HELD = 32;
/** Slow instrumentation does not keep the answers of others waiting for longer. */
const MAX_HELD_MS = 1;

/** Kernel buffers, so that a burst is not lost while an instrumentation holds the event loop. */
const SOCKET_BUFFER_OCTETS = 4 * 1024 * 1024;

/**
 * Reads `udp://HOST:PORT` or `udp://[V6]:PORT`. Port 0 means any free one.
 *
 * @throws SnmpError SNMP_LISTEN_SYNTAX
 */
export function parseUdpUrl(text: string): UdpAddress {
  const match = /^udp:\/\/(?:\[([\da-fA-F:.%\w]+)\]|([\d.]+|localhost)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new SnmpError(
      'SNMP_LISTEN_SYNTAX',
      `not an address to listen on: ${JSON.stringify(text)} (expected udp://127.0.0.1:1161 or udp://[::1]:1161)`,
    );
  }
  const [, v6, v4] = match;
  return v6 === undefined
    ? { host: v4 === 'localhost' ? '127.0.0.1' : (v4 as string), port, family: 4 }
    : { host: v6, port, family: 6 };
}

/**
 * Opens a UDP socket for requests and their answers (RFC 3417 section 3).
 *
 * @throws SnmpError SNMP_LISTEN_FAILED, rejecting, with the system's error as cause.
 */
export async function openUdp(
  address: UdpAddress,
  received: (datagram: Buffer, peer: Peer) => void,
  clock: Clock = systemClock,
): Promise<Transport> {
  const socket = createSocket({
    type: address.family === 4 ? 'udp4' : 'udp6',
    ipv6Only: address.family === 6,
    // Peers are numeric already: without this, every send would go through the resolver's queue.
    lookup: (host, _options, done) => done(null, host, address.family),
  });
  socket.on('message', (datagram: Buffer, from: RemoteInfo) => received(datagram, from));
  await bind(socket, address);
  try {
    socket.setRecvBufferSize(SOCKET_BUFFER_OCTETS);
    socket.setSendBufferSize(SOCKET_BUFFER_OCTETS);
  } catch {
    // The system's own buffers do: a smaller burst is lost sooner, nothing else changes.
  }
  return new UdpTransport(socket, address.family, clock);
}

/** What the system's errors of a bind mostly come from. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another socket has that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'who starts it may not (ports below 1024 are for root, or with CAP_NET_BIND_SERVICE)',
};

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return REASONS[code ?? ''] ?? message;
}

function bind(socket: Socket, { host, port }: UdpAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      socket.close();
      reject(
        new SnmpError(
          'SNMP_LISTEN_FAILED',
          `cannot listen on ${host} port ${port}: ${reasonOf(cause)}`,
          { cause },
        ),
      );
    };
    socket.once('error', fail);
    socket.bind({ address: host, port }, () => {
      socket.off('error', fail);
      resolve();
    });
  });
}

class UdpTransport implements Transport {
  readonly url: string;
  readonly #socket: Socket;
  readonly #clock: Clock;
  #closed = false;
  /** Answers of this turn, and whom they are for. BOUNDED by MAX_HELD and MAX_HELD_MS. */
  #held: Uint8Array[] = [];
  #heldFor: Peer[] = [];
  #heldSinceMs = 0;
  readonly #release = (): void => this.#sendHeld();

  constructor(socket: Socket, family: 4 | 6, clock: Clock) {
    const { address, port } = socket.address();
    this.url = `udp://${family === 6 ? `[${address}]` : address}:${port}`;
    this.#socket = socket;
    this.#clock = clock;
  }

  send(octets: Uint8Array, peer: Peer): void {
    // RFC 768: source port 0 asks for no reply; Node throws at it.
    if (this.#closed || peer.port === 0) return;
    // Without a callback the system's refusal of one datagram surfaces nowhere, as UDP has it.
    this.#socket.send(octets, peer.port, peer.address);
  }

  sendSoon(octets: Uint8Array, peer: Peer): void {
    const nowMs = this.#clock.nowMs();
    if (this.#held.length === 0) {
      this.#heldSinceMs = nowMs;
      atTurnEnd(this.#release);
    }
    this.#held.push(octets);
    this.#heldFor.push(peer);
    if (this.#held.length >= MAX_HELD || nowMs - this.#heldSinceMs > MAX_HELD_MS) this.#sendHeld();
  }

  #sendHeld(): void {
    const held = this.#held;
    const heldFor = this.#heldFor;
    this.#held = [];
    this.#heldFor = [];
    for (let i = 0; i < held.length; i++) this.send(held[i] as Uint8Array, heldFor[i] as Peer);
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#sendHeld();
    this.#closed = true;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  onFailure(listener: (error: Error) => void): void {
    this.#socket.on('error', listener);
  }
}
