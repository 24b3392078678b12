import { createHash } from 'node:crypto';
import type { AuthProtocol } from './authentication.js';
import { PRIV_FACTS, type PrivProtocol } from './privacy.js';

/** RFC 3414 A.2: so many octets of the password, over and over, are hashed. */
const EXPANDED_OCTETS = 1_048_576;

/** RFC 3414 11.2: shorter ones are refused where they are configured. */
export const MIN_PASSWORD_OCTETS = 8;

/**
 * RFC 3414 A.2: a password to a user's key Ku. Takes milliseconds, on purpose: what tries
 * passwords pays for each. Not for the path of a message.
 *
 * @param password - at least one octet; of any length.
 */
export function passwordToKey(hash: AuthProtocol, password: Uint8Array): Uint8Array {
  const expanded = Buffer.alloc(EXPANDED_OCTETS, password);
  return createHash(hash).update(expanded).digest();
}

/** RFC 3414 2.6: a user's key Ku to the key Kul that this engine, and no other, shares. */
export function localizeKey(hash: AuthProtocol, key: Uint8Array, engineId: Uint8Array): Uint8Array {
  return createHash(hash).update(key).update(engineId).update(key).digest();
}

/**
 * The localized key of a privacy protocol: as many octets as it needs of what the user's
 * authentication protocol makes of the password; longer ones by the protocol's extension.
 */
export function privacyKey(
  protocol: PrivProtocol,
  hash: AuthProtocol,
  localized: Uint8Array,
  engineId: Uint8Array,
): Uint8Array {
  const { keyOctets, extension } = PRIV_FACTS[protocol];
  let key = localized;
  let link = localized;
  while (key.length < keyOctets) {
    // Blumenthal hashes all there is so far; Reeder takes the last link for a password.
    link =
      extension === 'reeder'
        ? localizeKey(hash, passwordToKey(hash, link), engineId)
        : createHash(hash).update(key).digest();
    key = Buffer.concat([key, link]);
  }
  return key.slice(0, keyOctets);
}
