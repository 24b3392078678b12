import { hash } from 'node:crypto';

const INNER = 0x36;
const OUTER = 0x5c;
/** A message of UDP, behind a block. */
const MAX_SCRATCH_OCTETS = 65_536 + 128;

/** Digests go from hash to hash as text of one character per octet: half the cost of a Buffer. */
const TEXT = 'binary';

/**
 * RFC 2104 with the key's two blocks made beforehand, for keys no longer than a block of the hash.
 * Two hashes at one stroke each cost less than an Hmac object of Node's, which is to be collected.
 */
export class Hmac {
  /** What messages are put together in. BOUNDED by MAX_SCRATCH_OCTETS; never holds a key for long. */
  static #scratch = Buffer.alloc(2048);
  readonly #algorithm: string;
  readonly #blockOctets: number;
  readonly #inner: Buffer;
  /** With room for the inner digest behind it. */
  readonly #outer: Buffer;
  readonly #digest: Buffer;
  /** As much of it as is asked for: a view made once. */
  readonly #mac: Buffer;

  /** @param macOctets - so many of a digest's octets are wanted: the first ones. */
  constructor(
    algorithm: string,
    blockOctets: number,
    digestOctets: number,
    key: Uint8Array,
    macOctets = digestOctets,
  ) {
    this.#algorithm = algorithm;
    this.#blockOctets = blockOctets;
    this.#inner = Buffer.alloc(blockOctets, INNER);
    this.#outer = Buffer.alloc(blockOctets + digestOctets, OUTER);
    this.#digest = Buffer.alloc(digestOctets);
    this.#mac = this.#digest.subarray(0, macOctets);
    for (const [i, octet] of key.entries()) {
      this.#inner[i] = octet ^ INNER;
      this.#outer[i] = octet ^ OUTER;
    }
  }

  /** Of the message, with zeros for what lies between `zerosFrom` and `zerosTo`; until the next one. */
  digest(message: Uint8Array, zerosFrom: number, zerosTo: number): Buffer {
    const start = this.#blockOctets;
    const end = start + message.length;
    if (Hmac.#scratch.length < end) Hmac.#scratch = Buffer.alloc(Math.max(end, MAX_SCRATCH_OCTETS));
    const scratch = Hmac.#scratch;
    scratch.set(this.#inner);
    scratch.set(message, start);
    scratch.fill(0, start + zerosFrom, start + zerosTo);
    this.#outer.write(hash(this.#algorithm, scratch.subarray(0, end), TEXT), start, TEXT);
    this.#digest.write(hash(this.#algorithm, this.#outer, TEXT), TEXT);
    return this.#mac;
  }
}
