import type { DefaultNode, IndexNode } from '../ast.js';
import {
  keywordName,
  DESCRIPTION,
  REFERENCE,
  STATUS,
  type ClauseReader,
  type ClauseTable,
} from './clauses.js';
import type { Cursor } from './cursor.js';
import { parseOidParts, superfluousComma } from './oid.js';
import { parseInteger, parseSyntax } from './type.js';

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
  cursor.expect('{');
  if (cursor.isKind('upper') && cursor.isAt('.', 1)) {
    cursor.next();
    cursor.next();
  }
  clauses.augments = cursor.valueName('the row that is augmented');
  cursor.expect('}');
};

const DEFVAL: ClauseReader = (cursor, clauses) => {
  cursor.expect('{');
  clauses.defaultValue = parseDefault(cursor);
  cursor.expect('}');
};

/** OBJECT-TYPE of both languages (RFC 1212 4.1, RFC 2578 section 7). */
export const OBJECT_TYPE: ClauseTable = {
  readers: {
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
  required: ['SYNTAX', 'MAX-ACCESS|ACCESS'],
  expected: ['STATUS'],
};

/** `{ ifIndex, IMPLIED name }`; RFC 1212 allows types in the stead of names. */
function parseIndex(cursor: Cursor): IndexNode[] {
  cursor.expect('{');
  const items: IndexNode[] = [];
  while (!cursor.isAt('}')) {
    const { at } = cursor.peek();
    const implied = cursor.accept('IMPLIED');
    items.push({ at, implied, syntax: parseIndexItem(cursor) });
    if (cursor.accept(',')) {
      if (cursor.isAt('}')) superfluousComma(cursor);
    } else if (cursor.isKind('lower') || cursor.isAt('IMPLIED')) {
      cursor.report(cursor.peek().at, 'punctuation-missing', "expected ',' before the next index");
    } else if (!cursor.isAt('}')) {
      cursor.fail("',' or '}' after an index");
    }
  }
  cursor.expect('}');
  return items;
}

function parseIndexItem(cursor: Cursor): IndexNode['syntax'] {
  if (!cursor.isKind('lower')) return parseSyntax(cursor);
  const name = cursor.next();
  return { kind: 'reference', at: name.at, name: name.text };
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
      if (!cursor.accept('.')) return { kind: 'name', at, name: token.text };
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
