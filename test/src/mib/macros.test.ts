import { describe, expect, test } from 'vitest';
import { compileMibs, type MibNode } from '../../../src/mib/index.js';
import { compileText, faults, fixture, moduleText } from './module-text.js';

const ROOT = [1, 3, 6, 1, 4, 1, 32473, 9];

describe('macros of SMIv2', () => {
  const { mib, diagnostics } = compileMibs([fixture('WORKSHOP-MIB')]);
  const node = (name: string): MibNode | undefined => mib.find(name);

  test('a size that reaches beyond its type is the one fault of the fixture', () => {
    expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([
      ['range-outside', 165],
      ['range-outside', 165],
    ]);
  });

  test('several modules in one text, imported in either order, are resolved together', () => {
    expect([...mib.modules.keys()].slice(0, 2)).toEqual(['WORKSHOP-MIB', 'WORKSHOP-TC-MIB']);
    expect(mib.modules.get('WORKSHOP-MIB')).toMatchObject({
      language: 'SMIv2',
      source: 'WORKSHOP-MIB.mib',
      identity: [...ROOT, 1],
    });
    expect(mib.modules.get('WORKSHOP-TC-MIB')?.identity).toBeUndefined();
  });

  test('MODULE-IDENTITY keeps its own description, not that of a revision [RFC 2578 5]', () => {
    expect(node('workshopMIB')).toMatchObject({
      kind: 'module-identity',
      oid: [...ROOT, 1],
      description: 'Tools of a workshop.',
    });
  });

  test('OBJECT-IDENTITY [RFC 2578 6]; indentation that lines share is taken off', () => {
    expect(node('benches')).toMatchObject({
      kind: 'object-identity',
      status: 'current',
      description: 'Where\nwork\n  is done.',
      reference: 'A book about benches',
    });
  });

  test('OBJECT-TYPE: a scalar with units, access, status and text [RFC 2578 7]', () => {
    expect(node('toolCount')).toMatchObject({
      kind: 'scalar',
      module: 'WORKSHOP-MIB',
      oid: [...ROOT, 1, 1, 1],
      units: 'tools',
      access: 'read-only',
      status: 'current',
      description: 'How many there are; -- this is no comment.',
      syntax: { base: 'Unsigned32', ranges: [{ low: 0, high: 1000 }], conventions: [] },
    });
  });

  test('OBJECT-TYPE: a table with its row and its columns by number [RFC 2578 7.1.12]', () => {
    const table = node('toolTable');
    if (table?.kind !== 'table') throw new Error('no table');
    expect(table.row).toMatchObject({
      name: 'toolEntry',
      oid: [...ROOT, 1, 1, 2, 1],
      access: 'not-accessible',
    });
    expect(table.columns.map(({ name, column, table: of }) => [name, column, of])).toEqual([
      ['toolName', 1, 'toolTable'],
      ['toolBench', 2, 'toolTable'],
      ['toolUses', 7, 'toolTable'],
    ]);
    expect(table.columns[2]).toBe(node('toolUses'));
    expect(node('toolEntry')).toMatchObject({ kind: 'row' });
  });

  test('TEXTUAL-CONVENTION and types without it, with the chain of names [RFC 2579 3]', () => {
    const types = mib.modules.get('WORKSHOP-TC-MIB')?.types;
    expect(types?.get('ToolName')).toMatchObject({
      base: 'OctetString',
      isTextualConvention: true,
      status: 'current',
      description: 'A name.',
      syntax: {
        sizes: [{ low: 1, high: 60 }],
        displayHint: '60t',
        conventions: ['ToolName', 'DisplayString'],
      },
    });
    expect(types?.get('ShortToolName')).toMatchObject({
      isTextualConvention: false,
      syntax: {
        sizes: [
          { low: 1, high: 8 },
          { low: 50, high: 60 },
        ],
        displayHint: '60t',
        conventions: ['ShortToolName', 'ToolName', 'DisplayString'],
      },
    });
  });

  test('NOTIFICATION-TYPE with its objects [RFC 2578 8]', () => {
    expect(node('toolBroken')).toMatchObject({
      kind: 'notification',
      oid: [...ROOT, 1, 0, 1],
      members: ['toolUses', 'toolNick'],
    });
  });

  test('OBJECT-GROUP and NOTIFICATION-GROUP with their members [RFC 2580 3, 4]', () => {
    expect(node('toolGroup')).toMatchObject({
      kind: 'object-group',
      members: ['toolCount', 'toolUses', 'toolOiled', 'toolNick'],
    });
    expect(node('toolNotificationGroup')).toMatchObject({
      kind: 'notification-group',
      members: ['toolBroken'],
    });
  });

  test('MODULE-COMPLIANCE: what it asks of each module [RFC 2580 5]', () => {
    expect(node('toolCompliance')).toMatchObject({
      kind: 'module-compliance',
      description: 'What a workshop needs.',
      requirements: [
        {
          module: 'WORKSHOP-MIB',
          mandatoryGroups: ['toolGroup'],
          optionalGroups: ['toolNotificationGroup'],
          refinedObjects: ['toolNick'],
        },
        {
          module: 'OTHER-MIB',
          mandatoryGroups: ['otherGroup'],
          optionalGroups: [],
          refinedObjects: [],
        },
      ],
    });
  });

  test('AGENT-CAPABILITIES: what the agent does of each module [RFC 2580 6]', () => {
    expect(node('toolAgent')).toMatchObject({
      kind: 'agent-capabilities',
      requirements: [
        {
          module: 'WORKSHOP-MIB',
          mandatoryGroups: ['toolGroup'],
          refinedObjects: ['toolOiled', 'toolNick'],
        },
      ],
    });
  });
});

