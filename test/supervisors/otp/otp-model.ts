/**
 * OTP's `supervisor.erl` written down a second time, naively, for the property: what one
 * supervisor with prompt, synchronous children does. Imports nothing of the code under test.
 */
export type ModelRestart = 'permanent' | 'transient' | 'temporary';
export type ModelStrategy = 'oneForOne' | 'oneForAll' | 'restForOne';
export type ModelReason = 'normal' | 'shutdown' | 'error';

export interface ModelFlags {
  readonly strategy: ModelStrategy;
  readonly intensity: number;
  readonly periodMs: number;
  readonly autoShutdown: 'never' | 'anySignificant' | 'allSignificant';
}

export interface ModelSpec {
  readonly id: string;
  readonly restart: ModelRestart;
  readonly significant: boolean;
}

interface ModelChild extends ModelSpec {
  /** As OTP's pid field. */
  pid: 'undefined' | 'pid' | 'restarting';
}

export class OtpModel {
  readonly log: string[] = [];
  /** Classes of behaviour that were seen, for the coverage assertion. */
  readonly classes = new Set<string>();
  readonly failures = new Map<string, number>();
  readonly #flags: ModelFlags;
  #children: ModelChild[];
  #restarts: number[] = [];
  #again: string[] = [];
  #nowMs = 0;
  /** Dead, while their EXIT is still in the mailbox. */
  #dead = new Set<string>();
  alive = true;

  constructor(flags: ModelFlags, specs: readonly ModelSpec[]) {
    this.#flags = flags;
    this.#children = specs.map((spec) => ({ ...spec, pid: 'undefined' }));
    for (const child of this.#children) this.#start(child);
  }

  /** Ids in start order with what became of them. */
  get children(): string[] {
    const words = { undefined: 'stopped', pid: 'running', restarting: 'restarting' };
    return this.#children.map((child) => `${child.id} ${words[child.pid]}`);
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
  }

  /** All die at the same moment; the EXIT messages then come up one by one. */
  exits(ids: readonly string[], reason: ModelReason): void {
    this.#dead = new Set(ids);
    for (const id of ids) {
      if (this.#dead.has(id)) this.#exit(id, reason);
    }
  }

  #exit(id: string, reason: ModelReason): void {
    const child = this.#children.find((each) => each.id === id);
    if (!this.alive || child?.pid !== 'pid') return;
    child.pid = 'undefined';
    this.#dead.delete(id);
    const ordinary = reason !== 'error';
    if (child.restart === 'permanent' || (child.restart === 'transient' && !ordinary)) {
      this.#restart(child);
    } else {
      if (child.restart === 'temporary') this.#forget(child);
      this.classes.add(`left down ${child.restart}`);
      this.#autoShutdown(child);
    }
  }

  terminate(id: string): boolean {
    const child = this.#children.find((each) => each.id === id);
    if (!this.alive || child === undefined) return false;
    if (child.pid === 'restarting') this.classes.add('restart cancelled');
    this.#terminate([child]);
    return true;
  }

  restartByHand(id: string): boolean {
    const child = this.#children.find((each) => each.id === id);
    if (!this.alive || child?.pid !== 'undefined') return false;
    return this.#start(child);
  }

  /** The try_again_restart messages, until none is left. */
  settle(): void {
    for (let id = this.#again.shift(); id !== undefined; id = this.#again.shift()) {
      const child = this.#children.find((each) => each.id === id);
      if (!this.alive || child?.pid !== 'restarting') continue;
      this.classes.add('tried again');
      this.#restart(child);
    }
  }

  #start(child: ModelChild): boolean {
    const failures = this.failures.get(child.id) ?? 0;
    if (failures > 0) {
      this.failures.set(child.id, failures - 1);
      this.log.push(`fail ${child.id}`);
      return false;
    }
    this.log.push(`start ${child.id}`);
    child.pid = 'pid';
    return true;
  }

  #terminate(inStartOrder: readonly ModelChild[]): void {
    for (const child of [...inStartOrder].reverse()) {
      if (child.pid === 'pid' && !this.#dead.delete(child.id)) this.log.push(`stop ${child.id}`);
      child.pid = 'undefined';
      if (child.restart !== 'temporary') continue;
      this.#forget(child);
      this.classes.add('temporary forgotten with others');
    }
  }

  #forget(child: ModelChild): void {
    this.#children = this.#children.filter((each) => each !== child);
  }

  #restart(child: ModelChild): void {
    const since = this.#nowMs - this.#flags.periodMs;
    this.#restarts = [...this.#restarts.filter((at) => at >= since), this.#nowMs];
    if (this.#restarts.length > this.#flags.intensity) {
      child.pid = 'undefined';
      this.classes.add('gave up');
      this.#shutdown();
      return;
    }
    const { strategy } = this.#flags;
    this.classes.add(strategy);
    const index = this.#children.indexOf(child);
    const first = strategy === 'oneForAll' ? 0 : index;
    const end = strategy === 'oneForOne' ? index + 1 : this.#children.length;
    const affected = this.#children.slice(first, end);
    if (affected.length > 1) this.classes.add('restarted together');
    this.#terminate(affected.filter((each) => each !== child));
    for (const each of affected) {
      if (!this.#children.includes(each)) continue;
      if (this.#start(each)) continue;
      if (child.pid === 'restarting') child.pid = 'undefined';
      each.pid = 'restarting';
      this.#again.push(each.id);
      return;
    }
  }

  #autoShutdown(child: ModelChild): void {
    const { autoShutdown } = this.#flags;
    if (autoShutdown === 'never' || !child.significant) return;
    const others = this.#children.some((each) => each.significant && each.pid !== 'undefined');
    if (autoShutdown === 'allSignificant' && others) {
      this.classes.add('others significant');
      return;
    }
    this.classes.add(autoShutdown);
    this.#shutdown();
  }

  #shutdown(): void {
    this.#terminate(this.#children);
    this.alive = false;
  }
}
