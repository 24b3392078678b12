import { describe, expect, test } from 'vitest';
import { DiagnosticLog } from '../../../src/mib/diagnostics.js';
import { lexerWords, tokenize } from '../../../src/mib/lexer.js';
import { SourceText } from '../../../src/mib/source.js';
import type { Token } from '../../../src/mib/token.js';
import { Tokens } from '../../../src/mib/tokens.js';

function tokensOf(text: string, log: DiagnosticLog): Token[] {
  const tokens = new Tokens(lexerWords());
  tokenize(new SourceText({ path: 'a', text }), log, tokens);
  return Array.from({ length: tokens.length }, (_, i) => tokens.token(i));
}

function lex(text: string): { tokens: string[]; codes: string[] } {
  const log = new DiagnosticLog();
  const tokens = tokensOf(text, log);
  return {
    tokens: tokens.map(({ kind, text: word }) => `${kind} ${word}`.trimEnd()),
    codes: log.inOrder().map(({ code }) => code),
  };
}

describe('the lexer', () => {
  test('tells names by their first letter, and keeps hyphens in them [RFC 2578 3.1]', () => {
    expect(lex('ifIndex IF-MIB mib-2 END-of OBJECT-TYPE-x')).toEqual({
      tokens: [
        'lower ifIndex',
        'upper IF-MIB',
        'lower mib-2',
        'upper END-of',
        'upper OBJECT-TYPE-x',
        'end',
      ],
      codes: [],
    });
  });

  test('a comment ends at the next two hyphens or with its line [RFC 2578 3.6]', () => {
    expect(lex('a -- b -- c -- d\ne--f--g --').tokens).toEqual([
      'lower a',
      'lower c',
      'lower e',
      'lower g',
      'end',
    ]);
  });

  test.each(['-----', '------', '-------', '--- a', '-- a --- b ---- c'])(
    'a rule of hyphens, %s, is a comment of any length',
    (rule) => {
      expect(lex(`${rule}\nx`)).toEqual({ tokens: ['lower x', 'end'], codes: [] });
    },
  );

  test('hyphens within a string begin no comment', () => {
    expect(lex('"a -- b" c').tokens).toEqual(['string a -- b', 'lower c', 'end']);
  });

  const pageBreak = `


Foo & Bar, et al.           Standards Track                    [Page 52]
\f
RFC 4560                       FOO MIB                         June 2006

`;

  test('a string before a page break of an RFC ends at its quote', () => {
    expect(lex(`UNITS "seconds"${pageBreak}MAX-ACCESS read-only DESCRIPTION "x"`)).toEqual({
      tokens: [
        'upper UNITS',
        'string seconds',
        'upper MAX-ACCESS',
        'lower read-only',
        'upper DESCRIPTION',
        'string x',
        'end',
      ],
      codes: [],
    });
  });

  test('a page break within a string is part of it', () => {
    expect(lex(`"what goes${pageBreak}on"`).tokens).toEqual([
      `string what goes${pageBreak}on`,
      'end',
    ]);
  });

  test('quotes in the prose before a module do not reach into it', () => {
    const { tokens } = lex('of 19" racks, and\n  A-MIB DEFINITIONS ::= BEGIN x "y" END');
    expect(tokens.slice(3)).toEqual([
      'upper A-MIB',
      'upper DEFINITIONS',
      'symbol ::=',
      'upper BEGIN',
      'lower x',
      'string y',
      'upper END',
      'end',
    ]);
  });

  test('a comment of C ends before the next module, whatever closes behind it', () => {
    expect(lex('a /* b\nc */ d').tokens).toEqual(['lower a', 'lower d', 'end']);
    const { tokens } = lex('see mibs/*.txt\nA-MIB DEFINITIONS ::= BEGIN /* x */ END');
    expect(tokens.slice(-6)).toEqual([
      'upper A-MIB',
      'upper DEFINITIONS',
      'symbol ::=',
      'upper BEGIN',
      'upper END',
      'end',
    ]);
  });

  test('a doubled quote within a string is one quote [X.680 11.14]', () => {
    expect(lex('"say ""so""" ""').tokens).toEqual(['string say "so"', 'string', 'end']);
  });

  test('reads binary and hexadecimal strings in either case [RFC 2578 7.9]', () => {
    expect(lex("'0aF'H '0101'b ''h 'A B'H")).toEqual({
      tokens: ['hex 0aF', 'binary 0101', 'hex', 'hex AB', 'end'],
      codes: [],
    });
  });

  test('digits that do not fit their string are reported', () => {
    expect(lex("'12'B 'xy'H").codes).toEqual(['literal-malformed', 'literal-malformed']);
  });

  test('reads numbers, ranges and assignments without blanks between', () => {
    expect(lex('(-5..10|20)::={a 1}').tokens.map((token) => token.split(' ')[1] ?? '')).toEqual([
      '(',
      '-',
      '5',
      '..',
      '10',
      '|',
      '20',
      ')',
      '::=',
      '{',
      'a',
      '1',
      '}',
      '',
    ]);
  });

  test('underscores and a hyphen at the end of a name are reported and read over', () => {
    expect(lex('my_name trailing- x')).toEqual({
      tokens: ['lower my_name', 'lower trailing', 'lower x', 'end'],
      codes: ['identifier-malformed', 'identifier-malformed'],
    });
  });

  test('a name above 64 characters is reported [RFC 2578 3.1]', () => {
    expect(lex('a'.repeat(65)).codes).toEqual(['identifier-too-long']);
    expect(lex('a'.repeat(64)).codes).toEqual([]);
  });

  test('characters that begin no token are reported once for each run', () => {
    expect(lex('a §§§ b')).toEqual({
      tokens: ['lower a', 'lower b', 'end'],
      codes: ['character-unexpected'],
    });
  });

  test('a string without an end is cut where its definition goes on', () => {
    const text = 'DESCRIPTION "no end\n  ::= { a 1 }\nb X DESCRIPTION "an end" ::= { a 2 }';
    const { tokens, codes } = lex(text);
    expect(codes).toEqual(['string-unterminated']);
    expect(tokens).toContain('string no end');
    expect(tokens).toContain('string an end');
  });

  test('an example of a definition within a sound string stays in the string', () => {
    const text = 'DESCRIPTION "such as\n  ::= { a 1 }\nhere" STATUS current';
    expect(lex(text)).toMatchObject({ codes: [], tokens: { length: 5 } });
  });

  test('places count in characters from the start of the text', () => {
    const tokens = tokensOf('ab\n  "c" d', new DiagnosticLog());
    expect(tokens.map(({ at }) => at)).toEqual([0, 5, 9, 10]);
  });
});
