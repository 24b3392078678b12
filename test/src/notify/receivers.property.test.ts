import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SecurityLevel } from '../../../src/message/index.js';
import {
  completeTargets,
  MAX_SELECTED_RECEIVERS,
  NotifyFilter,
  selectReceivers,
  type Receiver,
  type ReceiverTables,
} from '../../../src/notify/index.js';
import { UDP_DOMAIN, UDP_IPV6_DOMAIN, type ViewFamily } from '../../../src/security/index.js';
import type { Oid } from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';
import { nameOrder } from '../../support/oid-order.js';
import { familiesOf } from '../../support/view-model.js';

type RowOf<Name extends keyof ReceiverTables> =
  ReceiverTables[Name] extends Iterable<infer Row> ? Row : never;

const arc = fc.constantFrom(1, 2, 3);
const oid: fc.Arbitrary<Oid> = fc
  .array(arc, { maxLength: 5 })
  .map((arcs) => [1, 3, ...arcs] as const);

/** Section 6, word for word. */
function fits({ subtree, mask = new Uint8Array() }: ViewFamily, name: Oid): boolean {
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return (
    name.length >= subtree.length && subtree.every((sub, i) => bits[i] === '0' || sub === name[i])
  );
}

function decides(families: readonly ViewFamily[], name: Oid): boolean | undefined {
  const matching = families.filter((family) => fits(family, name));
  const longest = Math.max(...matching.map(({ subtree }) => subtree.length));
  return matching
    .filter(({ subtree }) => subtree.length === longest)
    .toSorted((left, right) => nameOrder(left.subtree, right.subtree))
    .at(-1)?.included;
}

/**
 * Invariant: what a filter lets through is what RFC 3413 section 6 says. Model: its text, over all
 * families for each name. Generator: families that lie in each other, with and without wild cards,
 * names of the same few arcs. Coverage: each way to be let through and kept back.
 */
it('a filter lets through what the longest family that matches includes [RFC 3413 6, NOT-015, NOT-016, NOT-017, NOT-018]', () => {
  const seen = { included: 0, excluded: 0, unmatched: 0, objectExcluded: 0, objectUnmatched: 0 };
  fc.assert(
    fc.property(
      familiesOf(oid).filter((families) => families.length > 0),
      oid,
      fc.array(oid, { maxLength: 2 }),
      (families, notification, objects) => {
        const said = decides(families, notification);
        const ofObjects = objects.map((name) => decides(families, name));
        const lets = said === true && !ofObjects.includes(false);
        expect(new NotifyFilter(families).lets(notification, objects)).toBe(lets);
        if (said === undefined) seen.unmatched += 1;
        else seen[said ? 'included' : 'excluded'] += 1;
        if (said === true && ofObjects.includes(false)) seen.objectExcluded += 1;
        if (lets && ofObjects.includes(undefined)) seen.objectUnmatched += 1;
      },
    ),
    runs(2000),
  );
  for (const [what, count] of Object.entries(seen)) {
    expect(count, `coverage of ${what}`).toBeGreaterThan(20);
  }
});

const PORT_162 = [0, 162];
const V4 = Uint8Array.of(192, 0, 2, 1, ...PORT_162);
const V6 = Uint8Array.of(
  0x20,
  1,
  0xd,
  0xb8,
  ...Array.from({ length: 11 }, () => 0),
  1,
  ...PORT_162,
);
const domain: fc.Arbitrary<readonly [Oid, Uint8Array]> = fc.constantFrom<
  readonly [Oid, Uint8Array]
>(
  [UDP_DOMAIN, V4],
  [UDP_DOMAIN, V4],
  [UDP_DOMAIN, V4],
  [UDP_IPV6_DOMAIN, V6],
  // TCP, an address that is too short, and no port.
  [[1, 3, 6, 1, 2, 1, 100, 1, 5], V4],
  [UDP_DOMAIN, V4.subarray(1)],
  [UDP_DOMAIN, Uint8Array.of(192, 0, 2, 1, 0, 0)],
);
const tag = fc.constantFrom('a', 'b', 'c');
const paramsName = fc.constantFrom('one', 'two', 'old', 'users', 'gone');
const address = fc
  .record({
    place: domain,
    tags: fc.array(tag, { maxLength: 3 }),
    params: paramsName,
    timeoutCentiseconds: fc.constantFrom(0, 1, 150, 2_147_483_647),
    retries: fc.constantFrom(0, 3, 255),
    maxMessageSizeOctets: fc.constantFrom(0, 484),
  })
  .map(({ place: [at, octets], ...row }) => ({
    ...row,
    domain: at,
    address: octets,
    mask: new Uint8Array(),
  }));
