import { describe, expect, test } from 'vitest';
import { compileMibs, OidOutline, type MibSource } from '../../../src/mib/index.js';
import { NodeColumns } from '../../../src/mib/outline/node-columns.js';
import { PlaceTree } from '../../../src/mib/outline/place-tree.js';
import { REHEARSAL } from '../../../src/mib/outline/rehearsal.js';
import { ModuleScanner } from '../../../src/mib/outline/scan-modules.js';
import { fixture, moduleText, objectText } from './module-text.js';

function linesOf(sources: readonly (string | MibSource)[], modules?: readonly string[]): string[] {
  const given = sources.map((one, i) =>
    typeof one === 'string' ? { path: `text-${i}`, text: one } : one,
  );
  const options = modules === undefined ? {} : { modules: new Set(modules) };
  return textOf(new OidOutline().lines(given, options)).split('\n').slice(0, -1);
}

/** Each piece is valid until the next one is asked for. */
function textOf(pieces: Iterable<Uint8Array>): string {
  let text = '';
  for (const piece of pieces) text += Buffer.from(piece).toString('latin1');
  return text;
}

function isScanned(text: string): boolean {
  return new ModuleScanner(new NodeColumns()).scan(Buffer.from(text)) !== undefined;
}

describe('an outline of names and OIDs', () => {
  test('gives names and OIDs by OID, then by module, then as in the text', () => {
    const one = `B-MIB DEFINITIONS ::= BEGIN IMPORTS enterprises FROM SNMPv2-SMI;
      late OBJECT IDENTIFIER ::= { top 10 }
      top OBJECT IDENTIFIER ::= { enterprises 32473 }
      early OBJECT IDENTIFIER ::= { top 9 }
      same OBJECT IDENTIFIER ::= { top 9 } END`;
    const other = `A-MIB DEFINITIONS ::= BEGIN IMPORTS top FROM B-MIB;
      mine OBJECT IDENTIFIER ::= { top 9 }
      below OBJECT IDENTIFIER ::= { mine 4294967295 0 } END`;
    expect(linesOf([one, other], ['A-MIB', 'B-MIB'])).toEqual([
      'top\t1.3.6.1.4.1.32473',
      'mine\t1.3.6.1.4.1.32473.9',
      'early\t1.3.6.1.4.1.32473.9',
      'same\t1.3.6.1.4.1.32473.9',
      'below\t1.3.6.1.4.1.32473.9.4294967295.0',
      'late\t1.3.6.1.4.1.32473.10',
    ]);
    expect(linesOf([one, other], ['A-MIB'])).toEqual([
      'mine\t1.3.6.1.4.1.32473.9',
      'below\t1.3.6.1.4.1.32473.9.4294967295.0',
    ]);
  });

  test('finds what is imported, and shows of it what is asked for', () => {
    const text = `A-MIB DEFINITIONS ::= BEGIN IMPORTS trellisTestbed FROM TRELLIS-TESTBED-MIB;
      mine OBJECT IDENTIFIER ::= { trellisTestbed 900 } END`;
    const asked: string[] = [];
    const pieces = new OidOutline().lines([{ path: 'a', text }], {
      modules: new Set(['A-MIB']),
      resolveImport: (name) => {
        asked.push(name);
        return name === 'TRELLIS-TESTBED-MIB' ? fixture(name) : undefined;
      },
    });
    expect(textOf(pieces)).toBe('mine\t1.3.6.1.4.1.32473.1.900\n');
    expect(asked).toContain('TRELLIS-TESTBED-MIB');
  });

  test('does not ask again for a text that was read ahead, unless the compiler has to read it', () => {
    const asked: string[] = [];
    const source = (path: string, text: string): MibSource => ({
      path,
      get text() {
        asked.push(path);
        return text;
      },
    });
    const plain = 'A-MIB DEFINITIONS ::= BEGIN a OBJECT IDENTIFIER ::= { iso 1 } END';
    const odd = 'B-MIB DEFINITIONS ::= BEGIN b OBJECT IDENTIFIER { iso 2 } END';
    const outline = new OidOutline();
    for (const one of [source('plain', plain), source('odd', odd), source('unused', plain)]) {
      outline.readAhead(one);
    }
    expect(asked).toEqual(['plain', 'odd', 'unused']);
    const sources = [source('plain', plain), source('odd', odd)];
    const modules = new Set(['A-MIB', 'B-MIB']);
    expect(textOf(outline.lines(sources, { modules }))).toBe('a\t1.1\nb\t1.2\n');
    expect(asked).toEqual(['plain', 'odd', 'unused', 'odd']);
  });

  test('gives every name where a piece is full, and one that is longer than a piece', () => {
    const long = `n${'o'.repeat(70_000)}`;
    const many = Array.from({ length: 4000 }, (_, i) => objectText(`node${i}`, 'Integer32', i + 1));
    const lines = linesOf(
      [moduleText(`${many.join('')}${long} OBJECT IDENTIFIER ::= { top 4001 }`)],
      ['TEST-MIB'],
    );
    expect(lines).toHaveLength(4002);
    expect(lines[1]).toBe('node0\t1.3.6.1.4.1.32473.1');
    expect(lines[4000]).toBe('node3999\t1.3.6.1.4.1.32473.4000');
    expect(lines[4001]).toBe(`${long}\t1.3.6.1.4.1.32473.4001`);
  });

  test('takes linear time for a module of nothing but imports, types and parents of others', () => {
    const count = 20_000;
    const names = Array.from({ length: count }, (_, i) => `n${i}`);
    const one = `A-MIB DEFINITIONS ::= BEGIN ${names.map((name) => `T${name} ::= INTEGER`).join('\n')}
      ${names.map((name, i) => `${name} OBJECT IDENTIFIER ::= { iso ${i} }`).join('\n')} END`;
    const other = `B-MIB DEFINITIONS ::= BEGIN IMPORTS ${names.map((name) => `T${name}, ${name}`).join()}
      FROM A-MIB; ${names.map((name) => `x${name} OBJECT IDENTIFIER ::= { ${name} 1 }`).join('\n')} END`;
    const lines = linesOf([one, other], ['B-MIB']);
    expect(lines).toHaveLength(count);
    expect(lines.at(-1)).toBe(`xn${count - 1}\t1.${count - 1}.1`);
  });

  test('leaves out what is in a circle, is longer than any OID, or hangs on nothing', () => {
    const deep = Array.from(
      { length: 130 },
      (_, i) => `d${i} OBJECT IDENTIFIER ::= { ${i === 0 ? 'top' : `d${i - 1}`} 1 }`,
    );
    const text = moduleText(`${deep.join('\n')}
      round OBJECT IDENTIFIER ::= { about 1 } about OBJECT IDENTIFIER ::= { round 1 }
      lost OBJECT IDENTIFIER ::= { nowhere 1 } self OBJECT IDENTIFIER ::= { self 1 }`);
    const lines = linesOf([text], ['TEST-MIB']);
    // 128 numbers, of which `top` has seven.
    expect(lines).toHaveLength(1 + 121);
    expect(lines.at(-1)?.split('\t')[0]).toBe('d120');
  });
});

