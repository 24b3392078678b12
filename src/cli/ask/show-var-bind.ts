import { InvalidArgumentError } from 'commander';
import type { ReceivedVarBind } from '../../manager/index.js';
import {
  formatName,
  formatValue,
  type Mib,
  type NameStyle,
  type ValueObject,
} from '../../mib/index.js';
import { formatOid, type PlainValue, type SnmpValue } from '../../smi/index.js';

/** How results are shown: what the letters of -O come to. */
export interface ShowStyle {
  readonly names: NameStyle;
  /** Types before values; none; or none and blanks instead of `=`. */
  readonly form: 'typed' | 'quickEquals' | 'quick';
  readonly valuesOnly: boolean;
  readonly numericEnums: boolean;
  readonly numericTicks: boolean;
  readonly units: boolean;
  /** Octets that no DISPLAY-HINT says more of: all in hexadecimal, or all as text. */
  readonly octets: 'asTheyAre' | 'hexadecimal' | 'text';
  /** Indexes in names as their sub-identifiers. */
  readonly numericIndexes: boolean;
}

const NAME_LETTERS: Readonly<Record<string, NameStyle>> = {
  n: 'numeric',
  s: 'short',
  S: 'module',
  f: 'full',
  X: 'extended',
};

export function showStyle(words: readonly string[]): ShowStyle {
  let style: ShowStyle = {
    names: 'module',
    form: 'typed',
    valuesOnly: false,
    numericEnums: false,
    numericTicks: false,
    units: true,
    octets: 'asTheyAre',
    numericIndexes: false,
  };
  for (const letter of words.join('')) {
    const names = NAME_LETTERS[letter];
    if (names !== undefined) style = { ...style, names };
    else if (letter === 'q') style = { ...style, form: 'quick' };
    else if (letter === 'Q') style = { ...style, form: 'quickEquals' };
    else if (letter === 'v') style = { ...style, valuesOnly: true };
    else if (letter === 'e') style = { ...style, numericEnums: true };
    else if (letter === 't') style = { ...style, numericTicks: true };
    else if (letter === 'U') style = { ...style, units: false };
    else if (letter === 'x') style = { ...style, octets: 'hexadecimal' };
    else if (letter === 'a') style = { ...style, octets: 'text' };
    else if (letter === 'b') style = { ...style, numericIndexes: true };
    else throw new InvalidArgumentError(`-O knows no ${letter}: see the letters below`);
  }
  return style;
}

/** One line, without its end: `SNMPv2-MIB::sysName.0 = STRING: edge-1`. */
export function showVarBind(varBind: ReceivedVarBind, mib: Mib, style: ShowStyle): string {
  const value = showValue(varBind, mib, style);
  if (style.valuesOnly) return value;
  const name = nameOf(varBind, mib, style);
  return `${name}${style.form === 'quick' ? ' ' : ' = '}${value}`;
}

function nameOf({ name, object }: ReceivedVarBind, mib: Mib, style: ShowStyle): string {
  if (!style.numericIndexes || object === undefined) return formatName(mib, name, style.names);
  const arcs = name.slice(object.oid.length).map((arc) => `.${arc}`);
  return formatName(mib, object.oid, style.names) + arcs.join('');
}

function showValue({ value, object }: ReceivedVarBind, mib: Mib, style: ShowStyle): string {
  const shown = object === undefined ? undefined : valueObject(object, style);
  if (value.type === 'TimeTicks' && style.numericTicks) return String(value.value);
  if (value.type === 'ObjectIdentifier') {
    const name = formatName(mib, value.value, style.names);
    return style.form === 'typed' ? `OID: ${name}` : name;
  }
  if (value.type === 'OctetString' && value.value.length === 0) {
    const { displayHint, bits } = object?.syntax ?? {};
    const isTyped = style.form === 'typed';
    // As net-snmp shows what has no octets: by its hint, nothing.
    if (displayHint !== undefined) return isTyped ? 'STRING: ' : '';
    return bits !== undefined && isTyped ? 'BITS:' : '""';
  }
  const typed = octetsText(value, shown, style) ?? formatValue(value, { mib, object: shown });
  if (style.form === 'typed') return typed;
  return quick(value, typed);
}

