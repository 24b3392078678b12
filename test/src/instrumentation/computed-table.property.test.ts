import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genErr, type ReadError } from '../../../src/instrumentation/answers.js';
import { table } from '../../../src/instrumentation/table.js';
import { nextTurn } from '../../../src/base/turn.js';
import { runs } from '../../support/arbitraries.js';
import { context, environment, INTEGER, integer, runSet, tableObject } from './definitions.js';

/** Which reading a reader was given, or how it failed. */
type Told = number | 'fault' | 'threw';
type Ending = 'rows' | 'genErr' | 'throw';

interface Terms {
  readonly maxAgeMs: number;
  readonly maxStaleMs: number;
  readonly onFailure: 'genErr' | 'keep';
  readonly refreshDeadlineMs: number;
}

type Step =
  | { readonly do: 'read' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'end'; readonly which: number; readonly by: Ending }
  | { readonly do: 'set' | 'restart' };

interface ModelRefresh {
  readonly reading: number;
  readonly dueMs: number;
  readonly readers: number[];
  isOpen: boolean;
}

/** The promise of the docstring, told the plain way. */
class Model {
  readonly told: (Told | 'waits')[] = [];
  readonly started: ModelRefresh[] = [];
  nowMs = 0;
  wasStale = false;
  wasKept = false;
  wasGivenUp = false;
  readonly #terms: Terms;
  #rows: { readonly reading: number; readonly atMs: number } | undefined;
  #failedMs = Number.NEGATIVE_INFINITY;
  #current: ModelRefresh | undefined;

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  read(): void {
    const { maxAgeMs, maxStaleMs, onFailure, refreshDeadlineMs } = this.#terms;
    const rows = this.#rows;
    const ageMs = rows === undefined ? Number.POSITIVE_INFINITY : this.nowMs - rows.atMs;
    if (rows !== undefined && (ageMs < maxAgeMs || this.nowMs - this.#failedMs < maxAgeMs)) {
      this.told.push(rows.reading);
      return;
    }
    const isStale = maxStaleMs > 0 && ageMs <= maxAgeMs + maxStaleMs;
    if (this.#current === undefined) {
      const isCovered = rows !== undefined && (isStale || onFailure === 'keep');
      const dueMs = isCovered ? this.nowMs + refreshDeadlineMs : Number.POSITIVE_INFINITY;
      this.#current = { reading: this.started.length + 1, dueMs, readers: [], isOpen: true };
      this.started.push(this.#current);
    }
    if (isStale && rows !== undefined) {
      this.wasStale = true;
      this.told.push(rows.reading);
    } else {
      this.#current.readers.push(this.told.push('waits') - 1);
    }
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    const due = this.started.filter(({ isOpen, dueMs }) => isOpen && dueMs <= untilMs);
    for (const refresh of due.toSorted((left, right) => left.dueMs - right.dueMs)) {
      this.nowMs = refresh.dueMs;
      this.wasGivenUp = true;
      this.#close(refresh, 'fault');
    }
    this.nowMs = untilMs;
  }

  end(reading: number, by: Ending): void {
    const refresh = this.started[reading - 1];
    if (refresh?.isOpen !== true) return;
    if (by !== 'rows') {
      this.#close(refresh, by === 'genErr' ? 'fault' : 'threw');
      return;
    }
    if (this.#current === refresh) {
      this.#rows = { reading, atMs: this.nowMs };
      this.#failedMs = Number.NEGATIVE_INFINITY;
    }
    this.#answer(refresh, reading);
  }

  invalidate(): void {
    this.#rows = undefined;
    this.#failedMs = Number.NEGATIVE_INFINITY;
    this.#current = undefined;
  }

  restart(): void {
    this.invalidate();
    for (const refresh of this.started) {
      if (refresh.isOpen && refresh.dueMs < Number.POSITIVE_INFINITY) this.#close(refresh, 'fault');
    }
  }

  get timers(): number {
    return this.started.filter(({ isOpen, dueMs }) => isOpen && dueMs < Number.POSITIVE_INFINITY)
      .length;
  }

  #close(refresh: ModelRefresh, failure: 'fault' | 'threw'): void {
    const isCovered = refresh.dueMs < Number.POSITIVE_INFINITY;
    if (this.#current !== refresh || !isCovered) {
      this.#answer(refresh, failure);
      return;
    }
    if (this.#terms.onFailure === 'keep' && this.#rows !== undefined) {
      this.wasKept = true;
      this.#failedMs = this.nowMs;
      this.#answer(refresh, this.#rows.reading);
      return;
    }
    this.#rows = undefined;
    this.#answer(refresh, failure);
  }

  #answer(refresh: ModelRefresh, told: Told): void {
    refresh.isOpen = false;
    if (this.#current === refresh) this.#current = undefined;
    for (const reader of refresh.readers) this.told[reader] = told;
  }
}

const DEFINITION = tableObject(
  {
    index: { syntax: INTEGER, access: 'not-accessible' },
    reading: { syntax: INTEGER, access: 'read-write' },
  },
  ['index'],
);

const milliseconds = fc.nat({ max: 12 });
const termsOf: fc.Arbitrary<Terms> = fc.record({
  maxAgeMs: milliseconds,
  maxStaleMs: milliseconds,
  onFailure: fc.constantFrom('genErr', 'keep'),
  refreshDeadlineMs: fc.integer({ min: 1, max: 12 }),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step>({ do: 'read' }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: milliseconds }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        // Mostly the last one that was begun.
        which: fc.oneof(fc.constant(0), fc.nat({ max: 3 })),
        by: fc.constantFrom<Ending>('rows', 'rows', 'genErr', 'throw'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('set' as const, 'restart' as const) }),
    },
  ),
  { maxLength: 60, size: 'max' },
);

