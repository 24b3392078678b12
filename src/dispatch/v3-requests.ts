import { randomInt } from 'node:crypto';
import type { Clock, Random } from '../base/index.js';
import {
  decodeScopedPdu,
  decodeUsmParameters,
  decodeV3Message,
  MAX_UDP_PAYLOAD_OCTETS,
  MessageEncoder,
  USM_SECURITY_MODEL,
  type OutgoingPdu,
  type ScopedPdu,
  type SecurityLevel,
  type StatusPdu,
  type UsmParameters,
  type V3Message,
} from '../message/index.js';
import {
  checkReply,
  MessageSealer,
  RemoteEngines,
  Salts,
  type RemoteEngine,
  type ReplyFault,
  type UnlocalizedUser,
} from '../security/index.js';
import { indicationOf, type ReportIndication } from './reports.js';

/** A PDU that is answered. */
export type AskedPdu = Exclude<OutgoingPdu, { readonly type: 'trapV1' }>;

/** Who asks, at which level, and in which context. */
export interface Asker {
  readonly keys: UnlocalizedUser;
  /** One that the keys support. */
  readonly level: SecurityLevel;
  /** Of the engine that answers. Without it, whoever answers says who it is (RFC 3414 4). */
  readonly engineId: Uint8Array | undefined;
  /** Default: the engine that answers. */
  readonly contextEngineId: Uint8Array | undefined;
  readonly contextName: Uint8Array;
}

/** Why a message is not the reply that was asked for. */
export type V3Fault =
  | ReplyFault
  | 'notParsed'
  | 'wrongSource'
  | 'wrongContext'
  | 'wrongPduType'
  | 'unknownMsgId'
  | 'unknownRequestId';

/** What a message that came means to a request. */
export type Heard =
  | { readonly kind: 'response'; readonly pdu: StatusPdu }
  /** It is worth sending again at once: who answers there, or what time it is, was not known. */
  | { readonly kind: 'again' }
  /** The engine reports why it does not answer. */
  | { readonly kind: 'reported'; readonly indication: ReportIndication }
  | { readonly kind: 'discarded'; readonly fault: V3Fault };

export interface V3RequestsParts {
  readonly clock: Clock;
  readonly random: Random;
  /** What may be sent back. */
  readonly maxMessageSizeOctets: number;
}

const MAX_MSG_ID = 0x7fff_ffff;
/** An answer to an attempt so long ago is as good as lost. */
const MAX_OPEN_MESSAGES = 8;
/** Who answers there may be another one than it was, but not all the time. */
const MAX_ENGINES_FOUND = 2;
/** RFC 3411 SnmpEngineID. */
const ENGINE_ID_OCTETS = { least: 5, most: 32 } as const;
const NONE = new Uint8Array();

/** One message of a request. */
interface Sent {
  readonly engine: RemoteEngine | undefined;
  readonly contextEngineId: Uint8Array;
}

/**
 * RFC 3412 7.1 and 7.2 for an engine that asks: requests to engines at places, which are found and
 * whose time is learned on the way (RFC 3414 section 4 and 3.2(7b)). No sockets, no timers: whoever
 * sends says when.
 */
export class V3Requests<Owner> {
  readonly #parts: V3RequestsParts;
  readonly #engines: RemoteEngines;
  readonly #sealer: MessageSealer;
  readonly #encoder = new MessageEncoder();
  /** By msgID. BOUNDED by MAX_OPEN_MESSAGES for each request that has not ended. */
  readonly #open = new Map<number, V3Conversation<Owner>>();

  constructor(parts: V3RequestsParts) {
    this.#parts = parts;
    this.#engines = new RemoteEngines(parts.clock);
    this.#sealer = new MessageSealer(new Salts(parts.random));
  }

  /** Messages whose answer may still come. */
  get openMessages(): number {
    return this.#open.size;
  }

  /**
   * A request is to be sent: its messages come of `next` of what is returned, until its `end`.
   *
   * @param place - what tells one address and port from another.
   * @param acceptFrom - whether its answer must come from that place. Who signs it is known anyway.
   */
  begin(
    owner: Owner,
    place: string,
    asker: Asker,
    pdu: AskedPdu,
    acceptFrom: 'target' | 'any' = 'target',
  ): V3Conversation<Owner> {
    return new V3Conversation(owner, place, asker, pdu, {
      acceptFrom,
      engines: this.#engines,
      sealer: this.#sealer,
      encoder: this.#encoder,
      open: this.#open,
      // Last: V8 makes a hidden class for each object that gets more after a spread.
      ...this.#parts,
    });
  }

  /** The ID of whoever answers at a place, as far as it is known. */
  engineAt(place: string): Uint8Array | undefined {
    return this.#engines.at(place)?.id;
  }

  /** Whoever answers there is found anew by the next message. */
  forgetEngineAt(place: string): void {
    this.#engines.forgetAt(place);
  }

