import type { Syntax } from './syntax.js';
import type { SnmpValue } from './value.js';

/**
 * What a textual convention says of a written value beyond type, size and range. Only conventions
 * whose prose rules out values stand here; the others need no code.
 */
const CONTENT_RULES: ReadonlyMap<string, (value: SnmpValue) => boolean> = new Map([
  ['DisplayString', onOctets(isNvtAscii)],
  ['DateAndTime', onOctets(isDateAndTime)],
  ['SnmpAdminString', onOctets(isUtf8)],
  ['RowStatus', (value) => !(value.type === 'Integer32' && value.value === ROW_STATUS_NOT_READY)],
]);

const ROW_STATUS_NOT_READY = 3;

/** Whether the octets of such a value are text: its hint has only `a` and `t` formats. */
export function isText(syntax: Syntax): boolean {
  return (
    syntax.base === 'OctetString' &&
    syntax.displayHint !== undefined &&
    /^(\*?\d+[at][^\d*]?)+$/.test(syntax.displayHint)
  );
}

export function contentFits(syntax: Syntax, value: SnmpValue): boolean {
  for (const convention of syntax.conventions) {
    const rule = CONTENT_RULES.get(convention);
    if (rule !== undefined && !rule(value)) return false;
  }
  // RFC 2579 3.1: the `t` format is UTF-8.
  return !(
    value.type === 'OctetString' &&
    syntax.displayHint !== undefined &&
    /^\d+t$/.test(syntax.displayHint) &&
    !isUtf8(value.value)
  );
}

function onOctets(fits: (octets: Uint8Array) => boolean): (value: SnmpValue) => boolean {
  return (value) => value.type !== 'OctetString' || fits(value.value);
}

/** RFC 2579 DisplayString: NVT ASCII; CR only before LF or NUL. */
function isNvtAscii(octets: Uint8Array): boolean {
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (octet > 0x7f) return false;
    if (octet === 0x0d && octets[i + 1] !== 0x0a && octets[i + 1] !== 0x00) return false;
  }
  return true;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function isUtf8(octets: Uint8Array): boolean {
  try {
    utf8.decode(octets);
    return true;
  } catch {
    return false;
  }
}

const PLUS = 0x2b;
const MINUS = 0x2d;

/**
 * RFC 2579 DateAndTime, with the erratum: month 0 and day 0 mean unknown, as in eight zero octets.
 * The sizes 8 and 11 are the SYNTAX's business.
 */
function isDateAndTime(octets: Uint8Array): boolean {
  const [, , month, day, hour, minute, second, decisecond, direction, utcHours, utcMinutes] =
    octets as Uint8Array & number[];
  if (month === undefined || day === undefined || hour === undefined) return false;
  if (minute === undefined || second === undefined || decisecond === undefined) return false;
  if (month > 12 || day > 31 || hour > 23 || minute > 59 || second > 60 || decisecond > 9) {
    return false;
  }
  if (direction === undefined) return true;
  return (
    (direction === PLUS || direction === MINUS) &&
    (utcHours ?? 99) <= 13 &&
    (utcMinutes ?? 99) <= 59
  );
}
