import { describe, expect, test } from 'vitest';
import { compileMibs } from '../../../src/mib/index.js';
import { compileText, faults, fixture, moduleText, objectText } from './module-text.js';

/** Dotted OID of `a` after the definitions, with the codes of the findings. */
function resolve(definitions: string, name = 'a'): [string | undefined, string[]] {
  const compilation = compileText(moduleText(definitions));
  return [compilation.mib.find(name)?.oid.join('.'), faults(compilation)];
}

describe('OBJECT IDENTIFIER values [RFC 2578 5.9, 7.10]', () => {
  test.each([
    ['{ top 1 }', '1.3.6.1.4.1.32473.1'],
    ['{ top 1 2 3 }', '1.3.6.1.4.1.32473.1.2.3'],
    ['{ top sub(5) 6 }', '1.3.6.1.4.1.32473.5.6'],
    ['{ iso org(3) 6 }', '1.3.6'],
    ['{ iso(1) org(3) }', '1.3'],
    ['{ 1 3 6 }', '1.3.6'],
    ['{ ccitt 5 }', '0.5'],
    ['{ joint-iso-ccitt 5 }', '2.5'],
    ['{ SNMPv2-SMI.enterprises 4 }', '1.3.6.1.4.1.4'],
    ['{ top 4294967295 }', '1.3.6.1.4.1.32473.4294967295'],
    ['{ top }', '1.3.6.1.4.1.32473'],
  ])('%s is %s', (text, oid) => {
    expect(resolve(`a OBJECT IDENTIFIER ::= ${text}`)).toEqual([oid, []]);
  });

  test('names in the middle may do without numbers where they are known', () => {
    const text = 'a OBJECT IDENTIFIER ::= { iso org dod internet private enterprises 9 }';
    const compilation = compileText(`A-MIB DEFINITIONS ::= BEGIN ${text} END`);
    expect(compilation.mib.find('a')?.oid).toEqual([1, 3, 6, 1, 4, 1, 9]);
  });

  test('a definition may stand before its parent', () => {
    expect(resolve('a OBJECT IDENTIFIER ::= { b 1 }\nb OBJECT IDENTIFIER ::= { top 2 }')).toEqual([
      '1.3.6.1.4.1.32473.2.1',
      [],
    ]);
  });

  test('a circle is reported, and what depends on it has no place', () => {
    const definitions =
      'a OBJECT IDENTIFIER ::= { b 1 }\nb OBJECT IDENTIFIER ::= { a 1 }\nc OBJECT IDENTIFIER ::= { c 1 }';
    const [oid, codes] = resolve(definitions);
    expect(oid).toBeUndefined();
    expect(codes).toEqual(
      expect.arrayContaining(['oid-circular', 'oid-circular', 'oid-parent-unresolved']),
    );
  });

  test('a circle through two modules is reported and ends', () => {
    const module = (name: string, own: string, other: string, from: string): string =>
      `${name} DEFINITIONS ::= BEGIN IMPORTS ${other} FROM ${from}; ${own} OBJECT IDENTIFIER ::= { ${other} 1 } END\n`;
    const text = module('A-MIB', 'a', 'b', 'B-MIB') + module('B-MIB', 'b', 'a', 'A-MIB');
    expect(faults(compileText(text))).toContain('oid-circular');
  });

  test('a chain of a hundred thousand parents ends', () => {
    const chain = Array.from(
      { length: 100_000 },
      (_, i) => `n${i} OBJECT IDENTIFIER ::= { n${i + 1} 1 }`,
    );
    const [oid, codes] = resolve(chain.join('\n'), 'n0');
    expect(oid).toBeUndefined();
    expect(codes).toContain('name-unknown');
  });

  test('more than 128 numbers are refused [RFC 2578 3.5]', () => {
    const arcs = Array.from({ length: 128 }, () => 1).join(' ');
    expect(resolve(`a OBJECT IDENTIFIER ::= { top ${arcs} }`)).toEqual([
      undefined,
      ['oid-malformed'],
    ]);
  });

  test('a number above 2^32-1 is refused [RFC 2578 3.5]', () => {
    // A number in its stead would name a place that is another's.
    expect(resolve('a OBJECT IDENTIFIER ::= { top 4294967296 }')).toEqual([
      undefined,
      ['number-too-large'],
    ]);
    expect(resolve('a OBJECT IDENTIFIER ::= { top b(99999999999) 1 }')[0]).toBeUndefined();
    expect(
      resolve('b OBJECT IDENTIFIER ::= { top 4294967296 }\na OBJECT IDENTIFIER ::= { b 1 }'),
    ).toEqual([undefined, ['number-too-large', 'oid-parent-unresolved']]);
  });
});

describe('finding nodes', () => {
  const { mib } = compileMibs([fixture('WORKSHOP-MIB'), fixture('TRELLIS-TESTBED-MIB')]);

  test('by name, or by module and name', () => {
    expect(mib.find('tbInteger')?.module).toBe('TRELLIS-TESTBED-MIB');
    expect(mib.find('WORKSHOP-MIB::toolCount')).toBe(mib.find('toolCount'));
    expect(mib.find('WORKSHOP-MIB::tbInteger')).toBeUndefined();
    expect(mib.find('NO-MIB::tbInteger')).toBeUndefined();
    expect(mib.find('nothing')).toBeUndefined();
    expect(mib.find('constructor')).toBeUndefined();
  });

  test('a bare name of two modules is that of the module loaded first', () => {
    const text = (name: string, arc: number): string =>
      `${name} DEFINITIONS ::= BEGIN twice OBJECT IDENTIFIER ::= { iso ${arc} } END\n`;
    const both = compileText(text('B-MIB', 5) + text('A-MIB', 6)).mib;
    expect(both.find('twice')?.module).toBe('B-MIB');
    expect(both.find('A-MIB::twice')?.oid).toEqual([1, 6]);
  });

  test('by the longest OID that is a prefix', () => {
    const uses = mib.find('toolUses')?.oid ?? [];
    expect(mib.nearest([...uses, 4, 5])?.name).toBe('toolUses');
    expect(mib.nearest(uses)?.name).toBe('toolUses');
    expect(mib.nearest([1, 3, 6, 1, 4, 1, 9999])?.name).toBe('enterprises');
    expect(mib.nearest([])).toBeUndefined();
    expect(mib.nearest([2, 99])?.name).toBe('joint-iso-ccitt');
  });

  test('of two nodes at one place, the one with a macro', () => {
    const compilation = compileText(
      moduleText(`plain OBJECT IDENTIFIER ::= { top 1 }\n${objectText('typed', 'Integer32', 1)}`),
    );
    expect(compilation.mib.nearest([1, 3, 6, 1, 4, 1, 32473, 1, 0])?.name).toBe('typed');
  });
});
