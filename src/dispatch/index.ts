/**
 * RFC 3412's dispatcher for SNMPv1 and SNMPv2c: a datagram in, a principal and a request out; the
 * response back; every message counted exactly once.
 *
 * Knows neither MIBs nor instrumentation. Invariants: a message is answered or exactly one counter
 * says why not; what is under way is bounded.
 */
export { COUNTER_NAMES, createCounters, type CounterName, type SnmpCounters } from './counters.js';
export {
  Dispatcher,
  type DispatchLimits,
  type DispatchObserver,
  type Identification,
  type Reply,
  type Request,
  type RequestPdu,
  type Responder,
} from './dispatcher.js';
