import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SnmpError } from './base/index.js';
import {
  compileMibs,
  findShippedModule,
  formatDiagnostic,
  type Mib,
  type MibModule,
  type MibNode,
  type MibSource,
} from './mib/index.js';
import { parseOid, type Oid } from './smi/index.js';
import type { MibText } from './agent-options.js';

/**
 * The modules an agent knows by name: texts it was given, and those that come with the package,
 * which are read when they are first asked for.
 */
export class MibLibrary {
  /** UNBOUNDED because the program decides what it gives. */
  readonly #sources: MibSource[] = [];
  readonly #shipped = new Set<string>();
  /** UNBOUNDED because the program decides what it loads. */
  readonly #learned = new Map<string, MibModule>();
  #mib: Mib | undefined;

  /**
   * Adds texts; they are checked at once.
   *
   * @returns the names of the modules in them.
   * @throws SnmpError SNMP_MIB_UNREADABLE, SNMP_MIB_ERRORS (the message has file, line and column
   *   of every error). Nothing is added then.
   */
  add(texts: readonly MibText[]): readonly string[] {
    const added = texts.map(readText);
    const { mib, diagnostics } = compileMibs([...this.#sources, ...added], {
      resolveImport: findShippedModule,
    });
    const paths = new Set(added.map(({ path }) => path));
    const errors = diagnostics.filter(
      ({ severity, file }) => severity === 'error' && paths.has(file),
    );
    if (errors.length > 0) {
      throw new SnmpError('SNMP_MIB_ERRORS', errors.slice(0, 20).map(formatDiagnostic).join('\n'));
    }
    this.#sources.push(...added);
    this.#mib = mib;
    return [...mib.modules.values()]
      .filter((module) => paths.has(module.source))
      .map((module) => module.name);
  }

  /** @throws SnmpError SNMP_MIB_UNKNOWN */
  module(name: string): MibModule {
    const known = this.#compiled().modules.get(name);
    if (known !== undefined) return known;
    const shipped = findShippedModule(name);
    if (shipped === undefined) {
      throw new SnmpError(
        'SNMP_MIB_UNKNOWN',
        `no MIB module ${name}: neither among the texts given nor with the package`,
      );
    }
    if (!this.#shipped.has(name)) {
      this.#shipped.add(name);
      this.#sources.push(shipped);
      this.#mib = undefined;
    }
    return this.#compiled().modules.get(name) as MibModule;
  }

  /** A module compiled elsewhere: its descriptors can be named from now on. */
  learn(module: MibModule): void {
    if (!this.#compiled().modules.has(module.name)) this.#learned.set(module.name, module);
  }

  /** A dotted OID, a descriptor or `MODULE::descriptor`; undefined for a name nobody defines. */
  oidOf(name: string): Oid | undefined {
    if (/^\.?\d+(\.\d+)*$/.test(name)) return parseOid(name);
    return this.node(name)?.oid;
  }

  /** A node by its descriptor or `MODULE::descriptor`; modules of the package need no loading. */
  node(name: string): MibNode | undefined {
    const found = this.#compiled().find(name) ?? this.#learnedNode(name);
    if (found !== undefined) return found;
    const module = /^(.+)::/.exec(name)?.[1];
    if (module === undefined || findShippedModule(module) === undefined) return undefined;
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
    this.#mib ??= compileMibs(this.#sources, { resolveImport: findShippedModule }).mib;
    return this.#mib;
  }
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
