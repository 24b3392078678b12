import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  CommunityTable,
  NO_SIZE_LIMIT,
  UDP_DOMAIN,
  UDP_IPV6_DOMAIN,
  type CommunityEntry,
  type TargetAddress,
} from '../../../src/security/index.js';
import { runs } from '../../support/arbitraries.js';

/**
 * Invariant: the row that is chosen, and the limit that comes with it, are those of RFC 3584 5.2.1 and
 * 5.3. Model: its text as a scan in index order. Generator: few communities, tags and addresses, masks
 * bit by bit; more rows than are scanned one by one. Coverage: each way of matching, and none.
 */
const tag = fc.constantFrom('', 'a', 'b', 'a', 'none');
const communityEntry: fc.Arbitrary<CommunityEntry> = fc.record({
  community: fc.constantFrom('x', 'y').map((text) => Buffer.from(text)),
  securityName: fc.nat(99).map(String),
  contextName: fc.constantFrom('', 'c'),
  transportTag: tag,
});
const octet = fc.constantFrom(0, 0, 1, 2);
const ipv4 = fc.array(octet, { minLength: 4, maxLength: 4 });
const port = fc.constantFrom(0, 256);
const mask = (length: number): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.constant<number[]>([]),
    fc.array(fc.constantFrom(0, 0, 0xfd, 0xff), { minLength: length, maxLength: length }),
  );
const isV6 = fc.constantFrom(false, false, false, true);
const target: fc.Arbitrary<TargetAddress> = isV6.chain((isV6) =>
  fc
    .record({
      address: ipv4,
      port,
      mask: mask(isV6 ? 18 : 6),
      tags: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
      maxMessageSizeOctets: fc.constantFrom(0, 484, 1500),
    })
    .map((one) => ({
      domain: isV6 ? UDP_IPV6_DOMAIN : UDP_DOMAIN,
      address: Uint8Array.from([
        ...(isV6 ? Array.from({ length: 12 }, () => 0) : []),
        ...one.address,
        one.port >> 8,
        one.port & 0xff,
      ]),
      tags: one.tags,
      mask: Uint8Array.from(one.mask),
      maxMessageSizeOctets: one.maxMessageSizeOctets,
    })),
);
const peer = fc.record({ isV6, octets: ipv4, port });

const bitsOf = (octets: Iterable<number>): string =>
  [...octets].map((one) => one.toString(2).padStart(8, '0')).join('');

function fits(one: TargetAddress, isV6: boolean, from: readonly number[]): boolean {
  if ((one.domain === UDP_IPV6_DOMAIN) !== isV6) return false;
  const wanted = bitsOf(one.address);
  const ruled = one.mask.length === 0 ? '1'.repeat(wanted.length) : bitsOf(one.mask);
  const got = bitsOf(from);
  return Array.from(wanted).every((bit, i) => ruled[i] === '0' || bit === got[i]);
}

it('a community is the first row that RFC 3584 lets match [TGT-017, TGT-018, TGT-019, TGT-020, TGT-021, TGT-022, TGT-034, PR-46]', () => {
  const seen = { untagged: 0, tagged: 0, later: 0, limited: 0, nobody: 0 };
  fc.assert(
    fc.property(
      fc.array(communityEntry, { maxLength: 12 }),
      fc.array(target, { maxLength: 6 }),
      fc.constantFrom('x', 'x', 'y', 'z'),
      peer,
      (communities, addresses, asked, { isV6, octets, port: fromPort }) => {
        const from = [
          ...(isV6 ? Array.from({ length: 12 }, () => 0) : []),
          ...octets,
          fromPort >> 8,
          fromPort & 0xff,
        ];
        const address = isV6
          ? `0:0:0:0:0:0:${((octets[0] ?? 0) * 256 + (octets[1] ?? 0)).toString(16)}:${((octets[2] ?? 0) * 256 + (octets[3] ?? 0)).toString(16)}`
          : octets.join('.');
        let chosen: CommunityEntry | undefined;
        let limit = NO_SIZE_LIMIT;
        for (const [i, row] of communities.entries()) {
          if (Buffer.from(row.community).toString() !== asked) continue;
          const matching = addresses.filter((one) => one.tags.includes(row.transportTag));
          const hit = matching.find((one) => fits(one, isV6, from));
          if (row.transportTag !== '' && hit === undefined) continue;
          chosen = row;
          if (row.transportTag !== '') limit = hit?.maxMessageSizeOctets || limit;
          seen[row.transportTag === '' ? 'untagged' : 'tagged'] += 1;
          if (i > 0) seen.later += 1;
          if (limit < NO_SIZE_LIMIT) seen.limited += 1;
          break;
        }
        if (chosen === undefined) seen.nobody += 1;
        const table = new CommunityTable({ communities, addresses }, (entry, version) => ({
          principal: { securityName: `${version} ${entry.securityName}` },
          contextName: entry.contextName,
        }));
        for (const version of ['v1', 'v2c'] as const) {
          const identity = table.identify(Buffer.from(asked), version, { address, port: fromPort });
          expect(identity?.principal.securityName).toBe(
            chosen === undefined ? undefined : `${version} ${chosen.securityName}`,
          );
          expect(identity?.contextName).toBe(chosen?.contextName);
          if (chosen !== undefined) expect(identity?.maxMessageSizeOctets).toBe(limit);
        }
      },
    ),
    runs(1500),
  );
  for (const [what, count] of Object.entries(seen)) {
    expect(count, `coverage of ${what}`).toBeGreaterThan(20);
  }
});

/**
 * Invariant: the community that is told with is that of RFC 3584 5.2.3. Model: its text as a scan in
 * index order. Generator: as above, with two names. Coverage: a later row, a tag, and nobody.
 */
it('towards an address a name is the community of the first row that is for it [RFC 3584 5.2.3, TGT-032, NOT-036]', () => {
  const seen = { first: 0, later: 0, tagged: 0, nobody: 0 };
  const row = fc
    .tuple(communityEntry, fc.constantFrom('ann', 'ben'))
    .map(([entry, securityName]) => ({ ...entry, securityName }));
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 12 }),
      fc.array(target, { maxLength: 6 }),
      fc.constantFrom('', 'c'),
      peer.filter(({ isV6 }) => !isV6),
      (communities, addresses, contextName, { octets, port: toPort }) => {
        const to = [...octets, toPort >> 8, toPort & 0xff];
        const place = communities.findIndex(
          (one) =>
            one.securityName === 'ann' &&
            one.contextName === contextName &&
            (one.transportTag === '' ||
              addresses.some((at) => at.tags.includes(one.transportTag) && fits(at, false, to))),
        );
        const table = new CommunityTable({ communities, addresses }, () => {
          throw new Error('nobody asks');
        });
        const found = table.communityTowards('ann', contextName, {
          address: octets.join('.'),
          port: toPort,
        });
        expect(found).toBe(communities[place]?.community);
        if (place < 0) seen.nobody += 1;
        else {
          seen[place === 0 ? 'first' : 'later'] += 1;
          if (communities[place]?.transportTag !== '') seen.tagged += 1;
        }
      },
    ),
    runs(1000),
  );
  for (const [what, count] of Object.entries(seen)) {
    expect(count, `coverage of ${what}`).toBeGreaterThan(20);
  }
});
