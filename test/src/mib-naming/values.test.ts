import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatValue, parseValue, valueFrom } from '../../../src/mib/index.js';
import { checkWrittenValue, equalValues, type SnmpValue } from '../../../src/smi/index.js';
import { anyOid, runs } from '../../support/arbitraries.js';
import { codeOf, NAMING, object } from './naming-mib.js';

const octets = (...values: number[]): Uint8Array => Uint8Array.from(values);
const int = (value: number): SnmpValue => ({ type: 'Integer32', value });
const str = (value: Uint8Array | string): SnmpValue => ({
  type: 'OctetString',
  value: typeof value === 'string' ? Buffer.from(value) : value,
});

describe('a value as text', () => {
  const cases: [name: string, value: SnmpValue, typed: string, plain: string][] = [
    ['nmState', int(1), 'INTEGER: up(1)', 'up'],
    ['nmState', int(7), 'INTEGER: 7', '7'],
    ['nmVolts', int(-150), 'INTEGER: -1.50 volts', '-1.50'],
    ['nmHex', { type: 'Gauge32', value: 255 }, 'Gauge32: ff', 'ff'],
    ['nmMac', str(octets(0, 0x1a, 2, 3, 4, 5)), 'STRING: 0:1a:2:3:4:5', '0:1a:2:3:4:5'],
    ['nmText', str('größe'), 'STRING: größe', 'größe'],
    ['nmText', str('0x41'), 'STRING: 0x41', '0x41'],
    ['nmOctets', str('abc'), 'STRING: "abc"', 'abc'],
    ['nmOctets', str('a"b'), String.raw`STRING: "a\"b"`, 'a"b'],
    ['nmOctets', str('0x41'), 'STRING: "0x41"', '"0x41"'],
    ['nmOctets', str(octets(0, 255)), 'Hex-STRING: 00 FF', '0x00ff'],
    ['nmOctets', str(''), 'STRING: ""', ''],
    [
      'nmDate',
      str(octets(7, 0xe4, 1, 2, 3, 4, 5, 6)),
      'STRING: 2020-1-2,3:4:5.6',
      '2020-1-2,3:4:5.6',
    ],
    ['nmFlags', str(octets(0xc0, 0x40)), 'BITS: C0 40 red(0) green(1) blue(9)', 'red green blue'],
    ['nmFlags', str(octets(0, 0)), 'BITS: 00 00', ''],
    ['nmFlags', str(octets(0x20)), 'BITS: 20 2(2)', '0x20'],
    [
      'nmTicks',
      { type: 'TimeTicks', value: 8_640_000 + 360_000 * 2 + 6000 * 3 + 405 },
      'Timeticks: (9378405) 1 day, 2:03:04.05',
      '9378405',
    ],
    [
      'nmHost',
      { type: 'IpAddress', value: octets(10, 0, 0, 1) },
      'IpAddress: 10.0.0.1',
      '10.0.0.1',
    ],
    [
      'nmOid',
      { type: 'ObjectIdentifier', value: [1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 2] },
      'OID: IF-MIB::ifDescr.2',
      'IF-MIB::ifDescr.2',
    ],
    [
      'nmCount',
      { type: 'Counter64', value: 2n ** 64n - 1n },
      'Counter64: 18446744073709551615 packets',
      '18446744073709551615',
    ],
    [
      'nmOpaque',
      { type: 'Opaque', value: octets(0x9f, 0x78, 4, 0x3f, 0xc0, 0, 0) },
      'Opaque: Float: 1.500000',
      '0x9f78043fc00000',
    ],
    ['nmCounted', str(octets(2, 0xa, 0xb, 12)), 'STRING: a:b/12', 'a:b/12'],
    [
      'nmState',
      { type: 'noSuchInstance' },
      'No Such Instance currently exists at this OID',
      'No Such Instance currently exists at this OID',
    ],
  ];
  for (const [name, value, typed, plain] of cases) {
    it(`${name}: ${typed}`, () => {
      const of = object(name);
      expect(formatValue(value, { object: of, mib: NAMING })).toBe(typed);
      expect(formatValue(value, { object: of, mib: NAMING, style: 'plain' })).toBe(plain);
    });
  }

  it('without an object, by its type alone', () => {
    expect(formatValue(int(1))).toBe('INTEGER: 1');
    expect(formatValue(str('x'))).toBe('STRING: "x"');
    expect(formatValue({ type: 'ObjectIdentifier', value: [1, 3] })).toBe('OID: .1.3');
    expect(formatValue({ type: 'Null' })).toBe('NULL');
  });

  it('text with control characters in it does not reach a terminal', () => {
    const object_ = object('nmText');
    expect(formatValue(str('a\u001b[2J'), { object: object_ })).toBe('Hex-STRING: 61 1B 5B 32 4A');
    expect(formatValue(str('two\nlines'), { object: object_ })).toBe('STRING: two\nlines');
  });
});

