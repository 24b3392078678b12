import type { MibDefinition } from './mib-definition.js';

/** As wide as the lines of the printed text may get. */
const WIDTH = 100;
const INDENT = '  ';

/** Words that ECMAScript and strict TypeScript keep for themselves. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum ' +
    'eval export extends false finally for function if implements import in instanceof interface ' +
    'let new null package private protected public return static super switch this throw true try ' +
    'typeof undefined var void while with yield'
  ).split(' '),
);

/** Sections of a definition that are spread over lines however short they are. */
const SECTIONS: ReadonlySet<string> = new Set([
  'types',
  'scalars',
  'tables',
  'notifications',
  'nodes',
]);

/** The name of the constant: the module's, with `_` for what an identifier cannot have. */
export function constantName(module: string): string {
  const name = module.replaceAll(/[^\p{ID_Continue}$_]/gu, '_');
  return /^[\p{ID_Start}$_]/u.test(name) && !RESERVED.has(name) ? name : `_${name}`;
}

/** `as const` in either language. */
const CONSTANT = {
  TypeScript: (literal: string) => `${literal} as const`,
  JavaScript: (literal: string) => `/** @type {const} */ (${literal})`,
} as const;

/**
 * Definitions as the text of a TypeScript or JavaScript module, formatted as oxfmt and Prettier would (100 wide,
 * single quotes). It imports nothing, has nothing that type stripping cannot take away, and equal
 * definitions make equal texts.
 *
 * @param heading - lines for its first comment, without comment signs.
 */
export function printDefinitions(
  definitions: readonly MibDefinition[],
  heading: readonly string[],
  language: keyof typeof CONSTANT = 'TypeScript',
): string {
  /** BOUNDED by the definitions. */
  const taken = new Set<string>();
  const comment = heading
    .map((line) => `// ${line.replaceAll(/[\r\n\u2028\u2029]/g, ' ')}\n`)
    .join('');
  const constants = definitions.map((definition) => {
    let name = constantName(definition.module);
    while (taken.has(name)) name += '_';
    taken.add(name);
    const literal = printObject(definition, '', 0);
    return `\nexport const ${name} = ${CONSTANT[language](literal)};\n`;
  });
  return comment + constants.join('');
}

/** Always over several lines. `depth` 0 is the definition itself. */
function printObject(value: object, indent: string, depth: number): string {
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const inner = indent + INDENT;
  const lines = entries.map(([key, item]: [string, unknown]) => {
    const name = propertyName(key);
    const isSection = depth === 0 && SECTIONS.has(key);
    const isTable = typeof item === 'object' && item !== null && 'columns' in item;
    const isColumns = depth > 1 && key === 'columns';
    if (isSection || isTable || isColumns) {
      return `${inner}${name}: ${printObject(item as object, inner, depth + 1)},\n`;
    }
    const text = printValue(item, inner, name.length + 2, depth + 1);
    return `${inner}${name}:${text.startsWith('\n') ? '' : ' '}${text},\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

/** On one line where it fits behind its key. */
function printValue(value: unknown, indent: string, keyWidth: number, depth: number): string {
  if (typeof value !== 'object' || value === null) return printLeaf(value, indent, keyWidth);
  const line = oneLine(value);
  const fits = indent.length + keyWidth + line.length + 1 <= WIDTH;
  if (!Array.isArray(value)) return fits ? line : printObject(value, indent, depth);
  // As Prettier: several objects in a list stand below one another.
  if (fits && !(value.length > 1 && value.every((item) => typeof item === 'object'))) return line;
  const inner = indent + INDENT;
  const lines = value.map((item) => `${inner}${printValue(item, inner, 0, depth + 1)},\n`);
  return `[\n${lines.join('')}${indent}]`;
}

/** A string that is too long for the line stands on the next one. */
function printLeaf(value: unknown, indent: string, keyWidth: number): string {
  const text = leaf(value);
  const fits = indent.length + keyWidth + text.length + 1 <= WIDTH;
  return fits || typeof value !== 'string' || keyWidth === 0 ? text : `\n${indent}${INDENT}${text}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return leaf(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const properties = entries.map(([key, item]) => `${propertyName(key)}: ${oneLine(item)}`);
  return `{ ${properties.join(', ')} }`;
}

function leaf(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function propertyName(key: string): string {
  // As a plain key it would set the prototype.
  if (key === '__proto__') return "['__proto__']";
  // ES5 identifiers only: newer ones differ between versions of Unicode.
  return /^[A-Za-z$_][\w$]*$/.test(key) ? key : quoted(key);
}

/** With the quotes that need fewer escapes, single ones where that does not matter. */
function quoted(text: string): string {
  const quote = count(text, "'") > count(text, '"') ? '"' : "'";
  let escaped = '';
  for (const character of text) {
    if (character === quote || character === '\\') escaped += `\\${character}`;
    else if (character === '\n') escaped += '\\n';
    else if (isUnsafe(character)) escaped += unicodeEscape(character);
    else escaped += character;
  }
  return quote + escaped + quote;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Control characters, what ends a line, what cannot be seen or turns the text around, halves. */
function isUnsafe(character: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(character);
}

function unicodeEscape(character: string): string {
  return [...Array(character.length).keys()]
    .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('');
}
