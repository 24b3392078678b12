import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { didYouMean, nearestNames, SnmpError } from './base/index.js';
import {
  compileMibs,
  findShippedModule,
  formatDiagnostic,
  ModuleFinder,
  type Compilation,
  type Mib,
  type MibModule,
  type MibNode,
  type MibSource,
} from './mib/index.js';
import { parseOid, type Oid } from './smi/index.js';
import type { MibText } from './agent-options.js';

/** A text with the names of the modules in it. */
interface KnownText {
  readonly source: MibSource;
  readonly names: readonly string[];
}

/** Texts that have been read and checked; the library knows nothing of them before `commit`. */
export interface MibDraft {
  /** The last module in a text that was given; undefined where it holds none. */
  nameIn(text: MibText): string | undefined;
  /** One of them, or one that the library knows. @throws SnmpError SNMP_MIB_UNKNOWN */
  module(name: string): MibModule;
  commit(): void;
}

/**
 * The modules an agent knows by name: texts it was given; and those of the directories it was told
 * to search and those that come with the package, which are read when they are first asked for.
 */
export class MibLibrary {
  /** A module that is given again replaces the first. UNBOUNDED: the program decides what it gives. */
  #texts: readonly KnownText[] = [];
  /** Modules that were looked for and found. UNBOUNDED likewise. */
  readonly #found = new Set<string>();
  #finder = new ModuleFinder({ cache: false });
  /** UNBOUNDED because the program decides what it loads. */
  readonly #learned = new Map<string, MibModule>();
  #mib: Mib | undefined;
  /** Nobody has given it a text or a directory: what it knows is what comes with the package. */
  #isPlain = true;

  /**
   * Looks for modules in these directories too, before those of the package. They are indexed here
   * and now: whoever asks for a module later must not wait for ten thousand files.
   *
   * @throws SnmpError SNMP_MIB_DIRECTORY
   */
  search(directories: readonly string[]): void {
    this.#isPlain = false;
    this.#finder = new ModuleFinder({ directories });
    this.#finder.names();
    this.#mib = undefined;
  }

  /** Adds texts: see `draft`. */
  add(texts: readonly MibText[]): void {
    this.draft(texts).commit();
  }

  /**
   * Reads and checks texts. A module that is known already is replaced by that of the same name.
   *
   * @throws SnmpError SNMP_MIB_UNREADABLE, SNMP_MIB_ERRORS (the message has file, line and column
   *   of every error).
   */
  draft(texts: readonly MibText[]): MibDraft {
    if (texts.length === 0) return this.#nothingNew();
    const read = new Map(texts.map((text) => [text, knownText(readText(text))] as const));
    const added = [...read.values()];
    const known = this.#texts;
    const all = withTexts(known, added);
    const { mib, diagnostics } = this.#compile(all);
    const paths = new Set(added.map(({ source }) => source.path));
    const errors = diagnostics.filter(
      ({ severity, file }) => severity === 'error' && paths.has(file),
    );
    if (errors.length > 0) {
      throw new SnmpError('SNMP_MIB_ERRORS', errors.slice(0, 20).map(formatDiagnostic).join('\n'));
    }
    return {
      nameIn: (text) => read.get(text)?.names.at(-1),
      module: (name) => mib.modules.get(name) ?? this.module(name),
      commit: () => {
        // Another draft may have come first.
        const isFirst = this.#texts === known;
        this.#isPlain = false;
        this.#texts = isFirst ? all : withTexts(this.#texts, added);
        this.#mib = isFirst ? mib : undefined;
      },
    };
  }

