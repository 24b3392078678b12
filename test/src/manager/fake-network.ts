import { SimulatedClock } from '../../../src/base/index.js';
import { Manager, type ManagerOptions } from '../../../src/manager/index.js';
import {
  decodeMessage,
  MessageEncoder,
  type OutgoingMessage,
  type StatusPdu,
  type CommunityMessage,
} from '../../../src/message/index.js';
import type { VarBind } from '../../../src/smi/index.js';
import type { Peer } from '../../../src/transport/index.js';

export interface Sent {
  readonly octets: Buffer;
  readonly peer: Peer;
  readonly family: 4 | 6;
  readonly atMs: number;
}

export interface Asked extends Sent {
  readonly message: CommunityMessage;
}

/** No sockets: what is sent is kept, and shown to an agent if there is one. */
export class FakeNetwork {
  readonly clock = new SimulatedClock();
  readonly sent: Sent[] = [];
  readonly closed: (4 | 6)[] = [];
  /** Called in a microtask after each datagram; what it returns is sent back. */
  agent: ((asked: Asked) => OutgoingMessage | undefined) | undefined;
  /** As `agent`, with the octets as they are: SNMPv3. */
  responder: ((octets: Uint8Array, peer: Peer) => Uint8Array | undefined) | undefined;
  readonly #received = new Map<4 | 6, (datagram: Uint8Array, from: Peer) => void>();
  readonly #encoder = new MessageEncoder();

  manager(options: Partial<ManagerOptions> = {}): Manager {
    return new Manager({
      clock: this.clock,
      openChannel: async (family, received) => {
        this.#received.set(family, received);
        return {
          send: (octets, peer) => this.#send(family, octets, peer),
          close: async () => void this.closed.push(family),
          onFailure: () => undefined,
        };
      },
      ...options,
    });
  }

  /** The datagrams sent, as messages. */
  get asked(): readonly Asked[] {
    return this.sent.map((one) => ({ ...one, message: decoded(one.octets) }));
  }

  deliver(octets: Uint8Array, from: Peer, family: 4 | 6 = 4): void {
    this.#received.get(family)?.(octets, from);
  }

  reply(message: OutgoingMessage, from: Peer, family: 4 | 6 = 4): void {
    this.deliver(this.encode(message), from, family);
  }

  encode(message: OutgoingMessage): Uint8Array {
    const octets = this.#encoder.encode(message, 65_507);
    if (octets === undefined) throw new Error('too large for a datagram');
    return octets;
  }

  #send(family: 4 | 6, octets: Uint8Array, peer: Peer): void {
    const sent = { octets: Buffer.from(octets), peer, family, atMs: this.clock.nowMs() };
    this.sent.push(sent);
    const { agent, responder } = this;
    if (responder !== undefined) {
      queueMicrotask(() => {
        const reply = responder(sent.octets, peer);
        if (reply !== undefined) this.deliver(reply, peer, family);
      });
    }
    if (agent === undefined) return;
    queueMicrotask(() => {
      const message = agent({ ...sent, message: decoded(sent.octets) });
      if (message !== undefined) this.reply(message, peer, family);
    });
  }
}

function decoded(octets: Uint8Array): CommunityMessage {
  const result = decodeMessage(octets);
  if (!result.ok) throw new Error(`what was sent is no message: ${JSON.stringify(result.failure)}`);
  return result.message;
}

/** The response that an agent gives: to the very request, with these variables. */
export function responseTo(
  { version, community, pdu }: CommunityMessage,
  answer: Partial<Pick<StatusPdu, 'type' | 'errorStatus' | 'errorIndex' | 'requestId'>> & {
    readonly varBinds?: readonly VarBind[];
  } = {},
): OutgoingMessage {
  if (pdu.type === 'trapV1') throw new Error('a trap has no response');
  return {
    version,
    community,
    pdu: {
      type: answer.type ?? 'response',
      requestId: answer.requestId ?? pdu.requestId,
      errorStatus: answer.errorStatus ?? 0,
      errorIndex: answer.errorIndex ?? 0,
      varBinds: answer.varBinds ?? pdu.varBinds,
    },
  };
}
