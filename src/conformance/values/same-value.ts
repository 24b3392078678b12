import { equalValues, type SnmpValue, type Syntax } from '../../smi/index.js';

/**
 * Whether two values of an object are the same to a manager. Of BITS, octets without a bit set may
 * be left off the end or not (RFC 3417 8(3) and RFC 2578 7.1.4).
 */
export function sameValue(syntax: Syntax, left: SnmpValue, right: SnmpValue): boolean {
  if (syntax.bits === undefined || left.type !== 'OctetString' || right.type !== 'OctetString') {
    return equalValues(left, right);
  }
  return Buffer.compare(withoutEmptyEnd(left.value), withoutEmptyEnd(right.value)) === 0;
}

function withoutEmptyEnd(octets: Uint8Array): Uint8Array {
  let length = octets.length;
  while (length > 0 && octets[length - 1] === 0) length -= 1;
  return octets.subarray(0, length);
}
