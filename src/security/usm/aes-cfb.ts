import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const BLOCK_OCTETS = 16;
/** More blocks than this are encrypted cheaper by a cipher of their own (measured, Node 20). */
const MAX_CHAINED_BLOCKS = 8;
/** Of decryption, whose key stream is made at once. */
const MAX_SHORT_OCTETS = 1024;

/**
 * AES in CFB mode with whole blocks (RFC 3826 3.1.3). To make a cipher costs more than to encrypt a
 * short message, and leaves a native object to be collected: so one cipher in ECB mode, which has no
 * state, makes the key stream of message after message.
 */
export class AesCfb {
  readonly #cipher: string;
  readonly #key: KeyObject;
  readonly #blocks: ReturnType<typeof createCipheriv>;
  /** The last block, which makes the stream of the next one. */
  readonly #chain = Buffer.alloc(BLOCK_OCTETS);
  /** The IV, and the ciphertext behind it. */
  readonly #made = Buffer.alloc(BLOCK_OCTETS + MAX_SHORT_OCTETS);

  /** @param keyBits - 128, 192 or 256, as many as the key has. */
  constructor(keyBits: number, key: KeyObject) {
    this.#cipher = `aes-${keyBits}-cfb`;
    this.#key = key;
    this.#blocks = createCipheriv(`aes-${keyBits}-ecb`, key, null);
    // Whole blocks go in, and come out at once.
    this.#blocks.setAutoPadding(false);
  }

  encrypt(plaintext: Uint8Array, iv: Uint8Array): Uint8Array {
    const { length } = plaintext;
    if (length > MAX_CHAINED_BLOCKS * BLOCK_OCTETS) {
      return createCipheriv(this.#cipher, this.#key, iv).update(plaintext);
    }
    const ciphertext = Buffer.allocUnsafe(length);
    const chain = this.#chain;
    chain.set(iv);
    for (let at = 0; at < length; at += BLOCK_OCTETS) {
      const stream = this.#blocks.update(chain);
      const octets = Math.min(length - at, BLOCK_OCTETS);
      for (let i = 0; i < octets; i++) {
        const octet = (plaintext[at + i] as number) ^ (stream[i] as number);
        ciphertext[at + i] = octet;
        chain[i] = octet;
      }
    }
    return ciphertext;
  }

  /** What every block is made of is there at once: the IV, and each block but the last. */
  decrypt(ciphertext: Uint8Array, iv: Uint8Array): Uint8Array {
    const { length } = ciphertext;
    if (length > MAX_SHORT_OCTETS) {
      return createDecipheriv(this.#cipher, this.#key, iv).update(ciphertext);
    }
    const made = this.#made;
    made.set(iv);
    made.set(ciphertext, BLOCK_OCTETS);
    const octets = Math.ceil(length / BLOCK_OCTETS) * BLOCK_OCTETS;
    const plaintext = this.#blocks.update(made.subarray(0, octets));
    for (let i = 0; i < length; i++) {
      plaintext[i] = (plaintext[i] as number) ^ (ciphertext[i] as number);
    }
    return plaintext.subarray(0, length);
  }
}
