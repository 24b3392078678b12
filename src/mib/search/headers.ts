import { CLASSES, DIGIT, LETTER } from '../characters.js';
import { CommentReader } from '../comments.js';
import { narrowOctets } from '../source.js';

/** Where a module begins in a text. */
export interface ModuleHeader {
  readonly name: string;
  /** Offset of the octet at which the name begins, in what `narrowOctets` makes of the text. */
  readonly at: number;
}

/** Without its last letter, which some leave out. */
const KEYWORD = 'DEFINITION';
/** `NAME`, perhaps its OID in braces, and comments between: nobody needs more than this for it. */
const MAX_OCTETS_BEFORE = 2000;
const MAX_OCTETS_AFTER = 1000;
/** Of names that are told at a glance. */
const MAX_NAME = 100;

/** `IMPLICIT TAGS` may stand before the body. */
const MAX_WORDS_BETWEEN = 2;
const AFTER = /::=|BEGIN\b|[A-Z]+(?=\s|--)/y;
const WORD_AT_END = /[A-Za-z][\w-]*$/;

/**
 * The modules that a text seems to define, found without reading all of its words: it looks around
 * each DEFINITION(S) only. Takes linear time for any text.
 *
 * A header within a quoted string would be believed, which costs a look into the wrong file and
 * nothing else: what a text really defines, the compiler says.
 */
export function findModuleHeaders(text: Uint8Array): ModuleHeader[] {
  const narrow = narrowOctets(text);
  const octets = Buffer.from(narrow.buffer, narrow.byteOffset, narrow.byteLength);
  /** BOUNDED by the length of the text. */
  const headers: ModuleHeader[] = [];
  for (
    let found = octets.indexOf(KEYWORD);
    found !== -1;
    found = octets.indexOf(KEYWORD, found + KEYWORD.length)
  ) {
    const header = plainHeader(octets, found) ?? headerAround(octets, found);
    if (header !== undefined) headers.push(header);
  }
  return headers;
}

const [LINE_FEED, CARRIAGE_RETURN, HYPHEN, CAPITAL_S] = [0x0a, 0x0d, 0x2d, 0x53];

/** `NAME DEFINITIONS ::=` in a line of its own, as nearly all are: told without making a string. */
function plainHeader(octets: Buffer, found: number): ModuleHeader | undefined {
  let next = found + KEYWORD.length;
  if (octets[next] !== CAPITAL_S) return undefined;
  do next += 1;
  while (isBlank(octets[next]) || isLineEnd(octets[next]));
  if (octets[next] !== 0x3a || octets[next + 1] !== 0x3a || octets[next + 2] !== 0x3d) {
    return undefined;
  }
  let end = found;
  while (isBlank(octets[end - 1])) end -= 1;
  let at = end;
  while (at > end - MAX_NAME && isOfName(octets[at - 1])) {
    at -= 1;
    // It may be two hyphens, and a comment.
    if (octets[at] === HYPHEN && octets[at + 1] === HYPHEN) return undefined;
  }
  if (end === found || CLASSES[octets[at] ?? 0] !== LETTER || octets[at] === 0x5f) return undefined;
  let before = at - 1;
  while (isBlank(octets[before])) before -= 1;
  if (before >= 0 && !isLineEnd(octets[before])) return undefined;
  return { name: octets.toString('latin1', at, end), at };
}

function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x09;
}

function isLineEnd(code: number | undefined): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

function isOfName(code: number | undefined): boolean {
  if (code === undefined) return false;
  return code === HYPHEN || CLASSES[code] === LETTER || CLASSES[code] === DIGIT;
}

function headerAround(octets: Buffer, found: number): ModuleHeader | undefined {
  const end = found + KEYWORD.length;
  if (!beginsBody(octets.toString('latin1', end, end + MAX_OCTETS_AFTER))) return undefined;
  const start = Math.max(0, found - MAX_OCTETS_BEFORE);
  const before = octets.toString('latin1', start, found);
  if (isCommented(before)) return undefined;
  const named = withoutBraces(withoutBlanks(withoutAssignment(withoutBlanks(before))));
  const name = named === undefined ? undefined : WORD_AT_END.exec(named)?.[0];
  if (named === undefined || name === undefined) return undefined;
  const at = named.length - name.length;
  return isCommented(named.slice(0, at)) ? undefined : { name, at: start + at };
}

/** Whether `::= BEGIN` follows; some leave out one of the two, or write `NAME ::= DEFINITIONS BEGIN`. */
function beginsBody(text: string): boolean {
  const comments = new CommentReader(text, Buffer.from(text, 'latin1'));
  for (let at = text.startsWith('S') ? 1 : 0, words = 0; words <= MAX_WORDS_BETWEEN; words++) {
    while (at < text.length) {
      if (text.startsWith('--', at)) at = comments.read(at).next;
      else if (/\s/.test(text.charAt(at))) at += 1;
      else break;
    }
    AFTER.lastIndex = at;
    const found = AFTER.exec(text)?.[0];
    if (found === undefined) return false;
    if (found === '::=' || found === 'BEGIN') return true;
    at += found.length;
  }
  return false;
}

/** Whether the last line of the text is within a comment at its end. */
function isCommented(text: string): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1);
  // Comments end at the next two dashes.
  return (line.match(/--/g)?.length ?? 0) % 2 === 1;
}

/** Text without the blanks and comments at its end; comments end at two dashes or with the line. */
function withoutBlanks(text: string): string {
  let rest = text.trimEnd();
  for (;;) {
    const start = Math.max(rest.lastIndexOf('\n'), rest.lastIndexOf('\r')) + 1;
    const line = rest.slice(start);
    let comment = -1;
    if (isCommented(line)) comment = line.lastIndexOf('--');
    else if (line.endsWith('--')) comment = line.lastIndexOf('--', line.length - 4);
    if (comment === -1) return rest;
    // A comment may begin with any number of dashes.
    while (line.charAt(comment - 1) === '-') comment -= 1;
    rest = rest.slice(0, start + comment).trimEnd();
  }
}

function withoutAssignment(text: string): string {
  return text.endsWith('::=') ? text.slice(0, -3) : text;
}

/** Text without an OID in braces at its end; undefined where the brace was never opened. */
function withoutBraces(text: string): string | undefined {
  if (!text.endsWith('}')) return text;
  const open = text.lastIndexOf('{');
  return open === -1 ? undefined : withoutBlanks(text.slice(0, open));
}
