import type { OidPart } from '../ast.js';
import {
  ById,
  type ModuleDefinition,
  type ObjectDefinition,
  type ValueDefinition,
} from '../definition.js';
import type { DiagnosticLog } from '../diagnostics.js';
import {
  MAX_SUB_IDENTIFIER,
  MAX_SUB_IDENTIFIERS,
  compareOids,
  hasPrefix,
  type Oid,
} from '../../smi/index.js';
import { isBeside, type Found, type Symbols } from './symbols.js';

/** The arcs that ASN.1 itself names (X.660); no module defines them. */
const ROOTS: ReadonlyMap<string, number> = new Map([
  ['ccitt', 0],
  ['itu-t', 0],
  ['zero', 0],
  ['iso', 1],
  ['joint-iso-ccitt', 2],
  ['joint-iso-itu-t', 2],
]);

type State = Oid | 'pending' | 'failed';

/** Turns names into OIDs. Follows chains of parents without recursion: they may be of any length. */
export class OidResolver {
  readonly #symbols: Symbols;
  readonly #log: DiagnosticLog;
  readonly #states = new ById<State>();

  /** By module, of those that have any; in the order of the text. BOUNDED by their repeats. */
  readonly #repeated = new Map<
    ModuleDefinition,
    ReadonlyMap<string, readonly ObjectDefinition[]>
  >();

  /** Of names that mean nothing where they stand. BOUNDED by the words of the texts. */
  readonly #rivalsByName = new Map<string, readonly Found<ValueDefinition>[]>();

  constructor(symbols: Symbols, log: DiagnosticLog) {
    this.#symbols = symbols;
    this.#log = log;
  }

