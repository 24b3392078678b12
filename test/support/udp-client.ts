import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

export interface Received {
  readonly octets: Buffer;
  readonly from: RemoteInfo;
}

export interface UdpTarget {
  readonly host: string;
  readonly port: number;
}

/** `udp://127.0.0.1:1161` or `udp://[::1]:1161`, apart. */
export function targetOf(url: string): UdpTarget {
  const { hostname, port } = new URL(url.replace('udp:', 'http:'));
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** A real socket for tests: sends, and waits for what comes back, with a deadline. */
export class UdpClient implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #received: Received[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (octets, from) => {
      this.#received.push({ octets, from });
      this.#wake();
    });
  }

  static async open(family: 4 | 6 = 4): Promise<UdpClient> {
    const socket = createSocket(family === 4 ? 'udp4' : 'udp6');
    socket.bind(0, family === 4 ? '127.0.0.1' : '::1');
    await once(socket, 'listening');
    socket.setRecvBufferSize(4 * 1024 * 1024);
    return new UdpClient(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(octets: Uint8Array, { host, port }: UdpTarget): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(octets, port, host, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  }

  /** The first datagram that `isIt` accepts; the ones before it are handed to `others`. */
  async receive(
    isIt: (received: Received) => boolean = () => true,
    others: (received: Received) => void = () => undefined,
    deadlineMs = 5000,
  ): Promise<Received> {
    const untilMs = performance.now() + deadlineMs;
    for (;;) {
      for (let next = this.#received.shift(); next !== undefined; next = this.#received.shift()) {
        if (isIt(next)) return next;
        others(next);
      }
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) throw new Error(`nothing came within ${deadlineMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async exchange(octets: Uint8Array, target: UdpTarget): Promise<Received> {
    await this.send(octets, target);
    return this.receive();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}
