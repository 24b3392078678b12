import {
  DESCRIPTION,
  REFERENCE,
  STATUS,
  clauseTable,
  type ClauseReader,
  type ClauseTable,
} from './clauses.js';
import type { Cursor } from './cursor.js';
import { SYNTAX } from './object.js';

const LAST_UPDATED: ClauseReader = (cursor, clauses) => {
  const { at } = cursor.peek();
  clauses.lastUpdated = { at, text: parseDate(cursor, 'a date') };
};

/** A date without its quotes is still a date. */
function parseDate(cursor: Cursor, what: string): string {
  const { at, kind, text } = cursor.peek();
  if (kind === 'string' || !/^\d{10,12}[Zz]?$/.test(text)) return cursor.string(what);
  cursor.report(at, 'quotes-irregular', `expected ${what} in double quotes`);
  cursor.next();
  return text;
}

const ORGANIZATION: ClauseReader = (cursor) => {
  cursor.skipString('the organization');
};

const CONTACT_INFO: ClauseReader = (cursor) => {
  cursor.skipString('whom to ask');
};

/** The description of a revision is its own; it must not overwrite the module's. */
const REVISION: ClauseReader = (cursor) => {
  parseDate(cursor, 'the date of a revision');
  if (cursor.accept('DESCRIPTION')) cursor.skipString('what the revision changed');
};

/** RFC 2578 section 5. */
export const MODULE_IDENTITY: ClauseTable = clauseTable(
  {
    'LAST-UPDATED': LAST_UPDATED,
    ORGANIZATION,
    'CONTACT-INFO': CONTACT_INFO,
    DESCRIPTION,
    REVISION,
  },
  {
    expected: ['LAST-UPDATED', 'ORGANIZATION', 'CONTACT-INFO', 'DESCRIPTION'],
    repeatable: ['REVISION'],
  },
);

/** RFC 2578 section 6. */
export const OBJECT_IDENTITY: ClauseTable = clauseTable(
  { STATUS, DESCRIPTION, REFERENCE },
  { expected: ['STATUS', 'DESCRIPTION'] },
);

const DISPLAY_HINT: ClauseReader = (cursor, clauses) => {
  const at = cursor.at();
  clauses.displayHint = { at, text: cursor.string('the hint') };
};

/** RFC 2579 section 3. */
export const TEXTUAL_CONVENTION: ClauseTable = clauseTable(
  { 'DISPLAY-HINT': DISPLAY_HINT, STATUS, DESCRIPTION, REFERENCE, SYNTAX },
  { required: ['SYNTAX'], expected: ['STATUS', 'DESCRIPTION'] },
);
