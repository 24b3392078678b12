import { randomInt } from 'node:crypto';
import { systemRandom, type Clock } from '../base/index.js';
import { V3Requests, type AskedPdu, type Heard, type V3Conversation } from '../dispatch/index.js';
import { MAX_UDP_PAYLOAD_OCTETS, MessageEncoder } from '../message/index.js';
import {
  highestLevel,
  OutgoingMessages,
  PasswordKeys,
  supportsLevel,
  type SnmpEngine,
  type UserKeys,
  type UserTable,
  type UsmUser,
} from '../security/index.js';
import type { Peer } from '../transport/index.js';
import type { TargetUser } from './targets.js';

const MAX_MSG_ID = 0x7fff_ffff;

export interface V3NotificationParts {
  readonly clock: Clock;
  /** Whose traps they are: RFC 3414 1.5.1, the sender of what nobody answers is authoritative. */
  readonly engine: SnmpEngine;
  /** The agent's own users, for targets that name one. */
  readonly users: UserTable;
}

/**
 * Notifications as SNMPv3 messages. A trap has this engine's ID, boots and time, and keys for it; an
 * inform has those of the engine that receives it, which is found first (RFC 3414 section 4).
 */
export class V3Notifications<Owner> {
  readonly #engine: SnmpEngine;
  readonly #users: UserTable;
  readonly #outgoing: OutgoingMessages;
  readonly #requests: V3Requests<Owner>;
  readonly #encoder = new MessageEncoder();
  readonly #passwords = new PasswordKeys();
  /** For traps, localized to this engine. BOUNDED by the targets, which hold the keys. */
  readonly #localized = new WeakMap<UserKeys, UsmUser>();

  constructor({ clock, engine, users }: V3NotificationParts) {
    this.#engine = engine;
    this.#users = users;
    this.#outgoing = new OutgoingMessages(engine);
    this.#requests = new V3Requests({
      clock,
      random: systemRandom,
      maxMessageSizeOctets: engine.maxMessageSizeOctets,
    });
  }

  /** Messages whose answer may still come. */
  get openMessages(): number {
    return this.#requests.openMessages;
  }

  /** The octets of a trap, or why there are none. */
  trap(
    { user: wanted, level: asked, contextName }: TargetUser,
    pdu: AskedPdu,
    maxSizeOctets: number,
  ): Buffer | string {
    const user = this.#userOf(wanted);
    if (user === undefined) return 'there is no such user';
    const level = asked ?? highestLevel(user.auth !== undefined, user.priv !== undefined);
    if (!supportsLevel(user, level)) return `the user has no keys for ${level}`;
    const scopedPdu = this.#encoder.encode(
      { version: 'v3', contextEngineId: this.#engine.id, contextName, pdu },
      MAX_UDP_PAYLOAD_OCTETS,
    );
    const security = {
      msgId: randomInt(1, MAX_MSG_ID),
      level,
      userName: Buffer.from(user.name, 'utf8'),
      user,
    };
    const octets = scopedPdu && this.#outgoing.seal(security, scopedPdu, maxSizeOctets);
    return octets ?? `larger than ${maxSizeOctets} octets`;
  }

  /** An inform: its messages come of `next` of what is returned, until its `end`. */
  inform(
    owner: Owner,
    peer: Peer,
    { level, contextName }: TargetUser,
    keys: UserKeys,
    pdu: AskedPdu,
  ): V3Conversation<Owner> {
    const asker = {
      keys,
      level: level ?? keys.highestLevel,
      engineId: undefined,
      // What is told of is here (RFC 3413 3.3).
      contextEngineId: this.#engine.id,
      contextName,
    };
    return this.#requests.begin(owner, placeOf(peer), asker, pdu);
  }

  /** Which inform a message is about, if any, and what it means for it. Total. */
  receive(
    datagram: Uint8Array,
    peer: Peer,
  ): { readonly owner: Owner | undefined; readonly heard: Heard } {
    return this.#requests.receive(datagram, placeOf(peer));
  }

  /** A name is looked up each time: keys may have changed, or the user be gone. */
  #userOf(wanted: string | UserKeys): UsmUser | undefined {
    if (typeof wanted === 'string') return this.#users.find(Buffer.from(wanted, 'utf8'));
    const known = this.#localized.get(wanted);
    if (known !== undefined) return known;
    const user = wanted.localize(this.#engine.id, this.#passwords);
    this.#localized.set(wanted, user);
    return user;
  }
}

function placeOf({ address, port }: Peer): string {
  return `${address} ${port}`;
}
