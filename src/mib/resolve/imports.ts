import { BASE_MODULES, FALLBACK_MODULES } from '../base-modules.js';
import { FIRST_FREE_ID, type ModuleDefinition } from '../definition.js';
import type { DiagnosticLog } from '../diagnostics.js';
import { lowerModule } from '../lower.js';
import { parseModules, parserTokens } from '../parser/module.js';
import type { Tokens } from '../tokens.js';
import { SourceText, type MibSource } from '../source.js';
import { MODULE_ALIASES, MODULE_SUCCESSORS } from './aliases.js';
import { describeThrown } from '../../base/index.js';

/** Finds the text of a module that is imported but was not given. */
export type ResolveImport = (moduleName: string) => MibSource | undefined;

/** `enterprises` and the like are of use to everybody who names an OID. */
const ALWAYS_LOADED = 'SNMPv2-SMI';

/** What old modules import although nothing defines it. */
const LANGUAGE_WORDS: ReadonlySet<string> = new Set(
  (
    'INTEGER OCTET STRING OBJECT IDENTIFIER BITS SEQUENCE OF CHOICE NULL ANY BIT MACRO ACCESS STATUS SYNTAX ' +
    'INDEX DESCRIPTION REFERENCE DEFVAL AUGMENTS UNITS MAX-ACCESS IMPLIED OBJECTS BEGIN END iso ccitt ' +
    'OBJECT-TYPE TRAP-TYPE MODULE-IDENTITY OBJECT-IDENTITY NOTIFICATION-TYPE TEXTUAL-CONVENTION OBJECT-GROUP ' +
    'NOTIFICATION-GROUP MODULE-COMPLIANCE AGENT-CAPABILITIES'
  ).split(' '),
);

/** The modules of one compilation: those given, those they import, those built in. */
export class ModuleSet {
  readonly log: DiagnosticLog;
  /** In the order of loading. BOUNDED by the modules given and what they import in turn. */
  readonly #modules = new Map<string, ModuleDefinition>();
  /** Names that nothing is found for. BOUNDED by the imports of the modules. */
  readonly #missing = new Set<string>();
  /** Names that other modules stand for, and theirs. BOUNDED by the imports of the modules. */
  readonly #others = new Map<string, string>();
  readonly #resolveImport: ResolveImport | undefined;
  /** Of the text that is being parsed. */
  readonly #tokens: Tokens;
  readonly #hasProse: boolean;
  #ids = FIRST_FREE_ID;
  /** The number of one more value. */
  readonly nextId = (): number => this.#ids++;
  /** Names of modules without what may differ. Made when all sources are read. BOUNDED by them. */
  #byLikeness: Map<string, string> | undefined;

  constructor(log: DiagnosticLog, resolveImport: ResolveImport | undefined, hasProse: boolean) {
    this.log = log;
    this.#resolveImport = resolveImport;
    this.#hasProse = hasProse;
    this.#tokens = parserTokens();
  }

  /** Loads while it is iterated over: modules that are found on the way come at the end. */
  get modules(): ReadonlyMap<string, ModuleDefinition> {
    return this.#modules;
  }

  addSource(given: MibSource): void {
    const source = new SourceText(given);
    for (const node of parseModules(source, this.log, {
      tokens: this.#tokens,
      hasProse: this.#hasProse,
    })) {
      const { text: name, at } = node.name;
      this.addModule(name, source, at, () => lowerModule(node, source, this.log, this.nextId));
    }
    if (this.log.isSilent) source.release();
  }

  /** @param make - is not called for modules that are built in. */
  addModule(name: string, source: SourceText, at: number, make: () => ModuleDefinition): void {
    const earlier = this.#modules.get(name);
    if (BASE_MODULES.has(name)) {
      this.find(name);
      this.log.report(
        source,
        at,
        'module-built-in',
        `module ${name} is built in and this text not used; expected none of it`,
      );
    } else if (earlier === undefined) {
      this.#modules.set(name, make());
    } else {
      this.#choose(earlier, make());
    }
  }

