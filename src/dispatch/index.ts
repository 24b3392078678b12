/**
 * RFC 3412's dispatcher for SNMPv1, SNMPv2c and SNMPv3: a datagram in, a principal and a request
 * out; the response back; every message counted exactly once. And the other side of SNMPv3, for
 * who asks managers and agents: `V3Requests`.
 *
 * Knows neither MIBs nor instrumentation. Invariants: a message is answered or exactly one counter
 * says why not (but for an SNMPv3 answer that nobody asked for, RFC 3412 7.2(10)); what is under
 * way is bounded; of engines and users that ask nothing is kept; what nobody vouches for can end
 * a request, and teaches nothing but who answers.
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
export type { ReportIndication } from './reports.js';
export {
  V3Conversation,
  V3Requests,
  type AskedPdu,
  type Asker,
  type Heard,
  type V3Fault,
  type V3RequestsParts,
} from './v3-requests.js';
export { V3Processing } from './v3-processing.js';
