import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CounterName } from '../../../src/dispatch/index.js';
import { confAgent, type ConfAgent } from '../../support/conf-agent.js';
import { decodeAnswer } from '../../support/snmp-client.js';

interface Vector {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly message: string;
  readonly expect: {
    readonly wire: readonly ('response' | 'silence' | 'report')[];
    readonly counter: readonly (string | null)[];
  };
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../fixtures/tables/ber-accept-reject.json', import.meta.url), 'utf8'),
) as { vectors: readonly Vector[] };

/** CONFORMANCE D9 decides otherwise than the table: trailing octets drop the datagram. */
const TRAILING = new Set(['BER-STC-010', 'BER-STC-011']);

const ERROR_COUNTERS: readonly CounterName[] = [
  'snmpInBadVersions',
  'snmpInASNParseErrs',
  'snmpInBadCommunityNames',
  'snmpInBadCommunityUses',
  'snmpUnknownPDUHandlers',
  'snmpSilentDrops',
  'snmpUnknownSecurityModels',
  'snmpInvalidMsgs',
  'usmStatsUnknownEngineIDs',
];

let conf: ConfAgent;
beforeAll(async () => {
  conf = await confAgent();
});
afterAll(() => conf.agent.stop());

/** What the agent may count for a vector that it does not answer. */
function allowedCounters(vector: Vector): readonly (string | null)[] {
  if (TRAILING.has(vector.id)) return ['snmpInASNParseErrs'];
  return vector.expect.counter;
}

describe('the accept/reject vectors, sent to an agent [ENC-001..ENC-046, MPD-001, MPD-002, MPD-004]', () => {
  for (const vector of vectors) {
    it(`${vector.id} ${vector.name}`, async () => {
      const before = conf.agent.metrics().snmp;
      const reply = await conf.agent.inject(Buffer.from(vector.message, 'hex'));
      const after = conf.agent.metrics().snmp;
      const moved = ERROR_COUNTERS.filter((name) => after[name] !== before[name]);
      const grown = (name: CounterName): number => (after[name] ?? 0) - (before[name] ?? 0);
      expect(grown('snmpInPkts')).toBe(1);
      const mayAnswer = !TRAILING.has(vector.id) && vector.expect.wire.includes('response');
      if (mayAnswer) {
        expect(decodeAnswer(reply as Uint8Array).message.version).toBeDefined();
        expect(grown('snmpOutPkts')).toBe(1);
        expect(moved).toEqual([]);
        return;
      }
      const isReported = reply !== undefined;
      if (vector.group === 'v3' && vector.expect.wire.length === 1) {
        expect(vector.expect.wire).toEqual([isReported ? 'report' : 'silence']);
      }
      expect(vector.group === 'v3' || !isReported).toBe(true);
      expect(grown('snmpOutPkts')).toBe(isReported ? 1 : 0);
      expect(moved.length).toBeLessThanOrEqual(1);
      expect(allowedCounters(vector)).toContain(moved[0] ?? null);
      for (const name of moved) expect(grown(name)).toBe(1);
    });
  }
});
