import { buildMib } from './build-mib.js';
import { DiagnosticLog, type Diagnostic } from './diagnostics.js';
import type { Mib, MibModule } from './mib.js';
import { ResolveContext } from './resolve/context.js';
import { ModuleSet, type ResolveImport } from './resolve/imports.js';
import { IndexResolver } from './resolve/indexes.js';
import { resolveModule } from './resolve/semantics.js';
import type { MibSource } from './source.js';

export interface CompileOptions {
  /**
   * Asked once for each module that is imported but not among the sources and not part of the
   * SMI itself. Default: none is found. `findShippedModule` finds those that come with the package.
   */
  readonly resolveImport?: ResolveImport;
}

export interface Compilation {
  /** The modules given, then those they import, in the order of loading. */
  readonly mib: Mib;
  /** Text by text, each from its beginning to its end. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `enterprises` and the like are of use to everybody who names an OID. */
const ALWAYS_LOADED = 'SNMPv2-SMI';

/**
 * Texts of MIB modules to a resolved model. Never throws: faults of the texts are diagnostics, and
 * what is sound around a fault is in the model.
 *
 * @param sources - each with one module or several, in any order; of two modules of one name the
 *   first counts.
 */
export function compileMibs(
  sources: readonly MibSource[],
  options: CompileOptions = {},
): Compilation {
  const log = new DiagnosticLog();
  const set = new ModuleSet(log, options.resolveImport);
  for (const source of sources) set.addSource(source);
  set.loadImports();
  set.find(ALWAYS_LOADED);
  const context = new ResolveContext(set);
  const indexes = new IndexResolver(context);
  const modules = new Map<string, MibModule>();
  for (const module of set.modules.values()) {
    modules.set(module.name, resolveModule(context, indexes, module));
  }
  return { mib: buildMib(modules), diagnostics: log.inOrder() };
}
