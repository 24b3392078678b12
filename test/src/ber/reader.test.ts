import { describe, expect, test } from 'vitest';
import { BerReader } from '../../../src/ber/index.js';

const OCTET_STRING = 0x04;

describe('the octets of an OCTET STRING', () => {
  test.each([0, 1, 48, 49, 120])('are a copy of their own, of %d octets', (length) => {
    const content = Array.from({ length }, (_, i) => 0xff - i);
    const datagram = Buffer.from([OCTET_STRING, length, ...content]);
    const octets = new BerReader(datagram).readOctets();
    datagram.fill(0);
    expect([...octets]).toEqual(content);
    expect(octets.buffer.byteLength).toBe(length);
  });

  test.each([3, 60])('are of the kind that the datagram is, %d of them', (length) => {
    const datagram = [OCTET_STRING, length, ...Array.from({ length }, () => 7)];
    const ofBuffer = new BerReader(Buffer.from(datagram)).readOctets();
    const ofOctets = new BerReader(Uint8Array.from(datagram)).readOctets();
    expect(Buffer.isBuffer(ofBuffer)).toBe(true);
    expect(Object.getPrototypeOf(ofOctets)).toBe(Uint8Array.prototype);
  });
});
