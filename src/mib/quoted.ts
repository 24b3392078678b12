/**
 * Where quoted texts end. In a sound module the next quote ends a string. In modules as they are,
 * quotes are forgotten, doubled or put into prose, and one of them too many would turn every later
 * string inside out. So what stands behind a quote decides whether it ends a string.
 */

/** What may follow a string: a clause, `::=`, the end of braces, the next definition, the end. */
const FOLLOWS_STRING = new RegExp(
  String.raw`\s*(?:\}|(?<=\s)"|\([ \t]*-?\d+[ \t]*\)|[;,.]?\s*:[:; \t]{0,9}[-={]|[=:]{0,2}\s{0,9}\{\s{0,99}[\w-]{1,99}[\s\d]{1,99}\}|--|/\*|$|[A-Z][\w-]*\s*::=|[a-z][\w-]*\s+(?:OBJECT|NOTIFICATION|TRAP|MODULE|AGENT)[ -][A-Z]|` +
    '(?:STATUS|DESCRIPTION|REFERENCE|SYNTAX|INDEX|AUGMENTS|DEFVAL|UNITS|ACCESS|M[AI][XN]-ACCESS|' +
    'WRITE-SYNTAX|LAST-UPDATED|ORGANIZATION|CONTACT-INFO|REVISION|DISPLAY-HINT|ENTERPRISE|' +
    'OBJECTS?|GROUP|MODULE|MANDATORY-GROUPS|NOTIFICATIONS|VARIABLES|SUPPORTS|INCLUDES|' +
    String.raw`VARIATION|CREATION-REQUIRES|PRODUCT-RELEASE|END)\b)`,
  'y',
);

/** Where a definition goes on after a description that was never closed. */
const DEFINITION_GOES_ON = new RegExp(
  String.raw`[\r\n][ \t]*(?:::=|END\b|(?:INDEX|AUGMENTS|DEFVAL|OBJECTS|VARIABLES)\s*\{|SYNTAX[ \t]+[A-Z]|` +
    String.raw`[a-z][\w-]*\s+(?:OBJECT-TYPE|OBJECT-IDENTITY|NOTIFICATION-TYPE|TRAP-TYPE)[ \t]*[\r\n])|` +
    // A quote that was lost among the imports ends before the module they are from.
    String.raw`\bFROM[ \t]+[A-Z][\w-]*[ \t]*[\r\n;]|::=\s{0,99}\{\s{0,99}[\w-]{1,99}[\s\d]{0,99}\}|` +
    // Prose before a module holds quotes as it likes.
    String.raw`[\r\n][ \t]*[A-Z][\w-]*[ \t]+DEFINITIONS[ \t]*::=`,
  'g',
);

/** What stands above and below the page breaks of an RFC: of a line, without the blanks before it. */
const PAGE_FOOT = String.raw`[^\r\n"{}]*\[Page[ \t]+\w+\]`;
const PAGE_HEAD = String.raw`RFC[- ]?\d+\b[^\r\n"{}]*(?:19|20)\d\d[ \t]*(?=[\r\n])`;
/** The same, to be looked for at the beginning of a line. */
export const PAGE_LINE = new RegExp(`${PAGE_FOOT}|${PAGE_HEAD}`, 'y');
const PAGE_BREAK = new RegExp(String.raw`${PAGE_FOOT}\s*(?:${PAGE_HEAD})?`, 'y');

/** Quotes that are put into one description are few; a bound keeps the search linear. */
const MAX_EMBEDDED_QUOTES = 64;

/** `sound`: as the SMI has it. The others say what was repaired. */
export type QuoteFault = 'unterminated' | 'embedded' | 'stray';

/** Reads the strings of one text, asked for from its beginning to its end. */
export class QuoteReader {
  readonly #text: string;
  readonly #codes: Uint8Array;
  readonly #hasPages: boolean;
  /** The next place where a definition goes on, seen from where it was looked for. */
  #goesOn = -1;
  /** What `read` found last: offset behind the string, */
  next = 0;
  /** where its content ends, which begins behind the quote; -1 for a quote that belongs to nothing, */
  contentEnd = 0;
  /** whether quotes within it are doubled as they have to be, */
  hasDoubled = false;
  /** and what was wrong with it. */
  fault: QuoteFault | undefined;

