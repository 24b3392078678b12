import { describe, expect, test } from 'vitest';
import {
  DIAGNOSTIC_CODES,
  compileMibs,
  type DiagnosticCode,
  type MibSource,
} from '../../../src/mib/index.js';
import { moduleText } from './module-text.js';

/** Marks the place where the finding is expected; taken out before the text is compiled. */
const MARK = '§';

const leaf = (name: string, syntax: string, arc: string, rest = ''): string =>
  `${name} OBJECT-TYPE SYNTAX ${syntax} MAX-ACCESS read-only STATUS current\n  DESCRIPTION "x" ${rest} ::= { ${arc} }\n`;
const table = (name: string, row: string, rest: string): string =>
  `${name} OBJECT-TYPE SYNTAX SEQUENCE OF ${row} MAX-ACCESS not-accessible STATUS current
  DESCRIPTION "x" ${rest} ::= { top 50 }\n`;
const ROW = (name: string, rest: string, arc: string): string =>
  `${name} OBJECT-TYPE SYNTAX Row MAX-ACCESS not-accessible STATUS current
  DESCRIPTION "x" ${rest} ::= { ${arc} }\n`;
const SEQUENCE = 'Row ::= SEQUENCE { c1 Integer32 }\n';

const inModule = (text: string, imports = ''): string => moduleText(text, imports);
const v1 = (text: string): string =>
  `V1-MIB DEFINITIONS ::= BEGIN IMPORTS enterprises FROM RFC1155-SMI OBJECT-TYPE FROM RFC-1212;\n${text}END\n`;

