import type { Clauses, Name } from '../ast.js';
import type { Cursor } from './cursor.js';
import { nearestKeyword } from '../spelling.js';

/** Reads what follows the keyword of one clause into `clauses`. */
export type ClauseReader = (cursor: Cursor, clauses: Clauses) => void;

/** The clauses of one macro: keyword to reader. */
export interface ClauseTable {
  readonly readers: Readonly<Record<string, ClauseReader>>;
  /** Keywords without which the definition has no meaning. */
  readonly required?: readonly string[];
  /** Keywords that the macro asks for but nothing depends on. */
  readonly expected?: readonly string[];
  /** Keywords that may come more than once. */
  readonly repeatable?: readonly string[];
  /** Keywords of other macros that can mean but one of these. */
  readonly aliases?: Readonly<Record<string, string>>;
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
  const seen = new Set<string>();
  const { at } = cursor.peek();
  while (isKeyword(cursor, table) || isClausePlace(cursor)) {
    const token = cursor.peek();
    if (token.kind === 'symbol') {
      cursor.report(token.at, 'punctuation-superfluous', `expected no '${token.text}' here`);
      cursor.next();
      continue;
    }
    const keyword = keywordOf(cursor, table);
    const reader = keyword === undefined ? undefined : readerOf(table, keyword);
    if (keyword === undefined || reader === undefined) {
      cursor.report(
        token.at,
        'clause-unknown',
        `${macro} has no clause '${token.text.slice(0, 60)}'; expected ${Object.keys(table.readers).join(', ')} or '::='`,
      );
      cursor.next();
      skipClause(cursor, table);
      continue;
    }
    if (seen.has(keyword) && table.repeatable?.includes(keyword) !== true) {
      cursor.report(token.at, 'clause-repeated', `expected ${keyword} only once`);
    }
    seen.add(keyword);
    cursor.next();
    if (!cursor.completes(reader, clauses)) skipClause(cursor, table);
  }
  reportMissing(cursor, at, macro, table, seen);
  return clauses;
}

function reportMissing(
  cursor: Cursor,
  at: number,
  macro: string,
  table: ClauseTable,
  seen: ReadonlySet<string>,
): void {
  const missing = (names: readonly string[]): string[] =>
    names.filter((name) => !name.split('|').some((one) => seen.has(one)));
  for (const name of missing(table.required ?? [])) {
    cursor.report(
      at,
      'clause-missing',
      `expected a clause ${name.replace('|', ' or ')} in ${macro}`,
    );
  }
  for (const name of missing(table.expected ?? [])) {
    cursor.report(
      at,
      'clause-optional-missing',
      `expected a clause ${name.replace('|', ' or ')} in ${macro}`,
    );
  }
}

function readerOf(table: ClauseTable, keyword: string): ClauseReader | undefined {
  return Object.hasOwn(table.readers, keyword) ? table.readers[keyword] : undefined;
}

/** Whether a clause begins here without any doubt, which is the rule. */
function isKeyword(cursor: Cursor, table: ClauseTable): boolean {
  const { kind, text } = cursor.peek();
  if (kind !== 'upper' || readerOf(table, text) === undefined) return false;
  return !cursor.isAt('::=', 1) && cursor.macroAt(1) === undefined;
}

/** The clause that begins here, also where its keyword is misspelled. */
function keywordOf(cursor: Cursor, table: ClauseTable): string | undefined {
  const { at, text, kind } = cursor.peek();
  if (kind !== 'upper' && kind !== 'lower') return undefined;
  if (kind === 'upper' && readerOf(table, text) !== undefined) return text;
  const alias = table.aliases?.[text];
  const keyword = alias ?? nearestKeyword(text, Object.keys(table.readers));
  if (keyword !== undefined) {
    cursor.report(at, 'keyword-irregular', `expected ${keyword}, found '${text}'`);
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
    const token = cursor.peek();
    if (token.kind === 'upper' && readerOf(table, token.text) !== undefined) return;
    cursor.next();
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
  const { kind, text } = cursor.peek();
  return (
    kind === 'upper' &&
    CLAUSE_KEYWORDS.has(text) &&
    !cursor.isAt('(', 1) &&
    !cursor.isAt('IDENTIFIER', 1)
  );
}

/** Whether no list can go on here, be it closed or not. */
export function isListOver(cursor: Cursor): boolean {
  const { kind, text } = cursor.peek();
  switch (kind) {
    case 'end':
      return true;
    case 'symbol':
      return text === '}' || text === ')' || text === '::=';
    case 'upper':
      return isClauseKeyword(cursor) || cursor.isDefinitionStart();
    case 'lower':
      return cursor.isDefinitionStart();
    default:
      return false;
  }
}

/** What separates the items of a list; a missing or wrong mark is reported. */
export function separate(cursor: Cursor, what: string, bracket: '}' | ')' = '}'): void {
  let hasComma = false;
  while (
    cursor.isAt(',') ||
    cursor.isAt(';') ||
    (cursor.isAt('.') && !cursor.isKind('number', 1))
  ) {
    const { at, text } = cursor.next();
    if (text !== ',' || hasComma) {
      cursor.report(
        at,
        'punctuation-superfluous',
        `expected one ',' or '${bracket}', found '${text}'`,
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
  clauses.description = cursor.string('the description');
};

export const REFERENCE: ClauseReader = (cursor, clauses) => {
  clauses.reference = cursor.string('the reference');
};

const PARTED: ReadonlySet<string> = new Set(['not', 'read', 'write', 'accessible']);

/** A word such as `current` or `read-only`; in any case, since nothing else can be meant. */
export function keywordName(cursor: Cursor, what: string): Name {
  const token = cursor.peek();
  if (token.kind !== 'lower' && token.kind !== 'upper' && token.kind !== 'string') {
    return cursor.fail(what);
  }
  if (isListOver(cursor)) return cursor.fail(what);
  cursor.next();
  let { text } = token;
  // `read - only`, `not accessible`: what belongs together and was parted.
  while (PARTED.has(text) && (cursor.isKind('lower') || cursor.isAt('-'))) {
    if (!cursor.accept('-')) text += `-${cursor.next().text}`;
  }
  return { text, at: token.at };
}
