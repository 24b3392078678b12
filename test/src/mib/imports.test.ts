import { describe, expect, test } from 'vitest';
import { compileMibs, type MibSource } from '../../../src/mib/index.js';
import { compileText, faults, moduleText, objectText } from './module-text.js';

const module = (name: string, imports: string, body: string): string =>
  `${name} DEFINITIONS ::= BEGIN IMPORTS ${imports}; ${body} END\n`;

describe('imports [RFC 2578 3.2]', () => {
  test('are asked for once under an old name, whose text holds another module', () => {
    const asked: string[] = [];
    const other = module('OTHER-MIB', 'enterprises FROM SNMPv2-SMI', '');
    compileText(
      module('A-MIB', 'mib-2, system, interfaces FROM RFC1158-MIB', '') +
        module('B-MIB', 'mib-2, system, interfaces FROM RFC1158-MIB', ''),
      (name) => {
        asked.push(name);
        return name === 'RFC1158-MIB' ? { path: 'other', text: other } : undefined;
      },
    );
    expect(asked).toEqual(['RFC1158-MIB', 'RFC1213-MIB']);
  });

  test('are asked for once each, and what they import in turn', () => {
    const asked: string[] = [];
    const texts: Record<string, string> = {
      'B-MIB': module(
        'B-MIB',
        'c FROM C-MIB',
        'b OBJECT IDENTIFIER ::= { c 1 } b2 OBJECT IDENTIFIER ::= { c 2 }',
      ),
      'C-MIB': module(
        'C-MIB',
        'enterprises FROM SNMPv2-SMI',
        'c OBJECT IDENTIFIER ::= { enterprises 1 }',
      ),
    };
    const resolveImport = (name: string): MibSource | undefined => {
      asked.push(name);
      const text = texts[name];
      return text === undefined ? undefined : { path: name, text };
    };
    const text = module(
      'A-MIB',
      'b, b2 FROM B-MIB x FROM LOST-MIB y FROM LOST-MIB',
      'a OBJECT IDENTIFIER ::= { b 1 }',
    );
    const compilation = compileText(text, resolveImport);
    expect(asked).toEqual(['B-MIB', 'LOST-MIB', 'C-MIB']);
    expect([...compilation.mib.modules.keys()]).toEqual(['A-MIB', 'B-MIB', 'C-MIB', 'SNMPv2-SMI']);
    expect(compilation.mib.find('a')?.oid.join('.')).toBe('1.3.6.1.4.1.1.1.1');
    expect(faults(compilation)).toEqual(['module-not-found']);
  });

  test('modules of the SMI are built in, and a text of them changes nothing', () => {
    const smi = module('SNMPv2-SMI', '', 'Counter32 ::= OCTET STRING').replace('IMPORTS ;', '');
    const sources = [
      { path: 'smi', text: smi },
      { path: 'own', text: moduleText(objectText('a', 'Integer32', 1)) },
    ];
    const { mib, diagnostics } = compileMibs(sources);
    expect(diagnostics.map(({ code }) => code)).toEqual(['module-built-in']);
    expect(mib.modules.get('SNMPv2-SMI')?.types.get('Counter32')?.base).toBe('Counter32');
  });

  test('SNMPv2-SMI is there even if nothing imports it', () => {
    expect(compileMibs([]).mib.find('enterprises')?.oid).toEqual([1, 3, 6, 1, 4, 1]);
  });

  test.each([
    ['enterprises', 'SNMPv2-SMI-v1'],
    ['enterprises', 'RFC1065-SMI'],
    ['DisplayString', 'RFC1158-MIB'],
    ['DisplayString', 'SNMPv2-TC-v1'],
  ])('%s may be imported under the old name %s', (symbol, from) => {
    expect(faults(compileText(module('A-MIB', `${symbol} FROM ${from}`, '')))).toEqual([]);
  });

  test('objects of RFC1213-MIB are found in the modules that took them over', () => {
    const resolveImport = (name: string): MibSource | undefined =>
      name === 'IF-MIB'
        ? {
            path: name,
            text: module(
              name,
              'mib-2 FROM SNMPv2-SMI',
              'ifIndex OBJECT IDENTIFIER ::= { mib-2 2 2 1 1 }',
            ),
          }
        : undefined;
    const text = module(
      'A-MIB',
      'ifIndex FROM RFC1213-MIB',
      'a OBJECT IDENTIFIER ::= { ifIndex 1 }',
    );
    const compilation = compileText(text, resolveImport);
    expect(faults(compilation)).toEqual(['import-indirect']);
    expect(compilation.mib.find('a')?.oid.join('.')).toBe('1.3.6.1.2.1.2.2.1.1.1');
  });

  test('a name that its module only imports itself is found and reported', () => {
    const text =
      module('A-MIB', 'enterprises FROM B-MIB', 'a OBJECT IDENTIFIER ::= { enterprises 1 }') +
      module('B-MIB', 'enterprises FROM SNMPv2-SMI', '');
    const compilation = compileText(text);
    expect(faults(compilation)).toEqual(['import-indirect']);
    expect(compilation.mib.find('a')?.oid).toEqual([1, 3, 6, 1, 4, 1, 1]);
  });

  test('a name of the SMI that was not imported is found and reported once', () => {
    const text = `A-MIB DEFINITIONS ::= BEGIN a OBJECT IDENTIFIER ::= { enterprises 1 }
      b OBJECT IDENTIFIER ::= { enterprises 2 } END`;
    const compilation = compileText(text);
    expect(faults(compilation)).toEqual(['import-missing']);
    expect(compilation.mib.find('b')?.oid).toEqual([1, 3, 6, 1, 4, 1, 2]);
  });

  test('a name that its module does not define is reported at the import, not at every use', () => {
    const text =
      module('A-MIB', 'Lost FROM B-MIB', 'T ::= Lost U ::= Lost') +
      module('B-MIB', 'x FROM B-MIB', '');
    expect(faults(compileText(text))).toEqual(['import-not-found', 'import-not-found']);
  });

  test('a type where the name of a node is due is reported at its use', () => {
    const text = module(
      'A-MIB',
      'DisplayString FROM SNMPv2-TC',
      'a OBJECT IDENTIFIER ::= { DisplayString 1 }',
    );
    expect(faults(compileText(text))).toEqual(['name-unknown']);
  });

  test('of two modules of one name the first counts', () => {
    const text = module('A-MIB', 'iso FROM SNMPv2-SMI', 'a OBJECT IDENTIFIER ::= { iso 1 }');
    const sources = [
      { path: 'one', text },
      { path: 'two', text: text.replace('{ iso 1 }', '{ iso 2 }') },
    ];
    const compilation = compileMibs(sources);
    expect(faults(compilation)).toEqual(['module-repeated']);
    expect(compilation.mib.find('a')?.oid).toEqual([1, 1]);
  });

  test('a resolveImport that throws, or gives another module, is a module not found', () => {
    const text = module('A-MIB', 'x FROM X-MIB', '');
    const throwing = compileText(text, () => {
      throw new Error('disk on fire');
    });
    expect(throwing.diagnostics.map(({ message }) => message).join()).toMatch(/disk on fire/);
    expect(
      faults(
        compileText(text, () => ({ path: 'x', text: module('Y-MIB', 'iso FROM SNMPv2-SMI', '') })),
      ),
    ).toEqual(['module-not-found']);
  });
});
