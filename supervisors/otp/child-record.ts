import type { Logger, Timer } from '../../src/base/index.js';
import { describeThrown } from '../../src/base/index.js';
import type { ChildHandle, ExitListener } from './child-handle.js';
import type { CompleteSpec } from './child-spec.js';
import { KILLED, NORMAL, type ExitReason } from './exit-reason.js';
import type { Lineage } from './lineage.js';
import type { ChildState, SupervisionNode } from './supervision-tree.js';

/** One incarnation of a child, from its start until its exit was dealt with. */
export class RunningChild {
  readonly handle: ChildHandle;
  readonly incarnation: number;
  /** Set while its supervisor waits for the exit; without it an exit is news. */
  waiter: ExitListener | undefined;
  readonly #onNews: ExitListener;
  #exit: ExitReason | undefined;

  /** @throws whatever the handle's `onExit` throws */
  constructor(handle: ChildHandle, incarnation: number, onNews: (from: RunningChild) => void) {
    this.handle = handle;
    this.incarnation = incarnation;
    this.#onNews = () => onNews(this);
    handle.onExit((reason) => this.exited(reason));
  }

  /** Set as soon as the child has gone, even if its supervisor has not yet dealt with it. */
  get exit(): ExitReason | undefined {
    return this.#exit;
  }

  exited(reason: ExitReason): void {
    if (this.#exit !== undefined) return;
    this.#exit = reason;
    const tell = this.waiter ?? this.#onNews;
    this.waiter = undefined;
    tell(reason);
  }

  /** Afterwards `exit` is set, whatever the handle does. */
  kill(logger: Logger): void {
    try {
      this.handle.kill();
    } catch (error) {
      logger.error({ error: describeThrown(error) }, 'a child threw when it was killed');
    }
    this.exited(KILLED);
  }
}

/** A spec and what became of it. Outlives its incarnations, except for temporary children. */
export class ChildRecord {
  readonly spec: CompleteSpec;
  readonly path: readonly string[];
  readonly lineage: Lineage;
  state: ChildState = 'stopped';
  running: RunningChild | undefined;
  restarts = 0;
  lastExit: ExitReason = NORMAL;
  exitedAtMs = 0;
  /** The pending second attempt of a restart. */
  retry: Timer | undefined;

  constructor(spec: CompleteSpec, path: readonly string[], lineage: Lineage) {
    this.spec = spec;
    this.path = path;
    this.lineage = lineage;
  }

  /** In OTP's terms: its pid is not `undefined`. */
  get isAliveOrRestarting(): boolean {
    return this.running !== undefined || this.state === 'restarting';
  }

  node(): SupervisionNode {
    const { id, type } = this.spec;
    const label = this.running?.handle.label;
    const children = this.running?.handle.children?.() ?? (type === 'supervisor' ? [] : undefined);
    return {
      id,
      type,
      state: this.state,
      restarts: this.restarts,
      incarnation: this.lineage.incarnation,
      ...(label === undefined ? {} : { label }),
      ...(children === undefined ? {} : { children }),
    };
  }
}
