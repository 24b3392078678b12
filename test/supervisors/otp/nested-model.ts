/**
 * Supervisors under supervisors, after OTP's `supervisor.erl`, naively: children that start and stop
 * at once. Imports nothing of the code under test.
 */
export type ModelStrategy = 'oneForOne' | 'oneForAll' | 'restForOne';
export type ModelRestart = 'permanent' | 'transient' | 'temporary';
export type ModelReason = 'normal' | 'shutdown' | 'error';

export interface ModelWorker {
  readonly kind: 'worker';
  readonly id: string;
  readonly restart: ModelRestart;
}

export interface ModelSupervisor {
  readonly kind: 'supervisor';
  readonly id: string;
  readonly restart: ModelRestart;
  readonly strategy: ModelStrategy;
  readonly intensity: number;
  readonly periodMs: number;
  readonly children: readonly ModelNode[];
}

export type ModelNode = ModelWorker | ModelSupervisor;

/** What one child is at the moment; a supervisor's own children begin anew with it. */
class Living {
  readonly node: ModelNode;
  isUp = false;
  children: Living[] = [];
  restarts: number[] = [];

  constructor(node: ModelNode) {
    this.node = node;
  }
}

export class NestedModel {
  /** `start w1`, `stop w1`, in order. */
  readonly log: string[] = [];
  /** For the coverage. */
  readonly classes = new Set<string>();
  readonly #root: Living;
  #nowMs = 0;

  constructor(root: ModelSupervisor) {
    this.#root = new Living(root);
    this.#start(this.#root);
  }

  get isAlive(): boolean {
    return this.#root.isUp;
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
  }

  /** Workers that are up, in order. */
  get running(): string[] {
    const found: string[] = [];
    const visit = (living: Living): void => {
      if (living.isUp && living.node.kind === 'worker') found.push(living.node.id);
      for (const child of living.children) visit(child);
    };
    visit(this.#root);
    return found;
  }

  exits(id: string, reason: ModelReason): void {
    const path = this.#pathTo(this.#root, id);
    const worker = path.at(-1);
    if (worker === undefined) return;
    worker.isUp = false;
    this.#childExited(path.slice(0, -1), worker, reason);
  }

  #pathTo(from: Living, id: string): Living[] {
    if (from.node.id === id) return from.isUp ? [from] : [];
    for (const child of from.children) {
      const rest = this.#pathTo(child, id);
      if (rest.length > 0) return [from, ...rest];
    }
    return [];
  }

  /** @param above - the supervisors from the root down to the child's own. */
  #childExited(above: readonly Living[], child: Living, reason: ModelReason): void {
    const own = above.at(-1);
    if (own?.node.kind !== 'supervisor') return;
    const { restart } = child.node;
    if (restart === 'temporary') {
      own.children = own.children.filter((each) => each !== child);
      this.classes.add('forgotten');
      return;
    }
    if (restart === 'transient' && reason !== 'error') {
      this.classes.add('left down');
      return;
    }
    const { strategy, intensity, periodMs } = own.node;
    own.restarts = [...own.restarts, this.#nowMs].filter((at) => at >= this.#nowMs - periodMs);
    if (own.restarts.length > intensity) {
      this.#stopAll(own);
      this.classes.add(above.length > 1 ? 'gave up below' : 'gave up');
      // To its own supervisor that is an orderly end.
      this.#childExited(above.slice(0, -1), own, 'shutdown');
      return;
    }
    this.classes.add(`${strategy} of a ${child.node.kind}`);
    const at = own.children.indexOf(child);
    const affected = own.children.filter((_, i) => {
      if (strategy === 'oneForAll') return true;
      return strategy === 'restForOne' ? i >= at : i === at;
    });
    for (const each of affected.toReversed()) {
      if (each === child) continue;
      this.#stop(each);
      if (each.node.restart !== 'temporary') continue;
      own.children = own.children.filter((other) => other !== each);
    }
    for (const each of affected) if (own.children.includes(each)) this.#start(each);
  }

  #start(living: Living): void {
    living.isUp = true;
    living.restarts = [];
    if (living.node.kind === 'worker') {
      this.log.push(`start ${living.node.id}`);
      return;
    }
    living.children = living.node.children.map((node) => new Living(node));
    for (const child of living.children) this.#start(child);
  }

  #stop(living: Living): void {
    if (!living.isUp) return;
    if (living.node.kind === 'worker') this.log.push(`stop ${living.node.id}`);
    this.#stopAll(living);
  }

  #stopAll(living: Living): void {
    for (const child of living.children.toReversed()) this.#stop(child);
    living.children = [];
    living.isUp = false;
  }
}
