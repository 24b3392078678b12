import {
  decodeScopedPdu,
  decodeV3Message,
  MAX_UDP_PAYLOAD_OCTETS,
  MessageEncoder,
  USM_SECURITY_MODEL,
  type Pdu,
  type ScopedPdu,
  type SecurityLevel,
  type V3Message,
} from '../message/index.js';
import {
  OutgoingMessages,
  processIncoming,
  type OutgoingSecurity,
  type SnmpEngine,
  type UserTable,
  type UsmUser,
} from '../security/index.js';
import type { CounterName, SnmpCounters } from './counters.js';
import { REPORTED } from './reports.js';

/** RFC 5343 3.2: what somebody who does not know our engine ID may call our contexts by. */
const LOCAL_ENGINE_ID = Uint8Array.of(0x80, 0, 0, 0, 6);
const DEFAULT_CONTEXT = new Uint8Array();

/** RFC 3411 2.8: whether those who send it wait for an answer. */
const IS_CONFIRMED: Readonly<Record<Pdu['type'], boolean>> = {
  get: true,
  getNext: true,
  getBulk: true,
  set: true,
  inform: true,
  response: false,
  trap: false,
  trapV1: false,
  report: false,
};

/** The old trap has no message in SNMPv3. */
type AnsweredPdu = Exclude<Pdu, { readonly type: 'trapV1' }>;

export type V3Outcome =
  | V3Request
  /** Not a request that is to be answered: counted, and perhaps there is a Report. */
  | {
      readonly kind: 'ended';
      readonly counter: CounterName | undefined;
      readonly report: Buffer | undefined;
    };

/** What a response is sealed with, and how large it may be. */
interface ResponseSecurity extends OutgoingSecurity {
  readonly user: UsmUser;
  readonly maxOctets: number;
}

/** The context that a message's contextName means; undefined where there is none. */
export type FindContext = (contextName: Uint8Array) => string | undefined;

const onlyTheDefault: FindContext = ({ length }) => (length === 0 ? '' : undefined);

/**
 * RFC 3412 section 7 for an engine that answers: SNMPv3 messages in, requests or Reports out, and
 * responses back. Never throws at what was received.
 */
export class V3Processing {
  readonly #counters: SnmpCounters;
  readonly #engine: SnmpEngine;
  readonly #users: UserTable;
  readonly #outgoing: OutgoingMessages;
  readonly #encoder = new MessageEncoder();
  readonly #findContext: FindContext;

  constructor(
    counters: SnmpCounters,
    engine: SnmpEngine,
    users: UserTable,
    findContext: FindContext = onlyTheDefault,
  ) {
    this.#findContext = findContext;
    this.#counters = counters;
    this.#engine = engine;
    this.#users = users;
    this.#outgoing = new OutgoingMessages(engine);
  }

