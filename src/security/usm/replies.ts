import type { SecurityLevel, Span, UsmParameters, V3Message } from '../../message/index.js';
import type { RemoteEngine } from './remote-engines.js';
import { decryptData, supportsLevel, type UsmUser } from './users.js';

/** Why a reply, or what looks like one, is not taken. */
export type ReplyFault =
  | 'wrongEngine'
  | 'wrongUser'
  | 'wrongLevel'
  | 'wrongDigest'
  | 'notInTimeWindow'
  | 'notDecrypted';

export type CheckedReply =
  | {
      readonly ok: true;
      /** A ScopedPDU, with its padding, and where it lies. */
      readonly plaintext: { readonly octets: Uint8Array; readonly span: Span };
    }
  | { readonly ok: false; readonly fault: ReplyFault };

/**
 * RFC 3414 3.2 for an engine that asked, from step 3 on: whether the message is from the engine
 * that was asked and, where it says that it is authenticated, that it is, and is no old one.
 */
export function checkReply(
  message: V3Message,
  level: SecurityLevel,
  parameters: UsmParameters,
  engine: RemoteEngine,
  user: UsmUser,
): CheckedReply {
  const { datagram, data } = message;
  const refused = (fault: ReplyFault): CheckedReply => ({ ok: false, fault });
  if (Buffer.compare(parameters.engineId, engine.id) !== 0) return refused('wrongEngine');
  const plain = { ok: true, plaintext: { octets: datagram, span: data } } as const;
  if (level === 'noAuthNoPriv') return data.isEncrypted ? refused('notDecrypted') : plain;
  if (Buffer.compare(parameters.userName, Buffer.from(user.name, 'utf8')) !== 0) {
    return refused('wrongUser');
  }
  // 5
  if (!supportsLevel(user, level)) return refused('wrongLevel');
  // 6
  if (user.auth?.verifies(datagram, parameters.authParameters) !== true) {
    return refused('wrongDigest');
  }
  // 7b
  if (!engine.isTimely(parameters)) return refused('notInTimeWindow');
  // 8
  if (level === 'authNoPriv') return data.isEncrypted ? refused('notDecrypted') : plain;
  const octets = decryptData(user, message, parameters);
  if (octets === undefined) return refused('notDecrypted');
  return { ok: true, plaintext: { octets, span: { start: 0, end: octets.length } } };
}
