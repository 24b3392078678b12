import { describe, expect, test } from 'vitest';
import { compileMibs, type Compilation, type MibSource } from '../../../src/mib/index.js';
import { compileText, moduleText, objectText } from './module-text.js';

function dated(path: string, date: string | undefined, arc: number): MibSource {
  const identity =
    date === undefined
      ? ''
      : `id MODULE-IDENTITY LAST-UPDATED "${date}" ORGANIZATION "x" CONTACT-INFO "x"
         DESCRIPTION "x" ::= { 1 3 6 1 4 1 32473 }`;
  return {
    path,
    text: `TWICE-MIB DEFINITIONS ::= BEGIN IMPORTS MODULE-IDENTITY FROM SNMPv2-SMI; ${identity}
      a OBJECT IDENTIFIER ::= { 1 3 6 1 4 1 32473 ${arc} } END`,
  };
}

function kept({ mib, diagnostics }: Compilation): string {
  const module = mib.modules.get('TWICE-MIB');
  const findings = diagnostics.map(({ code, file }) => `${code} in ${file}`);
  return [module?.source, module?.nodes.get('a')?.oid.at(-1), ...findings].join(', ');
}

describe('a module that several texts hold', () => {
  test.each([
    ['the later of two dates', '202001010000Z', '202101010000Z', 'new, 2, module-repeated in old'],
    [
      'a date of two digits of the year',
      '9912310000Z',
      '200001010000Z',
      'new, 2, module-repeated in old',
    ],
    [
      'one with a date before one without',
      undefined,
      '9001010000Z',
      'new, 2, module-repeated in old',
    ],
    [
      'the first of two equal dates',
      '202001010000Z',
      '202001010000Z',
      'old, 1, module-repeated in new',
    ],
    ['the first of two without a date', undefined, undefined, 'old, 1, module-repeated in new'],
  ])('is read where it was updated last: %s', (_, first, second, expected) => {
    const [old, later] = [dated('old', first, 1), dated('new', second, 2)];
    expect(kept(compileMibs([old, later]))).toBe(expected);
    if (first !== second) expect(kept(compileMibs([later, old]))).toBe(expected);
  });
});

describe('a name that is defined twice in a module', () => {
  const { mib } = compileText(
    moduleText(objectText('a', 'Integer32', 1) + objectText('a', 'DisplayString', 2)),
  );

  test('means the first definition', () => {
    expect(mib.find('TEST-MIB::a')?.oid.at(-1)).toBe(1);
  });

  test('is found by the OID of the second one, with its type', () => {
    expect(mib.nearest([1, 3, 6, 1, 4, 1, 32_473, 2, 0])).toMatchObject({
      name: 'a',
      kind: 'scalar',
      syntax: { base: 'OctetString' },
    });
    expect(mib.modules.get('TEST-MIB')?.repeats).toHaveLength(1);
  });
});

describe('a table that is defined twice in a module, at two places', () => {
  const table = (arc: number, column: string): string =>
    objectText('aTable', 'SEQUENCE OF AEntry', arc) +
    `aEntry OBJECT-TYPE SYNTAX AEntry MAX-ACCESS not-accessible STATUS current DESCRIPTION "x"
       INDEX { ${column} } ::= { aTable 1 }
     ${column} OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current DESCRIPTION "x"
       ::= { aEntry 1 }`;
  const { mib } = compileText(
    moduleText(
      `AEntry ::= SEQUENCE { first Integer32 } ${table(1, 'first')} ${table(2, 'second')}`,
    ),
  );

  test('has each time the columns that stand below it', () => {
    expect(mib.find('TEST-MIB::first')?.oid.slice(7)).toEqual([1, 1, 1]);
    expect(mib.find('TEST-MIB::second')?.oid.slice(7)).toEqual([2, 1, 1]);
    expect(mib.find('TEST-MIB::first')).toMatchObject({ kind: 'column', table: 'aTable' });
    expect(mib.find('TEST-MIB::second')).toMatchObject({
      kind: 'column',
      table: 'aTable',
      column: 1,
    });
    expect(mib.find('TEST-MIB::aTable')).toMatchObject({ columns: [{ name: 'first' }] });
  });

  test('a column that has the name of an earlier one too is a column', () => {
    const again = compileText(
      moduleText(
        `AEntry ::= SEQUENCE { first Integer32 } ${table(1, 'first')} ${table(2, 'first')}`,
      ),
    );
    const repeats = again.mib.modules.get('TEST-MIB')?.repeats ?? [];
    expect(repeats.map(({ kind, oid }) => [kind, ...oid.slice(7)])).toEqual([
      ['node', 2],
      ['node', 2, 1],
      ['column', 2, 1, 1],
    ]);
  });
});

describe('a node that is defined once more below itself', () => {
  const { mib } = compileText(
    moduleText(
      `mode OBJECT IDENTIFIER ::= { top 7 }
       ${objectText('mode', 'Integer32', 1).replace('{ top 1 }', '{ mode 1 }')}
       other OBJECT IDENTIFIER ::= { mode 2 }`,
    ),
  );

  test('is above all that names it where it first stood', () => {
    expect(mib.find('TEST-MIB::other')?.oid.slice(7)).toEqual([7, 2]);
  });
});

