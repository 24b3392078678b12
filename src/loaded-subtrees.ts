import { SnmpError, type Clock, type Logger } from './base/index.js';
import { bindObjects, Registrations, type Capabilities } from './agent/index.js';
import type { KeptObjects } from './instrumentation/index.js';
import type { MibModule } from './mib/index.js';
import { hasPrefix } from './smi/index.js';
import type { Recovery } from './store/index.js';
import {
  SubtreeRef,
  type Deadlines,
  type SubtreeCell,
  type SubtreeObserver,
} from './subtree/index.js';
import { KILLED, type ChildHandle, type ChildSpec, type ExitReason } from '../supervisors/index.js';
import { subtreeSpec, type SubtreePolicy } from '../supervisors/trees/index.js';
import { completeDeadlines, splitDefinition, type SubtreeDefinition } from './agent-options.js';

/** A subtree that was loaded: its stable side, and how it is supervised. */
export interface LoadedSubtree {
  readonly ref: SubtreeRef;
  readonly module: MibModule;
  readonly policy: SubtreePolicy;
}

/** What an agent with a state directory has besides. */
export interface StateParts {
  readonly kept: KeptObjects;
  readonly recovery: Recovery;
}

/** Timers take no more than 2^31 - 1 milliseconds. */
const LONGEST_WAIT_MS = 2_000_000_000;

interface Parts {
  /** Absent: what is stored ends with the process. */
  readonly state: () => StateParts | undefined;
  readonly registrations: Registrations;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: SubtreeObserver;
  readonly deadlines: Partial<Deadlines> | undefined;
  readonly readsWait: boolean;
}

