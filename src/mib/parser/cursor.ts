import type { Name, NodeMacro } from '../ast.js';
import type { DiagnosticCode } from '../diagnostic-codes.js';
import type { DiagnosticLog } from '../diagnostics.js';
import type { SourceText } from '../source.js';
import { describeToken, type Token, type TokenKind } from '../token.js';
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

/** A place in the tokens of one text, and what parsers ask about it. */
export class Cursor {
  readonly source: SourceText;
  readonly #tokens: readonly Token[];
  readonly #log: DiagnosticLog;
  readonly #end: Token;
  /** Words that are no macro, and which macro they may mean. BOUNDED by the words of the text. */
  readonly #misspelled = new Map<string, Macro | undefined>();
  #index = 0;
  #rewindable: number;

  /** @param tokens - the last one is of kind `end`. */
  constructor(source: SourceText, tokens: readonly Token[], log: DiagnosticLog) {
    this.source = source;
    this.#tokens = tokens;
    this.#log = log;
    this.#rewindable = MIN_REWINDABLE + tokens.length * 4;
    this.#end = tokens.at(-1) ?? { kind: 'end', text: '', at: source.text.length };
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
    const token = this.#tokens[progress] ?? this.#end;
    return token.at + token.text.length;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#index += 1;
    return token;
  }

  /** Whether the token is this word or punctuation; never true for a quoted text. */
  isAt(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && isPlain(token);
  }

  isKind(kind: TokenKind, ahead = 0): boolean {
    return this.peek(ahead).kind === kind;
  }

  isWord(ahead = 0): boolean {
    const { kind } = this.peek(ahead);
    return kind === 'lower' || kind === 'upper';
  }

  /** Whether the token is this word in whatever case its letters are. */
  isLike(word: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    if (text.length !== word.length || (kind !== 'lower' && kind !== 'upper')) return false;
    return text === word || text.toUpperCase() === word;
  }

  /** Whether nothing stands between the token and the one before it. */
  isJoined(): boolean {
    const before = this.peek(-1);
    return before.at + before.text.length === this.peek().at;
  }

  accept(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.next();
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
    if (!this.isKind('string')) return this.fail(`${what} in double quotes`);
    let { text } = this.next();
    while (this.isKind('string')) {
      const token = this.next();
      this.report(
        token.at,
        'quotes-irregular',
        'expected one quoted text, found another behind it',
      );
      text = `${text}"${token.text}`;
    }
    return text;
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
    const { kind } = this.peek();
    if (kind !== 'lower' && kind !== 'upper') return false;
    const second = this.peek(1);
    if (second.kind === 'symbol') return second.text === '::=' && this.#isTypeAhead(kind);
    if (second.kind !== 'upper') return false;
    if (second.text === 'OBJECT') {
      // Braces in the stead of `::=`, which was forgotten.
      return this.isAt('IDENTIFIER', 2) && (this.isAt('::=', 3) || this.isAt('{', 3));
    }
    if (second.text === 'OBJECT-IDENTIFIER') return this.isAt('::=', 2);
    if (second.text === 'TEXTUAL-CONVENTION')
      return kind === 'upper' && !this.isAt(',', 2) && !this.isAt('FROM', 2);
    if (second.text === 'MACRO') return kind === 'upper' && this.isAt('::=', 2);
    if (this.macroAt(1) === undefined) return false;
    if (EXACT_MACROS.has(second.text)) return !this.isAt(',', 2) && !this.isAt('FROM', 2);
    // A type may be called ObjectType; what is misspelled has to go on as a macro does.
    return this.isKind('upper', 2) && !this.isAt('FROM', 2);
  }

  /** Whether what stands behind `name ::=` is a type and no value. */
  #isTypeAhead(nameKind: TokenKind): boolean {
    if (nameKind === 'lower') return this.isAt('TEXTUAL-CONVENTION', 2) || this.isAt('SEQUENCE', 2);
    return !this.isAt('{', 2) && !this.isKind('string', 2);
  }

  /** The macro that a token names, or was meant to name. */
  macroAt(ahead: number): Macro | undefined {
    const { kind, text } = this.peek(ahead);
    if (kind !== 'upper') return undefined;
    const exact = EXACT_MACROS.get(text);
    if (exact !== undefined || !LOOKS_LIKE_MACRO.test(text)) return exact;
    if (!this.#misspelled.has(text)) {
      this.#misspelled.set(text, nearestKeyword(text, MACROS) as Macro | undefined);
    }
    return this.#misspelled.get(text);
  }

  #name(kind: 'upper' | 'lower', what: string): Name {
    const token = this.peek();
    if (token.kind !== 'upper' && token.kind !== 'lower') return this.fail(what);
    if (token.kind !== kind) {
      const letter = kind === 'upper' ? 'capital' : 'small';
      this.report(token.at, 'name-case', `expected ${what} to begin with a ${letter} letter`);
    }
    this.next();
    return { text: token.text, at: token.at };
  }
}

function isPlain({ kind }: Token): boolean {
  return kind === 'upper' || kind === 'lower' || kind === 'symbol';
}
