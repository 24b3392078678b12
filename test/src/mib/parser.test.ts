import { describe, expect, test } from 'vitest';
import { compileMibs } from '../../../src/mib/index.js';
import { compileText, faults, fixture, moduleText, objectText } from './module-text.js';

describe('the parser goes on after a mistake', () => {
  test('each mistake costs its own clause or definition and no other', () => {
    const { mib, diagnostics } = compileMibs([fixture('BROKEN-MIB')]);
    const found = diagnostics.map(({ code, line }) => `${line} ${code}`);
    expect(found).toEqual([
      '10 punctuation-missing',
      '16 type-unknown',
      '26 string-unterminated',
      '31 access-unknown',
      '41 default-unfit',
      '49 name-unknown',
      '57 token-unexpected',
    ]);
    const names = [...(mib.modules.get('BROKEN-MIB')?.nodes.keys() ?? [])];
    expect(names).toEqual([
      'broken',
      'brokenNoBrace',
      'brokenNoType',
      'brokenNoQuote',
      'brokenAccess',
      'brokenDefault',
      'brokenSound',
    ]);
    expect(mib.find('brokenNoBrace')).toMatchObject({
      kind: 'scalar',
      syntax: { ranges: [{ low: 0, high: 10 }] },
    });
    expect(mib.find('brokenNoType')).toMatchObject({
      kind: 'node',
      description: 'Its type is nowhere.',
    });
    expect(mib.find('brokenNoQuote')).toMatchObject({
      kind: 'scalar',
      description: 'This text has no end.',
    });
    expect(mib.find('brokenSound')).toMatchObject({ kind: 'scalar', access: 'read-only' });
  });

  test('words that begin no definition are skipped up to the next one', () => {
    const compilation = compileText(
      moduleText(`what is this { 1 2 }\n${objectText('a', 'Integer32', 1)}`),
    );
    expect(faults(compilation)).toEqual(['token-unexpected']);
    expect(compilation.mib.find('a')?.kind).toBe('scalar');
  });

  test('a clause that the macro does not have is skipped', () => {
    const text = moduleText(objectText('a', 'Integer32', 1, 'COLOUR { red, green } DEFVAL { 3 }'));
    const compilation = compileText(text);
    expect(faults(compilation)).toEqual(['clause-unknown']);
    expect(compilation.mib.find('a')).toMatchObject({
      defaultValue: { kind: 'integer', value: 3 },
    });
  });

  test('a module without END is read to the next module', () => {
    const text = `A-MIB DEFINITIONS ::= BEGIN a OBJECT IDENTIFIER ::= { iso 9 }
      B-MIB DEFINITIONS ::= BEGIN b OBJECT IDENTIFIER ::= { iso 8 } END`;
    const compilation = compileText(text);
    expect(faults(compilation)).toEqual(['module-unterminated']);
    expect(compilation.mib.find('A-MIB::a')?.oid).toEqual([1, 9]);
    expect(compilation.mib.find('B-MIB::b')?.oid).toEqual([1, 8]);
  });

  test('a head whose OID cannot be read goes on at DEFINITIONS, and ends with the text', () => {
    const head = 'TEST-MIB { iso org(?) dod(6) }';
    const body = 'a OBJECT IDENTIFIER ::= { iso 3 } END';
    const { mib } = compileText(`${head} DEFINITIONS ::= BEGIN ${body}`);
    expect(mib.find('TEST-MIB::a')?.oid).toEqual([1, 3]);
    // It has no BEGIN to go on at.
    expect(faults(compileText(`${head} DEFINITIONS ::= BEGUN`))).toContain('module-unterminated');
    expect(faults(compileText(`${head} DEFINITIONS`))).toContain('module-unterminated');
  });

  test('IMPORTS without a semicolon end where a definition begins', () => {
    const text = `A-MIB DEFINITIONS ::= BEGIN IMPORTS enterprises FROM SNMPv2-SMI
      a OBJECT IDENTIFIER ::= { enterprises 5 } END`;
    const compilation = compileText(text);
    expect(faults(compilation)).toEqual(['punctuation-missing']);
    expect(compilation.mib.find('a')?.oid).toEqual([1, 3, 6, 1, 4, 1, 5]);
  });

  test('a stray word within IMPORTS costs no import', () => {
    const text = `A-MIB DEFINITIONS ::= BEGIN IMPORTS } Counter32, 5 enterprises FROM SNMPv2-SMI
      "x" DisplayString FROM SNMPv2-TC; a OBJECT IDENTIFIER ::= { enterprises 5 } END`;
    const compilation = compileText(text);
    expect(faults(compilation)).toEqual([
      'token-unexpected',
      'token-unexpected',
      'token-unexpected',
    ]);
    expect(compilation.mib.find('a')).toBeDefined();
  });

  test('an END before further definitions counts for nothing', () => {
    const text = 'a OBJECT IDENTIFIER ::= { top 1 } END b OBJECT IDENTIFIER ::= { top 2 }';
    const compilation = compileText(moduleText(text));
    expect(faults(compilation)).toEqual(['token-unexpected']);
    expect(compilation.mib.find('b')).toBeDefined();
  });

  test('a text without a module, and an empty one, are reported', () => {
    expect(faults(compileText('only words'))).toEqual(['module-missing']);
    expect(faults(compileText(''))).toEqual(['module-missing']);
  });

  test('commas that are missing or too many are reported and read over', () => {
    const compilation = compileText(
      moduleText(
        objectText('a', 'INTEGER { x(1) y(2), z(3), }', 1) +
          'g OBJECT-GROUP OBJECTS { a, } STATUS current DESCRIPTION "x" ::= { top 9 }',
      ),
    );
    expect(faults(compilation)).toEqual([
      'punctuation-missing',
      'punctuation-superfluous',
      'punctuation-superfluous',
    ]);
    const a = compilation.mib.find('a');
    expect(a?.kind === 'scalar' && [...(a.syntax.enums ?? [])]).toEqual([
      ['x', 1],
      ['y', 2],
      ['z', 3],
    ]);
  });

  test('a label that is no name is kept as it was written, and one without a number is not', () => {
    const compilation = compileText(
      moduleText(objectText('a', 'INTEGER { 64bit(1), ok(2), w&b(3), lost, on/off(5) }', 1)),
    );
    expect(faults(compilation)).toEqual([
      'identifier-malformed',
      'label-irregular',
      'token-unexpected',
      'label-irregular',
    ]);
    const a = compilation.mib.find('a');
    expect(a?.kind === 'scalar' && [...(a.syntax.enums ?? [])]).toEqual([
      ['64bit', 1],
      ['ok', 2],
      ['w&b', 3],
      ['on/off', 5],
    ]);
  });

  test('a name with the wrong first letter is reported and kept', () => {
    const compilation = compileText(moduleText('Upper OBJECT IDENTIFIER ::= { top 4 }'));
    expect(faults(compilation)).toEqual(['name-case']);
    expect(compilation.mib.find('Upper')?.oid.at(-1)).toBe(4);
  });

  test('at most 500 findings are kept for one text', () => {
    const text = moduleText(
      Array.from({ length: 2000 }, (_, i) => objectText(`a${i}`, 'Lost', i)).join(''),
    );
    const { diagnostics } = compileText(text);
    expect(diagnostics).toHaveLength(500);
    expect(diagnostics.at(-1)?.code).toBe('too-many-diagnostics');
  });
});

