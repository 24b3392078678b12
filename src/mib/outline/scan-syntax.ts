import {
  CLOSE,
  CLOSE_ROUND,
  COMMA,
  LOWER,
  MARK,
  notPlain,
  NUMBER,
  OPEN,
  OPEN_ROUND,
  QUANTITY,
  UPPER,
  type PlainTokens,
} from './plain-tokens.js';
import {
  BIT,
  CHOICE,
  IDENTIFIER,
  OBJECT,
  OCTET,
  OF,
  SEQUENCE,
  STRING_WORD,
} from './plain-words.js';

/** Types within types beyond this depth are no module's. */
const MAX_NESTING = 8;

/** From the first token of a type to behind it. Throws NOT_PLAIN where it is not as it should be. */
export function scanSyntax(tokens: PlainTokens, depth = 0): void {
  if (tokens.kind !== UPPER || depth > MAX_NESTING) notPlain();
  switch (tokens.word) {
    case 0:
      tokens.next();
      break;
    case SEQUENCE:
      if (tokens.next() === OPEN) return scanFields(tokens, depth);
      if (tokens.kind !== UPPER || tokens.word !== OF) notPlain();
      if (tokens.next() !== UPPER || tokens.word !== 0) notPlain();
      tokens.next();
      return;
    case CHOICE:
      if (tokens.next() !== OPEN) notPlain();
      return scanFields(tokens, depth);
    case OCTET:
    case BIT:
      expectSecond(tokens, STRING_WORD);
      break;
    case OBJECT:
      expectSecond(tokens, IDENTIFIER);
      break;
    default:
      notPlain();
  }
  if (tokens.kind === OPEN) scanLabels(tokens);
  if (tokens.kind === OPEN_ROUND) scanConstraint(tokens);
  // SIZE is read as a constraint in whatever case its letters are, and without parentheses.
  if (isLikeSize(tokens)) notPlain();
}

function expectSecond(tokens: PlainTokens, word: number): void {
  if (tokens.next() !== UPPER || tokens.word !== word) notPlain();
  tokens.next();
}

function isLikeSize({ kind, codes, from, to }: PlainTokens): boolean {
  if ((kind !== UPPER && kind !== LOWER) || to - from !== 4) return false;
  return ((codes[from] as number) | 0x20) === 0x73 && ((codes[from + 1] as number) | 0x20) === 0x69;
}

/** `{ ifIndex Integer32, ifDescr DisplayString }`; commas may be left out, or be one too many. */
function scanFields(tokens: PlainTokens, depth: number): void {
  tokens.next();
  while (tokens.kind === LOWER) {
    tokens.next();
    scanSyntax(tokens, depth + 1);
    if (tokens.kind === COMMA) tokens.next();
  }
  if (tokens.kind !== CLOSE) notPlain();
  tokens.next();
}

/** `{ up(1), down(2) }` */
function scanLabels(tokens: PlainTokens): void {
  do {
    if (tokens.next() === CLOSE) break;
    if (tokens.kind !== LOWER && (tokens.kind !== UPPER || tokens.word !== 0)) notPlain();
    if (tokens.next() !== OPEN_ROUND) notPlain();
    if (tokens.next() === MARK) tokens.next();
    if (tokens.kind !== NUMBER || tokens.next() !== CLOSE_ROUND) notPlain();
  } while (tokens.next() === COMMA);
  if (tokens.kind !== CLOSE) notPlain();
  tokens.next();
}

/** `(0..10 | 20)`, `(SIZE (0..255))` */
function scanConstraint(tokens: PlainTokens): void {
  let open = 1;
  while (open > 0) {
    const kind = tokens.next();
    if (kind === OPEN_ROUND) open += 1;
    else if (kind === CLOSE_ROUND) open -= 1;
    else if (kind === UPPER ? tokens.word !== 0 : !isOfConstraint(kind)) notPlain();
  }
  tokens.next();
}

function isOfConstraint(kind: number): boolean {
  return kind === NUMBER || kind === MARK || kind === QUANTITY;
}
