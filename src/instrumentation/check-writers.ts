import { SnmpError } from '../base/index.js';
import type { ReadOnlyOnPurpose, ScalarWriters, TableWriters } from './functions.js';

type Writers = Partial<Readonly<Record<keyof (ScalarWriters | TableWriters), unknown>>>;

/**
 * OTP-046: what can only fail in phase two is found at load.
 *
 * @param isWritable - whether the module lets managers write the object.
 * @throws SnmpError SNMP_LOAD_BAD_FUNCTIONS
 */
export function checkWriters(
  name: string,
  given: Writers & ReadOnlyOnPurpose,
  isWritable: boolean,
): void {
  if (given.set === undefined) {
    const orphan = (['isSetOk', 'undo', 'rollback', 'restore'] as const).find(
      (operation) => given[operation] !== undefined,
    );
    if (orphan !== undefined) throw badFunctions(name, `it has ${orphan} but no set`);
  } else if (!isWritable) {
    throw badFunctions(name, 'it has set, but the module does not let managers write it');
  } else if (given.readOnly === true) {
    throw badFunctions(name, 'it has set, and is said to be readOnly');
  }
}

export function badFunctions(name: string, why: string): SnmpError {
  return new SnmpError('SNMP_LOAD_BAD_FUNCTIONS', `${name}: ${why}`);
}
