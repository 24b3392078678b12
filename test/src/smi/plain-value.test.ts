import { describe, expect, it } from 'vitest';
import {
  checkValue,
  checkWrittenValue,
  compareOids,
  equalValues,
  fromPlain,
  hasPrefix,
  isOid,
  parseOid,
  toPlain,
  type Syntax,
} from '../../../src/smi/index.js';
import { CONF_MIB } from '../../support/mib-fixtures.js';
import { integer, octets } from '../../support/snmp-client.js';

function syntaxOf(name: string): Syntax {
  const node = CONF_MIB.nodes.get(name);
  if (node?.kind !== 'scalar') throw new Error(name);
  return node.syntax;
}

describe('values', () => {
  it('are checked in the order of RFC 3416: type, length, value', () => {
    const cases = [
      ['rwRange', octets('x'), 'wrongType'],
      ['rwRange', integer(6), 'wrongValue'],
      ['rwRange', integer(10), undefined],
      ['rwStr', octets('x'), 'wrongLength'],
      ['rwStr', octets('xx'), undefined],
      ['rwSizes', octets('x'), 'wrongLength'],
      ['rwSizes', octets(''), undefined],
      ['rwEnum', integer(2), 'wrongValue'],
      ['rwBits', octets(Uint8Array.of(0x20)), 'wrongValue'],
      ['rwBits', octets(Uint8Array.of(0x00, 0x7f)), undefined],
      ['rwBits', octets(Uint8Array.of(0, 0, 1)), 'wrongValue'],
      ['rwBits', octets(''), undefined],
    ] as const;
    for (const [name, value, expected] of cases) {
      expect(checkValue(syntaxOf(name), value)).toBe(expected);
      expect(checkWrittenValue(syntaxOf(name), value)).toBe(expected);
    }
  });

  it('travel to plain values and back', () => {
    for (const [name, plain] of [
      ['rwEnum', 'three'],
      ['rwBits', new Set(['a', 'i'])],
      ['rwIp', '192.0.2.255'],
      ['rwOid', [2, 999, 4_294_967_295]],
      ['c64', 2n ** 64n - 1n],
      ['c32', 4_294_967_295],
      ['tt', 0],
      ['rwOpaque', Uint8Array.of(1, 2)],
      ['anyInt', -2_147_483_648],
    ] as const) {
      const value = fromPlain(syntaxOf(name), plain);
      if (value.type === 'notConvertible') throw new Error(name);
      expect(toPlain(syntaxOf(name), value)).toEqual(plain);
    }
  });

  it("that are none of the SYNTAX's are told from those that are", () => {
    for (const [name, plain] of [
      ['anyInt', 1.5],
      ['anyInt', 2 ** 31],
      ['anyInt', '5'],
      ['anyInt', Number.NaN],
      ['c32', -1],
      ['c32', 2 ** 32],
      ['c64', -1n],
      ['c64', 2n ** 64n],
      ['c64', 1.5],
      ['rwIp', '1.2.3'],
      ['rwIp', '1.2.3.256'],
      ['rwIp', Uint8Array.of(1, 2, 3)],
      ['rwOid', [1]],
      ['rwOid', [1, 40]],
      ['rwOid', '1.3.x'],
      ['rwOid', `1.3${'.1'.repeat(127)}`],
      ['rwStr', 5],
      ['rwBits', 'a'],
      ['rwBits', -1],
      ['anyInt', undefined],
      ['anyInt', null],
      ['anyInt', Symbol('x')],
    ] as const) {
      expect(fromPlain(syntaxOf(name), plain), `${name} ${String(plain)}`).toMatchObject({
        type: 'notConvertible',
      });
    }
  });

  it('are equal where they are the same on the wire', () => {
    expect(equalValues(integer(5), integer(5))).toBe(true);
    expect(equalValues(integer(5), { type: 'Gauge32', value: 5 })).toBe(false);
    expect(equalValues(octets('ab'), octets('ab'))).toBe(true);
    expect(equalValues(octets('ab'), octets('abc'))).toBe(false);
    expect(equalValues({ type: 'Null' }, { type: 'Null' })).toBe(true);
  });
});

describe('OIDs', () => {
  it('compare by unsigned sub-identifiers, a prefix first [GET-023]', () => {
    const sorted = [
      [],
      [1],
      [1, 2],
      [1, 2, 0],
      [1, 127],
      [1, 128],
      [1, 2_147_483_648],
      [1, 4_294_967_295],
      [2],
    ];
    for (const [i, left] of sorted.entries()) {
      for (const [j, right] of sorted.entries()) {
        expect(Math.sign(compareOids(left, right))).toBe(Math.sign(i - j));
      }
    }
    expect(hasPrefix([1, 2, 3], [1, 2])).toBe(true);
    expect(hasPrefix([1, 2], [1, 2])).toBe(true);
    expect(hasPrefix([1, 2], [1, 2, 3])).toBe(false);
    expect(hasPrefix([], [])).toBe(true);
  });

  it('are read with or without a leading dot; other text is refused', () => {
    expect(parseOid('.1.3.6')).toEqual([1, 3, 6]);
    expect(parseOid('1.3.4294967295')).toEqual([1, 3, 4_294_967_295]);
    for (const text of [
      '',
      '.',
      '1..3',
      '1.3.',
      '1.x',
      '1.4294967296',
      ' 1.3',
      '-1',
      `1${'.1'.repeat(128)}`,
    ]) {
      expect(() => parseOid(text)).toThrow(expect.objectContaining({ code: 'SNMP_OID_SYNTAX' }));
    }
    expect(isOid([1, 39])).toBe(true);
    expect(isOid([1, 40])).toBe(false);
    expect(isOid([3, 0])).toBe(false);
    expect(isOid([1, 3, 1.5])).toBe(false);
    const withHole = [1, 3];
    withHole[3] = 1;
    expect(isOid(withHole)).toBe(false);
    expect(isOid('1.3')).toBe(false);
  });
});
