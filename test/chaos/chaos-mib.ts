import { formatOid, type Oid } from '../../src/smi/index.js';
import { moduleFromText } from '../support/mib-fixtures.js';

/** The ten subtrees; what each is made of is said in `subtrees.ts`. */
export const SUBTREES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10'] as const;
export type SubtreeName = (typeof SUBTREES)[number];

/** Every table has these rows, for ever. */
export const ROWS = [1, 2, 3] as const;
/** Columns by number; 1 is the index. */
export const COLUMNS = { X: 2, Y: 3 } as const;

const number = (name: string, place: string): string => `
${name} OBJECT-TYPE
    SYNTAX Integer32 (0..2147483647)  MAX-ACCESS read-write  STATUS current
    DESCRIPTION "The generation that was written last."
    ::= { ${place} }`;

const subtree = (name: string, arc: number): string => `
${name} OBJECT IDENTIFIER ::= { chaosMib ${arc} }
${number(`${name}A`, `${name} 1`)}
${number(`${name}B`, `${name} 2`)}
${name}Table OBJECT-TYPE
    SYNTAX SEQUENCE OF ${name.toUpperCase()}Entry  MAX-ACCESS not-accessible  STATUS current
    DESCRIPTION "Rows."
    ::= { ${name} 3 }
${name}Entry OBJECT-TYPE
    SYNTAX ${name.toUpperCase()}Entry  MAX-ACCESS not-accessible  STATUS current
    DESCRIPTION "A row."
    INDEX { ${name}Index }
    ::= { ${name}Table 1 }
${name.toUpperCase()}Entry ::= SEQUENCE { ${name}Index Integer32, ${name}X Integer32, ${name}Y Integer32 }
${name}Index OBJECT-TYPE
    SYNTAX Integer32 (1..99)  MAX-ACCESS not-accessible  STATUS current
    DESCRIPTION "The index."
    ::= { ${name}Entry 1 }
${number(`${name}X`, `${name}Entry ${COLUMNS.X}`)}
${number(`${name}Y`, `${name}Entry ${COLUMNS.Y}`)}`;

export const CHAOS_MIB = moduleFromText(
  'CHAOS-MIB',
  `CHAOS-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI;
chaosMib MODULE-IDENTITY
    LAST-UPDATED "202601010000Z"
    ORGANIZATION "Trellis"
    CONTACT-INFO "nobody"
    DESCRIPTION  "Subtrees under fire."
    ::= { enterprises 32473 78 }
${SUBTREES.map((name, i) => subtree(name, i + 1)).join('\n')}
END
`,
);

export const CHAOS_ROOT: Oid = nodeOf('chaosMib');

/** One instance that a group writes: `c1A` or `c4X.2`. */
export interface Member {
  readonly name: string;
  readonly subtree: SubtreeName;
  readonly oid: Oid;
  /** What GETNEXT is asked with to find it. */
  readonly before: Oid;
}

/** Instances, in several subtrees, that every SET writes together: all with one generation. */
export interface Group {
  readonly index: number;
  readonly members: readonly Member[];
  /** Nobody touches its subtree: whatever happens elsewhere, every answer is noError. */
  readonly isCalm: boolean;
  /** The runtime keeps all of it, and so can always put it back. */
  readonly isStored: boolean;
}

const members = (text: string): readonly Member[] => text.split(' ').map(memberOf);

export const GROUPS: readonly Group[] = [
  'c1A c4X.1 c6A',
  'c2A c5X.1 c7X.1',
  'c3A c8X.1 c9A',
  'c1B c2B c6B c4X.2 c4Y.2',
  'c7X.2 c7Y.2 c7X.3',
  'c9B c9X.1 c8Y.1 c5Y.1',
  'c10A c10B',
  'c4Y.3 c8X.3 c5X.3 c5Y.3 c9Y.2',
].map((text, index) => ({
  index,
  members: members(text),
  isCalm: text.startsWith('c10'),
  isStored: text.startsWith('c7') || text.startsWith('c10'),
}));

/** By dotted OID: whose instance it is. */
export const MEMBERS: ReadonlyMap<string, { readonly group: Group; readonly member: Member }> =
  new Map(
    GROUPS.flatMap((group) =>
      group.members.map((member) => [formatOid(member.oid), { group, member }] as const),
    ),
  );

function memberOf(name: string): Member {
  const [descriptor = '', row] = name.split('.');
  const oid = nodeOf(descriptor);
  const subtree = SUBTREES.find((known) => descriptor.slice(0, -1) === known);
  if (subtree === undefined) throw new Error(`no subtree has ${name}`);
  if (row === undefined) return { name, subtree, oid: [...oid, 0], before: oid };
  const before = row === '1' ? oid : [...oid, Number(row) - 1];
  return { name, subtree, oid: [...oid, Number(row)], before };
}

function nodeOf(descriptor: string): Oid {
  const node = CHAOS_MIB.nodes.get(descriptor);
  if (node === undefined) throw new Error(`CHAOS-MIB has no ${descriptor}`);
  return node.oid;
}