/** The subtrees of an agent by name: made from definitions, registered, and made into child specs. */
export class LoadedSubtrees {
  readonly #parts: Parts;
  /** In order of loading. UNBOUNDED because the program decides what it loads. */
  readonly #loaded = new Map<string, LoadedSubtree>();
  /** The places of those that are registered, or will be when their `new` functions have run. */
  readonly #places = new Registrations();
  /** Rows of sysORTable by module. BOUNDED by the modules that are loaded. */
  readonly #announced = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get(name: string): LoadedSubtree {
    const loaded = this.#loaded.get(name);
    if (loaded === undefined) {
      throw new SnmpError('SNMP_SUBTREE_UNKNOWN', `no subtree ${JSON.stringify(name)} is loaded`);
    }
    return loaded;
  }

  get size(): number {
    return this.#loaded.size;
  }

  has(name: string): boolean {
    return this.#loaded.has(name);
  }

  /** How long what is under way anywhere may take, by the deadlines. */
  get drainMs(): number {
    return Math.max(0, ...[...this.#loaded.values()].map(drainMsOf));
  }

  specs(): readonly ChildSpec[] {
    return [...this.#loaded.values()].map((loaded) => this.spec(loaded));
  }

  spec({ ref, policy }: LoadedSubtree): ChildSpec {
    return subtreeSpec(
      ref.id,
      () => startCell(ref),
      () => ({ policy, ...lifecycleOf(ref) }),
    );
  }

  /**
   * Binds definitions and takes the places of what they serve: all of them, or none. Nothing is
   * routed to them before `register`.
   *
   * @throws SnmpError SNMP_LOAD_*, SNMP_SUBTREE_NAME_TAKEN, SNMP_OID_CONFLICT
   */
  add(module: MibModule, definitions: readonly SubtreeDefinition[]): readonly LoadedSubtree[] {
    const added: LoadedSubtree[] = [];
    for (const definition of definitions) {
      const loaded = this.#bind(module, definition, definitions.length);
      if (this.#loaded.has(loaded.ref.id) || added.some(({ ref }) => ref.id === loaded.ref.id)) {
        throw new SnmpError(
          'SNMP_SUBTREE_NAME_TAKEN',
          `a subtree ${JSON.stringify(loaded.ref.id)} is loaded already: give another \`name\``,
        );
      }
      added.push(loaded);
    }
    this.#places.add(added.flatMap(registrationsOf));
    for (const loaded of added) this.#loaded.set(loaded.ref.id, loaded);
    return added;
  }

  /** They are up: from now on they are routed to, all at once. */
  register(subtrees: readonly LoadedSubtree[]): void {
    const held = subtrees.filter((loaded) => this.#loaded.get(loaded.ref.id) === loaded);
    this.#parts.registrations.add(held.flatMap(registrationsOf));
    for (const { module } of held) this.#announce(module);
  }

  /** Takes a subtree out for good. */
  remove(name: string): void {
    const { ref, module } = this.get(name);
    this.unregister(ref);
    this.#loaded.delete(name);
    this.#renounce(module);
  }

  /** Given up: nobody is routed to it, nobody waits for it, and its place is free. */
  unregister(ref: SubtreeRef): void {
    this.#parts.registrations.removeOwner(ref);
    this.#places.removeOwner(ref);
    ref.leave();
  }

  /**
   * Prepares one that was given up for another life; `register` is to follow.
   *
   * @throws SnmpError SNMP_OID_CONFLICT where somebody else has its place by now.
   */
  takePlaceAgain(loaded: LoadedSubtree): void {
    this.#places.add(registrationsOf(loaded));
    loaded.ref.comeBack();
  }

  /** The agent stops: nobody waits for any of them any longer. */
  leaveAll(): void {
    for (const { ref } of this.#loaded.values()) ref.leave();
  }

  #bind(module: MibModule, definition: SubtreeDefinition, siblings: number): LoadedSubtree {
    const { terms, objects } = splitDefinition(definition);
    const name = terms.name ?? terms.subtree ?? module.name;
    if (siblings > 1 && terms.name === undefined && terms.subtree === undefined) {
      throw new SnmpError(
        'SNMP_LOAD_NAME_MISSING',
        `several subtrees of ${module.name}: each needs a \`name\` or a \`subtree\``,
      );
    }
    const { clock, logger } = this.#parts;
    const state = this.#parts.state();
    const managed = bindObjects(module, objects, {
      clock,
      logger,
      ...(state === undefined ? {} : { kept: state.kept }),
    });
    if (managed.length === 0) {
      throw new SnmpError('SNMP_LOAD_EMPTY', `subtree ${name}: no scalar or table is given`);
    }
    if (terms.subtree !== undefined) {
      const root = module.nodes.get(terms.subtree)?.oid;
      if (root === undefined) {
        throw new SnmpError(
          'SNMP_LOAD_UNKNOWN_OBJECT',
          `${module.name} does not define ${terms.subtree}`,
        );
      }
      const stray = managed.find(({ oid }) => !hasPrefix(oid, root));
      if (stray !== undefined) {
        throw new SnmpError(
          'SNMP_LOAD_OUTSIDE_SUBTREE',
          `${stray.definition.name} does not lie below ${terms.subtree}`,
        );
      }
    }
    const ref = new SubtreeRef(
      name,
      managed,
      completeDeadlines(this.#parts.deadlines, terms.deadlines),
      this.#parts.clock,
      this.#parts.observer,
      this.#parts.readsWait,
    );
    if (state !== undefined) ref.recover(state.recovery.groupsOf(managed));
    return { ref, module, policy: terms.supervise ?? {} };
  }

  /** RFC 3418 sysORTable: the module is something this agent supports from now on. */
  #announce({ name, identity }: MibModule): void {
    if (identity === undefined || this.#announced.has(name)) return;
    const row = this.#parts.capabilities.add(identity, `The MIB module ${name}`);
    this.#announced.set(name, row);
  }

  /** And no longer, with its last subtree. */
  #renounce({ name }: MibModule): void {
    const row = this.#announced.get(name);
    if (row === undefined) return;
    if ([...this.#loaded.values()].some(({ module }) => module.name === name)) return;
    this.#announced.delete(name);
    this.#parts.capabilities.remove(row);
  }
}

/** A start may run every `new`, and take down with every `delete` what did not succeed. */
function lifecycleOf(ref: SubtreeRef): { readonly startMs: number; readonly stopMs: number } {
  const onceMs = ref.objects.length * ref.deadlines.lifecycleMs;
  return {
    startMs: Math.min(2 * onceMs, LONGEST_WAIT_MS),
    stopMs: Math.min(onceMs + drainMsOf({ ref }), LONGEST_WAIT_MS),
  };
}

/** Vote, set and rollback, one after another, and a read that waits for them. */
function drainMsOf({ ref }: Pick<LoadedSubtree, 'ref'>): number {
  return 3 * ref.deadlines.setMs + ref.deadlines.getMs;
}

function registrationsOf({ ref }: LoadedSubtree): Parameters<Registrations['add']>[0][number][] {
  return ref.objects.map((object) => ({ oid: object.oid, object, owner: ref }));
}

/** One incarnation as its supervisor holds it. */
function startCell(ref: SubtreeRef): ChildHandle | Promise<ChildHandle> {
  const { cell, started } = ref.startIncarnation();
  const handle = new CellHandle(cell);
  return started === undefined ? handle : started.then(() => handle);
}

class CellHandle implements ChildHandle {
  readonly #cell: SubtreeCell;

  constructor(cell: SubtreeCell) {
    this.#cell = cell;
  }

  stop(): void {
    this.#cell.stop();
  }

  kill(): void {
    this.#cell.kill();
  }

  onExit(listener: (reason: ExitReason) => void): () => void {
    return this.#cell.onExit((end) => {
      if (end.kind === 'stopped') listener({ kind: 'shutdown' });
      else listener(end.operation === 'kill' ? KILLED : { kind: 'error', error: end.cause });
    });
  }
}
