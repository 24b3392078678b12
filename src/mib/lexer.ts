import { BLANK, CLASSES, DIGIT, LETTER, MARK, SYMBOLS } from './characters.js';
import { CommentReader } from './comments.js';
import type { DiagnosticCode } from './diagnostic-codes.js';
import type { DiagnosticLog } from './diagnostics.js';
import { PAGE_LINE, QuoteReader, type QuoteFault } from './quoted.js';
import type { SourceText } from './source.js';
import {
  BINARY,
  END,
  HEX,
  LOWER,
  NUMBER,
  SYMBOL,
  UPPER,
  type KindNumber,
  type Tokens,
} from './tokens.js';
import { nextHash } from './name-table.js';
import { Words } from './words.js';

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
/** RFC 2578 3.1: longer names are not valid. */
const MAX_WORD_LENGTH = 64;
/** Quotes that are put into one text are few; a bound keeps the search linear. */
const MAX_EMBEDDED_QUOTES = 64;

/** Marks that begin a comment in no language of modules, but in the heads of people. */
const COMMENT_MARKS: ReadonlySet<string> = new Set('#*=!+%$~^<>?&@\\`-');

/** Words that the lexer itself knows, which are the first of every table: their numbers. */
const LEXER_WORDS: readonly string[] = ['::=', '..', 'MACRO', 'END', ...SYMBOLS.split('')];
const [ASSIGN, TWO_DOTS, MACRO_WORD, END_WORD] = [1, 2, 3, 4];
/** By ASCII code. */
const SYMBOL_WORDS = new Uint8Array(128);
for (const symbol of SYMBOLS) {
  SYMBOL_WORDS[symbol.charCodeAt(0)] = LEXER_WORDS.indexOf(symbol) + 1;
}

/** A table of words that `tokenize` can fill. */
export function lexerWords(known: Iterable<string> = []): Words {
  return new Words([...LEXER_WORDS, ...known]);
}

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
 *
 * @param tokens - what is in it is forgotten.
 */
export function tokenize(source: SourceText, log: DiagnosticLog, tokens: Tokens): void {
  tokens.begin(source.text);
  new Lexer(source, log, tokens).run();
}

class Lexer {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #codes: Uint8Array;
  readonly #log: DiagnosticLog;
  readonly #quotes: QuoteReader;
  readonly #comments: CommentReader;
  readonly #hasPages: boolean;
  readonly #tokens: Tokens;
  #at = 0;
  /** Nothing but blanks and comments in the line so far. */
  #isFresh = true;
  #isInMacro = false;

  constructor(source: SourceText, log: DiagnosticLog, tokens: Tokens) {
    this.#source = source;
    this.#text = source.text;
    this.#codes = source.codes;
    this.#log = log;
    this.#tokens = tokens;
    this.#hasPages = source.text.includes('[Page ');
    this.#quotes = new QuoteReader(source.text, source.codes, this.#hasPages);
    this.#comments = new CommentReader(source.text, source.codes);
  }

  run(): void {
    const codes = this.#codes;
    const { length } = codes;
    // Half of a text is blanks: they are passed over without a field being written.
    for (let at = 0; at < length;) {
      const code = codes[at] as number;
      const kind = CLASSES[code];
      if (kind === BLANK && code !== 0x0a && code !== 0x0d) {
        at += 1;
        continue;
      }
      this.#at = at;
      if (kind === BLANK) this.#beginLine();
      else this.#step(code, kind);
      at = this.#at;
    }
    this.#tokens.add(END, 0, length);
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
    else if (code === 0x2d && this.#codeAt(this.#at + 1) === 0x2d) this.#comment();
    else if (kind === MARK) this.#symbol(code);
    else if (code === 0x27) this.#quantity();
    else this.#foreign();
    if (code < 0x80 && kind !== 0) this.#isFresh = false;
  }

  /** 0 behind the end. */
  #codeAt(at: number): number {
    return at < this.#codes.length ? (this.#codes[at] as number) : 0;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #add(kind: KindNumber, text: string, at: number): void {
    this.#tokens.add(kind, this.#tokens.words.add(text), at);
  }

