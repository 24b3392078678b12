/** At most `intensity` restarts within any `periodMs`; one more ends the supervisor. */
export interface RestartLimits {
  readonly intensity: number;
  readonly periodMs: number;
}

export const DEFAULT_INTENSITY = 1;
export const DEFAULT_PERIOD_MS = 5000;

export interface RestartAdmission {
  readonly admitted: boolean;
  /** The restarts within the window, this one included, oldest first. */
  readonly timesMs: readonly number[];
}

/**
 * Counts one more restart at `nowMs`.
 *
 * A restart exactly `periodMs` ago still counts; the restart is admitted while the count,
 * itself included, is at most `intensity`.
 *
 * @param timesMs - what the last call returned. BOUNDED by intensity + 1.
 *
 * Source: OTP supervisor, add_restart.
 */
export function admitRestart(
  timesMs: readonly number[],
  nowMs: number,
  limits: RestartLimits,
): RestartAdmission {
  const since = nowMs - limits.periodMs;
  const recent = [...timesMs.filter((timeMs) => timeMs >= since), nowMs];
  return { admitted: recent.length <= limits.intensity, timesMs: recent };
}
