import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { COUNTER_NAMES, type CounterName } from '../../../src/dispatch/index.js';
import { SimulatedClock } from '../../../src/base/index.js';
import type { OutgoingPdu, SecurityLevel } from '../../../src/message/index.js';
import { startAgent } from '../../../src/start-agent.js';
import { UserReader } from '../../../src/user-access.js';
import { runs } from '../../support/arbitraries.js';
import { asked, statusPdu } from '../../support/snmp-client.js';
import { VECTOR_ENGINE } from '../../support/usm-vectors.js';
import { decodeV3, encodeV3 } from '../../support/v3-client.js';

/**
 * PR-51. Invariant: the first failing step of RFC 3414 3.2 (and after it of RFC 3412 4.2.2.1)
 * decides which counter moves, whether there is a Report, and at which level. Model: the steps as
 * a list, written from the RFCs. Generator: requests in which any number of things is wrong at
 * once. Coverage: every step has decided, and nothing failing has been answered.
 */
const LEVELS: readonly SecurityLevel[] = ['noAuthNoPriv', 'authNoPriv', 'authPriv'];
const BOOTS = 7;
const NOW_SECONDS = 5000;

const users = {
  open: { name: 'open' },
  signed: { name: 'signed', auth: 'sha256', authPassword: 'correct horse' },
  des: {
    name: 'des',
    auth: 'sha256',
    authPassword: 'correct horse',
    priv: 'des',
    privPassword: 'battery staple',
  },
  aes: {
    name: 'aes',
    auth: 'sha256',
    authPassword: 'correct horse',
    priv: 'aes256',
    privPassword: 'battery staple',
  },
} as const;
const HIGHEST = { open: 0, signed: 1, des: 2, aes: 2 } as const;

const maybe = <Value>(right: Value, ...wrong: readonly Value[]): fc.Arbitrary<Value> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(right) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );

const scenario = fc.record({
  engine: maybe('ours', 'none', 'short', 'foreign'),
  user: fc.constantFrom('open' as const, 'signed' as const, 'des' as const, 'aes' as const),
  isKnown: maybe(true, false),
  level: fc.constantFrom(...LEVELS),
  bootsOff: maybe(0, -1, 1),
  timeOff: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0, 150, -150) },
    { weight: 1, arbitrary: fc.constantFrom(151, -151, 4000) },
  ),
  digest: maybe('right', 'flipped', 'other'),
  salt: maybe('right', 'short', 'long'),
  context: maybe('ours', 'foreign', 'named'),
  isReportable: fc.boolean(),
  type: fc.constantFrom(
    'get' as const,
    'getNext' as const,
    'inform' as const,
    'trap' as const,
    'response' as const,
    'report' as const,
  ),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer One> ? One : never;

interface Verdict {
  readonly counter: CounterName | undefined;
  readonly reply: SecurityLevel | 'silence';
}

function judge(one: Scenario): Verdict {
  const rank = LEVELS.indexOf(one.level);
  const isTimely = one.bootsOff === 0 && Math.abs(one.timeOff) <= 150;
  const isUnderstood = one.type === 'get' || one.type === 'getNext';
  const isConfirmed = isUnderstood || one.type === 'inform';
  const steps: readonly (readonly [boolean, CounterName | undefined])[] = [
    [one.engine !== 'ours', 'usmStatsUnknownEngineIDs'],
    [!one.isKnown, 'usmStatsUnknownUserNames'],
    [rank > HIGHEST[one.user], 'usmStatsUnsupportedSecLevels'],
    [rank >= 1 && one.digest !== 'right', 'usmStatsWrongDigests'],
    [rank >= 1 && !isTimely, 'usmStatsNotInTimeWindows'],
    [rank === 2 && one.salt !== 'right', 'usmStatsDecryptionErrors'],
    [one.type === 'response' || one.type === 'report', undefined],
    [!isUnderstood || one.context === 'foreign', 'snmpUnknownPDUHandlers'],
    [one.context === 'named', 'snmpUnknownContexts'],
  ];
  const step = steps.findIndex(([fails]) => fails);
  const failure = steps[step];
  if (failure === undefined) return { counter: undefined, reply: one.level };
  const [, counter] = failure;
  const isReadable = rank < 2 || step > 5;
  const isReported = isReadable ? isConfirmed : one.isReportable;
  if (!isReported) return { counter, reply: 'silence' };
  const isSigned = counter === 'usmStatsNotInTimeWindows';
  return { counter, reply: isSigned ? 'authNoPriv' : 'noAuthNoPriv' };
}

const FOREIGN = Buffer.from('80007ed90461616161', 'hex');
const ENGINES = {
  ours: VECTOR_ENGINE.id,
  none: new Uint8Array(),
  short: VECTOR_ENGINE.id.subarray(0, 4),
  foreign: FOREIGN,
};

