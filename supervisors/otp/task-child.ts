import { GuardedLogger, silentLogger, describeThrown, type Logger } from '../../src/base/index.js';
import { ExitSignal, type ChildHandle } from './child-handle.js';
import { KILLED, NORMAL, type ExitReason } from './exit-reason.js';

export interface TaskOptions {
  readonly label?: string;
  readonly logger?: Logger;
}

/**
 * An async function as a child: it exits `normal` when the function returns, `error` when it
 * rejects. A stop aborts the signal; the function then has until its spec's `shutdown` to return
 * or reject, and either way the reason is the one it was asked with. A kill aborts too and does
 * not wait: what the function does afterwards is ignored.
 *
 * @throws what `run` throws before its first await: then there is no child.
 */
export function startTask(
  run: (signal: AbortSignal) => PromiseLike<void>,
  options: TaskOptions = {},
): ChildHandle {
  const { label } = options;
  const logger = GuardedLogger.of(options.logger ?? silentLogger);
  const abort = new AbortController();
  const exit = new ExitSignal(logger);
  let asked: ExitReason | undefined;
  Promise.resolve(run(abort.signal)).then(
    () => void exit.fire(asked ?? NORMAL),
    (error: unknown) => {
      if (asked !== undefined) {
        logger.debug({ error: describeThrown(error) }, 'a task rejected when it was stopped');
      }
      exit.fire(asked ?? { kind: 'error', error });
    },
  );
  return {
    ...(label === undefined ? {} : { label }),
    stop: (reason) => {
      asked = reason;
      abort.abort();
    },
    kill: () => {
      exit.fire(KILLED);
      abort.abort();
    },
    onExit: (listener) => exit.onExit(listener),
  };
}
