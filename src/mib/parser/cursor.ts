import type { Name, NodeMacro } from '../ast.js';
import type { DiagnosticCode } from '../diagnostic-codes.js';
import type { DiagnosticLog } from '../diagnostics.js';
import type { SourceText } from '../source.js';
import { describeToken, type Token, type TokenKind } from '../token.js';
import { LOWER, STRING, SYMBOL, UPPER, type Tokens } from '../tokens.js';
import { nearestKeyword } from '../spelling.js';

/** Thrown to leave a construct that cannot be read on; what was wrong has been reported. */
const ABANDONED = new Error('a construct of the module text was abandoned');

export type Macro = NodeMacro | 'TRAP-TYPE';

const MACROS: readonly Macro[] = [
  'MODULE-IDENTITY',
  'OBJECT-IDENTITY',
  'OBJECT-TYPE',
  'NOTIFICATION-TYPE',
  'TRAP-TYPE',
  'OBJECT-GROUP',
  'NOTIFICATION-GROUP',
  'MODULE-COMPLIANCE',
  'AGENT-CAPABILITIES',
];
const MIN_REWINDABLE = 1000;
const EXACT_MACROS: ReadonlyMap<string, Macro> = new Map(MACROS.map((macro) => [macro, macro]));
/** In capitals, or in parts as macros are. */
const LOOKS_LIKE_MACRO = /^(?:[A-Z-]{8,}|[A-Za-z]{4,}[-_][A-Za-z]{4,})$/;
/** No shorter word looks like a macro. */
export const MIN_MACRO_LENGTH = 8;

/** The macro that a word names or was meant to name. */
export function macroLike(word: string): Macro | undefined {
  const exact = EXACT_MACROS.get(word);
  if (exact !== undefined || !LOOKS_LIKE_MACRO.test(word)) return exact;
  return nearestKeyword(word, MACROS) as Macro | undefined;
}

/** A place in the tokens of one text, and what parsers ask about it. */
export class Cursor {
  readonly source: SourceText;
  readonly #hasProse: boolean;
  readonly #tokens: Tokens;
  readonly #kinds: Uint8Array;
  readonly #wordNumbers: Int32Array;
  readonly #texts: readonly string[];
  readonly #log: DiagnosticLog;
  /** Index of the last token, which is of kind `end`. */
  readonly #end: number;
  /** Words that are no macro, and which macro they may mean. BOUNDED by the words of the text. */
  readonly #misspelled = new Map<string, Macro | undefined>();
  #index = 0;
  #rewindable: number;

  /** @param tokens - those of the source; the last one is of kind `end`. */
  constructor(source: SourceText, tokens: Tokens, log: DiagnosticLog, hasProse: boolean) {
    this.source = source;
    this.#hasProse = hasProse;
    this.#tokens = tokens;
    this.#kinds = tokens.kinds;
    this.#wordNumbers = tokens.wordNumbers;
    this.#texts = tokens.words.texts;
    this.#log = log;
    this.#rewindable = MIN_REWINDABLE + tokens.length * 4;
    this.#end = tokens.length - 1;
  }

  /** Grows with every token taken; two equal answers mean that nothing was read between them. */
  get progress(): number {
    return this.#index;
  }

  /**
   * Goes back to where `progress` was asked for, to look for what a failure ran over. All ways back
   * together are no longer than a few times the text: a text of nothing but failures, each of
   * which runs to its end, would cost the square of its length.
   */
  rewind(progress: number): void {
    const distance = this.#index - progress;
    if (distance <= 0 || distance > this.#rewindable) return;
    this.#rewindable -= distance;
    this.#index = progress;
  }

  /** Offset behind the word that was the nth token. */
  endOf(progress: number): number {
    const { at, text } = this.#tokens.token(this.#within(progress));
    return at + text.length;
  }

  /** Before the first token and behind the last one there is the end. */
  #within(index: number): number {
    return index >= 0 && index < this.#end ? index : this.#end;
  }

  peek(ahead = 0): Token {
    return this.#tokens.token(this.#within(this.#index + ahead));
  }

  next(): Token {
    const token = this.peek();
    this.skip();
    return token;
  }

  /** As `next`, where nobody wants to know what it was. */
  skip(): void {
    if (this.#index < this.#end) this.#index += 1;
  }

  /** Offset of the token. */
  at(ahead = 0): number {
    return this.#tokens.at(this.#within(this.#index + ahead));
  }

  /** The token where it is a word or punctuation; otherwise what no word is. */
  word(ahead = 0): string {
    return this.#texts[this.#wordNumbers[this.#within(this.#index + ahead)] as number] as string;
  }

  /** Whether the token is this word or punctuation; never true for a quoted text. */
  isAt(text: string, ahead = 0): boolean {
    const index = this.#index + ahead;
    // Spelled out: nothing is asked so often.
    const within = index >= 0 && index < this.#end ? index : this.#end;
    return this.#texts[this.#wordNumbers[within] as number] === text;
  }

  #kind(ahead: number): number {
    return this.#kinds[this.#within(this.#index + ahead)] as number;
  }

  isKind(kind: TokenKind, ahead = 0): boolean {
    return this.#tokens.kind(this.#within(this.#index + ahead)) === kind;
  }

  isWord(ahead = 0): boolean {
    const kind = this.#kind(ahead);
    return kind === LOWER || kind === UPPER;
  }

