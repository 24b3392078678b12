/**
 * What the parser yields: the text's own words with their places, nothing looked up, nothing
 * normalised. `at` is always an offset into the text of the source.
 */

export interface Name {
  readonly text: string;
  readonly at: number;
}

/** `a`, `1`, `a(1)` or `MODULE.a` within the braces of an OBJECT IDENTIFIER value. */
export interface OidPart {
  readonly at: number;
  readonly name: string | undefined;
  readonly number: number | undefined;
  readonly module: string | undefined;
}

/** All of one shape, whatever they hold: code that meets several of them is compiled for each. */
export function oidPart(at: number, name?: string, number?: number, module?: string): OidPart {
  return { at, name, number, module };
}

export type Bound = number | bigint | 'MIN' | 'MAX';

export interface SubRange {
  readonly at: number;
  readonly low: Bound;
  readonly high: Bound;
}

export interface Constraint {
  readonly kind: 'range' | 'size';
  readonly at: number;
  readonly parts: readonly SubRange[];
}

/** One label of an enumeration or of BITS. */
export interface Label {
  readonly name: string;
  readonly at: number;
  readonly number: number;
}

export interface Field {
  readonly name: Name;
  readonly syntax: SyntaxNode;
}

/** A type by name; built-in ones too (`INTEGER`, `OCTET STRING`, `OBJECT IDENTIFIER`, `BITS`). */
export interface TypeReference {
  readonly kind: 'reference';
  readonly at: number;
  readonly name: string;
  readonly module: string | undefined;
  /** `[APPLICATION n] IMPLICIT`, as old modules that bring the SMI's own types have it. */
  readonly tag: number | undefined;
  readonly constraint: Constraint | undefined;
  readonly labels: readonly Label[] | undefined;
}

/** All of one shape, as OidPart. */
export function typeReference(
  at: number,
  name: string,
  { module, tag, constraint, labels }: Partial<TypeReference> = {},
): TypeReference {
  return { kind: 'reference', at, name, module, tag, constraint, labels };
}

export type SyntaxNode =
  | TypeReference
  | { readonly kind: 'sequence'; readonly at: number; readonly fields: readonly Field[] }
  | { readonly kind: 'sequence-of'; readonly at: number; readonly row: Name }
  | { readonly kind: 'choice'; readonly at: number; readonly arms: readonly Field[] };

/** `'0F'H` or `'0101'B`. */
export interface DigitsNode {
  readonly kind: 'hex' | 'binary';
  readonly at: number;
  readonly text: string;
}

/** What stands within the braces of DEFVAL. */
export type DefaultNode =
  | { readonly kind: 'number'; readonly at: number; readonly value: number | bigint }
  | { readonly kind: 'string'; readonly at: number; readonly text: string }
  | DigitsNode
  | { readonly kind: 'name'; readonly at: number; readonly name: string; readonly module?: string }
  /** Labels of BITS or the parts of an OID: which of the two, the type decides. */
  | { readonly kind: 'braces'; readonly at: number; readonly parts: readonly OidPart[] };

export interface IndexNode {
  readonly at: number;
  readonly syntax: SyntaxNode;
  readonly implied: boolean;
}

/** OBJECT in MODULE-COMPLIANCE, VARIATION in AGENT-CAPABILITIES. */
export interface RefinementNode {
  readonly object: Name;
  readonly syntax?: SyntaxNode;
  readonly writeSyntax?: SyntaxNode;
  readonly access?: Name;
}

/** MODULE in MODULE-COMPLIANCE, SUPPORTS in AGENT-CAPABILITIES. */
export interface ModulePart {
  readonly at: number;
  /** Absent: this module. */
  readonly module?: Name;
  /** MANDATORY-GROUPS or INCLUDES. */
  readonly mandatory: Name[];
  /** GROUP. */
  readonly optional: Name[];
  readonly refinements: RefinementNode[];
}

/** What the clauses of any macro said; which of them a macro may have, its parser knows. */
export interface Clauses {
  syntax?: SyntaxNode;
  access?: Name;
  status?: Name;
  units?: string;
  displayHint?: Name;
  description?: string;
  reference?: string;
  lastUpdated?: Name;
  index?: readonly IndexNode[];
  augments?: Name;
  defaultValue?: DefaultNode;
  /** OBJECTS, NOTIFICATIONS or VARIABLES. */
  members?: readonly Name[];
  enterprise?: readonly OidPart[];
  parts?: ModulePart[];
}

export type NodeMacro =
  | 'MODULE-IDENTITY'
  | 'OBJECT-IDENTITY'
  | 'OBJECT-TYPE'
  | 'NOTIFICATION-TYPE'
  | 'OBJECT-GROUP'
  | 'NOTIFICATION-GROUP'
  | 'MODULE-COMPLIANCE'
  | 'AGENT-CAPABILITIES';

export type Definition =
  | { readonly kind: 'value'; readonly name: Name; readonly oid: readonly OidPart[] }
  | { readonly kind: 'type'; readonly name: Name; readonly syntax: SyntaxNode }
  | { readonly kind: 'convention'; readonly name: Name; readonly clauses: Clauses }
  | {
      readonly kind: 'macro';
      readonly macro: NodeMacro;
      readonly name: Name;
      readonly clauses: Clauses;
      readonly oid: readonly OidPart[];
    }
  | {
      readonly kind: 'trap';
      readonly name: Name;
      readonly clauses: Clauses;
      readonly number: number;
    };

export interface ImportGroup {
  readonly from: Name;
  readonly symbols: readonly Name[];
}

export interface ModuleNode {
  readonly name: Name;
  readonly imports: readonly ImportGroup[];
  readonly definitions: readonly Definition[];
  /** Macros that are defined here, which are skipped: the compiler knows them. */
  readonly macros: readonly string[];
}