/** The table, with every reading in the test's hand. */
function stage(terms: Terms) {
  const at = environment();
  const told: (Told | 'waits')[] = [];
  const readings: ((by: Ending) => void)[] = [];
  const spec = table.computed({
    ...terms,
    rows: () =>
      new Promise<object[] | ReadError>((resolve, reject) => {
        const reading = readings.length + 1;
        readings.push((by) => {
          if (by === 'throw') reject(new Error('no /proc'));
          else resolve(by === 'genErr' ? genErr : [{ index: 1, reading }]);
        });
      }),
    set: () => 'noError',
  });
  const object = spec.bind(DEFINITION, at);
  const listen = (reader: number, returned: unknown): void => {
    const [answer] = object.interpretRow(returned, [2]);
    told[reader] = answer?.type === 'Integer32' ? answer.value : 'fault';
  };
  const read = (): void => {
    const reader = told.push('waits') - 1;
    const returned = object.readRow([1], [2], context());
    if (!(returned instanceof Promise)) {
      listen(reader, returned);
      return;
    }
    void returned.then(
      (value) => listen(reader, value),
      () => (told[reader] = 'threw'),
    );
  };
  return { at, told, readings, object, read };
}

describe('rows that are read from elsewhere', () => {
  it('are by every order of reads, endings, failures and delays what their terms say', async () => {
    const seen = { stale: 0, kept: 0, givenUp: 0 };
    await fc.assert(
      fc.asyncProperty(termsOf, steps, async (terms, sequence) => {
        const { at, told, readings, object, read } = stage(terms);
        const model = new Model(terms);
        for (const step of sequence) {
          if (step.do === 'read') {
            read();
            model.read();
          } else if (step.do === 'pass') {
            at.clock.advance(step.ms);
            model.pass(step.ms);
          } else if (step.do === 'end') {
            const reading = readings.length - step.which;
            readings[reading - 1]?.(step.by);
            model.end(reading, step.by);
          } else if (step.do === 'set') {
            const write = { object, column: 'reading', rowIndex: [1], value: integer(1) };
            expect(await runSet([write])).toMatchObject({ errorStatus: 'noError' });
            model.invalidate();
          } else {
            object.destroy(context());
            object.create(context());
            model.restart();
          }
          await nextTurn();
          expect(told).toEqual(model.told);
          expect(readings.length).toBe(model.started.length);
          expect(at.clock.pendingTimers).toBe(model.timers);
        }
        object.rest?.();
        expect(at.clock.pendingTimers).toBe(0);
        seen.stale += Number(model.wasStale);
        seen.kept += Number(model.wasKept);
        seen.givenUp += Number(model.wasGivenUp);
      }),
      runs(300),
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(10);
  });
});
