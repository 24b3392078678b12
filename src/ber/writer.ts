// Imported here and wherever each datagram passes: the global is a getter, called at every use.
import { Buffer } from 'node:buffer';
import { integer32Size, unsigned32Size, unsigned64Size } from './integer.js';
import { TAG } from './tag.js';

const SHORT_COPY_OCTETS = 48;

/**
 * Writes BER from the last octet to the first, so that the length of an element is known when its
 * header is written: `const end = writer.mark(); ...content...; writer.header(tag, end)`.
 *
 * Writing past the front does no harm and is seen afterwards: `size` stays exact, `overflowed`
 * tells. Minimal lengths and integers always (RFC 3417 section 8, ENC-050).
 */
export class BerWriter {
  readonly #bytes: Buffer;
  #position: number;

  /** @param capacityOctets - the largest message that can be taken out. */
  constructor(capacityOctets: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacityOctets);
    this.#position = capacityOctets;
  }

  reset(): void {
    this.#position = this.#bytes.length;
  }

  /** Octets written since `reset`, counted even where they did not fit. */
  get size(): number {
    return this.#bytes.length - this.#position;
  }

  get overflowed(): boolean {
    return this.#position < 0;
  }

  /** Where the element that is written next will end. */
  mark(): number {
    return this.#position;
  }

  /** A copy of what was written. Only when nothing overflowed. */
  take(): Buffer {
    const size = this.size;
    const message = Buffer.allocUnsafe(size);
    this.#bytes.copy(message, 0, this.#position);
    return message;
  }

  /** Puts identifier and length octets before the content that ends at `end`. */
  header(tag: number, end: number): void {
    const length = end - this.#position;
    const bytes = this.#bytes;
    let at = this.#position;
    if (length < 0x80) {
      bytes[--at] = length;
    } else {
      let rest = length;
      let octets = 0;
      while (rest > 0) {
        bytes[--at] = rest & 0xff;
        rest >>>= 8;
        octets += 1;
      }
      bytes[--at] = 0x80 | octets;
    }
    bytes[--at] = tag;
    this.#position = at;
  }

  integer32(value: number, tag: number = TAG.integer): void {
    this.#number(value, integer32Size(value), tag);
  }

  unsigned32(value: number, tag: number): void {
    this.#number(value, unsigned32Size(value), tag);
  }

  unsigned64(value: bigint, tag: number): void {
    const size = unsigned64Size(value);
    let at = this.#position;
    let rest = value;
    for (let i = 0; i < size; i++) {
      this.#bytes[--at] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    this.#bytes[--at] = size;
    this.#bytes[--at] = tag;
    this.#position = at;
  }

  octets(value: Uint8Array, tag: number = TAG.octetString): void {
    const end = this.#position;
    this.raw(value);
    this.header(tag, end);
  }

  empty(tag: number): void {
    this.header(tag, this.#position);
  }

  oid(arcs: readonly number[]): void {
    const bytes = this.#bytes;
    const end = this.#position;
    let at = end;
    for (let i = arcs.length - 1; i >= 1; i--) {
      let arc = i > 1 ? (arcs[i] as number) : (arcs[0] as number) * 40 + (arcs[1] as number);
      bytes[--at] = arc & 0x7f;
      // Not a shift: the first group may exceed 32 bits, and an arc may exceed 31.
      for (arc = Math.floor(arc / 128); arc > 0; arc = Math.floor(arc / 128)) {
        bytes[--at] = 0x80 | (arc & 0x7f);
      }
    }
    this.#position = at;
    this.header(TAG.objectIdentifier, end);
  }

  /** Octets as they are. */
  raw(value: Uint8Array): void {
    const length = value.length;
    const at = this.#position - length;
    this.#position = at;
    if (at < 0) return;
    if (length > SHORT_COPY_OCTETS) {
      this.#bytes.set(value, at);
      return;
    }
    for (let i = 0; i < length; i++) this.#bytes[at + i] = value[i] as number;
  }

  #number(value: number, size: number, tag: number): void {
    const bytes = this.#bytes;
    let at = this.#position;
    let rest = value;
    for (let i = 0; i < size; i++) {
      bytes[--at] = rest & 0xff;
      // Arithmetic for numbers up to four octets keeps the sign; the fifth octet is always 0.
      rest = size === 5 && i === 0 ? rest >>> 8 : rest >> 8;
    }
    bytes[--at] = size;
    bytes[--at] = tag;
    this.#position = at;
  }
}
