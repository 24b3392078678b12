import {
  SnmpError,
  assertNever,
  callForeign,
  describeThrown,
  isPromiseLike,
  type Clock,
  type Logger,
  type Timer,
} from '../../src/base/index.js';
import type { ChildHandle } from './child-handle.js';
import type { RunningChild } from './child-record.js';
import type { Shutdown, Started } from './child-spec.js';
import type { ExitReason } from './exit-reason.js';

export type StartOutcome =
  | { readonly ok: true; readonly started: Started }
  | { readonly ok: false; readonly error: unknown };

/**
 * Calls a child's start. Settles once: with what it returned, or with why there is nothing. A
 * handle that arrives after the deadline or the cancellation is killed, never lost.
 *
 * @returns what cancels the wait; it aborts the signal the start was given.
 */
export function beginStart(
  start: (signal: AbortSignal) => Started | PromiseLike<Started>,
  timeoutMs: number,
  clock: Clock,
  logger: Logger,
  settle: (outcome: StartOutcome) => void,
): () => void {
  const abort = new AbortController();
  let late: Started | undefined;
  const discard = (): void => {
    if (late === undefined || late === 'ignore') return;
    try {
      late.kill();
    } catch (error) {
      logger.error({ error: describeThrown(error) }, 'a child threw when it was killed');
    }
  };
  const call = callForeign<Started>(
    () => {
      const answer = start(abort.signal);
      if (!isPromiseLike(answer)) return answer;
      return Promise.resolve(answer).then((started) => {
        late = started;
        if (abort.signal.aborted) discard();
        return started;
      });
    },
    timeoutMs,
    clock,
    (outcome) => {
      switch (outcome.kind) {
        case 'returned':
          settle(
            isStarted(outcome.value)
              ? { ok: true, started: outcome.value }
              : { ok: false, error: new TypeError('start returned no child handle') },
          );
          return;
        case 'threw':
          settle({ ok: false, error: outcome.error });
          return;
        case 'deadline':
        case 'aborted':
          abort.abort();
          discard();
          settle({ ok: false, error: startTimeout(timeoutMs) });
          return;
        default:
          assertNever(outcome);
      }
    },
  );
  return () => call.abort();
}

function startTimeout(timeoutMs: number): SnmpError {
  return new SnmpError('SNMP_SUPERVISOR_START_TIMEOUT', `not started within ${timeoutMs} ms`);
}

/** Specs come from JavaScript too: better a start that fails than a kernel that trips later. */
function isStarted(value: unknown): value is Started {
  if (value === 'ignore') return true;
  if (typeof value !== 'object' || value === null) return false;
  const handle = value as Partial<ChildHandle>;
  return (
    typeof handle.stop === 'function' &&
    typeof handle.kill === 'function' &&
    typeof handle.onExit === 'function'
  );
}

export interface StopTerms {
  readonly shutdown: Shutdown;
  readonly reason: ExitReason;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Ends one incarnation: asks, waits as long as its spec says, kills. Settles once, when the child
 * is gone; a child that was gone already settles at once with the reason it had.
 *
 * Source: OTP supervisor, shutdown/1.
 */
export function beginStop(
  child: RunningChild,
  terms: StopTerms,
  settle: (reason: ExitReason) => void,
): () => void {
  const { shutdown, clock, logger } = terms;
  let timer: Timer | undefined;
  if (child.exit !== undefined) {
    settle(child.exit);
    return () => undefined;
  }
  child.waiter = (reason) => {
    timer?.cancel();
    settle(reason);
  };
  const refuse = (error: unknown): void => {
    if (child.exit !== undefined) return;
    logger.warn({ error: describeThrown(error) }, 'a child could not be asked to stop: killed');
    child.kill(logger);
  };
  if (shutdown === 'brutalKill') {
    child.kill(logger);
  } else {
    try {
      const asked: unknown = child.handle.stop(terms.reason);
      if (isPromiseLike(asked)) Promise.resolve(asked).then(undefined, refuse);
    } catch (error) {
      refuse(error);
    }
    // No deadline for Infinity: a supervisor's own children have theirs.
    if (child.exit === undefined && shutdown !== Infinity) {
      timer = clock.startTimer(shutdown, () => child.kill(logger));
    }
  }
  return () => {
    timer?.cancel();
    child.waiter = undefined;
  };
}
