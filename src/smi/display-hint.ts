/**
 * DISPLAY-HINT, both ways (RFC 2579 3.1). What a hint says is for people: `2d-1d-1d` of octets,
 * `d-2` of integers. All functions are total; undefined where the hint is malformed or does not
 * fit the value.
 */

interface OctetSpec {
  /** `*`: the first octet says how often. */
  readonly isRepeated: boolean;
  readonly length: number;
  readonly format: 'x' | 'd' | 'o' | 'a' | 't';
  readonly separator?: string;
  /** Behind the last of the repeated. */
  readonly terminator?: string;
}

const OCTET_SPEC = /(\*?)(\d{1,5})([xdoat])(?:([^\d*])([^\d*])?)?/y;
const MAX_SPECS = 255;

function parseOctetHint(hint: string): readonly OctetSpec[] | undefined {
  /** BOUNDED by MAX_SPECS. */
  const specs: OctetSpec[] = [];
  let at = 0;
  while (at < hint.length && specs.length < MAX_SPECS) {
    OCTET_SPEC.lastIndex = at;
    const found = OCTET_SPEC.exec(hint);
    if (found === null) return undefined;
    const [whole, star, length, format, separator, next] = found;
    const isRepeated = star === '*';
    // Only repeated octets have a terminator; what stands there otherwise begins no specification.
    if (next !== undefined && !isRepeated) return undefined;
    at += whole.length;
    specs.push({
      isRepeated,
      length: Number(length),
      format: format as OctetSpec['format'],
      ...(separator === undefined ? {} : { separator }),
      ...(next === undefined ? {} : { terminator: next }),
    });
  }
  return at === hint.length && specs.length > 0 ? specs : undefined;
}

