import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { COUNTER_NAMES, type CounterName } from '../../../src/dispatch/index.js';
import {
  decodeScopedPdu,
  decodeUsmParameters,
  decodeV3Message,
} from '../../../src/message/index.js';
import { mutate, mutation, runs, type Mutation } from '../../support/arbitraries.js';
import { functions, storedScalars } from '../../support/conf-agent.js';
import { conf as oid } from '../../support/mib-fixtures.js';
import { asked, integer, statusPdu } from '../../support/snmp-client.js';
import { V3Manager, v3Agent, type UserName } from '../../support/v3-manager.js';

/**
 * Invariant: nothing is written, and nothing is read at a level with authentication, but by the
 * very octets that a holder of the key sent; every datagram is answered or exactly one counter
 * says why not. Model: equality of octets. Generator: requests of all levels with up to four
 * mutations: flips, lengths, insertions, copies, anywhere or within one field. Coverage: every
 * counter that mutations can move has moved; unmutated ones are answered.
 *
 * `TRELLIS_RUNS=200000` makes as many.
 */
const EXPLAINS: readonly CounterName[] = COUNTER_NAMES.filter((name) =>
  /^usmStats|^snmpUnknown|^snmpInvalid|^snmpInASN|^snmpInBad(Versions|CommunityNames)/.test(name),
);

const FIELDS = ['anywhere', 'header', 'flags and model', 'parameters', 'digest', 'data'] as const;

/** Where a field lies in a message that is whole. */
function spanOf(octets: Buffer, field: (typeof FIELDS)[number]): readonly [number, number] {
  const outline = decodeV3Message(octets);
  if (!outline.ok) throw new Error('the request cannot be read');
  const parameters = decodeUsmParameters(outline.value);
  if (!parameters.ok) throw new Error('the request cannot be read');
  const { securityParameters, data } = outline.value;
  const { authParameters } = parameters.value;
  switch (field) {
    case 'anywhere':
      return [0, octets.length];
    case 'header':
      return [0, securityParameters.start];
    case 'flags and model': {
      // The security model is 3.
      const end = octets.lastIndexOf(Buffer.of(2, 1, 3), securityParameters.start);
      return [end - 1, end + 3];
    }
    case 'parameters':
      return [securityParameters.start, securityParameters.end];
    case 'digest':
      return [authParameters.start, authParameters.end];
    case 'data':
      return [data.start, data.end];
  }
}

const attack = fc.record({
  name: fc.constantFrom<UserName>('open', 'signed', 'des', 'aes'),
  kind: fc.constantFrom('get' as const, 'set' as const),
  field: fc.constantFrom(...FIELDS),
  mutations: fc.oneof(
    { weight: 12, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant<Mutation[]>([]) },
  ),
});

it('a message that was changed on its way is not obeyed, and counted [USM-023, USM-058, LIM-008, PR-52]', async () => {
  let written = 0;
  await using conf = await v3Agent({
    ...storedScalars(),
    anyInt: functions.scalar({
      get: () => written,
      set: () => {
        written += 1;
        return 'noError';
      },
    }),
  });
  const moved = new Map<CounterName, number>();
  const met = { obeyed: 0, changed: 0, answered: 0, silent: 0 };
  let value = 0;
  const atFirst = conf.agent.metrics().snmp;
  await fc.assert(
    fc.asyncProperty(attack, async ({ name, kind, field, mutations }) => {
      const manager = new V3Manager(conf, name);
      value = (value + 1) % 100;
      const pdu =
        kind === 'get'
          ? statusPdu('get', asked(['roInt.0', 'rwStr.0']))
          : statusPdu('set', [{ name: oid('anyInt.0'), value: integer(value) }]);
      const { octets } = manager.encode(pdu);
      const [start, end] = spanOf(octets, field);
      const changed = Buffer.concat([
        octets.subarray(0, start),
        mutate(octets.subarray(start, end), mutations),
        octets.subarray(end),
      ]);
      const isSame = changed.equals(octets);
      const before = conf.agent.metrics().snmp;
      const writtenBefore = written;
      const reply = await conf.agent.inject(changed);
      const after = conf.agent.metrics().snmp;
      const grown = EXPLAINS.filter((one) => after[one] !== before[one]);
      for (const one of grown) moved.set(one, (moved.get(one) ?? 0) + 1);

      expect(after['snmpInPkts']).toBe((before['snmpInPkts'] ?? 0) + 1);
      expect(after['snmpOutPkts']).toBe(
        (before['snmpOutPkts'] ?? 0) + (reply === undefined ? 0 : 1),
      );
      expect(grown.length).toBeLessThanOrEqual(1);
      for (const one of grown) expect(after[one]).toBe((before[one] ?? 0) + 1);

      const isObeyed = reply !== undefined && grown.length === 0;
      if (isObeyed) met.answered += 1;
      else if (grown.length === 0) met.silent += 1;
      if (isSame) {
        expect(isObeyed).toBe(true);
        expect(written).toBe(writtenBefore + (kind === 'set' ? 1 : 0));
        met.obeyed += 1;
        return;
      }
      met.changed += 1;
      if (name === 'open') return;
      expect(written).toBe(writtenBefore);
      if (!isObeyed) {
        // A changed flag makes it a message that nobody vouches for, and perhaps one that waits for
        // nothing.
        if (grown.length === 0) expect(reply).toBeUndefined();
        return;
      }
      // So does this one, whose sender must ask at a higher level.
      const outline = decodeV3Message(reply);
      if (!outline.ok) throw new Error('the reply cannot be read');
      expect(outline.value.securityLevel).toBe('noAuthNoPriv');
      const scoped = decodeScopedPdu(reply, outline.value.data);
      expect(scoped).toMatchObject({ ok: true, value: { pdu: { errorStatus: 16 } } });
    }),
    runs(3000),
  );
  // Each message was answered, or is in one counter, or was no request that anybody waits for.
  const atLast = conf.agent.metrics().snmp;
  const since = (name: CounterName): number => (atLast[name] ?? 0) - (atFirst[name] ?? 0);
  const counted = EXPLAINS.reduce((sum, name) => sum + since(name), 0);
  expect(counted + met.answered + met.silent).toBe(since('snmpInPkts'));
  expect(since('snmpInPkts')).toBe(met.obeyed + met.changed);
  expect(met.silent).toBeLessThan(since('snmpInPkts') / 100);
  expect(met.obeyed).toBeGreaterThan(50);
  expect(met.changed).toBeGreaterThan(1000);
  for (const one of [
    'snmpInASNParseErrs',
    'snmpUnknownSecurityModels',
    'snmpInvalidMsgs',
    'usmStatsUnknownEngineIDs',
    'usmStatsUnknownUserNames',
    'usmStatsWrongDigests',
    'usmStatsUnsupportedSecLevels',
  ] as const) {
    expect(moved.get(one) ?? 0, one).toBeGreaterThan(0);
  }
});
