import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeMessage, type OutgoingPdu } from '../../src/message/index.js';
import { NULL_VALUE } from '../../src/smi/index.js';
import { runs } from '../support/arbitraries.js';
import { CONF_MIB, conf } from '../support/mib-fixtures.js';
import { decodeAnswer, integer, nextRequestId } from '../support/snmp-client.js';
import { stage } from '../support/stage.js';

const SCALARS = ['roInt', 'bigText', 'c64', 'tt'];

const name = fc
  .tuple(fc.constantFrom(...SCALARS), fc.constantFrom('.0', '.0', '.0', '.0', '', '.1'))
  .map(([object, rest]) => conf(object + rest));

/**
 * Invariant: what is sent is no larger than the limit; it is the whole answer where that fits, else
 * tooBig (for a GETBULK: the first part), else nothing, counted. Model: the answer of the same agent
 * without a limit. Coverage: all of these, in both versions.
 */
it('no response is larger than the limit, whatever is asked [BLK-013, PR-49]', async () => {
  const seen = { whole: 0, tooBig: 0, cut: 0, silence: 0, v1TooBig: 0, cases: 0 };
  const objects = {
    roInt: { get: () => 17 },
    bigText: { get: () => Buffer.alloc(120, 0x61) },
    c64: { get: () => 2n ** 64n - 1n },
    tt: { get: () => 4_294_967_295 },
  };
  const parts = [{ module: CONF_MIB, objects }];
  const free = stage(parts);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('get' as const, 'getNext' as const, 'getBulk' as const, 'set' as const),
      fc.constantFrom('v1' as const, 'v2c' as const, 'v2c' as const),
      fc.array(name, { maxLength: 5 }),
      fc.integer({ min: 20, max: 420 }),
      fc.nat(4),
      async (type, version, names, limit, repetitions) => {
        if (type === 'getBulk' && version === 'v1') return;
        const small = stage(parts, { maxMessageSizeOctets: limit });
        const value = type === 'set' ? integer(5) : NULL_VALUE;
        const varBinds = names.map((one) => ({ name: one, value }));
        const requestId = nextRequestId();
        const pdu: OutgoingPdu =
          type === 'getBulk'
            ? { type, requestId, nonRepeaters: 0, maxRepetitions: repetitions, varBinds }
            : { type, requestId, errorStatus: 0, errorIndex: 0, varBinds };
        const request = free.client.as({ version }).encode(pdu);
        const peer = { address: '192.0.2.9', port: 40_000 };
        const [all, some] = [
          await free.dispatcher.handle(request, peer),
          await small.dispatcher.handle(request, peer),
        ];
        expect(all).toBeDefined();
        if (all === undefined) return;
        seen.cases += 1;
        expect(small.counters.snmpSilentDrops).toBe(some === undefined ? 1 : 0);
        if (some === undefined) {
          seen.silence += 1;
          // Not even an error fits: it has the varbinds of the request in SNMPv1 only.
          const least = version === 'v1' ? request.length : request.length - contentOf(request);
          expect(least).toBeGreaterThan(limit - 1);
          return;
        }
        expect(some.length).toBeLessThanOrEqual(limit);
        if (all.length <= limit) {
          seen.whole += 1;
          expect(Buffer.from(some).equals(all)).toBe(true);
          return;
        }
        const answer = decodeAnswer(some);
        const whole = decodeAnswer(all);
        if (type === 'getBulk' && answer.errorStatus === 'noError') {
          seen.cut += 1;
          expect(answer.varBinds).toEqual(whole.varBinds.slice(0, answer.varBinds.length));
          expect(answer.varBinds.length).toBeLessThan(whole.varBinds.length);
          return;
        }
        seen.tooBig += 1;
        if (version === 'v1') seen.v1TooBig += 1;
        expect(`${answer.errorStatus}/${answer.errorIndex}`).toBe('tooBig/0');
        expect(answer.varBinds).toHaveLength(version === 'v1' ? names.length : 0);
      },
    ),
    runs(600),
  );
  const { cases, ...counts } = seen;
  for (const [what, count] of Object.entries(counts)) {
    expect(`${what} ${count / cases >= 0.005}`).toBe(`${what} true`);
  }
});

/** Octets of a request's varbinds. */
function contentOf(request: Uint8Array): number {
  const decoded = decodeMessage(request);
  return decoded.ok ? decoded.message.pdu.varBindOctets.length : 0;
}
