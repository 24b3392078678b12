import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerWriter } from '../../src/ber/index.js';
import {
  decodeMessage,
  MessageEncoder,
  responseSize,
  type OutgoingMessage,
  type OutgoingPdu,
  type Version,
} from '../../src/message/index.js';
import { varBindSize, writeVarBind, type VarBind } from '../../src/smi/index.js';
import {
  anyOid,
  anyValue,
  mutate,
  mutation,
  place,
  runs,
  v1Value,
  varBindsOf,
} from '../support/arbitraries.js';

const int32 = fc.oneof(
  fc.constantFrom(-2_147_483_648, -1, 0, 127, 128, 2_147_483_647),
  fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
);

const STATUS_TYPES = ['get', 'getNext', 'response', 'set', 'inform', 'trap', 'report'] as const;

function statusPdus(
  types: readonly (typeof STATUS_TYPES)[number][],
  varBinds: fc.Arbitrary<VarBind[]>,
): fc.Arbitrary<OutgoingPdu> {
  return fc.record({
    type: fc.constantFrom(...types),
    requestId: int32,
    errorStatus: int32,
    errorIndex: int32,
    varBinds,
  });
}

const bulkPdu: fc.Arbitrary<OutgoingPdu> = fc.record({
  type: fc.constant('getBulk' as const),
  requestId: int32,
  nonRepeaters: int32,
  maxRepetitions: int32,
  varBinds: varBindsOf(anyValue),
});

const trapPdu: fc.Arbitrary<OutgoingPdu> = fc.record({
  type: fc.constant('trapV1' as const),
  enterprise: anyOid,
  agentAddress: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  genericTrap: int32,
  specificTrap: int32,
  timestampCentiseconds: fc.integer({ min: 0, max: 4_294_967_295 }),
  varBinds: varBindsOf(v1Value),
});

const community = fc.uint8Array({ maxLength: 300, size: 'small' });

function messages(version: Version, pdu: fc.Arbitrary<OutgoingPdu>): fc.Arbitrary<OutgoingMessage> {
  return fc.record({ version: fc.constant(version), community, pdu });
}

const anyMessage: fc.Arbitrary<OutgoingMessage> = fc.oneof(
  { weight: 4, arbitrary: messages('v2c', statusPdus(STATUS_TYPES, varBindsOf(anyValue))) },
  { weight: 2, arbitrary: messages('v2c', bulkPdu) },
  {
    weight: 3,
    arbitrary: messages(
      'v1',
      statusPdus(['get', 'getNext', 'response', 'set'], varBindsOf(v1Value)),
    ),
  },
  { weight: 1, arbitrary: messages('v1', trapPdu) },
);

const encoder = new MessageEncoder();
const encode = (message: OutgoingMessage): Buffer =>
  encoder.encode(message, 65_507) ?? Buffer.alloc(0);

/** Everything but the octets that are kept beside the decoded varbinds. */
function comparable({ version, community: by, pdu }: OutgoingMessage): unknown {
  const { varBindOctets: _octets, ...rest } = pdu as OutgoingPdu & { varBindOctets?: unknown };
  return JSON.parse(
    JSON.stringify({ version, community: [...by], pdu: rest }, (_key, value: unknown) =>
      typeof value === 'bigint'
        ? `${value}n`
        : value instanceof Uint8Array || isBufferJson(value)
          ? { octets: [...(value instanceof Uint8Array ? value : value.data)] }
          : value,
    ),
  );
}

function isBufferJson(value: unknown): value is { data: number[] } {
  return (
    typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer'
  );
}

/**
 * Invariant: what is encoded is decoded to the same message, and a decoded message encodes to the
 * same octets. Model: the message itself. Generator: every version, PDU and value type, with the
 * ends of every range. Coverage: each PDU and each value type is asserted to have occurred.
 */