describe('text as a value', () => {
  const cases: [name: string, text: string, value: SnmpValue][] = [
    ['nmState', 'up', int(1)],
    ['nmState', 'up(1)', int(1)],
    ['nmState', '2', int(2)],
    ['nmVolts', '1.5', int(150)],
    ['nmVolts', '2', int(200)],
    ['nmVolts', '-1.50 volts', int(-150)],
    ['nmShort', '7', int(7)],
    ['nmShort', '0x0A', int(10)],
    ['nmHex', 'ff', { type: 'Gauge32', value: 255 }],
    ['nmMac', '00:1A:2:3:4:5', str(octets(0, 0x1a, 2, 3, 4, 5))],
    ['nmMac', '0x001a02030405', str(octets(0, 0x1a, 2, 3, 4, 5))],
    ['nmText', '0x41', str('0x41')],
    ['nmText', '"x"', str('"x"')],
    ['nmOctets', '"0x41"', str('0x41')],
    ['nmOctets', '0x41', str('A')],
    ['nmOctets', 'größe', str('größe')],
    ['nmFlags', 'red, blue', str(octets(0x80, 0x40))],
    ['nmFlags', '{ red(0) blue(9) }', str(octets(0x80, 0x40))],
    ['nmFlags', '0 9', str(octets(0x80, 0x40))],
    ['nmFlags', '', str(octets(0, 0))],
    ['nmTicks', '1 day, 2:03:04.05', { type: 'TimeTicks', value: 9_378_405 }],
    ['nmTicks', '(5) 0:00:00.05', { type: 'TimeTicks', value: 5 }],
    ['nmHost', '10.0.0.1', { type: 'IpAddress', value: octets(10, 0, 0, 1) }],
    ['nmOid', 'ifDescr.2', { type: 'ObjectIdentifier', value: [1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 2] }],
    ['nmCount', '18446744073709551615', { type: 'Counter64', value: 2n ** 64n - 1n }],
    ['nmOpaque', '0x9f7804', { type: 'Opaque', value: octets(0x9f, 0x78, 4) }],
  ];
  for (const [name, text, value] of cases) {
    it(`${name}: ${text}`, () => {
      expect(equalValues(parseValue(object(name), text, NAMING), value)).toBe(true);
    });
  }

  it('what is none of the type, and what the SYNTAX does not allow, are told apart', () => {
    const syntax: [string, string][] = [
      ['nmState', 'upp'],
      ['nmState', 'up(2)'],
      ['nmVolts', '1.505'],
      ['nmShort', 'seven'],
      ['nmShort', '99999999999'],
      ['nmMac', '00:11:22'],
      ['nmMac', 'abcdef'],
      ['nmFlags', 'purple'],
      ['nmFlags', '99'],
      ['nmTicks', '1:99:00'],
      ['nmHost', '10.0.0'],
    ];
    for (const [name, text] of syntax) {
      expect(
        codeOf(() => parseValue(object(name), text, NAMING)),
        `${name} ${text}`,
      ).toMatch(/^SNMP_VALUE_SYNTAX/);
    }
    for (const [name, text] of [
      ['nmShort', '11'],
      ['nmState', '9'],
      ['nmOctets', 'x'.repeat(33)],
      ['nmFlags', '0x20'],
    ] as const) {
      expect(
        codeOf(() => parseValue(object(name), text, NAMING)),
        `${name} ${text}`,
      ).toMatch(/^SNMP_VALUE_RANGE/);
    }
    expect(codeOf(() => parseValue(object('nmState'), 'upp'))).toBe(
      'SNMP_VALUE_SYNTAX: nmState: expected one of up, down, testing, got "upp"; did you mean up?',
    );
    expect(codeOf(() => parseValue(object('nmOid'), 'noSuchName', NAMING))).toMatch(
      /^SNMP_NAME_UNKNOWN/,
    );
  });

  const written: Readonly<Record<string, fc.Arbitrary<SnmpValue>>> = {
    nmState: fc.constantFrom(1, 2, 3).map(int),
    nmVolts: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(int),
    nmHex: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((value) => ({ type: 'Gauge32', value })),
    nmMac: fc.uint8Array({ minLength: 6, maxLength: 6 }).map(str),
    nmText: fc.string({ unit: 'grapheme', maxLength: 60 }).map(str),
    nmOctets: fc.oneof(fc.uint8Array({ maxLength: 32 }), fc.string({ maxLength: 8 })).map(str),
    nmFlags: fc
      .tuple(fc.constantFrom(0, 0x40, 0x80, 0xc0), fc.constantFrom(0, 0x40))
      .map((values) => str(octets(...values))),
    nmTicks: fc
      .integer({ min: 0, max: 2 ** 32 - 1 })
      .map((value) => ({ type: 'TimeTicks', value })),
    nmOid: anyOid.map((value) => ({ type: 'ObjectIdentifier', value })),
    nmHost: fc
      .uint8Array({ minLength: 4, maxLength: 4 })
      .map((value) => ({ type: 'IpAddress', value })),
    nmCount: fc.bigInt(0n, 2n ** 64n - 1n).map((value) => ({ type: 'Counter64', value })),
    nmOpaque: fc.uint8Array({ maxLength: 30 }).map((value) => ({ type: 'Opaque', value })),
  };
  for (const [name, arbitrary] of Object.entries(written)) {
    it(`${name}: what is shown plainly is read back`, () => {
      fc.assert(
        fc.property(arbitrary, (value) => {
          const of = object(name);
          if (checkWrittenValue(of.syntax, value) !== undefined) return;
          const text = formatValue(value, { object: of, mib: NAMING, style: 'plain' });
          expect(equalValues(parseValue(of, text, NAMING), value), text).toBe(true);
        }),
        runs(200),
      );
    });
  }

  it('TimeTicks are read back from the time they show', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        const shown = formatValue({ type: 'TimeTicks', value }).replace(/^Timeticks: \(\d+\) /, '');
        expect(parseValue(object('nmTicks'), shown)).toEqual({ type: 'TimeTicks', value });
      }),
      runs(200),
    );
  });
});

