import { SnmpError } from './errors.js';

/**
 * An option that is to be an integer of `low..high`; `path` is what messages call it.
 *
 * @throws SnmpError SNMP_OPTION_INVALID
 */
export function requireInteger(path: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new SnmpError(
    'SNMP_OPTION_INVALID',
    `${path}: expected an integer of ${low}..${high}, got ${String(value)}`,
  );
}
