import { ById, type ModuleDefinition, type ObjectDefinition } from '../definition.js';
import type { DiagnosticCode } from '../diagnostic-codes.js';
import type { DiagnosticLog } from '../diagnostics.js';
import type { ModuleSet } from './imports.js';
import { OidResolver } from './oids.js';
import { Symbols } from './symbols.js';
import { TypeResolver, type ResolvedSyntax } from './types.js';

/** What the phases of resolving share: the answers of those before. */
export class ResolveContext {
  readonly symbols: Symbols;
  readonly types: TypeResolver;
  readonly oids: OidResolver;
  readonly #log: DiagnosticLog;
  readonly #syntaxes = new ById<ResolvedSyntax>();

  constructor(set: ModuleSet) {
    this.#log = set.log;
    this.symbols = new Symbols(set);
    this.types = new TypeResolver(this.symbols, set.log);
    this.oids = new OidResolver(this.symbols, set.log);
  }

  /** Nobody wants to know what is wrong: what yields nothing else need not be looked at. */
  get isSilent(): boolean {
    return this.#log.isSilent;
  }

  /** The SYNTAX of an object, resolved once: its faults are reported once. */
  syntaxOf(module: ModuleDefinition, object: ObjectDefinition): ResolvedSyntax {
    let resolved = this.#syntaxes.get(object);
    if (resolved === undefined) {
      resolved =
        object.syntax === undefined
          ? ({ kind: 'failed' } as const)
          : this.types.inline(module, object.syntax);
      this.#syntaxes.set(object, resolved);
    }
    return resolved;
  }

  report(module: ModuleDefinition, at: number, code: DiagnosticCode, message: string): void {
    this.#log.report(module.source, at, code, message);
  }
}
