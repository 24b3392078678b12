import { isOid, parseOid, type Oid } from './oid.js';
import type { Syntax } from './syntax.js';
import { isText } from './textual-convention.js';
import type { SnmpValue } from './value.js';

/**
 * A value as a JavaScript program has it. Enumerations are their label, BITS a set of labels,
 * text (by its DISPLAY-HINT) a string, other octets Uint8Array, IpAddress a dotted string,
 * Counter64 a bigint, OIDs arrays of numbers.
 */
export type PlainValue = number | bigint | string | Uint8Array | Oid | ReadonlySet<string>;

const MAX_UNSIGNED_64 = 0xffff_ffff_ffff_ffffn;

/** A value off the wire, already checked against the SYNTAX, as JavaScript sees it. */
export function toPlain(syntax: Syntax, value: SnmpValue): PlainValue | undefined {
  switch (value.type) {
    case 'Integer32':
      return syntax.enums === undefined
        ? value.value
        : (labelOf(syntax.enums, value.value) ?? value.value);
    case 'OctetString':
      if (syntax.bits !== undefined) return bitLabels(syntax.bits, value.value);
      return isText(syntax) ? Buffer.from(value.value).toString('utf8') : value.value;
    case 'IpAddress':
      return value.value.join('.');
    case 'ObjectIdentifier':
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
    case 'Counter64':
    case 'Opaque':
      return value.value;
    case 'Null':
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      return undefined;
  }
}

/** Why a JavaScript value is none of the SYNTAX's. */
export interface NotConvertible {
  readonly type: 'notConvertible';
  readonly expected: string;
}

function notConvertible(expected: string): NotConvertible {
  return { type: 'notConvertible', expected };
}

/**
 * A JavaScript value as it goes on the wire. Looks at the type only: whether number, length or
 * label-less number is allowed is for `checkValue`. Total: takes anything foreign code returns.
 */
export function fromPlain(syntax: Syntax, plain: unknown): SnmpValue | NotConvertible {
  switch (syntax.base) {
    case 'Integer32':
      return integerFrom(syntax, plain);
    case 'Counter32':
      return unsignedFrom('Counter32', plain);
    case 'Gauge32':
    case 'Unsigned32':
      return unsignedFrom('Gauge32', plain);
    case 'TimeTicks':
      return unsignedFrom('TimeTicks', plain);
    case 'Counter64':
      return counter64From(plain);
    case 'OctetString':
      return octetsFrom('OctetString', plain);
    case 'Opaque':
      return octetsFrom('Opaque', plain);
    case 'Bits':
      return bitsFrom(syntax, plain);
    case 'IpAddress':
      return ipAddressFrom(plain);
    case 'ObjectIdentifier':
      return oidFrom(plain);
  }
}

function integerFrom(syntax: Syntax, plain: unknown): SnmpValue | NotConvertible {
  if (typeof plain === 'number' && (plain | 0) === plain)
    return { type: 'Integer32', value: plain };
  if (typeof plain === 'string' && syntax.enums !== undefined) {
    const value = syntax.enums.get(plain);
    if (value !== undefined) return { type: 'Integer32', value };
    return notConvertible(`one of ${[...syntax.enums.keys()].join(', ')}`);
  }
  if (typeof plain === 'bigint' && BigInt.asIntN(32, plain) === plain) {
    return { type: 'Integer32', value: Number(plain) };
  }
  return notConvertible('an integer of -2147483648..2147483647');
}

function unsignedFrom(
  type: 'Counter32' | 'Gauge32' | 'TimeTicks',
  plain: unknown,
): SnmpValue | NotConvertible {
  if (typeof plain === 'number' && plain >>> 0 === plain) return { type, value: plain };
  if (typeof plain === 'bigint' && BigInt.asUintN(32, plain) === plain) {
    return { type, value: Number(plain) };
  }
  return notConvertible('an integer of 0..4294967295');
}