const named = <Row extends object>(
  row: fc.Arbitrary<Row>,
  maxLength: number,
): fc.Arbitrary<(Row & { name: string })[]> =>
  fc.array(row, { maxLength }).map((rows) => rows.map((one, i) => ({ ...one, name: `row${i}` })));
const param = (name: string): fc.Arbitrary<RowOf<'params'>> =>
  fc
    .record({
      isActive: fc.constantFrom(true, true, true, false),
      models: fc.constantFrom<readonly [number, number]>(
        [0, 1],
        [1, 2],
        [3, 3],
        [1, 2],
        [3, 3],
        [1, 3],
        [2, 2],
      ),
      securityName: fc.constantFrom('ann', 'ben', 'eve'),
      level: fc.constantFrom<SecurityLevel>('noAuthNoPriv', 'noAuthNoPriv', 'authPriv'),
    })
    .map(({ models: [messageModel, securityModel], ...row }) => ({
      ...row,
      name,
      messageModel,
      securityModel,
    }));

const KNOWN = new Set(['ann', 'ben']);
const communityTowards = (securityName: string): Uint8Array | undefined =>
  KNOWN.has(securityName) ? Buffer.from(`c-${securityName}`) : undefined;

const CONFIGURED = completeTargets(
  [{ name: 'row0', address: 'udp://127.0.0.1:162', community: 'configured' }],
  'targets',
).map((target) => ({ name: 'row0', target }));

function shown(receiver: Receiver): string {
  if (receiver.target === undefined) return `${receiver.name} ${receiver.fault.code}`;
  const { name, kind, security } = receiver.target;
  if (security.version !== 'v3') {
    return `${name} ${kind} ${security.version} ${Buffer.from(security.community).toString()}`;
  }
  const who = typeof security.user === 'string' ? security.user : security.user.name;
  return `${name} ${kind} v3 ${who}`;
}

const VERSIONS = new Map([
  ['0 1', 'v1'],
  ['1 2', 'v2c'],
  ['3 3', 'v3'],
]);

/** Section 5, as loops over everything. */
function model(
  notifies: readonly RowOf<'notifies'>[],
  addresses: readonly RowOf<'addresses'>[],
  params: readonly RowOf<'params'>[],
): string[] {
  const lines: string[] = [];
  for (const notify of notifies) {
    for (const at of addresses) {
      if (notify.tag === '' || !at.tags.includes(notify.tag)) continue;
      const row = params.find(({ name }) => name === at.params);
      const kind = row?.messageModel === 0 ? 'trapV1' : notify.kind;
      const place = `${at.name} ${kind}`;
      // What is told by the configuration already, by a trap of the same address.
      if (place === 'row0 trap') continue;
      const line = `${at.name} ${told()}`;
      const isTold = lines.some((known) => known.split('|')[0] === place);
      if (!isTold) lines.push(`${place}|${line}`);

      function told(): string {
        if (row === undefined) return 'SNMP_NOTIFY_NO_PARAMS';
        if (!row.isActive) return 'SNMP_NOTIFY_NOT_ACTIVE';
        const isUdp = at.address === V4 || at.address === V6;
        const isOfDomain = at.domain === (at.address === V4 ? UDP_DOMAIN : UDP_IPV6_DOMAIN);
        if (!isUdp || !isOfDomain) return 'SNMP_NOTIFY_ADDRESS';
        const version = VERSIONS.get(`${row.messageModel} ${row.securityModel}`);
        if (version === undefined) return 'SNMP_NOTIFY_MODEL';
        if (version === 'v3') return `${kind} v3 ${row.securityName}`;
        if (row.level !== 'noAuthNoPriv') return 'SNMP_NOTIFY_LEVEL';
        if (row.securityName === 'eve') return 'SNMP_NOTIFY_NO_COMMUNITY';
        return `${kind} ${version} c-${row.securityName}`;
      }
    }
  }
  return lines.map((line) => line.split('|')[1] ?? '');
}

