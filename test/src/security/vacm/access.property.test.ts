import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  AccessDecisions,
  type AccessEntry,
  type AccessRequest,
  type AccessVerdict,
  type GroupMember,
  type ViewMember,
  type ViewType,
} from '../../../../src/security/index.js';
import type { Oid } from '../../../../src/smi/index.js';
import { runs } from '../../../support/arbitraries.js';
import { sees } from '../../../support/view-model.js';

/**
 * Invariant: the decision, and the entry that it comes from, are those of RFC 3415. Model: its text
 * as sets, each rule throwing out what it says. Generator: few names, so that rows and requests meet;
 * contexts that are prefixes of each other. Coverage: every verdict.
 */
const LEVELS = ['noAuthNoPriv', 'authNoPriv', 'authPriv'] as const;
const MODELS = { v1: 1, v2c: 2, usm: 3 } as const;
const group = fc.constantFrom('g', 'h');
const context = fc.constantFrom('', 'a', 'ab', 'abc', 'é');
const view = fc.constantFrom('', 'v', 'w', 'nowhere');
const arc = fc.constantFrom(1, 2);
const name: fc.Arbitrary<Oid> = fc.array(arc, { minLength: 1, maxLength: 4 });

const member: fc.Arbitrary<GroupMember> = fc.record({
  model: fc.constantFrom(1, 2, 3),
  securityName: fc.constantFrom('n', 'm'),
  group,
});
const entry: fc.Arbitrary<AccessEntry> = fc.record({
  group,
  contextPrefix: context,
  isPrefix: fc.boolean(),
  model: fc.constantFrom(0, 1, 2, 3),
  level: fc.constantFrom(...LEVELS),
  read: view,
  write: view,
  notify: view,
});
const family: fc.Arbitrary<ViewMember> = fc.record({
  view: fc.constantFrom('v', 'w'),
  subtree: fc.array(arc, { minLength: 1, maxLength: 3 }),
  included: fc.boolean(),
  mask: fc.constantFrom(Uint8Array.of(), Uint8Array.of(0xbf), Uint8Array.of(0x5f)),
});
const request: fc.Arbitrary<AccessRequest> = fc.record({
  model: fc.constantFrom('v1', 'v2c', 'usm'),
  securityName: fc.constantFrom('n', 'm', 'nobody'),
  level: fc.constantFrom(...LEVELS),
  contextName: context,
});
const tables = fc.record({
  members: fc.uniqueArray(member, {
    maxLength: 5,
    selector: ({ model, securityName }) => `${model} ${securityName}`,
  }),
  entries: fc.uniqueArray(entry, {
    maxLength: 12,
    selector: (one) => `${one.group} ${one.contextPrefix} ${one.model} ${one.level}`,
  }),
  families: fc.uniqueArray(family, {
    maxLength: 6,
    selector: (one) => `${one.view} ${one.subtree.join('.')}`,
  }),
});

/** vacmAccessTable, rules 1 and 2a to 2d. */
function chosen(
  entries: readonly AccessEntry[],
  ofGroup: string,
  { model, level, contextName }: AccessRequest,
): AccessEntry | undefined {
  const rank = (one: AccessEntry): number => LEVELS.indexOf(one.level);
  let left = entries
    .filter((one) => one.group === ofGroup)
    .filter(
      (one) =>
        one.contextPrefix === contextName ||
        (one.isPrefix && contextName.slice(0, one.contextPrefix.length) === one.contextPrefix),
    )
    .filter((one) => one.model === MODELS[model] || one.model === 0)
    .filter((one) => rank(one) <= LEVELS.indexOf(level));
  const prefer = (rule: (one: AccessEntry) => boolean): void => {
    if (left.some(rule)) left = left.filter(rule);
  };
  prefer((one) => one.model === MODELS[model]);
  prefer((one) => one.contextPrefix === contextName);
  const longest = Math.max(...left.map((one) => one.contextPrefix.length));
  prefer((one) => one.contextPrefix.length === longest);
  const highest = Math.max(...left.map(rank));
  prefer((one) => rank(one) === highest);
  expect(left.length, 'one entry at most is left').toBeLessThanOrEqual(1);
  return left[0];
}

it('access is decided as RFC 3415 3.2 says [ACM-003, ACM-004, ACM-005, ACM-007, ACM-011, ACM-012, ACM-013, ACM-014, ACM-015, ACM-016, ACM-017, ACM-018, ACM-019, ACM-020, ACM-023, ACM-044, PR-45]', () => {
  const seen: Record<AccessVerdict, number> = {
    accessAllowed: 0,
    notInView: 0,
    noSuchView: 0,
    noAccessEntry: 0,
    noGroupName: 0,
  };
  fc.assert(
    fc.property(
      tables,
      fc.array(request, { minLength: 1, maxLength: 6 }),
      fc.constantFrom<ViewType>('read', 'write', 'notify'),
      name,
      ({ members, entries, families }, requests, viewType, asked) => {
        const decisions = new AccessDecisions({ members, entries, families });
        for (const one of [...requests, ...requests]) {
          const of = members.find(
            (row) => row.model === MODELS[one.model] && row.securityName === one.securityName,
          );
          const row = of === undefined ? undefined : chosen(entries, of.group, one);
          const expected = ((): AccessVerdict => {
            if (of === undefined) return 'noGroupName';
            if (row === undefined) return 'noAccessEntry';
            const inView = families.filter((each) => each.view === row[viewType]);
            if (inView.length === 0) return 'noSuchView';
            return sees(inView, asked) ? 'accessAllowed' : 'notInView';
          })();
          seen[expected] += 1;
          expect(decisions.isAccessAllowed(one, viewType, asked)).toBe(expected);
          if (row !== undefined) expect(decisions.select(one)).toEqual(row);
        }
      },
    ),
    runs(2000),
  );
  for (const [verdict, count] of Object.entries(seen)) {
    expect(count, `coverage of ${verdict}`).toBeGreaterThan(100);
  }
});
