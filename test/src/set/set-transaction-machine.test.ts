import { describe, expect, it } from 'vitest';
import { getInitialSnapshot, getNextSnapshot } from 'xstate';
import { SET_TRANSACTION_EVENTS, setTransactionMachine } from '../../../src/set/index.js';
import {
  setTransactionChart,
  type SetTransactionState,
} from '../../../src/set/set-transaction-machine.js';

type Step = readonly [from: SetTransactionState, event: string, to: SetTransactionState];

/** Every path from the beginning to an end. */
function paths(): Step[][] {
  const complete: Step[][] = [];
  const walk = (state: SetTransactionState, before: Step[]): void => {
    const steps = SET_TRANSACTION_EVENTS.filter(
      (event) => event in (setTransactionMachine.states[state]?.config.on ?? {}),
    );
    if (steps.length === 0) complete.push(before);
    for (const event of steps) {
      const to = setTransactionChart.next(state, event);
      walk(to, [...before, [state, event, to]]);
    }
  };
  walk(setTransactionChart.initial, []);
  return complete;
}

describe('the chart of a SET', () => {
  it('has these ways from the request to one of four words, and no other [docs/set.md 4]', () => {
    expect(paths().map((path) => [path[0]?.[0], ...path.map(([, , to]) => to)].join(' '))).toEqual([
      'voting preparing applying persisting committed',
      'voting preparing applying persisting undoing rolledBack',
      'voting preparing applying persisting undoing inDoubt',
      'voting preparing applying undoing rolledBack',
      'voting preparing applying undoing inDoubt',
      'voting preparing releasing refused',
      'voting releasing refused',
    ]);
  });

  it('has no state that cannot be reached and no transition that is never taken', () => {
    const steps = paths().flat();
    const reached = new Set([setTransactionChart.initial, ...steps.map(([, , to]) => to)]);
    expect([...reached].toSorted()).toEqual(Object.keys(setTransactionMachine.states).toSorted());
    const taken = new Set(steps.map(([from, event]) => `${from}: ${event}`));
    const all = Object.values(setTransactionMachine.states).flatMap((node) =>
      [...node.transitions.keys()].map((event) => `${node.key}: ${event}`),
    );
    expect([...taken].toSorted()).toEqual(all.toSorted());
  });

  it('ends in final states only', () => {
    for (const path of paths()) {
      const [, , end] = path.at(-1) as Step;
      expect(setTransactionMachine.states[end]?.type).toBe('final');
    }
  });

  it('is compiled to what XState does with it', () => {
    for (const path of paths()) {
      let snapshot = getInitialSnapshot(setTransactionMachine);
      for (const [from, event, to] of path) {
        expect(snapshot.value).toBe(from);
        snapshot = getNextSnapshot(setTransactionMachine, snapshot, { type: event } as never);
        expect(snapshot.value).toBe(to);
      }
      expect(snapshot.status).toBe('done');
    }
  });

  it('takes no event where it has no transition for it', () => {
    expect(() => setTransactionChart.next('voting', 'set.completed')).toThrow('no set.completed');
    expect(() => setTransactionChart.next('committed', 'votes.accepted')).toThrow();
  });
});
