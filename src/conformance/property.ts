import type { Arbitrary } from 'fast-check';
import { counted, nextTurn } from '../base/index.js';
import type { FastCheck } from './fast-check.js';
import type { PropertyResult } from './report/report.js';
import { scriptOf } from './report/script.js';
import type { Facts } from './survey/facts.js';
import type { Subject } from './subject.js';
import type { TranscriptEntry } from './transcript.js';
import type { Trial } from './trial.js';
import { Silence, Undecided, Violation } from './violation.js';

/** How one property is to be tried. */
export interface PropertySettings {
  readonly runs: number;
  readonly seed: number;
  /** Only the case at this path of the seed, and those it shrinks to. */
  readonly path?: string;
  readonly signal?: AbortSignal;
  /** Called after every case, also of the shrinking. */
  onCase?(progress: { readonly runs: number; readonly isShrinking: boolean }): void;
}

/** Something that holds for every agent, whatever objects it has. */
export interface Property {
  /** Kebab-case, stable. */
  readonly name: string;
  /** The property as a sentence. */
  readonly promise: string;
  /** RFC and section, or that it is this package's promise. */
  readonly source: string;
  /** Why it cannot be tried here; undefined where it can. */
  needs(facts: Facts, subject: Subject): string | undefined;
  run(trial: Trial, settings: PropertySettings): Promise<PropertyResult>;
}

interface Definition<Case> extends Pick<Property, 'name' | 'promise' | 'source' | 'needs'> {
  /** Classes of cases without which it has shown nothing. */
  readonly mustReach?: readonly string[];
  cases(fc: FastCheck, facts: Facts, trial: Trial): Arbitrary<Case>;
  /** @throws Violation where the property does not hold; Undecided where the case shows nothing. */
  check(one: Case, trial: Trial): Promise<void>;
}

/** So many cases are tried to make a counterexample smaller. */
const MAX_SHRINKING_CASES = 400;
/** Cases that decide nothing, per run that does: with more, the property is given up. */
const MAX_UNDECIDED_PER_RUN = 10;

/** A property out of its generator and its check. */
export function defineProperty<Case>(definition: Definition<Case>): Property {
  const { name, promise, source } = definition;
  return {
    name,
    promise,
    source,
    needs: (facts, subject) => definition.needs(facts, subject),
    run: (trial, settings) => new CaseRunner(definition, trial, settings).run(),
  };
}

interface Failure {
  readonly message: string;
  readonly entries: readonly TranscriptEntry[];
}

class CaseRunner<Case> {
  readonly #definition: Definition<Case>;
  readonly #trial: Trial;
  readonly #settings: PropertySettings;
  /** The smallest so far: fast-check goes on from the last case that failed. */
  #failure: Failure | undefined;
  /** Not the agent's fault: the kit's, or the subject's. */
  #broken: { readonly error: unknown } | undefined;
  /** As it was when the first case failed. */
  #coverage: Readonly<Record<string, number>> | undefined;
  #cases = 0;
  #shrinkingCases = 0;

  constructor(definition: Definition<Case>, trial: Trial, settings: PropertySettings) {
    this.#definition = definition;
    this.#trial = trial;
    this.#settings = settings;
  }

  async run(): Promise<PropertyResult> {
    const { fc, facts } = this.#trial;
    const { runs, seed, path } = this.#settings;
    this.#trial.beginProperty();
    const cases = this.#definition.cases(fc, facts, this.#trial);
    const details = await fc.check(
      fc.asyncProperty(cases, (one) => this.#one(one)),
      {
        seed,
        numRuns: runs,
        maxSkipsPerRun: MAX_UNDECIDED_PER_RUN,
        ...(path === undefined ? {} : { path }),
      },
    );
    if (this.#broken !== undefined) throw this.#broken.error;
    return this.#result(seed, details.counterexamplePath ?? '');
  }

  async #one(one: Case): Promise<void> {
    if (this.#isOver()) return;
    const { session, fc } = this.#trial;
    const isShrinking = this.#failure !== undefined;
    session.transcript.begin();
    try {
      await this.#definition.check(one, this.#trial);
      this.#count(isShrinking);
    } catch (error) {
      if (error instanceof Undecided) return fc.pre(false);
      this.#count(isShrinking);
      if (!(error instanceof Violation)) throw this.#isBroken(error);
      this.#coverage ??= Object.fromEntries(this.#trial.coverage);
      const { entries } = session.transcript;
      const isDead = error instanceof Silence && !(await session.probe());
      this.#failure = isDead ? this.#death(error) : { message: error.message, entries };
      throw error;
    } finally {
      await this.#putBack();
      this.#settings.onCase?.({ runs: this.#cases, isShrinking });
    }
  }

  #count(isShrinking: boolean): void {
    if (isShrinking) this.#shrinkingCases += 1;
    else this.#cases += 1;
  }

  /** Nothing smaller can be found, and what did it may have been the case before. */
  #death(error: Silence): Failure {
    const { earlier, entries } = this.#trial.session.transcript;
    const between = { kind: 'note', text: 'the next case' } as const;
    return {
      message: `${error.message}, nor to anything else from then on`,
      entries: [...earlier, between, ...entries],
    };
  }

  async #putBack(): Promise<void> {
    const { session, restorer } = this.#trial;
    try {
      await session.transcript.without(() => restorer.afterCase());
      // In-process subjects may never let timers and signals have their turn otherwise.
      await nextTurn();
    } catch (error) {
      this.#isBroken(error);
    }
  }

  #isBroken(error: unknown): unknown {
    this.#broken ??= { error };
    return error;
  }

  /** What is asked for after that passes at once, which ends the search. */
  #isOver(): boolean {
    return (
      this.#settings.signal?.aborted === true ||
      this.#broken !== undefined ||
      this.#trial.session.isDead ||
      this.#shrinkingCases >= MAX_SHRINKING_CASES
    );
  }

  #result(seed: number, path: string): PropertyResult {
    const { name: property, promise, source } = this.#definition;
    const coverage = this.#coverage ?? Object.fromEntries(this.#trial.coverage);
    const facts = { property, promise, source, runs: this.#cases, coverage };
    if (this.#failure !== undefined) {
      const { message, entries } = this.#failure;
      const script = scriptOf(entries, this.#trial.subject, (name) => this.#trial.label(name));
      return { ...facts, verdict: 'failed', counterexample: { seed, path, script, message } };
    }
    const reason = this.#vacuous();
    return reason === undefined
      ? { ...facts, verdict: 'passed' }
      : { ...facts, verdict: 'skipped', reason };
  }

  #vacuous(): string | undefined {
    if (this.#settings.signal?.aborted === true) return 'stopped before the end';
    if (this.#cases === 0) return 'no case decided anything: what it needs changes all the time';
    const missed = this.#definition.mustReach?.filter((label) => !this.#trial.coverage.has(label));
    if (missed === undefined || missed.length === 0) return undefined;
    const seen = [...this.#trial.coverage].map(
      ([label, count]) => `${label} ${counted(count, 'time')}`,
    );
    return `it was never reached: ${missed.join(', ')}${seen.length > 0 ? ` (but ${seen.join(', ')})` : ''}`;
  }
}
