import { randomInt } from 'node:crypto';
import { SnmpError } from '../base/index.js';
import type { Oid } from '../smi/index.js';
import { loadFastCheck } from './fast-check.js';
import { ALL_PROPERTIES } from './properties/all.js';
import type { Property } from './property.js';
import type { ConformanceReport, PropertyResult } from './report/report.js';
import { Restorer } from './restorer.js';
import { Session } from './session.js';
import type { Subject } from './subject.js';
import { scopeOf, type ScopeOptions } from './survey/scope.js';
import { surveyAgent, type Survey } from './survey-agent.js';
import { Trial } from './trial.js';
import { Violation } from './violation.js';

/** How far a run is. */
export interface ConformanceProgress {
  readonly phase: 'surveying' | 'trying' | 'shrinking';
  /** Absent while surveying. */
  readonly property?: string;
  /** Properties that are done, and all of them. */
  readonly done: number;
  readonly of: number;
  /** Cases of this property that were tried, and all that will be. */
  readonly runs: number;
  readonly ofRuns: number;
}

export interface ConformanceOptions extends ScopeOptions {
  /** Cases per property. Default 100. */
  readonly runs?: number;
  /** Default: a random one; the report tells it. */
  readonly seed?: number;
  /** From an earlier report: only this case of the seed. Best with one property. */
  readonly path?: string;
  /** Names of the properties to try. Default: all that the agent's objects allow. */
  readonly properties?: readonly string[];
  /** Descriptor or OID: nothing outside is looked at. Default: all. */
  readonly subtree?: string;
  /**
   * Descriptors or OIDs of what may be written: objects, instances or whole subtrees. Default:
   * nothing of an agent behind a socket, everything of one in this process.
   */
  readonly writable?: readonly string[];
  /** What is not written all the same: objects whose value does not stay, or does something. */
  readonly exclude?: readonly string[];
  /** So many instances are looked at. Default 20 000. */
  readonly maxInstances?: number;
  /** Stops the run: what was changed is put back, the report has what was found until then. */
  readonly signal?: AbortSignal;
  onProgress?(progress: ConformanceProgress): void;
}

const DEFAULT_RUNS = 100;
const MAX_RUNS = 1_000_000;
const MAX_SEED = 2 ** 31;
const FIRST_NAME: Oid = [1, 3];

/**
 * Tries every property that the agent's objects allow. Whatever was written is put back, and rows
 * that were made are destroyed: after each case, also after one that failed or was stopped.
 *
 * @throws SnmpError SNMP_CONFORMANCE_NO_FAST_CHECK, SNMP_CONFORMANCE_NO_ANSWER,
 *   SNMP_CONFORMANCE_OPTION (an unknown property or object), SNMP_CONFORMANCE_SUBJECT.
 */
export async function run(
  subject: Subject,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const fc = await loadFastCheck();
  const complete = {
    ...options,
    runs: options.runs ?? DEFAULT_RUNS,
    seed: options.seed ?? randomInt(MAX_SEED),
  };
  requireRuns(complete.runs);
  const chosen = chosenProperties(options.properties);
  const scope = scopeOf(subject.mib, options, subject.writableByDefault);
  const session = new Session(subject);
  const restorer = new Restorer(session, subject.mib);
  await requireAnswer(session, subject);
  const results: PropertyResult[] = [];
  let survey: Survey | undefined;
  try {
    tell(complete, { phase: 'surveying', done: 0, of: chosen.length });
    survey = await surveyAgent(fc, session, restorer, subject.mib, scope, complete);
    const trial = new Trial(fc, subject, session, restorer, scope, survey.facts);
    for (const property of chosen) {
      if (complete.signal?.aborted === true) break;
      const place = { done: results.length, of: chosen.length };
      results.push(await tryOne(property, trial, complete, place));
    }
  } finally {
    // An agent that fell silent may be back by now.
    if (session.isDead) await session.probe();
    await session.transcript.without(() => restorer.end());
  }
  return {
    subject: subject.name,
    seed: complete.seed,
    runs: complete.runs,
    survey: {
      instances: survey.facts.found.length,
      known: survey.facts.known.length,
      writable: survey.facts.writable.length,
      rowTables: survey.facts.rowTables.length,
    },
    results,
    leftOver: restorer.leftOver,
    notes: survey.notes,
    aborted: complete.signal?.aborted === true,
  };
}

type CompleteOptions = ConformanceOptions & { readonly runs: number; readonly seed: number };
type Place = Pick<ConformanceProgress, 'done' | 'of'>;

function tell(
  options: CompleteOptions,
  progress: Omit<ConformanceProgress, 'runs' | 'ofRuns'> & { readonly runs?: number },
): void {
  options.onProgress?.({ runs: 0, ...progress, ofRuns: options.runs });
}

/** @throws SnmpError SNMP_CONFORMANCE_OPTION */
function requireRuns(runs: number): void {
  if (Number.isInteger(runs) && runs >= 1 && runs <= MAX_RUNS) return;
  throw new SnmpError(
    'SNMP_CONFORMANCE_OPTION',
    `runs: expected an integer of 1..${MAX_RUNS}, got ${runs}`,
  );
}

/** @throws SnmpError SNMP_CONFORMANCE_OPTION for a name that no property has. */
function chosenProperties(names: readonly string[] | undefined): readonly Property[] {
  for (const name of names ?? []) {
    if (ALL_PROPERTIES.some((property) => property.name === name)) continue;
    const all = ALL_PROPERTIES.map((property) => property.name).join(', ');
    throw new SnmpError(
      'SNMP_CONFORMANCE_OPTION',
      `there is no property ${JSON.stringify(name)}: there are ${all}`,
    );
  }
  return names === undefined
    ? ALL_PROPERTIES
    : ALL_PROPERTIES.filter(({ name }) => names.includes(name));
}

/** An agent that does not answer, or not to this community, is not tried. */
async function requireAnswer(session: Session, subject: Subject): Promise<void> {
  try {
    await session.next(FIRST_NAME);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new SnmpError(
      'SNMP_CONFORMANCE_NO_ANSWER',
      `${subject.name} does not answer as an agent (${error.message}): the address, the community or the version may be wrong`,
      { cause: error },
    );
  }
}

async function tryOne(
  property: Property,
  trial: Trial,
  options: CompleteOptions,
  place: Place,
): Promise<PropertyResult> {
  const { name, promise, source } = property;
  const { runs, seed, path, signal } = options;
  const reason = property.needs(trial.facts, trial.subject);
  if (reason !== undefined || trial.session.isDead) {
    const why = reason ?? 'the agent does not answer any more';
    return {
      property: name,
      promise,
      source,
      verdict: 'skipped',
      reason: why,
      runs: 0,
      coverage: {},
    };
  }
  tell(options, { phase: 'trying', property: name, ...place });
  return property.run(trial, {
    runs,
    seed,
    ...(path === undefined ? {} : { path }),
    ...(signal === undefined ? {} : { signal }),
    onCase: ({ runs: tried, isShrinking }) => {
      const phase = isShrinking ? 'shrinking' : 'trying';
      tell(options, { phase, property: name, ...place, runs: tried });
    },
  });
}
