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
});
