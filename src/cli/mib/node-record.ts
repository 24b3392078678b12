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

/** @param module - the one that defines the node. */
export function nodeRecord(module: MibModule, node: MibNode): NodeRecord {
  const { oid, name, kind, status } = node;
  return {
    oid: formatOid(oid),
    name,
    module: module.name,
    kind,
    ...factsOf(module, node),
    ...(status === undefined ? {} : { status }),
    ...('units' in node && node.units !== undefined ? { units: node.units } : {}),
    ...('syntax' in node && node.syntax.displayHint !== undefined
      ? { hint: node.syntax.displayHint }
      : {}),
  };
}

function factsOf(module: MibModule, node: MibNode): Partial<NodeRecord> {
  switch (node.kind) {
    case 'scalar':
    case 'column':
      return { ...syntaxFacts(node), access: node.access, ...defaultFacts(node) };
    case 'table':
      return { access: node.access, ...indexFacts(node) };
    case 'row': {
      const table = tableOf(module, node);
      return table === undefined ? {} : { access: table.row.access, ...indexFacts(table) };
    }
    default:
      return {};
  }
}

function syntaxFacts({ syntax }: ScalarObject | ColumnObject): Partial<NodeRecord> {
  const ranges = syntax.ranges ?? syntax.sizes;
  const labels = syntax.enums ?? syntax.bits;
  return {
    syntax: syntaxName(syntax),
    base: baseName(syntax),
    ...(ranges === undefined ? {} : { ranges: ranges.map(pair) }),
    ...(labels === undefined ? {} : { enums: Object.fromEntries(labels) }),
  };
}

function pair({ low, high }: Range): readonly [JsonNumber, JsonNumber] {
  return [jsonNumber(low), jsonNumber(high)];
}

function jsonNumber(number: number | bigint): JsonNumber {
  return Number.isSafeInteger(Number(number)) ? Number(number) : String(number);
}

function indexFacts({ index, augments }: TableObject): Partial<NodeRecord> {
  return {
    index: index.map(({ object, implied }: IndexItem) => ({ object, implied })),
    ...(augments === undefined ? {} : { augments }),
  };
}

export function tableOf(module: MibModule, row: MibNode): TableObject | undefined {
  for (const node of module.nodes.values()) {
    if (node.kind === 'table' && node.row.name === row.name) return node;
  }
  return undefined;
}

function defaultFacts({ syntax, defaultValue }: ScalarObject | ColumnObject): Partial<NodeRecord> {
  return defaultValue === undefined ? {} : { defval: defaultJson(syntax, defaultValue) };
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
