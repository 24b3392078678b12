import { isAscii } from 'node:buffer';
import { BLANK, CLASSES, DIGIT, LETTER } from '../characters.js';
import { CommentReader } from '../comments.js';
import { QuoteReader } from '../quoted.js';
import { END, isClause, knownWord, MACRO } from './plain-words.js';

/** Kinds of tokens. `MARK` is punctuation that no outline depends on. */
export const END_OF_TEXT: number = 0;
export const UPPER: number = 1;
export const LOWER: number = 2;
export const NUMBER: number = 3;
export const STRING: number = 4;
export const QUANTITY: number = 5;
export const OPEN: number = 6;
export const CLOSE: number = 7;
export const ASSIGN: number = 8;
export const COMMA: number = 9;
export const SEMICOLON: number = 10;
export const OPEN_ROUND: number = 11;
export const CLOSE_ROUND: number = 12;
export const MARK: number = 13;

/** Thrown where a text is not plain: what it says, the compiler proper has to find out. */
export const NOT_PLAIN = new Error('a module text is not plain');

export function notPlain(): never {
  throw NOT_PLAIN;
}

/** 1: letters, digits and underscores. */
const IN_WORDS = CLASSES.map((kind) => (kind === LETTER || kind === DIGIT ? 1 : 0));
const [QUOTE, APOSTROPHE, HYPHEN] = [0x22, 0x27, 0x2d];
const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

/**
 * Cuts a text into the tokens that the lexer makes of it, one at a time and with no object for any,
 * as long as there is no doubt what the lexer would do; where there is, it throws NOT_PLAIN.
 */
export class PlainTokens {
  #codes: Buffer = Buffer.alloc(0);
  #length = 0;
  #at = 0;
  #isInMacro = false;
  /** Where strings and comments end that are not plain. Made at the first question. */
  #quotes: QuoteReader | undefined;
  #comments: CommentReader | undefined;
  #text: string | undefined;

  /** The token: its kind, */
  kind = END_OF_TEXT;
  /** the offsets of its text, of strings without the quotes, */
  from = 0;
  to = 0;
  /** and of words in capitals which of the known ones it is. */
  word = 0;

  get codes(): Buffer {
    return this.#codes;
  }

  /** Begins a text; there is no token before `next`. */
  begin(codes: Buffer): void {
    // Texts of two octets a character, and those with a byte order mark.
    if (codes.length < 2 || isForeign(codes[0] as number) || isForeign(codes[1] as number)) {
      notPlain();
    }
    this.#codes = codes;
    this.#length = codes.length;
    this.#at = 0;
    this.#isInMacro = false;
    this.#quotes = undefined;
    this.#comments = undefined;
    this.#text = undefined;
  }

  next(): number {
    const codes = this.#codes;
    const length = this.#length;
    for (let at = this.#at; at < length;) {
      const code = codes[at] as number;
      if (code <= 0x20) {
        at += 1;
        continue;
      }
      const kind = CLASSES[code];
      if (kind === LETTER) {
        return this.#word(at, at + 1);
      } else if (kind === DIGIT) {
        return this.#number(at);
      } else if (code === HYPHEN && at + 1 < length && codes[at + 1] === HYPHEN) {
        at = this.#endOfComment(at);
      } else if (code === QUOTE) {
        this.#at = at;
        if (this.#string(at)) return this.kind;
        at = this.#at;
      } else if (kind === BLANK) {
        at += 1;
      } else {
        return this.#mark(at, code);
      }
    }
    this.#at = length;
    this.kind = END_OF_TEXT;
    return END_OF_TEXT;
  }

  /** 0 behind the end. */
  #codeAt(at: number): number {
    return at < this.#length ? (this.#codes[at] as number) : 0;
  }

