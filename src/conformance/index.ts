/**
 * Properties that every SNMP agent must have, tried on instrumentation, on an agent of this
 * process, or on any agent behind a UDP port; published as `trellis-snmp/conformance`.
 *
 * `subject` is the port: a thing that answers SNMP, and may be told to crash. `survey/` finds out
 * what there is, `values/` makes legal and illegal values from the SYNTAX, `properties/` are the
 * properties as data, `restorer` puts back what they changed, `report/` tells what came out.
 *
 * Must not know: how the agent does anything. The judgement of what is right is made here, from
 * the RFCs, and shares with the agent only the values, the messages and the modules. Invariants:
 * nothing is written but what the options allow; the same seed makes the same cases.
 *
 * fast-check is an optional peer: it is loaded when a run begins.
 */
export { conformance, type PropertyDescription } from './conformance.js';
export { ALL_PROPERTIES } from './properties/all.js';
export type { FastCheck } from './fast-check.js';
export type { Property, PropertySettings } from './property.js';
export type {
  ConformanceReport,
  Coverage,
  PropertyResult,
  ReportedCounterexample,
  SurveyCounts,
} from './report/report.js';
export type { ConformanceOptions, ConformanceProgress } from './run.js';
export type { CrashPoint, Exchanged, Saboteur, Subject } from './subject.js';
export type { InProcessOptions } from './subjects/in-process-subject.js';
export type { InstrumentationOptions } from './subjects/instrumentation-subject.js';
export { knownMib } from './subjects/known-mib.js';
export type { UdpOptions } from './subjects/udp-subject.js';
export { illegalValues, type IllegalValue } from './values/illegal-values.js';
export { legalValues } from './values/legal-values.js';
export { rowIndexes } from './values/row-indexes.js';
