import { V3MessageEncoder, v3MessageSize, type SecurityLevel } from '../../message/index.js';
import type { SnmpEngine } from '../engine.js';
import { SALT_OCTETS } from './privacy.js';
import type { UsmUser } from './users.js';

/**
 * So much later at most a response is sent than its size was foretold: until then the octets of
 * snmpEngineTime may become more.
 */
const LATEST_SECONDS = 3600;
const MAX_ENGINE_TIME_SECONDS = 2_147_483_647;
const NONE = new Uint8Array();

/** A message of ours besides its scoped PDU. */
export interface OutgoingSecurity {
  readonly msgId: number;
  readonly level: SecurityLevel;
  readonly userName: Uint8Array;
  /** Whose keys; undefined for noAuthNoPriv. */
  readonly user: UsmUser | undefined;
}

/**
 * RFC 3414 3.1 for an engine that answers: its own engine ID, boots and time, the asker's keys.
 * The keys are those the request came with, even where it changed them (USM-032).
 */
export class OutgoingMessages {
  readonly #engine: SnmpEngine;
  readonly #encoder = new V3MessageEncoder();

  constructor(engine: SnmpEngine) {
    this.#engine = engine;
  }

  /** The message; undefined where it would be larger than `maxSizeOctets`. */
  seal(
    { msgId, level, userName, user }: OutgoingSecurity,
    scopedPdu: Uint8Array,
    maxSizeOctets: number,
  ): Buffer | undefined {
    const engine = this.#engine;
    const now = { engineBoots: engine.boots, engineTimeSeconds: engine.timeSeconds };
    const encrypted =
      level === 'authPriv' ? user?.priv?.encrypt(scopedPdu, now, engine.salts) : undefined;
    const auth = level === 'noAuthNoPriv' ? undefined : user?.auth;
    const encoded = this.#encoder.encode(
      {
        msgId,
        maxSizeOctets: engine.maxMessageSizeOctets,
        securityLevel: level,
        isReportable: false,
        engineId: engine.id,
        ...now,
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
