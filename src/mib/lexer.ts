import type { DiagnosticLog } from './diagnostics.js';
import type { SourceText } from './source.js';
import type { Token, TokenKind } from './token.js';

/** Control characters too: page feeds of RFCs, the end mark of old file systems. */
const BLANKS = /[\s\p{Cc}\ufeff]+/uy;
/** A hyphen may not be doubled (it would begin a comment) nor stand last. */
const WORD = /[A-Za-z](?:-?[A-Za-z0-9_])*/y;
const NUMBER = /[0-9]+/y;
const SYMBOL = /::=|\.\.|[{}()[\],;|.:<>=*&+/@!?-]/y;
const QUANTITY = /'([^'\r\n]*)'([HhBb])/y;
const LINE_END = /[\r\n]/g;
const DASHES = /-{2,}/g;
/** Where a definition goes on after a description that was never closed. */
const AFTER_DESCRIPTION = /[\r\n][ \t]*(?:::=|END\b)/;
/** What may follow a string: punctuation, a clause, a type, the end. Prose hardly ever begins so. */
const FOLLOWS_STRING = new RegExp(
  String.raw`\s*(?:[{}(),;|]|::=|--|$|[A-Z][\w-]*\s*::=|` +
    '(?:STATUS|DESCRIPTION|REFERENCE|SYNTAX|INDEX|AUGMENTS|DEFVAL|UNITS|ACCESS|M[AI][XN]-ACCESS|' +
    'WRITE-SYNTAX|LAST-UPDATED|ORGANIZATION|CONTACT-INFO|REVISION|DISPLAY-HINT|ENTERPRISE|' +
    'OBJECTS?|GROUP|MODULE|MANDATORY-GROUPS|NOTIFICATIONS|VARIABLES|SUPPORTS|INCLUDES|' +
    String.raw`VARIATION|CREATION-REQUIRES|PRODUCT-RELEASE|END)\b)`,
  'y',
);

/** RFC 2578 3.1: longer names are not valid. */
const MAX_WORD_LENGTH = 64;

/**
 * Cuts a text into tokens; the last one is of kind `end`. Total: what cannot be read is reported
 * and left out. Comments run from `--` to the next `--` or the end of the line (RFC 2578 3.6).
 */
export function tokenize(source: SourceText, log: DiagnosticLog): Token[] {
  return new Lexer(source, log).run();
}

class Lexer {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #log: DiagnosticLog;
  /** BOUNDED by the length of the text. */
  readonly #tokens: Token[] = [];
  #at = 0;
  #lineEnd = -1;

  constructor(source: SourceText, log: DiagnosticLog) {
    this.#source = source;
    this.#text = source.text;
    this.#log = log;
  }

