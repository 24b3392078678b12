/**
 * What libsmi's smidump says of modules, as `trellis mib dump` would say it.
 *
 * Its XML has one element per line or none at all, so that tags are all that has to be read.
 */
export interface Described {
  readonly kind: string;
  readonly oid: string;
  readonly status?: string;
  readonly access?: string;
  readonly base?: string;
  readonly ranges?: readonly (readonly [number, number])[];
  readonly enums?: Readonly<Record<string, number>>;
  /** Of rows: names, the last with IMPLIED before it where that is so; or AUGMENTS and a row. */
  readonly index?: readonly string[];
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Types that are bases of their own for SNMP, and mere ranges of numbers for libsmi. */
const APPLICATION_TYPES: Readonly<Record<string, string>> = {
  Counter: 'Counter32',
  Counter32: 'Counter32',
  Counter64: 'Counter64',
  Gauge: 'Gauge32',
  Gauge32: 'Gauge32',
  IpAddress: 'IpAddress',
  NetworkAddress: 'IpAddress',
  Opaque: 'Opaque',
  TimeTicks: 'TimeTicks',
};
const SMI_MODULES: ReadonlySet<string> = new Set(['SNMPv2-SMI', 'RFC1155-SMI', '']);

const BASES: Readonly<Record<string, string>> = {
  OctetString: 'OCTET STRING',
  ObjectIdentifier: 'OBJECT IDENTIFIER',
  Enumeration: 'INTEGER',
  Bits: 'BITS',
};

const ACCESSES: Readonly<Record<string, string>> = {
  noaccess: 'not-accessible',
  notifyonly: 'accessible-for-notify',
  readonly: 'read-only',
  readwrite: 'read-write',
};

const KINDS: ReadonlySet<string> = new Set([
  'node',
  'scalar',
  'table',
  'row',
  'column',
  'notification',
  'group',
  'compliance',
]);
const MAX_TYPES_ABOVE = 32;

/**
 * By `MODULE::name`. Types are followed to their bases, through all modules given.
 *
 * @param texts - what `smidump -f xml` prints, each for one module: it leaves elements open at times.
 */
export function readSmidump(texts: readonly string[]): ReadonlyMap<string, Described> {
  const documents = texts.flatMap(readElements).filter(({ name }) => name === 'smi');
  const types = new Map<string, Element>();
  for (const document of documents) {
    for (const type of below(document, 'typedefs')) {
      types.set(`${nameOf(document)}::${type.attributes['name']}`, type);
    }
  }
  const found = new Map<string, Described>();
  for (const document of documents) {
    for (const part of document.children) {
      for (const element of all(part)) {
        const { name, oid } = element.attributes;
        if (!KINDS.has(element.name) || name === undefined || oid === undefined) continue;
        found.set(`${nameOf(document)}::${name}`, describeElement(element, oid, types));
      }
    }
  }
  return found;
}

function describeElement(
  element: Element,
  oid: string,
  types: ReadonlyMap<string, Element>,
): Described {
  const { status } = element.attributes;
  const access = ACCESSES[child(element, 'access')?.text.trim() ?? ''];
  const isLeaf = element.name === 'scalar' || element.name === 'column';
  const linkage = child(element, 'linkage');
  return {
    kind: element.name,
    oid,
    ...(status === undefined ? {} : { status }),
    ...(access === undefined || !isLeaf ? {} : { access }),
    ...(isLeaf ? describeSyntax(child(element, 'syntax')?.children[0], types) : {}),
    ...(linkage === undefined ? {} : { index: indexOf(linkage) }),
  };
}

function indexOf(linkage: Element): readonly string[] {
  const augmented = child(linkage, 'augments');
  if (augmented !== undefined) return ['AUGMENTS', augmented.attributes['name'] ?? ''];
  const names = linkage.children.map(({ attributes }) => attributes['name'] ?? '');
  const isImplied = linkage.attributes['implied'] === 'true';
  return isImplied ? [...names.slice(0, -1), 'IMPLIED', names.at(-1) ?? ''] : names;
}

function describeSyntax(
  syntax: Element | undefined,
  types: ReadonlyMap<string, Element>,
): Pick<Described, 'base' | 'ranges' | 'enums'> {
  let base: string | undefined;
  let ranges: [number, number][] = [];
  let enums: [string, number][] = [];
  let type = syntax;
  for (let i = 0; i < MAX_TYPES_ABOVE && type !== undefined; i++) {
    if (ranges.length === 0) {
      ranges = many(type, 'range').map(({ attributes }) => [
        Number(attributes['min']),
        Number(attributes['max']),
      ]);
    }
    if (enums.length === 0) {
      enums = many(type, 'namednumber').map(({ attributes }) => [
        attributes['name'] ?? '',
        Number(attributes['number']),
      ]);
    }
    base ??= type.attributes['basetype'];
    const { module = '', name = '' } =
      (type.name === 'type' ? type : child(type, 'parent'))?.attributes ?? {};
    if (SMI_MODULES.has(module) && Object.hasOwn(APPLICATION_TYPES, name)) {
      base = APPLICATION_TYPES[name];
      break;
    }
    const next = types.get(`${module}::${name}`);
    // The SMI's own types are named in no list.
    if (next === undefined && name !== '') base ??= name;
    type = next;
  }
  return {
    ...(base === undefined ? {} : { base: BASES[base] ?? base }),
    ...(ranges.length === 0 ? {} : { ranges }),
    ...(enums.length === 0
      ? {}
      : { enums: Object.fromEntries(enums.sort(([, a], [, b]) => a - b)) }),
  };
}

function readElements(xml: string): readonly Element[] {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, closing, name = '', attributes = '', empty, text = ''] of xml.matchAll(
    /<(\/)?([a-z]+)((?:\s+[\w:]+="[^"]*")*)\s*(\/)?>([^<]*)/g,
  )) {
    if (closing !== undefined) {
      open.pop();
      continue;
    }
    const pairs = [...attributes.matchAll(/([\w:]+)="([^"]*)"/g)];
    const element: Element = {
      name,
      attributes: Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value])),
      children: [],
      text,
    };
    open.at(-1)?.children.push(element);
    if (empty === undefined) open.push(element);
  }
  return root.children;
}

function nameOf(document: Element): string {
  return child(document, 'module')?.attributes['name'] ?? '';
}

function below(document: Element, name: string): readonly Element[] {
  return child(document, name)?.children ?? [];
}

function child(element: Element, name: string): Element | undefined {
  return element.children.find((one) => one.name === name);
}

function many(element: Element, name: string): readonly Element[] {
  return element.children.filter((one) => one.name === name);
}

function all(element: Element): readonly Element[] {
  return [element, ...element.children.flatMap(all)];
}
