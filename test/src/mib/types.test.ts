import { describe, expect, test } from 'vitest';
import type { Syntax } from '../../../src/smi/index.js';
import { compileText, faults, moduleText, objectText } from './module-text.js';

/** The SYNTAX of one object, with the codes of what was found on the way. */
function syntaxOf(syntax: string, types = ''): { syntax: Syntax | undefined; codes: string[] } {
  const compilation = compileText(moduleText(types + objectText('a', syntax, 1)));
  const a = compilation.mib.find('a');
  return { syntax: a?.kind === 'scalar' ? a.syntax : undefined, codes: faults(compilation) };
}

const range = (low: number | bigint, high: number | bigint = low) => ({ low, high });

describe('base types [RFC 2578 7.1]', () => {
  test.each([
    ['INTEGER', 'Integer32'],
    ['Integer32', 'Integer32'],
    ['OCTET STRING', 'OctetString'],
    ['OBJECT IDENTIFIER', 'ObjectIdentifier'],
    ['BITS { a(0) }', 'Bits'],
    ['IpAddress', 'IpAddress'],
    ['Counter32', 'Counter32'],
    ['Gauge32', 'Gauge32'],
    ['Unsigned32', 'Unsigned32'],
    ['TimeTicks', 'TimeTicks'],
    ['Opaque', 'Opaque'],
    ['Counter64', 'Counter64'],
  ])('%s comes down to %s and is no convention', (text, base) => {
    expect(syntaxOf(text).syntax).toMatchObject({ base, conventions: [] });
  });

  test('without a constraint there are neither ranges nor sizes', () => {
    expect(Object.keys(syntaxOf('Integer32').syntax ?? {})).toEqual(['base', 'conventions']);
    expect(Object.keys(syntaxOf('OCTET STRING').syntax ?? {})).toEqual(['base', 'conventions']);
  });

  test.each(['NULL', 'BOOLEAN'])('no object can be %s', (text) => {
    expect(syntaxOf(text).codes).toContain('type-unsupported');
  });

  test('the SMI defined anew by an old module is the SMI all the same', () => {
    const text = 'Metre ::= [APPLICATION 2] IMPLICIT INTEGER (0..4294967295)\n';
    expect(syntaxOf('Metre', text)).toMatchObject({
      syntax: { base: 'Gauge32', conventions: [] },
      codes: [],
    });
  });

  test('a CHOICE is its first arm [RFC 1155 3.2.3.1]', () => {
    expect(syntaxOf('Either', 'Either ::= CHOICE { address IpAddress }\n').syntax).toMatchObject({
      base: 'IpAddress',
      conventions: ['Either'],
    });
  });
});

describe('ranges and sizes [RFC 2578 9]', () => {
  test('several sub-ranges, negative ones and hexadecimal bounds', () => {
    expect(syntaxOf("Integer32 (-5..-1 | 1 | 'A'H..'10100'B)")).toEqual({
      syntax: {
        base: 'Integer32',
        ranges: [range(-5, -1), range(1), range(10, 20)],
        conventions: [],
      },
      codes: [],
    });
  });

  test('sizes, with holes', () => {
    expect(syntaxOf('OCTET STRING (SIZE (0 | 4..8))').syntax?.sizes).toEqual([
      range(0),
      range(4, 8),
    ]);
  });

  test('MIN and MAX are the ends of the parent', () => {
    const types = 'Small ::= Integer32 (-3..30)\n';
    expect(syntaxOf('Small (MIN..5 | 9..MAX)', types).syntax?.ranges).toEqual([
      range(-3, 5),
      range(9, 30),
    ]);
  });

  test('numbers above 2^53 are bigint, and only those', () => {
    expect(syntaxOf('Counter64 (1..18446744073709551615)').syntax?.ranges).toEqual([
      range(1, 18_446_744_073_709_551_615n),
    ]);
  });

  test('refinements are intersected through the whole chain of types', () => {
    const types = `First ::= Integer32 (0..10 | 20..30 | 40..50)
      Second ::= First (5..25 | 45..50)
      Third ::= TEXTUAL-CONVENTION DISPLAY-HINT "d" STATUS current DESCRIPTION "x" SYNTAX Second\n`;
    expect(syntaxOf('Third (0..22 | 47)', types)).toEqual({
      syntax: {
        base: 'Integer32',
        ranges: [range(5, 10), range(20, 22), range(47)],
        conventions: ['Third', 'Second', 'First'],
        displayHint: 'd',
      },
      codes: ['range-outside', 'range-outside'],
    });
  });

  test('sizes are intersected likewise, and the nearest hint applies [RFC 2579 3.1]', () => {
    const types = `Label ::= TEXTUAL-CONVENTION DISPLAY-HINT "40t" STATUS current DESCRIPTION "x"
      SYNTAX DisplayString (SIZE (1..40))\n`;
    expect(syntaxOf('Label (SIZE (4..8))', types)).toEqual({
      syntax: {
        base: 'OctetString',
        sizes: [range(4, 8)],
        conventions: ['Label', 'DisplayString'],
        displayHint: '40t',
      },
      codes: [],
    });
  });

  test('sub-ranges that touch are one', () => {
    expect(syntaxOf('Integer32 (0 | 1..4)').syntax?.ranges).toEqual([range(0, 4)]);
  });

  test.each([
    ['Integer32 (5..1 | 7)', [range(7)], ['range-order']],
    ['Integer32 (10..20 | 1..12)', [range(1, 20)], ['range-order']],
    ['Integer32 (0..4294967295)', [range(0, 2_147_483_647)], ['range-outside']],
    ['Integer32 (9..3)', undefined, ['range-order', 'range-empty']],
  ])('%s is reported and mended', (text, ranges, codes) => {
    const found = syntaxOf(text);
    expect(found.syntax?.ranges).toEqual(ranges);
    expect(found.codes.toSorted()).toEqual(codes.toSorted());
  });

  test('a size without SIZE, or a range with it, is reported and understood', () => {
    expect(syntaxOf('OCTET STRING (0..9)')).toMatchObject({
      syntax: { sizes: [range(0, 9)] },
      codes: ['range-misplaced'],
    });
    expect(syntaxOf('Integer32 (SIZE (0..9))')).toMatchObject({
      syntax: { ranges: [range(0, 9)] },
      codes: ['range-misplaced'],
    });
  });
});

