import { SnmpError } from '../../base/index.js';

/** One piece of a name: between dots, or in brackets. */
export interface NameToken {
  readonly kind: 'number' | 'word' | 'quoted';
  /** Of quoted ones: what stands between the quotes. */
  readonly text: string;
  /** `"`: a string with its length before it; `'`: without. */
  readonly quote?: '"' | "'";
  readonly isBracketed: boolean;
}

const MAX_NAME_LENGTH = 4096;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/sy;
const PLAIN = /[^.[\]"']+/y;
const WITHIN_BRACKETS = /[^\]"']+/y;

/**
 * Cuts `ifDescr.2`, `tbRowValue.5."abc"` or `tbRowValue[5]["abc"]` into its pieces.
 *
 * @throws SnmpError SNMP_NAME_SYNTAX
 */
export function tokenizeName(name: string): readonly NameToken[] {
  if (name.length > MAX_NAME_LENGTH) {
    throw syntaxError(name, `expected at most ${MAX_NAME_LENGTH} characters`);
  }
  /** BOUNDED by MAX_NAME_LENGTH. */
  const tokens: NameToken[] = [];
  let at = name.startsWith('.') ? 1 : 0;
  while (at < name.length) {
    const isBracketed = name[at] === '[';
    if (isBracketed) {
      at += 1;
    } else if (tokens.length > 0) {
      if (name[at] !== '.') throw syntaxError(name, `expected '.' or '[' at column ${at + 1}`);
      at += 1;
    }
    const { token, length } = tokenAt(name, at, isBracketed);
    tokens.push(token);
    at += length;
    if (isBracketed) {
      if (name[at] !== ']') throw syntaxError(name, `expected ']' at column ${at + 1}`);
      at += 1;
    }
  }
  return tokens;
}

function tokenAt(
  name: string,
  at: number,
  isBracketed: boolean,
): { readonly token: NameToken; readonly length: number } {
  QUOTED.lastIndex = at;
  const quoted = QUOTED.exec(name);
  if (quoted !== null) {
    const [whole, double, single = ''] = quoted;
    const text = (double ?? single).replace(/\\(.)/gs, '$1');
    const quote = double === undefined ? "'" : '"';
    return { token: { kind: 'quoted', text, quote, isBracketed }, length: whole.length };
  }
  const pattern = isBracketed ? WITHIN_BRACKETS : PLAIN;
  pattern.lastIndex = at;
  const text = pattern.exec(name)?.[0];
  if (text === undefined) {
    const isOpen = name[at] === '"' || name[at] === "'";
    throw syntaxError(
      name,
      isOpen
        ? `the quote at column ${at + 1} is never closed`
        : `expected a name, a number or a quoted string at column ${at + 1}`,
    );
  }
  const kind = /^\d+$/.test(text) ? 'number' : 'word';
  return { token: { kind, text, isBracketed }, length: text.length };
}

export function quoteText(text: string, quote: '"' | "'"): string {
  return (
    quote +
    text.replace(/[\\"']/g, (mark) => (mark === '\\' || mark === quote ? `\\${mark}` : mark)) +
    quote
  );
}

export function syntaxError(name: string, reason: string): SnmpError {
  return new SnmpError(
    'SNMP_NAME_SYNTAX',
    `not a name: ${JSON.stringify(name.slice(0, 200))}: ${reason}`,
  );
}