  /** Whom a message is for, and what it means. Total. */
  receive(
    datagram: Uint8Array,
    place: string,
  ): { readonly owner: Owner | undefined; readonly heard: Heard } {
    const decoded = decodeV3Message(datagram);
    if (!decoded.ok) return { owner: undefined, heard: discarded('notParsed') };
    const conversation = this.#open.get(decoded.value.msgId);
    if (conversation === undefined) {
      return { owner: undefined, heard: discarded('unknownMsgId') };
    }
    const { owner } = conversation;
    if (!conversation.accepts(place)) return { owner, heard: discarded('wrongSource') };
    return { owner, heard: conversation.hear(decoded.value) };
  }
}

interface ConversationParts<Owner> extends V3RequestsParts {
  readonly acceptFrom: 'target' | 'any';
  readonly engines: RemoteEngines;
  readonly sealer: MessageSealer;
  readonly encoder: MessageEncoder;
  readonly open: Map<number, V3Conversation<Owner>>;
}

/** One request, from its first message until it is answered or given up. */
export class V3Conversation<Owner> {
  readonly owner: Owner;
  readonly #place: string;
  readonly #asker: Asker;
  readonly #pdu: AskedPdu;
  readonly #parts: ConversationParts<Owner>;
  /** By msgID. BOUNDED by MAX_OPEN_MESSAGES: the oldest is forgotten. */
  readonly #sent = new Map<number, Sent>();
  #enginesFound = 0;
  /** Whether its time was learned from an engine that would not answer for that. */
  #isTimeLearned = false;

  constructor(
    owner: Owner,
    place: string,
    asker: Asker,
    pdu: AskedPdu,
    parts: ConversationParts<Owner>,
  ) {
    this.owner = owner;
    this.#place = place;
    this.#asker = asker;
    this.#pdu = pdu;
    this.#parts = parts;
  }

  /**
   * The next message, with a msgID of its own and the time that it is there now (RFC 3412 6.2): the
   * request, or while nobody knows who answers, the question who does. Undefined where it would be
   * larger than `maxSizeOctets`.
   */
  next(
    maxSizeOctets: number,
  ): { readonly octets: Buffer; readonly isRequest: boolean } | undefined {
    const { keys, level, contextEngineId, contextName } = this.#asker;
    const engine = this.#engine();
    const user = engine?.userOf(keys);
    const scoped = {
      contextEngineId: contextEngineId ?? engine?.id ?? NONE,
      contextName,
      pdu: this.#pdu,
    };
    const scopedPdu = this.#parts.encoder.encode(
      { version: 'v3', ...(engine === undefined ? this.#probe() : scoped) },
      MAX_UDP_PAYLOAD_OCTETS,
    );
    if (scopedPdu === undefined) return undefined;
    const msgId = this.#newMsgId();
    const octets = this.#parts.sealer.seal(
      {
        engineId: engine?.id ?? NONE,
        ...(level === 'noAuthNoPriv' || engine === undefined ? NO_TIME : engine.now),
        maxSizeOctets: this.#parts.maxMessageSizeOctets,
        isReportable: true,
      },
      {
        msgId,
        level: engine === undefined ? 'noAuthNoPriv' : level,
        userName: engine === undefined ? NONE : Buffer.from(keys.name, 'utf8'),
        user,
      },
      scopedPdu,
      maxSizeOctets,
    );
    if (octets === undefined) return undefined;
    this.#keep(msgId, { engine, contextEngineId: scoped.contextEngineId });
    return { octets, isRequest: engine !== undefined };
  }

  /** Whether an answer from there may be that to this request. */
  accepts(place: string): boolean {
    return place === this.#place || this.#parts.acceptFrom === 'any';
  }

  /** What comes from now on is of no request. */
  end(): void {
    this.#forgetSent();
  }

  #forgetSent(): void {
    for (const msgId of this.#sent.keys()) this.#parts.open.delete(msgId);
    this.#sent.clear();
  }

  /** A message with one of its msgIDs, from its place. */
  hear(message: V3Message): Heard {
    const sent = this.#sent.get(message.msgId);
    if (sent === undefined) return discarded('unknownMsgId');
    const level = message.securityLevel;
    const parsed = decodeUsmParameters(message);
    if (message.securityModel !== USM_SECURITY_MODEL || level === undefined || !parsed.ok) {
      return discarded('notParsed');
    }
    return level === 'noAuthNoPriv'
      ? this.#hearAnybody(message, parsed.value, sent)
      : this.#hearAuthentic(message, level, parsed.value, sent);
  }

