import {
  callForeign,
  SnmpError,
  systemClock,
  type Clock,
  type ForeignOutcome,
} from '../../base/index.js';
import type { Agent, MibText } from '../../index.js';
import type { Version } from '../../message/index.js';
import type { Mib } from '../../mib/index.js';
import type { CrashPoint, Exchanged, Saboteur, Subject } from '../subject.js';
import { knownMib } from './known-mib.js';
import { loadSaboteur } from './saboteur.js';

/** Above any deadline an agent can need for one request. */
const DEFAULT_TIMEOUT_MS = 30_000;

export interface InProcessOptions {
  /** One that may write what is to be tried. Default `private`. */
  readonly community?: string;
  /** Default v2c. */
  readonly version?: Version;
  /** The texts of the modules whose objects are to be tried. */
  readonly mibs?: readonly MibText[];
  /** Names of subtrees that are restarted between the steps of a case. Default: none. */
  readonly restart?: readonly string[];
  /** Instead of `agent.restart`: crashes a subtree for good, and resolves when it is back. */
  crash?(subtree: string): Promise<void>;
  /** Whether an object of the kit's own may be loaded that makes SETs fail. Default true. */
  readonly sabotage?: boolean;
  /** How long one answer may take. Default 30 000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/**
 * An agent of this very process as a subject: requests go in by `agent.inject`, no socket is
 * opened. The agent stays yours: `close` takes out what was loaded and does not stop it.
 *
 * @throws SnmpError SNMP_MIB_*, and as `agent.load` where the saboteur cannot be loaded.
 */
export async function inProcessSubject(
  agent: Agent,
  options: InProcessOptions = {},
): Promise<Subject> {
  const mib = knownMib(options.mibs ?? []);
  const sabotage = options.sabotage === false ? undefined : await loadSaboteur(agent);
  return new InProcessSubject(agent, mib, options, sabotage);
}

class InProcessSubject implements Subject {
  readonly name = 'an agent of this process';
  readonly address?: string;
  readonly version: Version;
  readonly community: string;
  readonly mib: Mib;
  readonly writableByDefault = 'all';
  readonly crashPoints: readonly CrashPoint[];
  readonly saboteur?: Saboteur;
  readonly #agent: Agent;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #unload: (() => Promise<void>) | undefined;

  constructor(
    agent: Agent,
    mib: Mib,
    options: InProcessOptions,
    sabotage: Awaited<ReturnType<typeof loadSaboteur>> | undefined,
  ) {
    this.#agent = agent;
    // Where it listens too, scripts can be replayed for as long as the subject is open.
    const [listening] = agent.addresses;
    if (listening !== undefined) this.address = listening.replace('udp://', '');
    this.mib = mib;
    this.version = options.version ?? 'v2c';
    this.community = options.community ?? 'private';
    this.#clock = options.clock ?? systemClock;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const crash = options.crash?.bind(options) ?? ((name: string) => agent.restart(name));
    this.crashPoints = (options.restart ?? []).map((name) => ({
      name,
      crash: () => this.#restart(name, crash),
    }));
    if (sabotage !== undefined) {
      this.saboteur = sabotage.saboteur;
      this.#unload = () => sabotage.unload();
    }
  }

  async exchange(request: Uint8Array): Promise<Exchanged> {
    const outcome = await this.#call(() => this.#agent.inject(request));
    if (outcome.kind === 'threw') throw failure('the agent', outcome.error);
    return { reply: outcome.kind === 'returned' ? outcome.value : undefined, attempts: 1 };
  }

  async close(): Promise<void> {
    const unload = this.#unload;
    this.#unload = undefined;
    await unload?.();
  }

  async #restart(name: string, crash: (name: string) => Promise<void>): Promise<void> {
    const outcome = await this.#call(() => crash(name));
    if (outcome.kind === 'threw') throw failure(`the restart of ${name}`, outcome.error);
    if (outcome.kind !== 'returned') {
      throw failure(`the restart of ${name}`, `not done within ${this.#timeoutMs} ms`);
    }
  }

  #call<Value>(call: () => Promise<Value>): Promise<ForeignOutcome<Value>> {
    return new Promise((resolve) => {
      callForeign(call, this.#timeoutMs, this.#clock, resolve);
    });
  }
}

function failure(what: string, cause: unknown): SnmpError {
  return new SnmpError('SNMP_CONFORMANCE_SUBJECT', `${what} failed: ${String(cause)}`, { cause });
}
