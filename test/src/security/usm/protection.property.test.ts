import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUsmParameters, decodeV3Message } from '../../../../src/message/index.js';
import {
  AUTH_FACTS,
  AuthKey,
  PRIV_FACTS,
  PrivKey,
  Salts,
  type AuthProtocol,
  type PrivProtocol,
} from '../../../../src/security/index.js';
import { place, runs } from '../../../support/arbitraries.js';
import { authOf, privOf, usmVectors, VECTOR_ENGINE } from '../../../support/usm-vectors.js';

const AUTH = Object.keys(AUTH_FACTS) as AuthProtocol[];
const PRIV = Object.keys(PRIV_FACTS) as PrivProtocol[];
const now = { engineBoots: VECTOR_ENGINE.boots, engineTimeSeconds: VECTOR_ENGINE.timeSeconds };

const keyed = <Protocol extends string>(
  protocols: readonly Protocol[],
  facts: Readonly<Record<Protocol, { readonly keyOctets: number }>>,
) =>
  fc.constantFrom(...protocols).chain((protocol) => {
    const { keyOctets } = facts[protocol];
    return fc.record({
      protocol: fc.constant(protocol),
      key: fc.uint8Array({ minLength: keyOctets, maxLength: keyOctets }),
    });
  });

const message = fc.uint8Array({ minLength: 1, maxLength: 400 });
const time = fc.record({
  engineBoots: fc.integer({ min: 1, max: 2_147_483_647 }),
  engineTimeSeconds: fc.integer({ min: 0, max: 2_147_483_647 }),
});

describe('the vectors', () => {
  for (const vector of usmVectors.messages) {
    it(`${vector.id}: ${vector.user} is verified, signed and read [USM-030, USM-058]`, () => {
      const user = usmVectors.users.find(({ userName }) => userName === vector.user);
      const auth = authOf(user?.authProtocol ?? '');
      const priv = privOf(user?.privProtocol ?? '');
      const datagram = Buffer.from(vector.message, 'hex');
      const outline = decodeV3Message(datagram);
      if (!outline.ok) throw new Error('unreadable');
      const parameters = decodeUsmParameters(outline.value);
      if (!parameters.ok) throw new Error('unreadable');
      const { authParameters, privParameters } = parameters.value;
      if (vector.level !== 'noAuthNoPriv' && auth !== undefined) {
        const key = new AuthKey(auth, Buffer.from(user?.authKey ?? '', 'hex'));
        expect(key.verifies(datagram, authParameters)).toBe(true);
        const signed = Buffer.from(vector.zeroed, 'hex');
        key.sign(signed, authParameters.start);
        expect(signed.toString('hex')).toBe(vector.message);
      }
      if (vector.level === 'authPriv' && priv !== undefined) {
        const key = new PrivKey(priv, Buffer.from(user?.privKey ?? '', 'hex'));
        const { start, end } = outline.value.data;
        const plain = key.decrypt(datagram.subarray(start, end), now, privParameters);
        const expected = Buffer.from(vector.scopedPDU, 'hex');
        expect(Buffer.from(plain ?? []).subarray(0, expected.length)).toEqual(expected);
      }
    });
  }
});

/**
 * PR-52. Invariant: what was signed verifies and not when any bit of it is another; what was
 * encrypted is decrypted to the same octets. Model: identity. Generator: all protocols, keys,
 * messages of all lengths, any bit. Coverage: every protocol was met.
 */
