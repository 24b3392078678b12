import {
  Emitter,
  GuardedLogger,
  SnmpError,
  type Clock,
  type Logger,
  type Timer,
} from './base/index.js';
import {
  Capabilities,
  CommandResponder,
  Contexts,
  MasterAgent,
  UsmObjects,
} from './agent/index.js';
import { createCounters, Dispatcher, V3Processing, type Reply } from './dispatch/index.js';
import { scalar, type StoredScalar } from './instrumentation/index.js';
import type { MibModule } from './mib/index.js';
import { completeTargets } from './notify/index.js';
import type { SnmpEngine } from './security/index.js';
import { openUdp, parseUdpUrl, type Peer, type UdpAddress } from './transport/index.js';
import {
  ServiceChild,
  Supervisor,
  type SupervisionEventTuples,
  type SupervisionNode,
} from '../supervisors/index.js';
import { agentTree } from '../supervisors/trees/index.js';
import { AccessControl } from './access-control.js';
import type { AgentMetrics } from './agent-events.js';
import { AgentNotifications } from './agent-notifications.js';
import { AgentObserver } from './agent-observer.js';
import {
  completeDeadlines,
  completeLimits,
  type AgentOptions,
  type CompleteLimits,
  type SubtreeDefinition,
} from './agent-options.js';
import { LoadedSubtrees } from './loaded-subtrees.js';
import { MibLibrary } from './mib-library.js';
import { DurableState, Recovery, type StateStore } from './store/index.js';
import { startFailure } from './start-failure.js';
import { StateTransfer } from './state-transfer.js';
import { SubtreeLoader } from './subtree-loader.js';

interface Listening {
  readonly id: string;
  /** After the first start: with the port that was bound, so that a restart listens there again. */
  address: UdpAddress;
  url: string | undefined;
}

