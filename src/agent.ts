import type { Capabilities } from './agent/index.js';
import type { Delivery, NotificationValues } from './notify/index.js';
import type { Oid } from './smi/index.js';
import type { Peer } from './transport/index.js';
import type { SupervisionNode } from '../supervisors/index.js';
import type { AgentEvents, AgentMetrics } from './agent-events.js';
import type {
  LoadableModule,
  LoadOptions,
  MibText,
  ModuleToLoad,
  ReloadOptions,
  SubtreeDefinition,
} from './agent-options.js';
import type { AgentRuntime } from './agent-runtime.js';
import { requireKnownLoad, requireKnownModule, requireKnownReload } from './option-keys.js';
import type { StateImportOptions, StateImportResult } from './state-transfer.js';
import type { StateExport } from './store/index.js';
import type { SubtreeOf } from './typed-subtree.js';

type Listener<Name extends keyof AgentEvents> = (...event: AgentEvents[Name]) => unknown;

/** Where an injected request seems to come from. */
const NOWHERE: Peer = { address: '127.0.0.1', port: 0 };

/**
 * A running SNMP agent. Every promise rejects with nothing but SnmpError.
 *
 * `await using agent = await startAgent(...)` stops it at the end of the block.
 */
export class Agent implements AsyncDisposable {
  readonly #runtime: AgentRuntime;

  /** Made by `startAgent`. */
  constructor(runtime: AgentRuntime) {
    this.#runtime = runtime;
  }

  /** The addresses that are listened on, with the ports bound: `udp://127.0.0.1:1161`. */
  get addresses(): readonly string[] {
    return this.#runtime.addresses;
  }

  /**
   * Loads one subtree, or several, of a module: all of them or none. Resolves when the functions
   * `new` have run and requests are answered. They run one after another, in order; where one fails,
   * `delete` is called, in reverse order, of those that have succeeded.
   *
   * Loads, unloads, restarts and reloads of one name are done one after another, in the order in
   * which they were asked for.
   *
   * @param module - what `trellis mib compile` wrote: then the subtrees are typed; or a compiled
   *   module, or the name of one that `mibs`, `mibPaths` or the package has.
   * @throws SnmpError SNMP_MIB_UNKNOWN, SNMP_MIB_DEFINITION, SNMP_LOAD_*, SNMP_OID_CONFLICT,
   *   SNMP_SUBTREE_NAME_TAKEN, SNMP_SUBTREE_START (a `new` failed; its cause is kept),
   *   SNMP_AGENT_STOPPED, SNMP_OPTION_INVALID. Nothing is loaded then, and no module is known that
   *   was not before.
   */
  load<const Module extends LoadableModule>(
    module: Module,
    instrumentation: SubtreeOf<Module> | readonly SubtreeOf<Module>[],
    options?: LoadOptions,
  ): Promise<void>;
  /** Loads several modules in this order: all of them or none. `defineSubtree` types their parts. */
  load(modules: readonly ModuleToLoad[]): Promise<void>;
  async load(
    given: LoadableModule | readonly ModuleToLoad[],
    instrumentation: SubtreeDefinition | readonly SubtreeDefinition[] = [],
    options: LoadOptions = {},
  ): Promise<void> {
    requireKnownLoad(options);
    if (isList(given)) {
      for (const [i, one] of given.entries()) requireKnownModule(`load[${i}]`, one);
      await this.#runtime.loader.load(given);
    } else {
      await this.#runtime.loader.load([{ ...options, module: given, instrumentation }]);
    }
  }

  /**
   * Reads the text of a module and loads subtrees of the (last) module in it. A module of this name
   * that is known already is replaced; what is loaded of it is served on as it is, see `reload`.
   *
   * @throws SnmpError SNMP_MIB_ERRORS, with file, line and column; SNMP_MIB_UNREADABLE; as `load`.
   */
  async loadText(
    text: MibText,
    instrumentation: SubtreeDefinition | readonly SubtreeDefinition[],
    options: LoadOptions = {},
  ): Promise<void> {
    requireKnownLoad(options);
    const one = { ...options, text, instrumentation };
    requireKnownModule('load', one);
    await this.#runtime.loader.load([one]);
  }

  /**
   * Unloads a subtree: it is not routed to any more; the SET that is under way comes to its end; then
   * its `delete` functions run, and its place is free. A `delete` that fails is told by the event
   * `delete:failed`, and the unload completes all the same.
   *
   * @throws SnmpError SNMP_SUBTREE_UNKNOWN, SNMP_AGENT_STOPPED
   */
  unload(name: string): Promise<void> {
    return this.#runtime.loader.unload(name);
  }

