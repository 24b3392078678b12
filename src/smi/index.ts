/**
 * The nouns everybody shares: OIDs, values, varbinds, the labels of error-status, and the SYNTAX
 * of an object with what it allows (RFC 2578, RFC 2579, RFC 3416 section 3).
 *
 * Knows neither messages nor module texts. Invariant: an OID and a value are never mutated.
 */
export {
  MAX_SUB_IDENTIFIER,
  MAX_SUB_IDENTIFIERS,
  ZERO_DOT_ZERO,
  compareOids,
  equalOids,
  formatOid,
  hasPrefix,
  isOid,
  isSubIdentifier,
  parseOid,
  type Oid,
} from './oid.js';
export {
  END_OF_MIB_VIEW,
  NO_SUCH_INSTANCE,
  NO_SUCH_OBJECT,
  NULL_VALUE,
  equalValues,
  isException,
  type ExceptionValue,
  type SnmpValue,
  type ValueType,
  type VarBind,
} from './value.js';
export type { BaseType, Range, Syntax } from './syntax.js';
export {
  errorStatusCode,
  errorStatusLabel,
  toV1ErrorStatus,
  type ErrorStatus,
  type V1ErrorStatus,
} from './error-status.js';
export { readVarBind, varBindSize, writeVarBind } from './value-codec.js';
export {
  checkValue,
  checkWrittenValue,
  expectation,
  wireType,
  type ValueFault,
} from './check-value.js';
export {
  formatInteger,
  formatOctets,
  isIntegerHint,
  isOctetHint,
  parseInteger,
  parseOctets,
} from './display-hint.js';
export { fromPlain, toPlain, type NotConvertible, type PlainValue } from './plain-value.js';
export { isText } from './textual-convention.js';
