import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SETS_KEPT_TOGETHER, SetQueue, type QueuedSet } from '../../../src/set/index.js';
import { runs } from '../../support/arbitraries.js';

interface Entry extends QueuedSet {
  readonly name: string;
}

/** A queue whose SETs write down when they start; they end when told to. */
function stage(maxWaiting = 256) {
  const queue = new SetQueue(maxWaiting);
  const started: string[] = [];
  const set = (name: string, ...participants: readonly string[]): Entry => ({
    name,
    participants: new Set(participants),
    start: () => void started.push(name),
    isBeingKept: false,
    join: () => false,
  });
  const end = (...ended: readonly QueuedSet[]): void => {
    for (const one of ended) {
      queue.finished(one);
      queue.startWaiting();
    }
  };
  return { queue, started, set, end };
}

describe('the order of SETs', () => {
  it('starts a SET at once where nobody is in its way [SET-052]', () => {
    const { queue, started, set } = stage();
    expect(queue.admit(set('1', 'a'))).toBe('started');
    expect(queue.admit(set('2', 'b', 'c'))).toBe('started');
    expect(started).toEqual(['1', '2']);
    expect([queue.running, queue.waiting]).toEqual([2, 0]);
  });

  it('runs those that share a subtree one after another, in order of arrival [SET-053, PR-16]', () => {
    const { queue, started, set, end } = stage();
    const sets = ['1', '2', '3'].map((name) => set(name, 'a'));
    expect(sets.map((one) => queue.admit(one))).toEqual(['started', 'queued', 'queued']);
    end(...sets);
    expect(started).toEqual(['1', '2', '3']);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('lets nobody overtake an earlier one that waits: none starves [docs/set.md 4]', () => {
    const { queue, started, set, end } = stage();
    const first = set('1', 'a');
    queue.admit(first);
    queue.admit(set('2', 'a', 'b'));
    // b is free, but the second is to have it first.
    expect(queue.admit(set('3', 'b'))).toBe('queued');
    expect(queue.admit(set('4', 'c'))).toBe('started');
    expect(started).toEqual(['1', '4']);
    end(first);
    expect(started).toEqual(['1', '4', '2']);
  });

  it('answers crossing SETs without a deadlock [SET-054, PR-18]', () => {
    const { queue, started, set, end } = stage();
    const first = set('1', 'a', 'b');
    const second = set('2', 'b', 'a');
    queue.admit(first);
    queue.admit(second);
    end(first, second);
    expect(started).toEqual(['1', '2']);
  });

  it('starts all that waited for the one that ended [docs/set.md 4]', () => {
    const { queue, started, set, end } = stage();
    const first = set('1', 'a', 'b');
    queue.admit(first);
    queue.admit(set('2', 'a'));
    queue.admit(set('3', 'b'));
    end(first);
    expect(started).toEqual(['1', '2', '3']);
  });

  it('is full when so many wait; one that need not wait is taken all the same [docs/set.md 4]', () => {
    const { queue, set } = stage(2);
    const names = ['1', '2', '3', '4'];
    expect(names.map((name) => queue.admit(set(name, 'a')))).toEqual([
      'started',
      'queued',
      'queued',
      'full',
    ]);
    expect(queue.admit(set('5', 'b'))).toBe('started');
    expect([queue.running, queue.waiting]).toEqual([2, 2]);
  });

  it('lets nobody wait where nobody may', () => {
    const { queue, set } = stage(0);
    expect([queue.admit(set('1', 'a')), queue.admit(set('2', 'a'))]).toEqual(['started', 'full']);
  });

  /**
   * Invariant: a SET runs only while no earlier one that shares a participant runs or waits; every
   * admitted one starts. Model: arrival order and a scan over it.
   */
  it('starts every SET, never two at once that share a participant unless they are kept together, none before an earlier one', () => {
    const participants = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), {
      minLength: 1,
      maxLength: 3,
    });
    const set = fc.record({ touches: participants, setsAtOnce: fc.boolean() });
    const steps = fc.array(fc.oneof(set, fc.nat(7)), { minLength: 1, maxLength: 60 });
    let waited = 0;
    let joined = 0;
    let cases = 0;
    fc.assert(
      fc.property(steps, (given) => {
        cases += 1;
        const queue = new SetQueue(256);
        const arrived: {
          readonly touches: readonly string[];
          readonly setsAtOnce: boolean;
          state: 'waits' | 'runs' | 'ended';
        }[] = [];
        const sets: QueuedSet[] = [];
        /** Those before it that have to end before it starts. */
        const inItsWay = (at: number): typeof arrived =>
          arrived
            .slice(0, at)
            .filter(
              ({ touches, state }) =>
                state !== 'ended' && touches.some((one) => arrived[at]?.touches.includes(one)),
            );
        const end = (which: number): void => {
          const running = arrived.filter(({ state }) => state === 'runs');
          const chosen = running[which % running.length];
          if (chosen === undefined) return;
          chosen.state = 'ended';
          queue.finished(sets[arrived.indexOf(chosen)] as QueuedSet);
          queue.startWaiting();
        };
        const check = (): void => {
          for (const [at, { state, setsAtOnce }] of arrived.entries()) {
            if (state === 'ended') continue;
            const others = inItsWay(at);
            if (others.length === 0) expect(state).toBe('runs');
            if (state === 'waits') continue;
            const areKeptWithIt = others.every((one) => one.state === 'runs' && one.setsAtOnce);
            expect(others.length === 0 || (setsAtOnce && areKeptWithIt)).toBe(true);
          }
        };
        for (const step of given) {
          if (typeof step === 'number') end(step);
          else {
            const entry: (typeof arrived)[number] = { ...step, state: 'waits' };
            arrived.push(entry);
            const set: QueuedSet = {
              participants: new Set(step.touches),
              start: () => {
                entry.state = 'runs';
              },
              isBeingKept: step.setsAtOnce,
              join: () => {
                if (!step.setsAtOnce) return false;
                joined += 1;
                entry.state = 'runs';
                return true;
              },
            };
            sets.push(set);
            if (queue.admit(set) === 'queued') waited += 1;
          }
          check();
        }
        for (let i = 0; i < arrived.length; i++) end(0);
        expect(arrived.every(({ state }) => state === 'ended')).toBe(true);
        expect([queue.running, queue.waiting]).toEqual([0, 0]);
      }),
      runs(300),
    );
    expect(waited / cases).toBeGreaterThan(1);
    expect(joined / cases).toBeGreaterThan(0.05);
  });

  it('keeps so many together and no more: who reads waits for them all [docs/set.md 4]', () => {
    const { queue, started, set } = stage();
    const keepable = (name: string): QueuedSet => ({
      ...set(name, 'a'),
      isBeingKept: true,
      join: () => started.push(name) > 0,
    });
    const first = keepable('first');
    queue.admit(first);
    for (let i = 0; i < MAX_SETS_KEPT_TOGETHER + 5; i++) queue.admit(keepable(`${i}`));
    expect(started).toEqual(['first']);
    queue.finished(first);
    queue.startWaiting();
    expect([started.length - 1, queue.running, queue.waiting]).toEqual([
      MAX_SETS_KEPT_TOGETHER,
      MAX_SETS_KEPT_TOGETHER,
      5,
    ]);
  });
});
