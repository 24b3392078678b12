import { SnmpError } from '../base/index.js';

/** An OBJECT IDENTIFIER: its sub-identifiers, each 0..4294967295, at most 128. Never mutated. */
export type Oid = readonly number[];

/** RFC 2578 3.5, RFC 3416 4.1. */
export const MAX_SUB_IDENTIFIERS = 128;
export const MAX_SUB_IDENTIFIER = 0xffff_ffff;

/** `{ 0 0 }`: the value of an unset pointer, and the start of a walk. */
export const ZERO_DOT_ZERO: Oid = Object.freeze([0, 0]);

/**
 * Compares in lexicographic order (RFC 3416 section 2, "lexicographical ordering"): per
 * sub-identifier, unsigned; a proper prefix sorts first.
 *
 * @returns negative, zero or positive, as `Array.prototype.sort` wants it.
 */
export function compareOids(left: Oid, right: Oid): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const difference = (left[i] as number) - (right[i] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function equalOids(left: Oid, right: Oid): boolean {
  return left.length === right.length && hasPrefix(left, right);
}

/** Whether `oid` lies in the subtree of `prefix`, the root of the subtree included. */
export function hasPrefix(oid: Oid, prefix: Oid): boolean {
  const length = prefix.length;
  if (oid.length < length) return false;
  // From the end: names differ late far more often than early.
  for (let i = length - 1; i >= 0; i--) if (oid[i] !== prefix[i]) return false;
  return true;
}

export function isSubIdentifier(value: unknown): value is number {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 0 &&
    value <= MAX_SUB_IDENTIFIER
  );
}

/** Whether a value out of foreign code is an OID that can be encoded (X.660: first two arcs). */
export function isOid(value: unknown): value is Oid {
  if (!Array.isArray(value) || value.length < 2 || value.length > MAX_SUB_IDENTIFIERS) return false;
  for (let i = 0; i < value.length; i++) if (!isSubIdentifier(value[i])) return false;
  const [first, second] = value as [number, number];
  return first < 2 ? second < 40 : first === 2;
}

/**
 * Reads a dotted OID, with or without a leading dot.
 *
 * @throws SnmpError SNMP_OID_SYNTAX
 */
export function parseOid(text: string): Oid {
  const dotted = text.startsWith('.') ? text.slice(1) : text;
  const arcs = /^\d+(\.\d+)*$/.test(dotted) ? dotted.split('.').map(Number) : [];
  if (arcs.length === 0 || arcs.length > MAX_SUB_IDENTIFIERS || !arcs.every(isSubIdentifier)) {
    throw new SnmpError(
      'SNMP_OID_SYNTAX',
      `not an OID: ${JSON.stringify(text)} (expected 1 to 128 numbers of 0..4294967295 with dots between)`,
    );
  }
  return arcs;
}

export function formatOid(oid: Oid): string {
  return oid.join('.');
}
