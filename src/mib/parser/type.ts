import type { Bound, Constraint, Field, Label, SubRange, SyntaxNode } from '../ast.js';
import type { Cursor } from './cursor.js';
import { superfluousComma } from './oid.js';

/** Types within types (SEQUENCE, CHOICE) beyond this depth are no module's; the stack is finite. */
const MAX_NESTING = 16;

/** A type as it stands after SYNTAX or `::=` (RFC 2578 section 7.1 and 9). */
export function parseSyntax(cursor: Cursor, depth = 0): SyntaxNode {
  if (depth > MAX_NESTING) {
    cursor.report(
      cursor.peek().at,
      'nested-too-deep',
      `expected at most ${MAX_NESTING} types in one another`,
    );
    cursor.fail('a simple type');
  }
  const { at } = cursor.peek();
  const tag = parseTag(cursor);
  if (cursor.isAt('SEQUENCE')) return parseSequence(cursor, at, depth);
  if (cursor.isAt('CHOICE')) {
    cursor.next();
    return { kind: 'choice', at, arms: parseFields(cursor, depth) };
  }
  const name = parseTypeName(cursor);
  const labels = cursor.isAt('{') ? parseLabels(cursor) : undefined;
  const constraint = cursor.isAt('(') ? parseConstraint(cursor) : undefined;
  return {
    kind: 'reference',
    at,
    ...name,
    ...(tag === undefined ? {} : { tag }),
    ...(labels === undefined ? {} : { labels }),
    ...(constraint === undefined ? {} : { constraint }),
  };
}

/** `[APPLICATION 1] IMPLICIT`. */
function parseTag(cursor: Cursor): number | undefined {
  if (!cursor.accept('[')) return undefined;
  let isApplication = false;
  if (cursor.isKind('upper')) isApplication = cursor.next().text === 'APPLICATION';
  const number = Number(cursor.number('the number of a tag').text);
  cursor.expect(']');
  if (!cursor.accept('IMPLICIT')) cursor.accept('EXPLICIT');
  return isApplication ? number : undefined;
}

function parseSequence(cursor: Cursor, at: number, depth: number): SyntaxNode {
  cursor.next();
  if (cursor.accept('OF')) {
    return { kind: 'sequence-of', at, row: cursor.typeName('the type of the rows') };
  }
  return { kind: 'sequence', at, fields: parseFields(cursor, depth) };
}

function parseFields(cursor: Cursor, depth: number): Field[] {
  cursor.expect('{');
  const fields: Field[] = [];
  while (!cursor.isAt('}')) {
    const name = cursor.valueName('the name of a column');
    fields.push({ name, syntax: parseSyntax(cursor, depth + 1) });
    if (cursor.accept(',')) {
      if (cursor.isAt('}')) superfluousComma(cursor);
    } else if (cursor.isKind('lower')) {
      cursor.report(cursor.peek().at, 'punctuation-missing', "expected ',' before the next column");
    } else if (!cursor.isAt('}')) {
      cursor.fail("',' or '}' after the type of a column");
    }
  }
  cursor.expect('}');
  return fields;
}

function parseTypeName(cursor: Cursor): { name: string; module?: string } {
  if (cursor.isAt('OCTET') && cursor.isAt('STRING', 1)) return pair(cursor, 'OCTET STRING');
  if (cursor.isAt('OBJECT') && cursor.isAt('IDENTIFIER', 1))
    return pair(cursor, 'OBJECT IDENTIFIER');
  if (cursor.isAt('BIT') && cursor.isAt('STRING', 1)) return pair(cursor, 'BITS');
  const first = cursor.typeName('a type');
  if (!cursor.accept('.')) return { name: first.text };
  return { module: first.text, name: cursor.typeName('a type after the module and the dot').text };
}

function pair(cursor: Cursor, name: string): { name: string } {
  cursor.next();
  cursor.next();
  return { name };
}

/**
 * `{ up(1), down(2) }` of an enumeration or of BITS (RFC 2578 7.1.1 and 7.1.4). A label that is
 * no name costs that label only: vendors like `64bit(1)`.
 */
function parseLabels(cursor: Cursor): Label[] {
  cursor.expect('{');
  const labels: Label[] = [];
  while (!cursor.isAt('}')) {
    const label = cursor.attempt(
      () => parseLabel(cursor),
      () => skipLabel(cursor),
    );
    if (label !== undefined) labels.push(label);
    if (cursor.accept(',')) {
      if (cursor.isAt('}')) superfluousComma(cursor);
    } else if (cursor.isKind('lower')) {
      cursor.report(cursor.peek().at, 'punctuation-missing', "expected ',' before the next label");
    } else if (!cursor.isAt('}')) {
      cursor.fail("',' or '}' after a label");
    }
  }
  cursor.expect('}');
  return labels;
}

function parseLabel(cursor: Cursor): Label {
  const name = cursor.valueName('a label');
  cursor.expect('(');
  const isNegative = cursor.accept('-');
  const token = cursor.number(`the number of the label '${name.text}'`);
  cursor.expect(')');
  const number = Number(token.text);
  // No label is minus zero, which would print as zero but not equal it in a Map.
  return { name: name.text, at: name.at, number: isNegative && number !== 0 ? -number : number };
}

function skipLabel(cursor: Cursor): undefined {
  while (!cursor.isKind('end') && !cursor.isAt(',') && !cursor.isAt('}') && !cursor.isAt('::=')) {
    cursor.next();
  }
}

/** `(0..10 | 20)` or `(SIZE (0 | 4..8))` (RFC 2578 section 9). */
function parseConstraint(cursor: Cursor): Constraint {
  const { at } = cursor.expect('(');
  if (!cursor.accept('SIZE')) {
    const parts = parseSubRanges(cursor);
    cursor.expect(')');
    return { kind: 'range', at, parts };
  }
  cursor.expect('(');
  const parts = parseSubRanges(cursor);
  cursor.expect(')');
  cursor.expect(')');
  return { kind: 'size', at, parts };
}

function parseSubRanges(cursor: Cursor): SubRange[] {
  const parts: SubRange[] = [];
  do {
    const { at } = cursor.peek();
    const low = parseBound(cursor);
    const high = cursor.accept('..') ? parseBound(cursor) : low;
    parts.push({ at, low, high });
  } while (cursor.accept('|'));
  return parts;
}

function parseBound(cursor: Cursor): Bound {
  if (cursor.accept('MIN')) return 'MIN';
  if (cursor.accept('MAX')) return 'MAX';
  return parseInteger(cursor, 'a number, MIN or MAX');
}

/** More digits than any number of the SMI has; what is beyond is cut before it becomes a bigint. */
const MAX_DIGITS = 40;

/** A number with an optional minus, or hexadecimal or binary digits in quotes. */
export function parseInteger(cursor: Cursor, what: string): number | bigint {
  const isNegative = cursor.accept('-');
  const token = cursor.peek();
  const prefix = INTEGER_PREFIX[token.kind];
  if (prefix === undefined) return cursor.fail(what);
  cursor.next();
  if (token.text.length > MAX_DIGITS) {
    cursor.report(token.at, 'number-too-large', 'expected a number of at most 64 bits');
  }
  const value = BigInt(`${prefix}${token.text.slice(0, MAX_DIGITS) || '0'}`);
  const signed = isNegative ? -value : value;
  const small = Number(signed);
  return Number.isSafeInteger(small) ? small : signed;
}

const INTEGER_PREFIX: Readonly<Record<string, string>> = { number: '', hex: '0x', binary: '0b' };
