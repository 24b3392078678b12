import { describe, expect, it } from 'vitest';
import { DEADLINES, RefStage } from './subtree-parts.js';

const get = (): number => 1;
const ok = (): 'noError' => 'noError';
const never = (): Promise<never> => new Promise(() => undefined);
const fail = (): never => {
  throw new Error('no');
};

describe('undo of a subtree', () => {
  const undoable = (undo: () => unknown) => ({ get, isSetOk: ok, set: ok, undo: undo as never });

  it('goes to groups with isSetOk and undo only, in reverse order [docs/set.md 2, OTP-038, OTP-050]', () => {
    const calls: string[] = [];
    const undo = (name: string) => () => (calls.push(name), 'noError');
    const s = new RefStage({
      s1A: undoable(undo('A')),
      s1B: { get, set: ok, undo: undo('B') as never },
      s1C: undoable(undo('C')),
    });
    s.up();
    s.vote();
    s.release();
    expect(calls).toEqual(['C', 'A']);
    expect(s.take().at(-1)).toBe('released');
  });

  it('needs no actor where there is no undo to call', () => {
    const s = new RefStage({ s1A: { get, isSetOk: ok, set: ok } });
    s.up();
    s.vote();
    s.ref.leave();
    s.read('r', fail);
    s.release();
    expect(s.take().slice(-2)).toEqual(['r threw', 'released']);
  });

  it('runs on the new incarnation where the voter is gone, which waits for it [docs/set.md 2]', () => {
    const calls: string[] = [];
    const s = new RefStage({ s1A: undoable(() => (calls.push('undo'), 'noError')) });
    s.up();
    s.vote();
    s.read('r', fail);
    s.release();
    expect(calls).toEqual([]);
    const next = s.up();
    expect(calls).toEqual(['undo']);
    // And it is not stopped in the middle of that SET.
    next.stop();
    expect(next.isAlive).toBe(true);
    s.finish(false);
    expect(next.isAlive).toBe(false);
  });

  it('is counted where the actor does not come up again in time [docs/set.md 2]', async () => {
    const s = new RefStage({ s1A: undoable(ok) });
    s.up();
    s.vote();
    s.read('r', fail);
    s.release();
    await s.clock.advanceAsync(DEADLINES.setMs);
    expect(s.take().slice(-2)).toEqual(['undo failed', 'released']);
  });

  it.each([
    ['throws', fail, 0],
    ['answers undoFailed', () => 'undoFailed', 0],
    ['answers rubbish', () => 'rubbish', 0],
    ['stays silent', never, DEADLINES.setMs],
  ])('restarts the actor where it %s [docs/set.md 6, SUP-014]', async (_, undo, ms) => {
    const s = new RefStage({ s1A: undoable(undo) });
    s.up();
    s.vote();
    s.release();
    await s.clock.advanceAsync(ms);
    expect(s.take()).toContain('undo failed');
    expect(s.ref.isUp).toBe(false);
  });
});

describe('a subtree that is drained', () => {
  it('finishes its SET, with whatever incarnations that needs; nothing new gets in [OTP-004]', async () => {
    const calls: string[] = [];
    const s = new RefStage({
      s1A: {
        get,
        isSetOk: ok,
        set: fail,
        rollback: () => (calls.push('rollback'), 'noError' as const),
      },
    });
    s.up();
    s.vote();
    let isDrained = false;
    void s.ref.drain().then(() => (isDrained = true));
    s.apply();
    s.revert([], s.groups);
    s.read('r');
    await s.clock.advanceAsync(0);
    expect([calls, isDrained]).toEqual([[], false]);
    s.up();
    await s.clock.advanceAsync(0);
    expect([calls, isDrained, s.take().includes('r returned')]).toEqual([
      ['rollback'],
      false,
      false,
    ]);
    s.finish(false);
    await s.clock.advanceAsync(0);
    expect(isDrained).toBe(true);
    expect(s.take()).not.toContain('r returned');
    // And what waited gets in when it is started again.
    s.ref.comeBack();
    s.up();
    await s.clock.advanceAsync(0);
    expect(s.take()).toContain('r returned');
  });

  it('has nothing to finish where nothing is up', async () => {
    const s = new RefStage({ s1A: { get } });
    await s.ref.drain();
    expect(s.ref.isUp).toBe(false);
  });
});
