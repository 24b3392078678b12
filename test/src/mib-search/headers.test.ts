import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMibs, findModuleHeaders } from '../../../src/mib/index.js';
import { runs } from '../../support/arbitraries.js';

const names = (text: string): readonly string[] =>
  findModuleHeaders(Buffer.from(text)).map(({ name }) => name);

describe('the heads of modules, found at a glance', () => {
  const found: [text: string, names: readonly string[]][] = [
    ['A-MIB DEFINITIONS ::= BEGIN END', ['A-MIB']],
    ['A-MIB\r\n\tDEFINITIONS\r\n::=\r\nBEGIN', ['A-MIB']],
    ['A-MIB { iso 3 } DEFINITIONS ::= BEGIN', ['A-MIB']],
    ['A-MIB { iso -- three -- 3\n} DEFINITIONS ::= BEGIN', ['A-MIB']],
    ['A-MIB DEFINITIONS IMPLICIT TAGS ::= BEGIN', ['A-MIB']],
    ['A-MIB -- a name\nDEFINITIONS -- of it\n ::= -- and\n BEGIN', ['A-MIB']],
    ['A-MIB --- a rule\nDEFINITIONS -- of it -- ::= -- and -- BEGIN', ['A-MIB']],
    ['A-MIB ----\nDEFINITIONS -----\n::= BEGIN', ['A-MIB']],
    ['A-MIB DEFINITIONS -- ::= BEGIN', []],
    ['A-MIB DEFINITIONS of all that is ::= BEGIN', []],
    ['A-MIB DEFINITIONS ::= BEGIN END B-MIB DEFINITIONS ::= BEGIN END', ['A-MIB', 'B-MIB']],
    ['-- A-MIB DEFINITIONS ::= BEGIN\nB-MIB DEFINITIONS ::= BEGIN', ['B-MIB']],
    ['-- a comment -- A-MIB DEFINITIONS ::= BEGIN', ['A-MIB']],
    ['A-MIB -- DEFINITIONS ::= BEGIN', []],
    ['A-MIB DEFINITIONS BEGIN', ['A-MIB']],
    ['A-MIB DEFINITION ::= BEGIN', ['A-MIB']],
    ['A-MIB ::= DEFINITIONS BEGIN', ['A-MIB']],
    ['A-MIB REDEFINITIONS', []],
    ['DEFINITIONS ::= BEGIN', []],
    ['} DEFINITIONS ::= BEGIN', []],
    ['A-MIB DEFINITIONS', []],
    ['', []],
  ];
  for (const [text, expected] of found) {
    it(JSON.stringify(text), () => {
      expect(names(text)).toEqual(expected);
    });
  }

  it('say where the name stands, in octets', () => {
    const [header] = findModuleHeaders(Buffer.from('-- größe\nA-MIB DEFINITIONS ::= BEGIN'));
    expect(header).toEqual({ name: 'A-MIB', at: 11 });
  });

  it('are found in UTF-16 too', () => {
    const text = Buffer.from('\ufeffA-MIB DEFINITIONS ::= BEGIN END', 'utf16le');
    expect(findModuleHeaders(text).map(({ name }) => name)).toEqual(['A-MIB']);
    expect(findModuleHeaders(Buffer.from(text).swap16()).map(({ name }) => name)).toEqual([
      'A-MIB',
    ]);
  });

  it('are those that the compiler finds in every module of the package', () => {
    const folder = new URL('../../../src/mib/modules/', import.meta.url);
    const texts = readdirSync(folder).map((file) => ({
      path: file,
      text: readFileSync(new URL(file, folder)),
    }));
    expect(texts.length).toBeGreaterThan(5);
    for (const source of texts) {
      const seen = findModuleHeaders(source.text).map(({ name }) => name);
      expect(seen).toEqual([source.path.replace(/\.mib$/, '')]);
      expect([...compileMibs([source]).mib.modules.keys()]).toEqual(expect.arrayContaining(seen));
    }
  });

  it('are those that the compiler reads in texts with odd heads', () => {
    const folder = new URL('../../fixtures/mib-text/', import.meta.url);
    const files = readdirSync(folder, { recursive: true }).filter(
      // What stands in a file without a head gets one that is named after the file.
      (file) => String(file).endsWith('.mib') && !String(file).endsWith('head-missing.mib'),
    );
    expect(files.length).toBeGreaterThan(2);
    for (const path of files.map(String)) {
      const text = readFileSync(new URL(path, folder));
      const read = [...compileMibs([{ path, text }]).mib.modules.values()]
        .filter(({ source }) => source === path)
        .map(({ name }) => name);
      const seen = findModuleHeaders(text).map(({ name }) => name);
      expect(new Set(seen), path).toEqual(new Set(read));
    }
  });

  it('any octets: an answer, within the text', () => {
    const piece = fc.oneof(
      fc.constantFrom('DEFINITIONS', '::=', 'BEGIN', 'A-MIB', '--', '\n', '{', '}', '"', ' '),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = Buffer.from(pieces.join(' '));
        for (const { name, at } of findModuleHeaders(text)) {
          expect(text.toString('latin1', at, at + name.length)).toBe(name);
        }
      }),
      runs(300),
    );
  });
});
