import { typeReference, type Field, type SyntaxNode } from '../ast.js';
import { closeList, isClauseKeyword, isListOver, separate } from './clauses.js';
import { parseConstraints } from './constraint.js';
import type { Cursor } from './cursor.js';
import { parseLabels } from './labels.js';

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
  if (cursor.isLike('SEQUENCE') || (cursor.isAt('SET') && cursor.isAt('OF', 1))) {
    return parseSequence(cursor, at, depth);
  }
  if (cursor.isAt('CHOICE')) {
    cursor.next();
    return { kind: 'choice', at, arms: parseFields(cursor, depth) };
  }
  const { name, module } = parseTypeName(cursor);
  const labels = cursor.isAt('{') && !isValueAhead(cursor) ? parseLabels(cursor) : undefined;
  const constraint = parseConstraints(cursor);
  return { kind: 'reference', at, name, module, tag, constraint, labels };
}

/** `{ top 5 }`: where `::=` was forgotten, no labels but an OBJECT IDENTIFIER. */
function isValueAhead(cursor: Cursor): boolean {
  return cursor.isWord(1) && cursor.isKind('number', 2) && cursor.isAt('}', 3);
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
  if (cursor.isAt('{')) return { kind: 'sequence', at, fields: parseFields(cursor, depth) };
  if (!cursor.accept('OF')) {
    // `SEQUENCE of Row`, `SEQUENCE Row`: only one thing can be meant.
    if (!cursor.isWord()) return cursor.fail("'{' or OF");
    cursor.report(
      cursor.peek().at,
      'keyword-irregular',
      'expected OF between SEQUENCE and the row',
    );
    if (cursor.isLike('OF')) cursor.next();
  }
  const row = cursor.typeName('the type of the rows');
  // What the rows consist of, the type of that name says.
  if (cursor.isAt('{')) parseFields(cursor, depth + 1);
  return { kind: 'sequence-of', at, row };
}

function parseFields(cursor: Cursor, depth: number): Field[] {
  cursor.expect('{');
  const fields: Field[] = [];
  while (!isListOver(cursor)) {
    if (cursor.isAt('..')) {
      skipEllipsis(cursor);
    } else {
      fields.push(parseField(cursor, depth));
    }
    separate(cursor, 'column');
  }
  closeList(cursor, '}', 'the type of a column');
  return fields.slice();
}

function parseField(cursor: Cursor, depth: number): Field {
  const name = cursor.valueName('the name of a column');
  if (cursor.isAt(',') || cursor.isAt('}')) {
    cursor.report(
      cursor.peek().at,
      'type-missing',
      `expected the type of the column '${name.text}'`,
    );
    return { name, syntax: typeReference(name.at, 'INTEGER') };
  }
  const syntax = parseSyntax(cursor, depth + 1);
  if (cursor.accept('DEFAULT')) cursor.next();
  else cursor.accept('OPTIONAL');
  return { name, syntax };
}

/** `...` of ASN.1 means what may come later. */
function skipEllipsis(cursor: Cursor): void {
  cursor.report(cursor.peek().at, 'punctuation-superfluous', "expected no '...' among the columns");
  while (cursor.isAt('..') || cursor.isAt('.')) cursor.next();
}

const TWO_WORD_TYPES: readonly (readonly [string, string, string])[] = [
  ['OCTET', 'STRING', 'OCTET STRING'],
  ['OBJECT', 'IDENTIFIER', 'OBJECT IDENTIFIER'],
  ['BIT', 'STRING', 'BITS'],
];

function parseTypeName(cursor: Cursor): { name: string; module: string | undefined } {
  for (const [first, second, name] of TWO_WORD_TYPES) {
    if (!cursor.isLike(first) || !cursor.isLike(second, 1)) continue;
    if (!cursor.isAt(first) || !cursor.isAt(second, 1)) {
      cursor.report(cursor.peek().at, 'type-irregular', `expected ${first} ${second} in capitals`);
    }
    cursor.next();
    cursor.next();
    return { name, module: undefined };
  }
  const isNext = cursor.isKind('lower') && cursor.isDefinitionStart();
  if (isNext || isClauseKeyword(cursor)) return cursor.fail('a type');
  const first = cursor.typeName('a type');
  if (!cursor.isAt('.') || !cursor.isWord(1)) return { name: first.text, module: undefined };
  cursor.next();
  return { name: cursor.typeName('a type after the module and the dot').text, module: first.text };
}
