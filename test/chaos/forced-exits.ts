import type { Agent } from '../../src/agent.js';
import { SubtreeRef, type SubtreeCell } from '../../src/subtree/index.js';
import { Supervisor, type SupervisorOptions, type StartContext } from '../../supervisors/index.js';
import type { Chance } from './chance.js';
import { SUBTREES, type SubtreeName } from './chaos-mib.js';
import type { SupervisionWatch } from './supervision-watch.js';

/** Who may be killed: all but the calm one. */
const VICTIMS: readonly SubtreeName[] = SUBTREES.filter((name) => name !== 'c10');

/** `subtrees` lives through 10 restarts of children in a minute; the great exits need some too. */
const MAX_SUPERVISORS_KILLED = 6;
/** The root lives through 3 in a minute. */
const MAX_GREAT_EXITS = 2;
const PERIOD_MS = 70_000;

const TICK_MS = 20;

/** Parts above the subtrees that are made to exit when everything is quiet. */
export const GREAT_EXITS = ['master', 'subtrees', 'transports', 'udp-1'] as const;
export type GreatExit = (typeof GREAT_EXITS)[number];

/**
 * Makes actors and supervisors exit that have done nothing, and brings back those that were given
 * up. It holds what nobody outside holds: the cells and the supervisors, caught as they are started.
 */
export class ForcedExits implements Disposable {
  readonly #chance: Chance;
  readonly #watch: SupervisionWatch;
  readonly #cells = new Map<string, SubtreeCell>();
  readonly #supervisors = new Map<string, Supervisor>();
  // oxlint-disable-next-line unbound-method -- called with the `this` it is called with
  readonly #startIncarnation = SubtreeRef.prototype.startIncarnation;
  // oxlint-disable-next-line unbound-method -- bound below; kept to be put back as it was
  readonly #startSupervisor = Supervisor.start;
  readonly #restarting = new Map<SubtreeName, Promise<void>>();
  /** When supervisors were killed, and greater parts. BOUNDED by the budgets. */
  #killedMs: number[] = [];
  #greatMs: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  kills = 0;
  supervisorKills = 0;
  restarts = 0;
  greatExits = 0;

  constructor(chance: Chance, watch: SupervisionWatch) {
    this.#chance = chance;
    this.#watch = watch;
    const cells = this.#cells;
    const supervisors = this.#supervisors;
    const start = this.#startSupervisor.bind(Supervisor);
    const original = this.#startIncarnation;
    SubtreeRef.prototype.startIncarnation = function startIncarnation(this: SubtreeRef) {
      const made = original.call(this);
      cells.set(this.id, made.cell);
      return made;
    };
    Supervisor.start = async (options: SupervisorOptions, parent?: StartContext) => {
      const supervisor = await start(options, parent);
      supervisors.set(options.name, supervisor);
      return supervisor;
    };
  }

  [Symbol.dispose](): void {
    SubtreeRef.prototype.startIncarnation = this.#startIncarnation;
    Supervisor.start = this.#startSupervisor;
  }

  /** Goes on until `end`. */
  begin(agent: Agent): void {
    this.#timer = setTimeout(() => {
      this.#act(agent);
      this.begin(agent);
    }, TICK_MS);
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all(this.#restarting.values());
  }

  /** Everybody who was given up comes back. */
  async revive(agent: Agent): Promise<void> {
    for (const name of VICTIMS) if (this.#watch.isGone(name)) await this.#restart(agent, name);
  }

  /**
   * A part above the subtrees exits, if the limits allow one more.
   *
   * @returns what exited; undefined where it is not the time.
   */
  greatExit(): GreatExit | undefined {
    const nowMs = performance.now();
    this.#greatMs = this.#greatMs.filter((atMs) => atMs > nowMs - PERIOD_MS);
    if (this.#greatMs.length >= MAX_GREAT_EXITS) return undefined;
    const what = this.#chance.pick(GREAT_EXITS);
    const parent = this.#supervisors.get(what === 'udp-1' ? 'transports' : 'agent');
    const child = parent?.whichChildren().find(({ id }) => id === what)?.handle;
    if (child === undefined) throw new Error(`there is no ${what} to kill`);
    this.#greatMs.push(nowMs);
    this.greatExits += 1;
    if (what === 'subtrees') {
      // Each cell hears it on this stack; and their supervisors begin to count anew.
      const killAll = VICTIMS.reduce(
        (kill, name) => () => this.#watch.killedFromAbove(name, kill),
        () => this.#watch.killedFromAbove('c10', () => child.kill()),
      );
      killAll();
    } else {
      if (what === 'master') for (const name of SUBTREES) this.#watch.startsOver(name);
      child.kill();
    }
    return what;
  }

  #act(agent: Agent): void {
    const chance = this.#chance;
    // Those who were given up are not gone for long: what is not there cannot be tried.
    const gone = VICTIMS.filter((victim) => this.#watch.isGone(victim));
    const name = chance.pick(gone.length > 0 && chance.is(0.2) ? gone : VICTIMS);
    const what = chance.next();
    if (this.#restarting.has(name)) return;
    if (this.#watch.isGone(name)) {
      if (what < 0.5) void this.#restart(agent, name);
    } else if (what < 0.12) void this.#restart(agent, name);
    else if (what < 0.15) this.#killSupervisor(name);
    else if (what < 0.5) this.#killCell(name);
  }

  #killCell(name: SubtreeName): void {
    const cell = this.#cells.get(name);
    if (cell?.isAlive !== true) return;
    this.kills += 1;
    if (this.#chance.is(0.5)) cell.kill();
    else cell.fail('saboteur', this.#chance.pick([undefined, new Error('forced'), 'forced', null]));
  }

  #killSupervisor(name: SubtreeName): void {
    const nowMs = performance.now();
    this.#killedMs = this.#killedMs.filter((atMs) => atMs > nowMs - PERIOD_MS);
    const supervisor = this.#supervisors.get(name);
    if (this.#killedMs.length >= MAX_SUPERVISORS_KILLED || supervisor?.state !== 'running') return;
    this.#killedMs.push(nowMs);
    this.supervisorKills += 1;
    this.#watch.killedFromAbove(name, () => supervisor.kill());
  }

  #restart(agent: Agent, name: SubtreeName): Promise<void> {
    this.restarts += 1;
    this.#watch.restarts(name);
    const restarted = agent.restart(name).then(
      () => this.#watch.restarted(name, true),
      (error: unknown) => this.#watch.restarted(name, false, String(error)),
    );
    const ended = restarted.finally(() => void this.#restarting.delete(name));
    this.#restarting.set(name, ended);
    return ended;
  }
}
