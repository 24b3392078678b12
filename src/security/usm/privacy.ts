import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { AesCfb } from './aes-cfb.js';
import type { Salts } from './salts.js';

/**
 * RFC 3414 section 8, RFC 3826, and the two ways in use to make longer AES keys: as net-snmp's
 * AES-192 and AES-256 (Blumenthal's draft), and, with a `c`, as Cisco's (Reeder's draft).
 */
export type PrivProtocol = 'des' | 'aes128' | 'aes192' | 'aes256' | 'aes192c' | 'aes256c';

interface PrivFacts {
  /** Of the localized key that is needed. */
  readonly keyOctets: number;
  /** How a localized key that is too short becomes longer. */
  readonly extension: 'blumenthal' | 'reeder' | 'none';
}

/**
 * OpenSSL 3 keeps single DES out of reach. Triple DES with one key three times is the same
 * function: the second step undoes the first.
 */
const DES = 'des-ede3-cbc';

export const PRIV_FACTS: Readonly<Record<PrivProtocol, PrivFacts>> = {
  des: { keyOctets: 16, extension: 'none' },
  aes128: { keyOctets: 16, extension: 'none' },
  aes192: { keyOctets: 24, extension: 'blumenthal' },
  aes256: { keyOctets: 32, extension: 'blumenthal' },
  aes192c: { keyOctets: 24, extension: 'reeder' },
  aes256c: { keyOctets: 32, extension: 'reeder' },
};

/** What every privacy protocol puts into msgPrivacyParameters. */
export const SALT_OCTETS = 8;
const DES_BLOCK_OCTETS = 8;
const DES_KEY_OCTETS = 8;

/** snmpEngineBoots and snmpEngineTime of the message: AES makes its IV of them. */
export interface MessageTime {
  readonly engineBoots: number;
  readonly engineTimeSeconds: number;
}

export interface Encrypted {
  readonly ciphertext: Uint8Array;
  readonly privParameters: Uint8Array;
}

/** A localized key that encrypts scoped PDUs. As little to be looked at as an `AuthKey`. */
export class PrivKey {
  readonly protocol: PrivProtocol;
  readonly #key: KeyObject;
  readonly #aes: AesCfb | undefined;
  /** RFC 3414 8.1.1.1; none for AES. */
  readonly #desPreIv: Uint8Array | undefined;

  /** @param localized - `PRIV_FACTS[protocol].keyOctets` of them. */
  constructor(protocol: PrivProtocol, localized: Uint8Array) {
    this.protocol = protocol;
    if (protocol === 'des') {
      const key = localized.subarray(0, DES_KEY_OCTETS);
      this.#key = createSecretKey(Buffer.concat([key, key, key]));
      this.#desPreIv = localized.slice(DES_KEY_OCTETS);
      this.#aes = undefined;
    } else {
      this.#key = createSecretKey(localized);
      this.#desPreIv = undefined;
      this.#aes = new AesCfb(localized.length * 8, this.#key);
    }
  }

  /** As `AuthKey.material`. */
  material(): Uint8Array {
    const key = this.#key.export();
    const preIv = this.#desPreIv;
    return preIv === undefined ? key : Buffer.concat([key.subarray(0, DES_KEY_OCTETS), preIv]);
  }

  /** Octets that so many octets are encrypted to. */
  encryptedSize(octets: number): number {
    return this.#desPreIv === undefined
      ? octets
      : Math.ceil(octets / DES_BLOCK_OCTETS) * DES_BLOCK_OCTETS;
  }

  encrypt(plaintext: Uint8Array, time: MessageTime, salts: Salts): Encrypted {
    if (this.#aes !== undefined) {
      const salt = salts.nextAes();
      return { ciphertext: this.#aes.encrypt(plaintext, aesIv(salt, time)), privParameters: salt };
    }
    const privParameters = salts.nextDes(time.engineBoots);
    const cipher = createCipheriv(DES, this.#key, this.#desIv(privParameters));
    // Whole blocks go in, so whole blocks come out: there is nothing left for `final`.
    cipher.setAutoPadding(false);
    return { ciphertext: cipher.update(this.#padded(plaintext)), privParameters };
  }

  /**
   * The plaintext, with its padding; undefined for what this protocol cannot have encrypted (RFC
   * 3414 8.1.1.3, RFC 3826 3.3.2: usmStatsDecryptionErrors). A wrong key gives garbage.
   */
  decrypt(
    ciphertext: Uint8Array,
    time: MessageTime,
    privParameters: Uint8Array,
  ): Uint8Array | undefined {
    if (privParameters.length !== SALT_OCTETS) return undefined;
    if (this.encryptedSize(ciphertext.length) !== ciphertext.length) return undefined;
    if (this.#aes !== undefined) return this.#aes.decrypt(ciphertext, aesIv(privParameters, time));
    const decipher = createDecipheriv(DES, this.#key, this.#desIv(privParameters));
    decipher.setAutoPadding(false);
    return decipher.update(ciphertext);
  }

  /** RFC 3414 8.1.1.2: to whole blocks, whatever with. */
  #padded(plaintext: Uint8Array): Uint8Array {
    const size = this.encryptedSize(plaintext.length);
    if (size === plaintext.length) return plaintext;
    const padded = new Uint8Array(size);
    padded.set(plaintext);
    return padded;
  }

  #desIv(salt: Uint8Array): Uint8Array {
    return salt.map((octet, i) => octet ^ (this.#desPreIv?.[i] ?? 0));
  }
}

/** For one message at a time. */
const IV = Buffer.alloc(16);

/** RFC 3826 3.1.2.1. Until the next one is made. */
function aesIv(salt: Uint8Array, { engineBoots, engineTimeSeconds }: MessageTime): Uint8Array {
  IV.writeUInt32BE(engineBoots, 0);
  IV.writeUInt32BE(engineTimeSeconds, 4);
  IV.set(salt, 8);
  return IV;
}
