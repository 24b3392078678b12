import { BASE_MODULES } from '../base-modules.js';
import type { Field, Label, Name, SyntaxNode, TypeReference } from '../ast.js';
import type { ModuleDefinition, TypeDefinition } from '../definition.js';
import type { DiagnosticLog } from '../diagnostics.js';
import { isIntegerHint, isOctetHint, type BaseType, type Syntax } from '../../smi/index.js';
import { baseRanges, formatRanges, isNumeric, isSized, refine } from './ranges.js';
import type { Found, Symbols } from './symbols.js';

/** What a SYNTAX came down to. `failed`: it cannot be known, and why has been reported. */
export type ResolvedSyntax =
  | { readonly kind: 'simple'; readonly syntax: Syntax }
  | { readonly kind: 'row'; readonly fields: readonly Field[] }
  | { readonly kind: 'table'; readonly row: string }
  | { readonly kind: 'failed' };

const FAILED: ResolvedSyntax = { kind: 'failed' };

/** Types of ASN.1 that need no definition; undefined: no object may have them. */
const BUILT_IN: ReadonlyMap<string, BaseType | undefined> = new Map([
  ['INTEGER', 'Integer32'],
  ['OCTET STRING', 'OctetString'],
  ['OBJECT IDENTIFIER', 'ObjectIdentifier'],
  ['BITS', 'Bits'],
  ['NULL', undefined],
  ['ANY', undefined],
  ['BOOLEAN', undefined],
  ['REAL', undefined],
]);

const SPELLED: readonly string[] = [
  ...[...BUILT_IN].flatMap(([name, base]) => (base === undefined ? [] : [name])),
  ...['SNMPv2-SMI', 'SNMPv2-TC', 'RFC1155-SMI'].flatMap((name) => [
    ...(BASE_MODULES.get(name)?.types.keys() ?? []),
  ]),
];

/** Capitals and digits of a type's name to the type. */
const TYPE_SPELLINGS: ReadonlyMap<string, string> = new Map([
  ...SPELLED.map((name) => [name.toUpperCase().replace(/[^A-Z0-9]/g, ''), name] as const),
  ['STRING', 'OCTET STRING'],
  ['BITSTRING', 'BITS'],
  ['ENUMERATED', 'INTEGER'],
  ['INT', 'INTEGER'],
  ['INT32', 'Integer32'],
  ['UINT32', 'Unsigned32'],
]);

/** `[APPLICATION n]`, RFC 2578 7.1 and RFC 1902. */
const TAGGED: Readonly<Record<number, BaseType>> = {
  0: 'IpAddress',
  1: 'Counter32',
  2: 'Gauge32',
  3: 'TimeTicks',
  4: 'Opaque',
  6: 'Counter64',
  7: 'Unsigned32',
};

/** RFC 2578 7.1.4: BITS of this many octets cannot be carried. */
const MAX_BIT = 65_535 * 8 - 1;

/** RFC 2579 3.1: on these, and on enumerations, no DISPLAY-HINT may stand. */
const NO_HINT: ReadonlySet<BaseType> = new Set([
  'ObjectIdentifier',
  'IpAddress',
  'Counter32',
  'Counter64',
  'Bits',
]);

/** Longer chains are no module's; without a bound, all the chains together grow with its square. */
const MAX_CONVENTIONS = 64;

/** Brings types down to their base, every refinement on the way applied. */
export class TypeResolver {
  readonly #symbols: Symbols;
  readonly #log: DiagnosticLog;
  /** BOUNDED by the types of all modules. */
  readonly #named = new Map<TypeDefinition, ResolvedSyntax>();

  constructor(symbols: Symbols, log: DiagnosticLog) {
    this.#symbols = symbols;
    this.#log = log;
  }

