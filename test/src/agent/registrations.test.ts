import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Registrations, type Registration } from '../../../src/agent/index.js';
import { compareOids, hasPrefix, type Oid } from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';

function registration(oid: Oid, owner: object): Registration {
  return { oid, object: { definition: { name: oid.join('.') } }, owner } as unknown as Registration;
}

const owners = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

describe('Registrations', () => {
  it('take all of several, or none where one overlaps [OTP-062, OTP-063]', () => {
    const registrations = new Registrations();
    registrations.add([registration([1, 3, 1], owners[0] as object)]);
    const { version } = registrations;
    for (const taken of [[1, 3, 1], [1, 3], [1, 3, 1, 5], []]) {
      expect(() =>
        registrations.add([
          registration([1, 9], owners[1] as object),
          registration(taken, owners[1] as object),
        ]),
      ).toThrow(expect.objectContaining({ code: 'SNMP_OID_CONFLICT' }));
    }
    expect(registrations.size).toBe(1);
    expect(registrations.version).toBe(version);
    expect(registrations.find([1, 9])).toBeUndefined();
  });

  /**
   * Invariant: a name is routed to the one registration it lies in. Model: a linear scan over what
   * was added and not removed. Coverage: hits, misses and conflicts all occur.
   */
  it('route as a linear scan does, through additions, removals and replacements [OTP-064, PR-55]', () => {
    const seen = { hit: 0, miss: 0, conflict: 0, removed: 0, replaced: 0 };
    const oid = fc.array(fc.constantFrom(1, 2, 3, 4_294_967_295), { minLength: 1, maxLength: 4 });
    const step = fc.oneof(
      fc.record({
        kind: fc.constantFrom('add' as const, 'replace' as const),
        oids: fc.array(oid, { minLength: 1, maxLength: 3 }),
        owner: fc.nat(2),
      }),
      fc.record({ kind: fc.constant('remove' as const), owner: fc.nat(2) }),
      fc.record({ kind: fc.constant('find' as const), name: oid }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const registrations = new Registrations();
        let model: Registration[] = [];
        for (const one of steps) {
          if (one.kind === 'find') {
            const expected = model.find((entry) => hasPrefix(one.name, entry.oid));
            expect(registrations.find(one.name)).toBe(expected);
            seen[expected === undefined ? 'miss' : 'hit'] += 1;
            const before = model.filter((entry) => compareOids(entry.oid, one.name) <= 0);
            expect(registrations.floor(one.name)).toBe(before.length - 1);
          } else if (one.kind === 'remove') {
            const owner = owners[one.owner] as never;
            const left = model.filter((entry) => entry.owner !== owner);
            seen.removed += model.length - left.length;
            registrations.removeOwner(owner);
            model = left;
          } else {
            const owner = owners[one.owner] as never;
            const added = one.oids.map((name) => registration(name, owner));
            const kept =
              one.kind === 'add' ? model : model.filter((entry) => entry.owner !== owner);
            const all = [...kept, ...added];
            const { version } = registrations;
            const put = (): void => {
              if (one.kind === 'add') registrations.add(added);
              else registrations.plan(added, owner)();
            };
            const clash = all.some((left, i) =>
              all.some((right, j) => i !== j && hasPrefix(left.oid, right.oid)),
            );
            if (clash) {
              seen.conflict += 1;
              expect(put).toThrow(expect.anything());
              expect(registrations.version).toBe(version);
            } else {
              put();
              seen.replaced += one.kind === 'replace' ? model.length - kept.length : 0;
              model = all;
              expect(registrations.version).toBeGreaterThan(version);
            }
          }
          expect(registrations.size).toBe(model.length);
        }
      }),
      runs(1500),
    );
    expect(seen.hit).toBeGreaterThan(50);
    expect(seen.miss).toBeGreaterThan(50);
    expect(seen.conflict).toBeGreaterThan(50);
    expect(seen.removed).toBeGreaterThan(50);
    expect(seen.replaced).toBeGreaterThan(50);
  });
});