  /** Whether the token is this word in whatever case its letters are. */
  isLike(word: string, ahead = 0): boolean {
    const text = this.word(ahead);
    if (text === word) return true;
    return text.length === word.length && this.isWord(ahead) && text.toUpperCase() === word;
  }

  /** Whether nothing stands between the token and the one before it. */
  isJoined(): boolean {
    const before = this.peek(-1);
    return before.at + before.text.length === this.at();
  }

  accept(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.skip();
    return true;
  }

  expect(text: string): Token {
    return this.isAt(text) ? this.next() : this.fail(`'${text}'`);
  }

  /** A name of a value; one that begins with a capital is taken too. */
  valueName(what: string): Name {
    return this.#name('lower', what);
  }

  /** A name of a type or module; one that begins with a small letter is taken too. */
  typeName(what: string): Name {
    return this.#name('upper', what);
  }

  /** A quoted text; several in a row, as a quote within a text makes them, are one. */
  string(what: string): string {
    let { text } = this.#quoted(what);
    while (this.isKind('string')) text = `${text}"${this.#another().text}`;
    return text;
  }

  /** A quoted text for people to read; undefined where nothing is kept of these. */
  prose(what: string): string | undefined {
    if (this.#hasProse) return this.string(what);
    this.skipString(what);
    return undefined;
  }

  /** A quoted text that nothing is kept of. */
  skipString(what: string): void {
    if (this.#kind(0) !== STRING) this.fail(`${what} in double quotes`);
    this.skip();
    while (this.isKind('string')) this.#another();
  }

  #quoted(what: string): Token {
    return this.isKind('string') ? this.next() : this.fail(`${what} in double quotes`);
  }

  #another(): Token {
    const token = this.next();
    this.report(token.at, 'quotes-irregular', 'expected one quoted text, found another behind it');
    return token;
  }

  number(what: string): Token {
    return this.isKind('number') ? this.next() : this.fail(what);
  }

  report(at: number, code: DiagnosticCode, message: string): void {
    this.#log.report(this.source, at, code, message);
  }

  /** What was said about a part of the text counts for nothing: it is no module's. */
  forget(from: number, to: number): void {
    this.#log.forget(this.source, from, to);
  }

  /** Reports what was expected here instead of the token, and leaves the construct. */
  fail(expected: string): never {
    const token = this.peek();
    this.report(
      token.at,
      'token-unexpected',
      `expected ${expected}, found ${describeToken(token)}`,
    );
    throw ABANDONED;
  }

  /** Runs `read`; where it abandons its construct, runs `recover` in its stead. */
  attempt<Result>(read: () => Result, recover: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (error !== ABANDONED) throw error;
      return recover();
    }
  }

  /** The same for a reader of many small things: false where it abandoned what it read. */
  completes<Target>(read: (cursor: Cursor, target: Target) => void, target: Target): boolean {
    try {
      read(this, target);
      return true;
    } catch (error) {
      if (error !== ABANDONED) throw error;
      return false;
    }
  }

  /** Whether the tokens here look like the beginning of a definition. */
  isDefinitionStart(): boolean {
    const kind = this.#kind(0);
    if (kind !== LOWER && kind !== UPPER) return false;
    const next = this.#kind(1);
    if (next === SYMBOL) return this.isAt('::=', 1) && this.#isTypeAhead(kind);
    if (next !== UPPER) return false;
    const second = this.word(1);
    if (second === 'OBJECT') {
      // Braces in the stead of `::=`, which was forgotten.
      return this.isAt('IDENTIFIER', 2) && (this.isAt('::=', 3) || this.isAt('{', 3));
    }
    if (second === 'OBJECT-IDENTIFIER') return this.isAt('::=', 2);
    if (second === 'TEXTUAL-CONVENTION')
      return kind === UPPER && !this.isAt(',', 2) && !this.isAt('FROM', 2);
    if (second === 'MACRO') return kind === UPPER && this.isAt('::=', 2);
    if (this.macroAt(1) === undefined) return false;
    if (EXACT_MACROS.has(second)) return !this.isAt(',', 2) && !this.isAt('FROM', 2);
    // A type may be called ObjectType; what is misspelled has to go on as a macro does.
    return this.isKind('upper', 2) && !this.isAt('FROM', 2);
  }

  /** Whether what stands behind `name ::=` is a type and no value. */
  #isTypeAhead(nameKind: number): boolean {
    if (nameKind === LOWER) return this.isAt('TEXTUAL-CONVENTION', 2) || this.isAt('SEQUENCE', 2);
    return !this.isAt('{', 2) && !this.isKind('string', 2);
  }

  /** The macro that a token names, or was meant to name. */
  macroAt(ahead: number): Macro | undefined {
    if (this.#kind(ahead) !== UPPER) return undefined;
    const text = this.word(ahead);
    const exact = EXACT_MACROS.get(text);
    if (exact !== undefined || !LOOKS_LIKE_MACRO.test(text)) return exact;
    if (!this.#misspelled.has(text)) this.#misspelled.set(text, macroLike(text));
    return this.#misspelled.get(text);
  }

  #name(expected: 'upper' | 'lower', what: string): Name {
    if (!this.isWord()) return this.fail(what);
    const name = { text: this.word(), at: this.at() };
    if (!this.isKind(expected)) {
      const letter = expected === 'upper' ? 'capital' : 'small';
      this.report(name.at, 'name-case', `expected ${what} to begin with a ${letter} letter`);
    }
    this.skip();
    return name;
  }
}
