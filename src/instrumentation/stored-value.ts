import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { SnmpError } from '../base/index.js';
import type { DefaultValue } from '../mib/index.js';
import {
  checkValue,
  checkWrittenValue,
  expectation,
  fromPlain,
  wireType,
  ZERO_DOT_ZERO,
  type Range,
  type SnmpValue,
  type Syntax,
} from '../smi/index.js';
import { describe } from './read-interpretation.js';

const MAX_TEST_AND_INCR = 2_147_483_647;

/** What scalars and columns have in common where a value of them is stored. */
export interface StoredObject {
  readonly name: string;
  readonly syntax: Syntax;
  readonly defaultValue?: DefaultValue;
}

/** Whether a value kept for the one can be kept for the other: name and SYNTAX are the same. */
export function isKeptAlike(left: StoredObject, right: StoredObject): boolean {
  return left.name === right.name && isDeepStrictEqual(left.syntax, right.syntax);
}

export function hasConvention(syntax: Syntax, convention: string): boolean {
  return syntax.conventions.includes(convention);
}

/**
 * A program's value for an object, as it will be stored: held to the same rules as a manager's.
 *
 * @throws SnmpError SNMP_STORED_VALUE, naming the object, what was given and what is expected.
 */
export function storedValue(object: StoredObject, plain: unknown): SnmpValue {
  const value = fromPlain(object.syntax, plain);
  if (value.type === 'notConvertible') throw wrongValue(object, plain, value.expected);
  // notReady is the one value that a row may have and nobody may write (RFC 2579 RowStatus).
  const check = hasConvention(object.syntax, 'RowStatus') ? checkValue : checkWrittenValue;
  if (check(object.syntax, value) !== undefined) {
    throw wrongValue(object, plain, expectation(object.syntax));
  }
  return value;
}

/** The DEFVAL as a value, or undefined where there is none or it does not fit its own SYNTAX. */
export function defaultValueOf(object: StoredObject): SnmpValue | undefined {
  if (object.defaultValue === undefined) return undefined;
  const { defaultValue } = object;
  const plain = defaultValue.kind === 'bits' ? new Set(defaultValue.labels) : defaultValue.value;
  const value = fromPlain(object.syntax, plain);
  if (value.type === 'notConvertible') return undefined;
  return checkValue(object.syntax, value) === undefined ? value : undefined;
}

/**
 * A value for an object that nobody gave one: 0 or the lowest number that the SYNTAX allows, the
 * lowest enumeration, octets of the smallest size, 0.0. Of a TestAndIncr: a random number, because
 * one that starts at a constant lets a manager's stale value match (RFC 2579, last paragraph).
 */
export function typeDefault(syntax: Syntax): SnmpValue {
  if (hasConvention(syntax, 'TestAndIncr')) return randomLock();
  const type = wireType(syntax.base);
  switch (type) {
    case 'Integer32':
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return { type, value: Number(lowestNumber(syntax)) };
    case 'Counter64':
      return { type, value: BigInt(lowestNumber(syntax)) };
    case 'OctetString':
    case 'Opaque':
      return { type, value: new Uint8Array(Number(syntax.sizes?.[0]?.low ?? 0)) };
    case 'IpAddress':
      return { type, value: new Uint8Array(4) };
    default:
      return { type: 'ObjectIdentifier', value: ZERO_DOT_ZERO };
  }
}

/** What a TestAndIncr holds after a SET that matched `value` (RFC 2579). */
export function incremented(value: number): number {
  return value >= MAX_TEST_AND_INCR ? 0 : value + 1;
}

export function randomLock(): SnmpValue {
  return { type: 'Integer32', value: randomInt(0, MAX_TEST_AND_INCR) };
}

function lowestNumber(syntax: Syntax): number | bigint {
  if (syntax.enums === undefined) return syntax.ranges?.[0]?.low ?? 0;
  const allowed = [...syntax.enums.values()].filter((value) => isIn(syntax.ranges, value));
  return allowed.length === 0 ? 0 : Math.min(...allowed);
}

function isIn(ranges: readonly Range[] | undefined, value: number): boolean {
  return ranges === undefined || ranges.some(({ low, high }) => value >= low && value <= high);
}

function wrongValue(object: StoredObject, plain: unknown, expected: string): SnmpError {
  return new SnmpError(
    'SNMP_STORED_VALUE',
    `${object.name}: expected ${expected}, got ${describe(plain)}`,
  );
}
