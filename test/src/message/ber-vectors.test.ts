import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeMessage, decodeUsmParameters, decodeV3Message } from '../../../src/message/index.js';
import { formatOid, type SnmpValue } from '../../../src/smi/index.js';

interface Vector {
  id: string;
  group: string;
  name: string;
  level: 'value' | 'name' | 'message';
  lenient: 'accept' | 'reject';
  message: string;
  type?: string;
  value?: unknown;
  expect: { wire: string[]; counter: (string | null)[] };
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../fixtures/tables/ber-accept-reject.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] };

/** CONFORMANCE D9 decides otherwise than the table: trailing octets drop the datagram. */
const DECIDED_OTHERWISE = new Set(['BER-STC-010', 'BER-STC-011']);

const isV3 = (vector: Vector): boolean => vector.group === 'v3';

function plain(value: SnmpValue): unknown {
  switch (value.type) {
    case 'OctetString':
    case 'Opaque':
      return Buffer.from(value.value).toString('hex');
    case 'IpAddress':
      return value.value.join('.');
    case 'ObjectIdentifier':
      return formatOid(value.value);
    case 'Counter64':
      return value.value.toString();
    case 'Integer32':
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return value.value;
    default:
      return undefined;
  }
}

describe('the accept/reject vectors, lenient column [ENC-001..ENC-056]', () => {
  for (const vector of vectors.filter((one) => !isV3(one))) {
    it(`${vector.id} ${vector.name}`, () => {
      const result = decodeMessage(Buffer.from(vector.message, 'hex'));
      const rejected = vector.lenient === 'reject' || DECIDED_OTHERWISE.has(vector.id);
      expect(result.ok).toBe(!rejected);
      if (!result.ok) {
        const counter =
          result.failure.kind === 'badVersion' ? 'snmpInBadVersions' : 'snmpInASNParseErrs';
        if (!DECIDED_OTHERWISE.has(vector.id)) expect(vector.expect.counter).toContain(counter);
        return;
      }
      const [varBind] = result.message.pdu.varBinds;
      if (vector.level === 'value' && vector.value !== undefined && varBind !== undefined) {
        expect(String(plain(varBind.value))).toBe(`${vector.value as string | number}`);
      }
      if (vector.level === 'name' && /^[\d.]+$/.test(vector.name) && varBind !== undefined) {
        expect(formatOid(varBind.name)).toBe(vector.name);
      }
    });
  }
});

describe('the accept/reject vectors of SNMPv3 [MPD-001, USM-001]', () => {
  for (const vector of vectors.filter(isV3)) {
    it(`${vector.id} ${vector.name}`, () => {
      const datagram = Buffer.from(vector.message, 'hex');
      expect(decodeMessage(datagram)).toEqual({
        ok: false,
        failure: { kind: 'badVersion', version: 3 },
      });
      const message = decodeV3Message(datagram);
      const parameters = message.ok ? decodeUsmParameters(message.value) : message;
      // Whether the data can be read is asked of those messages that somebody vouches for.
      const isLaterMatter = vector.expect.counter.length > 1;
      const isUnreadable = vector.expect.counter[0] === 'snmpInASNParseErrs' && !isLaterMatter;
      expect(parameters.ok).toBe(!isUnreadable);
      if (!message.ok) return;
      const isInvalid = vector.expect.counter[0] === 'snmpInvalidMsgs';
      if (isInvalid) expect(message.value.securityLevel).toBeUndefined();
    });
  }
});
