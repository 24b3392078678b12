import { describe, expect, it } from 'vitest';
import { REPEAT_WINDOW_MS, RepeatedSets } from '../../../src/agent/repeated-sets.js';
import { SimulatedClock } from '../../../src/base/index.js';
import type { Request } from '../../../src/dispatch/index.js';

/** Only what tells one SET from another. */
function request(octets: string, port = 1, address = '192.0.2.1'): Request {
  return {
    identity: Buffer.from(octets),
    requester: { version: 'v2c', securityName: 'x', address, port },
  } as unknown as Request;
}

function stage() {
  const clock = new SimulatedClock();
  const sets = new RepeatedSets(clock);
  return {
    clock,
    sets,
    /** Meets it; answers it at once where it is new. */
    meet: (met: Request, response?: string) => {
      const repetition = sets.meet(met);
      if (repetition.kind === 'new' && response !== undefined) {
        sets.answered(met, Buffer.from(response));
      }
      return repetition.kind === 'answered' ? repetition.response.toString() : repetition.kind;
    },
  };
}

describe('SETs that are sent again', () => {
  it('are known by source and all octets, for 5 s after the first [docs/set.md 4]', () => {
    const s = stage();
    expect(s.meet(request('a'), 'A')).toBe('new');
    expect(s.meet(request('a'))).toBe('A');
    expect(s.meet(request('a', 2), 'other')).toBe('new');
    expect(s.meet(request('a', 1, '192.0.2.2'), 'other')).toBe('new');
    expect(s.meet(request('b'), 'B')).toBe('new');
    s.clock.advance(REPEAT_WINDOW_MS);
    expect([s.meet(request('a')), s.meet(request('b'))]).toEqual(['A', 'B']);
    s.clock.advance(1);
    expect(s.meet(request('a'), 'again')).toBe('new');
    expect(s.meet(request('a'))).toBe('again');
    expect(s.sets.repeated).toBe(4);
  });

  it('get nothing while the first is under way', () => {
    const s = stage();
    const first = request('a');
    expect([s.meet(first), s.meet(request('a'))]).toEqual(['new', 'underWay']);
    s.sets.answered(first, Buffer.from('A'));
    expect(s.meet(request('a'))).toBe('A');
  });

  it('may be tried again where the first got no response', () => {
    const s = stage();
    const first = request('a');
    s.meet(first);
    s.sets.answered(first, undefined);
    expect(s.meet(request('a'))).toBe('new');
  });

  it('never get the response of another one that took longer than 5 s', () => {
    const s = stage();
    const [first, second] = [request('a'), request('a')];
    s.meet(first);
    s.clock.advance(REPEAT_WINDOW_MS + 1);
    expect(s.meet(second)).toBe('new');
    s.sets.answered(first, Buffer.from('first'));
    expect(s.meet(request('a'))).toBe('underWay');
    s.sets.answered(second, Buffer.from('second'));
    expect(s.meet(request('a'))).toBe('second');
  });

  it('are forgotten, the oldest first, where there are too many', () => {
    const s = stage();
    for (let i = 0; i < 4097; i++) s.meet(request(`set ${i}`), 'x');
    expect(s.meet(request('set 4096'))).toBe('x');
    expect(s.meet(request('set 0'))).toBe('new');
  });

  it('are forgotten where they take too much memory', () => {
    const s = stage();
    const large = 'x'.repeat(60_000);
    for (let i = 0; i < 40; i++) s.meet(request(`${i} ${large}`), large);
    expect(s.meet(request(`39 ${large}`))).toBe(large);
    expect(s.meet(request(`0 ${large}`))).toBe('new');
  });
});