describe('a name that is not imported', () => {
  const text = (use: string): string =>
    `LONE-MIB DEFINITIONS ::= BEGIN ${use} ::= { 1 3 6 1 4 1 32473 1 } END`;
  const use = 'a OBJECT-TYPE SYNTAX InetAddress MAX-ACCESS read-only STATUS current';
  const home: MibSource = {
    path: 'inet',
    text: 'INET-ADDRESS-MIB DEFINITIONS ::= BEGIN InetAddress ::= OCTET STRING END',
  };

  test('is looked for in the standard module that is known to define it', () => {
    const asked: string[] = [];
    const { mib, diagnostics } = compileText(text(use), (name) => {
      asked.push(name);
      return name === 'INET-ADDRESS-MIB' ? home : undefined;
    });
    expect(asked).toContain('INET-ADDRESS-MIB');
    expect(mib.find('a')).toMatchObject({ kind: 'scalar', syntax: { base: 'OctetString' } });
    expect(diagnostics.map(({ code }) => code)).toEqual(['import-missing']);
  });

  test('of which several modules define one each is not guessed', () => {
    const define = (module: string): MibSource => ({
      path: module,
      text: `${module} DEFINITIONS ::= BEGIN Rare ::= INTEGER END`,
    });
    const user = { path: 'user', text: text(use.replace('InetAddress', 'Rare')) };
    const codes = (...sources: MibSource[]): string[] =>
      compileMibs(sources).diagnostics.map(({ code }) => code);
    expect(codes(user, define('ONE-MIB'))).toEqual(['import-guessed']);
    expect(codes(user, define('ONE-MIB'), define('TWO-MIB'))).toEqual(['type-unknown']);
  });

  describe('in an OID', () => {
    const root = (module: string, arcs: string): MibSource => ({
      path: module,
      text: `${module} DEFINITIONS ::= BEGIN acme OBJECT IDENTIFIER ::= { ${arcs} } END`,
    });
    const user = (imports: string): MibSource => ({
      path: 'user',
      text: `USER-MIB DEFINITIONS ::= BEGIN ${imports} a OBJECT IDENTIFIER ::= { acme 7 }
        b OBJECT IDENTIFIER ::= { acme 8 } END`,
    });
    const same = [root('ONE-MIB', 'enterprises 32473'), root('TWO-MIB', '1 3 6 1 4 1 32473')];

    test('means what all that define it agree on', () => {
      const { mib, diagnostics } = compileMibs([user(''), ...same]);
      expect(mib.find('a')?.oid).toEqual([1, 3, 6, 1, 4, 1, 32473, 7]);
      expect(mib.find('b')?.oid).toEqual([1, 3, 6, 1, 4, 1, 32473, 8]);
      expect(diagnostics.filter(({ severity }) => severity !== 'info')).toMatchObject([
        { code: 'import-missing' },
        { code: 'import-guessed' },
      ]);
    });

    test('means it too where it is imported from a module that is lost or does not define it', () => {
      for (const from of ['LOST-MIB', 'SNMPv2-SMI']) {
        const { mib } = compileMibs([user(`IMPORTS acme FROM ${from};`), ...same]);
        expect(mib.find('a')?.oid, from).toEqual([1, 3, 6, 1, 4, 1, 32473, 7]);
      }
    });

    test('means nothing where they do not agree', () => {
      const { mib, diagnostics } = compileMibs([
        user(''),
        ...same,
        root('THREE-MIB', 'enterprises 9'),
      ]);
      expect(mib.find('a')).toBeUndefined();
      expect(diagnostics.map(({ code }) => code)).toContain('name-unknown');
    });

    test('means what those say that lie beside it, where all together do not agree', () => {
      const beside = (folder: string, source: MibSource): MibSource => ({
        ...source,
        path: `${folder}/${source.path}`,
      });
      const mine = [user(''), root('ONE-MIB', 'enterprises 9'), root('TWO-MIB', '1 3 6 1 4 1 9')];
      const { mib } = compileMibs([
        beside('b', root('FOUR-MIB', 'enterprises 32473')),
        ...mine.map((source) => beside('a', source)),
        beside('b', {
          path: 'other',
          text: `OTHER-MIB DEFINITIONS ::= BEGIN c OBJECT IDENTIFIER ::= { acme 3 } END`,
        }),
      ]);
      expect(mib.find('a')?.oid).toEqual([1, 3, 6, 1, 4, 1, 9, 7]);
      expect(mib.find('c')?.oid).toEqual([1, 3, 6, 1, 4, 1, 32473, 3]);
    });

    test('means nothing where they need what needs it', () => {
      const circle = (module: string): MibSource => ({
        path: module,
        text: `${module} DEFINITIONS ::= BEGIN IMPORTS a FROM USER-MIB; acme OBJECT IDENTIFIER ::= { a 1 } END`,
      });
      const { mib, diagnostics } = compileMibs([user(''), circle('ONE-MIB'), circle('TWO-MIB')]);
      expect(mib.find('a')).toBeUndefined();
      expect(diagnostics.map(({ code }) => code)).toContain('oid-circular');
    });
  });
});
