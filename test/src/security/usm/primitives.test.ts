import { createCipheriv, createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AUTH_FACTS, type AuthProtocol } from '../../../../src/security/index.js';
import { AesCfb } from '../../../../src/security/usm/aes-cfb.js';
import { Hmac } from '../../../../src/security/usm/hmac.js';

/** Octets that differ by place and by seed. */
const octets = (length: number, seed: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 5)) & 0xff));

/** Around every bound of blocks, and of the ways to encrypt. */
const LENGTHS = [...Array.from({ length: 150 }, (_, i) => i), 1023, 1024, 1025, 1500, 65_000];

describe('what messages are sealed with is what OpenSSL makes of them', () => {
  it.each([128, 192, 256])('AES-%i in CFB mode, of every length [PR-53]', (bits) => {
    const key = createSecretKey(octets(bits / 8, bits));
    const ours = new AesCfb(bits, key);
    for (const length of LENGTHS) {
      const plaintext = octets(length, 3);
      const iv = octets(16, length);
      const theirs = createCipheriv(`aes-${bits}-cfb`, key, iv).update(plaintext);
      expect(theirs.equals(ours.encrypt(plaintext, iv)), `encrypts ${length}`).toBe(true);
      expect(plaintext.equals(ours.decrypt(theirs, iv)), `decrypts ${length}`).toBe(true);
    }
  });

  it.each(Object.keys(AUTH_FACTS) as AuthProtocol[])('HMAC by %s, of every length', (protocol) => {
    const { keyOctets, blockOctets } = AUTH_FACTS[protocol];
    const key = octets(keyOctets, 9);
    const ours = new Hmac(protocol, blockOctets, keyOctets, key);
    for (const length of LENGTHS) {
      const message = octets(length, 5);
      const [from, to] = [length >> 2, length >> 1];
      const digest = ours.digest(message, from, to);
      const theirs = createHmac(protocol, key)
        .update(message.fill(0, from, to))
        .digest();
      expect(theirs.equals(digest), `of ${length}`).toBe(true);
    }
  });
});
