import type { LoadableModule, SubtreeDefinition, SubtreeTerms } from './agent-options.js';
import type { ScalarOf, TableOf } from './instrumentation/index.js';
import type { MibDefinition, TableName } from './mib/index.js';

/**
 * One subtree of a module: its terms, and by descriptor what stands behind the scalars and tables.
 * Of a definition all that is typed: what managers may write needs a `set`, or `readOnly: true`;
 * what they may not has none; what is not accessible cannot be given.
 *
 * (A mapped type over names, and no conditional type: through that the compiler does not see what
 * is expected of `table.stored(...)` while it is still finding out what Module is.)
 */
export type SubtreeOf<Module extends LoadableModule> = SubtreeTerms<NodeName<Module>> & {
  readonly [Name in ObjectName<Module>]?: ObjectOf<Module, Name> | Inherited<Name>;
};

/** Definitions whose names are known. */
type Known<Module> = Module extends MibDefinition
  ? string extends keyof Module['scalars']
    ? never
    : Module
  : never;

/** Scalars and tables, but those that have the name of a term. */
type ObjectName<Module> = [Known<Module>] extends [never]
  ? string
  : Exclude<keyof Known<Module>['scalars'] | keyof Known<Module>['tables'], keyof SubtreeTerms>;

type ObjectOf<Module, Name> = [Known<Module>] extends [never]
  ? SubtreeDefinition[string]
  : Name extends keyof Known<Module>['scalars']
    ? Known<Module>['scalars'][Name]['access'] extends 'not-accessible'
      ? never
      : ScalarOf<Known<Module>, Name>
    : Name extends TableName<Known<Module>>
      ? TableOf<Known<Module>, Name>
      : never;

/** An object called `constructor`: where it is not given, there is the one that every object has. */
type Inherited<Name> = Name extends keyof ObjectConstructor['prototype']
  ? ObjectConstructor['prototype'][Name]
  : never;

/** Everything that has a place in the tree, and hence can have objects below it. */
type NodeName<Module> = [Known<Module>] extends [never]
  ? string
  : (
      | keyof Known<Module>['nodes']
      | keyof Known<Module>['scalars']
      | keyof Known<Module>['tables']
    ) &
      string;

/**
 * Types one subtree where it is not written into `load` itself: for a list of modules, for `reload`,
 * or in a file of its own.
 */
export function defineSubtree<const Module extends LoadableModule>(
  _module: Module,
  subtree: SubtreeOf<Module>,
): SubtreeOf<Module> & SubtreeDefinition {
  // What is typed is a part of what may be given, which the compiler cannot see for every Module.
  return subtree as SubtreeOf<Module> & SubtreeDefinition;
}