/**
 * Invariant: the receivers are those that RFC 3413 section 5 has the rows select, each address once
 * for each kind, the others with their code. Model: the section as loops. Generator: few tags, rows of
 * parameters of all models, addresses of other domains. Coverage: each outcome.
 */
it('rows select who is told, or say why not [RFC 3413 5, NOT-021, NOT-022, NOT-023, NOT-036, NOT-038, TGT-008, TGT-025, TGT-032]', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      named(
        fc.record({
          tag: fc.constantFrom('a', 'b', 'c', ''),
          kind: fc.constantFrom<'trap' | 'inform'>('trap', 'inform'),
        }),
        4,
      ),
      named(address, 5),
      fc.tuple(param('one'), param('two'), param('old'), param('users')),
      (notifies, addresses, params) => {
        const { receivers, leftOut } = selectReceivers(
          { notifies, addresses, params, profiles: [], filters: [] },
          CONFIGURED,
          communityTowards,
        );
        expect(leftOut).toBe(0);
        const lines = receivers.map(shown);
        expect(lines).toEqual(['row0 trap v2c configured', ...model(notifies, addresses, params)]);
        for (const line of lines.slice(1)) {
          const what = line.split(' ').slice(1, 3).join(' ');
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
        for (const { target } of receivers) {
          if (target?.tells === undefined) continue;
          expect(target.timeoutMs).toBeGreaterThanOrEqual(10);
          expect(target.timeoutMs).toBeLessThan(2 ** 31);
        }
      },
    ),
    runs(2000),
  );
  for (const what of [
    'trap v2c',
    'trap v3',
    'inform v2c',
    'inform v3',
    'trapV1 v1',
    'SNMP_NOTIFY_NO_PARAMS',
    'SNMP_NOTIFY_NOT_ACTIVE',
    'SNMP_NOTIFY_ADDRESS',
    'SNMP_NOTIFY_MODEL',
    'SNMP_NOTIFY_LEVEL',
    'SNMP_NOTIFY_NO_COMMUNITY',
  ]) {
    expect(seen.get(what) ?? 0, `coverage of ${what}`).toBeGreaterThan(20);
  }
});

const V2C_PARAMS = {
  name: 'p',
  isActive: true,
  messageModel: 1,
  securityModel: 2,
  securityName: 'ann',
  level: 'noAuthNoPriv',
} as const;
const at = (name: string): RowOf<'addresses'> => ({
  name,
  domain: UDP_DOMAIN,
  address: V4,
  mask: new Uint8Array(),
  tags: ['a'],
  params: 'p',
  timeoutCentiseconds: 150,
  retries: 3,
  maxMessageSizeOctets: 0,
});

it('no more are told than there is a reason for, the first of them, and the rest are counted', () => {
  const addresses = Array.from({ length: MAX_SELECTED_RECEIVERS + 7 }, (_, i) => at(`a${i}`));
  const { receivers, leftOut } = selectReceivers(
    {
      notifies: [{ tag: 'a', kind: 'trap' }],
      addresses,
      params: [V2C_PARAMS],
      profiles: [],
      filters: [],
    },
    CONFIGURED,
    communityTowards,
  );
  expect(receivers.length).toBe(1 + MAX_SELECTED_RECEIVERS);
  expect(leftOut).toBe(7);
  expect(receivers.at(-1)?.target?.name).toBe(`a${MAX_SELECTED_RECEIVERS - 1}`);
});

it('a filter is for those whose parameters have its profile; one without rows filters nothing [NOT-014]', () => {
  const profiles = [
    { params: 'p', filter: 'some' },
    { params: 'q', filter: 'empty' },
    { params: 'row0', filter: 'some' },
  ];
  const { receivers } = selectReceivers(
    {
      notifies: [{ tag: 'a', kind: 'trap' }],
      addresses: [at('a1'), { ...at('a2'), params: 'q' }, { ...at('a3'), params: 'r' }],
      params: ['p', 'q', 'r'].map((name) => ({ ...V2C_PARAMS, name })),
      profiles,
      filters: [{ filter: 'some', subtree: [1, 3, 1], included: true }],
    },
    CONFIGURED,
    communityTowards,
  );
  expect(receivers.map(({ filter }) => filter?.lets([1, 3, 1, 9], []) ?? 'unfiltered')).toEqual([
    true,
    true,
    'unfiltered',
    'unfiltered',
  ]);
  expect(receivers[0]?.filter?.lets([1, 3, 2], [])).toBe(false);
});
