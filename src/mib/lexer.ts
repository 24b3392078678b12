import { CommentReader } from './comments.js';
import type { DiagnosticCode } from './diagnostic-codes.js';
import type { DiagnosticLog } from './diagnostics.js';
import { QuoteReader, type QuoteFault } from './quoted.js';
import type { SourceText } from './source.js';
import type { Token, TokenKind } from './token.js';

/** Characters that people and their tools leave in texts: of no width, of every width. */
const BLANKS = /[\s\p{Cc}\p{Cf}]+/uy;
/** Hyphens of typesetting, which are found where a text went through a word processor. */
const TYPESET_DASH = /[\u2010-\u2015\u2212]/;
const TYPESET_DASHES = /[\u2010-\u2015\u2212]/g;
const CURLY_QUOTES = /["\u201c-\u201f]/g;
const QUANTITY = /'([^'"]*)'[ \t]*([HhBb])(?![\w-])/y;
const SINGLE_QUOTED = /'{1,2}([^'"]+)'{1,2}/y;
const DOUBLE_QUOTED_QUANTITY = /"([0-9A-Fa-f \t]*)"([HhBb])(?![\w-])/y;
const ASSIGNMENT = /:[ \t]*[:;][ \t]*[-=]?|:[ \t]*=/y;
const UNEXPECTED = /['#$%^~`\\]+|[^\s\w"'{}()[\],;|.:<>=*&+/@!?-]+|./suy;
/** What stands above and below the page breaks of an RFC. */
const PAGE_LINE =
  /[^\r\n"{}]*\[Page[ \t]+\w+\]|RFC[- ]?\d+\b[^\r\n"{}]*(?:19|20)\d\d[ \t]*(?=[\r\n])/y;

/** RFC 2578 3.1: longer names are not valid. */
const MAX_WORD_LENGTH = 64;
/** Quotes that are put into one text are few; a bound keeps the search linear. */
const MAX_EMBEDDED_QUOTES = 64;

const [BLANK, LETTER, DIGIT, SYMBOL] = [1, 2, 3, 4];
/** By ASCII code. 0: begins no token of its own. */
const CLASSES = new Uint8Array(128);
CLASSES.fill(BLANK, 0, 0x21);
CLASSES[0x7f] = BLANK;
for (const symbol of '{}()[],;|.:<>=*&+/@!?-') CLASSES[symbol.charCodeAt(0)] = SYMBOL;
for (let code = 0x30; code <= 0x39; code++) CLASSES[code] = DIGIT;
for (let code = 0x41; code <= 0x5a; code++) CLASSES[code] = CLASSES[code + 0x20] = LETTER;
CLASSES[0x5f] = LETTER;

/** Marks that begin a comment in no language of modules, but in the heads of people. */
const COMMENT_MARKS: ReadonlySet<string> = new Set('#*=!+%$~^<>?&@\\`-');

const QUOTE_FAULTS: Readonly<Record<QuoteFault, readonly [DiagnosticCode, string]>> = {
  unterminated: [
    'string-unterminated',
    'this string is never closed; expected a closing quote before the definition goes on',
  ],
  embedded: [
    'quotes-irregular',
    'this string holds quotes of its own; expected each of them twice',
  ],
  stray: ['quotes-irregular', 'this quote belongs to no string; expected none'],
};

/**
 * Cuts a text into tokens; the last one is of kind `end`. Total: what cannot be read is reported
 * and left out.
 */
export function tokenize(source: SourceText, log: DiagnosticLog): Token[] {
  return new Lexer(source, log).run();
}

class Lexer {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #log: DiagnosticLog;
  readonly #quotes: QuoteReader;
  readonly #comments: CommentReader;
  readonly #hasPages: boolean;
  /** BOUNDED by the length of the text. */
  readonly #tokens: Token[] = [];
  #at = 0;
  /** Nothing but blanks and comments in the line so far. */
  #isFresh = true;
  #isInMacro = false;

  constructor(source: SourceText, log: DiagnosticLog) {
    this.#source = source;
    this.#text = source.text;
    this.#log = log;
    this.#quotes = new QuoteReader(source.text);
    this.#comments = new CommentReader(source.text);
    this.#hasPages = source.text.includes('[Page ');
  }

  run(): Token[] {
    const text = this.#text;
    const { length } = text;
    // Half of a text is blanks: they are passed over without a field being written.
    for (let at = 0; at < length;) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? CLASSES[code] : 0;
      if (kind === BLANK && code !== 0x0a && code !== 0x0d) {
        at += 1;
        continue;
      }
      this.#at = at;
      if (kind === BLANK) this.#beginLine();
      else this.#step(code, kind);
      at = this.#at;
    }
    this.#add('end', '', length);
    return this.#tokens;
  }

  #beginLine(): void {
    this.#at += 1;
    this.#isFresh = true;
    if (this.#hasPages) this.#match(PAGE_LINE);
  }

  #step(code: number, kind: number | undefined): void {
    if (kind === LETTER) this.#word(this.#at);
    else if (kind === DIGIT) this.#number();
    else if (code === 0x22) this.#string();
    else if (code === 0x2d && this.#text.charCodeAt(this.#at + 1) === 0x2d) this.#comment();
    else if (kind === SYMBOL) this.#symbol(code);
    else if (code === 0x27) this.#quantity();
    else this.#foreign();
    if (kind !== undefined && kind !== 0) this.#isFresh = false;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #add(kind: TokenKind, text: string, at: number): void {
    this.#tokens.push({ kind, text, at });
  }

  #report(at: number, code: DiagnosticCode, message: string): void {
    this.#log.report(this.#source, at, code, message);
  }

  #symbol(code: number): void {
    const at = this.#at;
    const text = this.#text;
    if (code === 0x3a) {
      if (text.startsWith('::=', at)) {
        this.#at += 3;
        return this.#add('symbol', '::=', at);
      }
      const found = this.#match(ASSIGNMENT);
      if (found !== undefined) {
        this.#report(at, 'assignment-malformed', `expected '::=', found '${found[0]}'`);
        return this.#add('symbol', '::=', at);
      }
    } else if (code === 0x2e && text.charCodeAt(at + 1) === 0x2e) {
      this.#at += 2;
      return this.#add('symbol', '..', at);
    } else if (this.#isForeignComment(code)) {
      return this.#foreignComment();
    }
    this.#at += 1;
    this.#add('symbol', text.charAt(at), at);
  }

  #number(): void {
    const at = this.#at;
    let next = at + 1;
    while (CLASSES[this.#text.charCodeAt(next)] === DIGIT) next += 1;
    if (CLASSES[this.#text.charCodeAt(next)] === LETTER) return this.#word(at);
    this.#at = next;
    this.#add('number', this.#text.slice(at, next), at);
  }

  /** A hyphen may not be doubled (it would begin a comment) nor stand last. */
  #word(at: number): void {
    const text = this.#text;
    let next = at + 1;
    let fault = CLASSES[text.charCodeAt(at)] === LETTER ? '' : 'begin with a digit';
    for (; ; next++) {
      const code = text.charCodeAt(next);
      const kind = CLASSES[code];
      if (kind === LETTER || kind === DIGIT) {
        if (code === 0x5f) fault = 'hold an underscore';
        continue;
      }
      if (code !== 0x2d && !(code >= 0x2010 && TYPESET_DASH.test(text.charAt(next)))) break;
      const after = CLASSES[text.charCodeAt(next + 1)];
      if (after !== LETTER && after !== DIGIT) break;
      if (code !== 0x2d) fault = 'hold a hyphen of typesetting';
    }
    if (text.charCodeAt(at) === 0x5f) fault = 'begin with an underscore';
    let word = text.slice(at, next);
    if (text.charCodeAt(next) === 0x2d && text.charCodeAt(next + 1) !== 0x2d) {
      next += 1;
      fault = 'end in a hyphen';
    }
    this.#at = next;
    if (fault !== '') {
      this.#report(
        at,
        'identifier-malformed',
        `a name may not ${fault}: '${word.slice(0, 80)}'; expected letters, digits and hyphens between them`,
      );
      word = word.replace(TYPESET_DASHES, '-');
    }
    if (word.length > MAX_WORD_LENGTH) {
      this.#report(
        at,
        'identifier-too-long',
        `a name of ${word.length} characters; expected at most ${MAX_WORD_LENGTH}`,
      );
    }
    if (word === 'MACRO') this.#isInMacro = true;
    else if (word === 'END') this.#isInMacro = false;
    const first = word.charCodeAt(0);
    this.#add(first >= 0x41 && first <= 0x5a ? 'upper' : 'lower', word, at);
  }

  #comment(): void {
    const { next, proseAt } = this.#comments.read(this.#at);
    this.#at = next;
    if (proseAt === undefined) return;
    this.#report(
      proseAt,
      'comment-irregular',
      'two hyphens ended the comment before these words; expected two more to begin another',
    );
  }

  /** A line that begins with a mark, or a comment of C. Hyphens may be numbers' signs. */
  #isForeignComment(code: number): boolean {
    const next = this.#text.charCodeAt(this.#at + 1);
    if (code === 0x2f) return next === 0x2f || next === 0x2a;
    if (!this.#isFresh || !COMMENT_MARKS.has(String.fromCharCode(code))) return false;
    return CLASSES[next] !== DIGIT || code === 0x23;
  }

  #foreignComment(): void {
    this.#report(this.#at, 'comment-irregular', "expected a comment to begin with '--'");
    this.#at =
      this.#text.charCodeAt(this.#at) === 0x2f
        ? this.#comments.readForeign(this.#at)
        : this.#comments.endOfLine(this.#at);
  }

  #quantity(): void {
    const at = this.#at;
    const found = this.#match(QUANTITY);
    if (found !== undefined) {
      return this.#digits(found[1] ?? '', (found[2] ?? '').toUpperCase() === 'H', at);
    }
    const quoted = this.#match(SINGLE_QUOTED);
    const content = quoted?.[1] ?? '';
    if (/^[0-9A-Fa-f\s]+$/.test(content)) {
      this.#report(
        at,
        'literal-malformed',
        "expected H or B after the closing quote; it is read as 'H",
      );
      return this.#add('hex', content.replace(/\s/g, ''), at);
    }
    if (quoted !== undefined && this.#quotes.endsString(this.#at)) {
      this.#report(at, 'quotes-irregular', 'expected double quotes around a text');
      return this.#add('string', content, at);
    }
    this.#at = at;
    this.#unexpected();
  }

  #digits(content: string, isHex: boolean, at: number): void {
    const digits = content.replace(/\s/g, '');
    const kind = isHex ? 'hex' : 'binary';
    if ((isHex ? /^[0-9A-Fa-f]*$/ : /^[01]*$/).test(digits)) return this.#add(kind, digits, at);
    const expected = isHex ? 'hexadecimal digits' : 'only 0 and 1';
    this.#report(
      at,
      'literal-malformed',
      `'${content.slice(0, 80)}' is no number; expected ${expected} between the quotes`,
    );
    this.#add(kind, '', at);
  }

  #string(): void {
    const at = this.#at;
    const quantity = this.#match(DOUBLE_QUOTED_QUANTITY);
    if (quantity !== undefined) {
      this.#report(at, 'quotes-irregular', 'expected single quotes around digits');
      return this.#digits(quantity[1] ?? '', (quantity[2] ?? '').toUpperCase() === 'H', at);
    }
    const { content, next, fault } = this.#quotes.read(at, this.#isInMacro);
    this.#at = next;
    if (fault !== undefined) this.#report(at, ...QUOTE_FAULTS[fault]);
    if (content !== undefined) this.#add('string', content, at);
  }

  /** Whatever is not ASCII, and the rest. */
  #foreign(): void {
    const blanks = this.#match(BLANKS);
    if (blanks !== undefined) {
      if (/[\r\n\u2028\u2029]/.test(blanks[0])) this.#isFresh = true;
      return;
    }
    const first = this.#text.charAt(this.#at);
    if (/[\u201c-\u201f]/.test(first)) return this.#curly();
    const code = first.charCodeAt(0);
    if (this.#isForeignComment(code) || (this.#isFresh && TYPESET_DASH.test(first))) {
      return this.#foreignComment();
    }
    this.#unexpected();
  }

  /** A string between quotes of typesetting; it may end in a straight one. */
  #curly(): void {
    const at = this.#at;
    CURLY_QUOTES.lastIndex = at + 1;
    let close = CURLY_QUOTES.exec(this.#text);
    for (let i = 0; i < MAX_EMBEDDED_QUOTES && close !== null; i++) {
      if (this.#quotes.endsString(close.index + 1)) {
        this.#report(at, 'quotes-irregular', "expected straight quotes around a text: '\"'");
        this.#at = close.index + 1;
        return this.#add('string', this.#text.slice(at + 1, close.index), at);
      }
      close = CURLY_QUOTES.exec(this.#text);
    }
    this.#unexpected();
  }

  /** Reports a run of characters that begin no token, once, and skips it. */
  #unexpected(): void {
    const at = this.#at;
    const skipped = this.#match(UNEXPECTED)?.[0] ?? '';
    this.#report(
      at,
      'character-unexpected',
      `unexpected ${JSON.stringify(skipped.slice(0, 20))}; expected a name, number, string or punctuation`,
    );
  }
}