  #nothingNew(): MibDraft {
    return {
      nameIn: () => undefined,
      module: (name) => this.module(name),
      commit: () => undefined,
    };
  }

  /**
   * One that is found in a directory counts as far as it is sound, like those that others import.
   *
   * @throws SnmpError SNMP_MIB_UNKNOWN
   */
  module(name: string): MibModule {
    return this.modules([name])[0];
  }

  /**
   * Several at a time: what is not known yet is compiled once.
   *
   * @throws SnmpError SNMP_MIB_UNKNOWN
   */
  modules<Names extends readonly string[]>(
    names: readonly [...Names],
  ): { readonly [Place in keyof Names]: MibModule } {
    if (this.#isPlain) for (const module of shippedModules(names)) this.learn(module);
    const known = this.#compiled().modules;
    for (const name of names) {
      if (!known.has(name) && !this.#learned.has(name)) this.#lookFor(name);
    }
    const { modules } = this.#compiled();
    return names.map(
      (name) => modules.get(name) ?? this.#learned.get(name) ?? this.#unknown(name),
    ) as {
      readonly [Place in keyof Names]: MibModule;
    };
  }

  #lookFor(name: string): void {
    const source = this.#found.has(name) ? undefined : this.#finder.find(name);
    if (source === undefined) return;
    this.#found.add(name);
    const text = knownText(source);
    this.#texts = withTexts(this.#texts, [
      // Of the SMI's own modules the text is not used.
      text.names.includes(name) ? text : { source, names: [name] },
    ]);
    this.#mib = undefined;
  }

  #unknown(name: string): never {
    const near = nearestNames(name, [...this.#compiled().modules.keys(), ...this.#finder.names()]);
    throw new SnmpError(
      'SNMP_MIB_UNKNOWN',
      `no MIB module ${name}: neither among the texts given, nor where modules are looked for, nor with the package${didYouMean(near)}`,
    );
  }

  /** A module compiled elsewhere: it and its descriptors can be named from now on. */
  learn(module: MibModule): void {
    if (!this.#compiled().modules.has(module.name)) this.#learned.set(module.name, module);
  }

  /** A dotted OID, a descriptor or `MODULE::descriptor`; undefined for a name nobody defines. */
  oidOf(name: string): Oid | undefined {
    if (/^\.?\d+(\.\d+)*$/.test(name)) return parseOid(name);
    return this.node(name)?.oid;
  }

  /** A node by its descriptor or `MODULE::descriptor`; modules that are looked for need no loading. */
  node(name: string): MibNode | undefined {
    const found = this.#compiled().find(name) ?? this.#learnedNode(name);
    if (found !== undefined) return found;
    const module = /^(.+)::/.exec(name)?.[1];
    if (module === undefined || this.#compiled().modules.has(module)) return undefined;
    if (this.#finder.find(module) === undefined) return undefined;
    return this.module(module).nodes.get(name.slice(module.length + 2));
  }

  #learnedNode(name: string): MibNode | undefined {
    const [descriptor = '', module] = name.split('::').toReversed();
    for (const learned of this.#learned.values()) {
      if (module !== undefined && learned.name !== module) continue;
      const node = learned.nodes.get(descriptor);
      if (node !== undefined) return node;
    }
    return undefined;
  }

  get mib(): Mib {
    return this.#compiled();
  }

  #compiled(): Mib {
    this.#mib ??= this.#compile(this.#texts).mib;
    return this.#mib;
  }

  #compile(texts: readonly KnownText[]): Compilation {
    return compileMibs(
      texts.map(({ source }) => source),
      { resolveImport: this.#finder.find },
    );
  }
}

/** Compiled once in a process: every agent has some of them. BOUNDED by what comes with the package. */
const SHIPPED = new Map<string, MibModule>();

/** Those of the names that come with the package, as they are without other texts. */
function shippedModules(names: readonly string[]): readonly MibModule[] {
  const sources = names
    .filter((name) => !SHIPPED.has(name))
    .flatMap((name) => findShippedModule(name) ?? []);
  if (sources.length > 0) {
    const { mib } = compileMibs(sources, { resolveImport: findShippedModule });
    for (const [name, module] of mib.modules) SHIPPED.set(name, module);
  }
  return names.flatMap((name) => SHIPPED.get(name) ?? []);
}

function knownText(source: MibSource): KnownText {
  const names = [...compileMibs([source]).mib.modules.values()]
    .filter((module) => module.source === source.path)
    .map(({ name }) => name);
  return { source, names };
}

/**
 * Known texts and added ones, without those of which no module is left. Of two modules of one name
 * the first counts, so a text that is replaced in part comes last.
 */
function withTexts(known: readonly KnownText[], added: readonly KnownText[]): KnownText[] {
  const replaced = new Set(added.flatMap(({ names }) => names));
  const isReplaced = (name: string): boolean => replaced.has(name);
  return [
    ...known.filter(({ names }) => !names.some(isReplaced)),
    ...added,
    ...known.filter(({ names }) => names.some(isReplaced) && !names.every(isReplaced)),
  ];
}

function readText(text: MibText): MibSource {
  if (typeof text === 'object' && 'text' in text) return text;
  const path = typeof text === 'string' ? text : fileURLToPath(text);
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new SnmpError('SNMP_MIB_UNREADABLE', `cannot read the MIB module ${path}`, { cause });
  }
}
