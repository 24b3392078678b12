import type { Name, OidPart } from '../ast.js';
import { MAX_SUB_IDENTIFIER } from '../../smi/index.js';
import type { Token } from '../token.js';
import type { Cursor } from './cursor.js';

/** `{ iso org(3) 6 }`, braces included (RFC 2578 section 5.9 and 7.10). */
export function parseOidValue(cursor: Cursor): OidPart[] {
  cursor.expect('{');
  const parts = parseOidParts(cursor);
  if (parts.length === 0) cursor.fail('a name or number of an OBJECT IDENTIFIER');
  cursor.expect('}');
  return parts;
}

/** The parts up to what cannot be one; commas between them are labels' way, and allowed here. */
export function parseOidParts(cursor: Cursor): OidPart[] {
  const parts: OidPart[] = [];
  for (;;) {
    const part = parseOidPart(cursor);
    if (part === undefined) return parts;
    parts.push(part);
    cursor.accept(',');
  }
}

function parseOidPart(cursor: Cursor): OidPart | undefined {
  const token = cursor.peek();
  if (token.kind === 'number') {
    cursor.next();
    return { at: token.at, number: subIdentifier(cursor, token) };
  }
  if (token.kind !== 'lower' && token.kind !== 'upper') return undefined;
  cursor.next();
  if (token.kind === 'upper' && cursor.accept('.')) {
    const name = cursor.valueName('a name after the module and the dot');
    return { at: token.at, module: token.text, name: name.text };
  }
  if (!cursor.accept('(')) return { at: token.at, name: token.text };
  const number = cursor.number('the number that the name stands for');
  cursor.expect(')');
  return { at: token.at, name: token.text, number: subIdentifier(cursor, number) };
}

/** A number that is too large is reported and cut, so that the rest of the definition lives. */
function subIdentifier(cursor: Cursor, token: Token): number {
  const value = Number(token.text);
  if (value <= MAX_SUB_IDENTIFIER) return value;
  cursor.report(
    token.at,
    'number-too-large',
    `${token.text.slice(0, 40)} is no sub-identifier; expected 0..${MAX_SUB_IDENTIFIER}`,
  );
  return MAX_SUB_IDENTIFIER;
}

/** `{ a, b, c }`; `what` names one item in messages. An empty list is allowed. */
export function parseNameList(cursor: Cursor, what: string): Name[] {
  cursor.expect('{');
  const names: Name[] = [];
  while (!cursor.isAt('}')) {
    // A qualified name keeps its last part: the module is found by the imports.
    if (cursor.isKind('upper') && cursor.isAt('.', 1)) {
      cursor.next();
      cursor.next();
    }
    names.push(cursor.valueName(what));
    if (cursor.accept(',')) {
      if (cursor.isAt('}')) superfluousComma(cursor);
    } else if (cursor.isKind('lower')) {
      cursor.report(
        cursor.peek().at,
        'punctuation-missing',
        `expected ',' before the next ${what}`,
      );
    } else if (!cursor.isAt('}')) {
      cursor.fail(`',' or '}' after ${what}`);
    }
  }
  cursor.expect('}');
  return names;
}

export function superfluousComma(cursor: Cursor): void {
  cursor.report(cursor.peek().at, 'punctuation-superfluous', "expected no ',' before '}'");
}
