import type { ColumnObject, Mib, ScalarObject, TableObject } from '../../mib/index.js';
import {
  formatOid,
  hasPrefix,
  type Oid,
  type SnmpValue,
  type Syntax,
  type VarBind,
} from '../../smi/index.js';

/**
 * What writing to an object means: `value` keeps what it is given; a `rowStatus` is an order, a
 * `lock` (TestAndIncr) changes by itself, a `storage` type has effects of its own.
 */
export type Role = 'value' | 'rowStatus' | 'lock' | 'storage';

/** An instance of an object that the modules describe. */
export interface Instance {
  readonly name: Oid;
  /** `ifDescr.3`. */
  readonly label: string;
  readonly object: ScalarObject | ColumnObject;
  /** Of a column. */
  readonly table?: TableObject;
  /** What follows the object's OID. */
  readonly arcs: Oid;
  readonly role: Role;
  /** What the survey read. */
  readonly value: SnmpValue;
}

export function roleOf(syntax: Syntax): Role {
  const { conventions } = syntax;
  if (conventions.includes('RowStatus')) return 'rowStatus';
  if (conventions.includes('TestAndIncr')) return 'lock';
  return conventions.includes('StorageType') ? 'storage' : 'value';
}

export function isWritableObject({ access }: ScalarObject | ColumnObject): boolean {
  return access === 'read-write' || access === 'read-create';
}

/** The instance that a varbind is of; undefined for an object that no module describes. */
export function instanceOf(mib: Mib, { name, value }: VarBind): Instance | undefined {
  const object = objectAt(mib, name);
  if (object === undefined) return undefined;
  const arcs = name.slice(object.oid.length);
  const table = object.kind === 'column' ? tableOf(mib, object) : undefined;
  return {
    name,
    label: labelOf(mib, name),
    object,
    arcs,
    role: roleOf(object.syntax),
    value,
    ...(table === undefined ? {} : { table }),
  };
}

/** The scalar or column whose OID begins a name. */
export function objectAt(mib: Mib, name: Oid): ScalarObject | ColumnObject | undefined {
  const node = mib.nearest(name);
  if (node?.kind !== 'scalar' && node?.kind !== 'column') return undefined;
  return hasPrefix(name, node.oid) ? node : undefined;
}

function tableOf(mib: Mib, column: ColumnObject): TableObject | undefined {
  const table = mib.find(`${column.module}::${column.table}`);
  return table?.kind === 'table' ? table : undefined;
}

/** A name for people: `sysContact.0`, or the OID where no module knows better. */
export function labelOf(mib: Mib, name: Oid): string {
  const object = objectAt(mib, name);
  if (object === undefined) return formatOid(name);
  return [object.name, ...name.slice(object.oid.length)].join('.');
}
