import { typeReference, type DefaultNode, type IndexNode } from '../ast.js';
import {
  closeList,
  isListOver,
  keywordName,
  separate,
  DESCRIPTION,
  REFERENCE,
  STATUS,
  clauseTable,
  type ClauseReader,
  type ClauseTable,
} from './clauses.js';
import type { Cursor } from './cursor.js';
import { parseInteger } from './number.js';
import { openList, parseNameList, parseOidParts } from './oid.js';
import { parseSyntax } from './type.js';

export const SYNTAX: ClauseReader = (cursor, clauses) => {
  clauses.syntax = parseSyntax(cursor);
};

const ACCESS: ClauseReader = (cursor, clauses) => {
  clauses.access = keywordName(cursor, 'an access such as read-only');
};

const UNITS: ClauseReader = (cursor, clauses) => {
  clauses.units = cursor.string('the units');
};

const INDEX: ClauseReader = (cursor, clauses) => {
  clauses.index = parseIndex(cursor);
};

const AUGMENTS: ClauseReader = (cursor, clauses) => {
  const what = 'the row that is augmented';
  const [row] = parseNameList(cursor, what);
  if (row === undefined) return cursor.fail(what);
  clauses.augments = row;
};

/** One that cannot be read costs nothing else: the object keeps its type and its place. */
const DEFVAL: ClauseReader = (cursor, clauses) => {
  const hasBrace = cursor.isAt('{');
  if (hasBrace) cursor.next();
  else
    cursor.report(cursor.peek().at, 'punctuation-missing', "expected '{' before a default value");
  const before = cursor.progress;
  cursor.attempt(
    () => {
      clauses.defaultValue = parseDefault(cursor);
      if (hasBrace && !cursor.isAt('}')) closeList(cursor, '}', 'a default value');
      else cursor.accept('}');
    },
    () => skipDefault(cursor, before),
  );
};

function skipDefault(cursor: Cursor, before: number): void {
  cursor.rewind(before);
  for (let depth = 1; depth > 0 && !cursor.isKind('end') && !cursor.isAt('::=');) {
    if (cursor.isAt('{')) depth += 1;
    else if (cursor.isAt('}')) depth -= 1;
    else if (isListOver(cursor)) return;
    cursor.next();
  }
}

/** OBJECT-TYPE of both languages (RFC 1212 4.1, RFC 2578 section 7). */
export const OBJECT_TYPE: ClauseTable = clauseTable(
  {
    SYNTAX,
    UNITS,
    'MAX-ACCESS': ACCESS,
    ACCESS,
    STATUS,
    DESCRIPTION,
    REFERENCE,
    INDEX,
    AUGMENTS,
    DEFVAL,
  },
  {
    required: ['SYNTAX', 'MAX-ACCESS|ACCESS'],
    expected: ['STATUS'],
    aliases: { 'MIN-ACCESS': 'MAX-ACCESS', DEFAULT: 'DEFVAL', TYPE: 'SYNTAX', UNIT: 'UNITS' },
  },
);

/** `{ ifIndex, IMPLIED name }`; RFC 1212 allows types in the stead of names. */
function parseIndex(cursor: Cursor): IndexNode[] {
  const what = 'an index';
  if (!openList(cursor, what)) return [parseIndexItem(cursor)];
  const items: IndexNode[] = [];
  while (!isListOver(cursor)) {
    items.push(parseIndexItem(cursor));
    separate(cursor, 'index');
  }
  closeList(cursor, '}', what);
  return items.slice();
}

function parseIndexItem(cursor: Cursor): IndexNode {
  const { at } = cursor.peek();
  const implied = cursor.isLike('IMPLIED') && cursor.isWord(1);
  if (implied) cursor.next();
  if (!cursor.isKind('lower')) return { at, implied, syntax: parseSyntax(cursor) };
  const name = cursor.next();
  return { at, implied, syntax: typeReference(name.at, name.text) };
}

/** What may stand in DEFVAL (RFC 2578 7.9); which of it fits, the object's type decides. */
function parseDefault(cursor: Cursor): DefaultNode {
  const token = cursor.peek();
  const { at } = token;
  switch (token.kind) {
    case 'string':
      cursor.next();
      return { kind: 'string', at, text: token.text };
    case 'hex':
    case 'binary':
      cursor.next();
      return { kind: token.kind, at, text: token.text };
    case 'lower':
    case 'upper': {
      cursor.next();
      if (!cursor.isAt('.') || !cursor.isWord(1)) return { kind: 'name', at, name: token.text };
      cursor.next();
      const name = cursor.valueName('a name after the module and the dot');
      return { kind: 'name', at, module: token.text, name: name.text };
    }
    default:
      break;
  }
  if (token.kind === 'symbol' && token.text === '{') {
    cursor.next();
    const parts = parseOidParts(cursor);
    cursor.expect('}');
    return { kind: 'braces', at, parts };
  }
  return { kind: 'number', at, value: parseInteger(cursor, 'a default value') };
}