  /** RFC 3414 4: no user, no variables; who answers says who it is. */
  #probe(): { contextEngineId: Uint8Array; contextName: Uint8Array; pdu: AskedPdu } {
    const { requestId } = this.#pdu;
    const pdu = { type: 'get', requestId, errorStatus: 0, errorIndex: 0, varBinds: [] } as const;
    return { contextEngineId: NONE, contextName: NONE, pdu };
  }

  #engine(): RemoteEngine | undefined {
    const { engineId } = this.#asker;
    const { engines } = this.#parts;
    return engineId === undefined ? engines.at(this.#place) : engines.withId(engineId);
  }

  #newMsgId(): number {
    let msgId;
    do msgId = randomInt(1, MAX_MSG_ID);
    while (this.#parts.open.has(msgId));
    return msgId;
  }

  #keep(msgId: number, sent: Sent): void {
    this.#sent.set(msgId, sent);
    this.#parts.open.set(msgId, this);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= MAX_OPEN_MESSAGES) break;
      this.#sent.delete(oldest);
      this.#parts.open.delete(oldest);
    }
  }

  /**
   * Nobody vouches for it. To a request that is not authenticated either it may be the response;
   * else only a Report, which may be a lie: it can name another engine, so often and not oftener,
   * or end this request; nothing that it says is believed of the time or the keys.
   */
  #hearAnybody(message: V3Message, parameters: UsmParameters, sent: Sent): Heard {
    if (message.data.isEncrypted) return discarded('notDecrypted');
    const scoped = decodeScopedPdu(message.datagram, message.data);
    if (!scoped.ok) return discarded('notParsed');
    const { pdu } = scoped.value;
    if (pdu.type !== 'report') {
      if (pdu.type !== 'response') return discarded('wrongPduType');
      if (this.#asker.level !== 'noAuthNoPriv') return discarded('wrongLevel');
      return this.#hearResponse(scoped.value, parameters, sent);
    }
    const indication = indicationOf(pdu.varBinds[0]?.name);
    if (sent.engine === undefined || indication === 'unknownEngineID') {
      return this.#found(parameters, sent.engine);
    }
    if (indication === 'notInTimeWindow' && this.#asker.level !== 'noAuthNoPriv') {
      // RFC 3414 3.2(7a): who knows the time can sign it.
      return discarded('wrongLevel');
    }
    return { kind: 'reported', indication };
  }

  #found(parameters: UsmParameters, asked: RemoteEngine | undefined): Heard {
    const { engineId } = parameters;
    const { least, most } = ENGINE_ID_OCTETS;
    if (engineId.length < least || engineId.length > most) return discarded('wrongEngine');
    const isFixed = this.#asker.engineId !== undefined;
    const isSame = asked !== undefined && Buffer.compare(asked.id, engineId) === 0;
    if (isFixed || isSame || this.#enginesFound >= MAX_ENGINES_FOUND) {
      return { kind: 'reported', indication: 'unknownEngineID' };
    }
    this.#enginesFound += 1;
    this.#isTimeLearned = false;
    this.#parts.engines.foundAt(this.#place, engineId).supposeTime(parameters);
    return this.#again();
  }

  /** What was sent before this was known will be refused once more for each repetition. */
  #again(): Heard {
    this.#forgetSent();
    return { kind: 'again' };
  }

  #hearAuthentic(
    message: V3Message,
    level: SecurityLevel,
    parameters: UsmParameters,
    sent: Sent,
  ): Heard {
    const { engine } = sent;
    if (engine === undefined) return discarded('wrongLevel');
    const user = engine.userOf(this.#asker.keys);
    const checked = checkReply(message, level, parameters, engine, user);
    if (!checked.ok) return discarded(checked.fault);
    const { octets, span } = checked.plaintext;
    const scoped = decodeScopedPdu(octets, span);
    // With a wrong key there is plaintext too, and it is garbage.
    if (!scoped.ok) return discarded(level === 'authPriv' ? 'notDecrypted' : 'notParsed');
    const { pdu } = scoped.value;
    if (pdu.type === 'report') {
      const indication = indicationOf(pdu.varBinds[0]?.name);
      if (indication !== 'notInTimeWindow' || this.#isTimeLearned) {
        return { kind: 'reported', indication };
      }
      // The check has learned its time.
      this.#isTimeLearned = true;
      return this.#again();
    }
    if (pdu.type !== 'response') return discarded('wrongPduType');
    if (level !== this.#asker.level) return discarded('wrongLevel');
    return this.#hearResponse(scoped.value, parameters, sent);
  }

  /** RFC 3412 7.2(12) and RFC 3413 3.1. */
  #hearResponse(
    { contextEngineId, contextName, pdu }: ScopedPdu,
    { engineId, userName }: UsmParameters,
    { engine, contextEngineId: askedContext }: Sent,
  ): Heard {
    const { keys, contextName: askedName } = this.#asker;
    if (engine === undefined) return discarded('wrongPduType');
    if (Buffer.compare(engineId, engine.id) !== 0) return discarded('wrongEngine');
    if (Buffer.compare(userName, Buffer.from(keys.name)) !== 0) return discarded('wrongUser');
    if (
      Buffer.compare(contextEngineId, askedContext) !== 0 ||
      Buffer.compare(contextName, askedName) !== 0
    ) {
      return discarded('wrongContext');
    }
    if (pdu.type !== 'response') return discarded('wrongPduType');
    if (pdu.requestId !== this.#pdu.requestId) return discarded('unknownRequestId');
    return { kind: 'response', pdu };
  }
}

const NO_TIME = { engineBoots: 0, engineTimeSeconds: 0 } as const;

function discarded(fault: V3Fault): Heard {
  return { kind: 'discarded', fault };
}