describe('what is read without the compiler', () => {
  test('are modules that are as they should be, whatever is in their texts', () => {
    expect(isScanned(moduleText(objectText('a', 'OCTET STRING (SIZE (0..255))', 1)))).toBe(true);
    expect(isScanned(moduleText('Foo ::= INTEGER { up(1), down(-2) }'))).toBe(true);
    expect(isScanned(moduleText('a OBJECT IDENTIFIER ::= { top x(1) 2 }'))).toBe(true);
    const accents = 'a OBJECT-IDENTITY STATUS current DESCRIPTION "é" ::= { top 1 }';
    expect(isScanned(moduleText(accents))).toBe(true);
    expect(isScanned(moduleText('FOO MACRO ::= BEGIN TYPE NOTATION ::= "x" Y END'))).toBe(true);
    expect(isScanned(moduleText('row ::= SEQUENCE { a INTEGER b Foo, }'))).toBe(true);
  });

  test('is the text that is read before all others, of which every definition is found', () => {
    expect(isScanned(REHEARSAL)).toBe(true);
    const lines = linesOf([REHEARSAL], ['REHEARSAL-SMI', 'REHEARSAL-MIB']);
    const { mib } = compileMibs([{ path: '', text: REHEARSAL }]);
    const expected = ['REHEARSAL-SMI', 'REHEARSAL-MIB'].flatMap((name) => [
      ...(mib.modules.get(name)?.nodes.keys() ?? []),
    ]);
    expect(new Set(lines.map((line) => line.split('\t')[0]))).toEqual(new Set(expected));
    expect(lines).toHaveLength(expected.length);
    expect(lines).toContain('play\t1.3.6.1.4.1.32473.30');
  });

  test.each([
    ['a macro without END', 'FOO MACRO ::= BEGIN a OBJECT IDENTIFIER ::= { top 1 }'],
    ['a macro misspelled', 'a OBJECT-TYP SYNTAX INTEGER ::= { top 1 }'],
    ['a forgotten assignment', 'a OBJECT IDENTIFIER { top 1 }'],
    ['a forgotten value', 'a OBJECT-TYPE SYNTAX INTEGER b OBJECT IDENTIFIER ::= { top 1 }'],
    [
      'braces that are not closed',
      'a OBJECT IDENTIFIER ::= { top 1 b OBJECT IDENTIFIER ::= { top 2 }',
    ],
    ['a number too large', 'a OBJECT IDENTIFIER ::= { top 4294967296 }'],
    ['a foreign comment', '// a OBJECT IDENTIFIER ::= { top 1 }'],
    ['letters that are not of ASCII', 'ä OBJECT IDENTIFIER ::= { top 1 }'],
    ['END before the end', 'END a OBJECT IDENTIFIER ::= { top 1 }'],
    ['IMPORTS in small letters', 'imports OBJECT IDENTIFIER ::= { top 1 }'],
    ['SIZE in small letters', 'Foo ::= OCTET STRING size OBJECT IDENTIFIER ::= { top 1 }'],
  ])('are not those with %s', (_, definition) => {
    expect(isScanned(moduleText(definition))).toBe(false);
  });

  test('leaves nothing behind of a text that it gives up', () => {
    const columns = new NodeColumns();
    const scanner = new ModuleScanner(columns);
    const sound = Buffer.from(moduleText('a OBJECT IDENTIFIER ::= { top 1 }'));
    scanner.scan(sound);
    const { count } = columns;
    const counts = [columns.imports.count, columns.types.count];
    const broken = `Foo ::= INTEGER z OBJECT IDENTIFIER ::= { top 1 } b OBJECT IDENTIFIER { top 2 }`;
    expect(scanner.scan(Buffer.from(moduleText(broken)))).toBeUndefined();
    expect(columns.count).toBe(count);
    expect([columns.imports.count, columns.types.count]).toEqual(counts);
    expect(columns.find(columns.names.lookUpText('a'), 0, count)).toBe(count - 1);
    // The next node takes the number of one that was given up.
    scanner.scan(Buffer.from(moduleText('c OBJECT IDENTIFIER ::= { top 3 }')));
    expect(columns.find(columns.names.lookUpText('z'), 0, columns.count)).toBe(-1);
  });
});

describe('the tree of places', () => {
  test('has one place for one OID, and none for what is too long', () => {
    const tree = new PlaceTree();
    const place = tree.of([1, 3, 6]);
    expect(tree.below(tree.of([1, 3]), 6)).toBe(place);
    expect(tree.length(place)).toBe(3);
    const deepest = tree.of(Array.from({ length: 128 }, () => 1));
    expect(tree.length(deepest)).toBe(128);
    expect(tree.below(deepest, 1)).toBe(-1);
  });

  test('is in order of the OIDs, whatever the order they came in and however many there are', () => {
    const tree = new PlaceTree();
    const arcs = Array.from({ length: 200_000 }, (_, i) => (i * 2_654_435_761) % 2 ** 32);
    for (const arc of arcs) tree.of([1, arc]);
    const order = tree.inOrder();
    expect(order).toHaveLength(tree.count);
    const seen = [...order].slice(2).map((place) => tree.arc(place));
    // Not as one list: to show how two of this length differ takes minutes.
    expect(seen).toHaveLength(new Set(arcs).size);
    expect(seen.findIndex((arc, i) => i > 0 && arc <= (seen[i - 1] ?? Infinity))).toBe(-1);
  });
});
