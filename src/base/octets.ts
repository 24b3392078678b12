import { Buffer } from 'node:buffer';

/** One character for each octet: a key for a map, or text that is looked through. */
export function latin1Of(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}

/**
 * In place: so few octets cost less than a call of `Buffer.compare`, which looks at both first. Not
 * for keys: it takes the longer, the more of them are alike.
 */
export function equalOctets(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