describe('labels', () => {
  test('of an enumeration keep the order of the text and may be negative [RFC 2578 7.1.1]', () => {
    const { syntax, codes } = syntaxOf('INTEGER { up(2), down(1), lost(-1) }');
    expect([...(syntax?.enums ?? [])]).toEqual([
      ['up', 2],
      ['down', 1],
      ['lost', -1],
    ]);
    expect(codes).toEqual([]);
  });

  test('of BITS are positions [RFC 2578 7.1.4]', () => {
    expect([...(syntaxOf('BITS { a(0), k(10) }').syntax?.bits ?? [])]).toEqual([
      ['a', 0],
      ['k', 10],
    ]);
  });

  test('of a refinement are those that are left [RFC 2578 9]', () => {
    const { syntax, codes } = syntaxOf('RowStatus { active(1), destroy(6) }');
    expect([...(syntax?.enums ?? [])]).toEqual([
      ['active', 1],
      ['destroy', 6],
    ]);
    expect(syntax?.conventions).toEqual(['RowStatus']);
    expect(codes).toEqual([]);
  });

  test.each([
    ['INTEGER { a(1), a(2) }', 'label-repeated'],
    ['INTEGER { a(1), b(1) }', 'label-repeated'],
    ['BITS { a(0), b(-1) }', 'label-misplaced'],
    ['TruthValue { true(1), maybe(3) }', 'label-outside'],
    ['OCTET STRING { a(1) }', 'label-misplaced'],
  ])('%s is reported', (text, code) => {
    expect(syntaxOf(text).codes).toEqual([code]);
  });
});

describe('types that cannot be known', () => {
  test('a circle of types is reported once and ends', () => {
    const { syntax, codes } = syntaxOf('One', 'One ::= Two\nTwo ::= Three (0..9)\nThree ::= One\n');
    expect(syntax).toBeUndefined();
    expect(codes).toEqual(['type-circular']);
  });

  test('a type defined by itself is reported', () => {
    expect(syntaxOf('Self', 'Self ::= Self\n').codes).toEqual(['type-circular']);
  });

  test('a chain of a hundred thousand types ends with a finding', () => {
    const types = Array.from({ length: 100_000 }, (_, i) => `T${i} ::= T${i + 1}`).join('\n');
    const { codes } = syntaxOf('T0', `${types}\nT100000 ::= INTEGER\n`);
    expect(codes).toEqual(['nested-too-deep']);
  });

  test('an object of an unknown type is a plain node with its name, place and text', () => {
    const { mib } = compileText(moduleText(objectText('a', 'Lost', 1)));
    expect(mib.find('a')).toMatchObject({ kind: 'node', description: 'x' });
  });
});

describe('a DISPLAY-HINT [RFC 2579 3.1]', () => {
  const findings = (hint: string, syntax: string): string[] =>
    faults(
      compileText(
        moduleText(
          `A ::= TEXTUAL-CONVENTION DISPLAY-HINT "${hint}" STATUS current DESCRIPTION "x" SYNTAX ${syntax}`,
        ),
      ),
    );

  test.each([
    ['d', 'INTEGER (0..9)'],
    ['d-2', 'Unsigned32'],
    ['x', 'Gauge32'],
    ['o', 'Integer32'],
    ['b', 'Integer32'],
    ['255a', 'OCTET STRING'],
    ['255t', 'DisplayString'],
    ['1x:', 'OCTET STRING (SIZE (6))'],
    ['1d.1d.1d.1d/2d', 'OCTET STRING'],
    ['2d-1d-1d,1d:1d:1d.1d,1a1d:1d', 'OCTET STRING'],
    ['*1x:/1x:', 'OCTET STRING'],
  ])('%s fits %s', (hint, syntax) => {
    expect(findings(hint, syntax)).toEqual([]);
  });

  test.each([
    ['1x:', 'INTEGER'],
    ['d-', 'INTEGER'],
    ['2d', 'Integer32'],
    ['', 'INTEGER'],
    ['d', 'OCTET STRING'],
    ['255', 'OCTET STRING'],
    ['1h:', 'OCTET STRING'],
    ['', 'OCTET STRING'],
    ['1x', 'BITS { a(0) }'],
    ['d', 'INTEGER { a(1) }'],
    ['d', 'Counter32'],
    ['d', 'Counter64'],
    ['1d.', 'IpAddress'],
    ['255a', 'OBJECT IDENTIFIER'],
  ])('%s does not fit %s, and says so', (hint, syntax) => {
    expect(findings(hint, syntax)).toEqual(['hint-unfit']);
  });
});
