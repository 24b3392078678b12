import { describe, expect, it } from 'vitest';
import { scalar, type ScalarFunctions } from '../../../src/instrumentation/index.js';
import { DEADLINES, facts, RefStage } from './subtree-parts.js';

const get = (): number => 1;
const ok = (): 'noError' => 'noError';
const never = (): Promise<never> => new Promise(() => undefined);
const fail = (): never => {
  throw new Error('no');
};
const full = { get, isSetOk: ok, set: ok, undo: ok, rollback: ok };

describe('a read of a subtree', () => {
  it('is answered in the same turn where it is up and no SET changes it', () => {
    const s = new RefStage({ s1A: { get } });
    s.up();
    s.read('r');
    expect(s.take()).toEqual(['up 1', 'r returned']);
  });

  it('waits for a subtree that is being restarted [SUP-004, docs/set.md 6]', async () => {
    const s = new RefStage({ s1A: { get } });
    s.read('r');
    await s.clock.advanceAsync(DEADLINES.getMs - 1);
    expect(s.take()).toEqual([]);
    s.up();
    await s.clock.advanceAsync(0);
    expect(s.take()).toEqual(['up 1', 'r returned']);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('is given up at its own deadline [docs/set.md 6]', async () => {
    const s = new RefStage({ s1A: { get } });
    s.read('r');
    await s.clock.advanceAsync(DEADLINES.getMs);
    expect(s.take()).toEqual(['r aborted']);
  });

  it('waits between the first set and the end of the SET, and at no other time [docs/set.md 4, PR-20]', async () => {
    const s = new RefStage({ s1A: full });
    s.up();
    s.vote();
    s.read('voted');
    expect(s.take()).toEqual(['up 1', 'votes accepted', 'voted returned']);
    s.apply();
    s.read('applied');
    expect(s.ref.isReadable).toBe(false);
    await s.clock.advanceAsync(0);
    expect(s.take()).toEqual(['results applied']);
    s.finish();
    await s.clock.advanceAsync(0);
    expect(s.take()).toEqual(['applied returned']);
  });

  it('does not wait for a SET where reads go through [docs/set.md 4]', () => {
    const s = new RefStage({ s1A: full }, false);
    s.up();
    s.vote();
    s.apply();
    s.read('r');
    expect(s.take().at(-1)).toBe('r returned');
    expect(s.ref.changes).toBe(0);
  });

  it('runs in the very turn in which the SET ends: the next one cannot slip in [PR-20]', async () => {
    const s = new RefStage({ s1A: full });
    s.up();
    s.vote(1);
    s.apply(1);
    let sawSecond = false;
    let isSecondApplying = false;
    s.read('r', () => {
      sawSecond = isSecondApplying;
      return 1;
    });
    s.finish(true, 1);
    s.vote(2);
    s.apply(2);
    isSecondApplying = true;
    await s.clock.advanceAsync(0);
    expect(sawSecond).toBe(false);
    expect(s.take()).toContain('r returned');
  });

  it('sees that a SET began while it was under way', () => {
    const s = new RefStage({ s1A: full });
    s.up();
    const before = s.ref.changes;
    s.vote();
    expect(s.ref.changes).toBe(before);
    s.apply();
    expect(s.ref.changes).toBe(before + 1);
  });

  it('fails with the others that waited where the first one crashes it: one crash, not many [SUP-020]', async () => {
    const s = new RefStage({ s1A: { get } });
    for (const name of ['a', 'b', 'c']) s.read(name, fail);
    s.up();
    await s.clock.advanceAsync(0);
    expect(s.take()).toEqual(['up 1', 'crashed 1 get', 'a threw', 'b aborted', 'c aborted']);
  });

  it('is told at once when the subtree is given up, and for as long as it is', async () => {
    const s = new RefStage({ s1A: { get } });
    s.read('before');
    s.ref.leave();
    s.read('after');
    await s.clock.advanceAsync(0);
    expect(s.take()).toEqual(['before aborted', 'after aborted']);
    expect(await s.ref.whenReadable()).toBe(false);
    s.ref.comeBack();
    s.up();
    expect(await s.ref.whenReadable()).toBe(true);
  });
});

describe('the votes of a subtree', () => {
  it('are asked one after another, and each is asked once [docs/set.md 2]', async () => {
    const calls: string[] = [];
    const slow = (value: unknown): Promise<'noError'> => {
      calls.push(`ask ${String(value)}`);
      return new Promise((resolve) => {
        s.clock.startTimer(50, () => {
          calls.push(`answer ${String(value)}`);
          resolve('noError');
        });
      });
    };
    const s = new RefStage({
      s1A: { ...full, isSetOk: slow },
      s1B: { ...full, isSetOk: slow },
    });
    s.up();
    s.vote();
    await s.clock.advanceAsync(100);
    expect(calls).toEqual(['ask 10', 'answer 10', 'ask 20', 'answer 20']);
    expect(s.take()).toContain('votes accepted accepted');
  });

  it('are yes without isSetOk [OTP-032]', () => {
    const s = new RefStage({ s1A: { get, set: ok }, s1B: { get, set: ok, rollback: ok } });
    s.up();
    s.vote();
    expect(s.take()).toContain('votes accepted accepted');
  });

  it('share one deadline [docs/set.md 2]', async () => {
    const slow = (): Promise<'noError'> =>
      new Promise((resolve) => void s.clock.startTimer(200, () => resolve('noError')));
    const s = new RefStage({
      s1A: { ...full, isSetOk: slow },
      s1B: { ...full, isSetOk: slow },
      s1C: full,
    });
    s.up();
    s.vote();
    await s.clock.advanceAsync(DEADLINES.setMs);
    expect(s.take().slice(1)).toEqual(['crashed 1 isSetOk', 'votes accepted lost notAsked']);
    expect(s.ref.holds(facts(1))).toBe(false);
  });

  it('are not asked after one that threw; refusals and illegal answers stop nobody [docs/set.md 2]', () => {
    const s = new RefStage({
      s1A: { ...full, isSetOk: () => 'wrongValue' },
      s1B: { ...full, isSetOk: () => 'rubbish' as never },
      s1C: { ...full, isSetOk: fail },
    } satisfies Record<string, ScalarFunctions>);
    s.up();
    s.vote();
    expect(s.take().slice(1)).toEqual([
      'illegal isSetOk',
      'crashed 1 isSetOk',
      'votes refused refused lost',
    ]);
  });

  it('wait for a subtree that is being restarted, up to their deadline [docs/set.md 6]', async () => {
    const s = new RefStage({ s1A: full, s1B: full });
    s.vote();
    await s.clock.advanceAsync(100);
    s.up();
    expect(s.take()).toEqual(['up 1', 'votes accepted accepted']);
    const late = new RefStage({ s1A: full, s1B: full });
    late.vote();
    await late.clock.advanceAsync(DEADLINES.setMs);
    expect(late.take()).toEqual(['votes lost notAsked']);
    expect(late.clock.pendingTimers).toBe(0);
  });

  it('wait again where a read that waited too crashes the new incarnation', async () => {
    const s = new RefStage({ s1A: full });
    s.read('r', fail);
    s.vote();
    s.up();
    expect(s.take()).toEqual(['up 1', 'crashed 1 get']);
    s.up();
    expect(s.take()).toEqual(['up 2', 'votes accepted']);
    await s.clock.advanceAsync(1000);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('are lost where the subtree is given up meanwhile', () => {
    const s = new RefStage({ s1A: full });
    s.vote();
    s.ref.leave();
    expect(s.take()).toEqual(['votes lost']);
  });

  it('are lost with the actor that a read crashes', () => {
    const s = new RefStage({ s1A: { ...full, isSetOk: never }, s1B: full });
    s.up();
    s.vote();
    s.read('r', fail);
    expect(s.take()).toContain('votes lost notAsked');
  });

  it('hold for the incarnation that cast them only [SUP-009, PR-25]', () => {
    const s = new RefStage({ s1A: full });
    s.up();
    s.vote();
    expect(s.ref.holds(facts(1))).toBe(true);
    expect(s.ref.holds(facts(2))).toBe(false);
    s.read('r', fail);
    s.up();
    expect(s.ref.holds(facts(1))).toBe(false);
    s.take();
    s.apply();
    expect(s.take()).toEqual(['results void']);
  });
});

describe('set of a subtree', () => {
  const calls: string[] = [];
  const traced = (name: string, answer: () => unknown = ok) => ({
    get,
    isSetOk: ok,
    set: () => (calls.push(`set ${name}`), answer() as never),
    undo: () => (calls.push(`undo ${name}`), 'noError' as const),
    rollback: () => (calls.push(`rollback ${name}`), 'noError' as const),
  });
  const trace = (): string[] => calls.splice(0);

  it('is done in order; an error by value stops nobody [docs/set.md 3]', () => {
    const s = new RefStage({
      s1A: traced('A'),
      s1B: traced('B', () => 'commitFailed'),
      s1C: traced('C', () => 'rubbish'),
    });
    s.up();
    s.vote();
    s.apply();
    expect(trace()).toEqual(['set A', 'set B', 'set C']);
    expect(s.take().at(-1)).toBe('results applied declined unknown');
  });

  it('is not done after one that threw or stayed silent [docs/set.md 3]', async () => {
    for (const answer of [fail, never]) {
      const s = new RefStage({ s1A: traced('A'), s1B: traced('B', answer), s1C: traced('C') });
      s.up();
      s.vote();
      s.apply();
      await s.clock.advanceAsync(DEADLINES.setMs);
      expect(trace()).toEqual(['set A', 'set B']);
      expect(s.take().at(-1)).toBe('results applied unknown notSet');
    }
  });

  it('is not done on an actor that went down in the answer before', () => {
    const s: RefStage = new RefStage({
      s1A: traced('A', () => (cell.kill(), 'noError')),
      s1B: traced('B'),
    });
    const cell = s.up();
    s.vote();
    s.apply();
    expect(trace()).toEqual(['set A']);
    expect(s.take().at(-1)).toBe('results applied void');
  });

  it('is undone in reverse order: undo of what was not set, then rollback of what was [docs/set.md 3]', () => {
    const s = new RefStage({ s1A: traced('A'), s1B: traced('B', fail), s1C: traced('C') });
    s.up();
    s.vote();
    s.apply();
    trace();
    s.revert(s.groups.slice(2), s.groups.slice(0, 2));
    // The actor that crashed is restarted first.
    expect(trace()).toEqual([]);
    s.up();
    expect(trace()).toEqual(['undo C', 'rollback B', 'rollback A']);
    expect(s.take().at(-1)).toBe('reverted true');
  });

  it('cannot be undone without rollback: then the actor is restarted, once [SET-048, docs/set.md 3]', () => {
    const s = new RefStage({ s1A: { get, isSetOk: ok, set: ok }, s1B: { get, set: ok } });
    s.up();
    s.vote();
    s.apply();
    s.revert([], s.groups);
    expect(s.take().slice(-2)).toEqual(['crashed 1 set', 'reverted false']);
  });

  it('is not restarted a second time for what its new incarnation did not do [docs/set.md 3]', async () => {
    const s = new RefStage({
      s1A: { get, set: ok, rollback: ok },
      s1B: { get, set: ok, rollback: () => 'undoFailed' },
    });
    s.up();
    s.vote();
    s.apply();
    s.revert([], s.groups);
    s.up();
    expect(s.take().slice(-4)).toEqual([
      'rollback failed',
      'crashed 1 rollback',
      'up 2',
      'reverted false',
    ]);
    expect(s.ref.isUp).toBe(true);
    s.ref.distrust(facts(1), 'again');
    expect(s.ref.isUp).toBe(true);
  });

  it('has the other rollbacks done where one throws, stays silent or answers rubbish [PR-29]', async () => {
    for (const answer of [fail, never, () => 'rubbish', () => 'genErr', () => 'undoFailed']) {
      const s = new RefStage({
        s1A: traced('A'),
        s1B: { ...traced('B'), rollback: answer as never },
        s1C: traced('C'),
      });
      s.up();
      s.vote();
      s.apply();
      trace();
      s.revert([], s.groups);
      await s.clock.advanceAsync(answer === never ? DEADLINES.setMs : 0);
      expect(s.ref.isUp).toBe(false);
      s.up();
      expect(trace()).toEqual(['rollback C', 'rollback A']);
      expect(s.take().at(-1)).toBe('reverted false');
    }
  });

  it('rolls back on no incarnation at all what the runtime keeps itself', () => {
    const kept = scalar.stored({ value: 3 });
    const s = new RefStage({ s1A: kept });
    const cell = s.up();
    s.vote();
    s.apply();
    s.ref.leave();
    cell.kill();
    expect(kept.value).toBe(10);
    s.take();
    s.revert([], s.groups);
    expect([kept.value, s.take()]).toEqual([3, ['reverted true']]);
  });

  it.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['stays silent', never],
  ])('survives an onSet that %s at such a rollback', async (_, answer) => {
    let isBack = false;
    const kept = scalar.stored({
      value: 3,
      onSet: () => (isBack ? (answer() as never) : 'noError'),
    });
    const s = new RefStage({ s1A: kept });
    const cell = s.up();
    s.vote();
    s.apply();
    isBack = true;
    s.ref.leave();
    cell.kill();
    s.take();
    s.revert([], s.groups);
    await s.clock.advanceAsync(DEADLINES.setMs);
    expect([kept.value, s.take()]).toEqual([3, ['rollback failed', 'reverted false']]);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('tells the program of a committed SET what has changed, and of no other', () => {
    const kept = scalar.stored<number>({ value: 3 });
    const s = new RefStage({ s1A: kept });
    const changes: string[] = [];
    kept.on('change', (now, before) => void changes.push(`${before} ${now}`));
    s.up();
    s.vote(1);
    s.apply(1);
    s.revert([], s.groups);
    s.finish(false, 1);
    expect(changes).toEqual([]);
    s.vote(2);
    s.apply(2);
    s.finish(true, 2);
    expect(changes).toEqual(['3 10']);
  });
});

describe('an incarnation that is asked to stop in the middle of a SET', () => {
  it('hears the rest of it first; nothing new gets in [OTP-004]', () => {
    const calls: string[] = [];
    const s = new RefStage({
      s1A: {
        get,
        isSetOk: () => (calls.push('isSetOk'), 'noError' as const),
        set: () => (calls.push('set'), 'noError' as const),
        rollback: () => (calls.push('rollback'), 'noError' as const),
        delete: () => calls.push('delete'),
      },
    });
    const cell = s.up();
    s.vote();
    cell.stop();
    s.read('r');
    s.apply();
    s.revert([], s.groups);
    s.finish(false);
    expect(calls).toEqual(['isSetOk', 'set', 'rollback', 'delete']);
    expect(s.take()).not.toContain('r returned');
  });
});

describe('what comes too late', () => {
  it('does not finish a SET that is over already [PR-24]', () => {
    const s = new RefStage({ s1A: full });
    s.up();
    s.vote(1);
    s.finish(false, 1);
    s.vote(2);
    s.apply(2);
    s.finish(false, 1);
    expect(s.ref.isReadable).toBe(false);
    s.ref.distrust(facts(1), 'late');
    expect(s.ref.isUp).toBe(true);
    s.finish(true, 2);
    expect(s.ref.isReadable).toBe(true);
  });

  it('is counted [docs/set.md 4]', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const s = new RefStage({ s1A: { get } });
    s.up();
    void s.ref.read('get', facts(1), () => new Promise((resolve) => (answer = resolve)));
    await s.clock.advanceAsync(DEADLINES.getMs);
    answer(1);
    await s.clock.advanceAsync(0);
    expect(s.take()).toContain('stale');
  });
});