/** An agent's parts, and the order in which they come and go. The composition root. */
export class AgentRuntime {
  readonly library = new MibLibrary();
  /** How subtrees come and go. */
  readonly loader: SubtreeLoader;
  readonly observer: AgentObserver;
  readonly capabilities: Capabilities;
  readonly counters = createCounters();
  readonly engine: SnmpEngine;
  readonly enableAuthenTraps: StoredScalar<string>;
  readonly notifications: AgentNotifications;
  /** Backup and restore. */
  readonly transfer: StateTransfer;
  readonly access: AccessControl;
  /** Resolves with the reason when the agent has stopped. */
  readonly stopped: Promise<string>;
  readonly #clock: Clock;
  readonly #limits: CompleteLimits;
  readonly #contexts: Contexts;
  readonly #responder: CommandResponder;
  readonly #dispatcher: Dispatcher;
  readonly #subtrees: LoadedSubtrees;
  readonly #listening: readonly Listening[];
  readonly #logger: GuardedLogger;
  readonly #startedMs: number;
  readonly #supervision: Emitter<SupervisionEventTuples>;
  #announceStopped: (reason: string) => void = () => undefined;
  #state: { readonly kept: DurableState; readonly recovery: Recovery } | undefined;
  #usm: UsmObjects | undefined;
  #master: MasterAgent | undefined;
  #root: Supervisor | undefined;
  #subtreesSupervisor: Supervisor | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: AgentOptions, clock: Clock, given: Logger, engine: SnmpEngine) {
    const logger = GuardedLogger.of(given);
    this.#clock = clock;
    this.#logger = logger;
    this.#limits = completeLimits(options.limits);
    this.#startedMs = clock.nowMs();
    this.observer = new AgentObserver(logger);
    this.stopped = new Promise((resolve) => {
      this.#announceStopped = resolve;
    });
    this.capabilities = new Capabilities(() => this.upTimeCentiseconds());
    this.engine = engine;
    this.#contexts = new Contexts(options.contexts);
    this.access = new AccessControl(
      options.access ?? {},
      engine.id,
      this.#contexts,
      logger,
      completeTargets(options.notify?.targets ?? [], 'notify.targets'),
    );
    this.enableAuthenTraps = scalar.stored<string>({
      value: options.notify?.authenticationFailure === true ? 'enabled' : 'disabled',
    });
    this.#listening = listenAddresses(options.listen);
    this.#subtrees = new LoadedSubtrees({
      contexts: this.#contexts,
      capabilities: this.capabilities,
      clock,
      logger,
      observer: this.observer,
      deadlines: completeDeadlines(options.deadlines),
      readsWait: options.reads !== 'through',
      state: () => this.#state,
    });
    this.loader = new SubtreeLoader({
      subtrees: this.#subtrees,
      library: this.library,
      access: this.access,
      observer: this.observer,
      running: () => this.#running(),
    });
    this.#responder = new CommandResponder({
      contexts: this.#contexts,
      master: () => this.#master,
      counters: this.counters,
      clock,
      faulted: (subtree, reason) => this.observer.readFailed(subtree, reason),
    });
    this.transfer = new StateTransfer({
      servedAs: () => this.#subtrees.servedAs(),
      version: () => this.#contexts.version,
      master: () => this.#master,
      state: () => this.#state?.kept,
    });
    this.#dispatcher = new Dispatcher({
      counters: this.counters,
      identification: this.access,
      v3: new V3Processing(this.counters, this.engine, this.access.users, (name) =>
        this.#contexts.find(name),
      ),
      respond: (request) => this.#responder.respond(request),
      limits: this.#limits,
      observer: this.observer,
    });
    this.notifications = new AgentNotifications(options.notify, {
      clock,
      logger,
      observer: this.observer,
      library: this.library,
      counters: this.counters,
      maxMessageSizeOctets: this.#limits.maxMessageSizeOctets,
      engine,
      users: this.access.users,
      userAt: (engineId, name) => this.#usm?.userAt(engineId, name),
      configured: this.access.configuredTargets,
      receivers: () => this.access.receivers(),
      mayTell: ({ security, tells }, names) => this.access.mayTell(security, names, tells),
      upTimeCentiseconds: () => this.upTimeCentiseconds(),
      enableAuthenTraps: this.enableAuthenTraps,
    });
    this.#supervision = new Emitter<SupervisionEventTuples>(logger);
    this.#watchSupervision();
    if (options.mibPaths !== undefined) this.library.search(options.mibPaths);
    if (options.mibs !== undefined) this.library.add(options.mibs);
  }

  get addresses(): readonly string[] {
    return this.#listening.flatMap(({ url }) => (url === undefined ? [] : [url]));
  }

  upTimeCentiseconds(): number {
    return Math.floor((this.#clock.nowMs() - this.#startedMs) / 10) >>> 0;
  }

  handle(datagram: Uint8Array, peer: Peer): Reply | Promise<Reply> {
    return this.#dispatcher.handle(datagram, peer);
  }

  /** What is bound from now on may have been kept there. The store is this runtime's to close. */
  keepIn(store: StateStore): void {
    const kept = new DurableState(store, this.#clock, this.#logger, (error) =>
      this.observer.events.emit('state:failed', { error }),
    );
    this.#state = { kept, recovery: new Recovery(kept.unfinished()) };
  }

  /** Binds subtrees that are to be there when the transports open: before `start`. */
  prepare(module: MibModule, definitions: readonly SubtreeDefinition[]): void {
    const prepared = this.#subtrees.bind(module, definitions);
    this.#subtrees.arrive(prepared);
    this.#subtrees.register(prepared);
  }

  /** The subtree `usm`, with the configured users in it. */
  prepareUsers(module: MibModule): void {
    const { users, configuredUsers } = this.access;
    const usm = new UsmObjects({
      module,
      counters: this.counters,
      engineId: this.engine.id,
      users,
    });
    this.prepare(module, [{ name: 'usm', ...usm.objects }]);
    usm.configure(configuredUsers);
    this.#usm = usm;
  }

  async start(): Promise<void> {
    this.access.resolve(this.library);
    // Before the first answer: what it begins with is on the disk, if it can be; and locks have moved
    // since the last start, and are not to do so twice from the same value.
    await this.#state?.kept.flush();
    try {
      this.#root = await this.#startTree();
    } catch (failure) {
      throw startFailure(failure);
    }
    this.notifications.coldStart();
    this.#root.onExit((reason) => {
      if (this.#stopping === undefined) {
        this.observer.events.emit('agent:stopped', { reason: reason.kind });
        this.#announceStopped(reason.kind);
      }
    });
  }

  #startTree(): Promise<Supervisor> {
    return Supervisor.start({
      name: 'agent',
      clock: this.#clock,
      logger: this.#logger,
      events: this.#supervision,
      ...agentTree({
        startMaster: () => this.#startMaster(),
        subtrees: () => this.#subtrees.specs(),
        subtreesStarted: (supervisor) => {
          this.#subtreesSupervisor = supervisor;
        },
        notify: () => this.notifications.sockets.parts(),
        notifyStarted: (supervisor) => this.notifications.sockets.startedBy(supervisor),
        setsEnded: () => this.#setsEnded(),
        transports: this.#listening.map((listening) => ({
          id: listening.id,
          start: () => this.#listen(listening),
        })),
      }),
    });
  }

  tree(): SupervisionNode {
    return this.#rootSupervisor().tree();
  }

  metrics(): AgentMetrics {
    const { counts, sets, events } = this.observer;
    return {
      snmp: { ...this.counters },
      requestsInFlight: this.#dispatcher.inFlight,
      requestsDropped: counts.dropped,
      setsRunning: this.#master?.runningSets ?? 0,
      setsWaiting: this.#master?.waitingSets ?? 0,
      sets: { ...sets },
      setsRepeated: this.#responder.repeatedSets,
      subtreesLoaded: this.#subtrees.size,
      subtreeCrashes: counts.crashes,
      subtreesQuarantined: counts.quarantined,
      undoFailures: counts.undoFailures,
      deleteFailures: counts.deleteFailures,
      illegalAnswers: counts.illegalAnswers,
      staleAnswers: counts.staleAnswers,
      readFailures: counts.readFailures,
      notifications: this.notifications.counts,
      stateWritesPending: this.#state?.kept.pendingWrites ?? 0,
      listenerFailures: events.failures + counts.signalListenerFailures,
      loggerFailures: this.#logger.failures,
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopInOrder();
    return this.#stopping;
  }

  async #stopInOrder(): Promise<void> {
    this.#dispatcher.close();
    // SUP-030: what is under way is answered before anything is closed.
    await this.#inDrainTime(Promise.all([this.#master?.stop(), this.#dispatcher.idle()]));
    this.#subtrees.leaveAll();
    this.notifications.stop();
    await this.#root?.stop();
    await this.#state?.kept.close();
    this.observer.events.emit('agent:stopped', { reason: 'stop' });
    this.#announceStopped('stop');
  }

  /** For a master that crashed; one that is stopped in order has been waited for. */
  async #setsEnded(): Promise<void> {
    if (this.#stopping === undefined)
      await this.#inDrainTime(Promise.resolve(this.#master?.stop()));
  }

  /** Resolves when `ended` has, or when whatever is under way has missed its deadlines. */
  async #inDrainTime(ended: Promise<unknown>): Promise<void> {
    let timer: Timer | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = this.#clock.startTimer(this.#subtrees.drainMs, resolve);
    });
    await Promise.race([ended, deadline]);
    timer?.cancel();
  }

  #startMaster(): ServiceChild {
    // A restarted one goes on above its predecessor's transaction ids.
    const first = this.#master?.transactions ?? 0;
    const master = new MasterAgent(
      this.observer,
      this.#limits.maxWaitingSets,
      first,
      this.#state?.kept,
    );
    master.start();
    this.#master = master;
    return new ServiceChild({ label: 'SETs, registrations', close: () => master.stop() });
  }

  async #listen(listening: Listening): Promise<ServiceChild> {
    const transport = await openUdp(
      listening.address,
      (datagram, peer) => {
        const reply = this.#dispatcher.handle(datagram, peer);
        if (reply === undefined) return;
        if (reply instanceof Promise) {
          void reply.then((octets) => {
            if (octets !== undefined) transport.sendSoon(octets, peer);
          });
          return;
        }
        transport.sendSoon(reply, peer);
      },
      this.#clock,
    );
    listening.url = transport.url;
    listening.address = { ...listening.address, port: parseUdpUrl(transport.url).port };
    const service = new ServiceChild({
      label: transport.url,
      close: () => transport.close(),
      destroy: () => void transport.close(),
    });
    // Closed first: its successor listens on the same port.
    const replace = async (error: Error): Promise<void> => {
      await transport.close();
      service.fail(error);
    };
    transport.onFailure((error) => void replace(error));
    this.observer.events.emit('transport:up', { url: transport.url });
    return service;
  }

  /** docs/set.md 6: a subtree whose own supervisor has ended is unregistered. */
  #watchSupervision(): void {
    this.#supervision.on('supervisor:given-up', ({ path, restarts }) => {
      const [, group, name] = path;
      if (group !== 'subtrees' || name === undefined || !this.#subtrees.has(name)) return;
      this.#subtrees.unregister(this.#subtrees.get(name).ref);
      this.observer.quarantined(name, restarts);
    });
    // A temporary cell that is not restarted leaves nobody to answer. One that was asked to end is
    // to be started again, or the agent stops: who reads meanwhile waits for it.
    this.#supervision.on('child:exited', ({ path, id, asked }) => {
      const [, group, name] = path;
      if (asked || group !== 'subtrees' || id !== 'cell' || name === undefined) return;
      if (!this.#subtrees.has(name)) return;
      const { ref, policy } = this.#subtrees.get(name);
      if (policy.restart === 'temporary' && !ref.isDraining) this.#subtrees.unregister(ref);
    });
  }

  #running(): Supervisor {
    if (this.#subtreesSupervisor === undefined || this.#stopping !== undefined) {
      throw new SnmpError('SNMP_AGENT_STOPPED', 'the agent is not running');
    }
    return this.#subtreesSupervisor;
  }

  #rootSupervisor(): Supervisor {
    if (this.#root === undefined) {
      throw new SnmpError('SNMP_AGENT_STOPPED', 'the agent is not running');
    }
    return this.#root;
  }
}

function listenAddresses(listen: AgentOptions['listen']): Listening[] {
  const urls = listen === undefined ? [] : typeof listen === 'string' ? [listen] : listen;
  return urls.map((url, i) => ({
    id: `udp-${i + 1}`,
    address: parseUdpUrl(url),
    url: undefined,
  }));
}
