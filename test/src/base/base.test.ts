import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertNever,
  callForeign,
  describeThrown,
  Emitter,
  inOrder,
  invariant,
  InvariantViolation,
  isPromiseLike,
  SimulatedClock,
  SnmpError,
  type ForeignOutcome,
} from '../../../src/base/index.js';
import { runs } from '../../support/arbitraries.js';

/** Calls foreign code and keeps how it settled, and how often an answer came too late. */
function foreign<Value>(
  call: () => Value | PromiseLike<Value>,
  deadlineMs = 100,
): {
  readonly outcomes: ForeignOutcome<Value>[];
  readonly clock: SimulatedClock;
  late: number;
  abort(): void;
} {
  const clock = new SimulatedClock();
  const seen = {
    outcomes: [] as ForeignOutcome<Value>[],
    clock,
    late: 0,
    abort: (): void => undefined,
  };
  const handle = callForeign(
    call,
    deadlineMs,
    clock,
    (outcome) => void seen.outcomes.push(outcome),
    () => {
      seen.late += 1;
    },
  );
  seen.abort = () => handle.abort();
  return seen;
}

describe('a call of foreign code', () => {
  it('settles in the same turn where the answer is there', () => {
    const returned = foreign(() => 5);
    expect(returned.outcomes).toEqual([{ kind: 'returned', value: 5 }]);
    const error = new Error('no');
    const threw = foreign(() => {
      throw error;
    });
    expect(threw.outcomes).toEqual([{ kind: 'threw', error }]);
    threw.abort();
    expect(threw.outcomes).toHaveLength(1);
    expect(returned.clock.pendingTimers).toBe(0);
  });

  it('settles once, by answer, deadline or abort, whichever is first', async () => {
    const answered = foreign(() => Promise.resolve(5));
    await answered.clock.advanceAsync(0);
    answered.clock.advance(1000);
    answered.abort();
    expect(answered.outcomes).toEqual([{ kind: 'returned', value: 5 }]);

    let resolve: (value: number) => void = () => undefined;
    const slow = foreign(() => new Promise<number>((settle) => (resolve = settle)), 50);
    await slow.clock.advanceAsync(49);
    expect(slow.outcomes).toEqual([]);
    await slow.clock.advanceAsync(1);
    expect(slow.outcomes).toEqual([{ kind: 'deadline' }]);
    resolve(5);
    await slow.clock.advanceAsync(0);
    expect(slow.outcomes).toHaveLength(1);
    expect(slow.late).toBe(1);

    const aborted = foreign(() => new Promise<number>(() => undefined));
    aborted.abort();
    aborted.abort();
    expect(aborted.outcomes).toEqual([{ kind: 'aborted' }]);
    expect(aborted.clock.pendingTimers).toBe(0);
  });

  it('tames thenables that throw or call back twice', async () => {
    const then = (done?: ((value: number) => unknown) | null): never => {
      done?.(1);
      done?.(2);
      throw new Error('after');
    };
    // oxlint-disable-next-line unicorn/no-thenable
    const twice = foreign<number>(() => Object.assign({}, { then }));
    await twice.clock.advanceAsync(0);
    expect(twice.outcomes).toEqual([{ kind: 'returned', value: 1 }]);
  });
});

describe('Emitter', () => {
  it('keeps listeners from each other and from whoever emits', async () => {
    const emitter = new Emitter<{ news: [value: number] }>();
    const seen: number[] = [];
    emitter.on('news', () => {
      throw new Error('first');
    });
    emitter.on('news', () => Promise.reject(new Error('second')));
    const off = emitter.on('news', (value) => void seen.push(value));
    emitter.once('news', (value) => void seen.push(value * 10));
    emitter.emit('news', 1);
    emitter.emit('news', 2);
    off();
    emitter.emit('news', 3);
    await new SimulatedClock().advanceAsync(0);
    expect(seen).toEqual([1, 10, 2]);
    expect(emitter.failures).toBe(6);
    expect(emitter.listenerCount('news')).toBe(2);
    emitter.removeAllListeners();
    expect(emitter.listenerCount('news')).toBe(0);
  });
});

describe('SimulatedClock', () => {
  it('fires timers in the order of their times, and of their starts [LIM-016]', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 20 }),
        fc.nat(60),
        (timers, byMs) => {
          const clock = new SimulatedClock(1000);
          const fired: number[] = [];
          const handles = timers.map(([delayMs], i) =>
            clock.startTimer(delayMs, () => {
              expect(clock.nowMs()).toBe(1000 + delayMs);
              fired.push(i);
            }),
          );
          timers.forEach(([, isCancelled], i) => {
            if (isCancelled) handles[i]?.cancel();
          });
          clock.advance(byMs);
          const expected = timers
            .map(([delayMs, isCancelled], i) => ({ delayMs, isCancelled, i }))
            .filter(({ delayMs, isCancelled }) => !isCancelled && delayMs <= byMs)
            .sort((left, right) => left.delayMs - right.delayMs || left.i - right.i);
          expect(fired).toEqual(expected.map(({ i }) => i));
          expect(clock.nowMs()).toBe(1000 + byMs);
        },
      ),
      runs(300),
    );
  });

  it('fires what a timer starts on the way', async () => {
    const clock = new SimulatedClock();
    const fired: number[] = [];
    clock.startTimer(10, () => {
      fired.push(1);
      clock.startTimer(10, () => void fired.push(2));
    });
    await clock.advanceAsync(20);
    expect(fired).toEqual([1, 2]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('inOrder', () => {
  it('runs steps one after another, a hundred thousand of them without a stack', () => {
    let done = 0;
    let steps = 0;
    inOrder(
      Array.from({ length: 100_000 }),
      (_item, next) => {
        steps += 1;
        next();
      },
      () => {
        done += 1;
      },
    );
    expect([steps, done]).toEqual([100_000, 1]);
  });

  it('waits for a step that answers later, and ends where one says so', () => {
    const waiting: ((goOn?: boolean) => void)[] = [];
    const started: number[] = [];
    let done = 0;
    inOrder(
      [1, 2, 3],
      (item, next) => {
        started.push(item);
        waiting.push(next);
      },
      () => {
        done += 1;
      },
    );
    waiting[0]?.();
    expect(started).toEqual([1, 2]);
    waiting[1]?.(false);
    expect([started.length, done]).toEqual([2, 1]);
  });
});

describe('errors', () => {
  it('have codes, causes and text that never fails', () => {
    const cause = new Error('why');
    const error = new SnmpError('SNMP_TEST', 'text', { cause });
    expect(error).toMatchObject({ code: 'SNMP_TEST', message: 'text', cause, name: 'SnmpError' });
    expect(() => invariant(false, 'broken')).toThrow(InvariantViolation);
    expect(() => invariant(true, 'fine')).not.toThrow();
    expect(() => assertNever('x' as never)).toThrow(InvariantViolation);
    const circular: { self?: unknown } = {};
    circular.self = circular;
    for (const thrown of [cause, 'text', 5, undefined, null, circular, 5n, Symbol('x')]) {
      expect(describeThrown(thrown).length).toBeGreaterThan(0);
    }
    expect([{}, null, 5, 'then', () => 1].some(isPromiseLike)).toBe(false);
  });
});
