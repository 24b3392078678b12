import { randomInt } from 'node:crypto';
import {
  nextTurn,
  requireInteger,
  requireKnownKeys,
  SnmpError,
  systemRandom,
  type Clock,
} from '../base/index.js';
import { MAX_UDP_PAYLOAD_OCTETS, MessageEncoder, type OutgoingPdu } from '../message/index.js';
import {
  MAX_ENGINE_BOOTS,
  OutgoingMessages,
  parseEngineId,
  PasswordKeys,
  SnmpEngine,
  type UnlocalizedUser,
  type UsmUser,
} from '../security/index.js';
import { localAddressTowards, type Peer } from '../transport/index.js';
import type { Channel, OpenChannel } from './channels.js';
import type { UserCredentials } from './credentials.js';
import type { ErrorIndication } from './error-indication.js';
import { HostLookup, type HostAddress, type ResolveHost } from './host-lookup.js';
import { addressOctets, type PreparedNotification } from './notification.js';
import type { Addressee } from './target.js';

/**
 * Who a trap of SNMPv3 is from (RFC 3414 3.1: the one who sends it is the authoritative engine).
 * Those who receive it must know the user for this engine ID.
 */
export interface OwnEngine {
  /** snmpEngineID in hexadecimal, 5 to 32 octets. */
  readonly id: string;
  /**
   * snmpEngineBoots, 1..2147483647: more at each start than at the one before, or else receivers
   * take what is sent for a repetition of what was.
   */
  readonly boots: number;
}

export interface TrapsParts {
  readonly clock: Clock;
  readonly openChannel: OpenChannel;
  readonly resolveHost: ResolveHost;
  readonly engine: OwnEngine | undefined;
  /** Traps that wait for the address of their host or for a socket. */
  readonly maxWaiting: number;
}

export type TrapOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly indication: ErrorIndication; readonly cause?: unknown };

const SENT: TrapOutcome = { kind: 'sent' };
const MAX_ID = 0x7fff_ffff;
const NO_ADDRESS = Uint8Array.of(0, 0, 0, 0);

/** Sends traps, which nobody answers: from sockets of their own, opened by the first one. */
export class Traps {
  readonly #parts: TrapsParts;
  /** BOUNDED by the two families. */
  readonly #channels = new Map<4 | 6, Promise<Channel>>();
  readonly #hosts: HostLookup;
  /** Made for the first trap. */
  #encoder: MessageEncoder | undefined;
  readonly #engine: SnmpEngine | undefined;
  readonly #outgoing: OutgoingMessages | undefined;
  readonly #passwords = new PasswordKeys();
  /** Localized to our engine. BOUNDED by the users that somebody still holds. */
  readonly #users = new WeakMap<UnlocalizedUser, UsmUser>();
  #waiting = 0;
  #isClosed = false;

