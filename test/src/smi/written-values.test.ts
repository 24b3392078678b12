import { describe, expect, it } from 'vitest';
import { compileMibs, type ScalarObject } from '../../../src/mib/index.js';
import { checkWrittenValue, type SnmpValue, type Syntax } from '../../../src/smi/index.js';

/** The SYNTAX of an object whose SYNTAX clause is `clause`. */
function syntaxOf(clause: string): Syntax {
  const text = `T-MIB DEFINITIONS ::= BEGIN
    IMPORTS OBJECT-TYPE, MODULE-IDENTITY, enterprises, TimeTicks FROM SNMPv2-SMI
      DisplayString, TruthValue, TimeInterval, DateAndTime, MacAddress, PhysAddress, TAddress,
      RowPointer, VariablePointer, RowStatus, TEXTUAL-CONVENTION FROM SNMPv2-TC;
    SnmpAdminString ::= TEXTUAL-CONVENTION DISPLAY-HINT "255t" STATUS current
      DESCRIPTION "Text." SYNTAX OCTET STRING (SIZE (0..255))
    t OBJECT-TYPE SYNTAX ${clause} MAX-ACCESS read-write STATUS current DESCRIPTION "An object."
      ::= { enterprises 32473 99 }
    END`;
  const { mib, diagnostics } = compileMibs([{ path: 'T-MIB', text }]);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return (mib.find('T-MIB::t') as ScalarObject).syntax;
}

const octets = (...value: number[]): SnmpValue => ({
  type: 'OctetString',
  value: Uint8Array.from(value),
});
const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
const integer = (value: number): SnmpValue => ({ type: 'Integer32', value });

describe('what a manager may write to an object of a textual convention', () => {
  it('a TruthValue is 1 or 2 [TC-009]', () => {
    const syntax = syntaxOf('TruthValue');
    expect([0, 1, 2, 3].map((value) => checkWrittenValue(syntax, integer(value)))).toEqual([
      'wrongValue',
      undefined,
      undefined,
      'wrongValue',
    ]);
  });

  it('a TimeInterval is not negative [TC-023]', () => {
    const syntax = syntaxOf('TimeInterval');
    expect(checkWrittenValue(syntax, integer(-1))).toBe('wrongValue');
    expect(checkWrittenValue(syntax, integer(2_147_483_647))).toBeUndefined();
  });

  it('pointers are any OID, unset is 0.0 [TC-019, TC-020, TC-021]', () => {
    for (const convention of ['RowPointer', 'VariablePointer']) {
      const syntax = syntaxOf(convention);
      for (const value of [
        [0, 0],
        [1, 3, 6, 1, 2, 1, 1, 4, 0],
      ]) {
        expect(checkWrittenValue(syntax, { type: 'ObjectIdentifier', value })).toBeUndefined();
      }
    }
  });

  describe('DateAndTime', () => {
    const syntax = syntaxOf('DateAndTime');
    const at = (...rest: number[]): SnmpValue => octets(0x07, 0xc8, ...rest);

    it('has 8 or 11 octets [TC-024]', () => {
      expect(checkWrittenValue(syntax, at(5, 26, 13, 30, 15, 0))).toBeUndefined();
      expect(checkWrittenValue(syntax, at(5, 26, 13, 30, 15, 0, 0x2d, 4, 0))).toBeUndefined();
      for (const size of [0, 7, 9, 10, 12]) {
        expect(checkWrittenValue(syntax, octets(...Array.from({ length: size }, () => 1)))).toBe(
          'wrongLength',
        );
      }
    });

    it('refuses what no clock shows; month and day 0 are unknown [TC-025]', () => {
      const good = [
        [5, 26, 13, 30, 60, 0],
        [0, 0, 0, 0, 0, 0],
        [12, 31, 23, 59, 59, 9],
      ];
      const bad = [
        [13, 1, 0, 0, 0, 0],
        [1, 32, 0, 0, 0, 0],
        [1, 1, 24, 0, 0, 0],
        [1, 1, 0, 60, 0, 0],
        [1, 1, 0, 0, 61, 0],
        [1, 1, 0, 0, 0, 10],
      ];
      for (const fields of good) expect(checkWrittenValue(syntax, at(...fields))).toBeUndefined();
      for (const fields of bad) expect(checkWrittenValue(syntax, at(...fields))).toBe('wrongValue');
    });

    it('has a direction of + or -, at most 13:59 from UTC [TC-026, TC-027]', () => {
      const zone = (...fields: number[]): SnmpValue => at(5, 26, 13, 30, 15, 0, ...fields);
      expect(checkWrittenValue(syntax, zone(0x2b, 13, 0))).toBeUndefined();
      expect(checkWrittenValue(syntax, zone(0x2d, 4, 0))).toBeUndefined();
      expect(checkWrittenValue(syntax, zone(0x20, 4, 0))).toBe('wrongValue');
      expect(checkWrittenValue(syntax, zone(0x2b, 14, 0))).toBe('wrongValue');
      expect(checkWrittenValue(syntax, zone(0x2b, 1, 60))).toBe('wrongValue');
    });
  });

  it('a DisplayString has at most 255 octets of NVT ASCII [TC-028, TC-029]', () => {
    const syntax = syntaxOf('DisplayString');
    expect(checkWrittenValue(syntax, text('x'.repeat(255)))).toBeUndefined();
    expect(checkWrittenValue(syntax, text('x'.repeat(256)))).toBe('wrongLength');
    expect(checkWrittenValue(syntax, octets(0x80))).toBe('wrongValue');
    expect(checkWrittenValue(syntax, text('a\rb'))).toBe('wrongValue');
    expect(checkWrittenValue(syntax, text('a\r'))).toBe('wrongValue');
    expect(checkWrittenValue(syntax, text('a\r\nb\r\0'))).toBeUndefined();
  });

  it('a MacAddress has six octets, a PhysAddress any number [TC-030]', () => {
    expect(checkWrittenValue(syntaxOf('MacAddress'), octets(1, 2, 3, 4, 5))).toBe('wrongLength');
    expect(checkWrittenValue(syntaxOf('MacAddress'), octets(1, 2, 3, 4, 5, 6))).toBeUndefined();
    expect(checkWrittenValue(syntaxOf('PhysAddress'), octets())).toBeUndefined();
  });

  it('a TAddress is not empty [TC-032]', () => {
    expect(checkWrittenValue(syntaxOf('TAddress'), octets())).toBe('wrongLength');
  });

  it('an SnmpAdminString is UTF-8 [TC-035]', () => {
    const syntax = syntaxOf('SnmpAdminString');
    expect(checkWrittenValue(syntax, text('grün 中'))).toBeUndefined();
    for (const broken of [
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xe4, 0xb8],
    ]) {
      expect(checkWrittenValue(syntax, octets(...broken))).toBe('wrongValue');
    }
  });

  it('RowStatus is never written as notReady [RST-033, D14]', () => {
    const syntax = syntaxOf('RowStatus');
    expect(checkWrittenValue(syntax, integer(3))).toBe('wrongValue');
    expect(checkWrittenValue(syntax, integer(4))).toBeUndefined();
  });
});
