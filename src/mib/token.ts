/**
 * `upper` and `lower` are words by the case of their first letter; keywords are words like any
 * other, because what is a keyword depends on the place. `symbol` is punctuation.
 */
export type TokenKind =
  | 'upper'
  | 'lower'
  | 'number'
  | 'string'
  | 'hex'
  | 'binary'
  | 'symbol'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Of strings: the text between the quotes, doubled quotes undone. Otherwise as written. */
  readonly text: string;
  /** Offset into the text of the source. */
  readonly at: number;
}

/** The token as a message names it. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end of the text';
    case 'string':
      return 'a quoted string';
    case 'hex':
      return `'${token.text}'H`;
    case 'binary':
      return `'${token.text}'B`;
    default:
      return `'${token.text.length > 60 ? `${token.text.slice(0, 60)}...` : token.text}'`;
  }
}
