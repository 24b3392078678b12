import { SnmpError } from '../base/index.js';
import type { MibNode } from '../mib/index.js';
import {
  checkValue,
  fromPlain,
  MAX_SUB_IDENTIFIERS,
  parseOid,
  type Oid,
  type PlainValue,
  type VarBind,
} from '../smi/index.js';

/** What happened: the notification's OID, and the objects that tell of it. */
export interface Notification {
  /** The descriptor, for events and logs. */
  readonly name: string;
  /** snmpTrapOID.0. */
  readonly oid: Oid;
  /** Those of the OBJECTS clause first, in its order (RFC 2578 8.1), then what was added. */
  readonly varBinds: readonly VarBind[];
}

/**
 * Values by instance: `{ tbSecret: 1, 'ifIndex.3': 3, 'IF-MIB::ifAdminStatus.3': 'up' }`. The `.0`
 * of a scalar may be left out. Values are plain JavaScript, as instrumentation answers them.
 */
export type NotificationValues = Readonly<Record<string, PlainValue>>;

/** Where descriptors are looked up: by `name` or `MODULE::name`. */
export interface NotificationMib {
  node(name: string): MibNode | undefined;
}

interface NamedValue {
  readonly object: string;
  readonly varBind: VarBind;
}

/**
 * @throws SnmpError SNMP_NOTIFY_UNKNOWN where no known module defines such a notification,
 *   SNMP_NOTIFY_OBJECT for a name that is no object's instance, SNMP_NOTIFY_VALUE for a value that
 *   does not fit the SYNTAX, SNMP_NOTIFY_MISSING for an object of the OBJECTS clause without value.
 */
export function buildNotification(
  mib: NotificationMib,
  name: string,
  values: NotificationValues,
): Notification {
  const node = mib.node(name);
  if (node?.kind !== 'notification') {
    throw new SnmpError('SNMP_NOTIFY_UNKNOWN', `no known module defines a notification ${name}`);
  }
  const given = Object.entries(values).map(([instance, value]) => bind(mib, instance, value));
  const inOrder: VarBind[] = [];
  /** BOUNDED by what was given. */
  const left = new Set(given);
  for (const member of node.members ?? []) {
    const found = [...left].find(({ object }) => object === member);
    if (found === undefined) {
      throw new SnmpError(
        'SNMP_NOTIFY_MISSING',
        `${node.name} tells of ${(node.members ?? []).join(', ')}: ${member} is not given`,
      );
    }
    left.delete(found);
    inOrder.push(found.varBind);
  }
  for (const { varBind } of left) inOrder.push(varBind);
  return { name: node.name, oid: node.oid, varBinds: inOrder };
}

const INSTANCE = /^(?<object>(?:[A-Za-z][\w.-]*::)?[A-Za-z][\w-]*)(?:\.(?<index>\d+(?:\.\d+)*))?$/;

function bind(mib: NotificationMib, instance: string, value: PlainValue): NamedValue {
  const { object = '', index } = INSTANCE.exec(instance)?.groups ?? {};
  const node = mib.node(object);
  if (node?.kind !== 'scalar' && node?.kind !== 'column') {
    throw new SnmpError(
      'SNMP_NOTIFY_OBJECT',
      `${JSON.stringify(instance)} names no object's instance: expected descriptor.index`,
    );
  }
  const name = [...node.oid, ...indexOf(node, instance, index)];
  if (name.length > MAX_SUB_IDENTIFIERS) {
    throw new SnmpError('SNMP_NOTIFY_OBJECT', `${instance}: more than 128 sub-identifiers`);
  }
  const converted = fromPlain(node.syntax, value);
  if (converted.type === 'notConvertible') {
    throw new SnmpError('SNMP_NOTIFY_VALUE', `${instance}: expected ${converted.expected}`);
  }
  const fault = checkValue(node.syntax, converted);
  if (fault !== undefined) {
    throw new SnmpError('SNMP_NOTIFY_VALUE', `${instance}: ${fault}, by the object's SYNTAX`);
  }
  return { object: node.name, varBind: { name, value: converted } };
}

function indexOf(node: MibNode, instance: string, index: string | undefined): Oid {
  if (node.kind === 'scalar') {
    if (index === undefined || index === '0') return [0];
    throw new SnmpError('SNMP_NOTIFY_OBJECT', `${instance}: a scalar has the one instance 0`);
  }
  if (index === undefined) {
    throw new SnmpError('SNMP_NOTIFY_OBJECT', `${instance}: which row? expected an index`);
  }
  return parseOid(index);
}
