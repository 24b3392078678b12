import { oidPart, type DefaultNode, type DigitsNode } from '../ast.js';
import type { ModuleDefinition, ObjectDefinition } from '../definition.js';
import type { DefaultValue } from '../mib.js';
import type { Syntax } from '../../smi/index.js';
import type { ResolveContext } from './context.js';
import { baseRanges, coversNumber, formatRanges, isNumeric } from './ranges.js';

/**
 * The DEFVAL of an object as a value of its SYNTAX (RFC 2578 7.9).
 *
 * @returns undefined where there is none, or none that fits; then why has been reported.
 */
export function resolveDefault(
  context: ResolveContext,
  module: ModuleDefinition,
  object: ObjectDefinition,
  syntax: Syntax,
): DefaultValue | undefined {
  const { defaultValue: node } = object;
  if (node === undefined) return undefined;
  const value = read(context, module, node, syntax);
  if (value === undefined) {
    const message = `this is no ${describe(syntax)}; expected ${EXPECTED[kindOf(syntax)]}`;
    context.report(module, node.at, 'default-unfit', message);
    return undefined;
  }
  if (value === 'reported') return undefined;
  const expected = violated(value, syntax);
  if (expected !== undefined) {
    context.report(
      module,
      node.at,
      'default-outside',
      `the default value is not allowed; expected ${expected}`,
    );
  }
  return value;
}

type Kind = 'number' | 'label' | 'octets' | 'oid' | 'bits';

const EXPECTED: Readonly<Record<Kind, string>> = {
  number: 'a number',
  label: 'one of the labels of the enumeration',
  octets: "a quoted string, '...'H or '...'B",
  oid: 'the name of a node, or { 0 0 }',
  bits: 'labels in braces, such as { { a, b } }',
};

function kindOf(syntax: Syntax): Kind {
  if (syntax.base === 'ObjectIdentifier') return 'oid';
  if (syntax.base === 'Bits') return 'bits';
  if (!isNumeric(syntax.base)) return 'octets';
  return syntax.enums === undefined ? 'number' : 'label';
}

function describe({ base, conventions }: Syntax): string {
  return conventions[0] ?? base;
}

function read(
  context: ResolveContext,
  module: ModuleDefinition,
  node: DefaultNode,
  syntax: Syntax,
): DefaultValue | 'reported' | undefined {
  switch (kindOf(syntax)) {
    case 'number':
    case 'label':
      return readNumber(node, syntax);
    case 'octets':
      return readOctets(node, syntax);
    case 'oid':
      return readOid(context, module, node);
    case 'bits':
      return readBits(node, syntax);
  }
}

function readNumber(node: DefaultNode, { enums }: Syntax): DefaultValue | undefined {
  if (node.kind === 'number') return { kind: 'integer', value: node.value };
  if (node.kind === 'hex' || node.kind === 'binary') {
    if (node.text.length > 64) return undefined;
    const value = BigInt(`${node.kind === 'hex' ? '0x' : '0b'}${node.text || '0'}`);
    const small = Number(value);
    return { kind: 'integer', value: Number.isSafeInteger(small) ? small : value };
  }
  // A label in braces of its own, as if the enumeration were BITS, can mean but one thing.
  const only = node.kind === 'braces' && node.parts.length === 1 ? node.parts[0] : undefined;
  const label = node.kind === 'name' ? node.name : only?.name;
  const value = label === undefined ? undefined : enums?.get(label);
  return value === undefined ? undefined : { kind: 'integer', value };
}

function readOctets(node: DefaultNode, { base }: Syntax): DefaultValue | undefined {
  switch (node.kind) {
    case 'string':
      return { kind: 'octets', value: new TextEncoder().encode(node.text) };
    case 'hex':
      return { kind: 'octets', value: digitsToOctets(node.text, 2, 16) };
    case 'binary':
      return { kind: 'octets', value: digitsToOctets(node.text, 8, 2) };
    case 'number':
      // Old modules write an address as one number.
      if (base !== 'IpAddress' || node.value < 0 || node.value > 0xffff_ffff) return undefined;
      return {
        kind: 'octets',
        value: digitsToOctets(node.value.toString(16).padStart(8, '0'), 2, 16),
      };
    default:
      return undefined;
  }
}

/** Digits that do not fill the last octet are filled with zeros. */
function digitsToOctets(digits: string, perOctet: number, radix: number): Uint8Array {
  const octets = new Uint8Array(Math.ceil(digits.length / perOctet));
  for (let i = 0; i < octets.length; i++) {
    const group = digits.slice(i * perOctet, (i + 1) * perOctet).padEnd(perOctet, '0');
    octets[i] = Number.parseInt(group, radix);
  }
  return octets;
}

function readOid(
  context: ResolveContext,
  module: ModuleDefinition,
  node: DefaultNode,
): DefaultValue | 'reported' | undefined {
  const parts =
    node.kind === 'braces'
      ? node.parts
      : node.kind === 'name'
        ? [oidPart(node.at, node.name, undefined, node.module)]
        : [];
  if (parts.length === 0) return undefined;
  const value = context.oids.parts(module, parts);
  return value === undefined ? 'reported' : { kind: 'oid', value };
}

function readBits(node: DefaultNode, { bits }: Syntax): DefaultValue | undefined {
  if (bits === undefined) return undefined;
  if (node.kind === 'hex' || node.kind === 'binary') return bitsOfDigits(node, bits);
  // One label without braces of its own can mean but one thing.
  const names =
    node.kind === 'braces'
      ? node.parts.map(({ name }) => name)
      : node.kind === 'name'
        ? [node.name]
        : [undefined];
  const labels: string[] = [];
  for (const name of names) {
    if (name === undefined || !bits.has(name)) return undefined;
    labels.push(name);
  }
  return { kind: 'bits', labels };
}

function bitsOfDigits({ kind, text }: DigitsNode, bits: ReadonlyMap<string, number>): DefaultValue {
  const octets = digitsToOctets(text, kind === 'hex' ? 2 : 8, kind === 'hex' ? 16 : 2);
  const isSet = (position: number): boolean =>
    ((octets[position >> 3] ?? 0) & (0x80 >> (position & 7))) !== 0;
  const labels = [...bits].filter(([, position]) => isSet(position)).map(([label]) => label);
  return { kind: 'bits', labels };
}

const IP_ADDRESS_OCTETS = 4;

/** What the SYNTAX asks for where the value does not keep to it. */
function violated(value: DefaultValue, { base, ranges, sizes, enums }: Syntax): string | undefined {
  if (value.kind === 'integer') {
    if (enums !== undefined) {
      const isKnown = typeof value.value === 'number' && [...enums.values()].includes(value.value);
      return isKnown ? undefined : EXPECTED.label;
    }
    const allowed = ranges ?? baseRanges(base);
    return coversNumber(allowed, value.value) ? undefined : formatRanges(allowed);
  }
  if (value.kind !== 'octets') return undefined;
  if (base === 'IpAddress') {
    return value.value.length === IP_ADDRESS_OCTETS ? undefined : `${IP_ADDRESS_OCTETS} octets`;
  }
  const allowed = sizes ?? baseRanges(base);
  return coversNumber(allowed, value.value.length)
    ? undefined
    : `a size of ${formatRanges(allowed)}`;
}
