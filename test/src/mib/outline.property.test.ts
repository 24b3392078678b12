import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compileMibs,
  listModuleFiles,
  OidOutline,
  type MibSource,
} from '../../../src/mib/index.js';
import { NodeColumns } from '../../../src/mib/outline/node-columns.js';
import { ModuleScanner } from '../../../src/mib/outline/scan-modules.js';
import { compareOids, formatOid } from '../../../src/smi/index.js';
import { place, runs } from '../../support/arbitraries.js';
import { mutate, mutation } from './mutations.js';

/**
 * Invariant: an outline has the names and the OIDs that the compiler finds, and no others, however
 * damaged the texts are. Model: compileMibs. Generator: modules sound and odd, that import from one
 * another and share names; some of them changed as in compile-mibs.property, in any order, some left
 * out. Coverage: asserted below, so that texts are read both ways.
 */

const RUNS = 200;
const MAX_OCTETS = 40_000;
const FIXTURES = ['outline', 'mib-text', 'mib'].map((name) =>
  fileURLToPath(new URL(`../../fixtures/${name}/`, import.meta.url)),
);
/** Those of one family, which are drawn more often; those of oddities; those of a directory named. */
const TEXTS = new Map(
  [...FIXTURES, process.env['TRELLIS_MIBS'] ?? []]
    .flat()
    .flatMap((directory) => listModuleFiles(directory))
    .map((path) => [basename(path), new Uint8Array(readFileSync(path))] as const)
    .filter(([, { length }]) => length <= MAX_OCTETS),
);
const FAMILY = [...TEXTS.keys()].filter((name) => name.startsWith('ORCHARD'));

/** A change that leaves most of a text as it should be: to one of its words, marks or strings. */
interface Slip {
  readonly at: number;
  readonly kind: 'leave out' | 'twice' | 'exchange' | 'instead';
  readonly word: string;
}

const WORDS =
  'orchard treeRow Foo size SIZE IMPORTS imports END OBJECT IDENTIFIER OBJECT-TYPE Object-Type MACRO ' +
  'SEQUENCE SYNTAX INDEX STATUS read current ENTERPRISE TRAP-TYPE TEXTUAL-CONVENTION FROM { } ( ) , ; . ' +
  '.. | :: ::= : - -- --- " "" \' [ < 5 4294967296 BEGIN DEFINITIONS AUGMENTS DESCRIPTION "text" \'0a\'H';

const slip: fc.Arbitrary<Slip> = fc.record({
  at: place,
  kind: fc.constantFrom('leave out', 'twice', 'exchange', 'instead'),
  word: fc.constantFrom(...WORDS.split(' '), '\n', '\t'),
});

function slipped(octets: Uint8Array, slips: readonly Slip[]): Uint8Array {
  const parts =
    Buffer.from(octets)
      .toString('latin1')
      .match(/"[^"]*"|[\w-]+|\s+|::=|[^]/g) ?? [];
  for (const { at, kind, word } of slips) {
    const i = Math.floor(at * parts.length);
    const [here = '', gap = '', there = ''] = parts.slice(i, i + 3);
    if (kind === 'leave out') parts.splice(i, 1);
    else if (kind === 'twice') parts.splice(i, 0, here, ' ');
    else if (kind === 'exchange') parts.splice(i, 3, there, gap, here);
    else parts.splice(i, 1, word);
  }
  return Buffer.from(parts.join(''), 'latin1');
}

const anyText = fc.record({
  name: fc.oneof(fc.constantFrom(...FAMILY), fc.constantFrom(...TEXTS.keys())),
  mutations: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    fc.array(mutation, { minLength: 1, maxLength: 3 }),
  ),
  slips: fc.array(slip, { maxLength: 3 }),
});

/** Without the modules that the compiler brings, of which it loads those that types are from. */
function expectedLines(sources: readonly MibSource[]): { modules: Set<string>; lines: string } {
  const { mib } = compileMibs(sources, { prose: false });
  const modules = [...mib.modules.values()].filter(
    ({ source }) => !source.startsWith('(built in)'),
  );
  const nodes = modules.flatMap(({ nodes: own, repeats }) => [...own.values(), ...(repeats ?? [])]);
  nodes.sort(
    (left, right) =>
      compareOids(left.oid, right.oid) ||
      (left.module < right.module ? -1 : Number(left.module > right.module)),
  );
  return {
    modules: new Set(modules.map(({ name }) => name)),
    lines: nodes.map(({ name, oid }) => `${name}\t${formatOid(oid)}\n`).join(''),
  };
}

function outlineOf(sources: readonly MibSource[], modules: ReadonlySet<string>): string {
  let text = '';
  for (const piece of new OidOutline().lines(sources, { modules }))
    text += Buffer.from(piece).toString('latin1');
  return text;
}

describe('an outline', () => {
  test('has the names and OIDs that the compiler finds in texts with random changes', () => {
    const seen = { texts: 0, scanned: 0, changed: 0, changedScanned: 0 };
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (texts) => {
        const sources = texts.map(({ name, mutations, slips }) => ({
          path: name,
          text: slipped(mutate(TEXTS.get(name) ?? new Uint8Array(), mutations), slips),
        }));
        const { modules, lines } = expectedLines(sources);
        expect(outlineOf(sources, modules)).toBe(lines);
        for (const [i, { text }] of sources.entries()) {
          const isScanned = new ModuleScanner(new NodeColumns()).scan(Buffer.from(text));
          seen.texts += 1;
          if (isScanned !== undefined) seen.scanned += 1;
          if (texts[i]?.slips.length === 0) continue;
          seen.changed += 1;
          if (isScanned !== undefined) seen.changedScanned += 1;
        }
      }),
      runs(RUNS),
    );
    expect(seen.scanned).toBeGreaterThan(seen.texts / 5);
    expect(seen.scanned).toBeLessThan((seen.texts * 2) / 3);
    expect(seen.changedScanned).toBeGreaterThan(seen.changed / 8);
  });
});
