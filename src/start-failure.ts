import { SnmpError } from './base/index.js';

/** A supervisor says that a child could not be started; the cause is what users need to see. */
export function startFailure(failure: unknown): SnmpError {
  for (let cause: unknown = failure; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SnmpError && !cause.code.startsWith('SNMP_SUPERVISOR_')) return cause;
  }
  return failure instanceof SnmpError
    ? failure
    : new SnmpError('SNMP_SUBTREE_START', 'the subtree could not be started', { cause: failure });
}
