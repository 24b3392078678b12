/** `starting` until the first answer of start, `restarting` while a restart is under way or due. */
export type ChildState = 'starting' | 'running' | 'restarting' | 'stopping' | 'stopped';

export type ChildType = 'worker' | 'supervisor';

/** One box of the supervision tree, as plain data. */
export interface SupervisionNode {
  readonly id: string;
  readonly type: ChildType;
  readonly state: ChildState;
  /** How often its supervisor restarted it, for whatever reason, since the spec was added. */
  readonly restarts: number;
  /** Number of the latest start, from 1; 0 if it was never started. Grows across restarts of the supervisor. */
  readonly incarnation: number;
  readonly label?: string;
  /** In start order; absent for workers. */
  readonly children?: readonly SupervisionNode[];
}
