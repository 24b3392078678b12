import { BASE_MODULES, FALLBACK_MODULES } from '../base-modules.js';
import type { ModuleDefinition, TypeDefinition, ValueDefinition } from '../definition.js';
import type { ModuleSet } from './imports.js';
import { WELL_KNOWN_SYMBOLS } from './well-known.js';

/** A definition and the module it stands in, where its own names are looked up. */
export interface Found<Definition> {
  readonly module: ModuleDefinition;
  readonly definition: Definition;
}

/**
 * `excused`: nothing is found, but the reason was reported at the import, and saying it again at
 * every use would bury the cause.
 */
export type Lookup<Definition> = Found<Definition> | 'unknown' | 'excused';

type Space = 'values' | 'types';

/** A few names are looked for module by module; for more of them an index is worth its making. */
const MAX_SEARCHES = 1000;

/** That more of them agree would make nothing surer. */
const MAX_OWNERS = 64;

/** The modules that define a name, in the order of loading. BOUNDED by MAX_OWNERS. */
type Owners = readonly ModuleDefinition[];

function addOwner(
  owners: Map<string, ModuleDefinition[]>,
  name: string,
  module: ModuleDefinition,
): void {
  const known = owners.get(name);
  if (known === undefined) owners.set(name, [module]);
  else if (known.length < MAX_OWNERS) known.push(module);
}

/** Whether two modules are from one directory, which is that of a vendor or of a product. */
export function isBeside(one: ModuleDefinition, other: ModuleDefinition): boolean {
  return directoryOf(one) === directoryOf(other);
}

function directoryOf({ source: { path } }: ModuleDefinition): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function placeOf(user: ModuleDefinition, name: string): string {
  return `${directoryOf(user)} ${name}`;
}

/** Answers what a name means at a place of a module (RFC 2578 3.2). */
export class Symbols {
  readonly #set: ModuleSet;
  /** Names that are no one's own and no import, per module. BOUNDED by the words of the texts. */
  readonly #strays = new Map<ModuleDefinition, Map<string, Found<unknown> | 'unknown'>>();
  #searches = 0;
  /** Which modules define a name. Made when many are looked for. BOUNDED by the definitions. */
  #owners: Readonly<Record<Space, ReadonlyMap<string, Owners>>> | undefined;
  /**
   * What a name of several modules means, by the directory of those that use it and by name.
   * BOUNDED by the words of the texts.
   */
  readonly #settled = new Map<string, Found<ValueDefinition>>();

  constructor(set: ModuleSet) {
    this.#set = set;
  }

  value(
    module: ModuleDefinition,
    name: string,
    at: number,
    qualifier?: string,
  ): Lookup<ValueDefinition> {
    return this.#find('values', module, name, at, qualifier) as Lookup<ValueDefinition>;
  }

  type(
    module: ModuleDefinition,
    name: string,
    at: number,
    qualifier?: string,
  ): Lookup<TypeDefinition> {
    return this.#find('types', module, name, at, qualifier) as Lookup<TypeDefinition>;
  }

