import { ALL_PROPERTIES } from './properties/all.js';
import { formatJson, formatJUnit, formatText } from './report/formats.js';
import { run } from './run.js';
import { inProcessSubject } from './subjects/in-process-subject.js';
import { instrumentationSubject } from './subjects/instrumentation-subject.js';
import { udpSubject } from './subjects/udp-subject.js';

/** A property as it is listed. */
export interface PropertyDescription {
  readonly name: string;
  readonly promise: string;
  readonly source: string;
}

/** What there is to be tried, in the order in which it is. */
function describe(): readonly PropertyDescription[] {
  return ALL_PROPERTIES.map(({ name, promise, source }) => ({ name, promise, source }));
}

/**
 * Properties that hold for every SNMP agent, tried on yours: the cases are made from the MIB, and
 * what fails is shrunk to the smallest case and printed as commands that show it.
 */
export const conformance = {
  run,
  describe,
  instrumentationSubject,
  inProcessSubject,
  udpSubject,
  formatText,
  formatJson,
  formatJUnit,
} as const;
