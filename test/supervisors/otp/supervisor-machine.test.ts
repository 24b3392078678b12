import { describe, expect, it } from 'vitest';
import { CRASH } from './stage.js';
import {
  enterSupervisor,
  stepSupervisor,
  supervisorMachine,
  type SupervisorEvent,
  type SupervisorSnapshot,
} from '../../../supervisors/otp/supervisor-machine.js';

const child = {
  id: 'a',
  restart: 'permanent',
  significant: false,
  othersSignificant: false,
} as const;
const exited = { type: 'child.exited', id: 'a', child, reason: CRASH, nowMs: 0 } as const;
const leaving = { ...child, restart: 'transient' } as const;
const shutdown = { kind: 'shutdown' } as const;

const events: readonly SupervisorEvent[] = [
  { type: 'children.started' },
  { type: 'start.failed', error: 'no' },
  exited,
  { ...exited, child: leaving, reason: shutdown },
  { ...exited, child: { ...leaving, significant: true }, reason: shutdown },
  { type: 'restart.completed' },
  { type: 'restart.failed', id: 'a' },
  { type: 'retry.due', id: 'a', nowMs: 0 },
  { type: 'children.stopped' },
  { type: 'lifecycle.stop', reason: shutdown },
  { type: 'lifecycle.kill', reason: { kind: 'killed' } },
];

const limits = { intensity: 1, periodMs: 10, autoShutdown: 'anySignificant' } as const;

/** Everything reachable with the events above; equal state and equal count are one place. */
function explore(): { places: SupervisorSnapshot[]; taken: Set<unknown> } {
  const places = [enterSupervisor(limits).snapshot];
  const known = new Set<string>();
  const taken = new Set<unknown>();
  for (const from of places) {
    for (const event of events) {
      if (from.status === 'active') {
        for (const chosen of supervisorMachine.getTransitionData(from, event)) taken.add(chosen);
      }
      const { snapshot } = stepSupervisor(from, event);
      const key = `${snapshot.value} ${snapshot.context.restartsMs.length}`;
      if (known.has(key)) continue;
      known.add(key);
      places.push(snapshot);
    }
  }
  return { places, taken };
}

describe('the chart of a supervisor', () => {
  it('has no state that cannot be reached', () => {
    const reached = new Set(explore().places.map((place) => place.value));
    expect([...reached].toSorted()).toEqual(Object.keys(supervisorMachine.states).toSorted());
  });

  it('has no transition that is never taken', () => {
    const { taken } = explore();
    const nodes = [supervisorMachine.root, ...Object.values(supervisorMachine.states)];
    const all = nodes.flatMap((node) => [...node.transitions.values()].flat());
    const missed = all.filter((definition) => !taken.has(definition));
    expect(missed.map((definition) => `${definition.source.key}: ${definition.eventType}`)).toEqual(
      [],
    );
    expect(all.length).toBe(14);
  });

  it('orders the start when it begins and the exit when it ends', () => {
    const begin = enterSupervisor(limits);
    expect(begin.orders.map((order) => order.type)).toEqual(['startChildren']);
    const killed = stepSupervisor(begin.snapshot, { type: 'lifecycle.kill', reason: CRASH });
    expect(killed.orders.map((order) => order.type)).toEqual(['killChildren', 'announceExit']);
    expect(killed.snapshot.context.exitReason).toEqual(CRASH);
  });

  it('does nothing any more once it has ended', () => {
    const ends = explore().places.filter((place) => place.status === 'done');
    expect(ends.length).toBeGreaterThan(1);
    for (const end of ends) {
      for (const event of events) {
        expect(stepSupervisor(end, event)).toEqual({ snapshot: end, orders: [] });
      }
    }
  });
});
