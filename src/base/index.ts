/**
 * What every room stands on: time, errors, events and the one gate to foreign code.
 *
 * Knows nothing of SNMP. Raw timers, dates and randomness exist here and nowhere else.
 * Invariants: `callForeign` settles exactly once and never throws; an `Emitter` never throws out
 * of `emit`; neither does a GuardedLogger out of a line, nor a listener of a guarded signal.
 */
export { systemClock, type Clock, type Timer } from './clock.js';
export { SimulatedClock } from './simulated-clock.js';
export { SnmpError, InvariantViolation, invariant, assertNever, describeThrown } from './errors.js';
export { systemRandom, type Random } from './random.js';
export { requireKnownKeys } from './known-keys.js';
export { requireInteger } from './require-integer.js';
export { GuardedLogger, silentLogger, type Logger } from './logger.js';
export { guardedAbort } from './guarded-abort.js';
export { Emitter, type EventTuples } from './emitter.js';
export { listIn } from './list-in.js';
export { inOrder } from './in-order.js';
export { equalOctets, latin1Of } from './octets.js';
export { escapeControls, hasControls } from './escape-controls.js';
export { counted } from './counted.js';
export { didYouMean, nearestNames } from './nearest-names.js';
export { atTurnEnd, nextTurn } from './turn.js';
export {
  parseSecretSource,
  readSecret,
  SECRET_SOURCES,
  type SecretSource,
} from './secret-source.js';
export { RecentMap } from './recent-map.js';
export {
  callForeign,
  isPromiseLike,
  tamed,
  type ForeignCall,
  type ForeignOutcome,
} from './foreign.js';
