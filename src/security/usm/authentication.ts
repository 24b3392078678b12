import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Span } from '../../message/index.js';

/** RFC 3414 sections 6 and 7, RFC 7860. */
export type AuthProtocol = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

interface AuthFacts {
  /** Of a localized key, and of the hash. */
  readonly keyOctets: number;
  /** What is left of the HMAC in a message. */
  readonly digestOctets: number;
}

export const AUTH_FACTS: Readonly<Record<AuthProtocol, AuthFacts>> = {
  md5: { keyOctets: 16, digestOctets: 12 },
  sha1: { keyOctets: 20, digestOctets: 12 },
  sha224: { keyOctets: 28, digestOctets: 16 },
  sha256: { keyOctets: 32, digestOctets: 24 },
  sha384: { keyOctets: 48, digestOctets: 32 },
  sha512: { keyOctets: 64, digestOctets: 48 },
};

/** A localized key that signs messages. The key cannot be looked at, logged or turned to JSON. */
export class AuthKey {
  readonly protocol: AuthProtocol;
  readonly digestOctets: number;
  readonly #key: KeyObject;

  /** @param localized - `AUTH_FACTS[protocol].keyOctets` of them. */
  constructor(protocol: AuthProtocol, localized: Uint8Array) {
    this.protocol = protocol;
    this.digestOctets = AUTH_FACTS[protocol].digestOctets;
    this.#key = createSecretKey(localized);
  }

  /** The localized key itself: for the table of users, which keeps it, and for nothing else. */
  material(): Uint8Array {
    return this.#key.export();
  }

  /** Puts the digest into its place, which must be zero (RFC 3414 6.3.1). */
  sign(message: Uint8Array, digestAt: number): void {
    const digest = createHmac(this.protocol, this.#key).update(message).digest();
    message.set(digest.subarray(0, this.digestOctets), digestAt);
  }

  /**
   * Whether the digest at `place` is that of the message (RFC 3414 6.3.2). Over the octets as
   * received, whatever lengths the sender wrote (USM-010); in constant time; the message is not
   * changed.
   */
  verifies(message: Uint8Array, { start, end }: Span): boolean {
    if (end - start !== this.digestOctets) return false;
    const zeroed = Buffer.from(message).fill(0, start, end);
    const digest = createHmac(this.protocol, this.#key).update(zeroed).digest();
    return timingSafeEqual(digest.subarray(0, this.digestOctets), message.subarray(start, end));
  }
}
