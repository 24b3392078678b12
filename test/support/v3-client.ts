import {
  decodeScopedPdu,
  decodeUsmParameters,
  decodeV3Message,
  MessageEncoder,
  V3MessageEncoder,
  type OutgoingPdu,
  type Pdu,
  type SecurityLevel,
  type UsmParameters,
  type V3Message,
} from '../../src/message/index.js';
import { generateEngineId, Salts, SnmpEngine, type UsmUser } from '../../src/security/index.js';
import { SimulatedClock, type Clock } from '../../src/base/index.js';

const UDP = 65_507;
const scopedEncoder = new MessageEncoder();
const encoder = new V3MessageEncoder();
let lastMsgId = 0x1000_0000;

interface EngineSettings {
  readonly id?: Uint8Array;
  readonly boots?: number;
  readonly maxMessageSizeOctets?: number;
  readonly clock?: Clock;
}

/** An engine whose randomness is none. */
export function testEngine(given: EngineSettings = {}): SnmpEngine {
  const random = (octets: number): Uint8Array => new Uint8Array(octets);
  return new SnmpEngine({
    id: given.id ?? generateEngineId(random),
    boots: given.boots ?? 1,
    maxMessageSizeOctets: given.maxMessageSizeOctets ?? UDP,
    clock: given.clock ?? new SimulatedClock(),
    random,
  });
}

/** Everything about a request that a test may want otherwise. */
export interface V3Request {
  readonly user: UsmUser;
  readonly level: SecurityLevel;
  readonly engineId: Uint8Array;
  readonly engineBoots: number;
  readonly engineTimeSeconds: number;
  readonly pdu: OutgoingPdu;
  readonly userName?: string;
  readonly contextEngineId?: Uint8Array;
  readonly contextName?: string;
  readonly msgId?: number;
  readonly maxSizeOctets?: number;
  readonly isReportable?: boolean;
  /** What becomes of the encrypted part before it is signed. */
  readonly mangle?: (encrypted: Encrypted) => Encrypted;
}

interface Encrypted {
  readonly ciphertext: Uint8Array;
  readonly privParameters: Uint8Array;
}

export interface V3Reply {
  readonly message: V3Message;
  readonly parameters: UsmParameters;
  readonly contextEngineId: Uint8Array;
  readonly contextName: Uint8Array;
  readonly pdu: Pdu;
  readonly octets: Uint8Array;
}

const salts = new Salts((octets) => new Uint8Array(octets));

/** A request as a manager makes it. */
export function encodeV3(request: V3Request): { octets: Buffer; digestAt: number } {
  const { user, level, engineId } = request;
  const scoped = scopedEncoder.encode(
    {
      version: 'v3',
      contextEngineId: request.contextEngineId ?? engineId,
      contextName: Buffer.from(request.contextName ?? ''),
      pdu: request.pdu,
    },
    UDP,
  );
  if (scoped === undefined) throw new Error('the request is larger than a datagram');
  lastMsgId += 1;
  const made = level === 'authPriv' ? user.priv?.encrypt(scoped, request, salts) : undefined;
  const encrypted = made === undefined ? undefined : (request.mangle?.(made) ?? made);
  const auth = level === 'noAuthNoPriv' ? undefined : user.auth;
  const encoded = encoder.encode(
    {
      msgId: request.msgId ?? lastMsgId,
      maxSizeOctets: request.maxSizeOctets ?? UDP,
      securityLevel: level,
      isReportable: request.isReportable ?? true,
      engineId,
      engineBoots: request.engineBoots,
      engineTimeSeconds: request.engineTimeSeconds,
      userName: Buffer.from(request.userName ?? user.name),
      digestOctets: auth?.digestOctets ?? 0,
      privParameters: encrypted?.privParameters ?? new Uint8Array(),
      data: encrypted?.ciphertext ?? scoped,
    },
    UDP,
  );
  if (encoded === undefined) throw new Error('the request is larger than a datagram');
  auth?.sign(encoded.octets, encoded.digestAt);
  return encoded;
}

/** What an agent sent: verified and decrypted with the keys of `user`, as its level says. */
export function decodeV3(octets: Uint8Array | undefined, user: UsmUser): V3Reply {
  if (octets === undefined) throw new Error('silence');
  const decoded = decodeV3Message(octets);
  if (!decoded.ok) throw new Error(`unreadable: ${JSON.stringify(decoded.failure)}`);
  const message = decoded.value;
  const parsed = decodeUsmParameters(message);
  if (!parsed.ok) throw new Error(`unreadable: ${JSON.stringify(parsed.failure)}`);
  const parameters = parsed.value;
  const { data, securityLevel } = message;
  if (securityLevel !== 'noAuthNoPriv') {
    if (user.auth?.verifies(octets, parameters.authParameters) !== true) {
      throw new Error('the digest of the reply is wrong');
    }
  }
  const plain =
    securityLevel === 'authPriv'
      ? user.priv?.decrypt(
          octets.subarray(data.start, data.end),
          parameters,
          parameters.privParameters,
        )
      : octets.subarray(data.start, data.end);
  const scoped = decodeScopedPdu(plain ?? new Uint8Array());
  if (!scoped.ok) throw new Error(`unreadable: ${JSON.stringify(scoped.failure)}`);
  return { message, parameters, ...scoped.value, octets };
}
