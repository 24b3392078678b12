import type { Clauses, Name } from '../ast.js';
import type { Cursor } from './cursor.js';
import { nearestKeyword } from '../spelling.js';

/** Reads what follows the keyword of one clause into `clauses`. */
export type ClauseReader = (cursor: Cursor, clauses: Clauses) => void;

/** The clauses of one macro. */
export interface ClauseTable extends ClauseFacts {
  /** By keyword. */
  readonly readers: ReadonlyMap<string, ClauseReader>;
}

export interface ClauseFacts {
  /** Keywords without which the definition has no meaning. */
  readonly required?: readonly string[];
  /** Keywords that the macro asks for but nothing depends on. */
  readonly expected?: readonly string[];
  /** Keywords that may come more than once. */
  readonly repeatable?: readonly string[];
  /** Keywords of other macros that can mean but one of these. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export function clauseTable(
  readers: Readonly<Record<string, ClauseReader>>,
  facts: ClauseFacts = {},
): ClauseTable {
  return { ...facts, readers: new Map(Object.entries(readers)) };
}

/**
 * Reads the clauses of a macro up to what is none, in any order. A clause that cannot be read is
 * reported and skipped; the others keep their meaning.
 *
 * @param macro - name of the macro, for messages.
 */
export function parseClauses(cursor: Cursor, macro: string, table: ClauseTable): Clauses {
  const clauses: Clauses = {};
  /** BOUNDED by the readers. */
  const seen: string[] = [];
  const at = cursor.at();
  while (isKeyword(cursor, table) || isClausePlace(cursor)) {
    if (cursor.isKind('symbol')) {
      const token = cursor.next();
      cursor.report(token.at, 'punctuation-superfluous', `expected no '${token.text}' here`);
      continue;
    }
    const keyword = keywordOf(cursor, table);
    const reader = keyword === undefined ? undefined : table.readers.get(keyword);
    if (keyword === undefined || reader === undefined) {
      const token = cursor.next();
      cursor.report(
        token.at,
        'clause-unknown',
        `${macro} has no clause '${token.text.slice(0, 60)}'; expected ${[...table.readers.keys()].join(', ')} or '::='`,
      );
      skipClause(cursor, table);
      continue;
    }
    if (!seen.includes(keyword)) seen.push(keyword);
    else if (table.repeatable?.includes(keyword) !== true) {
      cursor.report(cursor.at(), 'clause-repeated', `expected ${keyword} only once`);
    }
    cursor.skip();
    if (!cursor.completes(reader, clauses)) skipClause(cursor, table);
  }
  for (const name of table.required ?? []) {
    if (!isSeen(name, seen)) reportMissing(cursor, at, 'clause-missing', name, macro);
  }
  for (const name of table.expected ?? []) {
    if (!isSeen(name, seen)) reportMissing(cursor, at, 'clause-optional-missing', name, macro);
  }
  return clauses;
}

/** @param name - a keyword, or several with `|` between of which one is enough. */
function isSeen(name: string, seen: readonly string[]): boolean {
  return (
    seen.includes(name) || (name.includes('|') && name.split('|').some((one) => seen.includes(one)))
  );
}

function reportMissing(
  cursor: Cursor,
  at: number,
  code: 'clause-missing' | 'clause-optional-missing',
  name: string,
  macro: string,
): void {
  cursor.report(at, code, `expected a clause ${name.replace('|', ' or ')} in ${macro}`);
}

/** Whether a clause begins here without any doubt, which is the rule. */
function isKeyword(cursor: Cursor, table: ClauseTable): boolean {
  if (!cursor.isKind('upper') || !table.readers.has(cursor.word())) return false;
  return !cursor.isAt('::=', 1) && cursor.macroAt(1) === undefined;
}

/** The clause that begins here, also where its keyword is misspelled. */
function keywordOf(cursor: Cursor, table: ClauseTable): string | undefined {
  if (!cursor.isWord()) return undefined;
  const text = cursor.word();
  if (table.readers.has(text) && cursor.isKind('upper')) return text;
  const alias = table.aliases?.[text];
  const keyword = alias ?? nearestKeyword(text, [...table.readers.keys()]);
  if (keyword !== undefined) {
    cursor.report(cursor.at(), 'keyword-irregular', `expected ${keyword}, found '${text}'`);
  }
  return keyword;
}

/** Whether clauses may go on here: not at `::=` or what stands in its place, nor at the next definition. */
function isClausePlace(cursor: Cursor): boolean {
  return (
    !cursor.isKind('end') &&
    // Before a text it stands by mistake.
    (!cursor.isAt('::=') || cursor.isKind('string', 1)) &&
    !cursor.isAt('END') &&
    !cursor.isDefinitionStart() &&
    !(cursor.isAt('{') && isOidAhead(cursor))
  );
}

/** Whether braces here hold a name and a number, or more of them, and a definition ends with them. */
function isOidAhead(cursor: Cursor): boolean {
  const MAX_TOKENS = 40;
  if (!cursor.isWord(1)) return false;
  for (let ahead = 2; ahead < MAX_TOKENS; ahead++) {
    if (cursor.isAt('}', ahead)) return cursor.isKind('number', ahead - 1);
    if (!cursor.isKind('number', ahead) && !cursor.isWord(ahead)) return false;
  }
  return false;
}

function skipClause(cursor: Cursor, table: ClauseTable): void {
  while (isClausePlace(cursor)) {
    if (cursor.isKind('upper') && table.readers.has(cursor.word())) return;
    cursor.skip();
  }
}

/** Words that begin a clause of some macro: where they stand, no list goes on. */
const CLAUSE_KEYWORDS: ReadonlySet<string> = new Set([
  'SYNTAX',
  'WRITE-SYNTAX',
  'UNITS',
  'ACCESS',
  'MAX-ACCESS',
  'MIN-ACCESS',
  'STATUS',
  'DESCRIPTION',
  'REFERENCE',
  'INDEX',
  'AUGMENTS',
  'DEFVAL',
  'OBJECTS',
  'VARIABLES',
  'NOTIFICATIONS',
  'ENTERPRISE',
  'MANDATORY-GROUPS',
  'GROUP',
  'OBJECT',
  'MODULE',
  'DISPLAY-HINT',
  'END',
]);

/**
 * Takes the brace or bracket that closes a list. Where it was forgotten, which shows in that the
 * definition goes on or the next one begins, the list is over all the same.
 */
export function closeList(cursor: Cursor, bracket: '}' | ')', after: string): void {
  if (cursor.accept(bracket)) return;
  if (!isListOver(cursor)) cursor.fail(`',' or '${bracket}' after ${after}`);
  cursor.report(cursor.peek().at, 'punctuation-missing', `expected '${bracket}' after ${after}`);
}

/** Whether a clause begins here: `OBJECT` of `OBJECT IDENTIFIER` and labels such as `END(1)` are none. */
export function isClauseKeyword(cursor: Cursor): boolean {
  return (
    cursor.isKind('upper') &&
    CLAUSE_KEYWORDS.has(cursor.word()) &&
    !cursor.isAt('(', 1) &&
    !cursor.isAt('IDENTIFIER', 1)
  );
}

/** Whether no list can go on here, be it closed or not. */
export function isListOver(cursor: Cursor): boolean {
  if (cursor.isKind('symbol')) {
    const text = cursor.word();
    return text === '}' || text === ')' || text === '::=';
  }
  if (cursor.isKind('end')) return true;
  if (!cursor.isWord()) return false;
  return isClauseKeyword(cursor) || cursor.isDefinitionStart();
}

/** What separates the items of a list; a missing or wrong mark is reported. */
export function separate(cursor: Cursor, what: string, bracket: '}' | ')' = '}'): void {
  let hasComma = false;
  while (
    cursor.isAt(',') ||
    cursor.isAt(';') ||
    (cursor.isAt('.') && !cursor.isKind('number', 1))
  ) {
    const isComma = cursor.isAt(',');
    cursor.skip();
    if (!isComma || hasComma) {
      cursor.report(
        cursor.at(-1),
        'punctuation-superfluous',
        `expected one ',' or '${bracket}', found '${cursor.word(-1)}'`,
      );
    } else if (cursor.isAt(bracket)) {
      cursor.report(
        cursor.peek().at,
        'punctuation-superfluous',
        `expected no ',' before '${bracket}'`,
      );
    }
    hasComma = true;
  }
  if (hasComma || isListOver(cursor)) return;
  const { at } = cursor.peek();
  cursor.report(at, 'punctuation-missing', `expected ',' before the next ${what}`);
}

/** Readers of clauses that most macros share. */
export const STATUS: ClauseReader = (cursor, clauses) => {
  clauses.status = keywordName(cursor, 'a status such as current');
};

export const DESCRIPTION: ClauseReader = (cursor, clauses) => {
  const text = cursor.prose('the description');
  if (text !== undefined) clauses.description = text;
};

export const REFERENCE: ClauseReader = (cursor, clauses) => {
  const text = cursor.prose('the reference');
  if (text !== undefined) clauses.reference = text;
};

const PARTED: ReadonlySet<string> = new Set(['not', 'read', 'write', 'accessible']);

/** A word such as `current` or `read-only`; in any case, since nothing else can be meant. */
export function keywordName(cursor: Cursor, what: string): Name {
  const isWord = cursor.isWord();
  if ((!isWord && !cursor.isKind('string')) || isListOver(cursor)) return cursor.fail(what);
  const at = cursor.at();
  let text = isWord ? cursor.word() : cursor.peek().text;
  cursor.skip();
  // `read - only`, `not accessible`: what belongs together and was parted.
  while (PARTED.has(text) && (cursor.isKind('lower') || cursor.isAt('-'))) {
    if (!cursor.accept('-')) text += `-${cursor.next().text}`;
  }
  return { text, at };
}
