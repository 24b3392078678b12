import { requireKnownKeys, SnmpError } from '../base/index.js';
import {
  mibDirectories,
  mibOf,
  ModuleFinder,
  shippedModuleNames,
  type Mib,
  type MibDefinition,
} from '../mib/index.js';

/**
 * Where names and SYNTAXes come from: modules that were compiled already (by `compileMibs`, or into
 * the program by `trellis mib compile`), or where to look.
 */
export type MibChoice =
  | Mib
  | readonly MibDefinition[]
  | {
      /** Known from the start, besides those that come with the package. */
      readonly modules?: readonly string[];
      /** Where modules are looked for, before those of the package. Default: $MIBDIRS. */
      readonly directories?: readonly string[];
    };

/** Modules that were named for all requests cannot be had: no variable of a request is at fault. */
export class MibsError extends SnmpError {
  constructor({ code, message, cause }: SnmpError) {
    super(code as `SNMP_${string}`, message, cause === undefined ? {} : { cause });
    this.name = 'MibsError';
  }
}

/**
 * The modules that are known, read when the first name is looked up; a module that a name begins
 * with (`IF-MIB::`) is looked for when it is met. Reading blocks: a program that cannot wait
 * compiles its modules beforehand.
 */
export class KnownMibs {
  readonly #finder: ModuleFinder | undefined;
  /** BOUNDED by the modules that there are. */
  readonly #wanted: string[];
  /** Definitions that requests were made with. BOUNDED by the constants of the program. */
  readonly #learned = new Map<string, MibDefinition>();
  #mib: Mib | undefined;

  /** @throws SnmpError SNMP_OPTION_INVALID, SNMP_MIB_DEFINITION */
  constructor(choice: MibChoice) {
    if (isList(choice) || isMib(choice)) {
      this.#mib = isList(choice) ? mibOf(choice) : choice;
      this.#wanted = [];
      return;
    }
    requireKnownKeys('mibs', choice, ['modules', 'directories']);
    this.#finder = new ModuleFinder({ directories: choice.directories ?? mibDirectories() });
    this.#wanted = [...new Set([...shippedModuleNames(), ...(choice.modules ?? [])])];
  }

  /** @throws SnmpError SNMP_MIB_UNKNOWN for a module that was named and is nowhere. */
  get mib(): Mib {
    return (this.#mib ??= this.#load());
  }

  /**
   * All that is known, with this module.
   *
   * @throws SnmpError SNMP_MIB_UNKNOWN
   */
  with(module: string): Mib {
    if (this.mib.modules.has(module)) return this.mib;
    if (this.#finder === undefined) {
      throw new SnmpError('SNMP_MIB_UNKNOWN', `module ${module} is not among those given`);
    }
    // Looked for first: a name that is nowhere must not spoil what is known.
    this.#finder.source(module);
    this.#wanted.push(module);
    this.#mib = this.#load();
    return this.#mib;
  }

  /** The module of a definition is known from now on, unless one of its name is already. */
  learn(definition: MibDefinition): void {
    if (this.#learned.has(definition.module)) return;
    this.#learned.set(definition.module, definition);
    if (this.#mib !== undefined) this.#mib = this.#withLearned(this.#mib);
  }

  #load(): Mib {
    if (this.#finder === undefined) throw new SnmpError('SNMP_MIB_UNKNOWN', 'no modules are given');
    try {
      return this.#withLearned(this.#finder.load(this.#wanted).mib);
    } catch (error) {
      throw error instanceof SnmpError ? new MibsError(error) : error;
    }
  }

  #withLearned(mib: Mib): Mib {
    const learned = [...this.#learned.values()];
    return learned.every(({ module }) => mib.modules.has(module)) ? mib : mibOf(learned, mib);
  }
}

function isList(choice: MibChoice): choice is readonly MibDefinition[] {
  return Array.isArray(choice);
}

function isMib(choice: MibChoice): choice is Mib {
  return 'nearest' in choice && typeof choice.nearest === 'function';
}
