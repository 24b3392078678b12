import { BerError } from './ber-error.js';

/** Skips octets that repeat the sign: padding that X.690 8.3.2 forbids and agents are sent. */
function skipPadding(bytes: Uint8Array, start: number, end: number, pad: 0x00 | 0xff): number {
  let at = start;
  while (at < end - 1 && bytes[at] === pad) at += 1;
  return at;
}

/**
 * Two's complement content octets to a number.
 *
 * Padded encodings are accepted (CONFORMANCE D8); a value outside -2^31..2^31-1 is not
 * (RFC 3416 section 3, ENC-018).
 *
 * @throws BerError
 */
export function decodeInteger32(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 1) return ((bytes[start] as number) << 24) >> 24;
  if (length === 0) throw new BerError('empty-integer', start);
  const negative = (bytes[start] as number) >= 0x80;
  let at = length > 4 ? skipPadding(bytes, start, end, negative ? 0xff : 0x00) : start;
  if (end - at > 4) throw new BerError('integer-out-of-range', start);
  let value = negative ? -1 : 0;
  for (; at < end; at++) value = (value << 8) | (bytes[at] as number);
  // Four octets were left after padding, but the sign octet cut off said otherwise.
  if (value < 0 !== negative) throw new BerError('integer-out-of-range', start);
  return value;
}

/**
 * Content octets of a Counter32, Gauge32 or TimeTicks. A missing leading zero octet is forgiven:
 * ff ff ff ff is 4294967295 (ENC-021).
 *
 * @throws BerError
 */
export function decodeUnsigned32(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0) throw new BerError('empty-integer', start);
  const padded = length > 4;
  let at = padded ? skipPadding(bytes, start, end, 0x00) : start;
  if (end - at > 4) throw new BerError('integer-out-of-range', start);
  let value = !padded && (bytes[start] as number) >= 0x80 ? -1 : 0;
  for (; at < end; at++) value = (value << 8) | (bytes[at] as number);
  return value >>> 0;
}

/**
 * Content octets of a Counter64, exact.
 *
 * @throws BerError
 */
export function decodeUnsigned64(bytes: Uint8Array, start: number, end: number): bigint {
  const length = end - start;
  if (length === 0) throw new BerError('empty-integer', start);
  const padded = length > 8;
  let at = padded ? skipPadding(bytes, start, end, 0x00) : start;
  if (end - at > 8) throw new BerError('integer-out-of-range', start);
  // In halves of 32 bits, as each step of a bigint makes another one; most counters have one half.
  let high = !padded && (bytes[start] as number) >= 0x80 ? -1 : 0;
  let low = high;
  for (; at < end; at++) {
    high = (high << 8) | (low >>> 24);
    low = (low << 8) | (bytes[at] as number);
  }
  if (high === 0) return BigInt(low >>> 0);
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/** Content octets that a signed 32-bit number takes, minimal form. */
export function integer32Size(value: number): number {
  const magnitude = value < 0 ? ~value : value;
  return magnitude < 0x80 ? 1 : magnitude < 0x8000 ? 2 : magnitude < 0x80_0000 ? 3 : 4;
}

/** Content octets that an unsigned 32-bit number takes: five from 2^31 on. */
export function unsigned32Size(value: number): number {
  return value < 0x80
    ? 1
    : value < 0x8000
      ? 2
      : value < 0x80_0000
        ? 3
        : value < 0x8000_0000
          ? 4
          : 5;
}

/** Content octets that an unsigned 64-bit number takes: nine from 2^63 on. */
export function unsigned64Size(value: bigint): number {
  let size = 1;
  for (let rest = value >> 7n; rest > 0n; rest >>= 8n) size += 1;
  return size;
}

/** Octets of a whole element with so much content: identifier, minimal length, content. */
export function elementSize(contentSize: number): number {
  if (contentSize < 0x80) return contentSize + 2;
  if (contentSize < 0x100) return contentSize + 3;
  return contentSize < 0x1_0000 ? contentSize + 4 : contentSize + 5;
}