  /** The one that was updated last; where that does not decide, the first. */
  #choose(earlier: ModuleDefinition, later: ModuleDefinition): void {
    const isNewer = (later.lastUpdated ?? '') > (earlier.lastUpdated ?? '');
    const [kept, dropped] = isNewer ? [later, earlier] : [earlier, later];
    this.#modules.set(kept.name, kept);
    const reason = isNewer ? ', where it was updated later' : '';
    this.log.report(
      dropped.source,
      dropped.at,
      'module-repeated',
      `module ${kept.name} is read from ${kept.source.path}${reason}; expected it only once`,
    );
  }

  /** The module of this name or of the name that replaced it; asks for its text where needed. */
  find(name: string): ModuleDefinition | undefined {
    const known = this.#modules.get(name);
    if (known !== undefined) return known;
    if (this.#missing.has(name)) return undefined;
    const other = this.#others.get(name);
    if (other !== undefined) return this.#modules.get(other);
    const found = this.#load(name);
    if (found === undefined) this.#missing.add(name);
    // Looked for only once: its text, where there is one that lacks it, would be read again.
    else if (found.name !== name) this.#others.set(name, found.name);
    return found;
  }

  /** Loads what is imported, to the last, and reports imports that lead nowhere. */
  loadImports(load = this.loadImportsOf.bind(this)): void {
    for (const module of this.#modules.values()) load(module);
    this.find(ALWAYS_LOADED);
  }

  loadImportsOf(module: ModuleDefinition): void {
    /** BOUNDED by the imports of the module. */
    const checked = new Set<string>();
    for (const [symbol, { at, from }] of module.imports) {
      const target = this.find(from.text);
      if (target !== undefined) {
        if (target.name !== from.text && !checked.has(from.text)) {
          checked.add(from.text);
          this.log.report(
            module.source,
            from.at,
            'module-alias',
            `module ${from.text} is not known; ${target.name} stands for it, expected its name`,
          );
        }
        this.#checkSymbol(module, symbol, at, target, from.text);
      } else if (!checked.has(from.text)) {
        checked.add(from.text);
        this.log.report(
          module.source,
          from.at,
          'module-not-found',
          `module ${from.text} is not known; expected its text among the sources or where imports are looked for`,
        );
      }
    }
  }

  /** The module that defines `symbol`, starting at `module` and following what it imports. */
  owner(module: ModuleDefinition, symbol: string): ModuleDefinition | undefined {
    // So it is with nearly every import.
    if (definesSymbol(module, symbol)) return module;
    /** BOUNDED by the modules. */
    const seen = new Set<ModuleDefinition>();
    for (let at: ModuleDefinition | undefined = module; at !== undefined && !seen.has(at);) {
      if (definesSymbol(at, symbol)) return at;
      seen.add(at);
      const imported: string | undefined = at.imports.get(symbol)?.from.text;
      at = imported === undefined ? undefined : this.find(imported);
    }
    for (const name of MODULE_SUCCESSORS[module.name] ?? []) {
      const successor = this.find(name);
      if (successor !== undefined && definesSymbol(successor, symbol)) return successor;
    }
    return undefined;
  }

  #checkSymbol(
    module: ModuleDefinition,
    symbol: string,
    at: number,
    target: ModuleDefinition,
    written: string,
  ): void {
    const owner = this.owner(target, symbol);
    if (owner === undefined && LANGUAGE_WORDS.has(symbol)) {
      const message = `'${symbol}' is a word of the language; expected it to be imported from nowhere`;
      this.log.report(module.source, at, 'import-superfluous', message);
    } else if (owner === undefined) {
      this.log.report(
        module.source,
        at,
        'import-not-found',
        `'${symbol}' is not defined in ${written}; expected a name that module defines`,
      );
    } else if (owner !== target) {
      this.log.report(
        module.source,
        at,
        'import-indirect',
        `'${symbol}' is not defined in ${written}; expected the import from ${owner.name}`,
      );
    }
  }

  #load(name: string): ModuleDefinition | undefined {
    const base = BASE_MODULES.get(name);
    if (base !== undefined) return this.#keep(name, base);
    const source = this.#ask(name);
    if (source !== undefined) {
      this.addSource(source);
      const found = this.#modules.get(name);
      if (found !== undefined) return found;
    }
    const fallback = FALLBACK_MODULES.get(name);
    if (fallback !== undefined) return this.#keep(name, fallback);
    const alias = Object.hasOwn(MODULE_ALIASES, name) ? MODULE_ALIASES[name] : undefined;
    return (alias === undefined ? undefined : this.find(alias)) ?? this.#similar(name);
  }

  /** A module whose name differs in case, in hyphens or in the language it names at its end. */
  #similar(name: string): ModuleDefinition | undefined {
    if (this.#byLikeness === undefined) {
      this.#byLikeness = new Map();
      const known = [...BASE_MODULES.keys(), ...this.#modules.keys(), ...FALLBACK_MODULES.keys()];
      for (const one of known) {
        const key = likeness(one);
        if (!this.#byLikeness.has(key)) this.#byLikeness.set(key, one);
      }
    }
    const similar = this.#byLikeness.get(likeness(name));
    return similar === undefined || similar === name ? undefined : this.find(similar);
  }

  #keep(name: string, module: ModuleDefinition): ModuleDefinition {
    this.#modules.set(name, module);
    return module;
  }

  /** The host's function may throw; then the module is not found, and the reason is reported. */
  #ask(name: string): MibSource | undefined {
    try {
      return this.#resolveImport?.(name);
    } catch (error) {
      const source = new SourceText({ path: name, text: '' });
      const [reason = ''] = describeThrown(error).split('\n');
      this.log.report(
        source,
        0,
        'module-not-found',
        `the text of ${name} could not be got: ${reason}`,
      );
      return undefined;
    }
  }
}

function likeness(name: string): string {
  return name
    .toUpperCase()
    .replace(/[-_.]?(?:V[12]SMI|SMIV[12])$/, '')
    .replace(/[^A-Z0-9]/g, '');
}

export function definesSymbol(module: ModuleDefinition, symbol: string): boolean {
  return module.values.has(symbol) || module.types.has(symbol) || module.macros.has(symbol);
}
