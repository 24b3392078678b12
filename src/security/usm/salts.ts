import type { Random } from '../../base/index.js';

/**
 * Salts for all messages of one engine, none twice.
 *
 * A counter that starts anywhere: 64 bits for AES (RFC 3826 3.1.2.1), where boots and time are in
 * the IV beside it; 32 bits for DES (RFC 3414 8.1.1.1), where boots are in the salt. After a
 * restart boots are others. Where they are not, because nobody keeps them, the start is another
 * one: with 64 bits that is enough, with DES's 32 it is as good as DES is.
 */
export class Salts {
  #high: number;
  #low: number;
  #des: number;

  constructor(random: Random) {
    const start = Buffer.from(random(12));
    this.#high = start.readUInt32BE(0);
    this.#low = start.readUInt32BE(4);
    this.#des = start.readUInt32BE(8);
  }

  nextAes(): Uint8Array {
    this.#low = (this.#low + 1) >>> 0;
    if (this.#low === 0) this.#high = (this.#high + 1) >>> 0;
    return salt(this.#high, this.#low);
  }

  nextDes(engineBoots: number): Uint8Array {
    this.#des = (this.#des + 1) >>> 0;
    return salt(engineBoots, this.#des);
  }
}

function salt(high: number, low: number): Uint8Array {
  const octets = new Uint8Array(8);
  for (let i = 0; i < 4; i++) {
    octets[i] = high >>> (24 - 8 * i);
    octets[4 + i] = low >>> (24 - 8 * i);
  }
  return octets;
}
