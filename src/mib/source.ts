import { isAscii } from 'node:buffer';

/** A text that holds one module or several, as a caller hands it in. */
export interface MibSource {
  /** Where the text came from; stands in diagnostics, is never opened. */
  readonly path: string;
  /** Octets are read as UTF-8 and, where they are not UTF-8, as latin-1. */
  readonly text: string | Uint8Array;
}

/** Both counted from 1; columns in UTF-16 units, a tab being one. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const BYTE_ORDER_MARK = '\uFEFF';

/** Both are used again and again, since they keep nothing from one text to the next. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });
const LATIN_1 = new TextDecoder('latin1');

/** Octets looked at to tell whether a text is of two octets a character. */
const SAMPLE_OCTETS = 256;

/**
 * Old modules carry umlauts of latin-1 in CONTACT-INFO, and editors have left some in UTF-16; no
 * octet sequence is refused.
 */
export function decodeText(octets: Uint8Array): string {
  const wide = wideEncoding(octets);
  if (wide !== undefined) return new TextDecoder(wide).decode(octets);
  try {
    return UTF_8.decode(octets);
  } catch {
    return LATIN_1.decode(octets);
  }
}

function asciiText(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
}

/** The octets of a text in which letters of ASCII are one octet each, to be searched as they are. */
export function narrowOctets(octets: Uint8Array): Uint8Array {
  return wideEncoding(octets) === undefined ? octets : Buffer.from(decodeText(octets));
}

/** By the byte order mark, or by the zeros that letters of ASCII have in every second octet. */
function wideEncoding(octets: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (octets[0] === 0xff && octets[1] === 0xfe) return 'utf-16le';
  if (octets[0] === 0xfe && octets[1] === 0xff) return 'utf-16be';
  if (octets[0] !== 0 && octets[1] !== 0) return undefined;
  const zeros = [0, 0];
  const length = Math.min(octets.length, SAMPLE_OCTETS) & ~1;
  for (let i = 0; i < length; i++) if (octets[i] === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd * 4 > length && even === 0) return 'utf-16le';
  return even * 4 > length && odd === 0 ? 'utf-16be' : undefined;
}

/** A text with an index of its lines. Lines end in LF, CR LF or CR. */
export class SourceText {
  readonly path: string;
  #octets: Uint8Array | undefined;
  #text: string;
  /** Offsets at which lines begin; made at the first question. BOUNDED by the lines of the text. */
  #lineStarts: readonly number[] | undefined;

  constructor(source: MibSource) {
    this.path = source.path;
    const { text: given } = source;
    const isOctets = typeof given !== 'string';
    if (isOctets && isAscii(given) && wideEncoding(given) === undefined) {
      this.#octets = given;
      this.#text = asciiText(given);
    } else {
      const text = isOctets ? decodeText(given) : given;
      this.#text = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    }
  }

  get text(): string {
    return this.#text;
  }

  /** Gives the text back to memory: places in it can no longer be told. */
  release(): void {
    this.#octets = undefined;
    this.#text = '';
  }

  /** The characters of the text where they are ASCII, 0x80 or more where they are not. */
  get codes(): Uint8Array {
    if (this.#octets !== undefined) return this.#octets;
    const text = this.#text;
    const codes = Buffer.from(text, 'latin1');
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) codes[i] = 0x80;
    return codes;
  }

  position(offset: number): Position {
    const starts = this.#starts();
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 };
  }

  /** The text of a line, counted from 1, without what ends it. */
  line(number: number): string {
    const starts = this.#starts();
    const start = starts[number - 1];
    if (start === undefined) return '';
    return this.text.slice(start, starts[number] ?? this.text.length).replace(/[\r\n]+$/, '');
  }

  #starts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (const end of this.text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}
