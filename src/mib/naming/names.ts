import { SnmpError } from '../../base/index.js';
import {
  equalOids,
  hasPrefix,
  isSubIdentifier,
  MAX_SUB_IDENTIFIERS,
  type Oid,
} from '../../smi/index.js';
import type { ColumnObject, IndexItem, Mib, MibNode } from '../mib.js';
import { suggestion } from '../nearest.js';
import { decodeIndex, formatIndex, parseIndex, type DecodedIndexPart } from './index-text.js';
import { syntaxError, tokenizeName, type NameToken } from './name-tokens.js';

/** A place in the tree of OIDs, by the nearest definition above it. */
export interface NamedPlace {
  readonly oid: Oid;
  /** The node with the longest OID that is a prefix of `oid`; undefined where nothing is known. */
  readonly node: MibNode | undefined;
  /** What follows the OID of the node: of an instance, its index. */
  readonly suffix: Oid;
}

/** An instance of an object with its index understood. */
export interface DecodedInstance extends NamedPlace {
  /** The INDEX values, in order; fewer than the INDEX has where the name ends early. */
  readonly index: readonly DecodedIndexPart[];
  /** What stands for no INDEX value. Of an instance of a scalar: `[0]`. */
  readonly rest: Oid;
}

/**
 * The place that a name stands for: `IF-MIB::ifDescr.2`, `ifDescr`, `1.3.6.1.2.1`,
 * `.iso.org.dod.internet.mgmt`, `tbRowValue.5."abc"`, `tbRowValue[5]["abc"]`.
 *
 * An index is numbers as they stand in an OID, or values: labels of enumerations, strings in
 * quotes (with their length before them or not, as the INDEX clause says), text by DISPLAY-HINT
 * in quotes, IP addresses, and in brackets OIDs by name. It may end early.
 *
 * @throws SnmpError SNMP_NAME_SYNTAX; SNMP_NAME_UNKNOWN, with the names most like it;
 *   SNMP_NAME_AMBIGUOUS where modules define it at different OIDs, with all of them; SNMP_NAME_INDEX
 *   for an index that the INDEX clause does not allow; SNMP_MIB_UNKNOWN for the module.
 */
export function resolveName(mib: Mib, name: string): NamedPlace {
  const [whole, module] = /^\.?(?:([A-Za-z][\w-]*)::)?/.exec(name) as RegExpExecArray;
  const tokens = tokenizeName(module === undefined ? name : name.slice(whole.length));
  if (tokens.length === 0) throw syntaxError(name, 'expected a name or an OID');
  let oid: Oid = [];
  let node: MibNode | undefined;
  for (const [i, token] of tokens.entries()) {
    const isLeaf = node?.kind === 'column' || node?.kind === 'scalar';
    if (isLeaf && !isNodeBelow(mib, node, token)) {
      oid = [...oid, ...indexOf(mib, node as MibNode, tokens.slice(i))];
      break;
    }
    if (token.kind === 'word') {
      node = definitionOf(mib, i === 0 ? module : undefined, token.text, oid);
      ({ oid } = node);
    } else {
      oid = [...oid, ...plainArcs(name, token)];
      const nearest = mib.nearest(oid);
      node = nearest?.oid.length === oid.length ? nearest : undefined;
    }
  }
  if (oid.length > MAX_SUB_IDENTIFIERS) {
    throw syntaxError(name, `expected at most ${MAX_SUB_IDENTIFIERS} sub-identifiers`);
  }
  // The node as it was named: of two modules with one OID, the one that was asked for.
  const above = node ?? mib.nearest(oid);
  return { oid, node: above, suffix: oid.slice(above?.oid.length ?? 0) };
}

/** The place of an OID, with the index of the instance taken apart. */
export function decodeInstance(mib: Mib, oid: Oid): DecodedInstance {
  const node = mib.nearest(oid);
  const suffix = oid.slice(node?.oid.length ?? 0);
  if (node?.kind !== 'column') return { oid, node, suffix, index: [], rest: suffix };
  const { parts, rest } = decodeIndex(indexItems(mib, node), suffix);
  return { oid, node, suffix, index: parts, rest };
}

/** What a column's instances are named by; empty where its table is not known. */
export function indexItems(mib: Mib, column: ColumnObject): readonly IndexItem[] {
  const table = mib.modules.get(column.module)?.nodes.get(column.table);
  return table?.kind === 'table' ? table.index : [];
}

/**
 * How a name is written: `module` is `IF-MIB::ifDescr.2` (net-snmp's -OS, its default), `short`
 * `ifDescr.2` (-Os), `full` `.iso.org.dod.internet.mgmt.mib-2...` (-Of), `numeric` `.1.3.6.1...`
 * (-On), `extended` `IF-MIB::ifDescr[2]` (-OX).
 */
export type NameStyle = 'module' | 'short' | 'full' | 'numeric' | 'extended';

/**
 * An OID as a name. `resolveName` reads it back to the same OID, if the modules are the same; in
 * style `short`, if the descriptor is one module's alone.
 *
 * An index is shown as net-snmp shows it where that can be read back: printable octets in quotes,
 * labels of enumerations, addresses. Octets of a DISPLAY-HINT other than text are shown by it, in
 * quotes; others as numbers (where net-snmp prints dots).
 */
