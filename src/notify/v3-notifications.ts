import { randomInt } from 'node:crypto';
import { systemRandom, type Clock } from '../base/index.js';
import { V3Requests, type AskedPdu, type Heard } from '../dispatch/index.js';
import { MAX_UDP_PAYLOAD_OCTETS, MessageEncoder, type SecurityLevel } from '../message/index.js';
import {
  highestLevel,
  OutgoingMessages,
  PasswordKeys,
  supportsLevel,
  type SnmpEngine,
  type UnlocalizedUser,
  type UserKeys,
  type UserTable,
  type UsmUser,
} from '../security/index.js';
import type { Peer } from '../transport/index.js';
import { tooLarge, type NotSent } from './not-sent.js';
import type { TargetUser } from './targets.js';

const MAX_MSG_ID = 0x7fff_ffff;

export interface V3NotificationParts {
  readonly clock: Clock;
  /** Whose traps they are: RFC 3414 1.5.1, the sender of what nobody answers is authoritative. */
  readonly engine: SnmpEngine;
  /** The agent's own users, for traps to targets that name one. */
  readonly users: UserTable;
  /** A user of usmUserTable with keys for another engine, for informs to targets that name one. */
  readonly userAt: (engineId: Uint8Array, name: string) => UsmUser | undefined;
}

/** The messages of one inform. */
export interface InformMessages {
  /** The octets of the next one, or why there is none. */
  next(maxSizeOctets: number): Uint8Array | NotSent;
  /** Nothing that comes from now on is about it. */
  end(): void;
}

/**
 * Notifications as SNMPv3 messages. A trap has this engine's ID, boots and time, and keys for it; an
 * inform has those of the engine that receives it, which is found first (RFC 3414 section 4).
 */
export class V3Notifications<Owner> {
  readonly #engine: SnmpEngine;
  readonly #users: UserTable;
  readonly #userAt: V3NotificationParts['userAt'];
  readonly #outgoing: OutgoingMessages;
  readonly #requests: V3Requests<Owner>;
  readonly #encoder = new MessageEncoder();
  readonly #passwords = new PasswordKeys();
  /** For traps, localized to this engine. BOUNDED by the targets, which hold the keys. */
  readonly #localized = new WeakMap<UserKeys, UsmUser>();

  constructor({ clock, engine, users, userAt }: V3NotificationParts) {
    this.#engine = engine;
    this.#users = users;
    this.#userAt = userAt;
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

  /** Whether it is the name of nobody. */
  isNobody({ user }: TargetUser): boolean {
    return this.#userOf(user) === undefined;
  }

  /** The octets of a trap, or why there are none. */
  trap(
    { user: wanted, level: asked, contextName }: TargetUser,
    pdu: AskedPdu,
    maxSizeOctets: number,
  ): Buffer | NotSent {
    const user = this.#userOf(wanted);
    if (user === undefined) return NO_SUCH_USER;
    const level = asked ?? highestLevel(user.auth !== undefined, user.priv !== undefined);
    if (!supportsLevel(user, level)) return withoutKeys(level);
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
    return octets ?? tooLarge(maxSizeOctets);
  }

  /** An inform: its messages come of `next` of what is returned, until its `end`. */
  inform(
    owner: Owner,
    peer: Peer,
    { user: wanted, level: asked, contextName }: TargetUser,
    pdu: AskedPdu,
  ): InformMessages {
    const keys = typeof wanted === 'string' ? this.#knownAs(wanted) : wanted;
    const level = asked ?? (typeof wanted === 'string' ? 'noAuthNoPriv' : wanted.highestLevel);
    const asker = {
      keys,
      level,
      engineId: undefined,
      // What is told of is here (RFC 3413 3.3).
      contextEngineId: this.#engine.id,
      contextName,
    };
    const place = placeOf(peer);
    const conversation = this.#requests.begin(owner, place, asker, pdu);
    let isAsked = false;
    return {
      next: (maxSizeOctets) => {
        const fault = typeof wanted === 'string' ? this.#faultOf(wanted, level, place) : undefined;
        if (fault !== undefined && isAsked) return fault;
        // Another engine may answer there by now, or whoever answered last was not the receiver.
        if (fault !== undefined) this.#requests.forgetEngineAt(place);
        isAsked = true;
        return conversation.next(maxSizeOctets)?.octets ?? tooLarge(maxSizeOctets);
      },
      end: () => conversation.end(),
    };
  }

  /** Which inform a message is about, if any, and what it means for it. Total. */
  receive(
    datagram: Uint8Array,
    peer: Peer,
  ): { readonly owner: Owner | undefined; readonly heard: Heard } {
    return this.#requests.receive(datagram, placeOf(peer));
  }

  /** Somebody of usmUserTable, by the keys that its row for the receiver has when it is told. */
  #knownAs(name: string): UnlocalizedUser {
    return { name, localize: (engineId) => this.#userAt(engineId, name) ?? { name } };
  }

  /** Once it is known who receives it: why the tables' user cannot tell, if it cannot. */
  #faultOf(name: string, level: SecurityLevel, place: string): NotSent | undefined {
    const engineId = this.#requests.engineAt(place);
    if (engineId === undefined) return undefined;
    const user = this.#userAt(engineId, name);
    if (user === undefined) return NO_SUCH_USER_THERE;
    return supportsLevel(user, level) ? undefined : withoutKeys(level);
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

export const NO_SUCH_USER: NotSent = {
  code: 'SNMP_NOTIFY_NO_USER',
  reason: 'there is no such user',
};
const NO_SUCH_USER_THERE: NotSent = {
  code: 'SNMP_NOTIFY_NO_USER',
  reason: 'there is no such user for the engine that receives it',
};

function withoutKeys(level: SecurityLevel): NotSent {
  return { code: 'SNMP_NOTIFY_LEVEL', reason: `the user has no keys for ${level}` };
}

function placeOf({ address, port }: Peer): string {
  return `${address} ${port}`;
}
