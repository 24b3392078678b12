import type { ErrorStatus } from '../../smi/index.js';

/** How often a class of cases was reached: `accepted`, `refused: wrongValue`. */
export type Coverage = Readonly<Record<string, number>>;

/** The smallest case found that a property does not hold for. */
export interface ReportedCounterexample {
  readonly seed: number;
  /** With the seed: where the case is found again. */
  readonly path: string;
  /** Commands of net-snmp that show it, with what came back. */
  readonly script: readonly string[];
  /** What was expected and what came. */
  readonly message: string;
}

export interface PropertyResult {
  readonly property: string;
  /** What the property says. */
  readonly promise: string;
  /** Where that is written. */
  readonly source: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
  /** Cases that were tried, those of the shrinking left out. */
  readonly runs: number;
  readonly coverage: Coverage;
  readonly counterexample?: ReportedCounterexample;
}

/** What was there to be tried. */
export interface SurveyCounts {
  /** Found by the walk. */
  readonly instances: number;
  /** Of those, of objects that the modules describe. */
  readonly known: number;
  /** Of those, ones that may be and were written. */
  readonly writable: number;
  /** Tables whose rows were made and destroyed. */
  readonly rowTables: number;
}

export interface ConformanceReport {
  readonly subject: string;
  readonly seed: number;
  /** Cases per property that were asked for. */
  readonly runs: number;
  readonly survey: SurveyCounts;
  readonly results: readonly PropertyResult[];
  /** What could not be put back, for people: empty, unless something is very wrong. */
  readonly leftOver: readonly string[];
  /** What else is worth knowing: a walk that was cut short, rows that could not be made. */
  readonly notes: readonly string[];
  /** The run was stopped before its end. */
  readonly aborted: boolean;
}

/** The name of a class of cases by their error-status. */
export function refusedAs(status: ErrorStatus): string {
  return `refused: ${status}`;
}
