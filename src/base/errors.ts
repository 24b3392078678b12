/**
 * An operational error towards the host program: something the host did, configured or asked for
 * cannot be done. `code` is stable across releases; the message is for people.
 */
export class SnmpError extends Error {
  readonly code: string;

  constructor(code: `SNMP_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SnmpError';
    this.code = code;
  }
}

/**
 * Our own bug: something that the code relies on does not hold. Nobody but a supervisor catches
 * it; the part that threw is restarted and the defect is logged.
 */
export class InvariantViolation extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvariantViolation';
  }
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/** The end of a `switch` over a closed union: does not compile while a member is missing. */
export function assertNever(value: never): never {
  throw new InvariantViolation(`unreachable: ${String(value)}`);
}

/** Text of anything that was thrown, for logs: never empty, never throws itself. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.stack ?? `${thrown.name}: ${thrown.message}`;
    return typeof thrown === 'string' ? thrown : `non-error thrown: ${JSON.stringify(thrown)}`;
  } catch {
    return 'something that cannot be described was thrown';
  }
}
