import { createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Span } from '../../message/index.js';
import { Hmac } from './hmac.js';

/** RFC 3414 sections 6 and 7, RFC 7860. */
export type AuthProtocol = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

interface AuthFacts {
  /** Of a localized key, and of the hash. */
  readonly keyOctets: number;
  /** What is left of the HMAC in a message. */
  readonly digestOctets: number;
  /** Of the hash's input. */
  readonly blockOctets: number;
}

export const AUTH_FACTS: Readonly<Record<AuthProtocol, AuthFacts>> = {
  md5: { keyOctets: 16, digestOctets: 12, blockOctets: 64 },
  sha1: { keyOctets: 20, digestOctets: 12, blockOctets: 64 },
  sha224: { keyOctets: 28, digestOctets: 16, blockOctets: 64 },
  sha256: { keyOctets: 32, digestOctets: 24, blockOctets: 64 },
  sha384: { keyOctets: 48, digestOctets: 32, blockOctets: 128 },
  sha512: { keyOctets: 64, digestOctets: 48, blockOctets: 128 },
};

/** A localized key that signs messages. The key cannot be looked at, logged or turned to JSON. */
export class AuthKey {
  readonly protocol: AuthProtocol;
  readonly digestOctets: number;
  readonly #key: KeyObject;
  readonly #hmac: Hmac;

  /** @param localized - `AUTH_FACTS[protocol].keyOctets` of them. */
  constructor(protocol: AuthProtocol, localized: Uint8Array) {
    this.protocol = protocol;
    const { digestOctets, blockOctets, keyOctets } = AUTH_FACTS[protocol];
    this.digestOctets = digestOctets;
    this.#key = createSecretKey(localized);
    this.#hmac = new Hmac(protocol, blockOctets, keyOctets, localized, digestOctets);
  }

  /** The localized key itself: for the table of users, which keeps it, and for nothing else. */
  material(): Uint8Array {
    return this.#key.export();
  }

  /** Puts the digest into its place, which counts as zeros (RFC 3414 6.3.1). */
  sign(message: Uint8Array, digestAt: number): void {
    message.set(this.#hmac.digest(message, digestAt, digestAt + this.digestOctets), digestAt);
  }

  /**
   * Whether the digest at `place` is that of the message (RFC 3414 6.3.2). Over the octets as
   * received, whatever lengths the sender wrote (USM-010); in constant time; the message is not
   * changed.
   */
  verifies(message: Uint8Array, { start, end }: Span): boolean {
    if (end - start !== this.digestOctets) return false;
    return timingSafeEqual(this.#hmac.digest(message, start, end), message.subarray(start, end));
  }
}