  #report(at: number, code: DiagnosticCode, message: string): void {
    this.#log.report(this.#source, at, code, message);
  }

  #symbol(code: number): void {
    const at = this.#at;
    if (code === 0x3a) {
      if (this.#codeAt(at + 1) === 0x3a && this.#codeAt(at + 2) === 0x3d) {
        this.#at += 3;
        return this.#tokens.add(SYMBOL, ASSIGN, at);
      }
      const found = this.#match(ASSIGNMENT);
      if (found !== undefined) {
        this.#report(at, 'assignment-malformed', `expected '::=', found '${found[0]}'`);
        return this.#tokens.add(SYMBOL, ASSIGN, at);
      }
    } else if (code === 0x2e && this.#codeAt(at + 1) === 0x2e) {
      this.#at += 2;
      return this.#tokens.add(SYMBOL, TWO_DOTS, at);
    } else if (this.#isForeignComment(code)) {
      return this.#foreignComment();
    }
    this.#at += 1;
    this.#tokens.add(SYMBOL, SYMBOL_WORDS[code] as number, at);
  }

  #number(): void {
    const at = this.#at;
    const codes = this.#codes;
    let hash = nextHash(0, codes[at] as number);
    let next = at + 1;
    for (; next < codes.length; next++) {
      const code = codes[next] as number;
      if (CLASSES[code] !== DIGIT) {
        if (CLASSES[code] === LETTER) return this.#word(at);
        break;
      }
      hash = nextHash(hash, code);
    }
    this.#at = next;
    this.#tokens.add(NUMBER, this.#tokens.words.find(codes, at, next, hash), at);
  }

  /** A hyphen may not be doubled (it would begin a comment) nor stand last. */
  #word(at: number): void {
    const codes = this.#codes;
    const { length } = codes;
    const first = codes[at] as number;
    let next = at + 1;
    let hash = nextHash(0, first);
    let fault = CLASSES[first] === LETTER ? '' : 'begin with a digit';
    for (; next < length; next++) {
      const code = codes[next] as number;
      const kind = CLASSES[code];
      if (kind === LETTER || kind === DIGIT) {
        if (code === 0x5f) fault = 'hold an underscore';
      } else {
        if (code !== 0x2d && !(code >= 0x80 && TYPESET_DASH.test(this.#text.charAt(next)))) break;
        const after = next + 1 < length ? CLASSES[codes[next + 1] as number] : 0;
        if (after !== LETTER && after !== DIGIT) break;
        if (code !== 0x2d) fault = 'hold a hyphen of typesetting';
      }
      hash = nextHash(hash, code);
    }
    if (first === 0x5f) fault = 'begin with an underscore';
    const end = next;
    if (this.#codeAt(next) === 0x2d && this.#codeAt(next + 1) !== 0x2d) {
      next += 1;
      fault = 'end in a hyphen';
    }
    this.#at = next;
    const { words } = this.#tokens;
    const word = fault === '' ? words.find(codes, at, end, hash) : this.#malformed(at, end, fault);
    if (end - at > MAX_WORD_LENGTH) this.#reportLength(at, end);
    if (word === MACRO_WORD) this.#isInMacro = true;
    else if (word === END_WORD) this.#isInMacro = false;
    this.#tokens.add(first >= 0x41 && first <= 0x5a ? UPPER : LOWER, word, at);
  }

  #malformed(at: number, end: number, fault: string): number {
    const word = this.#text.slice(at, end);
    this.#report(
      at,
      'identifier-malformed',
      `a name may not ${fault}: '${word.slice(0, 80)}'; expected letters, digits and hyphens between them`,
    );
    return this.#tokens.words.add(word.replace(TYPESET_DASHES, '-'));
  }

  #reportLength(at: number, end: number): void {
    this.#report(
      at,
      'identifier-too-long',
      `a name of ${end - at} characters; expected at most ${MAX_WORD_LENGTH}`,
    );
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
    const next = this.#codeAt(this.#at + 1);
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
      return this.#add(HEX, content.replace(/\s/g, ''), at);
    }
    if (quoted !== undefined && this.#quotes.endsString(this.#at)) {
      this.#report(at, 'quotes-irregular', 'expected double quotes around a text');
      const from = at + (this.#codeAt(at + 1) === 0x27 ? 2 : 1);
      return this.#tokens.addString(at, from, from + content.length, false);
    }
    this.#at = at;
    this.#unexpected();
  }

  #digits(content: string, isHex: boolean, at: number): void {
    const digits = content.replace(/\s/g, '');
    const kind = isHex ? HEX : BINARY;
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
    const quotes = this.#quotes;
    quotes.read(at, this.#isInMacro);
    this.#at = quotes.next;
    if (quotes.fault !== undefined) this.#report(at, ...QUOTE_FAULTS[quotes.fault]);
    if (quotes.contentEnd >= 0) {
      this.#tokens.addString(at, at + 1, quotes.contentEnd, quotes.hasDoubled);
    }
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
        return this.#tokens.addString(at, at + 1, close.index, false);
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
