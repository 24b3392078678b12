import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { WaitingRoom } from '../../../src/subtree/waiting-room.js';

function stage() {
  const clock = new SimulatedClock();
  const room = new WaitingRoom(clock);
  const told: string[] = [];
  let isOpen = false;
  return {
    clock,
    room,
    told,
    set isOpen(value: boolean) {
      isOpen = value;
    },
    wait: (name: string, deadlineMs = 100) =>
      room.wait(
        () => isOpen,
        deadlineMs,
        (isMet) => void told.push(`${name} ${isMet}`),
      ),
  };
}

describe('waiting for a subtree', () => {
  it('takes no time where there is nothing to wait for', () => {
    const s = stage();
    s.isOpen = true;
    s.wait('a');
    expect(s.told).toEqual(['a true']);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('ends in order of arrival, without a timer left, when it is time', () => {
    const s = stage();
    s.wait('a');
    s.wait('b');
    s.room.look();
    expect(s.told).toEqual([]);
    s.isOpen = true;
    s.room.look();
    expect(s.told).toEqual(['a true', 'b true']);
    expect(s.clock.pendingTimers).toBe(0);
    s.room.look();
    expect(s.told).toHaveLength(2);
  });

  it('ends at the deadline of each [docs/set.md 4]', () => {
    const s = stage();
    s.wait('a', 20);
    s.wait('b', 10);
    s.clock.advance(10);
    expect(s.told).toEqual(['b false']);
    s.isOpen = true;
    s.room.look();
    s.clock.advance(100);
    expect(s.told).toEqual(['b false', 'a true']);
  });

  it('ends for all when there is nothing to wait for any more', () => {
    const s = stage();
    s.wait('a');
    s.wait('b');
    s.room.dismiss();
    expect(s.told).toEqual(['a false', 'b false']);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('calls everybody whose time had come, also where the first one changes it back', () => {
    const s = stage();
    const told: string[] = [];
    let isOpen = false;
    for (const name of ['a', 'b']) {
      s.room.wait(
        () => isOpen,
        100,
        (isMet) => {
          told.push(`${name} ${isMet} ${isOpen}`);
          isOpen = false;
        },
      );
    }
    isOpen = true;
    s.room.look();
    expect(told).toEqual(['a true true', 'b true false']);
  });
});