  /**
   * Replaces a subtree's instrumentation, its module, or both, while requests are answered.
   *
   * The new one is checked, and has its place, before the old one hears of it. The SET that is under
   * way comes to its end; new ones, and reads, wait up to their deadlines. The old one's `delete`
   * runs, then the new one's `new`; then requests go to the new one, with no moment in between in
   * which nobody answers. Where `new` fails, the old one hears `new` again and serves on.
   *
   * What the runtime keeps survives: a stored scalar's value, and a stored table's rows where INDEX
   * is the same, in columns where name and SYNTAX are the same. To begin with the values of the
   * options, unload and load. Brings back a subtree that was given up, too.
   *
   * @param definition - default: the one that it was loaded with, bound anew. Its name stays.
   * @param options - `module` or `text`: a later state of the module; default: what it was loaded
   *   with.
   * @throws SnmpError SNMP_SUBTREE_UNKNOWN, SNMP_LOAD_*, SNMP_MIB_*, SNMP_OID_CONFLICT,
   *   SNMP_SUBTREE_START (a `new` failed), SNMP_AGENT_STOPPED. The old one serves on then.
   */
  async reload(
    name: string,
    definition?: SubtreeDefinition,
    options: ReloadOptions = {},
  ): Promise<void> {
    requireKnownReload(options);
    await this.#runtime.loader.reload(name, definition, options);
  }

  /**
   * Restarts a subtree in order (`delete`, then `new`), or brings back one that was given up.
   *
   * @throws SnmpError SNMP_SUBTREE_UNKNOWN, SNMP_SUBTREE_START
   */
  restart(name: string): Promise<void> {
    return this.#runtime.loader.restart(name);
  }

  /** The supervision tree as plain data. */
  tree(): SupervisionNode {
    return this.#runtime.tree();
  }

  /** Returns what takes the listener off again. A listener that throws is logged and counted. */
  on<Name extends keyof AgentEvents>(event: Name, listener: Listener<Name>): () => void {
    return this.#runtime.observer.events.on(event, listener as never);
  }

  /**
   * Handles one message as if it had come in by a transport.
   *
   * @returns the response's octets; undefined where there is none.
   */
  async inject(message: Uint8Array, from: Peer = NOWHERE): Promise<Uint8Array | undefined> {
    return this.#runtime.handle(message, from);
  }

  /**
   * Tells all targets of `notify`, and those whom rows of SNMP-NOTIFICATION-MIB select, what happened
   * (RFC 3413 section 3.3). Need not be awaited.
   *
   * @param notification - descriptor or `MODULE::descriptor` of a NOTIFICATION-TYPE.
   * @param values - by instance, `{ tbSecret: 1, 'ifIndex.3': 3 }`: all of its OBJECTS, and more.
   * @returns what became of it at each target: of traps at once, of informs when they were
   *   acknowledged or given up.
   * @throws SnmpError SNMP_NOTIFY_UNKNOWN, SNMP_NOTIFY_OBJECT, SNMP_NOTIFY_VALUE,
   *   SNMP_NOTIFY_MISSING
   */
  notify(notification: string, values: NotificationValues = {}): Promise<readonly Delivery[]> {
    return this.#runtime.notifications.notify(notification, values);
  }

  /**
   * All that is kept, as `trellis state export` prints it: of one moment, every SET that was
   * answered noError before included, and what the program did before.
   *
   * @throws SnmpError SNMP_STATE_NONE (the agent has no state directory), SNMP_STATE_DAMAGED
   */
  exportState(): Promise<StateExport> {
    return this.#runtime.transfer.export();
  }

  /**
   * Restores what `exportState` or `trellis state export` gave, while requests are answered: every
   * scalar and table in it is as it was then, all of them or none, and on the disk when this
   * resolves. It is done as one SET: in its turn, and no read sees half of it. Values are held to
   * the same rules as a manager's; as with the program's own changes no isSetOk and no onSet is
   * asked, and no `change` is told; tables ask their `importFault`, and tell `replaced`. Secrets that
   * are not in an export stay as they are, where their row is there.
   *
   * Rows that are not in the export go, unless they are volatile; objects that are not in it stay as
   * they are, such as a scalar that nobody had changed yet. A TestAndIncr goes one further than it is. engineID and engineBoots are not taken.
   *
   * @param content - the export, parsed.
   * @throws SnmpError SNMP_STATE_IMPORT: no export, a value or row that the module does not allow,
   *   an object that nothing durable is loaded for, or it could not be written. SNMP_STATE_NONE,
   *   SNMP_AGENT_STOPPED. Nothing was changed then.
   */
  importState(content: unknown, options: StateImportOptions = {}): Promise<StateImportResult> {
    return this.#runtime.transfer.import(content, options);
  }

  metrics(): AgentMetrics {
    return this.#runtime.metrics();
  }

  /** Rows of sysORTable beyond the modules that are loaded. */
  get capabilities(): Pick<Capabilities, 'add' | 'remove' | 'rows'> {
    return this.#runtime.capabilities;
  }

  /** sysUpTime: hundredths of a second since the agent started, modulo 2^32. */
  get upTimeCentiseconds(): number {
    return this.#runtime.upTimeCentiseconds();
  }

  /** The OID of a descriptor or `MODULE::descriptor` in the modules known here. */
  oidOf(name: string): Oid | undefined {
    return this.#runtime.library.oidOf(name);
  }

  /** Resolves when the agent has stopped, by `stop` or because its supervisor gave up. */
  get stopped(): Promise<string> {
    return this.#runtime.stopped;
  }

  /**
   * Stops in order: no new requests, those under way are answered, transports are closed, subtrees
   * stop in reverse order. Takes as long as the deadlines allow, not longer.
   */
  stop(): Promise<void> {
    return this.#runtime.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function isList(given: LoadableModule | readonly ModuleToLoad[]): given is readonly ModuleToLoad[] {
  return Array.isArray(given);
}
