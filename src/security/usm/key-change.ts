import { createHash } from 'node:crypto';
import type { AuthProtocol } from './authentication.js';

/**
 * RFC 3414 section 5, KeyChange: the new key that a value of that convention makes of the old one.
 * The protocols here have keys of one length each: the value is a random part and a delta, each as
 * long as the key. Keys longer than the hash are changed in steps of the hash's length.
 *
 * @param hash - of the user's authentication protocol, for privacy keys too.
 * @returns undefined for a value of another length.
 */
export function changedKey(
  hash: AuthProtocol,
  oldKey: Uint8Array,
  keyChange: Uint8Array,
): Uint8Array | undefined {
  const octets = oldKey.length;
  if (keyChange.length !== 2 * octets) return undefined;
  const random = keyChange.subarray(0, octets);
  const newKey = Uint8Array.from(keyChange.subarray(octets));
  let chain = oldKey;
  for (let at = 0; at < octets; at += chain.length) {
    chain = createHash(hash).update(chain).update(random).digest();
    const end = Math.min(octets, at + chain.length);
    for (let i = at; i < end; i++) newKey[i] = (newKey[i] as number) ^ (chain[i - at] as number);
  }
  return newKey;
}
