import { describe, expect, test } from 'vitest';
import type { Compilation, IndexItem } from '../../../src/mib/index.js';
import { compileMibs } from '../../../src/mib/index.js';
import { compileText, faults, fixture, moduleText } from './module-text.js';

/** A table `<name>Table` of columns c1.. with the clause given after its row. */
function tableText(name: string, arc: number, clause: string, syntax = 'Integer32'): string {
  const row = `${name.charAt(0).toUpperCase()}${name.slice(1)}Entry`;
  return `${name}Table OBJECT-TYPE SYNTAX SEQUENCE OF ${row} MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "x" ::= { top ${arc} }
  ${name}Entry OBJECT-TYPE SYNTAX ${row} MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "x" ${clause} ::= { ${name}Table 1 }
  ${row} ::= SEQUENCE { ${name}Key ${syntax}, ${name}Data Integer32 }
  ${name}Key OBJECT-TYPE SYNTAX ${syntax} MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "x" ::= { ${name}Entry 1 }
  ${name}Data OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current
    DESCRIPTION "x" ::= { ${name}Entry 2 }\n`;
}

function indexOf({ mib }: Compilation, table: string): readonly IndexItem[] {
  const node = mib.find(table);
  return node?.kind === 'table' ? node.index : [];
}

describe('INDEX [RFC 2578 7.7]', () => {
  test('names its objects with their syntax, in order, IMPLIED told', () => {
    expect(indexOf(compileMibs([fixture('WORKSHOP-MIB')]), 'toolTable')).toMatchObject([
      {
        object: 'toolBench',
        implied: false,
        syntax: { base: 'Integer32', ranges: [{ low: 1, high: 64 }] },
      },
      {
        object: 'toolName',
        implied: true,
        syntax: { base: 'OctetString', sizes: [{ low: 1, high: 60 }] },
      },
    ]);
  });

  test('may name objects of other modules', () => {
    const resolveImport = (name: string) => ({
      path: `${name}.mib`,
      text: `KEYS-MIB DEFINITIONS ::= BEGIN IMPORTS OBJECT-TYPE, Unsigned32, enterprises FROM SNMPv2-SMI;
        foreignKey OBJECT-TYPE SYNTAX Unsigned32 (1..9) MAX-ACCESS not-accessible STATUS current
        DESCRIPTION "x" ::= { enterprises 7 } END`,
    });
    const text = moduleText(
      tableText('own', 1, 'INDEX { foreignKey, ownKey }'),
      ' foreignKey FROM KEYS-MIB',
    );
    const compilation = compileText(text, resolveImport);
    expect(faults(compilation)).toEqual([]);
    expect(indexOf(compilation, 'ownTable')).toMatchObject([
      { object: 'foreignKey', syntax: { base: 'Unsigned32', ranges: [{ low: 1, high: 9 }] } },
      { object: 'ownKey' },
    ]);
  });

  test('a missing object is reported, a missing clause too', () => {
    expect(faults(compileText(moduleText(tableText('a', 1, 'INDEX { lost }'))))).toEqual([
      'index-unresolved',
    ]);
    expect(faults(compileText(moduleText(tableText('a', 1, ''))))).toEqual(['row-without-index']);
  });

  test('IMPLIED belongs before the last object and one of variable size', () => {
    const text = moduleText(tableText('a', 1, 'INDEX { IMPLIED aKey, aKey }', 'OCTET STRING'));
    expect(faults(compileText(text))).toEqual(['index-unfit']);
    const numeric = moduleText(tableText('a', 1, 'INDEX { IMPLIED aKey }'));
    expect(faults(compileText(numeric))).toEqual(['index-unfit']);
  });

  test('a type in the stead of an object is read as SMIv1 has it [RFC 1212 4.1.6]', () => {
    const compilation = compileText(moduleText(tableText('a', 1, 'INDEX { INTEGER }')));
    expect(faults(compilation)).toEqual(['index-unfit']);
    expect(indexOf(compilation, 'aTable')).toMatchObject([
      { object: 'INTEGER', syntax: { base: 'Integer32' } },
    ]);
  });
});

describe('AUGMENTS [RFC 2578 7.8]', () => {
  test('gives the index of the row that is augmented, and its name', () => {
    const { mib } = compileMibs([fixture('WORKSHOP-MIB')]);
    const table = mib.find('toolCareTable');
    expect(table).toMatchObject({ kind: 'table', augments: 'toolEntry' });
    expect(table?.kind === 'table' && table.index.map(({ object }) => object)).toEqual([
      'toolBench',
      'toolName',
    ]);
  });

  test('may stand before what it augments, and in another module', () => {
    const resolveImport = (name: string) => ({
      path: `${name}.mib`,
      text: moduleText(tableText('base', 5, 'INDEX { baseKey }')).replace('TEST-MIB', 'BASE-MIB'),
    });
    const text = moduleText(
      tableText('late', 1, 'AUGMENTS { earlyEntry }') +
        tableText('early', 2, 'AUGMENTS { baseEntry }'),
      ' baseEntry FROM BASE-MIB',
    );
    const compilation = compileText(text, resolveImport);
    expect(faults(compilation)).toEqual([]);
    expect(indexOf(compilation, 'lateTable')).toMatchObject([{ object: 'baseKey' }]);
  });

  test('rows that augment one another are reported and end', () => {
    const text =
      tableText('a', 1, 'AUGMENTS { bEntry }') + tableText('b', 2, 'AUGMENTS { aEntry }');
    expect(faults(compileText(moduleText(text)))).toEqual(['augments-unresolved']);
  });

  test('what is no row cannot be augmented', () => {
    const text = moduleText(tableText('a', 1, 'AUGMENTS { aTable }'));
    expect(faults(compileText(text))).toEqual(['augments-unresolved']);
  });
});

describe('tables', () => {
  test('the SEQUENCE of a row lists its columns, all and no others [RFC 2578 7.1.12]', () => {
    const text = tableText('a', 1, 'INDEX { aKey }').replace('aData Integer32', 'aOther Integer32');
    expect(faults(compileText(moduleText(text)))).toEqual([
      'sequence-mismatch',
      'sequence-mismatch',
    ]);
  });

  test('a table without a row is a plain node, and is reported', () => {
    const text = moduleText(
      'a OBJECT-TYPE SYNTAX SEQUENCE OF B MAX-ACCESS not-accessible STATUS current DESCRIPTION "x" ::= { top 1 }',
    );
    const compilation = compileText(text);
    expect(faults(compilation)).toEqual(['table-without-row']);
    expect(compilation.mib.find('a')?.kind).toBe('node');
  });

  test('a second row of a table is reported', () => {
    const text = `${tableText('a', 1, 'INDEX { aKey }')} b OBJECT-TYPE SYNTAX AEntry
      MAX-ACCESS not-accessible STATUS current DESCRIPTION "x" INDEX { aKey } ::= { aTable 2 }`;
    expect(faults(compileText(moduleText(text)))).toContain('table-second-row');
  });

  test('a row that stands below no table is reported', () => {
    const text = tableText('a', 1, 'INDEX { aKey }').replace('{ aTable 1 }', '{ top 77 }');
    expect(faults(compileText(moduleText(text)))).toEqual(
      ['row-without-table', 'table-without-row'].toReversed(),
    );
  });
});
