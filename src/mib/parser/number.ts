import type { Cursor } from './cursor.js';

/** More digits than any number of the SMI has; what is beyond is cut before it becomes a bigint. */
const MAX_DIGITS = 40;

/** A number with an optional sign, or hexadecimal or binary digits in quotes. */
export function parseInteger(cursor: Cursor, what: string): number | bigint {
  const isNegative = cursor.accept('-');
  if (!isNegative && cursor.isAt('+')) {
    cursor.report(cursor.next().at, 'punctuation-superfluous', "expected no '+' before a number");
  }
  const token = cursor.peek();
  const isForeign = token.kind === 'lower' && /^0[xX][0-9A-Fa-f]+$/.test(token.text);
  const prefix = isForeign ? '' : INTEGER_PREFIX[token.kind];
  if (prefix === undefined) return cursor.fail(what);
  cursor.next();
  if (token.text.length > MAX_DIGITS) {
    cursor.report(token.at, 'number-too-large', 'expected a number of at most 64 bits');
  }
  const value = BigInt(`${prefix}${token.text.slice(0, MAX_DIGITS) || '0'}`);
  const signed = isNegative ? -value : value;
  const small = Number(signed);
  return Number.isSafeInteger(small) ? small : signed;
}

const INTEGER_PREFIX: Readonly<Record<string, string>> = { number: '', hex: '0x', binary: '0b' };
