import { contentFits } from './textual-convention.js';
import type { BaseType, Range, Syntax } from './syntax.js';
import type { SnmpValue, ValueType } from './value.js';

/** What is wrong with a value, in the order in which RFC 3416 4.2.5 looks: (3), (4), (5), (6). */
export type ValueFault = 'wrongType' | 'wrongLength' | 'wrongEncoding' | 'wrongValue';

/** The type a base type has on the wire. */
const WIRE_TYPE: Readonly<Record<BaseType, ValueType>> = {
  Integer32: 'Integer32',
  OctetString: 'OctetString',
  ObjectIdentifier: 'ObjectIdentifier',
  Bits: 'OctetString',
  IpAddress: 'IpAddress',
  Counter32: 'Counter32',
  Gauge32: 'Gauge32',
  Unsigned32: 'Gauge32',
  TimeTicks: 'TimeTicks',
  Opaque: 'Opaque',
  Counter64: 'Counter64',
};

export function wireType(base: BaseType): ValueType {
  return WIRE_TYPE[base];
}

function inRanges(ranges: readonly Range[] | undefined, value: number | bigint): boolean {
  if (ranges === undefined) return true;
  for (const range of ranges) if (value >= range.low && value <= range.high) return true;
  return false;
}

/** Whether a number is one of the enumeration's. Enumerations are short: a scan beats a second map. */
function isMember(enums: ReadonlyMap<string, number>, value: number): boolean {
  for (const number of enums.values()) if (number === value) return true;
  return false;
}

/**
 * Octets of BITS: every bit that is set must be a defined one. Bits after the last defined
 * position within the last octet needed are padding and ignored (RFC 3417 8(3), ENC-049).
 */
function bitsAreDefined(bits: ReadonlyMap<string, number>, octets: Uint8Array): boolean {
  const positions = new Set(bits.values());
  const neededOctets = Math.floor(Math.max(0, ...positions) / 8) + 1;
  const lastDefined = Math.max(-1, ...positions);
  for (let position = 0; position < octets.length * 8; position++) {
    const isSet = ((octets[position >> 3] as number) & (0x80 >> (position & 7))) !== 0;
    if (!isSet || positions.has(position)) continue;
    if (position > lastDefined && position < neededOctets * 8) continue;
    return false;
  }
  return true;
}

/**
 * Whether a value may be what an object of this SYNTAX *reads as*: type, every sub-range of the
 * length, every sub-range of the value, members of enumerations and BITS.
 *
 * @returns the first fault in the RFC's order, or undefined.
 */
export function checkValue(syntax: Syntax, value: SnmpValue): ValueFault | undefined {
  if (value.type !== WIRE_TYPE[syntax.base]) return 'wrongType';
  switch (value.type) {
    case 'Integer32':
      if (syntax.enums !== undefined && !isMember(syntax.enums, value.value)) return 'wrongValue';
      return inRanges(syntax.ranges, value.value) ? undefined : 'wrongValue';
    case 'Gauge32':
    case 'Counter32':
    case 'TimeTicks':
    case 'Counter64':
      return inRanges(syntax.ranges, value.value) ? undefined : 'wrongValue';
    case 'OctetString':
    case 'Opaque':
      if (!inRanges(syntax.sizes, value.value.length)) return 'wrongLength';
      if (syntax.bits !== undefined && !bitsAreDefined(syntax.bits, value.value)) {
        return 'wrongValue';
      }
      return undefined;
    default:
      return undefined;
  }
}

/**
 * Whether a manager may *write* this value: as checkValue, and the octets or numbers that the
 * textual conventions on the way forbid (DisplayString, DateAndTime, RowStatus notReady, ...).
 */
export function checkWrittenValue(syntax: Syntax, value: SnmpValue): ValueFault | undefined {
  return checkValue(syntax, value) ?? (contentFits(syntax, value) ? undefined : 'wrongValue');
}

/** Words for what a SYNTAX allows, for people. */
export function expectation(syntax: Syntax): string {
  if (syntax.enums !== undefined) return `one of ${[...syntax.enums.keys()].join(', ')}`;
  if (syntax.bits !== undefined) return `only the bits ${[...syntax.bits.keys()].join(', ')}`;
  const parts: string[] = [];
  if (syntax.ranges !== undefined) parts.push(spans(syntax.ranges));
  if (syntax.sizes !== undefined) parts.push(`${spans(syntax.sizes)} octets`);
  const convention = syntax.conventions[0] ?? syntax.base;
  return parts.length === 0 ? `a legal ${convention}` : `${convention} of ${parts.join(', ')}`;
}

function spans(ranges: readonly Range[]): string {
  return ranges.map(({ low, high }) => (low === high ? `${low}` : `${low}..${high}`)).join(' | ');
}
