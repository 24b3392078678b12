import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compileMibs,
  formatDiagnostic,
  listModuleFiles,
  type MibSource,
} from '../../../src/mib/index.js';
import { decodeText } from '../../../src/mib/source.js';
import { runs } from '../../support/arbitraries.js';
import { fixture } from './module-text.js';
import { mutate, mutation } from './mutations.js';

/**
 * Invariant: compileMibs ends, never throws, and its findings lie within the text. Model: none
 * needed. Generator: sound modules with a few octets changed, words moved, parts cut out. Coverage:
 * asserted below, so that the mutations neither spare nor destroy everything.
 */

const RUNS = 600;
const MODULES = ['WORKSHOP-MIB', 'ATTIC-MIB', 'TRELLIS-TESTBED-MIB'].map(
  (name) => new Uint8Array(fixture(name).text as Uint8Array),
);
/** Larger ones take so long that few would be changed. */
const MAX_OTHER_OCTETS = 40_000;
/** Modules of a directory that is named, for `npm run soak`: as many as ours are drawn. */
const OTHERS = listedModules(process.env['TRELLIS_MIBS']);

function listedModules(directory: string | undefined): readonly Uint8Array[] {
  const paths = directory === undefined ? [] : listModuleFiles(directory);
  return paths
    .map((path) => new Uint8Array(readFileSync(path)))
    .filter(({ length }) => length <= MAX_OTHER_OCTETS);
}

const anyModule: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constantFrom(...MODULES),
  ...(OTHERS.length === 0 ? [] : [fc.constantFrom(...OTHERS)]),
);

describe('compileMibs is total', () => {
  test('modules with random changes never throw, end, and have findings within the text', () => {
    const seen = { runs: 0, clean: 0, faulty: 0, nodesLeft: 0 };
    fc.assert(
      fc.property(
        anyModule,
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        (octets, mutations) => {
          const source: MibSource = { path: 'mutant', text: mutate(octets, mutations) };
          const { mib, diagnostics } = compileMibs([source]);
          const lines = decodeText(source.text as Uint8Array).split(/\r\n|\n|\r/);
          for (const diagnostic of diagnostics) formatDiagnostic(diagnostic);
          const outside = diagnostics.filter(
            ({ file, line, column }) =>
              file === 'mutant' &&
              (line < 1 || line > lines.length || column > (lines[line - 1] ?? '').length + 2),
          );
          expect(outside).toEqual([]);
          const nodes = [...mib.modules.values()].flatMap((module) => [...module.nodes.values()]);
          expect(nodes.filter(({ oid }) => mib.nearest(oid) === undefined)).toEqual([]);
          seen.runs += 1;
          seen[diagnostics.length === 0 ? 'clean' : 'faulty'] += 1;
          const own = [...mib.modules.values()].filter(({ source: path }) => path === 'mutant');
          if (own.some(({ nodes }) => nodes.size > 0)) seen.nodesLeft += 1;
        },
      ),
      runs(RUNS),
    );
    expect(seen.faulty).toBeGreaterThan(seen.runs / 2);
    expect(seen.clean).toBeGreaterThan(0);
    expect(seen.nodesLeft).toBeGreaterThan(seen.runs / 3);
  });

  test('octets that are no module at all never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (text) => {
        expect(compileMibs([{ path: 'noise', text }]).mib.find('enterprises')).toBeDefined();
      }),
      runs(RUNS),
    );
  });

  test('words of the language in any order never throw', () => {
    const words = fc.array(
      fc.constantFrom(
        'A-MIB',
        'DEFINITIONS',
        '::=',
        'BEGIN',
        'END',
        'a',
        'b',
        'B',
        '{',
        '}',
        '(',
        ')',
        '1',
        '-',
        '..',
        '|',
        ',',
        ';',
        'IMPORTS',
        'FROM',
        'OBJECT-TYPE',
        'SYNTAX',
        'INTEGER',
        'SEQUENCE',
        'OF',
        'CHOICE',
        'OBJECT',
        'IDENTIFIER',
        'MACRO',
        'TEXTUAL-CONVENTION',
        'INDEX',
        'AUGMENTS',
        'DEFVAL',
        'IMPLIED',
        'SIZE',
        '"x"',
        'MODULE-COMPLIANCE',
        'MODULE',
        'GROUP',
        'TRAP-TYPE',
        'ENTERPRISE',
        '.',
        '[',
        ']',
        "'1'H",
      ),
      { maxLength: 80 },
    );
    let withModule = 0;
    let compiled = 0;
    fc.assert(
      fc.property(words, (list) => {
        const text = `A-MIB DEFINITIONS ::= BEGIN a OBJECT IDENTIFIER ::= { iso 1 } ${list.join(' ')}`;
        compiled += 1;
        if (compileMibs([{ path: 'words', text }]).mib.modules.has('A-MIB')) withModule += 1;
      }),
      runs(RUNS),
    );
    expect(withModule).toBe(compiled);
  });
});
