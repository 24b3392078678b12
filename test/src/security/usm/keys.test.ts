import { describe, expect, it } from 'vitest';
import {
  AUTH_FACTS,
  localizeKey,
  passwordToKey,
  privacyKey,
  type AuthProtocol,
} from '../../../../src/security/index.js';
import { authOf, usmVectors } from '../../../support/usm-vectors.js';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

describe('keys', () => {
  it('are made of passwords and localized [USM-027, USM-028, USM-029, USM-030]', () => {
    // A key of a password costs milliseconds: each is made once.
    const made = new Map<string, Uint8Array>();
    for (const { id, auth, password, engineID, ku, kul } of usmVectors.keyLocalization) {
      const protocol = authOf(auth) as AuthProtocol;
      const known = `${protocol} ${password}`;
      const key = made.get(known) ?? passwordToKey(protocol, Buffer.from(password));
      made.set(known, key);
      expect(hex(key), id).toBe(ku);
      expect(hex(localizeKey(protocol, key, Buffer.from(engineID, 'hex'))), id).toBe(kul);
    }
    expect(made.size).toBeGreaterThanOrEqual(36);
  });

  it('are as long as the protocols say [USM-030]', () => {
    for (const { name, keyLength, macLength } of usmVectors.protocols.auth) {
      expect(AUTH_FACTS[authOf(name) as AuthProtocol]).toMatchObject({
        keyOctets: keyLength,
        digestOctets: macLength,
      });
    }
  });

  it('are made longer in both ways in use; long ones are cut', () => {
    const engineId = Buffer.from('80007ed905636f6e666f726d3031', 'hex');
    const md5 = localizeKey('md5', passwordToKey('md5', Buffer.from('maplesyrup')), engineId);
    const [short, blumenthal, reeder] = (['aes128', 'aes256', 'aes256c'] as const).map((one) =>
      privacyKey(one, 'md5', md5, engineId),
    );
    expect(hex(short as Uint8Array)).toBe(hex(md5));
    for (const longer of [blumenthal, reeder]) {
      expect(longer).toHaveLength(32);
      expect(hex((longer as Uint8Array).subarray(0, 16))).toBe(hex(md5));
    }
    expect(hex(blumenthal as Uint8Array)).not.toBe(hex(reeder as Uint8Array));
    // Reeder's second half is the first half's, taken for a password.
    expect(hex((reeder as Uint8Array).subarray(16))).toBe(
      hex(localizeKey('md5', passwordToKey('md5', md5), engineId)),
    );
    const sha512 = Buffer.alloc(64, 7);
    expect(privacyKey('aes256', 'sha512', sha512, engineId)).toEqual(
      privacyKey('aes256c', 'sha512', sha512, engineId),
    );
  });
});
