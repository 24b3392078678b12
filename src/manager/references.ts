import { SnmpError } from '../base/index.js';
import {
  appendIndexPart,
  definitions,
  indexValueFrom,
  resolveName,
  type IndexItem,
  type Mib,
  type MibNode,
} from '../mib/index.js';
import { isOid, type Oid, type SnmpValue } from '../smi/index.js';
import type { KnownMibs } from './known-mibs.js';

/**
 * An object or an instance of one: an OID as numbers or dotted; a name (`SNMPv2-MIB::sysName.0`,
 * `ifDescr.2`, `tbRowValue."abc"`); or module, descriptor and INDEX values
 * (`['IF-MIB', 'ifDescr', 2]`), the module `''` for whichever defines it.
 */
export type Reference = string | Oid | readonly [module: string, name: string, ...index: unknown[]];

export interface Resolved {
  readonly name: Oid;
  /** By name rather than by numbers. */
  readonly isSymbolic: boolean;
}

const ZERO = 0x30;
/** As counted from ZERO. */
const DOT = 0x2e - ZERO;
const MODULE = /^\.?([A-Za-z][\w-]*)::/;

/**
 * @throws SnmpError SNMP_OID_SYNTAX; SNMP_NAME_SYNTAX, SNMP_NAME_UNKNOWN, SNMP_NAME_AMBIGUOUS,
 *   SNMP_NAME_INDEX; SNMP_MIB_UNKNOWN; SNMP_VALUE_SYNTAX and SNMP_VALUE_RANGE for an INDEX value.
 */
export function resolveReference(reference: Reference, mibs: KnownMibs): Resolved {
  if (typeof reference === 'string') {
    const dotted = dottedOid(reference);
    if (dotted !== undefined) return { name: valid(dotted), isSymbolic: false };
    const module = MODULE.exec(reference)?.[1];
    const mib = module === undefined ? mibs.mib : mibs.with(module);
    return { name: checked(resolveName(mib, reference).oid), isSymbolic: true };
  }
  if (Array.isArray(reference) && typeof reference[0] === 'string') {
    const [module, descriptor, ...index] = reference as readonly unknown[];
    return { name: checked(instanceOf(mibs, module, descriptor, index)), isSymbolic: true };
  }
  return { name: checked(reference), isSymbolic: false };
}

/**
 * Numbers with dots between, with or without one before; or undefined where that is no such text.
 * In one pass, as most requests of a poller are named so.
 */
function dottedOid(text: string): number[] | undefined {
  const arcs: number[] = [];
  let arc = -1;
  for (let i = text.startsWith('.') ? 1 : 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit >= 0 && digit <= 9) {
      arc = arc < 0 ? digit : arc * 10 + digit;
    } else {
      if (arc < 0 || digit !== DOT) return undefined;
      arcs.push(arc);
      arc = -1;
    }
  }
  if (arc < 0) return undefined;
  arcs.push(arc);
  return arcs;
}

/** Its own copy: what is under way must not change with the caller's array. */
function checked(oid: unknown): Oid {
  return [...valid(oid)];
}

/** Only what can be encoded is sent: two sub-identifiers at least. */
function valid(oid: unknown): Oid {
  if (isOid(oid)) return oid;
  throw new SnmpError(
    'SNMP_OID_SYNTAX',
    'expected an OID of 2 to 128 sub-identifiers, a name, or [module, descriptor, ...index]',
  );
}

function instanceOf(
  mibs: KnownMibs,
  module: unknown,
  descriptor: unknown,
  index: readonly unknown[],
): Oid {
  if (typeof module !== 'string' || typeof descriptor !== 'string') {
    throw new SnmpError('SNMP_NAME_SYNTAX', 'expected [module, descriptor, ...index]');
  }
  const mib = module === '' ? mibs.mib : mibs.with(module);
  const name = module === '' ? descriptor : `${module}::${descriptor}`;
  const { oid, node } = resolveName(mib, name);
  const items = node === undefined ? [] : indexOf(mib, node);
  const arcs: number[] = [];
  /** BOUNDED by the INDEX clause. */
  const before: { readonly item: IndexItem; readonly value: SnmpValue }[] = [];
  for (const [i, plain] of index.entries()) {
    const item = items[i];
    if (item !== undefined) {
      const value = indexValueFrom(item, plain, before, mib);
      before.push({ item, value });
      appendPart(arcs, value, item, i === items.length - 1);
    } else if (items.length > 0 || typeof plain === 'object') throw tooMany(name, items);
    else arcs.push(arcOf(name, plain));
  }
  return [...oid, ...arcs];
}

function indexOf(mib: Mib, node: MibNode): readonly IndexItem[] {
  if (node.kind !== 'column') return [];
  const table = definitions(mib, node.table).find(
    (one) => one.kind === 'table' && one.module === node.module,
  );
  return table?.kind === 'table' ? table.index : [];
}

function appendPart(arcs: number[], value: SnmpValue, item: IndexItem, isLast: boolean): void {
  if (appendIndexPart(arcs, value, item, isLast)) return;
  throw new SnmpError('SNMP_NAME_INDEX', `${item.object}: the value names no row`);
}

function arcOf(name: string, plain: unknown): number {
  const arc = typeof plain === 'string' && /^\d{1,10}$/.test(plain) ? Number(plain) : plain;
  if (typeof arc === 'number' && Number.isInteger(arc) && arc >= 0 && arc <= 0xffff_ffff)
    return arc;
  throw new SnmpError('SNMP_NAME_INDEX', `${name}: expected numbers of 0..4294967295`);
}

function tooMany(name: string, items: readonly IndexItem[]): SnmpError {
  const objects = items.map(({ object }) => object).join(', ');
  return new SnmpError('SNMP_NAME_INDEX', `${name}: the index is ${objects || 'no more'}`);
}
