import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { COUNTER_NAMES, type CounterName } from '../../../src/dispatch/index.js';
import { genErr } from '../../../src/instrumentation/index.js';
import type { OutgoingPdu, Version } from '../../../src/message/index.js';
import { mutate, mutation, runs } from '../../support/arbitraries.js';
import { confAgent, functions, storedScalars } from '../../support/conf-agent.js';
import {
  asked,
  decodeAnswer,
  integer,
  nextRequestId,
  statusPdu,
  type SnmpClient,
} from '../../support/snmp-client.js';
import { rawMessage } from '../../support/tlv.js';
import { usmVectors } from '../../support/usm-vectors.js';

/**
 * Invariant: snmpInPkts counts every datagram; each is answered, or exactly one counter (or the
 * rule that there is none) says why not; every other counter is what a ledger adds up to. Model:
 * the ledger, written beside the generated traffic; for mutated messages only the balance.
 * Generator: good requests of each kind, each kind of bad one, mutations. Coverage: every kind and
 * every counter that can move has moved.
 */
type Ledger = Partial<Record<CounterName, number>>;

interface Event {
  readonly kind: string;
  readonly octets: (client: SnmpClient) => Uint8Array;
  readonly ledger: Ledger | undefined;
}

const OUT: Ledger = { snmpOutPkts: 1, snmpOutGetResponses: 1 };
const versions: readonly Version[] = ['v1', 'v2c'];

function event(kind: string, octets: Event['octets'], ledger: Ledger): Event {
  return { kind, octets, ledger };
}

const reads: readonly Event[] = versions.flatMap((version) => {
  const get = (client: SnmpClient, ...names: readonly string[]): Buffer =>
    client.as({ version }).encode(statusPdu('get', asked(names)));
  const isV1 = version === 'v1';
  return [
    event(`${version} get`, (client) => get(client, 'roInt.0', 'tt.0'), {
      ...OUT,
      snmpInGetRequests: 1,
      snmpInTotalReqVars: 2,
    }),
    event(`${version} get of nothing`, (client) => get(client, 'roInt.0', 'roInt.7'), {
      ...OUT,
      snmpInGetRequests: 1,
      ...(isV1 ? { snmpOutNoSuchNames: 1 } : { snmpInTotalReqVars: 1 }),
    }),
    event(`${version} failing get`, (client) => get(client, 'anyInt.0'), {
      ...OUT,
      snmpInGetRequests: 1,
      snmpOutGenErrs: 1,
    }),
    event(
      `${version} getNext`,
      (client) => client.as({ version }).encode(statusPdu('getNext', asked(['roInt']))),
      { ...OUT, snmpInGetNexts: 1, snmpInTotalReqVars: 1 },
    ),
    event(`${version} too big`, (client) => get(client, 'bigText.0', 'bigText.0'), {
      ...OUT,
      snmpInGetRequests: 1,
      snmpOutTooBigs: 1,
    }),
    event(`${version} set`, (client) => client.as({ version }).encode(setPdu('rwInt.0', 5)), {
      ...OUT,
      snmpInSetRequests: 1,
      snmpInTotalSetVars: 1,
    }),
    event(
      `${version} set of two`,
      (client) => client.as({ version }).encode(setPdu('rwInt.0', 5, 'rwRange.0')),
      { ...OUT, snmpInSetRequests: 1, snmpInTotalSetVars: 2 },
    ),
    event(`${version} bad set`, (client) => client.as({ version }).encode(setPdu('rwInt.0', 500)), {
      ...OUT,
      snmpInSetRequests: 1,
      ...(isV1 ? { snmpOutBadValues: 1 } : {}),
    }),
    event(
      `${version} forbidden set`,
      (client) => client.as({ version, community: 'public' }).encode(setPdu('rwInt.0', 5)),
      {
        ...OUT,
        snmpInSetRequests: 1,
        snmpInBadCommunityUses: 1,
        ...(isV1 ? { snmpOutNoSuchNames: 1 } : {}),
      },
    ),
    event(`${version} stranger`, (client) => get(client.as({ community: 'x' }), 'roInt.0'), {
      snmpInBadCommunityNames: 1,
    }),
    event(
      `${version} response`,
      (client) => client.as({ version }).encode(statusPdu('response', [])),
      { snmpUnknownPDUHandlers: 1 },
    ),
  ];
});

