import type { BaseType, Oid, Syntax } from '../smi/index.js';

/** MAX-ACCESS (RFC 2578 7.3); SMIv1's write-only becomes read-write (RFC 2576 2.1.2). */
export type Access =
  | 'not-accessible'
  | 'accessible-for-notify'
  | 'read-only'
  | 'read-write'
  | 'read-create';

export type Status = 'current' | 'deprecated' | 'obsolete' | 'mandatory' | 'optional';

/** One item of an INDEX clause. */
export interface IndexItem {
  /** The object that names this part of the index, in this or another module. */
  readonly object: string;
  readonly syntax: Syntax;
  /** IMPLIED: no length is encoded before a string or an OID (RFC 2578 7.7). */
  readonly implied: boolean;
}

/** DEFVAL, resolved against the object's SYNTAX. */
export type DefaultValue =
  | { readonly kind: 'integer'; readonly value: number | bigint }
  | { readonly kind: 'octets'; readonly value: Uint8Array }
  | { readonly kind: 'oid'; readonly value: Oid }
  | { readonly kind: 'bits'; readonly labels: readonly string[] };

interface NodeFacts {
  readonly name: string;
  readonly module: string;
  readonly oid: Oid;
  readonly status?: Status;
  readonly description?: string;
  readonly reference?: string;
}

export interface ScalarObject extends NodeFacts {
  readonly kind: 'scalar';
  readonly syntax: Syntax;
  readonly access: Access;
  readonly units?: string;
  readonly defaultValue?: DefaultValue;
}

export interface ColumnObject extends NodeFacts {
  readonly kind: 'column';
  readonly syntax: Syntax;
  readonly access: Access;
  readonly units?: string;
  readonly defaultValue?: DefaultValue;
  /** The sub-identifier after the row's OID. */
  readonly column: number;
  /** Name of the table it belongs to. */
  readonly table: string;
}

/** A conceptual table with its row and columns. */
export interface TableObject extends NodeFacts {
  readonly kind: 'table';
  readonly access: Access;
  readonly row: RowFacts;
  /** Ascending by column number; index columns of this table included. */
  readonly columns: readonly ColumnObject[];
  /** Of an augmenting table: those of the table it augments. */
  readonly index: readonly IndexItem[];
  /** Name of the augmented row, where AUGMENTS stands instead of INDEX. */
  readonly augments?: string;
}

export interface RowFacts extends NodeFacts {
  readonly access: Access;
}

/** Anything named that is not an object type: a plain value, MODULE-IDENTITY, a group, ... */
export interface OtherNode extends NodeFacts {
  readonly kind:
    | 'node'
    | 'module-identity'
    | 'object-identity'
    | 'notification'
    | 'object-group'
    | 'notification-group'
    | 'module-compliance'
    | 'agent-capabilities'
    | 'row';
  /** OBJECTS, NOTIFICATIONS or VARIABLES, by name, where the macro has such a clause. */
  readonly members?: readonly string[];
  /** Of MODULE-COMPLIANCE (MODULE) and AGENT-CAPABILITIES (SUPPORTS). */
  readonly requirements?: readonly ModuleRequirement[];
}

/** What a compliance or an agent's capabilities say about one module (RFC 2580 5.4 and 6.5). */
export interface ModuleRequirement {
  readonly module: string;
  /** MANDATORY-GROUPS or INCLUDES. */
  readonly mandatoryGroups: readonly string[];
  /** GROUP. */
  readonly optionalGroups: readonly string[];
  /** OBJECT or VARIATION, by name. */
  readonly refinedObjects: readonly string[];
}

export type MibNode = ScalarObject | TableObject | ColumnObject | OtherNode;

/** A named type: a textual convention, or a type assignment without one. */
export interface NamedType {
  readonly name: string;
  readonly module: string;
  readonly base: BaseType;
  readonly syntax: Syntax;
  /** Defined by the TEXTUAL-CONVENTION macro. */
  readonly isTextualConvention: boolean;
  readonly status?: Status;
  readonly description?: string;
}

/** One module, read-only. Maps keep the order of the text. */
export interface MibModule {
  readonly name: string;
  readonly language: 'SMIv1' | 'SMIv2';
  /** Where the text came from, as given by the caller. */
  readonly source: string;
  readonly nodes: ReadonlyMap<string, MibNode>;
  readonly types: ReadonlyMap<string, NamedType>;
  /**
   * Nodes whose name an earlier node of the module has, which is a fault of the text: they are
   * found by their OIDs, not by name, and belong to no table.
   */
  readonly repeats?: readonly MibNode[];
  /** OID of the MODULE-IDENTITY, where there is one. */
  readonly identity?: Oid;
}

/** Several modules that were resolved together. */
export interface Mib {
  readonly modules: ReadonlyMap<string, MibModule>;
  /**
   * A node by `name` or `MODULE::name`. A bare name that several modules define gives the one
   * whose module was loaded first.
   */
  find(name: string): MibNode | undefined;
  /** The node with the longest OID that is a prefix of `oid` (or equal to it). */
  nearest(oid: Oid): MibNode | undefined;
}
