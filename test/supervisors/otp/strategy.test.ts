import { describe, expect, it } from 'vitest';
import { isAbnormal, type ExitReason, type RestartType } from '../../../supervisors/otp/index.js';
import { endsSupervisor, mustRestart, restartScope } from '../../../supervisors/otp/strategy.js';

const reasons: Record<ExitReason['kind'], ExitReason> = {
  normal: { kind: 'normal' },
  shutdown: { kind: 'shutdown', detail: 'poisoned' },
  error: { kind: 'error', error: 1 },
  defect: { kind: 'defect', error: 1 },
  killed: { kind: 'killed' },
};

describe('mustRestart', () => {
  const table: readonly [RestartType, readonly ExitReason['kind'][]][] = [
    ['permanent', ['normal', 'shutdown', 'error', 'defect', 'killed']],
    ['transient', ['error', 'defect', 'killed']],
    ['temporary', []],
  ];
  for (const [restart, restarted] of table) {
    for (const reason of Object.values(reasons)) {
      const does = restarted.includes(reason.kind) ? 'restarts' : 'does not restart';
      it(`${does} a ${restart} child that exits ${reason.kind} [OTP do_restart]`, () => {
        expect(mustRestart(restart, reason)).toBe(restarted.includes(reason.kind));
      });
    }
  }

  it('takes normal and every shutdown for ordinary [OTP supervisor]', () => {
    const abnormal = Object.values(reasons).filter(isAbnormal);
    expect(abnormal.map((reason) => reason.kind)).toEqual(['error', 'defect', 'killed']);
  });
});

describe('restartScope', () => {
  it('is the child, all children, or the child and the later ones [OTP restart/3]', () => {
    const ids = ['a', 'b', 'c'];
    expect(restartScope('oneForOne', ids, 'b')).toEqual(['b']);
    expect(restartScope('oneForAll', ids, 'b')).toEqual(['a', 'b', 'c']);
    expect(restartScope('restForOne', ids, 'b')).toEqual(['b', 'c']);
  });
});

describe('endsSupervisor', () => {
  const child = { id: 'a', restart: 'transient', significant: true } as const;
  it('follows the automatic shutdown that is declared [OTP do_auto_shutdown]', () => {
    const last = { ...child, othersSignificant: false };
    const notLast = { ...child, othersSignificant: true };
    const plain = { ...last, significant: false };
    const ends = (['never', 'anySignificant', 'allSignificant'] as const).map((auto) =>
      [last, notLast, plain].map((exited) => endsSupervisor(auto, exited)),
    );
    expect(ends).toEqual([
      [false, false, false],
      [true, true, false],
      [true, false, false],
    ]);
  });
});