/** One case for each code: the text with the mark where it is to be found. */
const CASES: Readonly<Record<DiagnosticCode, string | readonly string[]>> = {
  'character-unexpected': inModule('a OBJECT IDENTIFIER ::= { top §\uFFFD 1 }'),
  'string-unterminated': inModule(
    'a OBJECT-IDENTITY STATUS current DESCRIPTION §"never closed\n ::= { top 1 }',
  ),
  'quotes-irregular': inModule(
    'a OBJECT-IDENTITY STATUS current DESCRIPTION §\u201Ccurly\u201D ::= { top 1 }',
  ),
  'comment-irregular': inModule('-- one --§ and some more\na OBJECT IDENTIFIER ::= { top 1 }'),
  'assignment-malformed': inModule('a OBJECT IDENTIFIER §: := { top 1 }'),
  'literal-malformed': inModule(leaf('a', 'OCTET STRING', 'top 1', "DEFVAL { §'0G'H }")),
  'identifier-malformed': inModule('§a_b OBJECT IDENTIFIER ::= { top 1 }'),
  'identifier-too-long': inModule(`§${'a'.repeat(65)} OBJECT IDENTIFIER ::= { top 1 }`),
  'token-unexpected': inModule('what §is this\na OBJECT IDENTIFIER ::= { top 1 }'),
  'module-missing': '§nothing but words',
  'text-outside': `${inModule('')}\n§words\n`,
  'module-unterminated': `${inModule('').replace('END\n', '')}§`,
  'clause-unknown': inModule(leaf('a', 'Integer32', 'top 1', '§PURPOSE none')),
  'clause-repeated': inModule(leaf('a', 'Integer32', 'top 1', '§STATUS current')),
  'clause-missing': inModule(
    'a OBJECT-TYPE §MAX-ACCESS read-only STATUS current DESCRIPTION "x" ::= { top 1 }',
  ),
  'clause-optional-missing': inModule('a OBJECT-IDENTITY §STATUS current ::= { top 1 }'),
  'punctuation-missing': inModule(leaf('a', 'INTEGER { x(1) §y(2) }', 'top 1')),
  'punctuation-superfluous': inModule(leaf('a', 'INTEGER { x(1), §}', 'top 1')),
  'keyword-irregular': inModule('a OBJECT-IDENTITY §Status current DESCRIPTION "x" ::= { top 1 }'),
  'constraint-irregular': inModule(leaf('a', 'OCTET STRING (SIZE (0§-4))', 'top 1')),
  'label-irregular': inModule(leaf('a', 'INTEGER { §on/off(1) }', 'top 1')),
  'type-irregular': inModule(leaf('a', '§INTEGER32', 'top 1')),
  'type-missing': inModule('A ::= SEQUENCE { c1§, c2 INTEGER }'),
  'value-irregular': v1('a TRAP-TYPE ENTERPRISE enterprises ::= §{ 3 }\n'),
  'name-case': inModule('§A OBJECT IDENTIFIER ::= { top 1 }'),
  'number-too-large': inModule('a OBJECT IDENTIFIER ::= { top §4294967296 }'),
  'nested-too-deep': inModule(
    `A ::= ${'SEQUENCE { a '.repeat(17)}§INTEGER${' }'.repeat(17)}\nb OBJECT IDENTIFIER ::= { top 1 }`,
  ),
  'value-ignored': inModule('§a INTEGER ::= 5'),
  'too-many-diagnostics': inModule(
    `${'a_b OBJECT IDENTIFIER ::= { top 1 }\n'.replace('a_b', 'c').repeat(500)}§c OBJECT IDENTIFIER ::= { top 1 }`,
  ),

  'module-repeated': `${inModule('')}§${inModule('')}`,
  'module-built-in': '§SNMPv2-TC DEFINITIONS ::= BEGIN END',
  'module-not-found': inModule('', ' lost FROM §LOST-MIB'),
  'module-alias': inModule('', ' DateAndTime FROM §SNMPv2-TC-v1'),
  'import-not-found': inModule('', ' §lost FROM SNMPv2-CONF'),
  'import-superfluous': inModule('', ' §INTEGER FROM SNMPv2-CONF'),
  'import-indirect': inModule('', ' §TimeStamp FROM SNMPv2-CONF'),
  'import-missing': inModule(leaf('a', '§DateAndTime', 'top 1')),
  'import-guessed': `X-MIB DEFINITIONS ::= BEGIN Rare ::= INTEGER END ${inModule(leaf('a', '§Rare', 'top 1'))}`,
  'name-repeated': inModule(
    'a OBJECT IDENTIFIER ::= { top 1 }\n§a OBJECT IDENTIFIER ::= { top 2 }',
  ),
  'name-unknown': inModule('a OBJECT IDENTIFIER ::= { §lost 1 }'),

  'type-circular': inModule('§A ::= B\nB ::= A'),
  'type-unknown': inModule(leaf('a', '§Lost', 'top 1')),
  'type-unsupported': inModule(leaf('a', '§BOOLEAN', 'top 1')),
  'range-outside': inModule(`A ::= INTEGER (0..9)\n${leaf('a', 'A (§5..10)', 'top 1')}`),
  'range-order': inModule(leaf('a', 'INTEGER (1..2 | §9..5)', 'top 1')),
  'range-empty': inModule(`A ::= INTEGER (0..9)\n${leaf('a', 'A §(20..30)', 'top 1')}`),
  'range-misplaced': inModule(leaf('a', 'OCTET STRING §(0..4)', 'top 1')),
  'label-repeated': inModule(leaf('a', 'INTEGER { x(1), §x(2) }', 'top 1')),
  'label-outside': inModule(`A ::= INTEGER { x(1) }\n${leaf('a', 'A { §y(2) }', 'top 1')}`),
  'label-misplaced': inModule(leaf('a', '§OCTET STRING { x(1) }', 'top 1')),
  'hint-unfit': inModule(
    'A ::= TEXTUAL-CONVENTION DISPLAY-HINT §"1h:" STATUS current DESCRIPTION "x" SYNTAX OCTET STRING',
  ),

  'oid-circular': inModule('a OBJECT IDENTIFIER ::= { b 1 }\nb OBJECT IDENTIFIER ::= { §a 1 }'),
  'oid-malformed': inModule('a OBJECT IDENTIFIER ::= { §top 1'.concat(' 1'.repeat(128), ' }')),
  'oid-parent-unresolved': inModule(
    'a OBJECT IDENTIFIER ::= { lost 1 }\nb OBJECT IDENTIFIER ::= { §a 1 }',
  ),
  'oid-repeated': inModule(`${leaf('a', 'Integer32', 'top 1')}§${leaf('b', 'Integer32', 'top 1')}`),

  'access-unknown': inModule(
    'a OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS §sometimes STATUS current DESCRIPTION "x" ::= { top 1 }',
  ),
  'access-unfit': inModule(
    '§a OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS read-create STATUS current DESCRIPTION "x" ::= { top 1 }',
  ),
  'status-unknown': inModule('a OBJECT-IDENTITY STATUS §fresh DESCRIPTION "x" ::= { top 1 }'),
  'table-without-row': inModule(`§${table('t', 'Row', '')}${SEQUENCE}`),
  'table-second-row': inModule(
    table('t', 'Row', '') +
      ROW('r', 'INDEX { c1 }', 't 1') +
      leaf('c1', 'Integer32', 'r 1') +
      `§${ROW('s', 'INDEX { c1 }', 't 2')}${SEQUENCE}`,
  ),
  'row-without-table': inModule(
    `§${ROW('r', 'INDEX { c1 }', 'top 1')}${leaf('c1', 'Integer32', 'r 1')}${SEQUENCE}`,
  ),
  'row-without-index': inModule(
    `${table('t', 'Row', '')}§${ROW('r', '', 't 1')}${leaf('c1', 'Integer32', 'r 1')}${SEQUENCE}`,
  ),
  'sequence-mismatch': inModule(
    table('t', 'Row', '') +
      ROW('r', 'INDEX { c1 }', 't 1') +
      leaf('c1', 'Integer32', 'r 1') +
      'Row ::= SEQUENCE { c1 Integer32, §c2 Integer32 }',
  ),
  'index-unresolved': inModule(
    table('t', 'Row', '') +
      ROW('r', 'INDEX { §lost }', 't 1') +
      leaf('c1', 'Integer32', 'r 1') +
      SEQUENCE,
  ),
  'index-unfit': inModule(
    table('t', 'Row', '') +
      ROW('r', 'INDEX { §IMPLIED c1 }', 't 1') +
      leaf('c1', 'Integer32', 'r 1') +
      SEQUENCE,
  ),
  'augments-unresolved': inModule(
    table('t', 'Row', '') +
      ROW('r', 'AUGMENTS { §lost }', 't 1') +
      leaf('c1', 'Integer32', 'r 1') +
      SEQUENCE,
  ),
  'default-unfit': inModule(leaf('a', 'Integer32', 'top 1', 'DEFVAL { §"x" }')),
  'default-outside': inModule(leaf('a', 'INTEGER (0..9)', 'top 1', 'DEFVAL { §10 }')),
  'member-unknown': inModule(
    'g OBJECT-GROUP OBJECTS { §lost } STATUS current DESCRIPTION "x" ::= { top 1 }',
  ),
  'member-unfit': inModule(
    'g OBJECT-GROUP OBJECTS { §top } STATUS current DESCRIPTION "x" ::= { top 1 }',
  ),
};

