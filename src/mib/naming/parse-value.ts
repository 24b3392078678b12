import { SnmpError } from '../../base/index.js';
import {
  checkWrittenValue,
  expectation,
  fromPlain,
  isText,
  parseInteger,
  parseOctets,
  wireType,
  type SnmpValue,
  type Syntax,
} from '../../smi/index.js';
import type { Mib } from '../mib.js';
import { suggestion } from '../nearest.js';
import { HEXADECIMAL, type ValueObject } from './format-value.js';
import { resolveName } from './names.js';
import { parseTicks } from './time-ticks.js';

/**
 * A value that was written as text, by the SYNTAX of its object, as `snmpset`'s type `=` has it.
 *
 * Numbers: decimal, `0x...`, by DISPLAY-HINT (`1.5` of `d-2` is 150, and so `2` is 200), labels of
 * enumerations (`up`, `up(1)`, `1`). TimeTicks: hundredths, or `1 day, 2:03:04.05`. Octets: by
 * DISPLAY-HINT, else the text itself in UTF-8; `0x...` is hexadecimal and `"..."` is quoted where
 * the hint does not say that these are text. BITS: labels or positions, with blanks or commas
 * between. OIDs: any name. IP addresses: dotted. UNITS may stand behind the value.
 *
 * @param mib - for the names of OIDs; without it, OIDs are numbers.
 * @throws SnmpError SNMP_VALUE_SYNTAX where the text is none of the type; SNMP_VALUE_RANGE where
 *   the value is none that the SYNTAX allows; as `resolveName` for OIDs.
 */
export function parseValue(object: ValueObject, text: string, mib?: Mib): SnmpValue {
  const { syntax, units } = object;
  const value = read(syntax, units === undefined ? text : withoutUnits(text, units), mib);
  if (value === undefined)
    throw unfit(object, 'SNMP_VALUE_SYNTAX', JSON.stringify(short(text)), text);
  return checked(object, value, JSON.stringify(short(text)), text);
}

function withoutUnits(text: string, units: string): string {
  return text.endsWith(` ${units}`) ? text.slice(0, -units.length - 1) : text;
}

/**
 * A JavaScript value for an object, as it goes on the wire: see `PlainValue`. A string is taken
 * as it is for octets without a DISPLAY-HINT or with one of text, and read as `parseValue` does
 * for all others (`'up'`, `'0:1a:2b:3c:4d:5e'`, `'IF-MIB::ifIndex'`).
 *
 * @throws SnmpError SNMP_VALUE_SYNTAX, SNMP_VALUE_RANGE; as `resolveName` for OIDs.
 */
export function valueFrom(object: ValueObject, plain: unknown, mib?: Mib): SnmpValue {
  const { syntax } = object;
  if (typeof plain === 'string' && !isPlainText(syntax)) return parseValue(object, plain, mib);
  const shown = describePlain(plain);
  const value = fromPlain(syntax, plain);
  if (value.type === 'notConvertible') throw unfit(object, 'SNMP_VALUE_SYNTAX', shown);
  return checked(object, value, shown);
}

/** Whether a string is such a value as it is. */
function isPlainText(syntax: Syntax): boolean {
  return syntax.base === 'OctetString' && (syntax.displayHint === undefined || isText(syntax));
}

function checked(object: ValueObject, value: SnmpValue, shown: string, text?: string): SnmpValue {
  if (checkWrittenValue(object.syntax, value) === undefined) return value;
  throw unfit(object, 'SNMP_VALUE_RANGE', shown, text);
}

function unfit(
  { name, syntax }: ValueObject,
  code: 'SNMP_VALUE_SYNTAX' | 'SNMP_VALUE_RANGE',
  shown: string,
  text?: string,
): SnmpError {
  const labels = [...(syntax.enums ?? syntax.bits ?? new Map<string, number>()).keys()];
  const near = text === undefined ? '' : suggestion(text, labels);
  const of = name === undefined ? '' : `${name}: `;
  const hint = syntax.displayHint === undefined ? '' : ` (DISPLAY-HINT "${syntax.displayHint}")`;
  return new SnmpError(code, `${of}expected ${expectation(syntax)}${hint}, got ${shown}${near}`);
}

