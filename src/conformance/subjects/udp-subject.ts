import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { SnmpError, systemClock, type Clock, type Timer } from '../../base/index.js';
import type { MibText } from '../../index.js';
import { decodeMessage, type Version } from '../../message/index.js';
import type { Mib } from '../../mib/index.js';
import type { CrashPoint, Exchanged, Subject } from '../subject.js';
import { knownMib } from './known-mib.js';

const DEFAULT_TIMEOUT_MS = 1000;
const DEFAULT_RETRIES = 2;

export interface UdpOptions {
  /** A name or an address of version 4 or 6. */
  readonly host: string;
  /** Default 161. */
  readonly port?: number;
  readonly community: string;
  /** Default v2c. */
  readonly version?: Version;
  readonly mibs?: readonly MibText[];
  /** How long each attempt waits. Default 1000. */
  readonly timeoutMs?: number;
  /** How often a request is sent again. Default 2. */
  readonly retries?: number;
  readonly clock?: Clock;
}

/**
 * An agent of any make behind a UDP port. Nothing is written unless the options of the run allow
 * it by name. A SET that had to be sent twice decides nothing: the case is passed over, since
 * nobody knows how often it was done.
 *
 * @throws SnmpError SNMP_MIB_*.
 */
export function udpSubject(options: UdpOptions): Subject {
  return new UdpSubject(options);
}

interface Waiting {
  settle(reply: Uint8Array | undefined): void;
}

class UdpSubject implements Subject {
  readonly name: string;
  readonly address: string;
  readonly version: Version;
  readonly community: string;
  readonly mib: Mib;
  readonly writableByDefault = 'none';
  readonly crashPoints: readonly CrashPoint[] = [];
  readonly #host: string;
  readonly #port: number;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #retries: number;
  /** By request-id. BOUNDED by the exchanges under way: the properties ask one after another. */
  readonly #waiting = new Map<number, Waiting>();
  #socket: Promise<Socket> | undefined;

  constructor(options: UdpOptions) {
    this.#host = options.host;
    this.#port = options.port ?? 161;
    this.address = isIPv6(options.host)
      ? `udp6:[${options.host}]:${this.#port}`
      : `${options.host}:${this.#port}`;
    this.name = `udp://${isIPv6(options.host) ? `[${options.host}]` : options.host}:${this.#port}`;
    this.version = options.version ?? 'v2c';
    this.community = options.community;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#retries = options.retries ?? DEFAULT_RETRIES;
    this.#clock = options.clock ?? systemClock;
    this.mib = knownMib(options.mibs ?? []);
  }

  async exchange(request: Uint8Array, requestId: number): Promise<Exchanged> {
    const socket = await (this.#socket ??= this.#open());
    for (let attempts = 1; attempts <= this.#retries + 1; attempts++) {
      const reply = await this.#attempt(socket, request, requestId);
      if (reply !== undefined) return { reply, attempts };
    }
    return { reply: undefined, attempts: this.#retries + 1 };
  }

  async close(): Promise<void> {
    const opened = this.#socket;
    this.#socket = undefined;
    for (const waiting of this.#waiting.values()) waiting.settle(undefined);
    if (opened === undefined) return;
    const socket = await opened;
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  #attempt(
    socket: Socket,
    request: Uint8Array,
    requestId: number,
  ): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      const settle = (reply: Uint8Array | undefined): void => {
        timer.cancel();
        this.#waiting.delete(requestId);
        resolve(reply);
      };
      const timer: Timer = this.#clock.startTimer(this.#timeoutMs, () => settle(undefined));
      this.#waiting.set(requestId, { settle });
      // An error of sending is like a datagram that was lost: the next attempt may go through.
      socket.send(request, () => undefined);
    });
  }

  #received(datagram: Uint8Array): void {
    const decoded = decodeMessage(datagram);
    // What cannot be decoded is for nobody else: there is one exchange at a time.
    const waiting =
      decoded.ok && decoded.message.pdu.type !== 'trapV1'
        ? this.#waiting.get(decoded.message.pdu.requestId)
        : [...this.#waiting.values()][0];
    waiting?.settle(datagram);
  }

  #open(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket(isIPv6(this.#host) ? 'udp6' : 'udp4');
      const failed = (cause: Error): void => {
        // The next request tries again.
        this.#socket = undefined;
        socket.close();
        reject(
          new SnmpError('SNMP_CONFORMANCE_SUBJECT', `cannot reach ${this.name}: ${cause.message}`, {
            cause,
          }),
        );
      };
      socket.once('error', failed);
      socket.on('message', (datagram: Uint8Array) => this.#received(datagram));
      // Connected: the system drops datagrams of anybody else.
      socket.connect(this.#port, this.#host, (error?: Error) => {
        socket.off('error', failed);
        if (error !== undefined && error !== null) return failed(error);
        socket.on('error', () => undefined);
        resolve(socket);
      });
    });
  }
}