  /** RFC 3412 7.2, with the checks of 4.2.2.1 that may end in a Report. */
  receive(datagram: Uint8Array): V3Outcome {
    // 2
    const decoded = decodeV3Message(datagram);
    if (!decoded.ok) return this.#end('snmpInASNParseErrs');
    const message = decoded.value;
    // 4
    if (message.securityModel !== USM_SECURITY_MODEL) return this.#end('snmpUnknownSecurityModels');
    // 5
    const level = message.securityLevel;
    if (level === undefined) return this.#end('snmpInvalidMsgs');
    // 6
    const incoming = processIncoming(message, level, this.#engine, this.#users);
    if (incoming.kind === 'notParsed') return this.#end('snmpInASNParseErrs');
    const { userName } = incoming;
    if (incoming.kind === 'refused') {
      const { counter, signer } = incoming;
      const pdu = readablePdu(message);
      return this.#refuse(message, counter, pdu, userName, signer);
    }
    // 7
    const { user, plaintext } = incoming;
    const scoped = decodeScopedPdu(plaintext.octets, plaintext.span);
    if (!scoped.ok) return this.#end('snmpInASNParseErrs');
    const { contextEngineId, contextName, pdu } = scoped.value;
    // 10: we ask nobody, so nobody answers us.
    if (pdu.type === 'response' || pdu.type === 'report') return this.#end(undefined);
    const isOurs =
      Buffer.compare(contextEngineId, this.#engine.id) === 0 ||
      Buffer.compare(contextEngineId, LOCAL_ENGINE_ID) === 0;
    // The old trap is for the type's sake: no SNMPv3 message is read to one.
    const isTold = pdu.type === 'inform' || pdu.type === 'trap' || pdu.type === 'trapV1';
    if (!isOurs || isTold) {
      return this.#refuse(message, 'snmpUnknownPDUHandlers', pdu, userName);
    }
    // RFC 3413 3.2(5), RFC 3415 3.2(1)
    const context = this.#findContext(contextName);
    if (context === undefined) {
      return this.#refuse(message, 'snmpUnknownContexts', pdu, userName);
    }
    const maxOctets = Math.min(message.maxSizeOctets, this.#engine.maxMessageSizeOctets);
    const security = { msgId: message.msgId, level, userName, user, maxOctets };
    return new V3Request(this.#outgoing, security, scoped.value, pdu, context);
  }

  #end(counter: CounterName | undefined, report?: Buffer): V3Outcome {
    if (counter !== undefined) this.#count(counter);
    return { kind: 'ended', counter, report };
  }

  #count(counter: CounterName): void {
    this.#counters[counter] = (this.#counters[counter] + 1) >>> 0;
  }

  /** Counts, and reports it to those who wait for an answer. */
  #refuse(
    message: V3Message,
    counter: keyof typeof REPORTED,
    pdu: Pdu | undefined,
    userName: Uint8Array,
    signer?: UsmUser,
  ): V3Outcome {
    this.#count(counter);
    // RFC 3412 6.4: where the PDU can be read its class decides, otherwise the sender's word.
    const isWanted = pdu === undefined ? message.isReportable : IS_CONFIRMED[pdu.type];
    const requestId = pdu === undefined || pdu.type === 'trapV1' ? 0 : pdu.requestId;
    const report = isWanted
      ? this.#report(message, counter, requestId, userName, signer)
      : undefined;
    return { kind: 'ended', counter, report };
  }

  /** RFC 3412 7.1(3). */
  #report(
    { msgId, maxSizeOctets }: V3Message,
    counter: keyof typeof REPORTED,
    requestId: number,
    userName: Uint8Array,
    user: UsmUser | undefined,
  ): Buffer | undefined {
    const value = { type: 'Counter32', value: this.#counters[counter] } as const;
    const scopedPdu = this.#encoder.encode(
      {
        version: 'v3',
        contextEngineId: this.#engine.id,
        contextName: DEFAULT_CONTEXT,
        pdu: {
          type: 'report',
          requestId,
          errorStatus: 0,
          errorIndex: 0,
          varBinds: [{ name: REPORTED[counter], value }],
        },
      },
      MAX_UDP_PAYLOAD_OCTETS,
    );
    if (scopedPdu === undefined) return undefined;
    // RFC 3414 3.2(7): what tells the time is signed. It is never encrypted (USM-014).
    const level = user === undefined ? 'noAuthNoPriv' : 'authNoPriv';
    return this.#outgoing.seal(
      { msgId, level, userName, user },
      scopedPdu,
      Math.min(maxSizeOctets, this.#engine.maxMessageSizeOctets),
    );
  }
}

/**
 * A request that came in an SNMPv3 message, and what its response needs. No closures: they cost each
 * of them more than its decoding.
 */
export class V3Request {
  readonly kind = 'request';
  readonly user: UsmUser;
  readonly level: SecurityLevel;
  readonly contextEngineId: Uint8Array;
  readonly contextName: Uint8Array;
  /** The context that it names. */
  readonly context: string;
  readonly pdu: AnsweredPdu;
  /** RFC 3412 maxSizeResponseScopedPDU. */
  readonly maxResponseOctets: number;
  readonly #outgoing: OutgoingMessages;
  readonly #security: ResponseSecurity;

  constructor(
    outgoing: OutgoingMessages,
    security: ResponseSecurity,
    { contextEngineId, contextName }: ScopedPdu,
    pdu: AnsweredPdu,
    context: string,
  ) {
    this.user = security.user;
    this.level = security.level;
    this.contextEngineId = contextEngineId;
    this.contextName = contextName;
    this.context = context;
    this.pdu = pdu;
    this.maxResponseOctets = outgoing.maxScopedPduOctets(security, security.maxOctets);
    this.#outgoing = outgoing;
    this.#security = security;
  }

  /** What tells a repeated SET from a new one: a retransmission differs in all the rest. */
  identity(): Uint8Array {
    const { level, contextEngineId, contextName, pdu } = this;
    const { userName } = this.#security;
    // Not the plaintext: its padding may be another one each time.
    return Buffer.concat([
      Buffer.from(`v3 ${level} ${pdu.requestId} `),
      Buffer.of(userName.length),
      userName,
      Buffer.of(contextEngineId.length),
      contextEngineId,
      Buffer.of(contextName.length),
      contextName,
      pdu.varBindOctets,
    ]);
  }

  /** The message with a response's scoped PDU. */
  seal(scopedPdu: Uint8Array): Buffer | undefined {
    return this.#outgoing.seal(this.#security, scopedPdu, this.#security.maxOctets);
  }
}

/** The PDU of a message that nobody vouches for, where it is not encrypted and can be read. */
function readablePdu({ datagram, data }: V3Message): Pdu | undefined {
  if (data.isEncrypted) return undefined;
  const scoped = decodeScopedPdu(datagram, data);
  return scoped.ok ? scoped.value.pdu : undefined;
}
