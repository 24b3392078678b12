import type { Clauses, Name } from '../ast.js';
import type { Cursor } from './cursor.js';

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
  for (;;) {
    const keyword = cursor.peek();
    const reader = keyword.kind === 'upper' ? readerOf(table, keyword.text) : undefined;
    if (reader === undefined) {
      if (!isForeignClause(cursor)) break;
      cursor.report(
        keyword.at,
        'clause-unknown',
        `${macro} has no clause '${keyword.text.slice(0, 60)}'; expected ${Object.keys(table.readers).join(', ')} or '::='`,
      );
      cursor.next();
      skipClause(cursor, table);
      continue;
    }
    if (seen.has(keyword.text) && table.repeatable?.includes(keyword.text) !== true) {
      cursor.report(keyword.at, 'clause-repeated', `expected ${keyword.text} only once`);
    }
    seen.add(keyword.text);
    cursor.next();
    cursor.attempt(
      () => reader(cursor, clauses),
      () => skipClause(cursor, table),
    );
  }
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
  return clauses;
}

function readerOf(table: ClauseTable, keyword: string): ClauseReader | undefined {
  return Object.hasOwn(table.readers, keyword) ? table.readers[keyword] : undefined;
}

/** A word where a clause could begin, which is neither `::=` nor the next definition. */
function isForeignClause(cursor: Cursor): boolean {
  const { kind } = cursor.peek();
  return (
    kind !== 'end' && !cursor.isAt('::=') && !cursor.isAt('END') && !cursor.isDefinitionStart()
  );
}

function skipClause(cursor: Cursor, table: ClauseTable): void {
  while (isForeignClause(cursor)) {
    const token = cursor.peek();
    if (token.kind === 'upper' && readerOf(table, token.text) !== undefined) return;
    cursor.next();
  }
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

/** A word such as `current` or `read-only`; in any case, since nothing else can be meant. */
export function keywordName(cursor: Cursor, what: string): Name {
  const token = cursor.peek();
  if (token.kind !== 'lower' && token.kind !== 'upper') return cursor.fail(what);
  cursor.next();
  return { text: token.text, at: token.at };
}
