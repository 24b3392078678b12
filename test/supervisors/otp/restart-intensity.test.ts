import { describe, expect, it } from 'vitest';
import { admitRestart } from '../../../supervisors/otp/restart-intensity.js';

const limits = { intensity: 2, periodMs: 100 };

describe('admitRestart', () => {
  it('admits while the count in the window is at most the intensity [OTP supervisor]', () => {
    const first = admitRestart([], 0, limits);
    const second = admitRestart(first.timesMs, 10, limits);
    const third = admitRestart(second.timesMs, 20, limits);
    expect([first, second, third].map((step) => step.admitted)).toEqual([true, true, false]);
    expect(third.timesMs).toEqual([0, 10, 20]);
  });

  it('counts a restart that is exactly one period old [OTP add_restart]', () => {
    expect(admitRestart([0, 50], 100, limits).admitted).toBe(false);
    expect(admitRestart([0, 50], 101, limits)).toEqual({ admitted: true, timesMs: [50, 101] });
  });

  it('admits nothing at intensity 0 [OTP supervisor]', () => {
    expect(admitRestart([], 0, { intensity: 0, periodMs: 1 }).admitted).toBe(false);
  });
});
