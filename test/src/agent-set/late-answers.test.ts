import { describe, expect, it } from 'vitest';
import { scalar, type ScalarFunctions } from '../../../src/instrumentation/index.js';
import { SET_MS, SetStage } from '../../support/set-stage.js';

describe('an answer that comes when its SET is over', () => {
  it('does not put back the value before that SET: another one has been set since', async () => {
    await using s = await SetStage.open();
    let delayMs = SET_MS + 50;
    const s1A = scalar.stored<number>({
      onSet: () =>
        new Promise((resolve) => {
          const wait = delayMs;
          delayMs = 0;
          s.clock.startTimer(wait, () => resolve(wait === 0 ? 'noError' : 'commitFailed'));
        }),
    });
    await s.load('s1', {}, { s1A });
    expect(await s.set(['s1A', 5])).toBe('commitFailed/1');
    expect(await s.set(['s1A', 7])).toBe('noError/0');
    await s.clock.advanceAsync(SET_MS);
    expect(await s.get('s1A')).toBe('7');
  });

  it('is not followed by a vote that nobody hears, nor by what is undone after one', async () => {
    await using s = await SetStage.open();
    const calls: string[] = [];
    let isSlow = true;
    const s1A: ScalarFunctions<number> = {
      get: () => {
        if (!isSlow) return 1;
        return new Promise((resolve) => void s.clock.startTimer(SET_MS + 50, () => resolve(1)));
      },
      isSetOk: (value) => {
        calls.push(`isSetOk ${value}`);
        return 'noError';
      },
      set: (value) => {
        calls.push(`set ${value}`);
        return 'noError';
      },
      restore: true,
    };
    await s.load('s1', {}, { s1A: scalar.functions(s1A) });
    expect(await s.set(['s1A', 5])).toBe('genErr/1');
    isSlow = false;
    await s.clock.advanceAsync(SET_MS);
    expect(calls).toEqual([]);
    expect(await s.set(['s1A', 7])).toBe('noError/0');
    expect(calls).toEqual(['isSetOk 7', 'set 7']);
  });
});