describe('the parser reads', () => {
  test('names that hold keywords, such as end-of or object-type', () => {
    const compilation = compileText(
      moduleText(
        'end-of OBJECT IDENTIFIER ::= { top 1 }\nobject-type OBJECT IDENTIFIER ::= { end-of 2 }',
      ),
    );
    expect(faults(compilation)).toEqual([]);
    expect(compilation.mib.find('object-type')?.oid.slice(-2)).toEqual([1, 2]);
  });

  test('an object whose name is a keyword in small letters', () => {
    const names = ['imports', 'from', 'end', 'macro', 'begin', 'module', 'size'];
    const compilation = compileText(
      moduleText(names.map((name, i) => objectText(name, 'Integer32', i + 1)).join('')),
    );
    expect(faults(compilation)).toEqual([]);
    for (const [i, name] of names.entries()) {
      expect(compilation.mib.find(name)?.oid.slice(-1), name).toEqual([i + 1]);
    }
  });

  test('imports whose keyword is in small letters', () => {
    const text = `A-MIB DEFINITIONS ::= BEGIN imports OBJECT-TYPE FROM RFC-1212 enterprises
      FROM RFC1155-SMI; a OBJECT IDENTIFIER ::= { enterprises 1 } END`;
    expect(faults(compileText(text))).toEqual([]);
  });

  test('clauses in any order', () => {
    const text = moduleText(
      'a OBJECT-TYPE DESCRIPTION "x" STATUS current MAX-ACCESS read-only SYNTAX Integer32 ::= { top 1 }',
    );
    expect(faults(compileText(text))).toEqual([]);
  });

  test('MACRO definitions and EXPORTS, which are skipped [RFC 1155, RFC 2578 annex]', () => {
    const text = `A-MIB DEFINITIONS ::= BEGIN EXPORTS a, B;
      OBJECT-TYPE MACRO ::= BEGIN TYPE NOTATION ::= "SYNTAX" type(T) VALUE NOTATION ::= value(V OBJECT IDENTIFIER) END
      a OBJECT IDENTIFIER ::= { iso 3 } END`;
    const compilation = compileText(text);
    expect(faults(compilation)).toEqual([]);
    expect(compilation.mib.find('a')?.oid).toEqual([1, 3]);
  });

  test('values that are no OIDs, which are passed over', () => {
    const compilation = compileText(
      moduleText('limit INTEGER ::= 5\nlow INTEGER ::= -5\na OBJECT IDENTIFIER ::= { top 1 }'),
    );
    expect(compilation.diagnostics.map(({ code }) => code)).toEqual([
      'value-ignored',
      'value-ignored',
    ]);
    expect(compilation.mib.find('a')).toBeDefined();
  });
});
