import { describe, expect, it } from 'vitest';
import { nodeRecord } from '../../../src/cli/mib/node-record.js';
import type { MibModule } from '../../../src/mib/index.js';
import { moduleFromText } from '../../support/mib-fixtures.js';
import { NAMING } from '../mib-naming/naming-mib.js';

const naming = NAMING.modules.get('NAMING-MIB') as MibModule;
const record = (name: string, module = naming): unknown => {
  const node = module.nodes.get(name);
  if (node === undefined) throw new Error(`no ${name}`);
  return nodeRecord(module, node);
};

const DEFAULTS = moduleFromText(
  'DEF-MIB',
  `DEF-MIB DEFINITIONS ::= BEGIN
IMPORTS OBJECT-TYPE, enterprises, Counter64, Unsigned32 FROM SNMPv2-SMI;
def OBJECT IDENTIFIER ::= { enterprises 32473 79 }
${[
  ['INTEGER { up(1), down(2) }', 'down'],
  ['BITS { a(0), b(1) }', '{ a, b }'],
  ['OCTET STRING', '"text"'],
  ['OCTET STRING', "'00ff'H"],
  ['OBJECT IDENTIFIER', 'def'],
  ['Unsigned32 (1..9)', '7'],
]
  .map(
    ([syntax, value], i) =>
      `def${i} OBJECT-TYPE SYNTAX ${syntax} MAX-ACCESS read-write STATUS current DESCRIPTION "d" DEFVAL { ${value} } ::= { def ${i + 1} }`,
  )
  .join('\n')}
END`,
);

describe('one node for programs', () => {
  it('a column, with its units and its hint', () => {
    expect(record('nmVolts')).toEqual({
      oid: '1.3.6.1.4.1.32473.77.1.1.4',
      name: 'nmVolts',
      module: 'NAMING-MIB',
      kind: 'column',
      syntax: 'Hundredths',
      base: 'Integer32',
      access: 'read-write',
      status: 'current',
      units: 'volts',
      hint: 'd-2',
    });
  });

  it('labels, ranges and sizes', () => {
    expect(record('nmState')).toMatchObject({
      base: 'INTEGER',
      enums: { up: 1, down: 2, testing: 3 },
    });
    expect(record('nmFlags')).toMatchObject({
      syntax: 'BITS',
      enums: { red: 0, green: 1, blue: 9 },
    });
    expect(record('nmShort')).toMatchObject({ ranges: [[0, 10]] });
    expect(record('nmOctets')).toMatchObject({ syntax: 'OCTET STRING', ranges: [[0, 32]] });
  });

  it('a table and its row, with the index', () => {
    const index = [
      { object: 'nmKind', implied: false },
      { object: 'nmName', implied: false },
      { object: 'nmTail', implied: true },
    ];
    expect(record('nmTable')).toMatchObject({ kind: 'table', index });
    expect(record('nmEntry')).toMatchObject({ kind: 'row', index, access: 'not-accessible' });
  });

  it('defaults as JSON has them', () => {
    const defaults = ['def0', 'def1', 'def2', 'def3', 'def4', 'def5'].map(
      (name) => (record(name, DEFAULTS) as { defval: unknown }).defval,
    );
    expect(defaults).toEqual(['down', ['a', 'b'], 'text', '0x00ff', '1.3.6.1.4.1.32473.79', 7]);
  });

  it('a node that is nothing else', () => {
    expect(record('nmValues')).toEqual({
      oid: '1.3.6.1.4.1.32473.77.4',
      name: 'nmValues',
      module: 'NAMING-MIB',
      kind: 'node',
    });
  });
});
