import {
  decodeUsmParameters,
  type SecurityLevel,
  type Span,
  type UsmParameters,
  type V3Message,
} from '../../message/index.js';
import { MAX_ENGINE_BOOTS, TIME_WINDOW_SECONDS, type SnmpEngine } from '../engine.js';
import { decryptData, supportsLevel, type UserTable, type UsmUser } from './users.js';

/** RFC 3414 section 5: why a message was not taken. */
export type UsmCounter =
  | 'usmStatsUnsupportedSecLevels'
  | 'usmStatsNotInTimeWindows'
  | 'usmStatsUnknownUserNames'
  | 'usmStatsUnknownEngineIDs'
  | 'usmStatsWrongDigests'
  | 'usmStatsDecryptionErrors';

export type Incoming =
  /** Somebody vouches for it, as far as its level goes. */
  | {
      readonly kind: 'accepted';
      readonly user: UsmUser;
      readonly userName: Uint8Array;
      /** A ScopedPDU, with its padding, and where it lies. */
      readonly plaintext: { readonly octets: Uint8Array; readonly span: Span };
    }
  /** To be counted, and reported where a report may be sent. */
  | {
      readonly kind: 'refused';
      readonly counter: UsmCounter;
      readonly userName: Uint8Array;
      /** Signs the report; undefined for noAuthNoPriv. */
      readonly signer: UsmUser | undefined;
    }
  | { readonly kind: 'notParsed' };

/**
 * RFC 3414 3.2 for the authoritative engine, in its order: the first step that fails decides.
 * Costs at most one digest and one decryption; remembers nothing of those who ask.
 */
export function processIncoming(
  message: V3Message,
  level: SecurityLevel,
  engine: SnmpEngine,
  users: UserTable,
): Incoming {
  // 1
  const decoded = decodeUsmParameters(message);
  if (!decoded.ok) return { kind: 'notParsed' };
  const parameters = decoded.value;
  const { userName } = parameters;
  const refused = (counter: UsmCounter, signer?: UsmUser): Incoming => ({
    kind: 'refused',
    counter,
    userName,
    signer,
  });
  // 3: an engine that answers is the authoritative one; also discovery (section 4) ends here.
  if (Buffer.compare(parameters.engineId, engine.id) !== 0) {
    return refused('usmStatsUnknownEngineIDs');
  }
  // 4
  const user = users.find(userName);
  if (user === undefined) return refused('usmStatsUnknownUserNames');
  // 5
  if (!supportsLevel(user, level)) return refused('usmStatsUnsupportedSecLevels');
  if (level !== 'noAuthNoPriv') {
    // 6
    if (user.auth?.verifies(message.datagram, parameters.authParameters) !== true) {
      return refused('usmStatsWrongDigests');
    }
    // 7: the report tells the time, and is signed, so that the time can be believed.
    if (!isTimely(parameters, engine)) return refused('usmStatsNotInTimeWindows', user);
  }
  // 8
  const { datagram, data } = message;
  if (level !== 'authPriv') {
    // What is encrypted though it says it is not can be read by nobody (RFC 3412 7.2(7)).
    if (data.isEncrypted) return { kind: 'notParsed' };
    return accepted(user, userName, datagram, data);
  }
  const octets = decryptData(user, message, parameters);
  if (octets === undefined) return refused('usmStatsDecryptionErrors');
  return accepted(user, userName, octets, { start: 0, end: octets.length });
}

function accepted(
  user: UsmUser,
  userName: Uint8Array,
  octets: Uint8Array,
  { start, end }: Span,
): Incoming {
  return { kind: 'accepted', user, userName, plaintext: { octets, span: { start, end } } };
}

function isTimely(parameters: UsmParameters, engine: SnmpEngine): boolean {
  const { boots } = engine;
  return (
    boots !== MAX_ENGINE_BOOTS &&
    parameters.engineBoots === boots &&
    Math.abs(parameters.engineTimeSeconds - engine.timeSeconds) <= TIME_WINDOW_SECONDS
  );
}