  /** Follows the chain of parents without recursion: it may be of any length. */
  named(module: ModuleDefinition, definition: TypeDefinition): ResolvedSyntax {
    /** From the type asked for to the last one not yet known. BOUNDED by the types: no repeats. */
    const chain: Found<TypeDefinition>[] = [];
    const entered = new Set<TypeDefinition>();
    let next: Found<TypeDefinition> | undefined = { module, definition };
    while (next !== undefined && !this.#named.has(next.definition)) {
      if (entered.has(next.definition)) {
        this.#circular(next);
        break;
      }
      entered.add(next.definition);
      chain.push(next);
      next = this.#parent(next);
    }
    for (const link of chain.reverse()) {
      if (this.#named.has(link.definition)) continue;
      this.#named.set(link.definition, this.#resolveNamed(link));
    }
    return this.#named.get(definition) ?? FAILED;
  }

  /** A SYNTAX as it stands in an object or in a field. */
  inline(module: ModuleDefinition, node: SyntaxNode): ResolvedSyntax {
    switch (node.kind) {
      case 'sequence':
        return { kind: 'row', fields: node.fields };
      case 'sequence-of':
        return { kind: 'table', row: node.row.text };
      case 'choice': {
        // The SMI's own choices have one arm that an object may have.
        const [arm] = node.arms;
        return arm === undefined ? FAILED : this.inline(module, arm.syntax);
      }
      case 'reference':
        return this.#reference(module, node);
    }
  }

  #circular({ module, definition }: Found<TypeDefinition>): void {
    this.#named.set(definition, FAILED);
    this.#log.report(
      module.source,
      definition.at,
      'type-circular',
      `type '${definition.name}' is defined by itself; expected a type outside the circle`,
    );
  }

  #parent({ module, definition }: Found<TypeDefinition>): Found<TypeDefinition> | undefined {
    const node = referenceWithin(definition.syntax);
    if (node === undefined || node.tag !== undefined || BUILT_IN.has(node.name)) return undefined;
    const found = this.#symbols.type(module, node.name, node.at, node.module);
    return typeof found === 'string' ? undefined : found;
  }

  #resolveNamed({ module, definition }: Found<TypeDefinition>): ResolvedSyntax {
    const { base, name, displayHint, syntax: node } = definition;
    if (base !== undefined) return simple({ base, conventions: [] });
    const resolved = this.inline(module, node);
    if (resolved.kind !== 'simple') return resolved;
    // A module that brings the SMI's own types defines bases.
    if (node.kind === 'reference' && node.tag !== undefined) return resolved;
    const { syntax } = resolved;
    if (syntax.conventions.length >= MAX_CONVENTIONS) {
      this.#report(
        module,
        definition.at,
        'nested-too-deep',
        `expected at most ${MAX_CONVENTIONS} types from '${name}' to its base`,
      );
      return FAILED;
    }
    const conventions = [name, ...syntax.conventions];
    if (displayHint === undefined) return simple({ ...syntax, conventions });
    this.#checkHint(module, displayHint, syntax);
    return simple({ ...syntax, conventions, displayHint: displayHint.text });
  }

  /** RFC 2579 3.1. A hint that does not fit is kept: who shows a value by it falls back. */
  #checkHint(module: ModuleDefinition, { text, at }: Name, { base, enums }: Syntax): void {
    const isNumber = isNumeric(base);
    if (enums !== undefined || NO_HINT.has(base)) {
      const what = enums === undefined ? base : 'an enumeration';
      this.#report(module, at, 'hint-unfit', `expected no DISPLAY-HINT on ${what}`);
    } else if (!(isNumber ? isIntegerHint(text) : isOctetHint(text))) {
      const expected = isNumber
        ? 'd, d-2 (with the places behind the point), x, o or b'
        : 'such as 255a or 1x: (repetition, octets, format and what stands between)';
      const shown = JSON.stringify(text.slice(0, 40));
      this.#report(module, at, 'hint-unfit', `expected ${expected} for ${base}; found ${shown}`);
    }
  }

  #reference(module: ModuleDefinition, node: TypeReference): ResolvedSyntax {
    const tagged = node.tag === undefined ? undefined : TAGGED[node.tag];
    if (tagged !== undefined) return simple({ base: tagged, conventions: [] });
    if (BUILT_IN.has(node.name)) {
      const base = BUILT_IN.get(node.name);
      if (base !== undefined) return this.#refine(module, { base, conventions: [] }, node);
      this.#report(
        module,
        node.at,
        'type-unsupported',
        `no object can be of type ${node.name}; expected a type of the SMI`,
      );
      return FAILED;
    }
    const found = this.#symbols.type(module, node.name, node.at, node.module);
    const spelled = typeof found === 'string' ? this.#respelled(module, node) : undefined;
    if (spelled !== undefined) return this.#reference(module, spelled);
    if (found === 'excused') return FAILED;
    if (found === 'unknown') {
      this.#report(
        module,
        node.at,
        'type-unknown',
        `type '${node.name}' is not defined or imported; expected a type of the SMI or a textual convention`,
      );
      return FAILED;
    }
    const parent = this.named(found.module, found.definition);
    return parent.kind === 'simple' ? this.#refine(module, parent.syntax, node) : parent;
  }

  /** A type of the SMI in other letters' case, or by a name that it has elsewhere. */
  #respelled(module: ModuleDefinition, node: TypeReference): TypeReference | undefined {
    const name = TYPE_SPELLINGS.get(node.name.toUpperCase().replace(/[^A-Z0-9]/g, ''));
    if (name === undefined || name === node.name || node.module !== undefined) return undefined;
    this.#report(module, node.at, 'type-irregular', `expected ${name}, found '${node.name}'`);
    return { ...node, name };
  }

  #refine(module: ModuleDefinition, parent: Syntax, node: TypeReference): ResolvedSyntax {
    let syntax = parent;
    if (node.labels !== undefined && node.name === 'Integer32') {
      const message = 'expected INTEGER before labels, found Integer32';
      this.#report(module, node.at, 'type-irregular', message);
    }
    if (node.labels !== undefined) syntax = this.#label(module, syntax, node.labels, node.at);
    if (node.constraint !== undefined) syntax = this.#constrain(module, syntax, node);
    return simple(syntax);
  }

  #constrain(module: ModuleDefinition, parent: Syntax, { constraint }: TypeReference): Syntax {
    if (constraint === undefined) return parent;
    const { kind, at, parts } = constraint;
    const isNumber = isNumeric(parent.base);
    if (!isNumber && !isSized(parent.base)) {
      // IpAddress (SIZE (4)) says what is so anyway.
      if (parent.base !== 'IpAddress') {
        this.#report(module, at, 'range-misplaced', `expected no range or size on ${parent.base}`);
      }
      return parent;
    }
    if (isNumber !== (kind === 'range')) {
      const expected = isNumber ? 'a range without SIZE' : 'SIZE around the range';
      this.#report(
        module,
        at,
        'range-misplaced',
        `expected ${expected}, since the base is ${parent.base}`,
      );
    }
    const allowed = (isNumber ? parent.ranges : parent.sizes) ?? baseRanges(parent.base);
    const { ranges, outside, reversed, isDisordered } = refine(allowed, parts);
    for (const part of reversed) {
      this.#report(module, part.at, 'range-order', 'expected the smaller number first');
    }
    for (const part of outside) {
      this.#report(
        module,
        part.at,
        'range-outside',
        `expected a range within ${formatRanges(allowed)}`,
      );
    }
    if (isDisordered) {
      this.#report(module, at, 'range-order', 'expected sub-ranges ascending and without overlap');
    }
    if (ranges.length === 0) {
      this.#report(
        module,
        at,
        'range-empty',
        `no value is left; expected some of ${formatRanges(allowed)}`,
      );
      return parent;
    }
    return isNumber ? { ...parent, ranges } : { ...parent, sizes: ranges };
  }

  #label(module: ModuleDefinition, parent: Syntax, labels: readonly Label[], at: number): Syntax {
    const isBits = parent.base === 'Bits';
    if (!isBits && parent.base !== 'Integer32') {
      this.#report(
        module,
        at,
        'label-misplaced',
        `expected no labels on ${parent.base}; INTEGER and BITS have labels`,
      );
      if (!isNumeric(parent.base)) return parent;
    }
    const inherited = isBits ? parent.bits : parent.enums;
    /** BOUNDED by the labels of the text. */
    const numbers = new Map<string, number>();
    /** Made at the first number that is not above all before it. */
    let taken: Set<number> | undefined;
    let highest = -Infinity;
    for (const label of labels) {
      const { name, number } = label;
      if (number <= highest) taken ??= new Set(numbers.values());
      if (numbers.has(name) || taken?.has(number) === true) {
        this.#report(
          module,
          label.at,
          'label-repeated',
          `expected a label and a number of its own for ${name}(${number})`,
        );
      }
      if (!isFit(parent, number)) {
        const expected = isBits ? `a position of 0..${MAX_BIT}` : 'a number of 32 bits';
        this.#report(
          module,
          label.at,
          'label-misplaced',
          `${name}(${number}): expected ${expected}`,
        );
        continue;
      }
      if (inherited !== undefined && inherited.get(name) !== number) {
        this.#report(
          module,
          label.at,
          'label-outside',
          `${name}(${number}): expected a label of the type that is refined`,
        );
      }
      if (!numbers.has(name)) numbers.set(name, number);
      taken?.add(number);
      highest = Math.max(highest, number);
    }
    return isBits ? { ...parent, bits: numbers } : { ...parent, enums: numbers };
  }

  #report(
    module: ModuleDefinition,
    at: number,
    code: Parameters<DiagnosticLog['report']>[2],
    message: string,
  ): void {
    this.#log.report(module.source, at, code, message);
  }
}

function simple(syntax: Syntax): ResolvedSyntax {
  return { kind: 'simple', syntax };
}

/** The reference that a type's meaning hangs on, looked for as `inline` does. */
function referenceWithin(node: SyntaxNode): TypeReference | undefined {
  let inner: SyntaxNode | undefined = node;
  while (inner?.kind === 'choice') inner = inner.arms[0]?.syntax;
  return inner?.kind === 'reference' ? inner : undefined;
}

function isFit(parent: Syntax, number: number): boolean {
  if (parent.base === 'Bits') return number >= 0 && number <= MAX_BIT;
  return number >= -2_147_483_648 && number <= 4_294_967_295;
}
