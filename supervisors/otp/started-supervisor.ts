import { SnmpError } from '../../src/base/index.js';
import type { ChildHandle, ExitListener } from './child-handle.js';
import type { ChildRecord } from './child-record.js';
import type { ExitReason } from './exit-reason.js';
import type { RestartType } from './strategy.js';
import type { Supervision, SupervisorState } from './supervision.js';
import type { SupervisionEvents } from './supervision-events.js';
import type { ChildState, ChildType, SupervisionNode } from './supervision-tree.js';

/** One line of `whichChildren`. `handle` is undefined while the child does not run. */
export interface ChildInfo {
  readonly id: string;
  readonly type: ChildType;
  readonly restart: RestartType;
  readonly state: ChildState;
  readonly handle: ChildHandle | undefined;
}

export interface ChildCounts {
  readonly specs: number;
  readonly active: number;
  readonly supervisors: number;
  readonly workers: number;
}

/**
 * What both kinds of supervisor can be asked, whatever their children are: the two differ in how
 * children are started, and in nothing else that is to be seen from outside.
 */
export abstract class StartedSupervisor implements ChildHandle, AsyncDisposable {
  protected readonly supervision: Supervision;

  protected constructor(supervision: Supervision) {
    this.supervision = supervision;
  }

  get name(): string {
    return this.supervision.crew.path.at(-1) ?? '';
  }

  get state(): SupervisorState {
    return this.supervision.state;
  }

  /** Events of the whole tree this supervisor belongs to. */
  get events(): SupervisionEvents {
    return this.supervision.crew.events;
  }

  /**
   * Stops a child, or cancels its restart; the spec stays, except of a temporary child and of a
   * dynamic supervisor's. Never restarted, never an automatic shutdown. Rejects with
   * SNMP_SUPERVISOR_NOT_FOUND.
   */
  terminateChild(id: string): Promise<void> {
    const { supervision } = this;
    return supervision.request(function* () {
      yield* supervision.crew.stop(found(supervision, id));
    });
  }

  /** As it is now, in start order; does not wait for what is under way. */
  whichChildren(): readonly ChildInfo[] {
    return this.supervision.crew.records.map(childInfo);
  }

  countChildren(): ChildCounts {
    return countRecords(this.supervision.crew.records);
  }

  /** The tree from here down, as plain data. */
  tree(): SupervisionNode {
    return this.supervision.tree();
  }

  children(): readonly SupervisionNode[] {
    return this.supervision.crew.nodes();
  }

  /**
   * Stops the children: in reverse order; a dynamic supervisor's all together. Resolves when it has
   * ended; never rejects.
   */
  stop(reason?: ExitReason): Promise<void> {
    return this.supervision.stop(reason);
  }

  /** Kills all children, in reverse order, without asking; a start under way is abandoned. */
  kill(): void {
    this.supervision.kill();
  }

  onExit(listener: ExitListener): () => void {
    return this.supervision.exit.onExit(listener);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function childInfo(record: ChildRecord): ChildInfo {
  const { id, type, restart } = record.spec;
  return { id, type, restart, state: record.state, handle: record.running?.handle };
}

function countRecords(records: readonly ChildRecord[]): ChildCounts {
  const supervisors = records.filter((record) => record.spec.type === 'supervisor').length;
  return {
    specs: records.length,
    active: records.filter(({ running }) => running !== undefined && running.exit === undefined)
      .length,
    supervisors,
    workers: records.length - supervisors,
  };
}

/** @throws SnmpError SNMP_SUPERVISOR_NOT_FOUND */
export function found(supervision: Supervision, id: string): ChildRecord {
  const record = supervision.crew.find(id);
  if (record === undefined) throw childError('SNMP_SUPERVISOR_NOT_FOUND', id, 'is not known');
  return record;
}

export function startError(id: string, cause: unknown): SnmpError {
  return new SnmpError('SNMP_SUPERVISOR_START_FAILED', `child ${id} could not be started`, {
    cause,
  });
}

export function childError(code: `SNMP_${string}`, id: string, what: string): SnmpError {
  return new SnmpError(code, `child ${id} ${what}`);
}
