/**
 * Where comments end (RFC 2578 3.6: at the next two hyphens or at the end of the line), and what
 * else in modules was meant to be one.
 */

/** What stands behind a comment within its line and is part of the module, not of a sentence. */
const GOES_ON = new RegExp(
  String.raw`[ \t]*(?:[{}()[\],;|"'.:\d]|--|::=|[\w-]+[ \t]*(?:\([ \t]*[-\d]|::=|[{},;]|--|[\r\n]|$)|` +
    // A column and its type, a definition and its macro, the start of a module.
    String.raw`[\w-]+[ \t]+(?:[A-Z][\w-]*[ \t]*(?:[{},(]|--|[\r\n]|$|STRING|IDENTIFIER|OF\b|::=)|DEFINITIONS|OBJECT\b|MACRO|` +
    String.raw`(?:OBJECT|NOTIFICATION|TRAP|MODULE|AGENT)-[A-Z]+|\d+[ \t]*\})|` +
    '(?:SYNTAX|MAX-ACCESS|ACCESS|STATUS|DESCRIPTION|REFERENCE|INDEX|AUGMENTS|DEFVAL|UNITS|IMPORTS|EXPORTS|FROM|' +
    'OBJECTS|VARIABLES|ENTERPRISE|DISPLAY-HINT|MANDATORY-GROUPS|GROUP|OBJECT|MODULE|MIN-ACCESS|LAST-UPDATED|' +
    String.raw`ORGANIZATION|CONTACT-INFO|REVISION|BEGIN|END|INTEGER|OCTET|SEQUENCE|IMPLIED|SIZE)\b)`,
  'y',
);

export interface CommentEnd {
  readonly next: number;
  /** Offset of words behind the closing hyphens that were taken for part of the comment. */
  readonly proseAt?: number;
}

/** Reads the comments of one text, asked for from its beginning to its end. */
export class CommentReader {
  readonly #text: string;
  readonly #codes: Uint8Array;
  /** The next of each, seen from where it was looked for. */
  #lineFeed = -1;
  #carriageReturn = -1;
  #dashes = -1;
  #head = -1;
  #hasClosingMarks = true;

  /** @param codes - as of `SourceText`. */
  constructor(text: string, codes: Uint8Array) {
    this.#text = text;
    this.#codes = codes;
  }

  /**
   * A rule of three or more hyphens neither ends a comment nor leaves a stray hyphen: people draw
   * lines with them, of any length. Words behind the two hyphens that would end it are still
   * comment unless they read as part of a module.
   *
   * @param at - offset of the hyphens that begin the comment.
   */
  read(at: number): CommentEnd {
    const end = this.endOfLine(at);
    for (let from = this.#dashesAfter(this.#endOfDashes(at, end)); ;) {
      if (from >= end) return { next: end };
      const next = this.#endOfDashes(from, end);
      if (next - from === 2) {
        GOES_ON.lastIndex = next;
        return this.#isBlank(next, end) || GOES_ON.test(this.#text)
          ? { next }
          : { next: end, proseAt: next };
      }
      from = this.#dashesAfter(next);
    }
  }

  /** Looked for once, however many comments stand before them. */
  #dashesAfter(at: number): number {
    if (this.#dashes < at) this.#dashes = indexOrEnd(this.#text, '--', at);
    return this.#dashes;
  }

  #endOfDashes(at: number, end: number): number {
    let next = at;
    while (next < end && this.#codes[next] === 0x2d) next += 1;
    return next;
  }

  /** Looked for once in each line, however many comments stand in it. */
  endOfLine(at: number): number {
    if (this.#lineFeed < at) this.#lineFeed = indexOrEnd(this.#text, '\n', at);
    if (this.#carriageReturn < at) this.#carriageReturn = indexOrEnd(this.#text, '\r', at);
    return Math.min(this.#lineFeed, this.#carriageReturn);
  }

  /**
   * A comment of C: to its closing mark where there is one, else to the end of the line. One that
   * would run into the next module was none: prose names files `mibs/*.txt`.
   */
  readForeign(at: number): number {
    if (this.#text.charCodeAt(at + 1) !== 0x2a) return this.endOfLine(at);
    const close = this.#hasClosingMarks ? this.#text.indexOf('*/', at + 2) : -1;
    // Looked for in vain only once.
    this.#hasClosingMarks = close !== -1;
    if (this.#head < at) this.#head = indexOrEnd(this.#text, 'DEFINITIONS', at);
    return close === -1 || close > this.#head ? this.endOfLine(at) : close + 2;
  }

  #isBlank(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if ((this.#codes[i] as number) > 0x20) return false;
    return true;
  }
}

function indexOrEnd(text: string, sought: string, from: number): number {
  const at = text.indexOf(sought, from);
  return at === -1 ? text.length : at;
}