describe('a message', () => {
  it('comes back as it was, and its octets too [ENC-050, PR-47]', () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(anyMessage, (message) => {
        const octets = encode(message);
        const decoded = decodeMessage(octets);
        expect(decoded.ok).toBe(true);
        if (!decoded.ok) return;
        expect(comparable(decoded.message)).toEqual(comparable(message));
        expect(encode(decoded.message).equals(octets)).toBe(true);
        const { varBindOctets } = decoded.message.pdu;
        const echoed = { ...decoded.message.pdu, varBinds: varBindOctets };
        expect(encode({ ...message, pdu: echoed }).equals(octets)).toBe(true);
        count(`${message.version} ${message.pdu.type}`);
        for (const { value } of decoded.message.pdu.varBinds) count(value.type);
      }),
      runs(1500),
    );
    // 4 v1 requests and the trap, 7 of v2c and GETBULK, 13 types of value.
    expect(seen.size).toBe(5 + 8 + 13);
    expect(Math.min(...seen.values())).toBeGreaterThan(20);
  });

  it('has the size that was foretold [BLK-013, PR-49]', () => {
    const writer = new BerWriter(70_000);
    fc.assert(
      fc.property(
        varBindsOf(anyValue),
        int32,
        community,
        fc.nat(18),
        (varBinds, requestId, by, errorStatus) => {
          let sum = 0;
          for (const varBind of varBinds) {
            writer.reset();
            writeVarBind(writer, varBind);
            expect(varBindSize(varBind)).toBe(writer.size);
            sum += writer.size;
          }
          const errorIndex = varBinds.length;
          const pdu = { type: 'response', requestId, errorStatus, errorIndex, varBinds } as const;
          const head = { version: 'v2c', community: by, requestId } as const;
          const size = responseSize(head, errorStatus, errorIndex, sum);
          expect(encode({ ...head, pdu })).toHaveLength(size);
          expect(encoder.encode({ ...head, pdu }, size)).toHaveLength(size);
          expect(encoder.encode({ ...head, pdu }, size - 1)).toBeUndefined();
        },
      ),
      runs(600),
    );
  });

  it('cut short anywhere is a parse error, never of a bad version [ENC-013]', () => {
    fc.assert(
      fc.property(anyMessage, place, (message, at) => {
        const octets = encode(message);
        const cut = decodeMessage(octets.subarray(0, Math.floor(at * octets.length)));
        expect(cut).toMatchObject({ ok: false, failure: { kind: 'notParsed' } });
      }),
      runs(1000),
    );
  });
});

/**
 * Invariant: decoding ends with a message or a reason, throws nothing, says where, and works no
 * more than linearly. Model: none needed. Generator: random octets; sound messages with a few
 * mutations. Coverage: all three outcomes occur often among the mutations.
 */
describe('decoding', () => {
  it('is total on random octets [PR-48]', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400, size: 'max' }), (octets) => {
        const decoded = decodeMessage(octets);
        if (decoded.ok) return;
        const { failure } = decoded;
        if (failure.kind === 'notParsed') {
          expect(failure.offset).toBeGreaterThanOrEqual(0);
          expect(failure.offset).toBeLessThanOrEqual(octets.length);
        }
      }),
      runs(5000),
    );
  });

  it('is total on what mutations make of messages, and what it accepts can be sent on [ENC-056, PR-48]', () => {
    const seen = { message: 0, notParsed: 0, badVersion: 0 };
    fc.assert(
      fc.property(
        anyMessage,
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (message, mutations) => {
          const decoded = decodeMessage(mutate(encode(message), mutations));
          seen[decoded.ok ? 'message' : decoded.failure.kind] += 1;
          if (!decoded.ok) return;
          const again = decodeMessage(encode(decoded.message));
          expect(again.ok && comparable(again.message)).toEqual(comparable(decoded.message));
        },
      ),
      runs(5000),
    );
    expect(seen.message).toBeGreaterThan(300);
    expect(seen.notParsed).toBeGreaterThan(1000);
    expect(seen.badVersion).toBeGreaterThan(5);
  });

  it('makes no more varbinds, names and octets than the datagram has octets [ENC-011, PR-48]', () => {
    // The largest result for its octets: as many of the smallest varbinds as there are.
    const smallest = Buffer.of(0x30, 0x04, 0x06, 0x00, 0x05, 0x00);
    for (const count of [10, 1000, 10_000]) {
      const list = Buffer.concat(Array.from({ length: count }, () => smallest));
      const octets = encode({
        version: 'v2c',
        community: Buffer.from('c'),
        pdu: { type: 'get', requestId: 1, errorStatus: 0, errorIndex: 0, varBinds: list },
      });
      const decoded = decodeMessage(octets);
      expect(decoded.ok && decoded.message.pdu.varBinds).toHaveLength(count);
      expect(count * smallest.length).toBeLessThan(octets.length);
    }
  });
});