export function formatName(mib: Mib, oid: Oid, style: NameStyle = 'module'): string {
  const node = style === 'numeric' ? undefined : mib.nearest(oid);
  if (node === undefined) return `.${oid.join('.')}`;
  return label(mib, node, style) + suffixText(mib, node, oid.slice(node.oid.length), style);
}

function label(mib: Mib, node: MibNode, style: NameStyle): string {
  if (style === 'short') return node.name;
  if (style !== 'full') return `${node.module}::${node.name}`;
  const labels = node.oid.map((arc, i) => {
    const at = mib.nearest(node.oid.slice(0, i + 1));
    return at?.oid.length === i + 1 ? at.name : String(arc);
  });
  return `.${labels.join('.')}`;
}

function suffixText(mib: Mib, node: MibNode, suffix: Oid, style: NameStyle): string {
  if (suffix.length === 0) return '';
  if (node.kind !== 'column') {
    if (style === 'extended' && node.kind === 'scalar' && equalOids(suffix, [0])) return '.0';
    return suffix.map((arc) => `.${arc}`).join('');
  }
  const brackets = style === 'extended' ? 'brackets' : 'dots';
  return formatIndex(indexItems(mib, node), suffix, brackets, (name) => resolveName(mib, name).oid);
}

/** Instances of scalars have names of their own now and then: `sysUpTimeInstance`. */
function isNodeBelow(mib: Mib, node: MibNode | undefined, { kind, text }: NameToken): boolean {
  return (
    kind === 'word' &&
    node?.kind === 'scalar' &&
    definitions(mib, text).some(
      ({ oid }) => oid.length > node.oid.length && hasPrefix(oid, node.oid),
    )
  );
}

function indexOf(mib: Mib, node: MibNode, tokens: readonly NameToken[]): Oid {
  const items = node.kind === 'column' ? indexItems(mib, node) : [];
  return parseIndex(node.name, items, tokens, (name) => resolveName(mib, name).oid);
}

/** Sub-identifiers below what has no INDEX: a string has its length before it, or not. */
function plainArcs(name: string, { kind, text, quote }: NameToken): Oid {
  if (kind === 'quoted') {
    const octets = [...Buffer.from(text)];
    return quote === '"' ? [octets.length, ...octets] : octets;
  }
  const arc = Number(text);
  if (isSubIdentifier(arc)) return [arc];
  throw syntaxError(name, `expected numbers of 0..4294967295, got ${text.slice(0, 40)}`);
}

/** @throws SnmpError SNMP_NAME_UNKNOWN, SNMP_NAME_AMBIGUOUS, SNMP_MIB_UNKNOWN */
function definitionOf(mib: Mib, module: string | undefined, name: string, above: Oid): MibNode {
  if (module !== undefined) return definitionIn(mib, module, name);
  const below = definitions(mib, name).filter(({ oid }) => hasPrefix(oid, above));
  // In a path, what is right below is meant rather than what is further down.
  const children = below.filter(({ oid }) => oid.length === above.length + 1);
  const found = above.length > 0 && children.length > 0 ? children : below;
  const [first] = found;
  if (first === undefined) {
    const where = above.length === 0 ? '' : ` below ${formatName(mib, above)}`;
    throw new SnmpError(
      'SNMP_NAME_UNKNOWN',
      `no module here defines ${name}${where}${suggestion(name, nodesByName(mib).keys())}`,
    );
  }
  if (found.some(({ oid }) => !equalOids(oid, first.oid))) {
    const candidates = found.map((node) => `${node.module}::${node.name} (.${node.oid.join('.')})`);
    throw new SnmpError('SNMP_NAME_AMBIGUOUS', `${name} is one of ${candidates.join(', ')}`);
  }
  // At one place: a plain value yields to a macro, which says more.
  return found.find(({ kind }) => kind !== 'node') ?? first;
}

function definitionIn(mib: Mib, module: string, name: string): MibNode {
  const known = mib.modules.get(module);
  if (known === undefined) {
    const near = suggestion(module, mib.modules.keys());
    throw new SnmpError('SNMP_MIB_UNKNOWN', `module ${module} is not loaded${near}`);
  }
  const node = known.nodes.get(name);
  if (node !== undefined) return node;
  const others = definitions(mib, name).map((other) => `${other.module}::${other.name}`);
  const near =
    others.length > 0
      ? `; it is defined as ${others.join(', ')}`
      : suggestion(name, known.nodes.keys());
  throw new SnmpError('SNMP_NAME_UNKNOWN', `${module} does not define ${name}${near}`);
}

/** All nodes of a descriptor, in the order of loading. */
export function definitions(mib: Mib, name: string): readonly MibNode[] {
  return nodesByName(mib).get(name) ?? [];
}

type NodesByName = ReadonlyMap<string, readonly MibNode[]>;

/** Made at the first question: of a thousand modules, not every name is worth a thousand looks. */
const NODES_BY_NAME = new WeakMap<Mib, NodesByName>();

function nodesByName(mib: Mib): NodesByName {
  const known = NODES_BY_NAME.get(mib);
  if (known !== undefined) return known;
  /** BOUNDED by the nodes of the modules. */
  const nodes = new Map<string, MibNode[]>();
  for (const module of mib.modules.values()) {
    for (const [name, node] of module.nodes) {
      const others = nodes.get(name);
      if (others === undefined) nodes.set(name, [node]);
      else others.push(node);
    }
  }
  NODES_BY_NAME.set(mib, nodes);
  return nodes;
}
