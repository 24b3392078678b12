import type { Agent } from '../../src/agent.js';
import { startAgent } from '../../src/start-agent.js';
import { targetOf } from '../support/udp-client.js';
import { Chance } from './chance.js';
import { CHAOS_MIB, GROUPS, SUBTREES } from './chaos-mib.js';
import { ChaosClient } from './clients.js';
import { Device } from './device.js';
import { ForcedExits } from './forced-exits.js';
import { Ledger, type Sent } from './ledger.js';
import {
  Escapes,
  eventually,
  FailingLogger,
  openResources,
  resourcesLeft,
  TrackedClock,
  usedHeapOctets,
} from './probes.js';
import { DEADLINES, Saboteur } from './saboteur.js';
import { ChaosSubtrees, SEVERITY } from './subtrees.js';
import { SupervisionWatch } from './supervision-watch.js';

export interface ChaosOptions {
  readonly seed: number;
  readonly clients: number;
  /** Of each client in each epoch. */
  readonly requests: number;
  /** Ends after so many epochs ... */
  readonly epochs: number;
  /** ... or, where that is later, with the epoch in which this time is over. */
  readonly seconds: number;
  /** Told at the end of every epoch. */
  readonly progress?: (line: string) => void;
}

export interface ChaosReport {
  /** What must not happen and did; the first ones. */
  readonly violations: readonly string[];
  readonly violationCount: number;
  /** How much of everything there was: a run in which nothing happened proves nothing. */
  readonly counts: Readonly<Record<string, number>>;
  /** In use at the end of each epoch. */
  readonly heapOctets: readonly number[];
}

/** Requests of one client that wait for their answers. */
const WINDOW = 10;
/** A part of all windows together: some requests are dropped, and some SETs find the queue full. */
const MAX_IN_FLIGHT = 0.85;
const MAX_WAITING_SETS = 0.6;
/** Everything has deadlines far below this. */
const QUIET_MS = 20_000;
const MAX_VIOLATIONS = 40;
/** What the compiler and the collector may make of a run, however long it is. */
const MAX_HEAP_GROWTH_OCTETS = 8 * 2 ** 20;

