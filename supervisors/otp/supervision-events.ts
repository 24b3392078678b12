import type { Emitter } from '../../src/base/index.js';
import type { ExitReason } from './exit-reason.js';
import type { Strategy } from './strategy.js';
import type { ChildType } from './supervision-tree.js';

/** `path` are the ids from the root supervisor down to the child itself. */
export interface ChildFact {
  readonly path: readonly string[];
  readonly id: string;
  readonly type: ChildType;
  readonly incarnation: number;
}

/** `path` are the ids from the root supervisor down to this supervisor. */
export interface SupervisorFact {
  readonly path: readonly string[];
}

export interface SupervisionEventTuples {
  'child:started': [event: ChildFact];
  'child:start-failed': [event: ChildFact & { readonly error: unknown }];
  /** Once per incarnation; `asked` tells whether its supervisor had asked it to end. */
  'child:exited': [event: ChildFact & { readonly reason: ExitReason; readonly asked: boolean }];
  /** `scope`: the ids that are restarted together, in start order. */
  'child:restarting': [
    event: ChildFact & {
      readonly reason: ExitReason;
      readonly strategy: Strategy;
      readonly scope: readonly string[];
    },
  ];
  /** `durationMs`: from the exit that caused the restart to this start. */
  'child:restarted': [event: ChildFact & { readonly durationMs: number }];
  /** Its spec is gone: it was temporary or dynamic and ended, or it was deleted. */
  'child:forgotten': [event: ChildFact];
  'supervisor:started': [event: SupervisorFact];
  /** More restarts than the intensity allows: everything below is stopped. */
  'supervisor:given-up': [
    event: SupervisorFact & {
      readonly childId: string;
      readonly restarts: number;
      readonly periodMs: number;
    },
  ];
  /** A significant child ended, see `autoShutdown`. */
  'supervisor:auto-shutdown': [event: SupervisorFact & { readonly childId: string }];
  'supervisor:exited': [event: SupervisorFact & { readonly reason: ExitReason }];
}

/** One sink for a whole tree; `path` tells where it happened. */
export type SupervisionEvents = Emitter<SupervisionEventTuples>;
