import { SnmpError } from '../../src/base/index.js';
import type { ChildHandle } from './child-handle.js';
import { completeSpec, type ChildSpec, type Started, type StartContext } from './child-spec.js';
import type { Surroundings } from './crew.js';
import { StartedSupervisor, startError } from './started-supervisor.js';
import type { AutoShutdown } from './strategy.js';
import { Supervision } from './supervision.js';
import { completeLimits } from './supervisor.js';

/** One spec for all children; each has its own arguments, which its restarts use again. */
export interface ChildTemplate<Args> extends Omit<ChildSpec, 'id' | 'start'> {
  readonly start: (args: Args, context: StartContext) => Started | PromiseLike<Started>;
}

export interface DynamicSupervisorDeclaration<Args> {
  readonly child: ChildTemplate<Args>;
  /** Default 1000. A start beyond it is refused. */
  readonly maxChildren?: number;
  /** Default 1 restart, of all children together, ... */
  readonly intensity?: number;
  /** ... in 5000 ms. */
  readonly periodMs?: number;
  /** Default `never`. */
  readonly autoShutdown?: AutoShutdown;
}

export interface DynamicSupervisorOptions<Args>
  extends DynamicSupervisorDeclaration<Args>, Surroundings {
  readonly name: string;
}

export interface DynamicChild {
  readonly id: string;
  /** Undefined if the start returned `ignore`; the child is then not kept. */
  readonly handle: ChildHandle | undefined;
}

export const DEFAULT_MAX_CHILDREN = 1000;

/**
 * OTP's simple_one_for_one: children come and go by number. They are restarted one for one, are
 * forgotten when they end, and are stopped all together, each within its own time.
 */
export class DynamicSupervisor<Args> extends StartedSupervisor {
  readonly #child: ChildTemplate<Args>;
  readonly #autoShutdown: AutoShutdown;
  readonly #maxChildren: number;
  #numbered = 0;

  private constructor(supervision: Supervision, options: DynamicSupervisorOptions<Args>) {
    super(supervision);
    this.#child = options.child;
    this.#autoShutdown = options.autoShutdown ?? 'never';
    this.#maxChildren = options.maxChildren ?? DEFAULT_MAX_CHILDREN;
  }

  /** Starts without children. Rejects with SNMP_SUPERVISOR_BAD_SPEC. */
  static async start<Args>(
    options: DynamicSupervisorOptions<Args>,
    parent?: StartContext,
  ): Promise<DynamicSupervisor<Args>> {
    const autoShutdown = options.autoShutdown ?? 'never';
    // Said now rather than at the first child.
    completeSpec({ ...options.child, id: options.name, start: () => 'ignore' }, autoShutdown);
    const limits = completeLimits(options);
    const supervision = new Supervision(
      options.name,
      { kind: 'dynamic', strategy: 'oneForOne', autoShutdown, ...limits },
      options,
      parent,
    );
    await supervision.start([], parent?.signal);
    return new DynamicSupervisor(supervision, options);
  }

  /**
   * Starts one more child. Rejects with SNMP_SUPERVISOR_MAX_CHILDREN or _START_FAILED; the child
   * is then not kept.
   */
  startChild(args: Args): Promise<DynamicChild> {
    const supervision = this.supervision;
    const template = this.#child;
    const maxChildren = this.#maxChildren;
    const autoShutdown = this.#autoShutdown;
    const nextId = (): string => {
      this.#numbered += 1;
      return String(this.#numbered);
    };
    return supervision.request(function* () {
      if (supervision.crew.records.length >= maxChildren) {
        throw new SnmpError('SNMP_SUPERVISOR_MAX_CHILDREN', `${maxChildren} children run already`);
      }
      const id = nextId();
      const start = (context: StartContext): Started | PromiseLike<Started> =>
        template.start(args, context);
      const record = supervision.crew.add(completeSpec({ ...template, id, start }, autoShutdown));
      const failure = yield* supervision.crew.start(record);
      if (failure !== undefined) {
        supervision.crew.remove(record);
        throw startError(id, failure.error);
      }
      return { id, handle: record.running?.handle };
    });
  }
}

/**
 * Declares a dynamic supervisor as a child. `onStarted` hears of each incarnation: the way to get
 * hold of the one that runs.
 */
export function dynamicSupervisorSpec<Args>(
  id: string,
  declaration: DynamicSupervisorDeclaration<Args>,
  onStarted: (supervisor: DynamicSupervisor<Args>) => void,
  terms: Omit<ChildSpec, 'id' | 'start' | 'type'> = {},
): ChildSpec {
  return {
    ...terms,
    id,
    type: 'supervisor',
    start: async (context) => {
      const supervisor = await DynamicSupervisor.start({ ...declaration, name: id }, context);
      onStarted(supervisor);
      return supervisor;
    },
  };
}
