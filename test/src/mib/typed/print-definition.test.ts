import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileMibs,
  definitionOf,
  findShippedModule,
  printDefinitions,
  type MibDefinition,
} from '../../../../src/mib/index.js';
import { constantName } from '../../../../src/mib/typed/print-definition.js';
import { TYPED_MIB } from '../../../fixtures/typed/typed-mib.js';

/** What a printed definition is when it is run. */
async function evaluated(definition: MibDefinition): Promise<unknown> {
  const text = printDefinitions([definition], ['for a test'], 'JavaScript');
  const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as object;
  return Object.values(module)[0];
}

const ODD_TEXT = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom("it's", '"', `'"`, '\\', '\n', '\u2028', '\u202e', '\ud800', '*/', '${x}', '`'),
);
const ODD_NAME = fc.oneof(
  ODD_TEXT,
  fc.constantFrom('__proto__', 'constructor', 'default', 'a-b', '1', 'größe', 'ifIndex', ''),
);

describe('a printed definition', () => {
  it('is the definition again when it is run, whatever its names and texts', async () => {
    const leaf = fc.record({
      oid: ODD_TEXT,
      syntax: ODD_NAME,
      access: fc.constant('read-only' as const),
      units: ODD_TEXT,
      defval: fc.record({ integer: fc.oneof(fc.integer(), fc.bigInt()) }),
    });
    const named = fc.dictionary(ODD_NAME, leaf, { maxKeys: 4, noNullPrototype: false });
    await fc.assert(
      fc.asyncProperty(named, async (scalars) => {
        const definition = { ...TYPED_MIB, scalars } as MibDefinition;
        expect(await evaluated(definition)).toEqual(definition);
      }),
      { numRuns: 200 },
    );
  });

  it('is what was compiled into the fixture: the same text from the same module', () => {
    const path = 'test/fixtures/mib-text/TYPED-MIB.mib';
    const { mib } = compileMibs([{ path, text: readFileSync(path) }], {
      resolveImport: findShippedModule,
    });
    const module = mib.modules.get('TYPED-MIB');
    if (module === undefined) throw new Error('the text has it');
    const generated = readFileSync('test/fixtures/typed/typed-mib.ts', 'utf8');
    const [first = '', second = ''] = generated.split('\n').map((line) => line.slice(3));
    expect(printDefinitions([definitionOf(mib, module)], [first, second])).toBe(generated);
  });

  it('has no line that is wider than 100, but for a text that cannot be parted', () => {
    const wide = { ...TYPED_MIB, nodes: { a: 'x'.repeat(120) } } as MibDefinition;
    const lines = printDefinitions([wide], []).split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([
      expect.stringMatching(/^ {6}'x{120}',$/) as string,
    ]);
    expect(lines.filter((line) => line.endsWith(' '))).toEqual([]);
  });

  it.each([
    ['IF-MIB', 'IF_MIB'],
    ['SNMPv2-MIB', 'SNMPv2_MIB'],
    ['IANAifType-MIB', 'IANAifType_MIB'],
    ['3COM-MIB', '_3COM_MIB'],
    ['class', '_class'],
    ['a.b c', 'a_b_c'],
    ['', '_'],
  ])('of module %s is the constant %s', (module, constant) => {
    expect(constantName(module)).toBe(constant);
  });

  it('has a name of its own beside another one', () => {
    const twice = [TYPED_MIB, { ...TYPED_MIB, module: 'TYPED_MIB' }] as MibDefinition[];
    const names = printDefinitions(twice, []).match(/(?<=export const )\w+/g);
    expect(names).toEqual(['TYPED_MIB', 'TYPED_MIB_']);
  });

  it('has a heading that stays a comment', () => {
    expect(printDefinitions([], ['a\nalert(1)', 'b'])).toBe('// a alert(1)\n// b\n');
  });
});
