import { BASE_MODULES } from './base-modules.js';
import {
  oidPart,
  type Clauses,
  type Definition,
  type ModuleNode,
  type Name,
  type NodeMacro,
  type OidPart,
} from './ast.js';
import type {
  ImportedSymbol,
  ModuleDefinition,
  ObjectDefinition,
  PlainDefinition,
  TypeDefinition,
  ValueDefinition,
} from './definition.js';
import type { DiagnosticLog } from './diagnostics.js';
import type { Access, Status } from './mib.js';
import { tidyText } from './prose.js';
import type { SourceText } from './source.js';
import { nearestWord } from './spelling.js';
import { plainNode } from './definition.js';
import { MAX_SUB_IDENTIFIER } from '../smi/index.js';

/**
 * One module in the normalised form. What it makes equal: ACCESS and MAX-ACCESS (write-only
 * becomes read-write), TRAP-TYPE and NOTIFICATION-TYPE, types with and without the
 * TEXTUAL-CONVENTION macro, white space in prose. What it keeps as written: every name, every
 * OID, every SYNTAX and DEFVAL, and the status words of SMIv1.
 *
 * @param nextId - gives each value of one compilation a number of its own.
 */
export function lowerModule(
  module: ModuleNode,
  source: SourceText,
  log: DiagnosticLog,
  nextId: () => number,
): ModuleDefinition {
  return new Lowering(module, source, log, nextId).run();
}

const ACCESSES: ReadonlyMap<string, Access> = new Map([
  ['not-accessible', 'not-accessible'],
  ['accessible-for-notify', 'accessible-for-notify'],
  ['read-only', 'read-only'],
  ['read-write', 'read-write'],
  ['read-create', 'read-create'],
  // RFC 2576 2.1.2
  ['write-only', 'read-write'],
]);

const STATUSES: ReadonlyMap<string, Status> = new Map(
  (['current', 'deprecated', 'obsolete', 'mandatory', 'optional'] as const).map((status) => [
    status,
    status,
  ]),
);

const SMI_NAMES: ReadonlySet<string> = new Set(BASE_MODULES.get('SNMPv2-SMI')?.values.keys());

const KINDS: Readonly<Record<Exclude<NodeMacro, 'OBJECT-TYPE'>, PlainDefinition['kind']>> = {
  'MODULE-IDENTITY': 'module-identity',
  'OBJECT-IDENTITY': 'object-identity',
  'NOTIFICATION-TYPE': 'notification',
  'OBJECT-GROUP': 'object-group',
  'NOTIFICATION-GROUP': 'notification-group',
  'MODULE-COMPLIANCE': 'module-compliance',
  'AGENT-CAPABILITIES': 'agent-capabilities',
};

/** RFC 3584 3.1: traps of the enterprise `snmp` are the standard ones, which have OIDs of their own. */
const GENERIC_TRAP_ENTERPRISE = 'snmp';
const SNMP_TRAPS: readonly number[] = [1, 3, 6, 1, 6, 3, 1, 1, 5];
const MAX_GENERIC_TRAP = 5;

class Lowering {
  readonly #module: ModuleNode;
  readonly #source: SourceText;
  readonly #log: DiagnosticLog;
  readonly #nextId: () => number;
  /** All BOUNDED by the definitions of the text. */
  readonly #types = new Map<string, TypeDefinition>();
  readonly #values = new Map<string, ValueDefinition>();
  readonly #repeats: ValueDefinition[] = [];

  constructor(module: ModuleNode, source: SourceText, log: DiagnosticLog, nextId: () => number) {
    this.#nextId = nextId;
    this.#module = module;
    this.#source = source;
    this.#log = log;
  }

