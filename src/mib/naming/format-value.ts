import {
  formatInteger,
  formatOctets,
  isText,
  parseOctets,
  type SnmpValue,
  type Syntax,
} from '../../smi/index.js';
import type { Mib } from '../mib.js';
import { isPrintable, text as latin1 } from './inet-address.js';
import { formatName } from './names.js';
import { formatTicks } from './time-ticks.js';

/** What a value is a value of; an object of the MIB will do. */
export interface ValueObject {
  /** For messages. */
  readonly name?: string;
  readonly syntax: Syntax;
  readonly units?: string;
}

export interface FormatValueOptions {
  /** What the value is of; without it, only its type on the wire is known. */
  readonly object?: ValueObject | undefined;
  /** For the names of OIDs. */
  readonly mib?: Mib;
  /**
   * `typed`: as net-snmp's commands print it, `INTEGER: up(1)`. `plain`: the value alone, as
   * `parseValue` reads it back to the same value. Default `typed`.
   */
  readonly style?: 'typed' | 'plain';
}

/** Labels of what net-snmp prints before values. */
const TYPE_NAMES = {
  Integer32: 'INTEGER',
  Counter32: 'Counter32',
  Gauge32: 'Gauge32',
  Counter64: 'Counter64',
  TimeTicks: 'Timeticks',
  IpAddress: 'IpAddress',
  ObjectIdentifier: 'OID',
  Opaque: 'OPAQUE',
} as const;

/**
 * A value for people, by its SYNTAX: DISPLAY-HINT (RFC 2579 3.1), labels of enumerations and BITS,
 * names of OIDs. A value that its SYNTAX does not allow is shown by its type.
 */
export function formatValue(value: SnmpValue, options: FormatValueOptions = {}): string {
  return options.style === 'plain' ? plain(value, options) : typed(value, options);
}

function typed(value: SnmpValue, { object, mib }: FormatValueOptions): string {
  const syntax = object?.syntax;
  const units = object?.units === undefined ? '' : ` ${object.units}`;
  switch (value.type) {
    case 'Integer32': {
      const label = labelOf(syntax, value.value);
      const shown = label === undefined ? number(syntax, value.value) : `${label}(${value.value})`;
      return `INTEGER: ${shown}${units}`;
    }
    case 'Counter32':
    case 'Gauge32':
    case 'Counter64':
      return `${TYPE_NAMES[value.type]}: ${number(syntax, value.value)}${units}`;
    case 'TimeTicks':
      return `Timeticks: (${value.value}) ${formatTicks(value.value)}${units}`;
    case 'IpAddress':
      return `IpAddress: ${value.value.join('.')}`;
    case 'ObjectIdentifier':
      return `OID: ${oidText(value.value, mib)}`;
    case 'Opaque':
      return opaque(value.value);
    case 'OctetString':
      return octets(syntax, value.value) + units;
    case 'Null':
      return 'NULL';
    case 'noSuchObject':
      return 'No Such Object available on this agent at this OID';
    case 'noSuchInstance':
      return 'No Such Instance currently exists at this OID';
    case 'endOfMibView':
      return 'No more variables left in this MIB View (It is past the end of the MIB tree)';
  }
}

function octets(syntax: Syntax | undefined, value: Uint8Array): string {
  if (syntax?.bits !== undefined) {
    const labels = bitLabels(syntax.bits, value).map(
      ({ label, position }) => `${label}(${position})`,
    );
    return ['BITS:', hexOctets(value), ...labels].filter((part) => part !== '').join(' ');
  }
  if (value.length === 0) return 'STRING: ""';
  const hinted = hintedOctets(syntax, value);
  if (hinted !== undefined) return `STRING: ${hinted}`;
  if (value.every(isTextOctet)) return `STRING: ${quoted(latin1(value))}`;
  return `Hex-STRING: ${hexOctets(value)}`;
}

