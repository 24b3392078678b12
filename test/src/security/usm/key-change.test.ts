import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedKey, type AuthProtocol } from '../../../../src/security/index.js';
import { runs } from '../../../support/arbitraries.js';
import { keyChange } from '../../../support/usm-table.js';
import { authOf, usmVectors } from '../../../support/usm-vectors.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('a key is changed as RFC 3414 section 5 has it', () => {
  it('by the vectors, those of A.5 among them [USM-036]', () => {
    expect(usmVectors.keyChange.length).toBe(30);
    for (const one of usmVectors.keyChange) {
      const hash = authOf(one.auth) as AuthProtocol;
      const newKey = changedKey(hash, hex(one.oldKul), hex(one.keyChange));
      expect(Buffer.from(newKey ?? []).toString('hex'), one.id).toBe(one.newKul);
    }
  });

  /**
   * Invariant: whatever old and new key, random part and hash, the new key comes out. Model: the
   * manager's side of the convention, written apart from the agent's. Coverage: keys shorter than
   * the hash, as long, and of several times its length.
   */
  it('whatever the lengths of key and hash [PROP]', () => {
    const lengths = { shorter: 0, same: 0, longer: 0 };
    const hash = fc.constantFrom<[AuthProtocol, number]>(['md5', 16], ['sha1', 20], ['sha256', 32]);
    const octets = fc.constantFrom(1, 16, 20, 24, 32, 47, 64);
    fc.assert(
      fc.property(hash, octets, fc.infiniteStream(fc.nat(255)), ([name, size], length, stream) => {
        const take = (): Uint8Array => Uint8Array.from(stream.take(length));
        const [oldKey, newKey, random] = [take(), take(), take()];
        const change = keyChange(name, oldKey, newKey, random);
        expect(changedKey(name, oldKey, change)).toEqual(newKey);
        lengths[length < size ? 'shorter' : length === size ? 'same' : 'longer'] += 1;
      }),
      runs(200),
    );
    for (const met of Object.values(lengths)) expect(met).toBeGreaterThan(10);
  });

  it('and by values of the right length alone [USM-037]', () => {
    for (const length of [0, 31, 33, 16, 64]) {
      expect(changedKey('md5', Buffer.alloc(16), Buffer.alloc(length))).toBeUndefined();
    }
  });
});
