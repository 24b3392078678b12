import { V3MessageEncoder, v3MessageSize, type SecurityLevel } from '../../message/index.js';
import { MAX_ENGINE_TIME_SECONDS, type SnmpEngine } from '../engine.js';
import { SALT_OCTETS, type MessageTime } from './privacy.js';
import type { Salts } from './salts.js';
import type { UsmUser } from './users.js';

/**
 * So much later at most a response is sent than its size was foretold: until then the octets of
 * snmpEngineTime may become more.
 */
const LATEST_SECONDS = 3600;
const NONE = new Uint8Array();

/** A message of ours besides its scoped PDU. */
export interface OutgoingSecurity {
  readonly msgId: number;
  readonly level: SecurityLevel;
  readonly userName: Uint8Array;
  /** Whose keys; undefined for noAuthNoPriv. */
  readonly user: UsmUser | undefined;
}

/** The authoritative engine of a message, and what else goes into its head. */
export interface MessageHead extends MessageTime {
  readonly engineId: Uint8Array;
  /** What the sender can take. */
  readonly maxSizeOctets: number;
  /** Whether a Report is wanted where there is no other answer. */
  readonly isReportable: boolean;
}

/** RFC 3414 3.1, from the keys on: encrypts and signs. Owns a buffer and the salts of one engine. */
export class MessageSealer {
  readonly #salts: Salts;
  readonly #encoder = new V3MessageEncoder();

  constructor(salts: Salts) {
    this.#salts = salts;
  }

  /** The message; undefined where it would be larger than `maxSizeOctets`. */
  seal(
    head: MessageHead,
    { msgId, level, userName, user }: OutgoingSecurity,
    scopedPdu: Uint8Array,
    maxSizeOctets: number,
  ): Buffer | undefined {
    const encrypted =
      level === 'authPriv' ? user?.priv?.encrypt(scopedPdu, head, this.#salts) : undefined;
    const auth = level === 'noAuthNoPriv' ? undefined : user?.auth;
    const encoded = this.#encoder.encode(
      {
        // One by one: to spread the head costs as much as a digest.
        engineId: head.engineId,
        engineBoots: head.engineBoots,
        engineTimeSeconds: head.engineTimeSeconds,
        maxSizeOctets: head.maxSizeOctets,
        isReportable: head.isReportable,
        msgId,
        securityLevel: level,
        userName,
        digestOctets: auth?.digestOctets ?? 0,
        privParameters: encrypted?.privParameters ?? NONE,
        data: encrypted?.ciphertext ?? scopedPdu,
      },
      maxSizeOctets,
    );
    if (encoded === undefined) return undefined;
    auth?.sign(encoded.octets, encoded.digestAt);
    return encoded.octets;
  }
}

/**
 * RFC 3414 3.1 for an engine that answers: its own engine ID, boots and time, the asker's keys.
 * The keys are those the request came with, even where it changed them (USM-032).
 */
export class OutgoingMessages {
  readonly #engine: SnmpEngine;
  readonly #sealer: MessageSealer;

  constructor(engine: SnmpEngine) {
    this.#engine = engine;
    this.#sealer = new MessageSealer(engine.salts);
  }

  /** The message; undefined where it would be larger than `maxSizeOctets`. */
  seal(
    security: OutgoingSecurity,
    scopedPdu: Uint8Array,
    maxSizeOctets: number,
  ): Buffer | undefined {
    const { id, boots, timeSeconds, maxMessageSizeOctets } = this.#engine;
    const head = {
      engineId: id,
      engineBoots: boots,
      engineTimeSeconds: timeSeconds,
      maxSizeOctets: maxMessageSizeOctets,
      isReportable: false,
    };
    return this.#sealer.seal(head, security, scopedPdu, maxSizeOctets);
  }

  /** RFC 3412 maxSizeResponseScopedPDU: of a scoped PDU whose message is within `maxSizeOctets`. */
  maxScopedPduOctets(
    { msgId, level, userName, user }: OutgoingSecurity,
    maxSizeOctets: number,
  ): number {
    const engine = this.#engine;
    const head = {
      msgId,
      maxSizeOctets: engine.maxMessageSizeOctets,
      securityLevel: level,
      engineId: engine.id,
      engineBoots: engine.boots,
      engineTimeSeconds: Math.min(engine.timeSeconds + LATEST_SECONDS, MAX_ENGINE_TIME_SECONDS),
      userName,
      digestOctets: level === 'noAuthNoPriv' ? 0 : (user?.auth?.digestOctets ?? 0),
      privParametersOctets: level === 'authPriv' ? SALT_OCTETS : 0,
    };
    const priv = level === 'authPriv' ? user?.priv : undefined;
    const sizeWith = (octets: number): number =>
      v3MessageSize(head, priv?.encryptedSize(octets) ?? octets);
    // Length octets and padding grow with the content: down from the largest guess, a few steps.
    let octets = maxSizeOctets - sizeWith(0);
    while (octets > 0 && sizeWith(octets) > maxSizeOctets) octets -= 1;
    return Math.max(octets, 0);
  }
}
