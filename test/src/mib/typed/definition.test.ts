import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  compileMibs,
  definitionOf,
  findShippedModule,
  moduleOf,
  shippedModuleNames,
  type Compilation,
  type MibDefinition,
  type MibModule,
  type MibNode,
} from '../../../../src/mib/index.js';
import { TYPED_MIB } from '../../../fixtures/typed/typed-mib.js';

const FIXTURES = [
  'mib/WORKSHOP-MIB',
  'mib/ATTIC-MIB',
  'mib/TRELLIS-TESTBED-MIB',
  'mib-text/CONF-MIB',
];

function compiled(fixture: string): Compilation & { readonly modules: readonly MibModule[] } {
  const path = `test/fixtures/${fixture}.mib`;
  const compilation = compileMibs([{ path, text: readFileSync(path) }], {
    resolveImport: findShippedModule,
  });
  const { modules } = compilation.mib;
  return { ...compilation, modules: [...modules.values()].filter(({ source }) => source === path) };
}

/** What definitions keep of a node. */
function kept(node: MibNode): unknown {
  const { kind, name, module, oid } = node;
  const status = ['deprecated', 'obsolete'].includes(node.status ?? '') ? node.status : undefined;
  switch (kind) {
    case 'scalar':
    case 'column': {
      const { syntax, access, units, defaultValue } = node;
      const column = kind === 'column' ? [node.column, node.table] : [];
      return { kind, name, module, oid, status, syntax, access, units, defaultValue, column };
    }
    case 'table': {
      const { access, row, columns, index, augments } = node;
      const entry = [row.name, row.module, row.oid, row.access];
      const names = columns.map((column) => column.name);
      return { kind, name, module, oid, status, access, entry, names, index, augments };
    }
    case 'notification':
      return { kind, name, module, oid, members: node.members ?? [] };
    case 'row':
    case 'module-identity':
      return { kind, name, module, oid };
    default:
      return { kind: 'node', name, module, oid };
  }
}

function facts({ nodes, ...module }: MibModule): unknown {
  const { name, language, source, identity } = module;
  const byName = [...nodes.values()].map(kept).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return { name, language, source: source.split('/').at(-1), identity, byName };
}

const nameOf = (node: unknown): string => (node as { name: string }).name;

describe('a module out of its definition', () => {
  it.each([...FIXTURES, 'mib-text/TYPED-MIB'])(
    'has every object, SYNTAX, INDEX, DEFVAL and name of the one out of the text: %s',
    (fixture) => {
      const { mib, modules } = compiled(fixture);
      expect(modules.length).toBeGreaterThan(0);
      for (const module of modules) {
        expect(facts(moduleOf(definitionOf(mib, module)))).toEqual(facts(module));
      }
    },
  );

  it.each(shippedModuleNames())('so has one of those that come with the package: %s', (name) => {
    const source = findShippedModule(name);
    if (source === undefined) throw new Error(`${name} is shipped`);
    const { mib } = compileMibs([source], { resolveImport: findShippedModule });
    const module = mib.modules.get(name);
    if (module === undefined) throw new Error(`${name} is in its text`);
    expect(facts(moduleOf(definitionOf(mib, module)))).toEqual(facts(module));
  });

  it('shares the columns of a table with its nodes, as the compiler does', () => {
    const { nodes } = moduleOf(TYPED_MIB);
    const table = nodes.get('friendTable');
    if (table?.kind !== 'table') throw new Error('friendTable is a table');
    for (const column of table.columns) expect(nodes.get(column.name)).toBe(column);
  });
});

describe('a definition', () => {
  it('is in order of the OIDs, whatever the order of the text', () => {
    const { mib, modules } = compiled('mib/WORKSHOP-MIB');
    const [module] = modules;
    if (module === undefined) throw new Error('there is one');
    const reversed = { ...module, nodes: new Map([...module.nodes].toReversed()) };
    expect(JSON.stringify(definitionOf(mib, reversed))).toBe(
      JSON.stringify(definitionOf(mib, module)),
    );
    expect(Object.keys(definitionOf(mib, module).tables['toolTable']?.columns ?? {})).toEqual([
      'toolName',
      'toolBench',
      'toolUses',
    ]);
  });

  it('names a convention that is used as it is, and writes out one that is refined', () => {
    const { types, scalars } = TYPED_MIB as MibDefinition;
    expect(scalars['tyMood']?.syntax).toBe('Mood');
    expect(types['Mood']?.enums).toEqual({ merry: 1, sad: 2, 'so-so': 3 });
    expect(scalars['tyName']?.syntax).toMatchObject({
      size: '0..20',
      conventions: ['DisplayString'],
    });
  });

  it('writes a base type out that a convention has the name of', () => {
    const text = `NAMES-MIB DEFINITIONS ::= BEGIN
      IMPORTS OBJECT-TYPE, enterprises FROM SNMPv2-SMI;
      Opaque ::= OCTET STRING (SIZE (3))
      one OBJECT-TYPE SYNTAX Opaque MAX-ACCESS read-only STATUS current
        DESCRIPTION "" ::= { enterprises 32473 1 }
      two OBJECT-TYPE SYNTAX [APPLICATION 4] IMPLICIT OCTET STRING MAX-ACCESS read-only STATUS current
        DESCRIPTION "" ::= { enterprises 32473 2 } END`;
    const { mib } = compileMibs([{ path: 'NAMES-MIB', text }]);
    const module = mib.modules.get('NAMES-MIB');
    if (module === undefined) throw new Error('the text has it');
    const again = moduleOf(definitionOf(mib, module)).nodes;
    expect(again.get('one')).toMatchObject({ syntax: { base: 'OctetString' } });
    expect(again.get('two')).toMatchObject({ syntax: { base: 'Opaque', conventions: [] } });
  });

  it.each<[string, (definition: MibDefinition) => object]>([
    ['of another format', (definition) => ({ ...definition, format: 2 })],
    ['with an OID that is none', (d) => ({ ...d, nodes: { typedMIB: '1.3.x' } })],
    ['with a base type that is none', (d) => ({ ...d, types: { Mood: { base: 'Float' } } })],
    [
      'with a range that is none',
      (d) => ({ ...d, types: { Mood: { base: 'Integer32', range: 'a' } } }),
    ],
    [
      'with text that its hint does not make',
      (d) => ({ ...d, types: { DisplayString: { base: 'OctetString', text: true } } }),
    ],
    ['without tables', (d) => ({ ...d, tables: undefined })],
  ])('%s is refused', (_, broken) => {
    const definition = broken(TYPED_MIB) as MibDefinition;
    expect(() => moduleOf(definition)).toThrowError(
      expect.objectContaining({ code: 'SNMP_MIB_DEFINITION' }) as Error,
    );
  });
});