describe('what the macros ask for', () => {
  test.each([
    [
      'a scalar that is read-create [RFC 2578 7.3]',
      'a OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-create STATUS current DESCRIPTION "x" ::= { top 1 }',
      'access-unfit',
    ],
    [
      'a counter that is writable [RFC 2578 7.1.6]',
      'a OBJECT-TYPE SYNTAX Counter32 MAX-ACCESS read-write STATUS current DESCRIPTION "x" ::= { top 1 }',
      'access-unfit',
    ],
    [
      'a status that no language has [RFC 2578 7.4]',
      'a OBJECT-IDENTITY STATUS fresh DESCRIPTION "x" ::= { top 1 }',
      'status-unknown',
    ],
    [
      'an object without SYNTAX [RFC 2578 7.1]',
      'a OBJECT-TYPE MAX-ACCESS read-only STATUS current DESCRIPTION "x" ::= { top 1 }',
      'clause-missing',
    ],
    [
      'a macro without STATUS',
      'a OBJECT-IDENTITY DESCRIPTION "x" ::= { top 1 }',
      'clause-optional-missing',
    ],
    [
      'a clause that stands twice',
      'a OBJECT-IDENTITY STATUS current STATUS current DESCRIPTION "x" ::= { top 1 }',
      'clause-repeated',
    ],
    [
      'a group of what is not there [RFC 2580 3.1]',
      'a OBJECT-GROUP OBJECTS { lost } STATUS current DESCRIPTION "x" ::= { top 1 }',
      'member-unknown',
    ],
    [
      'a group of what is no object [RFC 2580 3.1]',
      'a OBJECT-GROUP OBJECTS { top } STATUS current DESCRIPTION "x" ::= { top 1 }',
      'member-unfit',
    ],
    [
      'two objects of one OID',
      'a OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current DESCRIPTION "x" ::= { top 1 } b OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current DESCRIPTION "x" ::= { top 1 }',
      'oid-repeated',
    ],
    [
      'two definitions of one name',
      'a OBJECT IDENTIFIER ::= { top 1 } a OBJECT IDENTIFIER ::= { top 2 }',
      'name-repeated',
    ],
  ])('%s is reported', (_, definitions, code) => {
    expect(faults(compileText(moduleText(definitions)))).toEqual([code]);
  });
});