describe('protected messages [PR-52]', () => {
  it('verify as they were signed, and not with any one bit flipped [USM-008, USM-058]', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(
        keyed(AUTH, AUTH_FACTS),
        message,
        message,
        place,
        fc.nat(7),
        ({ protocol, key }, before, after, at, bit) => {
          met.add(protocol);
          const { digestOctets } = AUTH_FACTS[protocol];
          const whole = Buffer.concat([before, Buffer.alloc(digestOctets), after]);
          const span = { start: before.length, end: before.length + digestOctets };
          new AuthKey(protocol, key).sign(whole, span.start);
          const verifier = new AuthKey(protocol, key);
          expect(verifier.verifies(whole, span)).toBe(true);
          const copy = Buffer.from(whole);
          copy[Math.floor(at * copy.length)]! ^= 1 << bit;
          expect(verifier.verifies(copy, span)).toBe(false);
          // Shorter or longer digests are none [USM-009].
          expect(verifier.verifies(whole, { ...span, end: span.end - 1 })).toBe(false);
          expect(verifier.verifies(whole, { ...span, end: span.start })).toBe(false);
        },
      ),
      runs(300),
    );
    expect(met.size).toBe(AUTH.length);
  });

  it('are decrypted to what was encrypted, padding aside [USM-058]', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(keyed(PRIV, PRIV_FACTS), message, time, ({ protocol, key }, plain, when) => {
        met.add(protocol);
        const cipher = new PrivKey(protocol, key);
        const salts = new Salts((octets) => new Uint8Array(octets));
        const { ciphertext, privParameters } = cipher.encrypt(plain, when, salts);
        expect(ciphertext.length).toBe(cipher.encryptedSize(plain.length));
        const back = cipher.decrypt(ciphertext, when, privParameters);
        expect(Buffer.compare((back ?? new Uint8Array()).subarray(0, plain.length), plain)).toBe(0);
      }),
      runs(300),
    );
    expect(met.size).toBe(PRIV.length);
  });

  it('must be what the protocol makes to be decrypted [USM-020, USM-021]', () => {
    const salt = new Uint8Array(8);
    const des = new PrivKey('des', new Uint8Array(16));
    expect(des.decrypt(new Uint8Array(15), now, salt)).toBeUndefined();
    expect(des.decrypt(new Uint8Array(16), now, salt)).toHaveLength(16);
    const aes = new PrivKey('aes128', new Uint8Array(16));
    for (const key of [des, aes]) {
      for (const octets of [0, 7, 9]) {
        expect(key.decrypt(new Uint8Array(16), now, new Uint8Array(octets))).toBeUndefined();
      }
    }
  });
});

/**
 * PR-53. Invariant: no salt, and hence no IV under one key, is used twice. Model: a set of all of
 * them. Generator: sequences of messages cut by restarts, each with the next boots and any start,
 * also one just before a counter wraps. Coverage: both protocols; wraps.
 */
describe('salts [PR-53]', () => {
  it('never repeat, also over restarts and wraps [USM-025, USM-026]', () => {
    const start = fc.oneof(
      fc.constant(Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 254, 255, 255, 255, 254)),
      fc.constant(new Uint8Array(12).fill(255)),
      fc.uint8Array({ minLength: 12, maxLength: 12 }),
    );
    const step = fc.constantFrom('des' as const, 'aes128' as const, 'aes256' as const);
    const life = fc.record({ start, steps: fc.array(step, { maxLength: 40 }) });
    let wraps = 0;
    fc.assert(
      fc.property(fc.array(life, { minLength: 1, maxLength: 5 }), (lives) => {
        const seen = new Set<string>();
        let used = 0;
        for (const [boots, { start: first, steps }] of lives.entries()) {
          const salts = new Salts(() => first);
          for (const [second, protocol] of steps.entries()) {
            const key = new PrivKey(protocol, new Uint8Array(PRIV_FACTS[protocol].keyOctets));
            const when = { engineBoots: boots + 1, engineTimeSeconds: second >> 3 };
            const { privParameters } = key.encrypt(Uint8Array.of(1), when, salts);
            expect(privParameters).toHaveLength(8);
            const salt = Buffer.from(privParameters);
            if (protocol === 'des') expect(salt.readUInt32BE(0)).toBe(boots + 1);
            if (salt.readUInt32BE(4) < 40) wraps += 1;
            const iv = protocol === 'des' ? '' : `${when.engineBoots} ${when.engineTimeSeconds} `;
            seen.add(`${protocol === 'des' ? 'des' : 'aes'} ${iv}${salt.toString('hex')}`);
            used += 1;
          }
        }
        expect(seen.size).toBe(used);
      }),
      runs(200),
    );
    expect(wraps).toBeGreaterThan(0);
  });
});