/** Runs the chaos to its end. Rejects only where it cannot even begin. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const before = openResources();
  const run = new ChaosRun(options);
  await run.run();
  if (!(await eventually(() => resourcesLeft(before) === '', 5000))) {
    run.violated(`left behind: ${resourcesLeft(before)}`);
  }
  return run.report();
}

class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #violations: string[] = [];
  #violationCount = 0;
  readonly violated = (what: string): void => {
    this.#violationCount += 1;
    if (this.#violations.length < MAX_VIOLATIONS) this.#violations.push(what);
  };
  readonly #clock = new TrackedClock();
  readonly #logger: FailingLogger;
  readonly #device = new Device(this.violated);
  readonly #saboteur: Saboteur;
  readonly #watch: SupervisionWatch;
  readonly #ledger: Ledger;
  readonly #exits: ForcedExits;
  readonly #chance: Chance;
  /** By port. BOUNDED by the clients. */
  readonly #drops = new Map<number, number>();
  /** Unanswered requests, by client. */
  readonly #lost = new Map<number, number>();
  readonly #finished = new Map<string, number>();
  readonly #heapOctets: number[] = [];
  #throwingListener = 0;
  #epoch = 0;
  #strangers = 0;
  #walks = 0;

  constructor(options: ChaosOptions) {
    this.#options = options;
    this.#chance = new Chance(options.seed);
    this.#logger = new FailingLogger(this.#chance.fork('logger'));
    this.#saboteur = new Saboteur(this.#chance.fork('saboteur'), SEVERITY);
    this.#watch = new SupervisionWatch(() => this.#ledger.now, this.violated);
    this.#ledger = new Ledger(this.#watch, this.violated);
    this.#exits = new ForcedExits(this.#chance.fork('exits'), this.#watch);
  }

  async run(): Promise<void> {
    using _escapes = new Escapes(this.violated);
    using exits = this.#exits;
    const agent = await this.#startAgent();
    const clients = await this.#openClients(agent);
    const untilMs = performance.now() + 1000 * this.#options.seconds;
    do {
      this.#saboteur.isAtPeace = false;
      exits.begin(agent);
      for (const client of clients) client.allow(this.#options.requests);
      await this.#underFire(agent, clients);
      await this.#becomeQuiet(agent, clients);
      if (this.#violationCount > 0) break;
      await this.#greatExit(agent);
      this.#heapOctets.push(await usedHeapOctets());
      this.#epoch += 1;
      this.#options.progress?.(this.#line());
    } while (this.#epoch < this.#options.epochs || performance.now() < untilMs);
    this.#checkHeap();
    await agent.stop();
    for (const client of clients) await client.close();
    if (this.#clock.pendingTimers > 0) {
      this.violated(`${this.#clock.pendingTimers} timers outlive the agent`);
    }
  }

  report(): ChaosReport {
    const { history, responses, datagrams } = this.#ledger;
    const faults = [...this.#saboteur.faults.values()].reduce((sum, count) => sum + count, 0);
    return {
      violations: this.#violations,
      violationCount: this.#violationCount,
      counts: {
        epochs: this.#epoch,
        requests: datagrams,
        responses,
        dropped: [...this.#drops.values()].reduce((sum, count) => sum + count, 0),
        observations: history.observations,
        seenInDoubt: history.mixed,
        walks: this.#walks,
        faults,
        kindsOfFaults: this.#saboteur.faults.size,
        crashes: this.#watch.crashes,
        restarts: this.#watch.ups,
        givenUp: this.#watch.givenUp,
        kills: this.#exits.kills,
        supervisorKills: this.#exits.supervisorKills,
        greatExits: this.#exits.greatExits,
        orderedRestarts: this.#exits.restarts,
        ...Object.fromEntries(
          [...this.#ledger.setStatuses].map(([status, count]) => [`set ${status}`, count]),
        ),
      },
      heapOctets: this.#heapOctets,
    };
  }

  async #startAgent(): Promise<Agent> {
    this.#saboteur.isAtPeace = true;
    const windows = WINDOW * this.#options.clients;
    const agent = await startAgent({
      listen: 'udp://127.0.0.1:0',
      access: { communities: { private: 'write' } },
      deadlines: DEADLINES,
      limits: {
        maxInFlight: Math.floor(MAX_IN_FLIGHT * windows),
        maxWaitingSets: Math.floor(MAX_WAITING_SETS * windows),
      },
      clock: this.#clock,
      logger: this.#logger,
    });
    this.#watch.watch(agent);
    agent.on('agent:defect', ({ error }) =>
      this.violated(`defect: ${error instanceof Error ? error.stack : String(error)}`),
    );
    agent.on('agent:stopped', ({ reason }) => {
      if (reason !== 'stop') this.violated(`the agent stopped by itself: ${reason}`);
    });
    agent.on('request:dropped', ({ port }) => {
      this.#drops.set(port, (this.#drops.get(port) ?? 0) + 1);
    });
    agent.on('set:finished', ({ errorStatus }) => {
      this.#finished.set(errorStatus, (this.#finished.get(errorStatus) ?? 0) + 1);
    });
    agent.on('subtree:crashed', () => {
      this.#throwingListener += 1;
      throw new Error('sabotage of an event listener');
    });
    const subtrees = new ChaosSubtrees(this.#device, this.#saboteur);
    await agent.load(CHAOS_MIB, subtrees.definitions());
    return agent;
  }

  async #openClients(agent: Agent): Promise<readonly ChaosClient[]> {
    const surroundings = {
      target: targetOf(agent.addresses[0] as string),
      ledger: this.#ledger,
      violated: this.violated,
      answered: ({ id, sentAt }: Sent) =>
        this.#device.answered(id, (subtree) => this.#watch.crashedSince(subtree, sentAt)),
    };
    const clients: ChaosClient[] = [];
    for (let i = 0; i < this.#options.clients; i++) {
      const chance = this.#chance.fork(`client ${i}`);
      clients.push(await ChaosClient.open(i, WINDOW, chance, surroundings));
    }
    agent.on('request:dropped', ({ port }) => {
      clients.find((client) => client.port === port)?.dropped();
    });
    return clients;
  }

  async #underFire(agent: Agent, clients: readonly ChaosClient[]): Promise<void> {
    const hasRested = (): boolean => clients.every((client) => client.hasRested);
    // By requests, not by time: on a slow machine it takes longer.
    const longMs = QUIET_MS + 50 * this.#options.requests * clients.length;
    if (!(await eventually(hasRested, longMs))) this.violated('the clients wait for ever');
    for (const client of clients) client.rest();
    await this.#exits.end();
    this.#saboteur.isAtPeace = true;
    // What began under fire may still bring somebody down.
    await this.#settled(agent, clients, false);
    await this.#exits.revive(agent);
  }

  async #becomeQuiet(agent: Agent, clients: readonly ChaosClient[]): Promise<void> {
    await this.#settled(agent, clients, true);
    const [first] = clients;
    // What every group shows when nobody changes it, after everything that was answered.
    for (const group of GROUPS) first?.look(group);
    await this.#settled(agent, clients, true);
    this.#checkCounters(agent, clients);
    this.#watch.endEpoch(agent);
    this.#ledger.history.endEpoch();
    this.#device.endEpoch();
    for (const client of clients) client.endEpoch();
    if (this.#clock.pendingTimers > 0) {
      this.violated(`${this.#clock.pendingTimers} timers are left when nothing is under way`);
    }
  }

  /** Nothing is under way: neither in the agent, nor on the wire, nor in a late function. */
  async #settled(agent: Agent, clients: readonly ChaosClient[], isAllUp: boolean): Promise<void> {
    this.#strangers = clients.reduce((sum, { strangers }) => sum + strangers, 0);
    this.#walks = clients.reduce((sum, { walks }) => sum + walks, 0);
    const open = (): string => {
      const metrics = agent.metrics();
      const { snmp } = metrics;
      const left = {
        requestsInFlight: metrics.requestsInFlight,
        setsRunning: metrics.setsRunning,
        setsWaiting: metrics.setsWaiting,
        'datagrams on the way':
          this.#ledger.datagrams + this.#strangers - (snmp['snmpInPkts'] ?? 0),
        'answers on the way': (snmp['snmpOutPkts'] ?? 0) - this.#ledger.responses,
        'late functions': this.#saboteur.isIdle ? 0 : 1,
      };
      const down = SUBTREES.filter((name) => !this.#watch.isUp(name));
      if (isAllUp && down.length > 0)
        return down.map((name) => this.#watch.story(agent, name)).join('; ');
      return Object.entries(left)
        .filter(([, count]) => count !== 0)
        .map(([what, count]) => `${what}: ${count}`)
        .join(', ');
    };
    if (!(await eventually(() => open() === '', QUIET_MS))) {
      this.violated(`it does not become quiet: ${open()}`);
    }
  }

  /** The agent's own counts against ours. */
  #checkCounters(agent: Agent, clients: readonly ChaosClient[]): void {
    const metrics = agent.metrics();
    const { snmp, sets } = metrics;
    const ledger = this.#ledger;
    const status = (name: string): number => ledger.setStatuses.get(name) ?? 0;
    const finished = (name: string): number => this.#finished.get(name) ?? 0;
    const equal = (what: string, told: number | undefined, counted: number): void => {
      if (told !== counted) this.violated(`${what}: the agent says ${told}, it was ${counted}`);
    };
    const drops = [...this.#drops.values()].reduce((sum, count) => sum + count, 0);
    equal('requestsDropped', metrics.requestsDropped, drops);
    equal('snmpInBadCommunityNames', snmp['snmpInBadCommunityNames'], this.#strangers);
    equal('snmpInGetRequests', snmp['snmpInGetRequests'], ledger.sentByKind.get);
    equal('snmpInGetNexts', snmp['snmpInGetNexts'], ledger.sentByKind.getNext);
    equal('snmpInSetRequests', snmp['snmpInSetRequests'], ledger.sentByKind.set);
    // Each datagram is the first of its kind and answered, or a repetition, or dropped and counted.
    equal(
      'requests answered',
      ledger.datagrams - drops - metrics.setsRepeated,
      ledger.distinctAnswers,
    );
    equal('committed SETs', sets.committed, status('noError'));
    equal('SETs in doubt', sets.inDoubt, status('undoFailed'));
    for (const name of ['noError', 'undoFailed', 'commitFailed', 'genErr', 'noAccess']) {
      equal(`SETs that ended in ${name}`, finished(name), status(name));
    }
    equal('subtreeCrashes', metrics.subtreeCrashes, this.#watch.crashes);
    equal('subtreesQuarantined', metrics.subtreesQuarantined, this.#watch.givenUp);
    equal('loggerFailures', metrics.loggerFailures, this.#logger.failures);
    if (metrics.listenerFailures < this.#throwingListener)
      this.violated('a listener was not heard');
    const unanswered = ledger.endEpoch();
    for (const client of clients) {
      const lost = (this.#lost.get(client.index) ?? 0) + (unanswered.get(client.index) ?? 0);
      this.#lost.set(client.index, lost);
      const dropped = this.#drops.get(client.port) ?? 0;
      if (lost > dropped) {
        this.violated(`client ${client.index}: ${lost} unanswered, ${dropped} dropped`);
      }
    }
  }

  async #greatExit(agent: Agent): Promise<void> {
    const what = this.#exits.greatExit();
    if (what === undefined) return;
    const isBack = (): boolean => {
      const groups = agent.tree().children ?? [];
      const listening = groups.find(({ id }) => id === 'transports')?.children ?? [];
      return (
        groups.length === 4 &&
        [...groups, ...listening].every(({ state }) => state === 'running') &&
        SUBTREES.every((name) => this.#watch.isUp(name))
      );
    };
    // Not at once: what exits is dealt with in the turn after.
    await new Promise((resolve) => setImmediate(resolve));
    if (!(await eventually(isBack, QUIET_MS))) {
      this.violated(`after the exit of ${what}: ${JSON.stringify(agent.tree())}`);
    }
  }

  /** From the end of the first epoch on, when everything has been used once. */
  #checkHeap(): void {
    const [first = 0] = this.#heapOctets;
    const last = this.#heapOctets.at(-1) ?? first;
    if (last - first > MAX_HEAP_GROWTH_OCTETS) {
      this.violated(`the heap grew from ${first} to ${last} octets`);
    }
  }

  #line(): string {
    const { counts } = this.report();
    const heap = ((this.#heapOctets.at(-1) ?? 0) / 2 ** 20).toFixed(1);
    const parts = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
    return `${parts.join(', ')}, heap ${heap} MiB`;
  }
}
