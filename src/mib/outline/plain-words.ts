/** By number; 0 is none. */
const WORDS: Uint8Array[] = [new Uint8Array()];
/** By what can be told at a glance: the first number, and by number the next one. */
const FIRSTS = new Uint8Array(1 << 10);
const NEXTS = new Uint8Array(1 << 8);

function word(text: string): number {
  const octets = new TextEncoder().encode(text);
  const number = WORDS.push(octets) - 1;
  const glance = atAGlance(octets, 0, octets.length);
  NEXTS[number] = FIRSTS[glance] as number;
  FIRSTS[glance] = number;
  return number;
}

function atAGlance(codes: Uint8Array, from: number, to: number): number {
  const first = codes[from] as number;
  const last = codes[to - 1] as number;
  return ((to - from) * 61 + first * 13 + last) & (FIRSTS.length - 1);
}

/** Words that the reader of outlines knows, by their numbers; 0 is any other. */
export const DEFINITIONS = word('DEFINITIONS');
export const BEGIN = word('BEGIN');
export const IMPORTS = word('IMPORTS');
export const EXPORTS = word('EXPORTS');
export const FROM = word('FROM');
export const MACRO = word('MACRO');
export const TEXTUAL_CONVENTION = word('TEXTUAL-CONVENTION');
word('OBJECT-IDENTIFIER');

/** The macros that make a node: their numbers are all those from the first to the last. */
const FIRST_MACRO = word('OBJECT-TYPE');
export const TRAP_TYPE = word('TRAP-TYPE');
export const MODULE_IDENTITY = word('MODULE-IDENTITY');
for (const text of ['OBJECT-IDENTITY', 'NOTIFICATION-TYPE', 'OBJECT-GROUP', 'NOTIFICATION-GROUP']) {
  word(text);
}
word('MODULE-COMPLIANCE');
const LAST_MACRO = word('AGENT-CAPABILITIES');

/** Words of types, from the first to the last. */
export const SEQUENCE = word('SEQUENCE');
export const CHOICE = word('CHOICE');
export const OF = word('OF');
export const OCTET = word('OCTET');
export const BIT = word('BIT');
export const STRING_WORD = word('STRING');
export const IDENTIFIER = word('IDENTIFIER');

/** What goes on behind a quoted string, beyond doubt: clauses and END, from the first to the last. */
export const OBJECT = word('OBJECT');
export const SYNTAX = word('SYNTAX');
export const STATUS = word('STATUS');
export const DESCRIPTION = word('DESCRIPTION');
export const REFERENCE = word('REFERENCE');
export const ORGANIZATION = word('ORGANIZATION');
export const CONTACT_INFO = word('CONTACT-INFO');
export const REVISION = word('REVISION');
export const DISPLAY_HINT = word('DISPLAY-HINT');
/** These stand where they belong, or the text is not plain. */
export const LAST_UPDATED = word('LAST-UPDATED');
export const ENTERPRISE = word('ENTERPRISE');
export const END = word('END');
const OTHER_CLAUSES =
  'MAX-ACCESS ACCESS MIN-ACCESS INDEX AUGMENTS DEFVAL UNITS ' +
  'OBJECTS GROUP MODULE MANDATORY-GROUPS NOTIFICATIONS VARIABLES SUPPORTS INCLUDES VARIATION ' +
  'CREATION-REQUIRES PRODUCT-RELEASE';
for (const text of OTHER_CLAUSES.split(' ')) word(text);
const LAST_CLAUSE = word('WRITE-SYNTAX');

/** Whether it makes a node. */
export function isMacro(known: number): boolean {
  return known >= FIRST_MACRO && known <= LAST_MACRO;
}

/** Whether it goes on behind a quoted string, beyond doubt. */
export function isClause(known: number): boolean {
  return known >= OBJECT && known <= LAST_CLAUSE;
}

/** Whether it can stand within the clauses of a definition, beyond doubt. */
export function isOfClauses(known: number): boolean {
  return known >= SEQUENCE && known !== END && known !== ENTERPRISE && known !== LAST_UPDATED;
}

/** Which of these words a text has at a place; 0: none. */
export function knownWord(codes: Uint8Array, from: number, to: number): number {
  let number = FIRSTS[atAGlance(codes, from, to)] as number;
  while (number !== 0 && !isSame(WORDS[number] as Uint8Array, codes, from, to)) {
    number = NEXTS[number] as number;
  }
  return number;
}

function isSame(octets: Uint8Array, codes: Uint8Array, from: number, to: number): boolean {
  if (octets.length !== to - from) return false;
  for (let i = from, at = 0; i < to; i++, at++) if (octets[at] !== codes[i]) return false;
  return true;
}
