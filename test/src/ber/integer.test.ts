import { describe, expect, it } from 'vitest';
import {
  BerError,
  BerReader,
  BerWriter,
  elementSize,
  integer32Size,
  oidSize,
  TAG,
  unsigned32Size,
  unsigned64Size,
} from '../../../src/ber/index.js';
import { tlv } from '../../support/tlv.js';

const read = (content: readonly number[]): number =>
  new BerReader(tlv(0x02, content)).readInteger32();
const readUnsigned = (content: readonly number[]): number =>
  new BerReader(tlv(0x41, content)).readUnsigned32(0x41);
const readLong = (content: readonly number[]): bigint =>
  new BerReader(tlv(0x46, content)).readUnsigned64(0x46);
const fault = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error instanceof BerError ? error.fault : error;
  }
};

describe('INTEGER', () => {
  it("is two's complement, padded or not [ENC-017, ENC-019]", () => {
    const cases: readonly (readonly [readonly number[], number])[] = [
      [[0], 0],
      [[0x7f], 127],
      [[0x80], -128],
      [[0xff], -1],
      [[0, 0x80], 128],
      [[0xff, 0x7f], -129],
      [[0x7f, 0xff, 0xff, 0xff], 2_147_483_647],
      [[0x80, 0, 0, 0], -2_147_483_648],
      [[0, 0, 0, 0, 0, 5], 5],
      [[0xff, 0xff, 0xff, 0xff, 0xff, 0xfb], -5],
      [[0xff, 0x80, 0, 0, 0], -2_147_483_648],
      [[0, 0x7f, 0xff, 0xff, 0xff], 2_147_483_647],
    ];
    for (const [content, expected] of cases) expect(read(content)).toBe(expected);
  });

  it('outside of 32 bits is none [ENC-016, ENC-018]', () => {
    expect(fault(() => read([]))).toBe('empty-integer');
    for (const content of [
      [0, 0x80, 0, 0, 0],
      [0, 0xff, 0xff, 0xff, 0xff],
      [0xff, 0x7f, 0xff, 0xff, 0xff],
      [1, 0, 0, 0, 0],
      [0x80, 0, 0, 0, 0],
      [...Array.from({ length: 199 }, () => 0xff), 0x7f, 0, 0, 0, 0],
    ]) {
      expect(fault(() => read(content))).toBe('integer-out-of-range');
    }
  });
});

describe('unsigned types', () => {
  it('forgive a missing leading zero, and nothing above their range [ENC-020, ENC-021, ENC-022]', () => {
    expect(readUnsigned([0xff])).toBe(4_294_967_295);
    expect(readUnsigned([0xff, 0xff, 0xff, 0xff])).toBe(4_294_967_295);
    expect(readUnsigned([0, 0x80, 0, 0, 0])).toBe(2_147_483_648);
    expect(readUnsigned([0, 0, 0, 0, 0, 0, 7])).toBe(7);
    expect(fault(() => readUnsigned([1, 0, 0, 0, 0]))).toBe('integer-out-of-range');
    expect(fault(() => readUnsigned([]))).toBe('empty-integer');
  });

  it('of 64 bits are exact [ENC-023]', () => {
    expect(readLong([0x20, 0, 0, 0, 0, 0, 1])).toBe(2n ** 53n + 1n);
    expect(readLong([0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])).toBe(2n ** 64n - 1n);
    expect(readLong([0x80, 0, 0, 0, 0, 0, 0, 0])).toBe(2n ** 63n);
    expect(fault(() => readLong([1, 0, 0, 0, 0, 0, 0, 0, 0]))).toBe('integer-out-of-range');
    expect(fault(() => readLong([]))).toBe('empty-integer');
  });
});

describe('sizes', () => {
  it('are what is written, at every edge [ENC-050]', () => {
    const writer = new BerWriter(100);
    const written = (write: () => void): number => {
      writer.reset();
      write();
      return writer.size - 2;
    };
    for (const edge of [0, 127, 128, 32_767, 32_768, 8_388_607, 8_388_608, 2_147_483_647]) {
      for (const value of [edge, -edge, -edge - 1]) {
        expect(written(() => writer.integer32(value))).toBe(integer32Size(value));
      }
      for (const value of [edge, edge + 1, edge * 2 + 1]) {
        expect(written(() => writer.unsigned32(value, 0x41))).toBe(unsigned32Size(value));
      }
      for (const value of [BigInt(edge), BigInt(edge) << 32n, (BigInt(edge) << 33n) + 1n]) {
        expect(written(() => writer.unsigned64(value, 0x46))).toBe(unsigned64Size(value));
      }
    }
    expect(unsigned64Size(2n ** 63n)).toBe(9);
    for (const arcs of [
      [0, 0],
      [2, 47],
      [2, 48],
      [2, 4_294_967_295],
      [1, 3, 127, 128, 16_384, 4_294_967_295],
    ]) {
      expect(written(() => writer.oid(arcs))).toBe(oidSize(arcs));
    }
    expect([0, 127, 128, 255, 256, 65_535, 65_536].map(elementSize)).toEqual([
      2, 129, 131, 258, 260, 65_539, 65_541,
    ]);
  });

  it('stay exact past the front of the buffer, which is told', () => {
    const writer = new BerWriter(10);
    writer.octets(new Uint8Array(20));
    writer.integer32(5);
    expect(writer.size).toBe(25);
    expect(writer.overflowed).toBe(true);
    writer.reset();
    writer.integer32(5);
    expect(writer.overflowed).toBe(false);
    expect(writer.take()).toEqual(Buffer.of(TAG.integer, 1, 5));
  });
});

describe('OBJECT IDENTIFIER', () => {
  const oid = (content: readonly number[]): number[] => new BerReader(tlv(0x06, content)).readOid();

  it('has two sub-identifiers in its first group [ENC-025, ENC-026, ENC-031]', () => {
    expect(oid([])).toEqual([0, 0]);
    expect(oid([39])).toEqual([0, 39]);
    expect(oid([40])).toEqual([1, 0]);
    expect(oid([79])).toEqual([1, 39]);
    expect(oid([80])).toEqual([2, 0]);
    expect(oid([0x88, 0x37])).toEqual([2, 999]);
    expect(oid([0x90, 0x80, 0x80, 0x80, 0x4f])).toEqual([2, 4_294_967_295]);
    expect(oid([43, 0x8f, 0xff, 0xff, 0xff, 0x7f])).toEqual([1, 3, 4_294_967_295]);
  });

  it('is refused where it is padded, cut, too large or too long [ENC-027, ENC-028, ENC-029, ENC-030]', () => {
    expect(fault(() => oid([43, 0x80, 1]))).toBe('oid-sub-identifier-padded');
    expect(fault(() => oid([43, 0x81]))).toBe('oid-truncated');
    expect(fault(() => oid([43, 0x90, 0x80, 0x80, 0x80, 0]))).toBe('oid-sub-identifier-too-large');
    expect(fault(() => oid([0x90, 0x80, 0x80, 0x80, 0x50]))).toBe('oid-sub-identifier-too-large');
    expect(oid(Array.from({ length: 127 }, () => 1))).toHaveLength(128);
    expect(fault(() => oid(Array.from({ length: 128 }, () => 1)))).toBe('oid-too-long');
  });
});
