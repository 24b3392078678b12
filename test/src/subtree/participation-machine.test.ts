import { describe, expect, it } from 'vitest';
import { compileChart } from '../../../src/set/index.js';
import { PARTICIPATION_EVENTS, participationMachine } from '../../../src/subtree/index.js';

const STATES = Object.keys(participationMachine.states);

describe('the chart of a subtree in a SET', () => {
  const chart = compileChart<string, string>(participationMachine, PARTICIPATION_EVENTS);

  it('has these transitions and no other', () => {
    const taken = STATES.flatMap((state) =>
      PARTICIPATION_EVENTS.filter((event) => chart.accepts(state, event)).map(
        (event) => `${state} ${event} ${chart.next(state, event)}`,
      ),
    );
    expect(chart.initial).toBe('idle');
    expect(taken).toEqual([
      'idle set.asked reserved',
      'reserved set.applied applied',
      'reserved set.ended idle',
      'applied set.ended idle',
    ]);
  });

  it('cannot be applied by a SET that did not ask first', () => {
    expect(chart.accepts('idle', 'set.applied')).toBe(false);
    expect(() => chart.next('idle', 'set.applied')).toThrow(/no set.applied in idle/);
  });
});