  run(): ModuleDefinition {
    for (const definition of this.#module.definitions) this.#lower(definition);
    const imports = this.#imports();
    this.#nameArcs(imports);
    const lastUpdated = this.#lastUpdated();
    return {
      name: this.#module.name.text,
      at: this.#module.name.at,
      language: languageOf(this.#module),
      source: this.#source,
      isBuiltIn: false,
      imports,
      importedModules: [...new Set(this.#module.imports.map(({ from }) => from.text))],
      types: this.#types,
      values: this.#values,
      macros: new Set(this.#module.macros),
      repeats: this.#repeats,
      ...(lastUpdated === undefined ? {} : { lastUpdated }),
    };
  }

  /** Nodes that others name on their way, and nothing else defines, are nodes of this module. */
  #nameArcs(imports: ReadonlyMap<string, ImportedSymbol>): void {
    for (const definition of this.#values.values()) {
      for (const { name, at, oid } of namedOnTheWay(definition.oid)) {
        if (this.#values.has(name) || imports.has(name)) continue;
        this.#values.set(name, plainNode(this.#nextId(), name, at, oid));
      }
    }
  }

  #lastUpdated(): string | undefined {
    for (const definition of this.#module.definitions) {
      if (definition.kind !== 'macro' || definition.macro !== 'MODULE-IDENTITY') continue;
      const date = dateDigits(definition.clauses.lastUpdated?.text ?? '');
      if (date !== undefined) return date;
    }
    return undefined;
  }

  #imports(): ReadonlyMap<string, ImportedSymbol> {
    const imports = new Map<string, ImportedSymbol>();
    for (const { from, symbols } of this.#module.imports) {
      for (const { text, at } of symbols) if (!imports.has(text)) imports.set(text, { at, from });
    }
    return imports;
  }

  #lower(definition: Definition): void {
    const { name } = definition;
    switch (definition.kind) {
      case 'value':
        this.#addValue(plainNode(this.#nextId(), name.text, name.at, definition.oid));
        return;
      case 'type':
        this.#addType({
          name: name.text,
          at: name.at,
          syntax: definition.syntax,
          isTextualConvention: false,
          status: undefined,
          description: undefined,
          reference: undefined,
          displayHint: undefined,
          base: undefined,
        });
        return;
      case 'convention':
        this.#lowerConvention(name, definition.clauses);
        return;
      case 'trap':
        this.#addPlain(
          'notification',
          name,
          { ...definition.clauses, members: definition.clauses.members ?? [] },
          trapOid(definition.clauses.enterprise ?? [], definition.number, name.at),
        );
        return;
      case 'macro':
        this.#lowerMacro(definition.macro, name, definition.clauses, definition.oid);
    }
  }

  #lowerConvention(name: Name, clauses: Clauses): void {
    const { syntax, displayHint } = clauses;
    // Without a SYNTAX there is nothing to define; its absence has been reported.
    if (syntax === undefined) return;
    this.#addType({
      name: name.text,
      at: name.at,
      syntax,
      isTextualConvention: true,
      status: this.#status(clauses.status),
      description: tidied(clauses.description),
      reference: tidied(clauses.reference),
      displayHint,
      base: undefined,
    });
  }

  #lowerMacro(macro: NodeMacro, name: Name, clauses: Clauses, oid: readonly OidPart[]): void {
    if (macro === 'OBJECT-TYPE') this.#addValue(this.#lowerObject(name, clauses, oid));
    else this.#addPlain(KINDS[macro], name, clauses, oid);
  }

  #addPlain(
    kind: PlainDefinition['kind'],
    { text: name, at }: Name,
    clauses: Clauses,
    oid: readonly OidPart[],
  ): void {
    const status = this.#status(clauses.status);
    const description = tidied(clauses.description);
    const reference = tidied(clauses.reference);
    const { members, parts } = clauses;
    const id = this.#nextId();
    this.#addValue({ kind, id, name, at, oid, status, description, reference, members, parts });
  }

  #lowerObject(
    { text: name, at }: Name,
    clauses: Clauses,
    oid: readonly OidPart[],
  ): ObjectDefinition {
    const { syntax, index, augments, defaultValue } = clauses;
    return {
      kind: 'object',
      id: this.#nextId(),
      name,
      at,
      oid,
      status: this.#status(clauses.status),
      description: tidied(clauses.description),
      reference: tidied(clauses.reference),
      syntax,
      access: this.#access(clauses.access),
      units: tidied(clauses.units),
      index,
      augments,
      defaultValue,
    };
  }

  #access(access: Name | undefined): Access {
    if (access === undefined) return 'not-accessible';
    const known = this.#word(access, ACCESSES, 'an access');
    if (known !== undefined) return known;
    this.#log.report(
      this.#source,
      access.at,
      'access-unknown',
      `expected an access of ${[...ACCESSES.keys()].join(', ')}; found '${access.text}'`,
    );
    return 'not-accessible';
  }

  #status(status: Name | undefined): Status | undefined {
    if (status === undefined) return undefined;
    const known = this.#word(status, STATUSES, 'a status');
    if (known !== undefined) return known;
    this.#log.report(
      this.#source,
      status.at,
      'status-unknown',
      `expected a status of ${[...STATUSES.keys()].join(', ')}; found '${status.text}'`,
    );
    return undefined;
  }

  /** A word of a clause, also where its spelling is nearly right. */
  #word<Value>(
    { text, at }: Name,
    words: ReadonlyMap<string, Value>,
    what: string,
  ): Value | undefined {
    const exact = words.get(text);
    if (exact !== undefined) return exact;
    const meant = nearestWord(text, [...words.keys()]);
    if (meant === undefined) return undefined;
    const message = `expected ${what} such as ${meant}; found '${text}'`;
    this.#log.report(this.#source, at, 'keyword-irregular', message);
    return words.get(meant);
  }

  #addType(type: TypeDefinition): void {
    if (this.#isNew(this.#types.get(type.name), type)) this.#types.set(type.name, type);
  }

  #addValue(value: ValueDefinition): void {
    if (this.#isNew(this.#values.get(value.name), value)) this.#values.set(value.name, value);
    else this.#repeats.push(value);
  }

  #isNew(earlier: { at: number } | undefined, { name, at }: { name: string; at: number }): boolean {
    if (earlier === undefined) return true;
    if (!this.#log.isKept('name-repeated')) return false;
    const { line } = this.#source.position(earlier.at);
    this.#log.report(
      this.#source,
      at,
      'name-repeated',
      `'${name}' is defined in line ${line} already, and that definition stays; expected a new name`,
    );
    return false;
  }
}

