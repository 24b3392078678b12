import { InvalidArgumentError } from 'commander';
import type { Manager, TypedValue, ValueToSet, VarBindToSet } from '../../manager/index.js';
import { parseValue, resolveName } from '../../mib/index.js';

/** net-snmp's letters of types. */
const TYPE_OF_LETTER: Readonly<Record<string, TypedValue['type']>> = {
  i: 'Integer32',
  u: 'Unsigned32',
  c: 'Counter32',
  C: 'Counter64',
  t: 'TimeTicks',
  a: 'IpAddress',
  o: 'ObjectIdentifier',
  s: 'OctetString',
  x: 'OctetString',
  d: 'OctetString',
  n: 'Null',
};

/**
 * Words in threes, as `snmpset` takes them: name, type, value.
 *
 * @throws SnmpError of `resolveName` and `parseValue`; InvalidArgumentError.
 */
export function varBindsFromWords(
  words: readonly string[],
  manager: Manager,
): readonly VarBindToSet[] {
  if (words.length === 0 || words.length % 3 !== 0) {
    throw new InvalidArgumentError('expected OID TYPE VALUE, one after another.');
  }
  return Array.from({ length: words.length / 3 }, (_, i) => {
    const [name, letter, text] = words.slice(i * 3) as [string, string, string];
    return { name, value: valueFromWord(name, letter, text, manager) };
  });
}

/**
 * The modules that names in such words begin with, and OIDs among the values: with `=` or a label
 * they must be known before the value can be read.
 */
export function modulesNamed(words: readonly string[]): readonly string[] {
  const names = words.filter((_, i) => i % 3 === 0 || (i % 3 === 2 && words[i - 1] === 'o'));
  const modules = names.flatMap((name) => /^([A-Za-z][\w-]*)::/.exec(name)?.[1] ?? []);
  return [...new Set(modules)];
}

function valueFromWord(name: string, letter: string, text: string, manager: Manager): ValueToSet {
  const { mib } = manager;
  if (letter === '=') {
    const { node } = resolveName(mib, name);
    if (node?.kind === 'scalar' || node?.kind === 'column') return parseValue(node, text, mib);
    throw new InvalidArgumentError(`type =: no module known says of which type ${name} is.`);
  }
  if (letter === 'b') return { type: 'OctetString', value: bitOctets(text) };
  const type = TYPE_OF_LETTER[letter];
  if (type === undefined) {
    throw new InvalidArgumentError(`no type ${letter}: expected one of = i u c C t a o s x d n b.`);
  }
  switch (letter) {
    case 'n':
      return { type };
    case 'x':
      return { type, value: hexOctets(text) };
    case 'd':
      return { type, value: decimalOctets(text) };
    case 'o':
      return { type, value: resolveName(mib, text).oid };
    case 's':
    case 'a':
      return { type, value: text };
    default:
      return { type, value: numberFrom(text, mib, name) };
  }
}

/** Also a label, where the object has such. */
function numberFrom(text: string, mib: Manager['mib'], name: string): number | bigint {
  if (/^-?\d{1,20}$/.test(text)) {
    const number = BigInt(text);
    return Number.isSafeInteger(Number(number)) ? Number(number) : number;
  }
  const node = /^[A-Za-z]/.test(text) ? resolveName(mib, name).node : undefined;
  const syntax = node?.kind === 'scalar' || node?.kind === 'column' ? node.syntax : undefined;
  const labelled = syntax?.enums?.get(text);
  if (labelled !== undefined) return labelled;
  throw new InvalidArgumentError(`${JSON.stringify(text)} is no number.`);
}

function hexOctets(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '').replace(/[\s:]/g, '');
  if (/^([0-9a-f]{2})*$/i.test(digits)) return Buffer.from(digits, 'hex');
  throw new InvalidArgumentError(`${JSON.stringify(text)} is no hexadecimal string.`);
}

function decimalOctets(text: string): Uint8Array {
  const numbers = text.split(/[\s.]+/).filter((part) => part !== '');
  if (numbers.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) {
    return Uint8Array.from(numbers, Number);
  }
  throw new InvalidArgumentError(`${JSON.stringify(text)} are no octets in decimal.`);
}

const MAX_BIT = 65_535 * 8 - 1;

/** The positions of the bits that are set. */
function bitOctets(text: string): Uint8Array {
  const positions = text.split(/[\s,]+/).filter((part) => part !== '');
  if (!positions.every((part) => /^\d{1,6}$/.test(part) && Number(part) <= MAX_BIT)) {
    throw new InvalidArgumentError(`${JSON.stringify(text)} are no positions of bits.`);
  }
  const numbers = positions.map(Number);
  const octets = new Uint8Array(Math.floor(Math.max(-1, ...numbers) / 8) + 1);
  for (const position of numbers) {
    octets[position >> 3] = (octets[position >> 3] ?? 0) | (0x80 >> (position & 7));
  }
  return octets;
}