const MAX_SHOWN = 60;

function short(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

function describePlain(plain: unknown): string {
  if (typeof plain === 'string') return JSON.stringify(short(plain));
  if (typeof plain === 'bigint') return `${plain}n`;
  if (plain instanceof Uint8Array) return `${plain.length} octets`;
  if (plain instanceof Set) return `a set of ${[...plain].map(String).join(', ')}`;
  if (Array.isArray(plain)) return `an array of ${plain.length}`;
  return typeof plain === 'object' && plain !== null ? 'an object' : String(plain);
}

function read(syntax: Syntax, text: string, mib: Mib | undefined): SnmpValue | undefined {
  const type = wireType(syntax.base);
  switch (type) {
    case 'Integer32':
    case 'Counter32':
    case 'Gauge32':
    case 'Counter64':
      return fitted(syntax, integer(syntax, text.trim()));
    case 'TimeTicks':
      return fitted(syntax, parseTicks(text.trim()));
    case 'IpAddress':
      return fitted(syntax, text.trim());
    case 'ObjectIdentifier':
      if (mib === undefined) return fitted(syntax, text.trim());
      return { type, value: resolveName(mib, text.trim()).oid };
    case 'OctetString':
    case 'Opaque': {
      const value = syntax.bits === undefined ? octets(syntax, text) : bits(syntax.bits, text);
      return value === undefined ? undefined : { type, value };
    }
    default:
      return undefined;
  }
}

function fitted(
  syntax: Syntax,
  plain: number | bigint | string | undefined,
): SnmpValue | undefined {
  if (plain === undefined) return undefined;
  const value = fromPlain(syntax, plain);
  return value.type === 'notConvertible' ? undefined : value;
}

function integer(syntax: Syntax, text: string): bigint | undefined {
  const [, label, labelled] = /^([A-Za-z][\w-]*)(?:\((-?\d+)\))?$/.exec(text) ?? [];
  if (label !== undefined) {
    const number = syntax.enums?.get(label);
    const isSame = labelled === undefined || Number(labelled) === number;
    if (number !== undefined) return isSame ? BigInt(number) : undefined;
  }
  if (syntax.displayHint !== undefined) return parseInteger(syntax.displayHint, text);
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text);
  return /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}

function octets(syntax: Syntax, text: string): Uint8Array | undefined {
  const hint = syntax.displayHint;
  if (hint !== undefined) {
    const hinted = text === '' ? new Uint8Array() : parseOctets(hint, text);
    if (hinted !== undefined && (isText(syntax) || isAllowed(syntax, hinted))) return hinted;
  }
  const hex = HEXADECIMAL.exec(text)?.[1];
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  if (hint !== undefined) return undefined;
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(text)?.[1];
  return Buffer.from(quoted === undefined ? text : quoted.replace(/\\(.)/gs, '$1'));
}

function isAllowed(syntax: Syntax, value: Uint8Array): boolean {
  return checkWrittenValue(syntax, { type: 'OctetString', value }) === undefined;
}

function bits(labels: ReadonlyMap<string, number>, text: string): Uint8Array | undefined {
  const hex = HEXADECIMAL.exec(text.trim())?.[1];
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  const octetsNeeded = Math.floor(Math.max(-1, ...labels.values()) / 8) + 1;
  const value = new Uint8Array(octetsNeeded);
  for (const word of text.split(/[\s,{}]+/)) {
    if (word === '') continue;
    const [, label = '', number] = /^([A-Za-z][\w-]*)?\(?(\d{1,6})?\)?$/.exec(word) ?? [];
    const position =
      labels.get(label) ?? (label === '' && number !== undefined ? Number(number) : -1);
    if (position < 0 || position >= octetsNeeded * 8) return undefined;
    value[position >> 3] = (value[position >> 3] as number) | (0x80 >> (position & 7));
  }
  return value;
}