  /** @param at - up to there, from `start` on, it is known to be a word. */
  #word(start: number, at: number): number {
    const codes = this.#codes;
    const length = this.#length;
    let next = at;
    for (;;) {
      while (next < length && IN_WORDS[codes[next] as number] === 1) next += 1;
      if (next + 1 >= length || codes[next] !== HYPHEN) break;
      if (IN_WORDS[codes[next + 1] as number] !== 1) break;
      next += 2;
    }
    this.from = start;
    this.to = next;
    // A hyphen at the end is passed over; two of them begin a comment.
    if (next < length && codes[next] === HYPHEN && this.#codeAt(next + 1) !== HYPHEN) {
      this.#at = next + 1;
    } else {
      this.#at = next;
    }
    const first = codes[start] as number;
    if (first < 0x41 || first > 0x5a) {
      this.word = 0;
      this.kind = LOWER;
      return LOWER;
    }
    const word = knownWord(codes, start, next);
    // Within macros, any quote ends a string.
    if (word === MACRO) this.#isInMacro = true;
    else if (word === END) this.#isInMacro = false;
    this.word = word;
    this.kind = UPPER;
    return UPPER;
  }

  #number(start: number): number {
    const codes = this.#codes;
    const length = this.#length;
    let next = start + 1;
    for (; next < length; next++) {
      const kind = CLASSES[codes[next] as number];
      if (kind === LETTER) return this.#word(start, next);
      if (kind !== DIGIT) break;
    }
    return this.#take(NUMBER, start, next);
  }

  #take(kind: number, from: number, to: number): number {
    this.kind = kind;
    this.from = from;
    this.to = to;
    this.#at = to;
    return kind;
  }

  #mark(at: number, code: number): number {
    switch (code) {
      case 0x7b: // {
        return this.#take(OPEN, at, at + 1);
      case 0x7d: // }
        return this.#take(CLOSE, at, at + 1);
      case 0x2c: // ,
        return this.#take(COMMA, at, at + 1);
      case 0x3b: // ;
        return this.#take(SEMICOLON, at, at + 1);
      case 0x28: // (
        return this.#take(OPEN_ROUND, at, at + 1);
      case 0x29: // )
        return this.#take(CLOSE_ROUND, at, at + 1);
      case 0x7c: // |
      case 0x2e: // .
        return this.#take(MARK, at, at + 1);
      case 0x3a: // :
        if (this.#codeAt(at + 1) !== 0x3a || this.#codeAt(at + 2) !== 0x3d) notPlain();
        return this.#take(ASSIGN, at, at + 3);
      case HYPHEN:
        // Any other hyphen may begin a comment, in the heads of people.
        if (CLASSES[this.#codeAt(at + 1)] !== DIGIT) notPlain();
        return this.#take(MARK, at, at + 1);
      case APOSTROPHE:
        return this.#quantity(at);
      default:
        return notPlain();
    }
  }

  /** `'0f'H` */
  #quantity(at: number): number {
    const codes = this.#codes;
    let next = at + 1;
    while (next < this.#length && codes[next] !== APOSTROPHE) {
      if (codes[next] === QUOTE) notPlain();
      next += 1;
    }
    next += 1;
    while (this.#codeAt(next) === 0x20 || this.#codeAt(next) === 0x09) next += 1;
    const letter = this.#codeAt(next) | 0x20;
    const after = this.#codeAt(next + 1);
    const isWordAfter = CLASSES[after] === LETTER || CLASSES[after] === DIGIT || after === HYPHEN;
    if ((letter !== 0x68 && letter !== 0x62) || isWordAfter) notPlain();
    return this.#take(QUANTITY, at, next + 1);
  }

  /** @returns the offset behind the comment. */
  #endOfComment(at: number): number {
    const codes = this.#codes;
    const length = this.#length;
    let next = this.#endOfHyphens(at);
    for (; next < length; next++) {
      const code = codes[next] as number;
      if (code === LINE_FEED || code === CARRIAGE_RETURN) return next;
      if (code !== HYPHEN || this.#codeAt(next + 1) !== HYPHEN) continue;
      const behind = this.#endOfHyphens(next);
      if (behind - next === 2) {
        return this.#isBlankLine(behind) ? behind : this.#unclearComment(at);
      }
      next = behind - 1;
    }
    return length;
  }

  #endOfHyphens(at: number): number {
    let next = at;
    while (next < this.#length && this.#codes[next] === HYPHEN) next += 1;
    return next;
  }

  #isBlankLine(at: number): boolean {
    for (let next = at; next < this.#length; next++) {
      const code = this.#codes[next] as number;
      if (code === LINE_FEED || code === CARRIAGE_RETURN) return true;
      if (code > 0x20) return false;
    }
    return true;
  }

  #unclearComment(at: number): number {
    this.#comments ??= new CommentReader(this.#asText(), this.#codes);
    return this.#comments.read(at).next;
  }

  /** Both have one octet for each character only where all of them are ASCII. */
  #asText(): string {
    if (this.#text === undefined) {
      if (!isAscii(this.#codes)) notPlain();
      this.#text = this.#codes.toString('latin1');
    }
    return this.#text;
  }

  /** @returns whether there is a string, rather than a quote that belongs to none. */
  #string(at: number): boolean {
    const codes = this.#codes;
    let end = codes.indexOf(QUOTE, at + 1);
    while (end !== -1 && this.#codeAt(end + 1) === QUOTE) end = codes.indexOf(QUOTE, end + 2);
    // `"0f"H`: digits between the wrong quotes.
    const letter = end === -1 ? 0 : this.#codeAt(end + 1) | 0x20;
    if (letter === 0x68 || letter === 0x62) notPlain();
    if (end !== -1 && (this.#isInMacro || this.#isClear(end + 1))) {
      this.kind = STRING;
      this.from = at + 1;
      this.to = end;
      this.#at = end + 1;
      return true;
    }
    if (this.#quotes === undefined) {
      const text = this.#asText();
      this.#quotes = new QuoteReader(text, codes, text.includes('[Page '));
    }
    this.#quotes.read(at, this.#isInMacro);
    this.#at = this.#quotes.next;
    if (this.#quotes.contentEnd < 0) return false;
    this.kind = STRING;
    this.from = at + 1;
    this.to = this.#quotes.contentEnd;
    return true;
  }

  /** Whether what stands behind a quote shows that it ends a string. */
  #isClear(offset: number): boolean {
    const codes = this.#codes;
    const length = this.#length;
    let at = offset;
    while (at < length && isBlank(codes[at] as number)) at += 1;
    if (at === length) return true;
    const first = codes[at] as number;
    if (first === 0x7d) return true;
    if (first === 0x3a) return this.#codeAt(at + 1) === 0x3a && this.#codeAt(at + 2) === 0x3d;
    if (first === HYPHEN) return this.#codeAt(at + 1) === HYPHEN;
    if (first < 0x41 || first > 0x5a) return false;
    let next = at;
    for (; next < length; next++) {
      const code = codes[next] as number;
      if ((code < 0x41 || code > 0x5a) && code !== HYPHEN) break;
    }
    return isBlank(this.#codeAt(next)) && isClause(knownWord(codes, at, next));
  }
}

function isForeign(code: number): boolean {
  return code === 0 || code >= 0x80;
}

/** Of the blanks of ASCII, those of patterns. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
