import { describe, expect, it } from 'vitest';
import { getInitialSnapshot, getNextSnapshot, type EventFrom, type SnapshotFrom } from 'xstate';
import { subtreeMachine } from '../../../src/subtree/index.js';

type Snapshot = SnapshotFrom<typeof subtreeMachine>;
type Event = EventFrom<typeof subtreeMachine>['type'];

const EVENTS: readonly Event[] = [
  'start.completed',
  'instrumentation.failed',
  'lifecycle.stop',
  'drain.completed',
];

/** Everything reachable, with the transitions that were taken on the way. */
function explore(): { places: Map<string, Snapshot>; taken: string[] } {
  const first = getInitialSnapshot(subtreeMachine);
  const places = new Map<string, Snapshot>([[first.value, first]]);
  const taken: string[] = [];
  for (const from of places.values()) {
    for (const type of EVENTS) {
      if (from.status !== 'active' || !from.can({ type })) continue;
      const to = getNextSnapshot(subtreeMachine, from, { type });
      taken.push(`${from.value} ${type} ${to.value}`);
      if (!places.has(to.value)) places.set(to.value, to);
    }
  }
  return { places, taken };
}

describe("the chart of a subtree's incarnation", () => {
  it('has no state that cannot be reached', () => {
    expect([...explore().places.keys()].toSorted()).toEqual(
      Object.keys(subtreeMachine.states).toSorted(),
    );
  });

  it('has these transitions and takes each of them', () => {
    expect(explore().taken).toEqual([
      'starting start.completed serving',
      'starting instrumentation.failed crashed',
      'starting lifecycle.stop draining',
      'serving instrumentation.failed crashed',
      'serving lifecycle.stop draining',
      'draining instrumentation.failed crashed',
      'draining drain.completed stopped',
    ]);
    const nodes = [subtreeMachine.root, ...Object.values(subtreeMachine.states)];
    const declared = nodes.flatMap((node) => [...node.transitions.keys()]);
    const events = new Set(explore().taken.map((line) => line.split(' ')[1]));
    expect(new Set(declared)).toEqual(events);
    // All but the root's one, which is taken from three states.
    expect(explore().taken).toHaveLength(declared.length - 1 + 3);
  });

  it('crashes from wherever it is alive', () => {
    const alive = [...explore().places.values()].filter(({ status }) => status === 'active');
    expect(alive).toHaveLength(3);
    for (const place of alive) {
      const after = getNextSnapshot(subtreeMachine, place, { type: 'instrumentation.failed' });
      expect([after.value, after.status]).toEqual(['crashed', 'done']);
    }
  });
});
