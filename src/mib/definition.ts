import type { DefaultNode, IndexNode, ModulePart, Name, OidPart, SyntaxNode } from './ast.js';
import type { Access, OtherNode, Status } from './mib.js';
import type { SourceText } from './source.js';
import type { BaseType } from '../smi/index.js';

/**
 * What lowering yields and the resolve phase reads: both languages in one form. Names are still
 * names; nothing has been looked up.
 */
export interface ModuleDefinition {
  readonly name: string;
  /** Place of the name in the text. */
  readonly at: number;
  readonly language: 'SMIv1' | 'SMIv2';
  readonly source: SourceText;
  /** Known to the compiler, not read from a text. */
  readonly isBuiltIn: boolean;
  /** By symbol. Maps keep the order of the text. All BOUNDED by the text. */
  readonly imports: ReadonlyMap<string, ImportedSymbol>;
  /** The modules it imports from, each once. */
  readonly importedModules: readonly string[];
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly values: ReadonlyMap<string, ValueDefinition>;
  readonly macros: ReadonlySet<string>;
  /** Values whose name an earlier one has; only their OIDs are of use. */
  readonly repeats: readonly ValueDefinition[];
  /** LAST-UPDATED as twelve digits of year, month, day, hour, minute. */
  readonly lastUpdated?: string;
}

export interface ImportedSymbol {
  readonly at: number;
  readonly from: Name;
}

export interface DefinitionFacts {
  readonly name: string;
  readonly at: number;
  readonly status?: Status;
  readonly description?: string;
  readonly reference?: string;
}

export interface TypeDefinition extends DefinitionFacts {
  readonly syntax: SyntaxNode;
  readonly isTextualConvention: boolean;
  readonly displayHint?: string;
  /** Set on the types that the SMI itself brings (`Counter32`): they are bases, not conventions. */
  readonly base?: BaseType;
}

export interface ObjectDefinition extends DefinitionFacts {
  readonly kind: 'object';
  readonly oid: readonly OidPart[];
  readonly syntax: SyntaxNode | undefined;
  readonly access: Access;
  readonly units?: string;
  readonly index?: readonly IndexNode[];
  readonly augments?: Name;
  readonly defaultValue?: DefaultNode;
}

export interface PlainDefinition extends DefinitionFacts {
  readonly kind: Exclude<OtherNode['kind'], 'row'>;
  readonly oid: readonly OidPart[];
  readonly members?: readonly Name[];
  readonly parts?: readonly ModulePart[];
}

export type ValueDefinition = ObjectDefinition | PlainDefinition;
