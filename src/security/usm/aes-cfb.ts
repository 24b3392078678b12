import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const BLOCK_OCTETS = 16;
/** Longer messages are for a cipher of their own: what it costs is little beside them. */
const MAX_SHORT_OCTETS = 1024;

/**
 * AES in CFB mode with whole blocks (RFC 3826 3.1.3). To make a cipher costs more than to encrypt a
 * short message, and leaves a native object to be collected. So two ciphers are kept, and make the
 * key stream of message after message, each at one stroke.
 *
 * Encrypting, each block of the stream is made of the ciphertext before it, which is the plaintext
 * with the stream before that: just what CBC does with plaintext. So CBC makes it, of the IV and
 * the plaintext. Its chain goes on from message to message; what the last one left in it is taken
 * out of the next one's IV. Decrypting, all that the stream is made of is there: ECB, without state.
 */
export class AesCfb {
  readonly #bits: number;
  readonly #key: KeyObject;
  readonly #cbc: ReturnType<typeof createCipheriv>;
  readonly #ecb: ReturnType<typeof createCipheriv>;
  /** What CBC made last, which it puts into what it is given next. */
  readonly #chain = new Uint8Array(BLOCK_OCTETS);
  /** The IV, and the text behind it. */
  readonly #text = new Uint8Array(BLOCK_OCTETS + MAX_SHORT_OCTETS);

  /** @param keyBits - 128, 192 or 256, as many as the key has. */
  constructor(keyBits: number, key: KeyObject) {
    this.#bits = keyBits;
    this.#key = key;
    this.#cbc = createCipheriv(`aes-${keyBits}-cbc`, key, this.#chain);
    this.#ecb = createCipheriv(`aes-${keyBits}-ecb`, key, null);
    // Whole blocks go in, and come out at once.
    this.#cbc.setAutoPadding(false);
    this.#ecb.setAutoPadding(false);
  }

  encrypt(plaintext: Uint8Array, iv: Uint8Array): Uint8Array {
    if (plaintext.length > MAX_SHORT_OCTETS) {
      return createCipheriv(`aes-${this.#bits}-cfb`, this.#key, iv).update(plaintext);
    }
    const input = this.#input(plaintext, iv);
    const chain = this.#chain;
    mix(input, chain, BLOCK_OCTETS);
    const stream = this.#cbc.update(input);
    chain.set(stream.subarray(stream.length - BLOCK_OCTETS));
    return mix(stream, plaintext, plaintext.length);
  }

  decrypt(ciphertext: Uint8Array, iv: Uint8Array): Uint8Array {
    if (ciphertext.length > MAX_SHORT_OCTETS) {
      return createDecipheriv(`aes-${this.#bits}-cfb`, this.#key, iv).update(ciphertext);
    }
    return mix(this.#ecb.update(this.#input(ciphertext, iv)), ciphertext, ciphertext.length);
  }

  /** As many blocks as the text has, of which the IV is the first: the text's last one makes none. */
  #input(text: Uint8Array, iv: Uint8Array): Uint8Array {
    const input = this.#text;
    input.set(iv);
    input.set(text, BLOCK_OCTETS);
    const blocks = Math.max(Math.ceil(text.length / BLOCK_OCTETS), 1);
    return input.subarray(0, blocks * BLOCK_OCTETS);
  }
}

/** XORs the first octets of `other` into those of `octets`; what is behind them is left away. */
function mix(octets: Uint8Array, other: Uint8Array, length: number): Uint8Array {
  for (let i = 0; i < length; i++) octets[i] = (octets[i] as number) ^ (other[i] as number);
  return octets.length === length ? octets : octets.subarray(0, length);
}
