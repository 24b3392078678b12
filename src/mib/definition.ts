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
  readonly imports: Named<ImportedSymbol>;
  /** The modules it imports from, each once. */
  readonly importedModules: readonly string[];
  readonly types: Named<TypeDefinition>;
  readonly values: Named<ValueDefinition>;
  readonly macros: { has(name: string): boolean };
  /** Values whose name an earlier one has; only their OIDs are of use. */
  readonly repeats: readonly ValueDefinition[];
  /** LAST-UPDATED as twelve digits of year, month, day, hour, minute. */
  readonly lastUpdated?: string;
}

/** What is asked of a map by name: a map, or what makes its values when they are asked for. */
export interface Named<Value> {
  get(name: string): Value | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<Value>;
  [Symbol.iterator](): Iterator<[string, Value]>;
}

export interface ImportedSymbol {
  readonly at: number;
  readonly from: Name;
}

interface DefinitionFacts {
  readonly name: string;
  readonly at: number;
  readonly status: Status | undefined;
  readonly description: string | undefined;
  readonly reference: string | undefined;
}

export interface TypeDefinition extends DefinitionFacts {
  readonly syntax: SyntaxNode;
  readonly isTextualConvention: boolean;
  readonly displayHint: Name | undefined;
  /** Set on the types that the SMI itself brings (`Counter32`): they are bases, not conventions. */
  readonly base: BaseType | undefined;
}

/** Fields that are not there are undefined: all of one kind have one shape. */
interface ValueFacts extends DefinitionFacts {
  /**
   * No other value of the compilation has it. Those of the SMI's own modules, which all
   * compilations share, count from 0 on, up to FIRST_FREE_ID.
   */
  readonly id: number;
  readonly oid: readonly OidPart[];
}

export interface ObjectDefinition extends ValueFacts {
  readonly kind: 'object';
  readonly syntax: SyntaxNode | undefined;
  readonly access: Access;
  readonly units: string | undefined;
  readonly index: readonly IndexNode[] | undefined;
  readonly augments: Name | undefined;
  readonly defaultValue: DefaultNode | undefined;
}

export interface PlainDefinition extends ValueFacts {
  readonly kind: Exclude<OtherNode['kind'], 'row'>;
  readonly members: readonly Name[] | undefined;
  readonly parts: readonly ModulePart[] | undefined;
}

export type ValueDefinition = ObjectDefinition | PlainDefinition;

/** The SMI's own modules have about fifty values. */
export const FIRST_FREE_ID = 1000;

/** A value that is nothing but a name for an OID. */
export function plainNode(
  id: number,
  name: string,
  at: number,
  oid: readonly OidPart[],
): PlainDefinition {
  return {
    kind: 'node',
    id,
    name,
    at,
    oid,
    status: undefined,
    description: undefined,
    reference: undefined,
    members: undefined,
    parts: undefined,
  };
}

/** What is known of values, by their ids. BOUNDED by the values of a compilation. */
export class ById<Known> {
  readonly #known: (Known | undefined)[] = [];

  get({ id }: ValueDefinition): Known | undefined {
    return this.#known[id];
  }

  set({ id }: ValueDefinition, known: Known): void {
    // Without gaps, which would make a hash table of it.
    while (this.#known.length <= id) this.#known.push(undefined);
    this.#known[id] = known;
  }
}
