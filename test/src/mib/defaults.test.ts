import { describe, expect, test } from 'vitest';
import type { DefaultValue } from '../../../src/mib/index.js';
import { compileText, faults, moduleText, objectText } from './module-text.js';

function defaultOf(
  syntax: string,
  text: string,
): { value: DefaultValue | undefined; codes: string[] } {
  const compilation = compileText(moduleText(objectText('a', syntax, 1, `DEFVAL { ${text} }`)));
  const a = compilation.mib.find('a');
  return { value: a?.kind === 'scalar' ? a.defaultValue : undefined, codes: faults(compilation) };
}

const octets = (...value: number[]) => ({ kind: 'octets', value: Uint8Array.from(value) });

describe('DEFVAL [RFC 2578 7.9]', () => {
  test.each<[string, string, unknown]>([
    ['Integer32', '7', { kind: 'integer', value: 7 }],
    ['Integer32', '-7', { kind: 'integer', value: -7 }],
    ['Integer32', "'1F'H", { kind: 'integer', value: 31 }],
    ['Unsigned32', '4294967295', { kind: 'integer', value: 4_294_967_295 }],
    ['INTEGER { up(1), down(2) }', 'down', { kind: 'integer', value: 2 }],
    ['INTEGER { up(1), down(2) }', '2', { kind: 'integer', value: 2 }],
    ['TruthValue', 'true', { kind: 'integer', value: 1 }],
    ['OCTET STRING', '"ab"', octets(0x61, 0x62)],
    ['OCTET STRING', '""', octets()],
    ['OCTET STRING', "'00fF'H", octets(0, 255)],
    ['OCTET STRING', "'0000000111111111'B", octets(1, 255)],
    ['OCTET STRING', "''H", octets()],
    ['MacAddress', "'020000000001'H", octets(2, 0, 0, 0, 0, 1)],
    ['IpAddress', "'7F000001'H", octets(127, 0, 0, 1)],
    ['OBJECT IDENTIFIER', 'top', { kind: 'oid', value: [1, 3, 6, 1, 4, 1, 32473] }],
    ['OBJECT IDENTIFIER', 'zeroDotZero', { kind: 'oid', value: [0, 0] }],
    ['OBJECT IDENTIFIER', '{ 0 0 }', { kind: 'oid', value: [0, 0] }],
    ['OBJECT IDENTIFIER', '{ top 3 4 }', { kind: 'oid', value: [1, 3, 6, 1, 4, 1, 32473, 3, 4] }],
    ['OBJECT IDENTIFIER', '{ iso org(3) 6 }', { kind: 'oid', value: [1, 3, 6] }],
    ['BITS { a(0), b(1), k(10) }', '{ k, a }', { kind: 'bits', labels: ['k', 'a'] }],
    ['BITS { a(0), b(1) }', '{}', { kind: 'bits', labels: [] }],
    ['BITS { a(0), b(1), k(10) }', "'8020'H", { kind: 'bits', labels: ['a', 'k'] }],
  ])('%s { %s } is read as a value of the type', (syntax, text, value) => {
    expect(defaultOf(syntax, text)).toEqual({ value, codes: [] });
  });

  test.each([
    ['Integer32', '"seven"', 'default-unfit'],
    ['INTEGER { up(1) }', 'sideways', 'default-unfit'],
    ['BITS { a(0) }', '{ z }', 'default-unfit'],
    ['OCTET STRING', '5', 'default-unfit'],
    ['OBJECT IDENTIFIER', 'nowhere', 'name-unknown'],
  ])('%s { %s } has no meaning and leaves the object without a default', (syntax, text, code) => {
    expect(defaultOf(syntax, text)).toEqual({ value: undefined, codes: [code] });
  });

  test.each([
    ['Integer32 (0..5)', '6'],
    ['OCTET STRING (SIZE (4..8))', '"abc"'],
    ['IpAddress', "'7F'H"],
    ['INTEGER { up(1) }', '2'],
  ])('%s { %s } is outside of what the type allows, and is reported', (syntax, text) => {
    expect(defaultOf(syntax, text).codes).toEqual(['default-outside']);
  });
});
