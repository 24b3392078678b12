import type { Bound, Constraint, SubRange } from '../ast.js';
import { isListOver } from './clauses.js';
import type { Cursor } from './cursor.js';
import { parseInteger } from './number.js';

/**
 * `(0..10 | 20)` or `(SIZE (0 | 4..8))` (RFC 2578 section 9). One that cannot be read is reported
 * and left out: a type without its range is better than none.
 */
export function parseConstraints(cursor: Cursor): Constraint | undefined {
  let constraint: Constraint | undefined;
  while (isConstraint(cursor)) {
    const before = cursor.progress;
    const { at } = cursor.peek();
    const next = cursor.attempt(
      () => parseConstraint(cursor),
      () => skipConstraint(cursor, before),
    );
    if (constraint !== undefined) {
      cursor.report(at, 'constraint-irregular', 'expected one constraint, found another behind it');
    }
    constraint ??= next;
  }
  return constraint;
}

function isConstraint(cursor: Cursor): boolean {
  return cursor.isAt('(') || cursor.isLike('SIZE');
}

function parseConstraint(cursor: Cursor): Constraint {
  const { at } = cursor.peek();
  if (isSize(cursor)) {
    irregular(cursor, "expected '(' before SIZE");
    return parseSize(cursor, at);
  }
  cursor.expect('(');
  let depth = 1;
  while (cursor.isAt('(')) {
    irregular(cursor, "expected no second '('");
    cursor.next();
    depth += 1;
  }
  const constraint: Constraint = isSize(cursor)
    ? parseSize(cursor, at)
    : { kind: 'range', at, parts: parseSubRanges(cursor) };
  for (; depth > 0; depth--) close(cursor);
  // Of a parenthesis that was never opened.
  if (cursor.isAt(')')) irregular(cursor, "expected no second ')'");
  while (cursor.accept(')'));
  return constraint;
}

function isSize(cursor: Cursor): boolean {
  return cursor.isLike('SIZE');
}

function parseSize(cursor: Cursor, at: number): Constraint {
  if (!cursor.isAt('SIZE')) irregular(cursor, 'expected SIZE in capitals');
  cursor.next();
  if (!cursor.isAt('(')) {
    irregular(cursor, "expected '(' after SIZE");
    return { kind: 'size', at, parts: parseSubRanges(cursor) };
  }
  cursor.next();
  const parts = parseSubRanges(cursor);
  close(cursor);
  return { kind: 'size', at, parts };
}

function irregular(cursor: Cursor, message: string): void {
  cursor.report(cursor.peek().at, 'constraint-irregular', message);
}

function close(cursor: Cursor): void {
  if (cursor.accept(')')) return;
  if (!isListOver(cursor) && !cursor.isAt(',')) cursor.fail("')'");
  cursor.report(cursor.peek().at, 'punctuation-missing', "expected ')' after a range");
}

function parseSubRanges(cursor: Cursor): SubRange[] {
  const parts: SubRange[] = [];
  while (!isListOver(cursor)) {
    parts.push(parseSubRange(cursor));
    if (cursor.isAt(',')) irregular(cursor, "expected '|' between ranges");
    else if (!cursor.isAt('|')) break;
    cursor.next();
    if (cursor.isAt(')')) irregular(cursor, "expected another range after '|'");
  }
  if (parts.length === 0) cursor.fail('a number, MIN or MAX');
  return parts;
}

function parseSubRange(cursor: Cursor): SubRange {
  const { at } = cursor.peek();
  const low = parseBound(cursor);
  if (!acceptTo(cursor)) return { at, low, high: low };
  // `(1..)`: up to whatever the type allows.
  if (!cursor.isAt(')')) return { at, low, high: parseBound(cursor) };
  irregular(cursor, 'expected the upper end of the range; it is read as MAX');
  return { at, low, high: 'MAX' };
}

/** `..`, or what was written for it. */
function acceptTo(cursor: Cursor): boolean {
  const isTwoDots = cursor.accept('..');
  if (isTwoDots && !cursor.isAt('.')) return true;
  const isOther = cursor.isAt('.') || cursor.isAt('-') || cursor.isAt(':') || cursor.isLike('TO');
  if (!isOther) return isTwoDots;
  irregular(cursor, "expected '..' between the ends of a range");
  cursor.next();
  return true;
}

function parseBound(cursor: Cursor): Bound {
  if (cursor.accept('MIN')) return 'MIN';
  if (cursor.accept('MAX')) return 'MAX';
  return parseInteger(cursor, 'a number, MIN or MAX');
}

/** To the parenthesis that closes it, or to where the definition goes on. */
function skipConstraint(cursor: Cursor, before: number): undefined {
  cursor.rewind(before);
  let depth = 0;
  do {
    if (cursor.isAt('(')) depth += 1;
    else if (cursor.isAt(')')) depth -= 1;
    else if (isListOver(cursor) && !cursor.isAt('}')) return;
    cursor.next();
  } while (depth > 0);
}