describe('a JavaScript value for an object', () => {
  it('is what the SYNTAX is in JavaScript, or text of it', () => {
    expect(valueFrom(object('nmState'), 'up')).toEqual(int(1));
    expect(valueFrom(object('nmState'), 2)).toEqual(int(2));
    expect(valueFrom(object('nmText'), 'x')).toEqual(str('x'));
    expect(equalValues(valueFrom(object('nmOctets'), '0x41'), str('0x41'))).toBe(true);
    expect(
      equalValues(valueFrom(object('nmMac'), '0:1:2:3:4:5'), str(octets(0, 1, 2, 3, 4, 5))),
    ).toBe(true);
    expect(equalValues(valueFrom(object('nmFlags'), new Set(['red'])), str(octets(0x80, 0)))).toBe(
      true,
    );
    expect(valueFrom(object('nmCount'), 5n)).toEqual({ type: 'Counter64', value: 5n });
    expect(valueFrom(object('nmOid'), 'sysDescr.0', NAMING)).toEqual({
      type: 'ObjectIdentifier',
      value: [1, 3, 6, 1, 2, 1, 1, 1, 0],
    });
  });

  it('says what was expected and what came', () => {
    expect(codeOf(() => valueFrom(object('nmState'), 9))).toBe(
      'SNMP_VALUE_RANGE: nmState: expected one of up, down, testing, got 9',
    );
    expect(codeOf(() => valueFrom(object('nmState'), { up: 1 }))).toMatch(
      /^SNMP_VALUE_SYNTAX: nmState: .* got an object/,
    );
    expect(codeOf(() => valueFrom(object('nmShort'), 11))).toMatch(/^SNMP_VALUE_RANGE.*0\.\.10/);
    expect(codeOf(() => valueFrom(object('nmText'), undefined))).toMatch(/^SNMP_VALUE_SYNTAX/);
  });
});
