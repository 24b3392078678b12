import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeMessage, MessageEncoder, type Pdu } from '../../src/message/index.js';
import { formatOid } from '../../src/smi/index.js';

const SNMP_TRAP_OID_0 = '1.3.6.1.6.3.1.1.4.1.0';

/** A manager that listens for notifications, acknowledges informs, and remembers what it was told. */
export class Listener {
  readonly #socket: Socket;
  readonly #told: string[] = [];
  readonly #waiting = new Set<() => void>();
  agentAddress: string | undefined;
  /** The community of the last one. */
  community: string | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (octets, from) => {
      const decoded = decodeMessage(octets);
      if (!decoded.ok) return;
      const { community, version, pdu } = decoded.message;
      this.community = Buffer.from(community).toString();
      this.#told.push(`${pdu.type} ${trapOid(pdu)}`);
      if (pdu.type === 'trapV1') this.agentAddress = [...pdu.agentAddress].join('.');
      if (pdu.type === 'inform') {
        const response = new MessageEncoder().encode(
          { community, version, pdu: { ...pdu, type: 'response' } },
          1500,
        );
        if (response !== undefined) socket.send(response, from.port, from.address);
      }
      for (const wake of this.#waiting) wake();
    });
  }

  static async open(): Promise<Listener> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Listener(socket);
  }

  get address(): string {
    return `udp://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** What it was told, as soon as that is `count` notifications. */
  async told(count: number): Promise<readonly string[]> {
    while (this.#told.length < count) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
    return this.#told;
  }

  close(): void {
    this.#socket.close();
  }
}

function trapOid(pdu: Pdu): string {
  if (pdu.type === 'trapV1') return `${formatOid(pdu.enterprise)} ${pdu.genericTrap}`;
  const found = pdu.varBinds.find(({ name }) => formatOid(name) === SNMP_TRAP_OID_0);
  return found?.value.type === 'ObjectIdentifier' ? formatOid(found.value.value) : 'none';
}