/** Whether it is a hint for octets. */
export function isOctetHint(hint: string): boolean {
  return parseOctetHint(hint) !== undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Octets as the hint shows them. */
export function formatOctets(hint: string, octets: Uint8Array): string | undefined {
  const specs = parseOctetHint(hint);
  if (specs === undefined) return undefined;
  let text = '';
  let at = 0;
  for (let i = 0; at < octets.length; i++) {
    const spec = specs[Math.min(i, specs.length - 1)] as OctetSpec;
    const { separator, terminator } = spec;
    const start = at;
    const count = spec.isRepeated ? (octets[at++] as number) : 1;
    for (let k = 0; k < count && (at < octets.length || spec.length === 0); k++) {
      const chunk = octets.subarray(at, at + spec.length);
      const shown = formatChunk(spec, chunk);
      if (shown === undefined) return undefined;
      text += shown;
      at += chunk.length;
      const isTerminated = terminator !== undefined && k === count - 1;
      // What stands behind the last octet is left out.
      if (separator !== undefined && at < octets.length && !isTerminated) text += separator;
    }
    if (terminator !== undefined && at < octets.length) text += terminator;
    // The last one is repeated; one that takes no octets would be for ever.
    if (at === start && i >= specs.length - 1) return undefined;
  }
  return text;
}

function formatChunk({ format, separator, length }: OctetSpec, chunk: Uint8Array) {
  if (chunk.length === 0) return '';
  if (format === 'a' || format === 't') {
    try {
      return utf8.decode(chunk);
    } catch {
      return undefined;
    }
  }
  const number = BigInt(`0x${Buffer.from(chunk).toString('hex')}`);
  if (format === 'd') return number.toString();
  const digits = number.toString(format === 'x' ? 16 : 8);
  // With nothing between them, only their number tells where digits end.
  if (separator !== undefined) return digits;
  return digits.padStart(digitsOf(format, Math.min(length, chunk.length)), '0');
}

function digitsOf(format: 'x' | 'd' | 'o', octets: number): number {
  if (format === 'x') return octets * 2;
  if (format === 'o') return Math.ceil((octets * 8) / 3);
  return (256n ** BigInt(Math.min(octets, 64)) - 1n).toString().length;
}

const DIGITS = { x: /[0-9A-Fa-f]+/y, d: /[0-9]+/y, o: /[0-7]+/y } as const;

/** The octets that the hint shows as this text. */
export function parseOctets(hint: string, text: string): Uint8Array | undefined {
  const specs = parseOctetHint(hint);
  return specs === undefined ? undefined : new OctetReader(specs, text).read();
}

class OctetReader {
  readonly #specs: readonly OctetSpec[];
  readonly #text: string;
  /** BOUNDED by the text: each octet takes a character of it, or a turn of the specifications. */
  readonly #octets: number[] = [];
  #at = 0;

  constructor(specs: readonly OctetSpec[], text: string) {
    this.#specs = specs;
    this.#text = text;
  }

  read(): Uint8Array | undefined {
    for (let i = 0; this.#at < this.#text.length; i++) {
      const spec = this.#specs[Math.min(i, this.#specs.length - 1)] as OctetSpec;
      const start = this.#at;
      if (!(spec.isRepeated ? this.#repeated(spec) : this.#single(spec))) return undefined;
      if (this.#at === start && i >= this.#specs.length - 1) return undefined;
    }
    return Uint8Array.from(this.#octets);
  }

  #single(spec: OctetSpec): boolean {
    if (!this.#chunk(spec)) return false;
    if (spec.separator === undefined || this.#isAtEnd()) return true;
    // A separator with nothing behind it stands for octets that are not there.
    return this.#accept(spec.separator) && (!this.#isAtEnd() || spec.length === 0);
  }

  #repeated(spec: OctetSpec): boolean {
    const countAt = this.#octets.push(0) - 1;
    let count = 0;
    for (;;) {
      if (!this.#chunk(spec)) return false;
      count += 1;
      if (count > 255) return false;
      if (this.#isAtEnd()) break;
      if (spec.terminator !== undefined && this.#accept(spec.terminator)) break;
      if (spec.separator !== undefined && !this.#accept(spec.separator)) {
        if (spec.terminator !== undefined) return false;
        break;
      }
    }
    this.#octets[countAt] = count;
    return true;
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #accept(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #chunk(spec: OctetSpec): boolean {
    if (spec.length === 0) return true;
    const { format } = spec;
    return format === 'a' || format === 't' ? this.#characters(spec) : this.#number(spec, format);
  }

  #characters({ separator, terminator, length }: OctetSpec): boolean {
    let left = length;
    while (!this.#isAtEnd()) {
      const character = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
      if (character === separator || character === terminator) break;
      const octets = Buffer.from(character);
      if (octets.length > left) break;
      this.#octets.push(...octets);
      left -= octets.length;
      this.#at += character.length;
    }
    return left < length || separator !== undefined;
  }

  #number({ separator, length }: OctetSpec, format: 'x' | 'd' | 'o'): boolean {
    const pattern = DIGITS[format];
    pattern.lastIndex = this.#at;
    const run = pattern.exec(this.#text)?.[0];
    if (run === undefined) return false;
    const digits = separator === undefined ? run.slice(0, digitsOf(format, length)) : run;
    if (digits.length > digitsOf(format, length)) return false;
    const isHalf = format === 'x' && separator === undefined && digits.length % 2 === 1;
    if (isHalf) return false;
    // Less than the full number of hexadecimal digits, at the end: less than the full octets.
    const size = format === 'x' && separator === undefined ? digits.length / 2 : length;
    const prefix = { x: '0x', d: '', o: '0o' }[format];
    const hex = BigInt(`${prefix}${digits}`).toString(16);
    if (hex.length > size * 2) return false;
    this.#octets.push(...Buffer.from(hex.padStart(size * 2, '0'), 'hex'));
    this.#at += digits.length;
    return true;
  }
}

const INTEGER_HINT = /^(?:([xob])|d(?:-(\d{1,3}))?)$/;
const RADIX = { x: 16, o: 8, b: 2 } as const;
const RADIX_PREFIX = { x: '0x', o: '0o', b: '0b' } as const;

/** Whether it is a hint for integers. */
export function isIntegerHint(hint: string): boolean {
  return INTEGER_HINT.test(hint);
}

/** An integer as the hint shows it. */
export function formatInteger(hint: string, value: number | bigint): string | undefined {
  const found = INTEGER_HINT.exec(hint);
  if (found === null) return undefined;
  const [, format, places] = found;
  const sign = value < 0 ? '-' : '';
  const magnitude = (value < 0 ? -BigInt(value) : BigInt(value)).toString(
    format === undefined ? 10 : RADIX[format as keyof typeof RADIX],
  );
  const fraction = Number(places ?? 0);
  if (fraction === 0) return sign + magnitude;
  const digits = magnitude.padStart(fraction + 1, '0');
  return `${sign}${digits.slice(0, -fraction)}.${digits.slice(-fraction)}`;
}

/** The integer that the hint shows as this text; zeros at the end of a fraction may be left out. */
export function parseInteger(hint: string, text: string): bigint | undefined {
  const found = INTEGER_HINT.exec(hint);
  if (found === null) return undefined;
  const [, format, places] = found;
  const isNegative = text.startsWith('-');
  const magnitude = isNegative ? text.slice(1) : text;
  const number =
    format === undefined
      ? parseDecimal(magnitude, Number(places ?? 0))
      : parseDigits(magnitude, format as keyof typeof RADIX);
  return number !== undefined && isNegative ? -number : number;
}

function parseDecimal(text: string, places: number): bigint | undefined {
  const found = /^(\d{1,40})?(?:\.(\d{0,255}))?$/.exec(text);
  if (found === null || !/\d/.test(text)) return undefined;
  const [, whole = '0', fraction = ''] = found;
  if (fraction.replace(/0+$/, '').length > places) return undefined;
  return BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
}

function parseDigits(text: string, format: keyof typeof RADIX): bigint | undefined {
  const digits = format === 'x' ? text.replace(/^0x/i, '') : text;
  const isFit = { x: /^[0-9a-f]{1,40}$/i, o: /^[0-7]{1,60}$/, b: /^[01]{1,128}$/ }[format];
  return isFit.test(digits) ? BigInt(RADIX_PREFIX[format] + digits) : undefined;
}