  /** @throws SnmpError SNMP_OPTION_INVALID, SNMP_ENGINE_ID_INVALID */
  constructor(parts: TrapsParts) {
    this.#parts = parts;
    this.#hosts = new HostLookup(parts.resolveHost, parts.clock);
    const { engine, clock } = parts;
    if (engine === undefined) return;
    requireKnownKeys('engine', engine, ['id', 'boots']);
    requireInteger('engine.boots', engine.boots, 1, MAX_ENGINE_BOOTS);
    this.#engine = new SnmpEngine({
      id: parseEngineId(engine.id),
      boots: engine.boots,
      maxMessageSizeOctets: MAX_UDP_PAYLOAD_OCTETS,
      clock,
      random: systemRandom,
    });
    this.#outgoing = new OutgoingMessages(this.#engine);
  }

  /** @throws SnmpError SNMP_OPTION_INVALID where a user is to send and there is no engine. */
  requireEngineFor({ auth }: Addressee): void {
    if (auth.version !== 'v3' || this.#engine !== undefined) return;
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      'a trap of SNMPv3 is from an engine: new Manager({ engine: { id, boots } })',
    );
  }

  /** Never rejects. */
  async send(addressee: Addressee, notification: PreparedNotification): Promise<TrapOutcome> {
    if (this.#isClosed) return failed('managerClosed');
    if (this.#waiting >= this.#parts.maxWaiting) return failed('queueFull');
    this.#waiting += 1;
    try {
      const found = await this.#locate(addressee);
      if (!('address' in found)) return found;
      const { address, family } = found;
      const peer: Peer = { address, port: addressee.port };
      const octets = await this.#octetsOf(addressee, notification, peer, family);
      if (octets === undefined) return failed('tooBig');
      return await this.#give(family, octets, peer);
    } finally {
      this.#waiting -= 1;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    await Promise.allSettled(channels.map(async (channel) => (await channel).close()));
  }

  #locate({ host, family, isAddress }: Addressee): Promise<HostAddress | TrapOutcome> {
    if (isAddress) return Promise.resolve({ address: host, family: family ?? 4 });
    return new Promise((resolve) => {
      this.#hosts.find(host, family, (found) =>
        resolve(found.ok ? found.address : failed('hostNotFound', found.cause)),
      );
    });
  }

  async #give(family: 4 | 6, octets: Uint8Array, peer: Peer): Promise<TrapOutcome> {
    let channel: Channel;
    try {
      channel = await this.#channel(family);
    } catch (cause) {
      return failed('transportFailed', cause);
    }
    if (this.#isClosed) return failed('managerClosed');
    channel.send(octets, peer);
    // Node gives it to the system a little later: whoever closes now would take it back.
    await nextTurn();
    return SENT;
  }

  #channel(family: 4 | 6): Promise<Channel> {
    const known = this.#channels.get(family);
    if (known !== undefined) return known;
    const opening = this.#parts.openChannel(family, () => undefined);
    const forget = (): void => {
      if (this.#channels.get(family) === opening) this.#channels.delete(family);
    };
    this.#channels.set(family, opening);
    opening.then(
      (channel) =>
        channel.onFailure(() => {
          forget();
          void channel.close();
        }),
      forget,
    );
    return opening;
  }

  async #octetsOf(
    { auth, maxMessageSizeOctets }: Addressee,
    notification: PreparedNotification,
    peer: Peer,
    family: 4 | 6,
  ): Promise<Uint8Array | undefined> {
    this.#encoder ??= new MessageEncoder();
    const encoder = this.#encoder;
    if (auth.version === 'v1') {
      const from = notification.agentAddress ?? (await ownAddress(peer, family));
      return encoder.encode(auth.seal(notification.trapV1(from)), maxMessageSizeOctets);
    }
    const pdu: OutgoingPdu = {
      type: 'trap',
      requestId: randomInt(1, MAX_ID),
      errorStatus: 0,
      errorIndex: 0,
      varBinds: notification.allVarBinds,
    };
    if (auth.version === 'v3') return this.#sealed(encoder, auth, pdu, maxMessageSizeOctets);
    return encoder.encode(auth.seal(pdu), maxMessageSizeOctets);
  }

  #sealed(
    encoder: MessageEncoder,
    credentials: UserCredentials,
    pdu: OutgoingPdu,
    maxSizeOctets: number,
  ): Uint8Array | undefined {
    const { keys, level, contextEngineId, contextName } = credentials.asker();
    const engine = this.#engine;
    if (engine === undefined) return undefined;
    const user = this.#users.get(keys) ?? keys.localize(engine.id, this.#passwords);
    this.#users.set(keys, user);
    const scopedPdu = encoder.encode(
      { version: 'v3', contextEngineId: contextEngineId ?? engine.id, contextName, pdu },
      MAX_UDP_PAYLOAD_OCTETS,
    );
    if (scopedPdu === undefined) return undefined;
    const userName = Buffer.from(keys.name, 'utf8');
    const security = { msgId: randomInt(1, MAX_ID), level, userName, user };
    return this.#outgoing?.seal(security, scopedPdu, maxSizeOctets);
  }
}

function failed(indication: ErrorIndication, cause?: unknown): TrapOutcome {
  return cause === undefined
    ? { kind: 'failed', indication }
    : { kind: 'failed', indication, cause };
}

async function ownAddress(peer: Peer, family: 4 | 6): Promise<Uint8Array> {
  if (family === 6) return NO_ADDRESS;
  const { address: host, port } = peer;
  const address = await localAddressTowards({ host, port, family });
  return address === undefined ? NO_ADDRESS : addressOctets(address);
}
