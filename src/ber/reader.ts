import { Buffer } from 'node:buffer';
import { BerError } from './ber-error.js';
import { decodeInteger32, decodeUnsigned32, decodeUnsigned64 } from './integer.js';
import { decodeOid } from './oid-octets.js';
import { TAG } from './tag.js';

/** What V8 keeps within the object itself, and what costs less to copy one by one than by a call. */
const SHORT_COPY_OCTETS = 48;

/**
 * Octets of their own, of the kind that `bytes` is. A Buffer's `slice` asks for its species first,
 * which takes twice the time of a short copy, and not `Buffer.from`: its pool would be kept alive.
 */
function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  if (length > SHORT_COPY_OCTETS || !Buffer.isBuffer(bytes)) {
    return Uint8Array.prototype.slice.call(bytes, start, end);
  }
  const copy = Buffer.alloc(length);
  for (let i = 0; i < length; i++) copy[i] = bytes[start + i] as number;
  return copy;
}

/**
 * Walks forward over BER elements. Holds a position and the end of the element that it is in;
 * `enter` and `leave` nest by numbers the caller keeps, so no input can make it recurse.
 *
 * All methods throw BerError and nothing else; the work is linear in the octets passed over.
 */
export class BerReader {
  readonly bytes: Uint8Array;
  /** Where the next octet is read. */
  position: number;
  /** Where the current element's content ends. */
  end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.position === this.end;
  }

  /** The next identifier octet, not consumed. */
  peekTag(): number {
    if (this.position >= this.end) throw new BerError('truncated', this.position);
    return this.bytes[this.position] as number;
  }

  /**
   * Consumes identifier and length octets; the content starts at `position`.
   *
   * @returns where the content ends, never beyond `end`.
   */
  readHeader(tag: number): number {
    if (this.peekTag() !== tag) throw new BerError('unexpected-tag', this.position);
    this.position += 1;
    return this.#readLength();
  }

  /** As readHeader, and narrows `end` to the element. Returns the end to hand to `leave`. */
  enter(tag: number): number {
    const outerEnd = this.end;
    this.end = this.readHeader(tag);
    return outerEnd;
  }

  /** Back to the parent, which ends at `outerEnd`; the element must have been read whole. */
  leave(outerEnd: number): void {
    if (this.position !== this.end) throw new BerError('octets-left-over', this.position);
    this.end = outerEnd;
  }

  readInteger32(tag: number = TAG.integer): number {
    const contentEnd = this.readHeader(tag);
    const value = decodeInteger32(this.bytes, this.position, contentEnd);
    this.position = contentEnd;
    return value;
  }

  readUnsigned32(tag: number): number {
    const contentEnd = this.readHeader(tag);
    const value = decodeUnsigned32(this.bytes, this.position, contentEnd);
    this.position = contentEnd;
    return value;
  }

  readUnsigned64(tag: number): bigint {
    const contentEnd = this.readHeader(tag);
    const value = decodeUnsigned64(this.bytes, this.position, contentEnd);
    this.position = contentEnd;
    return value;
  }

  /**
   * A copy: the datagram's buffer may be reused, and a small slice must not keep it alive. Of a
   * Buffer it is a Buffer.
   */
  readOctets(tag: number = TAG.octetString): Uint8Array {
    const contentEnd = this.readHeader(tag);
    const octets = copyOf(this.bytes, this.position, contentEnd);
    this.position = contentEnd;
    return octets;
  }

  readOid(): number[] {
    const contentEnd = this.readHeader(TAG.objectIdentifier);
    const arcs = decodeOid(this.bytes, this.position, contentEnd);
    this.position = contentEnd;
    return arcs;
  }

  readEmpty(tag: number): void {
    const contentEnd = this.readHeader(tag);
    if (contentEnd !== this.position) throw new BerError('content-not-empty', this.position);
  }

  #readLength(): number {
    const at = this.position;
    if (at >= this.end) throw new BerError('truncated', at);
    const first = this.bytes[at] as number;
    if (first < 0x80) {
      const contentEnd = at + 1 + first;
      if (contentEnd > this.end) throw new BerError('length-beyond-parent', at);
      this.position = at + 1;
      return contentEnd;
    }
    // RFC 3417 8(1): definite lengths only, but any number of length octets.
    if (first === 0x80) throw new BerError('indefinite-length', at);
    if (first === 0xff) throw new BerError('reserved-length', at);
    const contentStart = at + 1 + (first & 0x7f);
    if (contentStart > this.end) throw new BerError('truncated', at);
    let length = 0;
    for (let i = at + 1; i < contentStart; i++) {
      length = length * 256 + (this.bytes[i] as number);
      // Checked at every octet, so that the number cannot grow past what is exact.
      if (length > this.end - contentStart) throw new BerError('length-beyond-parent', at);
    }
    this.position = contentStart;
    return contentStart + length;
  }
}
