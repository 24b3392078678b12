import { checkValue, fromPlain, NO_SUCH_INSTANCE, NO_SUCH_OBJECT } from '../smi/index.js';
import type { Syntax } from '../smi/index.js';
import type { ReadAnswer, ReadFault } from './managed-object.js';

export function readFault(reason: string): ReadFault {
  return { type: 'fault', reason };
}

/**
 * What a get function returned for one value, as the manager will see it. Total. Order of looks:
 * primitives are values; objects may say noValue or error; the rest is converted by the SYNTAX.
 */
export function interpretReading(name: string, syntax: Syntax, returned: unknown): ReadAnswer {
  if (typeof returned === 'object' && returned !== null && !Array.isArray(returned)) {
    const said = interpretNoValue(name, returned);
    if (said !== undefined) return said;
  }
  const value = fromPlain(syntax, returned);
  if (value.type === 'notConvertible') {
    return readFault(`${name}: expected ${value.expected}, got ${describe(returned)}`);
  }
  const fault = checkValue(syntax, value);
  return fault === undefined ? value : readFault(`${name}: ${fault}: ${describe(returned)}`);
}

/** `{ noValue }` and `{ error: 'genErr' }`, or undefined where the object is neither. */
export function interpretNoValue(name: string, returned: object): ReadAnswer | undefined {
  if ('noValue' in returned) {
    if (returned.noValue === 'noSuchObject') return NO_SUCH_OBJECT;
    if (returned.noValue === 'noSuchInstance') return NO_SUCH_INSTANCE;
    return readFault(`${name}: noValue must be noSuchObject or noSuchInstance`);
  }
  if ('error' in returned) {
    return returned.error === 'genErr'
      ? readFault(`${name}: the function answered genErr`)
      : readFault(`${name}: a read may only fail with genErr`);
  }
  return undefined;
}

/** Short and harmless text of foreign data: no content of strings, which may be secret. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (value instanceof Uint8Array) return `${value.length} octets`;
  return Array.isArray(value) ? `an array of ${value.length}` : `a value of type ${typeof value}`;
}
