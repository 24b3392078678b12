import { SnmpError } from './errors.js';
import { didYouMean, nearestNames } from './nearest-names.js';

/**
 * An option that nobody reads is a mistake that nobody sees.
 *
 * @throws SnmpError SNMP_OPTION_INVALID
 */
export function requireKnownKeys(path: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}: expected an object`);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      `${path}: no option ${key}${didYouMean(nearestNames(key, known))}`,
    );
  }
}
