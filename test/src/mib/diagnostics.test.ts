import { describe, expect, test } from 'vitest';
import { hasControls } from '../../../src/base/index.js';
import { DIAGNOSTIC_CODES, compileMibs, formatDiagnostic } from '../../../src/mib/index.js';
import { compileText, fixture, moduleText } from './module-text.js';

describe('diagnostics', () => {
  test('name file, line, column, severity and what was expected', () => {
    const found = compileMibs([fixture('BROKEN-MIB')]).diagnostics.map(
      ({ file, line, column, severity, message }) =>
        `${file}:${line}:${column} ${severity} ${message}`,
    );
    expect(found).toEqual([
      "BROKEN-MIB.mib:10:5 warning expected ')' after a range",
      "BROKEN-MIB.mib:16:17 error type 'Lost' is not defined or imported; expected a type of the SMI or a textual convention",
      'BROKEN-MIB.mib:26:17 error this string is never closed; expected a closing quote before the definition goes on',
      "BROKEN-MIB.mib:31:17 error expected an access of not-accessible, accessible-for-notify, read-only, read-write, read-create, write-only; found 'read-sometimes'",
      'BROKEN-MIB.mib:41:19 error this is no Integer32; expected one of the labels of the enumeration',
      "BROKEN-MIB.mib:49:11 error 'nowhere' is not defined or imported; expected a name with an OID",
      "BROKEN-MIB.mib:57:1 error expected '::=', found 'brokenSound'",
    ]);
  });

  test('are shown with the line and a caret under the place, tabs kept', () => {
    const [first] = compileText(moduleText('\ta OBJECT IDENTIFIER ::= { lost 1 }')).diagnostics;
    expect(first && formatDiagnostic(first)).toBe(
      [
        "test.mib:7:28: error: 'lost' is not defined or imported; expected a name with an OID [name-unknown]",
        '  7 | \ta OBJECT IDENTIFIER ::= { lost 1 }',
        '    | \t                          ^',
      ].join('\n'),
    );
  });

  test('of a very long line are shown without it', () => {
    const [first] = compileText(`${' '.repeat(300)}nothing`).diagnostics;
    expect(first && formatDiagnostic(first).split('\n')).toHaveLength(1);
  });

  test('of what is no module are short, and show no control characters', () => {
    const shown = (text: string): string => {
      const [first] = compileMibs([{ path: 'a\u001b]0;b', text }]).diagnostics;
      return first === undefined ? '' : formatDiagnostic(first);
    };
    const head =
      "a\\u001b]0;b:1:1: error: expected a module: 'NAME DEFINITIONS ::= BEGIN' [module-missing]";
    expect(shown('\u001b[2Jbinary \u0000\u009b')).toBe(head);
    expect(shown('word '.repeat(17))).toBe(head);
    expect(shown('only words')).toBe(`${head}\n  1 | only words\n    | ^`);
  });

  test('of long words and of control characters within a module do not repeat them', () => {
    const long = 'x'.repeat(5000);
    for (const text of [
      moduleText(`a OBJECT IDENTIFIER ::= { ${long} 1 }`),
      moduleText(`a OBJECT-TYPE SYNTAX "${long}" ::= { ${long} }`),
      moduleText(`\u001b]0;${long}\u0007`),
      `${long} DEFINITIONS ::= BEGIN IMPORTS ${long} FROM ${long}; END`,
    ]) {
      const { diagnostics } = compileText(text);
      expect(diagnostics).not.toEqual([]);
      for (const found of diagnostics) {
        const shown = formatDiagnostic(found);
        expect(hasControls(shown)).toBe(false);
        expect(shown.length).toBeLessThan(700);
      }
    }
  });

  test('come text by text, each from its beginning to its end', () => {
    const sources = [
      fixture('BROKEN-MIB'),
      { path: 'z', text: moduleText('a OBJECT IDENTIFIER ::= { lost 1 }') },
    ];
    const found = compileMibs(sources).diagnostics;
    expect(found.map(({ file }) => file).lastIndexOf('BROKEN-MIB.mib')).toBe(found.length - 2);
    const lines = found.filter(({ file }) => file === 'BROKEN-MIB.mib').map(({ line }) => line);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  test('have codes in kebab case, and a severity by their code', () => {
    for (const [code, { severity }] of Object.entries(DIAGNOSTIC_CODES)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(['error', 'warning', 'info']).toContain(severity);
    }
  });
});
