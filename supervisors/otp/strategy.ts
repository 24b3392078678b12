import { assertNever } from '../../src/base/index.js';
import { isAbnormal, type ExitReason } from './exit-reason.js';

/** `permanent`: always restarted; `transient`: after an abnormal exit; `temporary`: never. */
export type RestartType = 'permanent' | 'transient' | 'temporary';

export type Strategy = 'oneForOne' | 'oneForAll' | 'restForOne';

/** Whether a supervisor ends when its significant children have ended by themselves. */
export type AutoShutdown = 'never' | 'anySignificant' | 'allSignificant';

/** A child that ended by itself, as far as the decision needs to know it. */
export interface ExitedChild {
  readonly id: string;
  readonly restart: RestartType;
  readonly significant: boolean;
  /** Whether another significant child runs, or waits for its restart. */
  readonly othersSignificant: boolean;
}

/** Source: OTP supervisor, do_restart. */
export function mustRestart(restart: RestartType, reason: ExitReason): boolean {
  switch (restart) {
    case 'permanent':
      return true;
    case 'transient':
      return isAbnormal(reason);
    case 'temporary':
      return false;
    default:
      return assertNever(restart);
  }
}

/** For a child that is not restarted. Source: OTP supervisor, do_auto_shutdown. */
export function endsSupervisor(autoShutdown: AutoShutdown, child: ExitedChild): boolean {
  switch (autoShutdown) {
    case 'never':
      return false;
    case 'anySignificant':
      return child.significant;
    case 'allSignificant':
      return child.significant && !child.othersSignificant;
    default:
      return assertNever(autoShutdown);
  }
}

/**
 * The children that a restart of `failedId` concerns, in start order; they are stopped in reverse.
 * Source: OTP supervisor, restart/3.
 */
export function restartScope(
  strategy: Strategy,
  ids: readonly string[],
  failedId: string,
): readonly string[] {
  switch (strategy) {
    case 'oneForOne':
      return [failedId];
    case 'oneForAll':
      return ids;
    case 'restForOne':
      return ids.slice(ids.indexOf(failedId));
    default:
      return assertNever(strategy);
  }
}
