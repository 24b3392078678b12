import { SnmpError } from '../base/index.js';
import { valueFrom, type Mib, type ValueObject } from '../mib/index.js';
import {
  checkWrittenValue,
  expectation,
  fromPlain,
  NULL_VALUE,
  wireType,
  type BaseType,
  type Oid,
  type PlainValue,
  type SnmpValue,
} from '../smi/index.js';

/** A value with its type said: `{ type: 'OctetString', value: 'edge-1' }`. */
export interface TypedValue {
  readonly type: BaseType | 'Null';
  readonly value?: PlainValue;
}

/** A value as the program has it, whose type the object's SYNTAX says; or with its type. */
export type ValueToSet = PlainValue | readonly string[] | TypedValue | SnmpValue;

/** Which values are held against the SYNTAX of their objects, where these are known. */
export type Validation = 'all' | 'untyped';

export function isTyped(value: unknown): value is TypedValue {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { readonly type?: unknown }).type === 'string'
  );
}

/**
 * A value as it is sent.
 *
 * @param mib - asked for only where it is needed.
 * @throws SnmpError SNMP_VALUE_SYNTAX where it is none of the type; SNMP_VALUE_RANGE where the
 *   SYNTAX does not allow it; SNMP_VALUE_UNTYPED where nothing says which type it has.
 */
export function valueToSend(
  name: Oid,
  value: unknown,
  mib: () => Mib,
  validation: Validation,
): SnmpValue {
  if (!isTyped(value)) {
    const object = objectAt(mib(), name);
    if (object !== undefined) return valueFrom(object, value, mib());
    throw new SnmpError(
      'SNMP_VALUE_UNTYPED',
      `.${name.join('.')} is of no object that is known: give the value with its type, as { type: 'OctetString', value: ... }`,
    );
  }
  const typed = typedValue(value);
  if (validation !== 'all') return typed;
  const object = objectAt(mib(), name);
  if (object === undefined || checkWrittenValue(object.syntax, typed) === undefined) return typed;
  const code =
    typed.type === wireType(object.syntax.base) ? 'SNMP_VALUE_RANGE' : 'SNMP_VALUE_SYNTAX';
  throw new SnmpError(
    code,
    `${object.name ?? ''}: expected ${expectation(object.syntax)}, got a value of ${value.type}`,
  );
}

const BASE_TYPES: Readonly<Record<BaseType, true>> = {
  Integer32: true,
  OctetString: true,
  ObjectIdentifier: true,
  Bits: true,
  IpAddress: true,
  Counter32: true,
  Gauge32: true,
  Unsigned32: true,
  TimeTicks: true,
  Opaque: true,
  Counter64: true,
};

function typedValue({ type, value }: TypedValue): SnmpValue {
  if (type === 'Null') return NULL_VALUE;
  if (!Object.hasOwn(BASE_TYPES, type)) {
    throw new SnmpError('SNMP_VALUE_SYNTAX', `no type ${type as string} can be set`);
  }
  const sent = fromPlain({ base: type, conventions: [] }, value);
  if (sent.type !== 'notConvertible') return sent;
  throw new SnmpError('SNMP_VALUE_SYNTAX', `expected ${sent.expected} for ${type}`);
}

function objectAt(mib: Mib, name: Oid): ValueObject | undefined {
  const node = mib.nearest(name);
  return node?.kind === 'scalar' || node?.kind === 'column' ? node : undefined;
}
