import type { Name } from '../ast.js';
import type { DiagnosticCode } from '../diagnostic-codes.js';
import type { DiagnosticLog } from '../diagnostics.js';
import type { SourceText } from '../source.js';
import { describeToken, type Token, type TokenKind } from '../token.js';

/** Thrown to leave a construct that cannot be read on; what was wrong has been reported. */
const ABANDONED = new Error('a construct of the module text was abandoned');

const MACROS: ReadonlySet<string> = new Set([
  'MODULE-IDENTITY',
  'OBJECT-IDENTITY',
  'OBJECT-TYPE',
  'NOTIFICATION-TYPE',
  'TRAP-TYPE',
  'OBJECT-GROUP',
  'NOTIFICATION-GROUP',
  'MODULE-COMPLIANCE',
  'AGENT-CAPABILITIES',
]);

/** A place in the tokens of one text, and what parsers ask about it. */
export class Cursor {
  readonly source: SourceText;
  readonly #tokens: readonly Token[];
  readonly #log: DiagnosticLog;
  readonly #end: Token;
  #index = 0;

  /** @param tokens - the last one is of kind `end`. */
  constructor(source: SourceText, tokens: readonly Token[], log: DiagnosticLog) {
    this.source = source;
    this.#tokens = tokens;
    this.#log = log;
    this.#end = tokens.at(-1) ?? { kind: 'end', text: '', at: source.text.length };
  }

  /** Grows with every token taken; two equal answers mean that nothing was read between them. */
  get progress(): number {
    return this.#index;
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

  string(what: string): string {
    return this.isKind('string') ? this.next().text : this.fail(`${what} in double quotes`);
  }

  number(what: string): Token {
    return this.isKind('number') ? this.next() : this.fail(what);
  }

  report(at: number, code: DiagnosticCode, message: string): void {
    this.#log.report(this.source, at, code, message);
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

  /** Whether the tokens here look like the beginning of a definition. */
  isDefinitionStart(): boolean {
    const { kind } = this.peek();
    if (kind !== 'lower' && kind !== 'upper') return false;
    const second = this.peek(1);
    if (second.kind === 'symbol') {
      return second.text === '::=' && kind === 'upper' && !this.isAt('{', 2);
    }
    if (second.kind !== 'upper') return false;
    if (second.text === 'OBJECT') return this.isAt('IDENTIFIER', 2) && this.isAt('::=', 3);
    if (second.text === 'MACRO') return kind === 'upper' && this.isAt('::=', 2);
    return MACROS.has(second.text) && !this.isAt(',', 2) && !this.isAt('FROM', 2);
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