  run(): Token[] {
    while (this.#at < this.#text.length) this.#step();
    this.#add('end', '', this.#text.length);
    return this.#tokens;
  }

  #step(): void {
    if (this.#match(BLANKS) !== undefined) return;
    const at = this.#at;
    const first = this.#text.charCodeAt(at);
    if (first === 0x22) return this.#string();
    if (first === 0x2d && this.#text.charCodeAt(at + 1) === 0x2d) return this.#comment();
    if (first === 0x27) return this.#quantity();
    const word = this.#match(WORD);
    if (word !== undefined) return this.#word(word, at);
    const number = this.#match(NUMBER);
    if (number !== undefined) return this.#add('number', number, at);
    const symbol = this.#match(SYMBOL);
    if (symbol !== undefined) return this.#add('symbol', symbol, at);
    this.#unexpected();
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found[0];
  }

  #add(kind: TokenKind, text: string, at: number): void {
    this.#tokens.push({ kind, text, at });
  }

  #word(word: string, at: number): void {
    const next = this.#text.charCodeAt(this.#at);
    if (next === 0x2d && this.#text.charCodeAt(this.#at + 1) !== 0x2d) {
      this.#at += 1;
      this.#log.report(
        this.#source,
        at,
        'identifier-malformed',
        `a name may not end in a hyphen: '${word}-'; expected a letter or digit after it`,
      );
    } else if (word.includes('_')) {
      this.#log.report(
        this.#source,
        at,
        'identifier-malformed',
        `a name may not hold an underscore: '${word}'; expected letters, digits and hyphens`,
      );
    }
    if (word.length > MAX_WORD_LENGTH) {
      this.#log.report(
        this.#source,
        at,
        'identifier-too-long',
        `a name of ${word.length} characters; expected at most ${MAX_WORD_LENGTH}`,
      );
    }
    const isUpper = word.charCodeAt(0) < 0x61;
    this.#add(isUpper ? 'upper' : 'lower', word, at);
  }

  /**
   * A rule of three or more dashes neither ends a comment nor leaves a stray dash: people draw
   * lines with them, of any length.
   */
  #comment(): void {
    const end = this.#endOfLine();
    DASHES.lastIndex = this.#at;
    DASHES.exec(this.#text);
    let run = DASHES.exec(this.#text);
    while (run !== null && run.index < end) {
      if (run[0].length === 2) {
        this.#at = run.index + 2;
        return;
      }
      run = DASHES.exec(this.#text);
    }
    this.#at = end;
  }

  /** Looked for once in each line, however many comments stand in it. */
  #endOfLine(): number {
    if (this.#lineEnd < this.#at) {
      LINE_END.lastIndex = this.#at;
      this.#lineEnd = LINE_END.exec(this.#text)?.index ?? this.#text.length;
    }
    return this.#lineEnd;
  }

  #quantity(): void {
    QUANTITY.lastIndex = this.#at;
    const found = QUANTITY.exec(this.#text);
    if (found === null) return this.#unexpected();
    const at = this.#at;
    this.#at += found[0].length;
    const digits = (found[1] ?? '').replace(/\s/g, '');
    const isHex = (found[2] ?? '').toUpperCase() === 'H';
    if (!(isHex ? /^[0-9A-Fa-f]*$/ : /^[01]*$/).test(digits)) {
      this.#log.report(
        this.#source,
        at,
        'literal-malformed',
        `${found[0]} is not a number; expected ${isHex ? 'hexadecimal digits' : 'only 0 and 1'} between the quotes`,
      );
      return this.#add(isHex ? 'hex' : 'binary', '', at);
    }
    this.#add(isHex ? 'hex' : 'binary', digits, at);
  }

  #string(): void {
    const at = this.#at;
    let end = this.#text.indexOf('"', at + 1);
    let hasQuotes = false;
    while (end !== -1 && this.#text.charCodeAt(end + 1) === 0x22) {
      hasQuotes = true;
      end = this.#text.indexOf('"', end + 2);
    }
    const content = this.#text.slice(at + 1, end === -1 ? this.#text.length : end);
    const resume = this.#missingQuote(content, end);
    if (resume === undefined) {
      this.#at = end + 1;
      return this.#add('string', hasQuotes ? content.replaceAll('""', '"') : content, at);
    }
    this.#log.report(
      this.#source,
      at,
      'string-unterminated',
      'this string is never closed; expected a closing quote before the definition goes on',
    );
    this.#at = at + 1 + resume;
    this.#add('string', content.slice(0, resume), at);
  }

  /**
   * Where one quote is missing, every later string would be read inside out. So a string that
   * runs over the end of its definition, with prose behind its closing quote, is cut there.
   *
   * @returns the length of what still belongs to the string; undefined if the string is sound.
   */
  #missingQuote(content: string, end: number): number | undefined {
    if (end !== -1) {
      // A sound string is the rule, and the look behind its end costs nothing.
      FOLLOWS_STRING.lastIndex = end + 1;
      if (FOLLOWS_STRING.test(this.#text)) return undefined;
    }
    const found = AFTER_DESCRIPTION.exec(content);
    if (found !== null) return found.index;
    return end === -1 ? content.length : undefined;
  }

  /** Reports a run of characters that begin no token, once, and skips it. */
  #unexpected(): void {
    const at = this.#at;
    const skipped = this.#match(/['#$%^~`\\]+|[^\s\w"'{}()[\],;|.:<>=*&+/@!?-]+|_+|./suy) ?? '';
    this.#log.report(
      this.#source,
      at,
      'character-unexpected',
      `unexpected ${JSON.stringify(skipped.slice(0, 20))}; expected a name, number, string or punctuation`,
    );
  }
}
