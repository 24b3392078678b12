import { oidPart, type Name, type OidPart } from '../ast.js';
import { MAX_SUB_IDENTIFIER } from '../../smi/index.js';
import type { Token } from '../token.js';
import { closeList, isListOver, separate } from './clauses.js';
import type { Cursor } from './cursor.js';

/** `{ iso org(3) 6 }`, braces included (RFC 2578 section 5.9 and 7.10). */
export function parseOidValue(cursor: Cursor): OidPart[] {
  return parsePlainOid(cursor) ?? parseAnyOid(cursor);
}

/** `{ parent 5 }`, as nearly all are. Not pushed: arrays that grow have room for a dozen more. */
function parsePlainOid(cursor: Cursor): OidPart[] | undefined {
  const isPlain =
    cursor.isAt('{') &&
    cursor.isKind('lower', 1) &&
    cursor.isKind('number', 2) &&
    cursor.isAt('}', 3) &&
    !cursor.isAt('}', 4) &&
    !cursor.isKind('number', 4);
  const number = isPlain ? Number(cursor.word(2)) : Infinity;
  if (number > MAX_SUB_IDENTIFIER) return undefined;
  const parts = [oidPart(cursor.at(1), cursor.word(1)), oidPart(cursor.at(2), undefined, number)];
  for (let i = 0; i < 4; i++) cursor.skip();
  return parts;
}

function parseAnyOid(cursor: Cursor): OidPart[] {
  const opened = openBraces(cursor);
  const parts = parseOidParts(cursor);
  // `top { 5 }`
  if (opened === '' && cursor.isKind('number', 1) && cursor.accept('{')) {
    parts.push(...parseOidParts(cursor));
  }
  if (parts.length === 0) cursor.fail('a name or number of an OBJECT IDENTIFIER');
  if (opened === '{') closeList(cursor, '}', 'an OBJECT IDENTIFIER');
  else if (opened === '(') cursor.accept(')');
  // Of braces that stand twice, or of some that were never opened.
  if (opened !== '{' || cursor.isAt('}')) cursor.accept('}');
  // `{ top } 5`
  if (opened === '{' && cursor.isKind('number')) {
    const { at } = cursor.peek();
    cursor.report(at, 'punctuation-superfluous', "expected '}' only behind the last number");
    parts.push(...parseOidParts(cursor));
  }
  return parts;
}

/** Parentheses, or nothing at all, are understood as braces. */
function openBraces(cursor: Cursor): '{' | '(' | '' {
  if (cursor.accept('{')) {
    while (cursor.isKind('symbol') && !cursor.isAt('}')) superfluous(cursor);
    return '{';
  }
  const token = cursor.peek();
  const isOpen = token.kind === 'symbol' && (token.text === '(' || token.text === '[');
  if (!isOpen && (!isOidPart(cursor) || cursor.isDefinitionStart())) return fail(cursor);
  cursor.report(token.at, 'punctuation-missing', "expected '{' before an OBJECT IDENTIFIER");
  if (!isOpen) return '';
  cursor.next();
  return '(';
}

function fail(cursor: Cursor): never {
  return cursor.fail("'{'");
}

function isOidPart(cursor: Cursor): boolean {
  return cursor.isKind('number') || (cursor.isWord() && !cursor.isAt('END'));
}

/** The parts up to what cannot be one; commas between them are labels' way, and allowed here. */
export function parseOidParts(cursor: Cursor): OidPart[] {
  const parts: OidPart[] = [];
  let hasDots = false;
  while (!isListOver(cursor)) {
    const part = parseOidPart(cursor);
    if (part === undefined) return parts;
    parts.push(part);
    if (cursor.accept(',') || !cursor.isAt('.')) continue;
    const { at } = cursor.next();
    if (!hasDots) {
      cursor.report(
        at,
        'punctuation-superfluous',
        "expected no '.' between the parts of an OBJECT IDENTIFIER",
      );
    }
    hasDots = true;
  }
  return parts;
}

function parseOidPart(cursor: Cursor): OidPart | undefined {
  const at = cursor.at();
  if (cursor.isKind('number')) {
    const value = Number(cursor.word());
    if (value <= MAX_SUB_IDENTIFIER) {
      cursor.skip();
      return oidPart(at, undefined, value);
    }
    const token = cursor.next();
    return oidPart(at, undefined, subIdentifier(cursor, token.text, token));
  }
  if (cursor.isKind('lower') && !cursor.isAt('(', 1)) {
    const name = cursor.word();
    cursor.skip();
    return oidPart(at, name);
  }
  const token = cursor.peek();
  if (token.kind === 'hex' || token.kind === 'binary') {
    cursor.next();
    const digits = `${token.kind === 'hex' ? '0x' : '0b'}${token.text || '0'}`;
    return oidPart(at, undefined, subIdentifier(cursor, digits, token));
  }
  if (token.kind !== 'lower' && token.kind !== 'upper') return undefined;
  cursor.next();
  if (token.kind === 'upper' && cursor.isAt('.') && cursor.isWord(1)) {
    cursor.next();
    const name = cursor.valueName('a name after the module and the dot');
    return oidPart(at, name.text, undefined, token.text);
  }
  if (!cursor.isAt('(')) return oidPart(at, token.text);
  return cursor.attempt(
    () => {
      cursor.next();
      const number = cursor.number('the number that the name stands for');
      closeList(cursor, ')', 'the number of a name');
      return oidPart(at, token.text, subIdentifier(cursor, number.text, number));
    },
    () => oidPart(at, token.text),
  );
}

/**
 * A number that is too large is reported and kept as it is: no OID is made of it. A number in its
 * stead would name a place that is another's.
 */
function subIdentifier(cursor: Cursor, digits: string, token: Token): number {
  const value = Number(digits);
  if (value <= MAX_SUB_IDENTIFIER) return value;
  cursor.report(
    token.at,
    'number-too-large',
    `${token.text.slice(0, 40)} is no sub-identifier; expected 0..${MAX_SUB_IDENTIFIER}`,
  );
  return value;
}

/** `{ a, b, c }`; `what` names one item in messages. An empty list is allowed, and a bare name. */
export function parseNameList(cursor: Cursor, what: string): Name[] {
  const names: Name[] = [];
  if (!openList(cursor, what)) return [parseListedName(cursor, what)];
  while (!isListOver(cursor)) {
    names.push(parseListedName(cursor, what));
    separate(cursor, what);
  }
  closeList(cursor, '}', what);
  return names.slice();
}

/** Whether a brace opens a list; a list of one item is understood without. */
export function openList(cursor: Cursor, what: string): boolean {
  if (cursor.accept('{')) {
    while (cursor.isAt('{')) superfluous(cursor);
    return true;
  }
  if (!cursor.isWord() || isListOver(cursor)) return fail(cursor);
  cursor.report(cursor.peek().at, 'punctuation-missing', `expected '{' before ${what}`);
  return false;
}

/** A qualified name keeps its last part: the module is found by the imports. */
function parseListedName(cursor: Cursor, what: string): Name {
  if (cursor.isKind('upper') && cursor.isAt('.', 1)) {
    cursor.next();
    cursor.next();
  }
  return cursor.valueName(what);
}

function superfluous(cursor: Cursor): void {
  const { at, text } = cursor.next();
  cursor.report(at, 'punctuation-superfluous', `expected no '${text}' here`);
}
