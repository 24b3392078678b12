import { describe, expect, test } from 'vitest';
import { SourceText } from '../../../src/mib/source.js';
import { compileMibs } from '../../../src/mib/index.js';
import { faults, moduleText, objectText } from './module-text.js';

describe('the text of a source', () => {
  test.each([
    ['LF', 'one\ntwo\nthree'],
    ['CR LF', 'one\r\ntwo\r\nthree'],
    ['CR', 'one\rtwo\rthree'],
  ])('lines may end in %s', (_, text) => {
    const source = new SourceText({ path: 'a', text });
    expect(source.position(text.indexOf('three') + 2)).toEqual({ line: 3, column: 3 });
    expect(source.line(2)).toBe('two');
    expect(source.line(9)).toBe('');
  });

  test('octets that are no UTF-8 are latin-1', () => {
    const latin = new Uint8Array([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
    expect(new SourceText({ path: 'a', text: latin }).text).toBe('Müller');
    const utf8 = new TextEncoder().encode('Müller');
    expect(new SourceText({ path: 'a', text: utf8 }).text).toBe('Müller');
  });

  test('a byte order mark is no part of the module', () => {
    const text = `\uFEFF${moduleText(objectText('a', 'Integer32', 1))}`;
    expect(faults(compileMibs([{ path: 'a', text }]))).toEqual([]);
    expect(faults(compileMibs([{ path: 'a', text: new TextEncoder().encode(text) }]))).toEqual([]);
  });

  test.each([
    ['LF', (text: string) => Buffer.from(text)],
    ['CR LF', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['CR', (text: string) => Buffer.from(text.replaceAll('\n', '\r'))],
    ['a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['Ctrl-Z and zeros at the end', (text: string) => Buffer.from(`${text}\u001A\0\0\0`)],
    ['form feeds', (text: string) => Buffer.from(text.replaceAll('\n', '\f\n'))],
    ['latin-1', (text: string) => Buffer.from(text.replace('Wort', 'W\u00F6rter'), 'latin1')],
    ['windows-1252', (text: string) => Buffer.from(text.replace('Wort', '\u0093'), 'latin1')],
    ['UTF-8', (text: string) => Buffer.from(text.replace('Wort', 'W\u00F6rter \u{1F600}'))],
    ['UTF-16 with a mark', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
    [
      'UTF-16 of the other order',
      (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    ],
    ['blanks of typesetting', (text: string) => Buffer.from(text.replaceAll(' ', '\u00A0\u200B'))],
  ])('a module in %s is read without a finding', (_encoding, encode) => {
    const text = `T-MIB DEFINITIONS ::= BEGIN -- Wort
IMPORTS enterprises FROM SNMPv2-SMI;
a OBJECT IDENTIFIER ::= { enterprises 32473 }
-- the end
END
`;
    const { mib, diagnostics } = compileMibs([{ path: 'a', text: encode(text) }]);
    expect(diagnostics).toEqual([]);
    expect(mib.find('T-MIB::a')?.oid.join('.')).toBe('1.3.6.1.4.1.32473');
  });
});