const others: readonly Event[] = [
  event(
    'getBulk',
    (client) =>
      client.encode({
        type: 'getBulk',
        requestId: nextRequestId(),
        nonRepeaters: 0,
        maxRepetitions: 3,
        varBinds: asked(['roInt']),
      }),
    { ...OUT, snmpInTotalReqVars: 3 },
  ),
  event('trap', (client) => client.encode(statusPdu('trap', [])), { snmpUnknownPDUHandlers: 1 }),
  event('inform', (client) => client.encode(statusPdu('inform', [])), {
    snmpUnknownPDUHandlers: 1,
  }),
  event('rubbish', () => Buffer.from('rubbish'), { snmpInASNParseErrs: 1 }),
  event('no version', () => rawMessage({ version: [2, 1, 2] }), { snmpInBadVersions: 1 }),
  event('v3 in the shape of v2c', () => rawMessage({ version: [2, 1, 3] }), {
    snmpInASNParseErrs: 1,
  }),
  event('bulk in v1', () => rawMessage({ version: [2, 1, 0], pduTag: 0xa5 }), {
    snmpInASNParseErrs: 1,
  }),
  event('oversize', () => Buffer.alloc(1000), {}),
];

/** Its ledger is kept by test/src/dispatch/usm.property.test.ts; here it is one among others. */
const discovery: Event = event(
  'discovery',
  () => {
    const octets = usmVectors.inbound[0]?.message ?? '';
    return Buffer.from(octets, 'hex');
  },
  { snmpOutPkts: 1, usmStatsUnknownEngineIDs: 1 },
);

function setPdu(name: string, value: number, ...more: readonly string[]): OutgoingPdu {
  const names = asked([name, ...more]);
  return statusPdu(
    'set',
    names.map((varBind) => ({ ...varBind, value: integer(value) })),
  );
}

const plain: fc.Arbitrary<Event> = fc.constantFrom(...reads, ...others, discovery);
const mutated: fc.Arbitrary<Event> = fc
  .tuple(fc.constantFrom(...reads, ...others), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([one, mutations]) => ({
    kind: 'mutated',
    octets: (client) => mutate(one.octets(client), mutations),
    ledger: undefined,
  }));

const EXPLAINS: readonly CounterName[] = [
  'snmpOutPkts',
  'snmpInASNParseErrs',
  'snmpInBadVersions',
  'snmpInBadCommunityNames',
  'snmpUnknownPDUHandlers',
];

it('the counters are what a ledger of the traffic adds up to [ENC-001, ENC-057, MIB-025, MPD-022, PR-50]', async () => {
  const kinds = new Map<string, number>();
  const moved = new Set<CounterName>();
  await using conf = await confAgent(
    {
      ...storedScalars(),
      anyInt: functions.scalar({ get: () => genErr }),
      bigText: functions.scalar({ get: () => Buffer.alloc(400) }),
    },
    { limits: { maxMessageSizeOctets: 700 } },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: mutated }), {
        minLength: 1,
        maxLength: 12,
      }),
      async (events) => {
        for (const one of events) {
          const before = conf.agent.metrics().snmp;
          const reply = await conf.agent.inject(one.octets(conf.client));
          const after = conf.agent.metrics().snmp;
          kinds.set(one.kind, (kinds.get(one.kind) ?? 0) + 1);
          const grown = COUNTER_NAMES.map(
            (name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const,
          ).filter(([, by]) => by !== 0);
          for (const [name] of grown) moved.add(name);
          expect(grown.every(([, by]) => by > 0)).toBe(true);
          if (one.ledger !== undefined) {
            expect(Object.fromEntries(grown)).toEqual({ snmpInPkts: 1, ...one.ledger });
            expect(reply === undefined).toBe(one.ledger.snmpOutPkts === undefined);
            continue;
          }
          const by = Object.fromEntries(grown) as Ledger;
          expect(by.snmpInPkts).toBe(1);
          expect((by.snmpOutPkts ?? 0) === 1).toBe(reply !== undefined);
          if (reply !== undefined) decodeAnswer(reply);
          const explained = EXPLAINS.filter((name) => by[name] !== undefined);
          expect(explained.length).toBeLessThanOrEqual(1);
          for (const name of explained) expect(by[name]).toBe(1);
        }
      },
    ),
    runs(400),
  );
  expect([...kinds.keys()].sort()).toEqual(
    [...new Set([...reads, ...others, discovery].map(({ kind }) => kind)), 'mutated'].sort(),
  );
  expect(kinds.get('mutated')).toBeGreaterThan(100);
  expect(moved.size).toBe(18);
});