/**
 * `{ iso std(0) iso8802(8802) 1 }` names two nodes on its way: those are told that the SMI does not
 * define, with their OIDs.
 */
export function namedOnTheWay(
  oid: readonly OidPart[],
): readonly { name: string; at: number; oid: readonly OidPart[] }[] {
  if (oid.length < 3) return [];
  return oid
    .slice(0, -1)
    .flatMap(({ name, number, at }, i) =>
      i === 0 || name === undefined || number === undefined || SMI_NAMES.has(name)
        ? []
        : [{ name, at, oid: oid.slice(0, i + 1) }],
    );
}

/** Of LAST-UPDATED, as twelve digits. RFC 2578 2: years of two digits are of the twentieth century. */
export function dateDigits(text: string): string | undefined {
  const digits = /^\d{10,12}/.exec(text)?.[0];
  if (digits === undefined) return undefined;
  return digits.length === 12 ? digits : `19${digits.slice(0, 10)}`;
}

function tidied(text: string | undefined): string | undefined {
  return text === undefined ? undefined : tidyText(text);
}

/** RFC 3584 3.1: enterprise, zero, specific-trap. */
export function trapOid(enterprise: readonly OidPart[], number: number, at: number): OidPart[] {
  const trap = Math.min(number, MAX_SUB_IDENTIFIER);
  if (enterprise.length === 1 && enterprise[0]?.name === GENERIC_TRAP_ENTERPRISE) {
    if (trap <= MAX_GENERIC_TRAP) {
      return [...SNMP_TRAPS, trap + 1].map((arc) => oidPart(at, undefined, arc));
    }
  }
  return [...enterprise, oidPart(at, undefined, 0), oidPart(at, undefined, trap)];
}

const SMI_V2_MODULES: ReadonlySet<string> = new Set(['SNMPv2-SMI', 'SNMPv2-TC', 'SNMPv2-CONF']);

/** What tells SMIv2 is a MODULE-IDENTITY or an import from its modules (RFC 2578 section 3). */
function languageOf(module: ModuleNode): 'SMIv1' | 'SMIv2' {
  const isV2 =
    module.imports.some(({ from }) => SMI_V2_MODULES.has(from.text)) ||
    module.definitions.some(
      (definition) => definition.kind === 'macro' && definition.macro === 'MODULE-IDENTITY',
    );
  return isV2 ? 'SMIv2' : 'SMIv1';
}
