import type {
  ColumnObject,
  DefaultValue,
  IndexItem,
  MibModule,
  MibNode,
  ScalarObject,
  TableObject,
} from '../../mib/index.js';
import { formatOid, type BaseType, type Range, type Syntax } from '../../smi/index.js';

/** One node for programs; what a node does not have is not there. */
export interface NodeRecord {
  readonly oid: string;
  readonly name: string;
  readonly module: string;
  readonly kind: MibNode['kind'];
  /** The type as the module names it: a textual convention, or the base. */
  readonly syntax?: string;
  /** The type of the SMI that it comes down to. */
  readonly base?: string;
  /** Allowed numbers, or sizes in octets: pairs of the lowest and the highest. */
  readonly ranges?: readonly (readonly [JsonNumber, JsonNumber])[];
  /** Labels of an INTEGER or of BITS with their numbers. */
  readonly enums?: Readonly<Record<string, number>>;
  readonly access?: string;
  readonly index?: readonly { readonly object: string; readonly implied: boolean }[];
  readonly augments?: string;
  /** A number, a label, a dotted OID, text, octets as `0x...`, or a list of labels. */
  readonly defval?: JsonNumber | readonly string[];
  readonly status?: string;
  readonly units?: string;
  readonly hint?: string;
}

/** Beyond 2^53, where JSON's readers lose digits, a string of them. */
type JsonNumber = number | string;

const BASE_NAMES: Readonly<Record<BaseType, string>> = {
  Integer32: 'Integer32',
  OctetString: 'OCTET STRING',
  ObjectIdentifier: 'OBJECT IDENTIFIER',
  Bits: 'BITS',
  IpAddress: 'IpAddress',
  Counter32: 'Counter32',
  Gauge32: 'Gauge32',
  Unsigned32: 'Unsigned32',
  TimeTicks: 'TimeTicks',
  Opaque: 'Opaque',
  Counter64: 'Counter64',
};

export function baseName(syntax: Syntax): string {
  return syntax.base === 'Integer32' && syntax.enums !== undefined
    ? 'INTEGER'
    : BASE_NAMES[syntax.base];
}

export function syntaxName(syntax: Syntax): string {
  return syntax.conventions[0] ?? baseName(syntax);
}

type Draft = { -readonly [Key in keyof NodeRecord]: NodeRecord[Key] };

/**
 * Filled field by field: there may be a hundred thousand of them.
 *
 * @param module - the one that defines the node.
 */
export function nodeRecord(module: MibModule, node: MibNode): NodeRecord {
  const { oid, name, kind, status } = node;
  const draft: Draft = { oid: formatOid(oid), name, module: module.name, kind };
  addFacts(draft, module, node);
  if (status !== undefined) draft.status = status;
  if (node.kind === 'scalar' || node.kind === 'column') {
    if (node.units !== undefined) draft.units = node.units;
    if (node.syntax.displayHint !== undefined) draft.hint = node.syntax.displayHint;
  }
  return draft;
}

function addFacts(draft: Draft, module: MibModule, node: MibNode): void {
  switch (node.kind) {
    case 'scalar':
    case 'column':
      addSyntax(draft, node);
      draft.access = node.access;
      if (node.defaultValue !== undefined) {
        draft.defval = defaultJson(node.syntax, node.defaultValue);
      }
      return;
    case 'table':
      draft.access = node.access;
      addIndex(draft, node);
      return;
    case 'row': {
      const table = tableOf(module, node);
      if (table === undefined) return;
      draft.access = table.row.access;
      addIndex(draft, table);
      return;
    }
    default:
  }
}

function addSyntax(draft: Draft, { syntax }: ScalarObject | ColumnObject): void {
  const ranges = syntax.ranges ?? syntax.sizes;
  const labels = syntax.enums ?? syntax.bits;
  draft.syntax = syntaxName(syntax);
  draft.base = baseName(syntax);
  if (ranges !== undefined) draft.ranges = ranges.map(pair);
  if (labels !== undefined) draft.enums = Object.fromEntries(labels);
}

function pair({ low, high }: Range): readonly [JsonNumber, JsonNumber] {
  return [jsonNumber(low), jsonNumber(high)];
}

function jsonNumber(number: number | bigint): JsonNumber {
  return Number.isSafeInteger(Number(number)) ? Number(number) : String(number);
}

function addIndex(draft: Draft, { index, augments }: TableObject): void {
  draft.index = index.map(({ object, implied }: IndexItem) => ({ object, implied }));
  if (augments !== undefined) draft.augments = augments;
}

/** By the name of their rows. Made at the first question about a module, and gone with it. */
const TABLES = new WeakMap<MibModule, ReadonlyMap<string, TableObject>>();

function tableOf(module: MibModule, row: MibNode): TableObject | undefined {
  let tables = TABLES.get(module);
  if (tables === undefined) {
    const byRow = new Map<string, TableObject>();
    for (const node of module.nodes.values()) {
      if (node.kind === 'table' && !byRow.has(node.row.name)) byRow.set(node.row.name, node);
    }
    tables = byRow;
    TABLES.set(module, tables);
  }
  return tables.get(row.name);
}

function defaultJson(syntax: Syntax, value: DefaultValue): JsonNumber | readonly string[] {
  switch (value.kind) {
    case 'integer': {
      const label = [...(syntax.enums ?? [])].find(([, number]) => number === Number(value.value));
      return label?.[0] ?? jsonNumber(value.value);
    }
    case 'octets': {
      const isText = value.value.every((octet) => octet >= 0x20 && octet <= 0x7e);
      const octets = Buffer.from(value.value);
      return isText ? octets.toString('latin1') : `0x${octets.toString('hex')}`;
    }
    case 'oid':
      return formatOid(value.value);
    case 'bits':
      return value.labels;
  }
}