  #find(
    space: Space,
    module: ModuleDefinition,
    name: string,
    at: number,
    qualifier: string | undefined,
  ): Lookup<unknown> {
    if (qualifier !== undefined && qualifier !== module.name) {
      const target = this.#set.find(qualifier);
      return target === undefined ? 'unknown' : (this.#in(space, target, name) ?? 'unknown');
    }
    const own = module[space].get(name);
    if (own !== undefined) return { module, definition: own };
    const imported = module.imports.get(name);
    if (imported === undefined) return this.#stray(space, module, name, at);
    const target = this.#set.find(imported.from.text);
    const found = target === undefined ? undefined : this.#in(space, target, name);
    if (found !== undefined) return found;
    // A name of the other space (a type where a value is due) has had no report at its import.
    const isDefined = target !== undefined && this.#set.owner(target, name) !== undefined;
    return (
      this.#builtIn(space, name) ??
      this.#wellKnown(space, name) ??
      (isDefined ? 'unknown' : (this.#anywhere(space, module, name) ?? 'excused'))
    );
  }

  #in(space: Space, target: ModuleDefinition, name: string): Found<unknown> | undefined {
    const owner = this.#set.owner(target, name);
    const definition = owner?.[space].get(name);
    return owner === undefined || definition === undefined
      ? undefined
      : { module: owner, definition };
  }

  /** A name that was not imported: looked for where the module imports from, and in the SMI. */
  #stray(space: Space, module: ModuleDefinition, name: string, at: number): Lookup<unknown> {
    let strays = this.#strays.get(module);
    if (strays === undefined) {
      strays = new Map();
      this.#strays.set(module, strays);
    }
    const key = `${space} ${name}`;
    const known = strays.get(key);
    // What was unknown may have been settled meanwhile.
    if (known !== undefined && (known !== 'unknown' || !this.#isSettled(space, module, name))) {
      return known;
    }
    const clear =
      this.#builtIn(space, name) ??
      this.#inImported(space, module, name) ??
      this.#wellKnown(space, name);
    const found = clear ?? this.#anywhere(space, module, name);
    strays.set(key, found ?? 'unknown');
    if (found === undefined) return 'unknown';
    const { name: owner } = found.module;
    this.#set.log.report(
      module.source,
      at,
      clear === undefined ? 'import-guessed' : 'import-missing',
      clear === undefined
        ? `'${name}' is not imported, and taken from ${owner}, the likeliest of those that define it; expected it in IMPORTS`
        : `'${name}' is not imported; expected it in IMPORTS from ${owner}`,
    );
    return found;
  }

  #builtIn(space: Space, name: string): Found<unknown> | undefined {
    for (const module of BASE_MODULES.values()) {
      const definition = module[space].get(name);
      if (definition === undefined) continue;
      this.#set.find(module.name);
      return { module, definition };
    }
    return undefined;
  }

  /** A name of the standard modules that means the same everywhere. */
  #wellKnown(space: Space, name: string): Found<unknown> | undefined {
    const home = WELL_KNOWN_SYMBOLS.get(name);
    const module = home === undefined ? undefined : this.#set.find(home);
    const definition = module?.[space].get(name);
    return module === undefined || definition === undefined ? undefined : { module, definition };
  }

  /** A name that one loaded module alone defines, or several of which one was settled on. */
  #anywhere(space: Space, user: ModuleDefinition, name: string): Found<unknown> | undefined {
    if (this.#isSettled(space, user, name)) return this.#settled.get(placeOf(user, name));
    const [owner, ...others] = this.#ownersOf(space, name);
    return owner === undefined || others.length > 0
      ? undefined
      : { module: owner, definition: owner[space].get(name) };
  }

  #isSettled(space: Space, user: ModuleDefinition, name: string): boolean {
    return space === 'values' && this.#settled.size > 0 && this.#settled.has(placeOf(user, name));
  }

  /** What a name may mean that is not imported and that several modules define. */
  rivals(name: string): readonly Found<ValueDefinition>[] {
    return this.#ownersOf('values', name).flatMap((module) => {
      const definition = module.values.get(name);
      return definition === undefined ? [] : [{ module, definition }];
    });
  }

  /** From now on this is what the name means to modules beside `user` that do not import it. */
  settle(user: ModuleDefinition, name: string, found: Found<ValueDefinition>): void {
    this.#settled.set(placeOf(user, name), found);
  }

  /**
   * The modules of the texts that define a name; where none does, one that stands in for a module,
   * be it loaded so far or not: otherwise the order of loading would matter.
   */
  #ownersOf(space: Space, name: string): Owners {
    this.#searches += 1;
    const owners =
      this.#searches > MAX_SEARCHES
        ? this.#indexed()[space].get(name)
        : this.#search(space, name).get(name);
    return owners ?? this.#standIn(space, name);
  }

  #search(space: Space, name: string): ReadonlyMap<string, Owners> {
    const owners = new Map<string, ModuleDefinition[]>();
    for (const module of this.#set.modules.values()) {
      if (!module.isBuiltIn && module[space].has(name)) addOwner(owners, name, module);
    }
    return owners;
  }

  #standIn(space: Space, name: string): Owners {
    for (const module of FALLBACK_MODULES.values()) {
      // Where there is a text of it, that was looked at.
      if (module[space].has(name) && this.#set.find(module.name) === module) return [module];
    }
    return [];
  }

  #indexed(): Readonly<Record<Space, ReadonlyMap<string, Owners>>> {
    if (this.#owners === undefined) {
      const [values, types] = [
        new Map<string, ModuleDefinition[]>(),
        new Map<string, ModuleDefinition[]>(),
      ];
      for (const module of this.#set.modules.values()) {
        if (module.isBuiltIn) continue;
        for (const one of module.values.keys()) addOwner(values, one, module);
        for (const one of module.types.keys()) addOwner(types, one, module);
      }
      this.#owners = { values, types };
    }
    return this.#owners;
  }

  #inImported(space: Space, module: ModuleDefinition, name: string): Found<unknown> | undefined {
    for (const from of module.importedModules) {
      const target = this.#set.find(from);
      const definition = target?.[space].get(name);
      if (target !== undefined && definition !== undefined) return { module: target, definition };
    }
    return undefined;
  }
}
