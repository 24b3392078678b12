const MAX_INTEGER32 = 2_147_483_647;
const MAX_GAUGE32 = 4_294_967_295;

/** RFC 2578 7.1.6: a counter wraps. */
export function fitCounter32(value: bigint): number {
  return Number(BigInt.asUintN(32, value));
}

export function fitCounter64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** RFC 2578 7.1.8: TimeTicks wrap as well. */
export function fitTimeTicks(centiseconds: number): number {
  return Math.floor(Math.max(centiseconds, 0)) % (MAX_GAUGE32 + 1);
}

/** RFC 2578 7.1.7: a gauge latches at its maximum. */
export function fitGauge32(value: number): number {
  return clamp(value, MAX_GAUGE32);
}

/** Where the MIB says Integer32 (0..2147483647): larger values stay at the maximum. */
export function fitInteger32(value: number): number {
  return clamp(value, MAX_INTEGER32);
}

function clamp(value: number, maximum: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.trunc(Math.min(Math.max(value, 0), maximum));
}

/**
 * Text for a DisplayString, which is NVT ASCII (RFC 2579): anything else becomes '?', one per
 * character, and the rest after `maxOctets` is cut.
 */
export function fitDisplayString(text: string, maxOctets = 255): string {
  return Array.from(text, (character) => (isPrintable(character) ? character : '?'))
    .slice(0, maxOctets)
    .join('');
}

function isPrintable(character: string): boolean {
  return character >= ' ' && character <= '~';
}

/**
 * Text for an InternationalDisplayString or SnmpAdminString, whose SIZE counts octets of UTF-8: cut
 * at the last character that fits whole.
 */
export function fitUtf8(text: string, maxOctets: number): string {
  // A character is at most as short as one octet: the rest cannot matter.
  const head = Array.from(text.slice(0, maxOctets * 2));
  let octets = 0;
  let fitting = '';
  for (const character of head) {
    octets += Buffer.byteLength(character);
    if (octets > maxOctets) break;
    fitting += character;
  }
  return fitting;
}

/** Digits of /proc or /sys as a number; `otherwise` for anything that does not start with one. */
export function parseNumber(text: string | undefined, otherwise: number): number {
  const parsed = Number.parseInt(text ?? '', 10);
  return Number.isNaN(parsed) ? otherwise : parsed;
}
