import type { Agent } from '../../src/agent.js';
import { SUBTREES, type SubtreeName } from './chaos-mib.js';
import { POLICIES } from './subtrees.js';

/** One crash: when it was told, and the latest time at which its supervisor can have noted it. */
interface Crash {
  readonly fromMs: number;
  untilMs: number;
  /** False where the supervisor that counted it may have been another one. */
  isSure: boolean;
}

const STORY_LENGTH = 12;

interface Life {
  state: 'up' | 'down' | 'gone';
  /** While `agent.restart` is under way: old and new supervisor both have a say. */
  isRestarting: boolean;
  incarnation: number;
  /** The number of the last event before it crashed last; -1: never. */
  crashedAt: number;
  /** Those that its supervisor may count. BOUNDED by what its policy can remember. */
  crashes: Crash[];
  /** Since when it may have been unregistered, and since when it surely was; undefined: no. */
  goneFrom: number | undefined;
  surelyGoneFrom: number | undefined;
  /** Ended stretches of this epoch. */
  /** What happened to it last, for who has to find out. BOUNDED by STORY_LENGTH. */
  story: string[];
  stretches: { readonly from: number; readonly to: number; readonly isSure: boolean }[];
  isKilledFromAbove: boolean;
}

/**
 * What supervision may and must do, told from the agent's events alone: after every crash one
 * restart, or a giving-up exactly when the policy says so; and who is gone is gone.
 */
export class SupervisionWatch {
  readonly #lives = new Map<string, Life>();
  readonly #violated: (what: string) => void;
  readonly #now: () => number;
  crashes = 0;
  ups = 0;
  givenUp = 0;
  left = 0;