/** As -Ox and -Oa have octets without a DISPLAY-HINT. */
function octetsText(
  value: SnmpValue,
  object: ValueObject | undefined,
  { octets }: ShowStyle,
): string | undefined {
  const syntax = object?.syntax;
  if (value.type !== 'OctetString' || octets === 'asTheyAre') return undefined;
  if (syntax?.displayHint !== undefined || syntax?.bits !== undefined) return undefined;
  if (octets === 'hexadecimal') {
    const pairs = [...value.value].map((octet) => octet.toString(16).padStart(2, '0'));
    return `Hex-STRING: ${pairs.join(' ').toUpperCase()}`;
  }
  const text = [...value.value].map((octet) =>
    octet >= 0x20 && octet < 0x7f ? String.fromCodePoint(octet).replace(/["\\]/, '\\$&') : '.',
  );
  return `STRING: "${text.join('')}"`;
}

function valueObject(object: ValueObject, style: ShowStyle): ValueObject {
  const { syntax, units } = object;
  const { enums, ...plain } = syntax;
  return {
    syntax: style.numericEnums && enums !== undefined ? plain : syntax,
    ...(units === undefined || !style.units ? {} : { units }),
  };
}

const TICKS_PER_DAY = 8_640_000;

/** The value without its type, as net-snmp's -Oq has it. */
function quick(value: SnmpValue, typed: string): string {
  switch (value.type) {
    case 'Integer32':
      return typed.replace(/^INTEGER: /, '').replace(/^([A-Za-z][\w-]*)\(-?\d+\)/, '$1');
    case 'TimeTicks': {
      const rest = value.value % TICKS_PER_DAY;
      const parts = [Math.floor(rest / 360_000), Math.floor(rest / 6000) % 60];
      const [hours, minutes] = parts as [number, number];
      const seconds = `${two(Math.floor(rest / 100) % 60)}.${two(rest % 100)}`;
      return `${Math.floor(value.value / TICKS_PER_DAY)}:${hours}:${two(minutes)}:${seconds}`;
    }
    case 'OctetString': {
      // Labels of BITS are no part of it.
      const bits = /^BITS: ((?:[0-9A-F]{2} ?)*)/.exec(typed)?.[1];
      if (bits !== undefined) return `"${bits.trimEnd()} "`;
      const octets = /^Hex-STRING: ((?:[0-9A-F]{2} ?)*)(.*)$/s.exec(typed);
      if (octets !== null) return `"${(octets[1] ?? '').trimEnd()} " ${octets[2] ?? ''}`.trimEnd();
      return typed.replace(/^STRING: /, '');
    }
    case 'Counter32':
    case 'Gauge32':
    case 'Counter64':
    case 'IpAddress':
    case 'Opaque':
      return typed.slice(typed.indexOf(': ') + 2);
    default:
      return typed;
  }
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** For --json: what a program wants to know of a variable. */
export function varBindRecord(varBind: ReceivedVarBind): object {
  return {
    oid: formatOid(varBind.name),
    name: varBind.label,
    type: varBind.value.type,
    value: jsonValue(varBind.plain),
    text: varBind.text,
  };
}

/** Octets in hexadecimal, numbers that JSON cannot hold as text, BITS as a list, OIDs dotted. */
export function jsonValue(plain: PlainValue | undefined): unknown {
  if (plain === undefined) return null;
  if (typeof plain === 'bigint') return String(plain);
  if (plain instanceof Uint8Array) return `0x${Buffer.from(plain).toString('hex')}`;
  if (plain instanceof Set) return [...plain];
  return Array.isArray(plain) ? formatOid(plain) : plain;
}
