import type { Oid } from '../../src/smi/index.js';
import { moduleFromText } from './mib-fixtures.js';

/** Subtrees of SETS-MIB. */
export const SUBTREES = ['s1', 's2', 's3', 's4'] as const;
export type SubtreeName = (typeof SUBTREES)[number];

const SCALARS = ['A', 'B', 'C'] as const;
const COLUMNS = ['X', 'Y', 'Z'] as const;

const integer = (name: string, place: string): string => `
${name} OBJECT-TYPE
    SYNTAX Integer32 (0..99999)  MAX-ACCESS read-write  STATUS current
    DESCRIPTION "A number."
    ::= { ${place} }`;

/** Three scalars (1 to 3) and a table (4) with the writable columns 2 to 4. */
const subtree = (name: string, arc: number): string => `
${name} OBJECT IDENTIFIER ::= { setsMib ${arc} }
${SCALARS.map((scalar, i) => integer(name + scalar, `${name} ${i + 1}`)).join('\n')}
${name}Table OBJECT-TYPE
    SYNTAX SEQUENCE OF ${entryType(name)}  MAX-ACCESS not-accessible  STATUS current
    DESCRIPTION "Rows."
    ::= { ${name} 4 }
${name}Entry OBJECT-TYPE
    SYNTAX ${entryType(name)}  MAX-ACCESS not-accessible  STATUS current
    DESCRIPTION "A row."
    INDEX { ${name}Index }
    ::= { ${name}Table 1 }
${entryType(name)} ::= SEQUENCE {
    ${name}Index Integer32,
    ${COLUMNS.map((column) => `${name}${column} Integer32`).join(', ')}
}
${name}Index OBJECT-TYPE
    SYNTAX Integer32 (1..99)  MAX-ACCESS not-accessible  STATUS current
    DESCRIPTION "The index."
    ::= { ${name}Entry 1 }
${COLUMNS.map((column, i) => integer(name + column, `${name}Entry ${i + 2}`)).join('\n')}`;

function entryType(name: string): string {
  return `${name.toUpperCase()}Entry`;
}

const text = `SETS-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI;
setsMib MODULE-IDENTITY
    LAST-UPDATED "202601010000Z"
    ORGANIZATION "Trellis"
    CONTACT-INFO "nobody"
    DESCRIPTION  "Subtrees for SETs over several of them."
    ::= { enterprises 32473 77 }
${SUBTREES.map((name, i) => subtree(name, i + 1)).join('\n')}
END
`;

export const SETS_MIB = moduleFromText('SETS-MIB', text);

/** `s1A` or `s1X.2`: the instance of a scalar, or of a column in a row. */
export function instance(name: string): Oid {
  const [descriptor = '', row] = name.split('.');
  const node = SETS_MIB.nodes.get(descriptor);
  if (node === undefined) throw new Error(`SETS-MIB has no ${descriptor}`);
  return [...node.oid, row === undefined ? 0 : Number(row)];
}
