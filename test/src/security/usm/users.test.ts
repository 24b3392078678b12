import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UserTable, type UsmUser } from '../../../../src/security/index.js';
import { runs } from '../../../support/arbitraries.js';

const NAMES = ['', 'a', 'ab', 'abc', 'bc', 'c', 'ä', 'â', 'a b', 'A', 'AB', '\u{1F600}', 'users'];
const octets = (name: string): Uint8Array => new Uint8Array(Buffer.from(name, 'utf8'));

it('finds whom it has by all octets of the name, however many users there are [RFC 3414 2.1]', () => {
  const isThere = fc.integer({ max: 4, min: 0 }).map((n) => n > 0);
  const step = fc.record({ name: fc.constantFrom(...NAMES), isThere });
  let most = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const table = new UserTable();
      const model = new Map<string, UsmUser>();
      for (const { name, isThere } of steps) {
        if (isThere) {
          model.set(name, { name });
          table.put(model.get(name) as UsmUser);
        } else {
          model.delete(name);
          table.remove(name);
        }
        most = Math.max(most, model.size);
        for (const asked of NAMES) expect(table.find(octets(asked))).toBe(model.get(asked));
      }
    }),
    runs(200),
  );
  expect(most).toBeGreaterThan(8);
});
