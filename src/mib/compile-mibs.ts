import { buildMib } from './build-mib.js';
import { severityTable, type Severities, type Strictness } from './diagnostic-codes.js';
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
  /** How severe each code's findings are. Default: `default`. */
  readonly strictness?: Strictness;
  /** Severities of single codes, which win over `strictness`; `off` leaves their findings out. */
  readonly severities?: Severities;
  /**
   * Whether descriptions and references are in the model. Without them, and with every finding
   * `off`, the model of many modules takes a fifth of the memory. Default true.
   */
  readonly prose?: boolean;
  /**
   * Called after each text read and each module resolved, within `compileMibs`, which is
   * synchronous: to show how far it is. What it throws ends the compilation.
   */
  readonly onProgress?: (progress: CompileProgress) => void;
}

export interface CompileProgress {
  readonly phase: 'reading' | 'resolving';
  /** Texts read, or modules resolved. */
  readonly done: number;
  /**
   * Texts given (of an iterable that is no array: those read so far), or modules there are: those
   * given, those imported, the SMI's own.
   */
  readonly total: number;
}

export interface Compilation {
  /** The modules given, then those they import, in the order of loading. */
  readonly mib: Mib;
  /** Text by text, each from its beginning to its end. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Texts of MIB modules to a resolved model. Faults of the texts are diagnostics and never thrown,
 * and what is sound around a fault is in the model.
 *
 * @param sources - each with one module or several, in any order; of two modules of one name the
 *   one with the later LAST-UPDATED counts, and where that does not decide, the first. Each is
 *   asked for when its turn comes, so that an iterable may read them one by one.
 * @throws SnmpError SNMP_OPTION_INVALID for a strictness, a code or a severity that is none.
 */
export function compileMibs(
  sources: Iterable<MibSource>,
  options: CompileOptions = {},
): Compilation {
  const log = new DiagnosticLog(severityTable(options.strictness, options.severities));
  const set = new ModuleSet(log, options.resolveImport, options.prose ?? true);
  const { onProgress } = options;
  let done = 0;
  for (const source of sources) {
    set.addSource(source);
    done += 1;
    const total = Array.isArray(sources) ? sources.length : done;
    onProgress?.({ phase: 'reading', done, total });
  }
  set.loadImports();
  const context = new ResolveContext(set);
  const indexes = new IndexResolver(context);
  const modules = new Map<string, MibModule>();
  for (const module of set.modules.values()) {
    modules.set(module.name, resolveModule(context, indexes, module));
    onProgress?.({ phase: 'resolving', done: modules.size, total: set.modules.size });
  }
  return { mib: buildMib(modules), diagnostics: log.inOrder() };
}
