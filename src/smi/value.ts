import type { Oid } from './oid.js';

/**
 * A value as it stands in a varbind (RFC 3416 section 3): application types are told apart by
 * `type`, never by the shape of `value`.
 *
 * Integer32 -2^31..2^31-1; Counter32, Gauge32 (Unsigned32 too), TimeTicks 0..2^32-1; Counter64
 * 0n..2^64-1n, always bigint; octets are Uint8Array, IpAddress of exactly four.
 */
export type SnmpValue =
  | { readonly type: 'Integer32'; readonly value: number }
  | { readonly type: 'OctetString'; readonly value: Uint8Array }
  | { readonly type: 'ObjectIdentifier'; readonly value: Oid }
  | { readonly type: 'IpAddress'; readonly value: Uint8Array }
  | { readonly type: 'Counter32'; readonly value: number }
  | { readonly type: 'Gauge32'; readonly value: number }
  | { readonly type: 'TimeTicks'; readonly value: number }
  | { readonly type: 'Opaque'; readonly value: Uint8Array }
  | { readonly type: 'Counter64'; readonly value: bigint }
  | { readonly type: 'Null' }
  | ExceptionValue;

/** "There is no such value": a truth about the MIB, not an error (RFC 3416 section 3). */
export type ExceptionValue =
  | { readonly type: 'noSuchObject' }
  | { readonly type: 'noSuchInstance' }
  | { readonly type: 'endOfMibView' };

export type ValueType = SnmpValue['type'];

export const NULL_VALUE: SnmpValue = Object.freeze({ type: 'Null' });
export const NO_SUCH_OBJECT: ExceptionValue = Object.freeze({ type: 'noSuchObject' });
export const NO_SUCH_INSTANCE: ExceptionValue = Object.freeze({ type: 'noSuchInstance' });
export const END_OF_MIB_VIEW: ExceptionValue = Object.freeze({ type: 'endOfMibView' });

export function isException(value: SnmpValue): value is ExceptionValue {
  return (
    value.type === 'noSuchInstance' ||
    value.type === 'noSuchObject' ||
    value.type === 'endOfMibView'
  );
}

/** Whether two values are the same on the wire. */
export function equalValues(left: SnmpValue, right: SnmpValue): boolean {
  if (left.type !== right.type) return false;
  if (!('value' in left) || !('value' in right)) return true;
  const [a, b] = [left.value, right.value];
  if (typeof a === 'object' && typeof b === 'object') {
    return a.length === b.length && a.every((item: number, i: number) => item === b[i]);
  }
  return a === b;
}

/** A name and its value. */
export interface VarBind {
  readonly name: Oid;
  readonly value: SnmpValue;
}