  /** @returns undefined where the OID cannot be known; why has been reported. */
  resolve(module: ModuleDefinition, definition: ValueDefinition): Oid | undefined {
    const known = this.#states.get(definition) ?? this.#below(module, definition);
    if (known !== undefined && known !== 'pending') return known === 'failed' ? undefined : known;
    /** Each waits for the one above it. BOUNDED by the definitions: none is in it twice. */
    const waiting: Found<ValueDefinition>[] = [{ module, definition }];
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      if (!this.#isResolved(top.definition)) {
        this.#states.set(top.definition, 'pending');
        const needed = this.#needed(top);
        if (needed !== undefined) {
          waiting.push(needed);
          continue;
        }
        if (!this.#isResolved(top.definition)) {
          const oid = this.parts(top.module, top.definition.oid);
          this.#states.set(top.definition, oid ?? 'failed');
        }
      }
      waiting.pop();
    }
    const state = this.#states.get(definition);
    return typeof state === 'string' ? undefined : state;
  }

  /** `{ parent 5 }` below what stands earlier in the module, as nearly all definitions are. */
  #below(module: ModuleDefinition, definition: ValueDefinition): Oid | undefined {
    const { oid: parts } = definition;
    const [first, second] = parts;
    if (parts.length !== 2 || first?.name === undefined || second?.number === undefined) return;
    if (first.number !== undefined || first.module !== undefined || second.name !== undefined)
      return;
    if (module.repeats.length > 0) return;
    const parent = module.values.get(first.name);
    const above = parent === undefined ? undefined : this.#states.get(parent);
    if (above === undefined || typeof above === 'string') return;
    if (above.length >= MAX_SUB_IDENTIFIERS || second.number > MAX_SUB_IDENTIFIER) return;
    const oid = above.concat(second.number);
    this.#states.set(definition, oid);
    return oid;
  }

  #isResolved(definition: ValueDefinition): boolean {
    const state = this.#states.get(definition);
    return state !== undefined && state !== 'pending';
  }

  /** The OID of parts whose names are all resolved, or of DEFVAL's braces. */
  parts(module: ModuleDefinition, parts: readonly OidPart[]): Oid | undefined {
    let oid: Oid | undefined = [];
    if (parts.length <= MAX_SUB_IDENTIFIERS) {
      for (const part of parts) {
        oid = this.#extend(module, oid, part);
        if (oid === undefined) return undefined;
      }
      if (oid.length <= MAX_SUB_IDENTIFIERS) return oid;
    }
    const message = `an OID of too many numbers; expected at most ${MAX_SUB_IDENTIFIERS}`;
    this.#log.report(module.source, parts[0]?.at ?? 0, 'oid-malformed', message);
    return undefined;
  }

  #extend(module: ModuleDefinition, oid: Oid, part: OidPart): Oid | undefined {
    const { name, number, at } = part;
    const isFirst = oid.length === 0;
    if (number !== undefined && number > MAX_SUB_IDENTIFIER && (name === undefined || !isFirst)) {
      return undefined;
    }
    if (name === undefined || (number !== undefined && !isFirst)) {
      // Not spread: that leaves room for more, which in a hundred thousand OIDs is most of them.
      return oid.concat(number ?? 0);
    }
    const root = isFirst ? rootNumber(module, name) : undefined;
    if (root !== undefined) return [root];
    const found = this.#above(module, name, at, part.module);
    if (found === 'unknown' || found === 'excused') {
      if (number !== undefined) return number > MAX_SUB_IDENTIFIER ? undefined : [number];
      if (found === 'unknown') {
        const message = `'${name}' is not defined or imported; expected a name with an OID`;
        this.#log.report(module.source, at, 'name-unknown', message);
      }
      return undefined;
    }
    const known = this.resolve(found.module, found.definition);
    if (known === undefined) {
      const message = `the OID of '${name}' is not known; expected a parent that has one`;
      this.#log.report(module.source, at, 'oid-parent-unresolved', message);
      return undefined;
    }
    if (isFirst) return known;
    if (known.length === oid.length + 1 && hasPrefix(known, oid)) return known;
    const message = `'${name}' does not stand below ${oid.join('.')}; expected a number or a name of that place`;
    this.#log.report(module.source, at, 'oid-malformed', message);
    return undefined;
  }

  /**
   * What a name in an OID stands for. Where a table or row is defined once more under a name it
   * shares with an earlier one, what follows it in the text was written for it.
   */
  #above(
    module: ModuleDefinition,
    name: string,
    at: number,
    qualifier: string | undefined,
  ): ReturnType<Symbols['value']> {
    const found = this.#meaning(module, name, at, qualifier);
    if (module.repeats.length === 0 || typeof found === 'string' || found.module !== module) {
      return found;
    }
    const again = this.#repeatedTables(module).get(name) ?? [];
    const nearest = again[countBefore(again, at) - 1];
    return nearest === undefined ? found : { module, definition: nearest };
  }

  /**
   * A name that is neither defined nor imported means what all agree on that define it in modules
   * beside this one; where none does or they do not agree, what all agree on that define it at all.
   */
  #meaning(
    module: ModuleDefinition,
    name: string,
    at: number,
    qualifier: string | undefined,
  ): ReturnType<Symbols['value']> {
    const found = this.#symbols.value(module, name, at, qualifier);
    if (typeof found !== 'string' || qualifier !== undefined) return found;
    const rivals = this.#rivals(name);
    const agreed =
      this.#agreed(rivals.filter((rival) => isBeside(rival.module, module))) ??
      this.#agreed(rivals);
    if (agreed === undefined) return found;
    this.#symbols.settle(module, name, agreed);
    return this.#symbols.value(module, name, at);
  }

  #rivals(name: string): readonly Found<ValueDefinition>[] {
    let rivals = this.#rivalsByName.get(name);
    if (rivals === undefined) {
      rivals = this.#symbols.rivals(name);
      this.#rivalsByName.set(name, rivals);
    }
    return rivals;
  }

  /** The first of them, where all that have an OID have the same; undefined until all are tried. */
  #agreed(rivals: readonly Found<ValueDefinition>[]): Found<ValueDefinition> | undefined {
    let first: Found<ValueDefinition> | undefined;
    let agreed: Oid | undefined;
    for (const rival of rivals) {
      const oid = this.#states.get(rival.definition);
      if (oid === undefined) return undefined;
      if (typeof oid === 'string') continue;
      if (agreed !== undefined && compareOids(agreed, oid) !== 0) return undefined;
      first ??= rival;
      agreed ??= oid;
    }
    return first;
  }

  #repeatedTables(module: ModuleDefinition): ReadonlyMap<string, readonly ObjectDefinition[]> {
    const known = this.#repeated.get(module);
    if (known !== undefined) return known;
    const byName = new Map<string, ObjectDefinition[]>();
    for (const definition of module.repeats) {
      if (definition.kind !== 'object' || !isTableOrRow(definition)) continue;
      const earlier = byName.get(definition.name);
      if (earlier === undefined) byName.set(definition.name, [definition]);
      else earlier.push(definition);
    }
    this.#repeated.set(module, byName);
    return byName;
  }

  #untried(name: string): Found<ValueDefinition> | undefined {
    return this.#rivals(name).find(({ definition }) => this.#states.get(definition) === undefined);
  }

  /** The first name in a definition's OID that has to be resolved before it. */
  #needed({ module, definition }: Found<ValueDefinition>): Found<ValueDefinition> | undefined {
    if (definition.oid.length > MAX_SUB_IDENTIFIERS) return undefined;
    for (let i = 0; i < definition.oid.length; i++) {
      const { name, number, at, module: qualifier } = definition.oid[i] as OidPart;
      if (name === undefined || (number !== undefined && i > 0)) continue;
      if (i === 0 && rootNumber(module, name) !== undefined) continue;
      const found = this.#above(module, name, at, qualifier);
      if (found === 'unknown' || found === 'excused') {
        const untried = qualifier === undefined ? this.#untried(name) : undefined;
        if (untried !== undefined) return untried;
        continue;
      }
      const state = this.#states.get(found.definition);
      if (state === undefined) return found;
      if (state === 'pending') {
        this.#states.set(found.definition, 'failed');
        this.#log.report(
          module.source,
          at,
          'oid-circular',
          `the OID of '${definition.name}' depends on itself through '${name}'; expected a parent outside the circle`,
        );
      }
    }
    return undefined;
  }
}

/** The arc of a name that ASN.1 itself gives it, where the module does not. */
export function rootNumber(module: ModuleDefinition, name: string): number | undefined {
  const number = ROOTS.get(name);
  return number === undefined || module.values.has(name) || module.imports.has(name)
    ? undefined
    : number;
}

function isTableOrRow({ syntax, index, augments }: ObjectDefinition): boolean {
  return syntax?.kind === 'sequence-of' || (index ?? augments) !== undefined;
}

/**
 * How many of the definitions stand before an offset. Halves its way: a text may hold nothing but
 * repeats of one name and what refers to it.
 */
function countBefore(ascending: readonly ObjectDefinition[], offset: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle]?.at ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