function counter64From(plain: unknown): SnmpValue | NotConvertible {
  if (typeof plain === 'bigint' && plain >= 0n && plain <= MAX_UNSIGNED_64) {
    return { type: 'Counter64', value: plain };
  }
  if (typeof plain === 'number' && Number.isSafeInteger(plain) && plain >= 0) {
    return { type: 'Counter64', value: BigInt(plain) };
  }
  return notConvertible('a bigint of 0..18446744073709551615');
}

function octetsFrom(type: 'OctetString' | 'Opaque', plain: unknown): SnmpValue | NotConvertible {
  if (typeof plain === 'string') return { type, value: Buffer.from(plain, 'utf8') };
  if (plain instanceof Uint8Array) return { type, value: plain };
  return notConvertible('a string or a Uint8Array');
}

function ipAddressFrom(plain: unknown): SnmpValue | NotConvertible {
  if (typeof plain === 'string' && /^\d{1,3}(\.\d{1,3}){3}$/.test(plain)) {
    const octets = plain.split('.').map(Number);
    if (octets.every((octet) => octet <= 255)) {
      return { type: 'IpAddress', value: Uint8Array.from(octets) };
    }
  }
  if (plain instanceof Uint8Array && plain.length === 4) return { type: 'IpAddress', value: plain };
  return notConvertible('an IPv4 address as a dotted string or four octets');
}

function oidFrom(plain: unknown): SnmpValue | NotConvertible {
  let candidate = plain;
  if (typeof plain === 'string' && /^\.?\d+(\.\d+)+$/.test(plain) && plain.length < 1500) {
    candidate = plain.split('.').length <= 129 ? tryParseOid(plain) : undefined;
  }
  if (isOid(candidate)) return { type: 'ObjectIdentifier', value: candidate };
  return notConvertible('an OID as an array of numbers or a dotted string');
}

function tryParseOid(text: string): Oid | undefined {
  try {
    return parseOid(text);
  } catch {
    return undefined;
  }
}

/** A set or list of labels; or, as OTP allows, an integer whose bit n stands for position n. */
function bitsFrom(syntax: Syntax, plain: unknown): SnmpValue | NotConvertible {
  const defined = syntax.bits ?? new Map<string, number>();
  const octets = new Uint8Array(Math.floor(Math.max(-1, ...defined.values()) / 8) + 1);
  const raise = (position: number): void => {
    octets[position >> 3] = (octets[position >> 3] as number) | (0x80 >> (position & 7));
  };
  if (plain instanceof Uint8Array) return { type: 'OctetString', value: plain };
  if (plain instanceof Set || Array.isArray(plain)) {
    for (const label of plain as Iterable<unknown>) {
      const position = typeof label === 'string' ? defined.get(label) : undefined;
      if (position === undefined) return notConvertible(bitNames(defined));
      raise(position);
    }
    return { type: 'OctetString', value: octets };
  }
  if (typeof plain === 'number' && Number.isSafeInteger(plain) && plain >= 0) {
    const positions = new Set(defined.values());
    for (let rest = plain, position = 0; rest > 0; rest = Math.floor(rest / 2), position++) {
      if (rest % 2 === 0) continue;
      if (!positions.has(position)) return notConvertible(bitNames(defined));
      raise(position);
    }
    return { type: 'OctetString', value: octets };
  }
  return notConvertible(bitNames(defined));
}

function bitNames(bits: ReadonlyMap<string, number>): string {
  return `a set of ${[...bits.keys()].join(', ')}`;
}

function labelOf(labels: ReadonlyMap<string, number>, value: number): string | undefined {
  for (const [label, number] of labels) if (number === value) return label;
  return undefined;
}

function bitLabels(bits: ReadonlyMap<string, number>, octets: Uint8Array): ReadonlySet<string> {
  const labels = new Set<string>();
  for (const [label, position] of bits) {
    if (((octets[position >> 3] ?? 0) & (0x80 >> (position & 7))) !== 0) labels.add(label);
  }
  return labels;
}