/** With control characters in it, it is not for a terminal. */
function hintedOctets(syntax: Syntax | undefined, value: Uint8Array): string | undefined {
  const hint = syntax?.displayHint;
  const shown = hint === undefined ? undefined : formatOctets(hint, value);
  return shown === undefined || CONTROL.test(shown) ? undefined : shown;
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

function isTextOctet(octet: number): boolean {
  return isPrintable(octet) || octet === 0x09 || octet === 0x0a || octet === 0x0d;
}

function hexOctets(value: Uint8Array): string {
  return [...value].map((octet) => octet.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

/** Floats within Opaque, as net-snmp and those who follow it wrap them. */
function opaque(value: Uint8Array): string {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (value.length === 7 && value[0] === 0x9f && value[1] === 0x78 && value[2] === 4) {
    return `Opaque: Float: ${view.getFloat32(3).toFixed(6)}`;
  }
  if (value.length === 11 && value[0] === 0x9f && value[1] === 0x79 && value[2] === 8) {
    return `Opaque: Float: ${view.getFloat64(3).toFixed(6)}`;
  }
  return `OPAQUE: ${hexOctets(value)}`;
}

function plain(value: SnmpValue, options: FormatValueOptions): string {
  const syntax = options.object?.syntax;
  switch (value.type) {
    case 'Integer32':
      return labelOf(syntax, value.value) ?? number(syntax, value.value);
    case 'Counter32':
    case 'Gauge32':
    case 'Counter64':
      return number(syntax, value.value);
    case 'TimeTicks':
      return String(value.value);
    case 'ObjectIdentifier':
      return oidText(value.value, options.mib);
    case 'OctetString':
      return plainOctets(syntax, value.value);
    case 'Opaque':
      return `0x${Buffer.from(value.value).toString('hex')}`;
    default:
      return value.type === 'IpAddress' ? value.value.join('.') : typed(value, options);
  }
}

/**
 * By the hint where that is read back the same; otherwise the text itself, in quotes where it
 * would be taken for something else, or hexadecimal.
 */
function plainOctets(syntax: Syntax | undefined, value: Uint8Array): string {
  if (syntax?.bits !== undefined) {
    const labels = bitLabels(syntax.bits, value);
    const isNamed = labels.every(({ label }) => syntax.bits?.has(label));
    return isNamed ? labels.map(({ label }) => label).join(' ') : hex(value);
  }
  const hint = syntax?.displayHint;
  if (syntax !== undefined && hint !== undefined) {
    const shown = formatOctets(hint, value);
    return shown !== undefined && isReadBack(syntax, hint, shown, value) ? shown : hex(value);
  }
  if (!value.every(isPrintable)) return hex(value);
  const shown = latin1(value);
  return isMarked(shown) ? quoted(shown) : shown;
}

/** Whether `parseValue` gets these octets out of the text. */
function isReadBack(syntax: Syntax, hint: string, shown: string, value: Uint8Array): boolean {
  const read = parseOctets(hint, shown);
  if (read === undefined || !Buffer.from(read).equals(value)) return false;
  return isText(syntax) || !HEXADECIMAL.test(shown);
}

/** What `parseValue` takes for octets, unless the hint says that they are text. */
export const HEXADECIMAL = /^0x((?:[0-9a-f]{2})*)$/i;

/** What it takes for octets or for a quoted string where there is no hint. */
function isMarked(text: string): boolean {
  return HEXADECIMAL.test(text) || text.startsWith('"');
}

function hex(value: Uint8Array): string {
  return `0x${Buffer.from(value).toString('hex')}`;
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function oidText(oid: readonly number[], mib: Mib | undefined): string {
  return mib === undefined ? `.${oid.join('.')}` : formatName(mib, oid);
}

function number(syntax: Syntax | undefined, value: number | bigint): string {
  const hint = syntax?.displayHint;
  return (hint === undefined ? undefined : formatInteger(hint, value)) ?? String(value);
}

export function labelOf(syntax: Syntax | undefined, value: number): string | undefined {
  for (const [label, labelled] of syntax?.enums ?? []) if (labelled === value) return label;
  return undefined;
}

/** The bits that are set, by position; one without a label is its number. */
function bitLabels(
  bits: ReadonlyMap<string, number>,
  value: Uint8Array,
): { readonly label: string; readonly position: number }[] {
  const labels = new Map([...bits].map(([label, position]) => [position, label]));
  const set: { readonly label: string; readonly position: number }[] = [];
  for (let position = 0; position < value.length * 8; position++) {
    if (((value[position >> 3] as number) & (0x80 >> (position & 7))) === 0) continue;
    set.push({ label: labels.get(position) ?? String(position), position });
  }
  return set;
}
