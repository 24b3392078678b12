import { BerError, type BerFault } from '../ber/index.js';

/** RFC 3412 4.2.1(2): snmpInASNParseErrs. */
export interface NotParsed {
  readonly kind: 'notParsed';
  readonly fault: BerFault;
  /** From the start of the octets that were read. */
  readonly offset: number;
}

/** What was read, or why it could not be. */
export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: NotParsed };

/** Runs a reader on octets of unknown origin: whatever they are, nothing is thrown. */
export function decoded<Value>(read: () => Value): Decoded<Value> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

/** Anything but a BerError is a bug of ours, and thrown on. */
export function toFailure(error: unknown): NotParsed {
  if (!(error instanceof BerError)) throw error;
  return { kind: 'notParsed', fault: error.fault, offset: error.offset };
}