  /** @param now - the number of the last event of the ledger. */
  constructor(now: () => number, violated: (what: string) => void) {
    this.#now = now;
    this.#violated = violated;
    for (const name of SUBTREES) {
      this.#lives.set(name, {
        state: 'down',
        isRestarting: false,
        incarnation: 0,
        crashedAt: -1,
        crashes: [],
        goneFrom: undefined,
        surelyGoneFrom: undefined,
        story: [],
        stretches: [],
        isKilledFromAbove: false,
      });
    }
  }

  watch(agent: Agent): void {
    agent.on('subtree:up', ({ subtree, incarnation }) => {
      this.#note(subtree, `up ${incarnation}`);
      this.#up(subtree, incarnation);
    });
    agent.on('subtree:crashed', ({ subtree, incarnation, operation }) => {
      this.#note(subtree, `crashed ${incarnation} in ${operation}`);
      this.#crashed(subtree, incarnation);
    });
    agent.on('subtree:quarantined', ({ subtree, restarts }) => {
      this.#note(subtree, 'given up');
      this.#gaveUp(subtree, restarts);
    });
  }

  /** What is known of one that is not as it should be. */
  story(agent: Agent, name: SubtreeName): string {
    const { state } = this.#of(name);
    const subtrees = agent.tree().children?.find(({ id }) => id === 'subtrees');
    const node = subtrees?.children?.find(({ id }) => id === name);
    const tree = [node, ...(node?.children ?? [])].map((one) => String(one?.state)).join('/');
    return `${name} is ${state}, in the tree ${tree}, after: ${this.past(name)}`;
  }

  past(name: SubtreeName): string {
    return this.#of(name).story.join(', ');
  }

  #note(name: string, what: string): void {
    const story = this.#lives.get(name)?.story;
    story?.push(what);
    if (story !== undefined && story.length > STORY_LENGTH) story.shift();
  }

  isGone(name: SubtreeName): boolean {
    return this.#of(name).state === 'gone';
  }

  isUp(name: SubtreeName): boolean {
    return this.#of(name).state === 'up';
  }

  crashedSince(name: string, from: number): boolean {
    return (this.#lives.get(name)?.crashedAt ?? -1) >= from;
  }

  /** Whether it may have been unregistered at some moment between two events. */
  mayHaveBeenGone(name: SubtreeName, from: number, to: number): boolean {
    const { goneFrom, stretches } = this.#of(name);
    return (
      (goneFrom !== undefined && goneFrom <= to) ||
      stretches.some((stretch) => stretch.from <= to && stretch.to >= from)
    );
  }

  /** Whether it was unregistered from one event to another, all the time. */
  wasGoneAll(name: SubtreeName, from: number, to: number): boolean {
    const { surelyGoneFrom, stretches } = this.#of(name);
    return (
      (surelyGoneFrom !== undefined && surelyGoneFrom <= from) ||
      stretches.some((stretch) => stretch.isSure && stretch.from <= from && stretch.to >= to)
    );
  }

  /** `agent.restart` is called: until it has settled, two supervisors may count. */
  restarts(name: SubtreeName): void {
    const life = this.#of(name);
    this.#note(name, 'restart');
    life.isRestarting = true;
    for (const crash of life.crashes) crash.isSure = false;
    if (life.surelyGoneFrom !== undefined) {
      const stretch = { from: life.surelyGoneFrom, to: this.#now(), isSure: true };
      life.stretches.push(stretch);
      life.surelyGoneFrom = undefined;
    }
  }

  /** It has settled. @param isBack - whether it succeeded. */
  restarted(name: SubtreeName, isBack: boolean, why = ''): void {
    this.#note(name, isBack ? 'restarted' : `not restarted (${why})`);
    const life = this.#of(name);
    life.isRestarting = false;
    // What came before this moment may have been counted by either; what comes now is the new one's.
    for (const crash of life.crashes) crash.isSure = false;
    const isForgotten = life.state === 'down' && POLICIES[name].restart === 'temporary';
    if (!isBack || isForgotten || life.state === 'gone') {
      this.#leave(life);
      return;
    }
    if (life.goneFrom !== undefined) {
      life.stretches.push({ from: life.goneFrom, to: this.#now(), isSure: false });
    }
    life.goneFrom = undefined;
    // Its old supervisor may have given it up on the way down.
    life.surelyGoneFrom = undefined;
  }

  /** Its supervisor is killed on this stack: its cell's end is no crash of the cell. */
  killedFromAbove(name: SubtreeName, kill: () => void): void {
    const life = this.#of(name);
    this.#note(name, 'its supervisor is killed');
    life.isKilledFromAbove = true;
    kill();
    life.isKilledFromAbove = false;
    life.crashes = [];
    if (life.state === 'up') life.state = 'down';
  }

  /** It is stopped in order for the sake of a part that it relies on, and started again. */
  startsOver(name: SubtreeName): void {
    const life = this.#of(name);
    life.crashes = [];
    if (life.state === 'up') life.state = 'down';
  }

  /** Everything is quiet: nobody is halfway, and the tree says the same. */
  endEpoch(agent: Agent): void {
    const subtrees = agent.tree().children?.find(({ id }) => id === 'subtrees');
    for (const name of SUBTREES) {
      const life = this.#of(name);
      const node = subtrees?.children?.find(({ id }) => id === name);
      const cell = node?.children?.find(({ id }) => id === 'cell');
      const runs = node?.state === 'running' && cell?.state === 'running';
      if (life.state !== 'up' && life.state !== 'gone') {
        this.#violated(`${name} is neither up nor given up: ${life.state}`);
      }
      if (runs !== (life.state === 'up')) {
        this.#violated(`${name} is ${life.state}, and ${String(node?.state)} in the tree`);
      }
      life.stretches = [];
    }
  }

  #up(subtree: string, incarnation: number): void {
    const life = this.#lives.get(subtree);
    if (life === undefined) return;
    this.ups += 1;
    if (incarnation <= life.incarnation) {
      this.#violated(`${subtree} came up as incarnation ${incarnation} after ${life.incarnation}`);
    }
    if (life.state === 'up' && !life.isRestarting) this.#violated(`${subtree} came up twice`);
    if (life.state === 'gone' && !life.isRestarting)
      this.#violated(`${subtree} came up though it was given up`);
    life.incarnation = incarnation;
    this.#settleCrash(life, subtree);
    life.state = 'up';
  }

  #crashed(subtree: string, incarnation: number): void {
    // The agent's own groups are killed too, when all subtrees are.
    this.crashes += 1;
    const life = this.#lives.get(subtree);
    if (life === undefined) return;
    life.crashedAt = this.#now();
    if (incarnation < life.incarnation || incarnation > life.incarnation + 1) {
      this.#violated(`${subtree} crashed as incarnation ${incarnation} of ${life.incarnation}`);
    }
    if (incarnation > life.incarnation) {
      // Its `new` failed: the restart before has been admitted.
      this.#settleCrash(life, subtree);
      life.incarnation = incarnation;
    }
    if (life.isKilledFromAbove) return;
    const { restart } = POLICIES[subtree as SubtreeName];
    if (restart === 'temporary') {
      // One that never came up is tried again by whoever tries to start its supervisor.
      const wasUp = life.state === 'up';
      life.state = 'down';
      if (!wasUp) return;
      if (life.isRestarting) life.goneFrom ??= this.#now();
      else this.#leave(life);
      return;
    }
    if (life.state !== 'gone') life.state = 'down';
    const nowMs = performance.now();
    life.crashes.push({
      fromMs: nowMs,
      untilMs: Number.POSITIVE_INFINITY,
      isSure: !life.isRestarting,
    });
  }

  /** A restart was admitted: then no more than the intensity were counted. */
  #settleCrash(life: Life, subtree: string): void {
    const { intensity, periodMs } = POLICIES[subtree as SubtreeName];
    const last = life.crashes.at(-1);
    if (last === undefined || last.untilMs !== Number.POSITIVE_INFINITY) return;
    last.untilMs = performance.now();
    const surely = life.crashes.filter(
      ({ fromMs, isSure }) => isSure && fromMs >= last.untilMs - periodMs,
    );
    if (last.isSure && surely.length > intensity) {
      this.#violated(`${subtree} was restarted ${surely.length} times, of ${intensity}`);
    }
    const beginMs = last.fromMs - 2 * periodMs;
    const kept = Math.min(intensity + 2, 100);
    life.crashes = life.crashes.filter(({ untilMs }) => untilMs >= beginMs).slice(-kept);
  }

  #gaveUp(subtree: string, restarts: number): void {
    const life = this.#lives.get(subtree);
    if (life === undefined) return;
    this.givenUp += 1;
    const { intensity, periodMs } = POLICIES[subtree as SubtreeName];
    const last = life.crashes.at(-1);
    const possibly = life.crashes.filter(
      ({ untilMs }) => last !== undefined && untilMs >= last.fromMs - periodMs,
    );
    if (restarts !== intensity + 1 || possibly.length <= intensity) {
      this.#violated(
        `${subtree} was given up after ${restarts} restarts (${possibly.length} crashes), of ${intensity}`,
      );
    }
    this.#leave(life);
  }

  #leave(life: Life): void {
    if (life.state !== 'gone') this.left += 1;
    life.state = 'gone';
    life.crashes = [];
    life.goneFrom ??= this.#now();
    // The event of a temporary one comes before it is unregistered, in the same turn.
    life.surelyGoneFrom ??= this.#now() + 1;
  }

  #of(name: SubtreeName): Life {
    const life = this.#lives.get(name);
    if (life === undefined) throw new Error(`no subtree ${name}`);
    return life;
  }
}
