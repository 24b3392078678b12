import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeScopedPdu,
  decodeUsmParameters,
  decodeV3Message,
  MessageEncoder,
  responseSize,
  V3MessageEncoder,
  v3MessageSize,
  type OutgoingV3Message,
  type SecurityLevel,
} from '../../../src/message/index.js';
import { varBindSize } from '../../../src/smi/index.js';
import { anyValue, mutate, mutation, runs, varBindsOf } from '../../support/arbitraries.js';
import { usmVectors } from '../../support/usm-vectors.js';

const UDP = 65_507;
const encoder = new V3MessageEncoder();
const scopedEncoder = new MessageEncoder();

function read(octets: Uint8Array) {
  const message = decodeV3Message(octets);
  if (!message.ok) throw new Error(JSON.stringify(message.failure));
  const parameters = decodeUsmParameters(message.value);
  if (!parameters.ok) throw new Error(JSON.stringify(parameters.failure));
  return { message: message.value, parameters: parameters.value };
}

const octets = (maxLength: number) => fc.uint8Array({ maxLength });
const positive = (min: number) =>
  fc.oneof(fc.constantFrom(min, 2_147_483_647), fc.integer({ min, max: 2_147_483_647 }));
const levels: readonly SecurityLevel[] = ['noAuthNoPriv', 'authNoPriv', 'authPriv'];

const scopedPdu = fc
  .record({
    contextEngineId: octets(32),
    contextName: octets(32),
    requestId: positive(0),
    varBinds: varBindsOf(anyValue),
  })
  .map(({ contextEngineId, contextName, requestId, varBinds }) => ({
    version: 'v3' as const,
    contextEngineId,
    contextName,
    pdu: { type: 'response' as const, requestId, errorStatus: 0, errorIndex: 0, varBinds },
  }));

const outgoing: fc.Arbitrary<OutgoingV3Message> = fc
  .record({
    securityLevel: fc.constantFrom(...levels),
    isReportable: fc.boolean(),
    msgId: positive(0),
    maxSizeOctets: positive(484),
    engineId: octets(40),
    engineBoots: positive(0),
    engineTimeSeconds: positive(0),
    userName: octets(32),
    digestOctets: fc.constantFrom(0, 12, 16, 24, 32, 48),
    privParameters: octets(9),
    ciphertext: octets(300),
    scoped: scopedPdu,
  })
  .map(({ ciphertext, scoped, ...message }) => ({
    ...message,
    data:
      message.securityLevel === 'authPriv'
        ? ciphertext
        : (scopedEncoder.encode(scoped, UDP) ?? new Uint8Array()),
  }));

describe('SNMPv3 messages', () => {
  it('are read and written again octet for octet [USM-030]', () => {
    for (const vector of usmVectors.messages) {
      const datagram = Buffer.from(vector.message, 'hex');
      const { message, parameters } = read(datagram);
      expect(message.securityLevel, vector.id).toBe(vector.level);
      expect(message.msgId).toBe(vector.msgID);
      const { start, end, isEncrypted } = message.data;
      const data = datagram.subarray(start, end);
      expect(data.toString('hex')).toBe(isEncrypted ? vector.ciphertext : vector.scopedPDU);
      const again = encoder.encode(
        {
          msgId: message.msgId,
          maxSizeOctets: message.maxSizeOctets,
          securityLevel: vector.level,
          isReportable: message.isReportable,
          ...parameters,
          digestOctets: parameters.authParameters.end - parameters.authParameters.start,
          data,
        },
        UDP,
      );
      expect(again?.octets.toString('hex')).toBe(vector.zeroed);
      expect(again?.digestAt).toBe(parameters.authParameters.start);
    }
  });

  it('are read as they were written, of the size foretold, and never larger [BLK-021]', () => {
    fc.assert(
      fc.property(outgoing, (message) => {
        const encoded = encoder.encode(message, UDP);
        if (encoded === undefined) throw new Error('too large for this test');
        const { length } = encoded.octets;
        const privParametersOctets = message.privParameters.length;
        expect(v3MessageSize({ ...message, privParametersOctets }, message.data.length)).toBe(
          length,
        );
        expect(encoder.encode(message, length - 1)).toBeUndefined();
        const { message: back, parameters } = read(encoded.octets);
        const { authParameters, ...plain } = parameters;
        expect(authParameters).toEqual({
          start: encoded.digestAt,
          end: encoded.digestAt + message.digestOctets,
        });
        expect(encoder.encode({ ...message, ...plain }, UDP)?.octets).toEqual(encoded.octets);
        expect(back).toMatchObject({
          msgId: message.msgId,
          maxSizeOctets: message.maxSizeOctets,
          securityLevel: message.securityLevel,
          isReportable: message.isReportable,
          securityModel: 3,
        });
        const data = encoded.octets.subarray(back.data.start, back.data.end);
        expect(Buffer.compare(data, message.data)).toBe(0);
      }),
      runs(300),
    );
  });

  it('carry scoped PDUs, of the size foretold, whatever pads them [USM-024]', () => {
    fc.assert(
      fc.property(scopedPdu, octets(16), (scoped, padding) => {
        const plain = scopedEncoder.encode(scoped, UDP);
        if (plain === undefined) throw new Error('too large for this test');
        const content = scoped.pdu.varBinds.reduce((sum, one) => sum + varBindSize(one), 0);
        const { contextEngineId, contextName } = scoped;
        const head = { version: 'v3' as const, contextEngineId, contextName };
        const { requestId } = scoped.pdu;
        expect(responseSize({ ...head, requestId }, 0, 0, content)).toBe(plain.length);
        const back = decodeScopedPdu(Buffer.concat([plain, padding]));
        if (!back.ok) throw new Error(JSON.stringify(back.failure));
        expect([...back.value.contextEngineId]).toEqual([...contextEngineId]);
        expect([...back.value.contextName]).toEqual([...contextName]);
        const again = scopedEncoder.encode({ ...back.value, version: 'v3' }, UDP);
        expect(again).toEqual(plain);
      }),
      runs(200),
    );
  });

  it('are refused without throwing whatever was done to them', () => {
    let readable = 0;
    fc.assert(
      fc.property(outgoing, fc.array(mutation, { maxLength: 4 }), (message, mutations) => {
        const encoded = encoder.encode(message, UDP);
        const datagram = mutate(encoded?.octets ?? new Uint8Array(), mutations);
        const outline = decodeV3Message(datagram);
        if (!outline.ok) return;
        readable += 1;
        const { securityParameters, data } = outline.value;
        expect(data.end).toBeLessThanOrEqual(datagram.length);
        expect(securityParameters.end).toBeLessThanOrEqual(data.start);
        decodeUsmParameters(outline.value);
        decodeScopedPdu(datagram, data);
      }),
      runs(1000),
    );
    expect(readable).toBeGreaterThan(100);
  });
});
