import type { MacroLikeness } from './macro-likeness.js';
import {
  ASSIGN,
  CLOSE,
  END_OF_TEXT,
  LOWER,
  notPlain,
  NUMBER,
  OPEN,
  UPPER,
  type PlainTokens,
} from './plain-tokens.js';
import { BEGIN, END, IDENTIFIER, isOfClauses } from './plain-words.js';

/**
 * From the first token of the clauses of a macro to the `::=` behind them. What is wrong with a
 * clause costs that clause; so nothing matters here but what might be read as the end of the
 * definition. Throws NOT_PLAIN there.
 *
 * @returns the kind of the last token of them.
 */
export function skipClauses(tokens: PlainTokens, macros: MacroLikeness): number {
  let { kind } = tokens;
  /** What stood behind the last brace that was opened. */
  let opened = END_OF_TEXT;
  let before = END_OF_TEXT;
  let isIdentifier = false;
  for (; kind !== ASSIGN; kind = tokens.next()) {
    if (before === OPEN) opened = kind;
    if (kind === UPPER) {
      expectNoMacro(tokens, macros);
    } else if (kind === OPEN) {
      if (isIdentifier) notPlain();
    } else if (kind === CLOSE) {
      // `{ top 5 }` may be the value, before which `::=` was forgotten.
      if (before === NUMBER && (opened === LOWER || opened === UPPER)) notPlain();
    } else if (kind === END_OF_TEXT) {
      notPlain();
    }
    isIdentifier = kind === UPPER && tokens.word === IDENTIFIER;
    before = kind;
  }
  // `SYNTAX OBJECT IDENTIFIER ::=` reads as a definition of its own.
  return isIdentifier ? notPlain() : before;
}

/** From the word MACRO to behind its END; what is defined within would end it. */
export function skipMacro(tokens: PlainTokens, macros: MacroLikeness): void {
  if (tokens.next() !== ASSIGN) notPlain();
  if (tokens.next() !== UPPER || tokens.word !== BEGIN) notPlain();
  let before = END_OF_TEXT;
  let isIdentifier = false;
  for (let kind = tokens.next(); kind !== UPPER || tokens.word !== END; kind = tokens.next()) {
    if (kind === UPPER) expectNoMacro(tokens, macros);
    const isValue = kind === ASSIGN || kind === OPEN;
    if (kind === END_OF_TEXT || (isValue && (before === LOWER || isIdentifier))) notPlain();
    isIdentifier = kind === UPPER && tokens.word === IDENTIFIER;
    before = kind;
  }
  tokens.next();
}

/** Whether the word in capitals may be the start of a definition, or a word of its head. */
function expectNoMacro(tokens: PlainTokens, macros: MacroLikeness): void {
  const { word } = tokens;
  if (word === 0 ? macros.isLike(tokens) : !isOfClauses(word)) notPlain();
}
