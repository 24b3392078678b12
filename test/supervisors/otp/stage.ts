import { Emitter, SimulatedClock } from '../../../src/base/index.js';
import {
  ExitSignal,
  KILLED,
  Supervisor,
  type ChildHandle,
  type ChildSpec,
  type ExitListener,
  type ExitReason,
  type SupervisionEventTuples,
  type SupervisorDeclaration,
} from '../../../supervisors/otp/index.js';

export const CRASH: ExitReason = { kind: 'error', error: 'crashed by the test' };

/** How a probe answers to a stop: at once, only after `obey()`, or by throwing. */
export type Conduct = 'prompt' | 'deaf' | 'throwing' | 'rejecting';

/** A child that does what the test says and writes what it is told into the log of its stage. */
export class Probe implements ChildHandle {
  readonly id: string;
  readonly #stage: Stage;
  readonly #exit = new ExitSignal();
  readonly #conduct: Conduct;

  constructor(stage: Stage, id: string, conduct: Conduct) {
    this.#stage = stage;
    this.id = id;
    this.#conduct = conduct;
  }

  exit(reason: ExitReason): void {
    this.#exit.fire(reason);
  }

  stop(reason: ExitReason): void | Promise<void> {
    this.#stage.log.push(`stop ${this.id}`);
    if (this.#conduct === 'throwing') throw new Error('cannot stop');
    if (this.#conduct === 'rejecting') return Promise.reject(new Error('cannot stop'));
    if (this.#conduct === 'prompt') this.exit(reason);
    return undefined;
  }

  kill(): void {
    this.#stage.log.push(`kill ${this.id}`);
    this.exit(KILLED);
  }

  onExit(listener: ExitListener): () => void {
    return this.#exit.onExit(listener);
  }
}

/** A simulated clock, a log, and the latest incarnation of every probe. */
export class Stage {
  readonly clock = new SimulatedClock();
  readonly events = new Emitter<SupervisionEventTuples>();
  readonly log: string[] = [];
  readonly probes = new Map<string, Probe>();
  /** How many of the next starts of an id fail. */
  readonly failures = new Map<string, number>();

  spec(id: string, terms: Partial<ChildSpec> = {}, conduct: Conduct = 'prompt'): ChildSpec {
    return { ...terms, id, start: () => this.start(id, conduct) };
  }

  start(id: string, conduct: Conduct = 'prompt'): Probe {
    const failures = this.failures.get(id) ?? 0;
    if (failures > 0) {
      this.failures.set(id, failures - 1);
      this.log.push(`fail ${id}`);
      throw new Error(`${id} does not start`);
    }
    this.log.push(`start ${id}`);
    const probe = new Probe(this, id, conduct);
    this.probes.set(id, probe);
    return probe;
  }

  supervisor(declaration: SupervisorDeclaration): Promise<Supervisor> {
    const { clock, events } = this;
    return Supervisor.start({ name: 'root', clock, events, ...declaration });
  }

  probe(id: string): Probe {
    const probe = this.probes.get(id);
    if (probe === undefined) throw new Error(`no probe ${id}`);
    return probe;
  }

  /** Lets `id` exit and the supervisors deal with it, without letting time pass. */
  async exit(id: string, reason: ExitReason): Promise<void> {
    this.probe(id).exit(reason);
    await microtasks();
  }

  /** What was logged since the last call. */
  news(): string[] {
    return this.log.splice(0);
  }

  /** Names and ids of all events from now on. */
  record(): string[] {
    const seen: string[] = [];
    for (const name of EVENT_NAMES) {
      this.events.on(name, (event: { readonly path: readonly string[] }) => {
        seen.push(`${name} ${event.path.join('/')}`);
      });
    }
    return seen;
  }
}

const EVENT_NAMES = [
  'child:started',
  'child:start-failed',
  'child:exited',
  'child:restarting',
  'child:restarted',
  'child:forgotten',
  'supervisor:started',
  'supervisor:given-up',
  'supervisor:auto-shutdown',
  'supervisor:exited',
] as const;

/** Lets promise reactions run, and nothing else: no timer, no macrotask. */
export async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

export function exitOf(handle: ChildHandle): Promise<ExitReason> {
  return new Promise((resolve) => handle.onExit(resolve));
}

export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error as { code?: unknown }).code ?? error,
  );
