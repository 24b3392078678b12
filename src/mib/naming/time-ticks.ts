import { counted } from '../../base/index.js';

/** Hundredths of a second in a day, an hour, a minute and a second. */
const UNITS = [8_640_000, 360_000, 6000, 100] as const;
const PATTERN = /^(?:(\d{1,3}) days?, )?(\d{1,6}):(\d{1,2}):(\d{1,2})(?:\.(\d{2}))?$/;

/** TimeTicks as net-snmp prints them: `1 day, 2:03:04.05`. */
export function formatTicks(ticks: number): string {
  let rest = ticks;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = UNITS.map((unit) => {
    const count = Math.floor(rest / unit);
    rest %= unit;
    return count;
  });
  const two = (number: number): string => String(number).padStart(2, '0');
  const clock = `${hours}:${two(minutes)}:${two(seconds)}.${two(rest)}`;
  return days === 0 ? clock : `${counted(days, 'day')}, ${clock}`;
}

/** Hundredths of a second: a number, or what `formatTicks` gives, with `(number)` before it or not. */
export function parseTicks(text: string): number | undefined {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  const counted = /^\((\d{1,10})\)/.exec(text)?.[1];
  if (counted !== undefined) return Number(counted);
  const found = PATTERN.exec(text);
  if (found === null) return undefined;
  const [, days = '0', hours, minutes, seconds, hundredths = '0'] = found;
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const parts = [days, hours, minutes, seconds].map(Number);
  return parts.reduce((sum, part, i) => sum + part * (UNITS[i] as number), Number(hundredths));
}
