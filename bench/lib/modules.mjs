/**
 * A directory of made modules: hundreds that import each other, with tables, types and prose.
 *
 * Guards the decision that the benchmark needs nothing but the repository: the same texts at each
 * run, by arithmetic alone.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = 400;
const TABLES = 8;
const COLUMNS = 12;
const SCALARS = 16;
const WORDS =
  'the number of octets that this interface has sent since it was last started and not dropped by a queue of its own'.split(
    ' ',
  );

/** Prose in lines, as descriptions have it. @param {number} seed @param {number} lines */
function prose(seed, lines) {
  const words = (/** @type {number} */ line) =>
    Array.from({ length: 9 }, (_, i) => WORDS[(seed * 7 + line * 5 + i * 3) % WORDS.length]);
  return Array.from({ length: lines }, (_, line) => words(line).join(' ')).join('\n        ');
}

/** @param {number} module @param {number} seed */
function syntax(module, seed) {
  const other = Math.max(0, module - 1);
  return [
    'Integer32 (0..65535)',
    'Counter32',
    'INTEGER { unknown(0), up(1), down(2), testing(3), dormant(4) }',
    'DisplayString (SIZE (0..64))',
    `BenchMode${other}`,
    'OCTET STRING (SIZE (4 | 16))',
    'Counter64',
    'TruthValue',
  ][seed % 8];
}

/** @param {string} name @param {string} type @param {string} access @param {string} place @param {number} seed @param {string} [rest] */
const object = (name, type, access, place, seed, rest = '') => `
${name} OBJECT-TYPE
    SYNTAX      ${type}
    MAX-ACCESS  ${access}
    STATUS      current
    DESCRIPTION
        "${prose(seed, 3 + (seed % 5))}"
    ${rest}::= { ${place} }
`;

/** @param {number} module @param {number} number */
function table(module, number) {
  const name = `bench${module}Table${number}`;
  const seed = module * 31 + number * 17;
  const columns = Array.from({ length: COLUMNS }, (_, i) => ({
    name: `${name}Column${i + 1}`,
    type: i === 0 ? 'Integer32 (1..2147483647)' : (syntax(module, seed + i) ?? ''),
  }));
  const fields = columns.map(({ name: column, type }) => {
    const bare = type.startsWith('INTEGER') ? 'INTEGER' : type.replace(/ \(.*/, '');
    return `        ${column} ${bare}`;
  });
  const row = `Bench${module}Entry${number}`;
  return [
    object(name, `SEQUENCE OF ${row}`, 'not-accessible', `bench${module} ${number + 100}`, seed),
    object(
      `b${row.slice(1)}`,
      row,
      'not-accessible',
      `${name} 1`,
      seed,
      `INDEX       { ${columns[0]?.name} }\n    `,
    ),
    `\n${row} ::= SEQUENCE {\n${fields.join(',\n')}\n    }\n`,
    ...columns.map((column, i) =>
      object(
        column.name,
        column.type,
        i === 0 ? 'not-accessible' : 'read-only',
        `b${row.slice(1)} ${i + 1}`,
        seed + i,
      ),
    ),
  ].join('');
}

/** @param {number} module */
function text(module) {
  const other = module === 0 ? '' : `\n    BenchMode${module - 1} FROM BENCH-${module - 1}-MIB`;
  return `BENCH-${module}-MIB DEFINITIONS ::= BEGIN

-- Made for the benchmark. ${prose(module, 1)}

IMPORTS
    MODULE-IDENTITY, OBJECT-TYPE, Integer32, Counter32, Counter64, enterprises FROM SNMPv2-SMI
    TEXTUAL-CONVENTION, DisplayString, TruthValue FROM SNMPv2-TC${other};

bench${module} MODULE-IDENTITY
    LAST-UPDATED "202601010000Z"
    ORGANIZATION "none"
    CONTACT-INFO "none"
    DESCRIPTION  "${prose(module, 6)}"
    ::= { enterprises 32473 ${module + 1} }

BenchMode${module} ::= TEXTUAL-CONVENTION
    STATUS      current
    DESCRIPTION "${prose(module, 2)}"
    SYNTAX      INTEGER { off(1), on(2), automatic(3) }
${Array.from({ length: SCALARS }, (_, i) =>
  object(
    `bench${module}Scalar${i}`,
    syntax(module, i) ?? '',
    'read-only',
    `bench${module} ${i + 1}`,
    module + i,
  ),
).join('')}
${Array.from({ length: TABLES }, (_, i) => table(module, i)).join('')}
END
`;
}

/** Writes them. @param {string} directory that is there @returns {number} octets */
export function writeModules(directory) {
  let octets = 0;
  for (let i = 0; i < MODULES; i++) {
    const content = text(i);
    octets += content.length;
    writeFileSync(join(directory, `BENCH-${i}-MIB.txt`), content);
  }
  return octets;
}