  /**
   * @param codes - as of `SourceText`.
   * @param hasPages - page breaks of an RFC may stand in the text.
   */
  constructor(text: string, codes: Uint8Array, hasPages: boolean) {
    this.#text = text;
    this.#codes = codes;
    this.#hasPages = hasPages;
  }

  /**
   * @param at - offset of a double quote.
   * @param isTrusted - any quote ends the string: so within macros, which quote single words.
   */
  read(at: number, isTrusted: boolean): void {
    const text = this.#text;
    let end = text.indexOf('"', at + 1);
    let hasDoubled = false;
    while (end !== -1 && text.charCodeAt(end + 1) === 0x22) {
      hasDoubled = true;
      end = text.indexOf('"', end + 2);
    }
    if (end !== -1 && (isTrusted || this.endsString(end + 1))) {
      this.#found(end, end + 1);
      this.hasDoubled = hasDoubled;
    } else {
      this.#repair(at, end);
    }
  }

  #found(contentEnd: number, next: number, fault?: QuoteFault): void {
    this.contentEnd = contentEnd;
    this.next = next;
    this.fault = fault;
    this.hasDoubled = false;
  }

  /** Whether what stands at `offset` may follow a string. */
  endsString(offset: number): boolean {
    if (this.#isClear(offset)) return true;
    FOLLOWS_STRING.lastIndex = offset;
    return FOLLOWS_STRING.test(this.#text) || (this.#hasPages && this.#endsPage(offset));
  }

  /** The same, where nothing but a page break stands between. */
  #endsPage(offset: number): boolean {
    PAGE_BREAK.lastIndex = this.#behindBlanks(offset);
    if (!PAGE_BREAK.test(this.#text)) return false;
    FOLLOWS_STRING.lastIndex = PAGE_BREAK.lastIndex;
    return FOLLOWS_STRING.test(this.#text);
  }

  #behindBlanks(offset: number): number {
    let at = offset;
    while (at < this.#codes.length && isBlank(this.#codes[at] as number)) at += 1;
    return at;
  }

  /** Whether it is `}`, `::=` or a clause of every object, which it nearly always is. */
  #isClear(offset: number): boolean {
    const codes = this.#codes;
    const at = this.#behindBlanks(offset);
    switch (codes[at]) {
      case 0x7d: // }
        return true;
      case 0x3a: // :
        return codes[at + 1] === 0x3a && codes[at + 2] === 0x3d;
      case 0x44: // D
        return this.#isWord('DESCRIPTION', at) || this.#isWord('DEFVAL', at);
      case 0x49: // I
        return this.#isWord('INDEX', at);
      case 0x52: // R
        return this.#isWord('REFERENCE', at) || this.#isWord('REVISION', at);
      case 0x53: // S
        return this.#isWord('STATUS', at) || this.#isWord('SYNTAX', at);
      default:
        return false;
    }
  }

  #isWord(word: string, at: number): boolean {
    return this.#text.startsWith(word, at) && isBlank(this.#codes[at + word.length] ?? 0);
  }

  #repair(at: number, end: number): void {
    const text = this.#text;
    if (this.endsString(at + 1)) return this.#found(-1, at + 1, 'stray');
    const limit = this.#definitionAfter(at);
    let quote = text.indexOf('"', at + 1);
    for (let i = 0; i < MAX_EMBEDDED_QUOTES && quote !== -1 && quote < limit; i++) {
      const next = text.charCodeAt(quote + 1) === 0x22 ? quote + 2 : quote + 1;
      if (this.endsString(next)) return this.#found(quote, next, 'embedded');
      quote = text.indexOf('"', next);
    }
    // Prose that begins behind a sound string is the parser's to judge.
    if (end !== -1 && end < limit) return this.#found(end, end + 1);
    return this.#found(limit, limit, 'unterminated');
  }

  #definitionAfter(at: number): number {
    if (this.#goesOn < at) {
      DEFINITION_GOES_ON.lastIndex = at;
      this.#goesOn = DEFINITION_GOES_ON.exec(this.#text)?.index ?? this.#text.length;
    }
    return this.#goesOn;
  }
}

/** Of the blanks of ASCII: the pattern knows the others. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