it('the first step that fails decides counter, Report and level [USM-004, USM-011, USM-057, MPD-007..MPD-012, PR-51]', async () => {
  const clock = new SimulatedClock();
  await using agent = await startAgent({
    access: {
      users: Object.values(users).map((user) => ({ ...user, read: 'all', level: 'noAuthNoPriv' })),
    },
    engine: { id: VECTOR_ENGINE.id.toString('hex'), boots: BOOTS },
    clock,
  });
  clock.advance(NOW_SECONDS * 1000);
  const reader = new UserReader(VECTOR_ENGINE.id);
  const des = reader.read(users.des, '').user;
  const aes = reader.read(users.aes, '').user;
  const stranger = reader.read({ ...users.des, authPassword: 'wrong horse' }, '').user;
  const decided = new Map<string, number>();

  await fc.assert(
    fc.asyncProperty(scenario, async (one) => {
      const keys = one.user === 'aes' ? aes : des;
      const pdu: OutgoingPdu = statusPdu(one.type, asked([[1, 3, 6, 1, 2, 1, 1, 3, 0]]));
      const auth = one.digest === 'other' ? stranger.auth : keys.auth;
      const { octets, digestAt } = encodeV3({
        user: { ...keys, ...(auth === undefined ? {} : { auth }) },
        userName: one.isKnown ? one.user : one.user.toUpperCase(),
        level: one.level,
        engineId: ENGINES[one.engine as keyof typeof ENGINES],
        engineBoots: BOOTS + one.bootsOff,
        engineTimeSeconds: NOW_SECONDS + one.timeOff,
        contextEngineId: one.context === 'foreign' ? FOREIGN : VECTOR_ENGINE.id,
        contextName: one.context === 'named' ? 'elsewhere' : '',
        isReportable: one.isReportable,
        pdu,
        mangle: ({ ciphertext, privParameters }) => ({
          ciphertext,
          privParameters:
            one.salt === 'right'
              ? privParameters
              : one.salt === 'short'
                ? privParameters.subarray(1)
                : Buffer.concat([privParameters, Buffer.of(0)]),
        }),
      });
      if (one.digest === 'flipped' && one.level !== 'noAuthNoPriv') octets[digestAt]! ^= 0x80;

      const verdict = judge(one);
      decided.set(
        verdict.counter ?? verdict.reply,
        (decided.get(verdict.counter ?? verdict.reply) ?? 0) + 1,
      );
      const before = agent.metrics().snmp;
      const reply = await agent.inject(octets);
      const after = agent.metrics().snmp;
      const grown = COUNTER_NAMES.filter(
        (name) =>
          /^usmStats|^snmpUnknown|^snmpInvalid|Errs$/.test(name) && after[name] !== before[name],
      );
      expect(grown).toEqual(verdict.counter === undefined ? [] : [verdict.counter]);
      for (const name of grown) expect(after[name]).toBe((before[name] ?? 0) + 1);
      expect(after['snmpInPkts']).toBe((before['snmpInPkts'] ?? 0) + 1);
      expect(after['snmpOutPkts']).toBe(
        (before['snmpOutPkts'] ?? 0) + (reply === undefined ? 0 : 1),
      );
      if (verdict.reply === 'silence') {
        expect(reply).toBeUndefined();
        return;
      }
      const answer = decodeV3(reply, keys);
      expect(answer.message.securityLevel).toBe(verdict.reply);
      expect(answer.message.isReportable).toBe(false);
      expect(answer.pdu.type).toBe(verdict.counter === undefined ? 'response' : 'report');
      const isRead = one.level !== 'authPriv' || verdict.counter?.startsWith('usm') !== true;
      const requestId = 'requestId' in pdu ? pdu.requestId : 0;
      expect(answer.pdu).toMatchObject({
        requestId: isRead ? requestId : 0,
        errorStatus: 0,
        errorIndex: 0,
      });
      if (verdict.counter === undefined) return;
      expect(answer.pdu.varBinds).toMatchObject([
        { value: { type: 'Counter32', value: after[verdict.counter] } },
      ]);
      expect(Buffer.from(answer.contextEngineId).equals(VECTOR_ENGINE.id)).toBe(true);
    }),
    runs(600),
  );
  expect([...decided.keys()].sort()).toEqual(
    [
      ...LEVELS,
      'silence',
      'snmpUnknownContexts',
      'snmpUnknownPDUHandlers',
      'usmStatsDecryptionErrors',
      'usmStatsNotInTimeWindows',
      'usmStatsUnknownEngineIDs',
      'usmStatsUnknownUserNames',
      'usmStatsUnsupportedSecLevels',
      'usmStatsWrongDigests',
    ].sort(),
  );
});
