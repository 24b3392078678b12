import type { BaseType } from '../../smi/index.js';
import type { Access } from '../mib.js';

/** The form of definitions that this release writes and reads. */
export const DEFINITION_FORMAT = 1;

/**
 * A compiled module as a constant of a program: what `trellis mib compile` writes, what
 * `agent.load` takes, and what the types of its objects are told from. Plain data that imports
 * nothing. What other modules define and this one uses is in it.
 *
 * OIDs are dotted. Ranges and sizes are as in a module: `'1..100'`, `'0 | 8 | 11'`.
 */
export interface MibDefinition {
  readonly format: typeof DEFINITION_FORMAT;
  /** The module's name. */
  readonly module: string;
  readonly language: 'SMIv1' | 'SMIv2';
  /** Base name of the text that it was compiled from. */
  readonly source: string;
  /** Which of `nodes` is the MODULE-IDENTITY. */
  readonly identity?: string;
  /** Textual conventions that are used as they are, by name. */
  readonly types: Readonly<Record<string, SyntaxDefinition>>;
  readonly scalars: Readonly<Record<string, LeafDefinition>>;
  readonly tables: Readonly<Record<string, TableDefinition>>;
  readonly notifications: Readonly<Record<string, NotificationDefinition>>;
  /** Whatever else has a name: its OID. */
  readonly nodes: Readonly<Record<string, string>>;
}

/** As `Syntax`, in words. */
export interface SyntaxDefinition {
  readonly base: BaseType;
  readonly range?: string;
  readonly size?: string;
  /** Label to number. */
  readonly enums?: Readonly<Record<string, number>>;
  /** Label to position. */
  readonly bits?: Readonly<Record<string, number>>;
  /** The DISPLAY-HINT. */
  readonly hint?: string;
  /** The hint makes text of the octets: a program has strings. */
  readonly text?: true;
  /** As `Syntax.conventions`. */
  readonly conventions?: readonly string[];
}

/** One of `types` by name, else a base type, or the SYNTAX itself where it is refined. */
export type SyntaxReference = string | SyntaxDefinition;

interface LeafFacts {
  readonly syntax: SyntaxReference;
  readonly access: Access;
  readonly units?: string;
  readonly status?: RetiredStatus;
  readonly defval?: DefvalDefinition;
}

/** Absent for what is in use. */
export type RetiredStatus = 'deprecated' | 'obsolete';

export interface LeafDefinition extends LeafFacts {
  readonly oid: string;
}

export interface ColumnDefinition extends LeafFacts {
  /** The sub-identifier after the entry's OID. */
  readonly column: number;
}

/** Octets are hexadecimal. */
export type DefvalDefinition =
  | { readonly integer: number | bigint }
  | { readonly octets: string }
  | { readonly oid: string }
  | { readonly bits: readonly string[] };

export interface TableDefinition {
  readonly oid: string;
  readonly access: Access;
  readonly status?: RetiredStatus;
  /** The conceptual row. */
  readonly entry: { readonly name: string; readonly oid: string; readonly access: Access };
  /** The row that is augmented. */
  readonly augments?: string;
  readonly index: readonly IndexDefinition[];
  /** Ascending; those of the INDEX that are the table's own included. */
  readonly columns: Readonly<Record<string, ColumnDefinition>>;
}

export interface IndexDefinition {
  readonly object: string;
  readonly syntax: SyntaxReference;
  readonly implied?: true;
}

export interface NotificationDefinition {
  readonly oid: string;
  /** OBJECTS, in the order of the module. */
  readonly objects: readonly string[];
}

/** Tells a definition from a `MibModule`. Looks at the mark only. */
export function isMibDefinition(value: object): value is MibDefinition {
  return 'format' in value && 'scalars' in value;
}