function place(text: string): string {
  const before = text.slice(0, text.indexOf(MARK)).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

describe('each code has its place', () => {
  test.each(Object.entries(CASES) as [DiagnosticCode, string][])('%s', (code, marked) => {
    const source: MibSource = { path: 'a', text: marked.replace(MARK, '') };
    const found = compileMibs([source], { severities: { [code]: 'error' } }).diagnostics;
    const places = found
      .filter((diagnostic) => diagnostic.code === code)
      .map(({ line, column }) => `${line}:${column}`);
    expect(places).toEqual([place(marked)]);
    for (const { expected, message } of found) expect([message, expected]).not.toContain(undefined);
  });

  test('and each preset its severity; one that is switched off is not found', () => {
    for (const code of Object.keys(DIAGNOSTIC_CODES) as DiagnosticCode[]) {
      const source = { path: 'a', text: String(CASES[code]).replace(MARK, '') };
      const { strict, relaxed } = DIAGNOSTIC_CODES[code];
      for (const [strictness, expected] of [
        ['strict', strict],
        ['relaxed', relaxed],
      ] as const) {
        const severities = compileMibs([source], { strictness })
          .diagnostics.filter((diagnostic) => diagnostic.code === code)
          .map(({ severity }) => severity);
        expect([code, strictness, ...new Set(severities)]).toEqual(
          expected === 'off' || (code === 'too-many-diagnostics' && severities.length === 0)
            ? [code, strictness]
            : [code, strictness, expected],
        );
      }
    }
  });
});
